//! `google_compute_router_nat`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::{Address, NetworkTier, Router, Subnetwork, router::import_id_of_part};

/// A Cloud NAT: a part of a router, changed by a PATCH of the router. It serves all zones of the region.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// # let router = stack.add("main", gce::Router::new("main", &network));
/// stack.add("egress", gce::RouterNat::new("egress", &router));
/// ```
#[resource(
    "google_compute_router_nat",
    id = "{router}/{name}",
    import = import_id_of_part,
    unique("router", "name"),
    takes(create = 25, update = 20, delete = 20)
)]
pub struct RouterNat {
    /// Its name, unique in the router.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The router: its id, its link, or its name in the project and region.
    #[field(immutable, same = "self_link")]
    pub router: Id<Router>,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// How it gets its public addresses.
    #[field(default = NatIpAllocation::AutoOnly)]
    pub nat_ip_allocate_option: NatIpAllocation,
    /// The ranges whose traffic it translates.
    #[field(default = NatSource::AllSubnetworksAllIpRanges)]
    pub source_subnetwork_ip_ranges_to_nat: NatSource,
    /// Its addresses, if allocation is manual.
    pub nat_ips: BTreeSet<Id<Address>>,
    /// The addresses that accept no new connections.
    pub drain_nat_ips: BTreeSet<Id<Address>>,
    /// The subnetworks, if the source lists them.
    pub subnetwork: BTreeSet<NatSubnetwork>,
    /// Whether it leads to the internet or to other networks.
    #[field(immutable, default = NatType::Public)]
    pub r#type: NatType,
    /// The minimum number of ports for a machine.
    #[field(computed)]
    pub min_ports_per_vm: Option<u32>,
    /// The maximum number of ports for a machine, with dynamic port allocation.
    #[field(computed)]
    pub max_ports_per_vm: Option<u32>,
    /// Whether it allocates ports as machines need them.
    #[field(computed)]
    pub enable_dynamic_port_allocation: Option<bool>,
    /// Whether a source port always maps to the same external address and port, whatever the destination.
    #[field(computed)]
    pub enable_endpoint_independent_mapping: Option<bool>,
    /// The idle timeout of a UDP flow, in seconds.
    #[field(computed)]
    pub udp_idle_timeout_sec: Option<u32>,
    /// The idle timeout of an ICMP flow, in seconds.
    #[field(computed)]
    pub icmp_idle_timeout_sec: Option<u32>,
    /// The idle timeout of an established TCP connection, in seconds.
    #[field(computed)]
    pub tcp_established_idle_timeout_sec: Option<u32>,
    /// The idle timeout of a half-open TCP connection, in seconds.
    #[field(computed)]
    pub tcp_transitory_idle_timeout_sec: Option<u32>,
    /// How long the port of a closed TCP connection stays unused, in seconds.
    #[field(computed)]
    pub tcp_time_wait_timeout_sec: Option<u32>,
    /// The network tier of the addresses that Compute Engine allocates.
    #[field(computed)]
    pub auto_network_tier: Option<NetworkTier>,
    /// What it logs. `None` turns logging off.
    pub log_config: Option<NatLogs>,
}

/// The attributes that Compute Engine computes for a [`RouterNat`].
#[attributes]
pub struct RouterNatAttributes {
    /// The router and the name, joined by a slash.
    pub id: Id<RouterNat>,
}

/// How a NAT gets its public addresses.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatIpAllocation {
    /// Compute Engine allocates them.
    AutoOnly,
    /// `nat_ips` lists them.
    ManualOnly,
}

/// The ranges whose traffic a NAT translates.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatSource {
    /// All ranges of all subnetworks.
    AllSubnetworksAllIpRanges,
    /// The primary ranges of all subnetworks.
    AllSubnetworksAllPrimaryIpRanges,
    /// The ranges of the listed subnetworks.
    ListOfSubnetworks,
}

/// Where a NAT leads.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatType {
    /// The internet.
    Public,
    /// Other networks.
    Private,
}

/// The logs of a NAT.
#[block]
pub struct NatLogs {
    /// Whether it logs.
    pub enable: bool,
    /// The events that it logs.
    pub filter: NatEvents,
}

/// The events that a NAT logs.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatEvents {
    /// Failed translations.
    ErrorsOnly,
    /// Successful translations.
    TranslationsOnly,
    /// Both.
    All,
}

/// A subnetwork whose traffic a NAT translates.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct NatSubnetwork {
    /// The subnetwork.
    #[field(same = "self_link")]
    pub name: Id<Subnetwork>,
    /// The ranges of the subnetwork.
    pub source_ip_ranges_to_nat: BTreeSet<NatRanges>,
    /// The names of its secondary ranges, if `source_ip_ranges_to_nat` asks for a list.
    pub secondary_ip_range_names: BTreeSet<String>,
}

/// The ranges of a subnetwork whose traffic a NAT translates.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NatRanges {
    /// All.
    AllIpRanges,
    /// The primary range.
    PrimaryIpRange,
    /// The listed secondary ranges.
    ListOfSecondaryIpRanges,
}
