//! The words of Kubernetes' own components.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;

words! {
    /// How a component writes its log.
    pub enum LogFormat {
        /// As text.
        Text = "text",
        /// As JSON.
        Json = "json",
    }

    /// How strictly the kubelet keeps the resources of a pod on one NUMA node.
    pub enum TopologyManagerPolicy {
        /// Not at all.
        None = "none",
        /// Where possible.
        BestEffort = "best-effort",
        /// It refuses pods without a preferred placement.
        Restricted = "restricted",
        /// It refuses pods that do not fit on one NUMA node.
        SingleNumaNode = "single-numa-node",
    }

    /// How much swap pods get.
    pub enum MemorySwapBehavior {
        /// A share that follows from their memory.
        LimitedSwap = "LimitedSwap",
        /// As much as they ask for.
        UnlimitedSwap = "UnlimitedSwap",
    }

    /// What integrates the kubelet with the cloud.
    pub enum KubeletCloud {
        /// A controller outside of the kubelet.
        External = "external",
        /// The kubelet's own code for AWS.
        Aws = "aws",
        /// The kubelet's own code for Google Cloud.
        Gce = "gce",
    }

    /// Who manages the security groups of network load balancers for services.
    pub enum NlbSecurityGroupMode {
        /// The cloud's controller.
        Managed = "Managed",
    }

    /// A way in which the API server authorizes requests.
    pub enum AuthorizationMode {
        /// By the attributes in a file.
        Abac = "ABAC",
        /// By a webhook.
        Webhook = "Webhook",
        /// By what a kubelet's pods need.
        Node = "Node",
        /// By roles.
        Rbac = "RBAC",
        /// It allows every request.
        AlwaysAllow = "AlwaysAllow",
        /// It denies every request.
        AlwaysDeny = "AlwaysDeny",
    }
}

/// The ways in which the API server authorizes requests, in their order. A spec separates them by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationModes(pub Vec<AuthorizationMode>);

impl AuthorizationModes {
    /// Whether a mode is among them.
    pub fn contains(&self, mode: AuthorizationMode) -> bool {
        self.0.contains(&mode)
    }
}

impl fmt::Display for AuthorizationModes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|mode| mode.as_str()).collect();
        f.write_str(&words.join(","))
    }
}

impl Serialize for AuthorizationModes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AuthorizationModes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Modes;

        impl Visitor<'_> for Modes {
            type Value = AuthorizationModes;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<AuthorizationModes, E> {
                let mode = |word: &str| AuthorizationMode::deserialize(de::value::StrDeserializer::new(word));
                text.split(',').map(mode).collect::<Result<_, E>>().map(AuthorizationModes)
            }
        }

        deserializer.deserialize_str(Modes)
    }
}
