//! `google_compute_router_nat`.

use landform_core::{Id, Recorded, attributes, block, resource};

use super::{Router, Subnetwork};

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
    /// The subnetworks, where they are listed.
    pub subnetwork: Vec<NatSubnetwork>,
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
    /// They are given.
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

/// A subnetwork whose traffic a NAT takes.
#[block]
pub struct NatSubnetwork {
    /// The subnetwork.
    #[field(same = "self_link")]
    pub name: Id<Subnetwork>,
    /// Which of its ranges: `ALL_IP_RANGES`, `PRIMARY_IP_RANGE`, `LIST_OF_SECONDARY_IP_RANGES`.
    pub source_ip_ranges_to_nat: Vec<String>,
}
