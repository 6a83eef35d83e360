//! `google_compute_health_check`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, block, resource};

use super::{HttpProbe, PortSpecification, StreamProbe};

/// A health check for global load balancers and for managed groups. It has exactly one probe.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// let probe = gce::HttpProbe::new().request_path("/healthz").port(8080);
/// stack.add("web", gce::HealthCheck::new("web").http_health_check(probe));
/// ```
#[resource(
    "google_compute_health_check",
    id = "projects/{project}/global/healthChecks/{name}",
    unique("project", "name"),
    one_of(
        "tcp_health_check",
        "ssl_health_check",
        "http_health_check",
        "https_health_check",
        "http2_health_check",
        "grpc_health_check"
    ),
    takes(create = 10, update = 10, delete = 10)
)]
pub struct HealthCheck {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    pub description: Option<String>,
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
    /// Opens a TCP connection.
    pub tcp_health_check: Option<StreamProbe>,
    /// Opens a TLS connection.
    pub ssl_health_check: Option<StreamProbe>,
    /// Sends an HTTP request.
    pub http_health_check: Option<HttpProbe>,
    /// Sends an HTTPS request.
    pub https_health_check: Option<HttpProbe>,
    /// Sends an HTTP/2 request.
    pub http2_health_check: Option<HttpProbe>,
    /// Sends a gRPC request.
    pub grpc_health_check: Option<GrpcProbe>,
    /// Whether it logs changes of health.
    #[field(computed)]
    pub log_config: Option<HealthCheckLogs>,
    /// The regions that probe: none or three. By default Google chooses them.
    #[field(max_items = 3)]
    pub source_regions: Vec<String>,
}

/// The attributes that Compute Engine computes for a [`HealthCheck`].
#[attributes]
pub struct HealthCheckAttributes {
    /// `projects/{project}/global/healthChecks/{name}`.
    pub id: Id<HealthCheck>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The protocol of its probe.
    #[field(volatile, form = "TCP")]
    pub r#type: String,
}

/// A probe by a gRPC request.
#[block]
pub struct GrpcProbe {
    /// The port.
    pub port: Option<u16>,
    /// The port, by its name in the instance group.
    pub port_name: Option<String>,
    /// How the check chooses the port.
    pub port_specification: Option<PortSpecification>,
    /// The name of the service that it asks about. The default is the whole server.
    pub grpc_service_name: Option<String>,
}

/// Whether a health check logs changes of health.
#[block]
pub struct HealthCheckLogs {
    /// Whether it logs.
    #[field(default = false)]
    pub enable: bool,
}
