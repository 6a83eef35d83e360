//! `data.google_client_config`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, data};

/// The settings of the provider's client. It does not show the client's access token.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce::data;
/// # let mut stack = Stack::new("demo");
/// let here = stack.read("here", data::ClientConfig::new());
/// stack.output("project", here.project());
/// ```
#[data("google_client_config")]
pub struct ClientConfig {}

/// The attributes of the [`ClientConfig`].
#[attributes]
pub struct ClientConfigAttributes {
    /// The project, the region and the zone.
    #[field(form = "projects/{account}/regions/{region}/zones/{zone}")]
    pub id: Id<ClientConfig>,
    /// The project.
    #[field(form = "{account}")]
    pub project: String,
    /// The region. Empty if none is configured.
    #[field(form = "{region}")]
    pub region: String,
    /// The zone. Empty if none is configured.
    #[field(form = "{zone}")]
    pub zone: String,
}
