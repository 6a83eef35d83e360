//! `google_compute_region_backend_service`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::{LoadBalancingScheme, Network};

/// What a load balancer of a region leads to: groups of instances.
#[resource(
    "google_compute_region_backend_service",
    id = "projects/{project}/regions/{region}/backendServices/{name}",
    unique("project", "region", "name"),
    takes(create = 15, update = 15, delete = 15)
)]
pub struct RegionBackendService {
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
    pub description: Option<String>,
    /// The groups.
    pub backend: BTreeSet<Backend>,
    /// The checks that tell who is healthy, by their links.
    #[field(same = "self_link")]
    pub health_checks: BTreeSet<String>,
    /// What the load balancer is.
    #[field(immutable, default = LoadBalancingScheme::Internal)]
    pub load_balancing_scheme: LoadBalancingScheme,
    /// The network, for internal ones with interfaces in several.
    #[field(immutable)]
    pub network: Option<Id<Network>>,
    /// The protocol: `TCP`, `UDP`, `HTTP` …
    #[field(computed)]
    pub protocol: Option<String>,
    /// Which connections stay with one instance.
    #[field(computed)]
    pub session_affinity: Option<String>,
    /// Seconds to wait for an answer.
    #[field(computed)]
    pub timeout_sec: Option<u32>,
    /// Seconds for which open connections may go on when an instance leaves.
    #[field(default = 0)]
    pub connection_draining_timeout_sec: u32,
}

/// What Compute Engine computes of a [`RegionBackendService`].
#[attributes]
pub struct RegionBackendServiceAttributes {
    /// `projects/{project}/regions/{region}/backendServices/{name}`.
    pub id: Id<RegionBackendService>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// What an update has to name, and changes.
    #[field(volatile, form = "{hex8}")]
    pub fingerprint: String,
}

/// A group behind a load balancer.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Backend {
    /// The group, by its link.
    #[field(same = "self_link")]
    pub group: String,
    /// How it is told when the group has enough.
    #[field(default = BalancingMode::Utilization)]
    pub balancing_mode: BalancingMode,
    /// What it is.
    pub description: Option<String>,
}

/// How a load balancer is told that a group has enough.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BalancingMode {
    /// By how busy its instances are.
    Utilization,
    /// By requests a second.
    Rate,
    /// By connections.
    Connection,
    /// By metrics of its own.
    CustomMetrics,
}
