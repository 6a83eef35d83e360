//! `google_compute_backend_service`.

#[cfg(feature = "client")]
mod client;

use std::{cmp::Ordering, collections::BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::BalancingMode;

/// The backends of a global load balancer: groups of instances. It covers no CDN settings and no identity-aware proxy.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let check = stack.add("web", gce::HealthCheck::new("web"));
/// stack.add("web", gce::BackendService::new("web").health_checks([check.id()]).protocol("HTTP"));
/// ```
#[resource(
    "google_compute_backend_service",
    id = "projects/{project}/global/backendServices/{name}",
    unique("project", "name"),
    takes(create = 20, update = 15, delete = 15)
)]
pub struct BackendService {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    pub description: Option<String>,
    /// The groups.
    pub backend: BTreeSet<GlobalBackend>,
    /// The link to the health check of its instances.
    #[field(same = "self_link", max_items = 1)]
    pub health_checks: BTreeSet<String>,
    /// The type of the load balancer.
    #[field(default = GlobalScheme::External)]
    pub load_balancing_scheme: GlobalScheme,
    /// How it chooses an instance of a group.
    pub locality_lb_policy: Option<LocalityPolicy>,
    /// The protocol: `HTTP`, `HTTPS`, `HTTP2`, `TCP`, `SSL`, `GRPC` …
    #[field(computed)]
    pub protocol: Option<String>,
    /// The named port of the groups.
    #[field(computed)]
    pub port_name: Option<String>,
    /// Which connections go to the same instance.
    #[field(computed)]
    pub session_affinity: Option<String>,
    /// The lifetime of the cookie that binds a client to an instance, in seconds. 0 means the client's session.
    #[field(computed)]
    pub affinity_cookie_ttl_sec: Option<u32>,
    /// The time limit for an answer, in seconds.
    #[field(computed)]
    pub timeout_sec: Option<u32>,
    /// How long open connections may continue after an instance leaves, in seconds.
    #[field(default = 300, maximum = 3600)]
    pub connection_draining_timeout_sec: u32,
    /// Whether Cloud CDN caches its answers.
    #[field(default = false)]
    pub enable_cdn: bool,
    /// Headers that the load balancer adds to requests: `name:value`.
    pub custom_request_headers: BTreeSet<String>,
    /// Headers that the load balancer adds to answers: `name:value`.
    pub custom_response_headers: BTreeSet<String>,
    /// What it logs.
    #[field(computed)]
    pub log_config: Option<BackendLogs>,
}

/// The attributes that Compute Engine computes for a [`BackendService`].
#[attributes]
pub struct BackendServiceAttributes {
    /// `projects/{project}/global/backendServices/{name}`.
    pub id: Id<BackendService>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The fingerprint. An update must give the present one, and changes it.
    #[field(volatile, form = "{hex8}")]
    pub fingerprint: String,
}

/// A group behind a global load balancer.
#[block]
pub struct GlobalBackend {
    /// The link to the group.
    #[field(same = "self_link")]
    pub group: String,
    /// The measure of the group's load.
    #[field(default = BalancingMode::Utilization)]
    pub balancing_mode: BalancingMode,
    /// The share of the group's capacity that counts, from 0 to 1.
    #[field(default = 1.0)]
    pub capacity_scaler: f64,
    /// A description.
    pub description: Option<String>,
    /// The connections of a full group.
    #[field(computed)]
    pub max_connections: Option<u32>,
    /// The connections of a full instance.
    #[field(computed)]
    pub max_connections_per_instance: Option<u32>,
    /// The requests per second of a full group.
    #[field(computed)]
    pub max_rate: Option<u32>,
    /// The requests per second of a full instance.
    #[field(computed)]
    pub max_rate_per_instance: Option<f64>,
    /// The use of the CPUs of a full group, from 0 to 1.
    #[field(computed)]
    pub max_utilization: Option<f64>,
}

impl Eq for GlobalBackend {}

impl Ord for GlobalBackend {
    fn cmp(&self, other: &Self) -> Ordering {
        let whole = |of: &Self| {
            let counts = (of.max_connections, of.max_connections_per_instance, of.max_rate);
            (of.group.clone(), of.balancing_mode, of.description.clone(), counts)
        };
        let decimals = |of: &Self| {
            let optional = |number: Option<f64>| number.unwrap_or(f64::NEG_INFINITY);
            [of.capacity_scaler, optional(of.max_rate_per_instance), optional(of.max_utilization)]
        };
        let by_decimals = || {
            let pairs = decimals(self).into_iter().zip(decimals(other));
            pairs.fold(Ordering::Equal, |so_far, (one, other)| so_far.then(one.total_cmp(&other)))
        };
        whole(self).cmp(&whole(other)).then_with(by_decimals)
    }
}

impl PartialOrd for GlobalBackend {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The type of a global load balancer.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GlobalScheme {
    /// External, the classic kind.
    External,
    /// External, by proxies.
    ExternalManaged,
    /// Internal, by proxies.
    InternalManaged,
    /// Internal, by proxies that the user runs.
    InternalSelfManaged,
}

/// How a load balancer chooses an instance of a group.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LocalityPolicy {
    /// One after the other.
    RoundRobin,
    /// The one of two with fewer requests.
    LeastRequest,
    /// By a consistent hash.
    RingHash,
    /// At random.
    Random,
    /// By the address that the client asked for.
    OriginalDestination,
    /// By a consistent hash that is faster.
    Maglev,
}

/// What a backend service logs.
#[block]
pub struct BackendLogs {
    /// Whether it logs.
    #[field(default = false)]
    pub enable: bool,
    /// The share of the requests that it logs, from 0 to 1.
    #[field(computed)]
    pub sample_rate: Option<f64>,
}
