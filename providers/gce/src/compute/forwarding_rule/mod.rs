//! `google_compute_forwarding_rule`.

#[cfg(feature = "client")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{Network, NetworkTier, RegionBackendService, Subnetwork};

/// An address and ports of a region, and where they lead.
#[resource(
    "google_compute_forwarding_rule",
    id = "projects/{project}/regions/{region}/forwardingRules/{name}",
    unique("project", "region", "name"),
    takes(create = 12, update = 8, delete = 12)
)]
pub struct ForwardingRule {
    /// Its name, unique in the region.
    #[field(immutable)]
    pub name: String,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region; the provider's unless said.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// The address, as numbers; Compute Engine chooses one unless said.
    #[field(immutable, computed, form = "{ipv4}")]
    pub ip_address: Option<String>,
    /// Which packets it forwards.
    #[field(immutable, computed, form = "TCP")]
    pub ip_protocol: Option<ForwardedProtocol>,
    /// What the load balancer is.
    #[field(immutable, default = LoadBalancingScheme::External)]
    pub load_balancing_scheme: LoadBalancingScheme,
    /// Where it leads: a backend service.
    #[field(immutable)]
    pub backend_service: Option<Id<RegionBackendService>>,
    /// Where it leads: a target pool or proxy, by its link.
    #[field(same = "self_link")]
    pub target: Option<String>,
    /// Ports that follow each other, as `443` or `8000-9000`, where it leads to a target.
    #[field(immutable)]
    pub port_range: Option<String>,
    /// Up to five ports, where it leads to a backend service.
    #[field(immutable)]
    pub ports: BTreeSet<String>,
    /// Whether it takes all ports, where it leads to a backend service.
    #[field(immutable, default = false)]
    pub all_ports: bool,
    /// The network, for internal ones.
    #[field(immutable, computed)]
    pub network: Option<Id<Network>>,
    /// The subnetwork, for internal ones.
    #[field(immutable, computed)]
    pub subnetwork: Option<Id<Subnetwork>>,
    /// How traffic reaches it.
    #[field(immutable, computed)]
    pub network_tier: Option<NetworkTier>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// What Compute Engine computes of a [`ForwardingRule`].
#[attributes]
pub struct ForwardingRuleAttributes {
    /// `projects/{project}/regions/{region}/forwardingRules/{name}`.
    pub id: Id<ForwardingRule>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// Which packets a rule forwards.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ForwardedProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// IPsec's ESP.
    Esp,
    /// IPsec's AH.
    Ah,
    /// SCTP.
    Sctp,
    /// ICMP.
    Icmp,
    /// All.
    L3Default,
}

/// Which load balancers a rule or a service is for.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LoadBalancingScheme {
    /// From the internet, passed through.
    External,
    /// From the internet, by proxies.
    ExternalManaged,
    /// From the network, passed through.
    Internal,
    /// From the network, by proxies.
    InternalManaged,
}
