//! `google_compute_router`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, Recorded, attributes, block, resource};

use super::Network;

/// A router of one region. Cloud NATs, interfaces and BGP peers are parts of it.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// stack.add("main", gce::Router::new("main", &network).region("us-east1"));
/// ```
#[resource(
    "google_compute_router",
    id = "projects/{project}/regions/{region}/routers/{name}",
    unique("project", "region", "name"),
    takes(create = 12, update = 12, delete = 12)
)]
pub struct Router {
    /// Its name, unique in the region.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The network.
    #[field(immutable, same = "self_link")]
    pub network: Id<Network>,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// A description of its purpose.
    pub description: Option<String>,
    /// Its BGP settings, if it uses BGP.
    pub bgp: Option<Bgp>,
    /// Whether it is for encrypted interconnect attachments.
    #[field(immutable, default = false)]
    pub encrypted_interconnect_router: bool,
}

/// The attributes that Compute Engine computes for a [`Router`].
#[attributes]
pub struct RouterAttributes {
    /// `projects/{project}/regions/{region}/routers/{name}`.
    pub id: Id<Router>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// The import id of a part of a router: the router's id and the part's name. A Terraform state holds the router's name or
/// link, and the project and the region separately.
pub(super) fn import_id_of_part(recorded: Recorded<'_>) -> Option<String> {
    let [project, region, router, name] =
        ["project", "region", "router", "name"].map(|name| recorded.text(name));
    let router = router?;
    let router = router.rsplit('/').next().unwrap_or_default();
    Some(format!("projects/{}/regions/{}/routers/{router}/{}", project?, region?, name?))
}

/// The BGP settings of a router.
#[block]
pub struct Bgp {
    /// The AS number: a private one, or 16550.
    pub asn: u32,
    /// What it advertises.
    #[field(default = AdvertiseMode::Default)]
    pub advertise_mode: AdvertiseMode,
    /// The groups of prefixes that it advertises.
    pub advertised_groups: Vec<AdvertisedGroup>,
    /// The ranges that it advertises.
    pub advertised_ip_ranges: BTreeSet<AdvertisedRange>,
    /// The time between keepalive messages, in seconds.
    #[field(default = 20)]
    pub keepalive_interval: u32,
}

/// What a router advertises.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdvertiseMode {
    /// Its subnetworks.
    Default,
    /// The listed groups and ranges.
    Custom,
}

/// A range that a router advertises.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct AdvertisedRange {
    /// The range.
    pub range: String,
    /// A description.
    pub description: Option<String>,
}

/// A group of prefixes that a router advertises.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdvertisedGroup {
    /// Every subnetwork.
    AllSubnets,
}
