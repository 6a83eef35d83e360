//! `google_compute_target_tcp_proxy`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, resource};

use super::{BackendService, ProxyHeader};

/// A proxy that takes TCP connections of a global forwarding rule and opens connections to a backend service.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let service = stack.add("api", gce::BackendService::new("api").protocol("TCP"));
/// stack.add("api", gce::TargetTcpProxy::new("api", &service));
/// ```
#[resource(
    "google_compute_target_tcp_proxy",
    id = "projects/{project}/global/targetTcpProxies/{name}",
    unique("project", "name"),
    takes(create = 10, update = 8, delete = 10)
)]
pub struct TargetTcpProxy {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The backend service.
    pub backend_service: Id<BackendService>,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// The header at the start of a connection to the backends.
    #[field(default = ProxyHeader::None)]
    pub proxy_header: ProxyHeader,
    /// Whether proxies that the user runs listen on its address.
    #[field(immutable, computed)]
    pub proxy_bind: Option<bool>,
}

/// The attributes that Compute Engine computes for a [`TargetTcpProxy`].
#[attributes]
pub struct TargetTcpProxyAttributes {
    /// `projects/{project}/global/targetTcpProxies/{name}`.
    pub id: Id<TargetTcpProxy>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
