//! `google_compute_forwarding_rule`.

#[cfg(feature = "client")]
pub(crate) mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{Network, NetworkTier, RegionBackendService, Subnetwork};

/// An address and ports of a region, and the target of their traffic.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let service = stack.add("api", gce::RegionBackendService::new("api"));
/// let rule = gce::ForwardingRule::new("api").backend_service(&service).ports(["443"]);
/// stack.add("api", rule);
/// ```
#[resource(
    "google_compute_forwarding_rule",
    id = "projects/{project}/regions/{region}/forwardingRules/{name}",
    unique("project", "region", "name"),
    takes(create = 12, update = 8, delete = 12)
)]
pub struct ForwardingRule {
    /// Its name, unique in the region.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// The IP address: a number, or a reserved address by its id, its link or its name (the rule's region). By default Compute
    /// Engine chooses one.
    #[field(
        immutable,
        computed,
        same = "self_link",
        form = "{ipv4}",
        pattern = "^([0-9a-fA-F.:]+(/[0-9]+)?|(.*/addresses/)?[a-z]([a-z0-9-]*[a-z0-9])?)$"
    )]
    pub ip_address: Option<String>,
    /// The protocol that it forwards.
    #[field(immutable, computed, form = "TCP")]
    pub ip_protocol: Option<ForwardedProtocol>,
    /// The type of the load balancer.
    #[field(immutable, default = LoadBalancingScheme::External)]
    pub load_balancing_scheme: LoadBalancingScheme,
    /// The target: a backend service.
    #[field(immutable)]
    pub backend_service: Option<Id<RegionBackendService>>,
    /// The target: the link to a target pool or a proxy.
    #[field(same = "self_link")]
    pub target: Option<String>,
    /// A range of ports, such as `443` or `8000-9000`. Used with `target`.
    #[field(immutable, same = "port_range")]
    pub port_range: Option<String>,
    /// Up to five ports. Used with `backend_service`.
    #[field(immutable, same = "port_range")]
    pub ports: BTreeSet<String>,
    /// Whether it takes all ports. Used with `backend_service`.
    #[field(immutable, default = false)]
    pub all_ports: bool,
    /// The network, if it is internal.
    #[field(immutable, computed)]
    pub network: Option<Id<Network>>,
    /// The subnetwork, if it is internal.
    #[field(immutable, computed)]
    pub subnetwork: Option<Id<Subnetwork>>,
    /// The network that carries its traffic.
    #[field(immutable, computed)]
    pub network_tier: Option<NetworkTier>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that Compute Engine computes for a [`ForwardingRule`].
#[attributes]
pub struct ForwardingRuleAttributes {
    /// `projects/{project}/regions/{region}/forwardingRules/{name}`.
    pub id: Id<ForwardingRule>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// The protocol that a rule forwards.
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

/// The type of a load balancer.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LoadBalancingScheme {
    /// External, passes packets through.
    External,
    /// External, by proxies.
    ExternalManaged,
    /// Internal, passes packets through.
    Internal,
    /// Internal, by proxies.
    InternalManaged,
}
