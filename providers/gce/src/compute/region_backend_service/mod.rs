//! `google_compute_region_backend_service`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::{LoadBalancingScheme, Network};

/// The backends of a regional load balancer: groups of instances.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let check = stack.add("api", gce::RegionHealthCheck::new("api"));
/// stack.add("api", gce::RegionBackendService::new("api").health_checks([check.id()]));
/// ```
#[resource(
    "google_compute_region_backend_service",
    id = "projects/{project}/regions/{region}/backendServices/{name}",
    unique("project", "region", "name"),
    takes(create = 15, update = 15, delete = 15)
)]
pub struct RegionBackendService {
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
    pub description: Option<String>,
    /// The groups.
    pub backend: BTreeSet<Backend>,
    /// The links to the health checks of its instances.
    #[field(same = "self_link")]
    pub health_checks: BTreeSet<String>,
    /// The type of the load balancer.
    #[field(immutable, default = LoadBalancingScheme::Internal)]
    pub load_balancing_scheme: LoadBalancingScheme,
    /// The network of an internal load balancer whose instances have interfaces in several networks.
    #[field(immutable)]
    pub network: Option<Id<Network>>,
    /// The protocol: `TCP`, `UDP`, `HTTP` …
    #[field(computed)]
    pub protocol: Option<String>,
    /// Which connections go to the same instance.
    #[field(computed)]
    pub session_affinity: Option<String>,
    /// The time limit for an answer, in seconds.
    #[field(computed)]
    pub timeout_sec: Option<u32>,
    /// How long open connections may continue after an instance leaves, in seconds.
    #[field(default = 0)]
    pub connection_draining_timeout_sec: u32,
}

/// The attributes that Compute Engine computes for a [`RegionBackendService`].
#[attributes]
pub struct RegionBackendServiceAttributes {
    /// `projects/{project}/regions/{region}/backendServices/{name}`.
    pub id: Id<RegionBackendService>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The fingerprint. An update must give the present one, and changes it.
    #[field(volatile, form = "{hex8}")]
    pub fingerprint: String,
}

/// A group of instances behind a load balancer.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Backend {
    /// The link to the group.
    #[field(same = "self_link")]
    pub group: String,
    /// The measure of the group's load.
    #[field(default = BalancingMode::Utilization)]
    pub balancing_mode: BalancingMode,
    /// A description.
    pub description: Option<String>,
}

/// The measure by which a load balancer knows that a group is full.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BalancingMode {
    /// The CPU use of its instances.
    Utilization,
    /// Requests per second.
    Rate,
    /// Connections.
    Connection,
    /// Custom metrics.
    CustomMetrics,
}
