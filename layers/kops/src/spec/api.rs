//! How the Kubernetes API is reached from outside. Data only.

use super::values::{AllocationId, CertificateArn, SecurityGroupId, Written};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// A section without fields. Its presence turns something on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PresentOnly {}

section! {
    /// How the API is reached: by DNS records of the control plane's machines, or through a load balancer.
    pub struct Api {
        /// By DNS records.
        pub dns: Option<PresentOnly>,
        /// Through a load balancer.
        pub load_balancer: Option<LoadBalancer>,
    }
}

words! {
    /// Whether a load balancer is reached from the internet.
    pub enum LoadBalancerType {
        /// From the internet.
        Public = "Public",
        /// From the network only.
        Internal = "Internal",
    }

    /// The kind of load balancer on AWS.
    pub enum LoadBalancerClass {
        /// A classic load balancer (`aws_elb`).
        Classic = "Classic",
        /// A network load balancer (`aws_lb`).
        Network = "Network",
    }
}

section! {
    /// The load balancer in front of the API.
    pub struct LoadBalancer {
        /// Its kind. Required on AWS: without it, kops means Classic, which it no longer makes.
        pub class: Option<LoadBalancerClass>,
        /// Who can reach it. The default is Public.
        pub r#type: Option<LoadBalancerType>,
        /// Seconds after which an idle connection is closed (Classic only).
        pub idle_timeout_seconds: Option<u32>,
        /// An existing security group to use instead of a new one.
        pub security_group_override: Option<SecurityGroupId>,
        /// Further existing security groups to attach.
        pub additional_security_groups: Vec<SecurityGroupId>,
        /// Whether machines of the cluster use it too.
        pub use_for_internal_api: bool,
        /// The ARN of a certificate to serve.
        pub ssl_certificate: Option<CertificateArn>,
        /// The policy for TLS.
        pub ssl_policy: Option<String>,
        /// Whether it balances across zones.
        pub cross_zone_load_balancing: Option<bool>,
        /// Its subnets. If empty, the layer chooses them.
        pub subnets: Vec<LoadBalancerSubnet>,
        /// The log of accesses.
        pub access_log: Option<AccessLog>,
    }

    /// A subnet of the load balancer.
    pub struct LoadBalancerSubnet {
        /// The subnet's name.
        pub name: String,
        /// The address inside it.
        #[serde(rename = "privateIPv4Address")]
        pub private_ipv4_address: Option<Written<Ipv4Addr>>,
        /// The allocation id of an elastic IP.
        pub allocation_id: Option<AllocationId>,
    }

    /// Where a load balancer logs accesses.
    pub struct AccessLog {
        /// Minutes between two files (Classic only).
        pub interval: Option<u32>,
        /// The bucket.
        pub bucket: Option<String>,
        /// The prefix of the files' names.
        pub bucket_prefix: Option<String>,
    }
}
