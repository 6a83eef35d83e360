//! `google_compute_router_nat`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, Recorded, attributes, block, resource};

use super::{Address, NetworkTier, Router, Subnetwork};

/// Cloud NAT: a part of a router, changed by a PATCH of it. One serves all zones of the region.
#[resource(
    "google_compute_router_nat",
    id = "{router}/{name}",
    import = import_id,
    unique("router", "name"),
    takes(create = 25, update = 20, delete = 20)
)]
pub struct RouterNat {
    /// Its name, unique in the router.
    #[field(immutable)]
    pub name: String,
    /// The router.
    #[field(immutable)]
    pub router: Id<Router>,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region; the provider's unless said.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// Where its public addresses come from.
    #[field(default = NatIpAllocation::AutoOnly)]
    pub nat_ip_allocate_option: NatIpAllocation,
    /// Whose traffic it takes.
    #[field(default = NatSource::AllSubnetworksAllIpRanges)]
    pub source_subnetwork_ip_ranges_to_nat: NatSource,
    /// Its addresses, where they are given.
    pub nat_ips: BTreeSet<Id<Address>>,
    /// Addresses that take no new connections.
    pub drain_nat_ips: BTreeSet<Id<Address>>,
    /// The subnetworks, where they are listed.
    pub subnetwork: BTreeSet<NatSubnetwork>,
    /// Whether it reaches the internet or other networks.
    #[field(immutable, default = NatType::Public)]
    pub r#type: NatType,
    /// The fewest ports that a machine gets.
    #[field(computed)]
    pub min_ports_per_vm: Option<u32>,
    /// The most ports that a machine gets, where they are given as needed.
    #[field(computed)]
    pub max_ports_per_vm: Option<u32>,
    /// Whether ports are given as needed.
    #[field(computed)]
    pub enable_dynamic_port_allocation: Option<bool>,
    /// Whether one source port means one address and port outside, whoever is talked to.
    #[field(computed)]
    pub enable_endpoint_independent_mapping: Option<bool>,
    /// Seconds after which a UDP flow is forgotten.
    #[field(computed)]
    pub udp_idle_timeout_sec: Option<u32>,
    /// Seconds after which an ICMP flow is forgotten.
    #[field(computed)]
    pub icmp_idle_timeout_sec: Option<u32>,
    /// Seconds after which a quiet TCP connection is forgotten.
    #[field(computed)]
    pub tcp_established_idle_timeout_sec: Option<u32>,
    /// Seconds after which a half-open TCP connection is forgotten.
    #[field(computed)]
    pub tcp_transitory_idle_timeout_sec: Option<u32>,
    /// Seconds for which the port of a closed TCP connection rests.
    #[field(computed)]
    pub tcp_time_wait_timeout_sec: Option<u32>,
    /// The tier of addresses that Compute Engine takes from its own.
    #[field(computed)]
    pub auto_network_tier: Option<NetworkTier>,
    /// Whether and what it logs.
    pub log_config: Option<NatLogs>,
}

/// The router's id and the name. A state has the router's name or a link, and project and region beside it.
fn import_id(recorded: Recorded<'_>) -> Option<String> {
    let [project, region, router, name] =
        ["project", "region", "router", "name"].map(|name| recorded.text(name));
    let router = router?;
    let router = router.rsplit('/').next().unwrap_or_default();
    Some(format!("projects/{}/regions/{}/routers/{router}/{}", project?, region?, name?))
}

/// What Compute Engine computes of a [`RouterNat`].
#[attributes]
pub struct RouterNatAttributes {
    /// The router and the name, joined by a slash.
    pub id: Id<RouterNat>,
}

/// Where public addresses come from.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatIpAllocation {
    /// Compute Engine takes them from its own.
    AutoOnly,
    /// They are given in `nat_ips`.
    ManualOnly,
}

/// Whose traffic a NAT takes.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatSource {
    /// Every subnetwork's, all ranges.
    AllSubnetworksAllIpRanges,
    /// Every subnetwork's, primary ranges.
    AllSubnetworksAllPrimaryIpRanges,
    /// That of the subnetworks listed.
    ListOfSubnetworks,
}

/// What a NAT reaches.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatType {
    /// The internet.
    Public,
    /// Other networks.
    Private,
}

/// What a NAT logs.
#[block]
pub struct NatLogs {
    /// Whether it logs.
    pub enable: bool,
    /// Which events.
    pub filter: NatEvents,
}

/// Events of a NAT.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatEvents {
    /// What could not be translated.
    ErrorsOnly,
    /// What was translated.
    TranslationsOnly,
    /// Both.
    All,
}

/// A subnetwork whose traffic a NAT takes.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct NatSubnetwork {
    /// The subnetwork.
    #[field(same = "self_link")]
    pub name: Id<Subnetwork>,
    /// Which of its ranges.
    pub source_ip_ranges_to_nat: BTreeSet<NatRanges>,
    /// The names of its further ranges, where they are listed.
    pub secondary_ip_range_names: BTreeSet<String>,
}

/// Ranges of a subnetwork whose traffic a NAT takes.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatRanges {
    /// All.
    AllIpRanges,
    /// The primary one.
    PrimaryIpRange,
    /// The further ones that are listed.
    ListOfSecondaryIpRanges,
}
