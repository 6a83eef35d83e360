//! `google_compute_network`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, block, resource};

/// A network. It is global: its subnetworks may be in any region.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// ```
#[resource(
    "google_compute_network",
    id = "projects/{project}/global/networks/{name}",
    unique("project", "name"),
    takes(create = 12, update = 12, delete = 15)
)]
pub struct Network {
    /// Its name: a lower-case letter, then lower-case letters, digits and dashes, at most 63 characters.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// Whether Compute Engine makes a subnetwork in each region.
    #[field(immutable, default = true)]
    pub auto_create_subnetworks: bool,
    /// Whether its routers advertise the subnetworks of their region or of all regions.
    #[field(computed, form = "REGIONAL")]
    pub routing_mode: Option<RoutingMode>,
    /// The maximum transmission unit, 1300 to 8896 bytes.
    #[field(immutable, computed, form = "1460")]
    pub mtu: Option<u32>,
    /// Whether it has a range of unique local IPv6 addresses.
    #[field(immutable, default = false)]
    pub enable_ula_internal_ipv6: bool,
    /// The range of unique local IPv6 addresses, a /48 of `fd20::/20`.
    #[field(immutable, computed, same = "cidr")]
    pub internal_ipv6_range: Option<String>,
    /// Whether network firewall policies apply before or after firewall rules.
    #[field(default = PolicyOrder::AfterClassicFirewall)]
    pub network_firewall_policy_enforcement_order: PolicyOrder,
}

/// The attributes that Compute Engine computes for a [`Network`].
#[attributes]
pub struct NetworkAttributes {
    /// `projects/{project}/global/networks/{name}`.
    pub id: Id<Network>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// The subnetworks that a network's routers advertise.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoutingMode {
    /// Those of their region.
    Regional,
    /// All.
    Global,
}

/// When network firewall policies apply.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PolicyOrder {
    /// Before firewall rules.
    BeforeClassicFirewall,
    /// After firewall rules.
    AfterClassicFirewall,
}
