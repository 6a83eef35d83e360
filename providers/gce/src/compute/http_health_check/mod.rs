//! `google_compute_http_health_check`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, resource};

/// A legacy HTTP health check. Target pools use it.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("web", gce::HttpHealthCheck::new("web").port(8080).request_path("/healthz"));
/// ```
#[resource(
    "google_compute_http_health_check",
    id = "projects/{project}/global/httpHealthChecks/{name}",
    unique("project", "name"),
    takes(create = 10, update = 10, delete = 10)
)]
pub struct HttpHealthCheck {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    pub description: Option<String>,
    /// The host header.
    pub host: Option<String>,
    /// The port.
    #[field(default = 80)]
    pub port: u16,
    /// The path.
    #[field(default = "/")]
    pub request_path: String,
    /// The time between two probes, in seconds.
    #[field(default = 5)]
    pub check_interval_sec: u32,
    /// The time limit for an answer, in seconds. At most `check_interval_sec`.
    #[field(default = 5)]
    pub timeout_sec: u32,
    /// The number of successful probes in a row after which an instance is healthy.
    #[field(default = 2)]
    pub healthy_threshold: u32,
    /// The number of failed probes in a row after which an instance is unhealthy.
    #[field(default = 2)]
    pub unhealthy_threshold: u32,
}

/// The attributes that Compute Engine computes for a [`HttpHealthCheck`].
#[attributes]
pub struct HttpHealthCheckAttributes {
    /// `projects/{project}/global/httpHealthChecks/{name}`.
    pub id: Id<HttpHealthCheck>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
