//! `google_compute_target_pool`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::HttpHealthCheck;

/// A pool of instances in a region, among which a legacy forwarding rule spreads connections. The instance groups that
/// name the pool add its members.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("api", gce::TargetPool::new("api").region("us-east1"));
/// ```
#[resource(
    "google_compute_target_pool",
    id = "projects/{project}/regions/{region}/targetPools/{name}",
    unique("project", "region", "name"),
    takes(create = 10, update = 1, delete = 10)
)]
pub struct TargetPool {
    /// Its name, unique in the region.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// The health check of its instances. At most one.
    #[field(immutable)]
    pub health_checks: BTreeSet<Id<HttpHealthCheck>>,
    /// Which connections go to the same instance.
    #[field(immutable, default = PoolAffinity::None)]
    pub session_affinity: PoolAffinity,
}

/// The attributes that Compute Engine computes for a [`TargetPool`].
#[attributes]
pub struct TargetPoolAttributes {
    /// `projects/{project}/regions/{region}/targetPools/{name}`.
    pub id: Id<TargetPool>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// Which connections go to the same instance.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PoolAffinity {
    /// None.
    None,
    /// The connections of one client.
    ClientIp,
    /// The connections of one client with one protocol.
    ClientIpProto,
}
