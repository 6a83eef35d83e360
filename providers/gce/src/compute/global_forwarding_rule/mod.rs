//! `google_compute_global_forwarding_rule`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::{ForwardedProtocol, GlobalScheme, IpVersion, Network, NetworkTier, Subnetwork};

/// An address and a port of a global load balancer, and the proxy that takes their traffic.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let service = stack.add("api", gce::BackendService::new("api").protocol("TCP"));
/// # let proxy = stack.add("api", gce::TargetTcpProxy::new("api", &service));
/// let rule = gce::GlobalForwardingRule::new("api", proxy.id()).port_range("443");
/// stack.add("api", rule.ip_address("203.0.113.7"));
/// ```
#[resource(
    "google_compute_global_forwarding_rule",
    id = "projects/{project}/global/forwardingRules/{name}",
    unique("project", "name"),
    takes(create = 20, update = 10, delete = 20)
)]
pub struct GlobalForwardingRule {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The link to the proxy.
    #[field(same = "self_link")]
    pub target: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// The IP address: a number, or a reserved address by its id, its link or its name (global). By default Compute
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
    /// The IP version of the address that Compute Engine chooses.
    #[field(immutable)]
    pub ip_version: Option<IpVersion>,
    /// The type of the load balancer.
    #[field(default = GlobalScheme::External)]
    pub load_balancing_scheme: GlobalScheme,
    /// A port or a range of ports, such as `443` or `8000-9000`.
    #[field(immutable, same = "port_range")]
    pub port_range: Option<String>,
    /// The network, if it is internal.
    #[field(immutable, computed)]
    pub network: Option<Id<Network>>,
    /// The subnetwork, if it is internal.
    #[field(immutable, computed)]
    pub subnetwork: Option<Id<Subnetwork>>,
    /// The network that carries its traffic.
    #[field(immutable, computed)]
    pub network_tier: Option<NetworkTier>,
    /// The ranges that traffic may come from. Empty means anywhere.
    #[field(immutable)]
    pub source_ip_ranges: Vec<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that Compute Engine computes for a [`GlobalForwardingRule`].
#[attributes]
pub struct GlobalForwardingRuleAttributes {
    /// `projects/{project}/global/forwardingRules/{name}`.
    pub id: Id<GlobalForwardingRule>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
