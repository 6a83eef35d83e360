//! `google_compute_router`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::Network;

/// A router of one region, in which Cloud NAT lives.
#[resource(
    "google_compute_router",
    id = "projects/{project}/regions/{region}/routers/{name}",
    unique("project", "region", "name"),
    takes(create = 12, update = 12, delete = 12)
)]
pub struct Router {
    /// Its name, unique in the region.
    #[field(immutable)]
    pub name: String,
    /// The network.
    #[field(immutable, same = "self_link")]
    pub network: Id<Network>,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region; the provider's unless said.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its side of BGP, where it has any.
    pub bgp: Option<Bgp>,
    /// Whether it is for encrypted interconnect attachments.
    #[field(immutable, default = false)]
    pub encrypted_interconnect_router: bool,
}

/// What Compute Engine computes of a [`Router`].
#[attributes]
pub struct RouterAttributes {
    /// `projects/{project}/regions/{region}/routers/{name}`.
    pub id: Id<Router>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// A router's side of BGP.
#[block]
pub struct Bgp {
    /// Its number: a private one, or 16550.
    pub asn: u32,
    /// What it tells peers of.
    #[field(default = AdvertiseMode::Default)]
    pub advertise_mode: AdvertiseMode,
    /// Groups of prefixes that it tells of.
    pub advertised_groups: Vec<AdvertisedGroup>,
    /// Ranges that it tells of.
    pub advertised_ip_ranges: BTreeSet<AdvertisedRange>,
    /// The seconds between signs of life.
    #[field(default = 20)]
    pub keepalive_interval: u32,
}

/// What a router tells peers of.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdvertiseMode {
    /// Its subnetworks.
    Default,
    /// What is listed.
    Custom,
}

/// A range that a router tells of.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct AdvertisedRange {
    /// The range.
    pub range: String,
    /// What it is.
    pub description: Option<String>,
}

/// Groups of prefixes that a router tells of.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdvertisedGroup {
    /// Every subnetwork.
    AllSubnets,
}
