//! `google_compute_http_health_check`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, resource};

/// A question by HTTP, of the older kind that target pools ask.
#[resource(
    "google_compute_http_health_check",
    id = "projects/{project}/global/httpHealthChecks/{name}",
    unique("project", "name"),
    takes(create = 10, update = 10, delete = 10)
)]
pub struct HttpHealthCheck {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The host header.
    pub host: Option<String>,
    /// The port.
    #[field(default = 80)]
    pub port: u16,
    /// The path.
    #[field(default = "/")]
    pub request_path: String,
    /// Seconds between two questions.
    #[field(default = 5)]
    pub check_interval_sec: u32,
    /// Seconds to wait for an answer; no more than between two questions.
    #[field(default = 5)]
    pub timeout_sec: u32,
    /// Good answers in a row after which an instance is healthy.
    #[field(default = 2)]
    pub healthy_threshold: u32,
    /// Missing ones in a row after which it is not.
    #[field(default = 2)]
    pub unhealthy_threshold: u32,
}

/// What Compute Engine computes of a [`HttpHealthCheck`].
#[attributes]
pub struct HttpHealthCheckAttributes {
    /// `projects/{project}/global/httpHealthChecks/{name}`.
    pub id: Id<HttpHealthCheck>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
