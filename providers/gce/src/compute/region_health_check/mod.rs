//! `google_compute_region_health_check`.

#[cfg(feature = "client")]
pub(crate) mod client;

use landform_core::{Id, attributes, block, resource};

/// A health check for the load balancers of a region. It has exactly one probe.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("api", gce::RegionHealthCheck::new("api").tcp_health_check(gce::StreamProbe::new().port(443)));
/// ```
#[resource(
    "google_compute_region_health_check",
    id = "projects/{project}/regions/{region}/healthChecks/{name}",
    unique("project", "region", "name"),
    one_of("tcp_health_check", "ssl_health_check", "http_health_check", "https_health_check"),
    takes(create = 10, update = 10, delete = 10)
)]
pub struct RegionHealthCheck {
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
}

/// The attributes that Compute Engine computes for a [`RegionHealthCheck`].
#[attributes]
pub struct RegionHealthCheckAttributes {
    /// `projects/{project}/regions/{region}/healthChecks/{name}`.
    pub id: Id<RegionHealthCheck>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// A probe by a connection.
#[block]
pub struct StreamProbe {
    /// The port. The default is 80 for TCP and 443 for TLS.
    #[field(computed)]
    pub port: Option<u16>,
    /// The port, by its name in the instance group.
    pub port_name: Option<String>,
    /// How the check chooses the port.
    pub port_specification: Option<PortSpecification>,
    /// The header at the start of the connection.
    #[field(default = ProxyHeader::None)]
    pub proxy_header: ProxyHeader,
    /// The text to send.
    pub request: Option<String>,
    /// The required start of the answer.
    pub response: Option<String>,
}

/// A probe by a request.
#[block]
pub struct HttpProbe {
    /// The host header.
    pub host: Option<String>,
    /// The path.
    #[field(default = "/")]
    pub request_path: String,
    /// The port. The default is 80 for HTTP and 443 for HTTPS.
    #[field(computed)]
    pub port: Option<u16>,
    /// The port, by its name in the instance group.
    pub port_name: Option<String>,
    /// How the check chooses the port.
    pub port_specification: Option<PortSpecification>,
    /// The header at the start of the connection.
    #[field(default = ProxyHeader::None)]
    pub proxy_header: ProxyHeader,
    /// The required start of the answer.
    pub response: Option<String>,
}

/// How a check chooses the port.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PortSpecification {
    /// The port given by number.
    UseFixedPort,
    /// The port given by name.
    UseNamedPort,
    /// The serving port of the backend.
    UseServingPort,
}

/// The header at the start of a connection.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProxyHeader {
    /// Nothing.
    None,
    /// The header of the PROXY protocol, version 1.
    ProxyV1,
}
