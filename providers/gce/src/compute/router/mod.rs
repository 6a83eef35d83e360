//! `google_compute_router`.

use landform_core::{Id, attributes, resource};

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
