//! `google_compute_router_peer`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::{AdvertiseMode, AdvertisedGroup, AdvertisedRange, Instance, Router, router::import_id_of_part};

/// A BGP peer of a router: a part of the router, changed by a PATCH of the router.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// # let router = stack.add("main", gce::Router::new("main", &network));
/// # let interface = stack.add("office", gce::RouterInterface::new("office", &router));
/// let peer = gce::RouterPeer::new("office", &router, interface.name(), 65001_u32);
/// stack.add("office", peer.peer_ip_address("169.254.1.2").advertised_route_priority(100_u32));
/// ```
#[resource(
    "google_compute_router_peer",
    id = "{router}/{name}",
    import = import_id_of_part,
    unique("router", "name"),
    takes(create = 12, update = 12, delete = 12)
)]
pub struct RouterPeer {
    /// Its name, unique in the router.
    #[field(immutable, min_length = 2, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The router: its id, its link, or its name in the project and region.
    #[field(immutable, same = "self_link")]
    pub router: Id<Router>,
    /// The name of the router's interface that leads to it.
    #[field(immutable)]
    pub interface: String,
    /// Its AS number.
    pub peer_asn: u32,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// What the router advertises to it.
    #[field(default = AdvertiseMode::Default)]
    pub advertise_mode: AdvertiseMode,
    /// The groups of prefixes that the router advertises to it.
    pub advertised_groups: Vec<AdvertisedGroup>,
    /// The ranges that the router advertises to it.
    pub advertised_ip_ranges: BTreeSet<AdvertisedRange>,
    /// The priority of the routes that the router advertises to it. The lowest number counts.
    #[field(computed)]
    pub advertised_route_priority: Option<u32>,
    /// The ranges that the router treats as learned from it.
    pub custom_learned_ip_ranges: Vec<LearnedRange>,
    /// The priority of these ranges.
    #[field(computed)]
    pub custom_learned_route_priority: Option<u32>,
    /// How the router notices that the link is down.
    #[field(computed)]
    pub bfd: Option<Bfd>,
    /// Whether the session is up.
    #[field(default = true)]
    pub enable: bool,
    /// Whether they exchange IPv4 routes.
    #[field(computed)]
    pub enable_ipv4: Option<bool>,
    /// Whether they exchange IPv6 routes.
    #[field(default = false)]
    pub enable_ipv6: bool,
    /// The address of the interface.
    #[field(computed)]
    pub ip_address: Option<String>,
    /// Its address.
    #[field(computed)]
    pub peer_ip_address: Option<String>,
    /// The IPv4 address of the interface, for a session over IPv6.
    #[field(computed)]
    pub ipv4_nexthop_address: Option<String>,
    /// The IPv6 address of the interface.
    #[field(computed, same = "cidr")]
    pub ipv6_nexthop_address: Option<String>,
    /// Its IPv4 address, for a session over IPv6.
    #[field(computed)]
    pub peer_ipv4_nexthop_address: Option<String>,
    /// Its IPv6 address.
    #[field(computed, same = "cidr")]
    pub peer_ipv6_nexthop_address: Option<String>,
    /// The machine that is the router appliance.
    pub router_appliance_instance: Option<Id<Instance>>,
}

/// The attributes that Compute Engine computes for a [`RouterPeer`].
#[attributes]
pub struct RouterPeerAttributes {
    /// The router and the name, joined by a slash.
    pub id: Id<RouterPeer>,
    /// Who manages it: the user or an interconnect attachment.
    #[field(form = "MANAGED_BY_USER")]
    pub management_type: String,
}

/// A range that a router treats as learned from a peer.
#[block]
pub struct LearnedRange {
    /// The range.
    #[field(same = "cidr")]
    pub range: String,
}

/// How a router notices that the link to a peer is down.
#[block]
pub struct Bfd {
    /// Who starts the session.
    pub session_initialization_mode: BfdMode,
    /// The shortest time between two received packets, in milliseconds.
    #[field(default = 1000)]
    pub min_receive_interval: u32,
    /// The shortest time between two sent packets, in milliseconds.
    #[field(default = 1000)]
    pub min_transmit_interval: u32,
    /// The number of lost packets after which the link is down.
    #[field(default = 5)]
    pub multiplier: u32,
}

/// Who starts a BFD session.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BfdMode {
    /// The router.
    Active,
    /// Nobody: BFD is off.
    Disabled,
    /// The peer.
    Passive,
}
