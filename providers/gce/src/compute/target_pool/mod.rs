//! `google_compute_target_pool`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::HttpHealthCheck;

/// Instances of a region among which a forwarding rule of the older kind divides its connections. Who is in it is up to
/// the groups that name it.
#[resource(
    "google_compute_target_pool",
    id = "projects/{project}/regions/{region}/targetPools/{name}",
    unique("project", "region", "name"),
    takes(create = 10, update = 1, delete = 10)
)]
pub struct TargetPool {
    /// Its name, unique in the region.
    #[field(immutable)]
    pub name: String,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region; the provider's unless said.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// The check that tells who is healthy; one at most.
    #[field(immutable)]
    pub health_checks: BTreeSet<Id<HttpHealthCheck>>,
    /// Which connections stay with one instance.
    #[field(immutable, default = PoolAffinity::None)]
    pub session_affinity: PoolAffinity,
}

/// What Compute Engine computes of a [`TargetPool`].
#[attributes]
pub struct TargetPoolAttributes {
    /// `projects/{project}/regions/{region}/targetPools/{name}`.
    pub id: Id<TargetPool>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// Which connections stay with one instance.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PoolAffinity {
    /// None.
    None,
    /// Those of a client.
    ClientIp,
    /// Those of a client and a protocol.
    ClientIpProto,
}
