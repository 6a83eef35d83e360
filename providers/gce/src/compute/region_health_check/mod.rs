//! `google_compute_region_health_check`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, block, resource};

/// A question by which the load balancers of a region tell healthy instances from others. It has one of the probes.
#[resource(
    "google_compute_region_health_check",
    id = "projects/{project}/regions/{region}/healthChecks/{name}",
    unique("project", "region", "name"),
    takes(create = 10, update = 10, delete = 10)
)]
pub struct RegionHealthCheck {
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
    /// Opens a TCP connection.
    pub tcp_health_check: Option<StreamProbe>,
    /// Opens a TLS connection.
    pub ssl_health_check: Option<StreamProbe>,
    /// Sends an HTTP request.
    pub http_health_check: Option<HttpProbe>,
    /// Sends an HTTPS request.
    pub https_health_check: Option<HttpProbe>,
}

/// What Compute Engine computes of a [`RegionHealthCheck`].
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
    /// The port; 80 for TCP and 443 for TLS unless said.
    #[field(computed)]
    pub port: Option<u16>,
    /// The port, by the name that the instances' group has for it.
    pub port_name: Option<String>,
    /// Which port.
    pub port_specification: Option<PortSpecification>,
    /// The header that goes first.
    #[field(default = ProxyHeader::None)]
    pub proxy_header: ProxyHeader,
    /// What is sent.
    pub request: Option<String>,
    /// What the answer has to begin with.
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
    /// The port; 80 for HTTP and 443 for HTTPS unless said.
    #[field(computed)]
    pub port: Option<u16>,
    /// The port, by the name that the instances' group has for it.
    pub port_name: Option<String>,
    /// Which port.
    pub port_specification: Option<PortSpecification>,
    /// The header that goes first.
    #[field(default = ProxyHeader::None)]
    pub proxy_header: ProxyHeader,
    /// What the answer has to begin with.
    pub response: Option<String>,
}

/// Which port a check asks.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PortSpecification {
    /// The one given by its number.
    UseFixedPort,
    /// The one given by its name.
    UseNamedPort,
    /// The one that is served.
    UseServingPort,
}

/// What goes first on a connection.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProxyHeader {
    /// Nothing.
    None,
    /// The header of the PROXY protocol, version 1.
    ProxyV1,
}
