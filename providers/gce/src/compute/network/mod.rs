//! `google_compute_network`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, block, resource};

/// A network. Global: its subnetworks may be in any region.
#[resource(
    "google_compute_network",
    id = "projects/{project}/global/networks/{name}",
    unique("project", "name"),
    takes(create = 12, update = 12, delete = 15)
)]
pub struct Network {
    /// Its name: a lower-case letter, then letters, digits and dashes, at most 63.
    #[field(immutable)]
    pub name: String,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// Whether each region gets a subnetwork by itself.
    #[field(immutable, default = true)]
    pub auto_create_subnetworks: bool,
    /// Whether its routers know the subnetworks of their region or of all.
    #[field(computed, form = "REGIONAL")]
    pub routing_mode: Option<RoutingMode>,
    /// The largest packet, 1300 to 8896 bytes.
    #[field(immutable, computed, form = "1460")]
    pub mtu: Option<u32>,
    /// Whether it has a range of unique local IPv6 addresses.
    #[field(immutable, default = false)]
    pub enable_ula_internal_ipv6: bool,
    /// That range, a /48 of `fd20::/20`.
    #[field(immutable, computed, same = "cidr")]
    pub internal_ipv6_range: Option<String>,
    /// Whether network firewall policies are looked at before or after firewall rules.
    #[field(default = PolicyOrder::AfterClassicFirewall)]
    pub network_firewall_policy_enforcement_order: PolicyOrder,
}

/// What Compute Engine computes of a [`Network`].
#[attributes]
pub struct NetworkAttributes {
    /// `projects/{project}/global/networks/{name}`.
    pub id: Id<Network>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// Which subnetworks a network's routers know.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoutingMode {
    /// Those of their region.
    Regional,
    /// All.
    Global,
}

/// When network firewall policies are looked at.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PolicyOrder {
    /// Before firewall rules.
    BeforeClassicFirewall,
    /// After firewall rules.
    AfterClassicFirewall,
}
