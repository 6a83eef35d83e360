//! The settings of a client, as the configuration of a provider has them. Reads nothing and calls nothing.

use std::collections::BTreeMap;

use landform_core::block;

/// How a provider reaches Google Cloud, in the words of Terraform's Google provider. The environment decides what is not
/// set, as with Google's own tools. `Client::with_settings` opens a client with them.
///
/// # Example
/// ```
/// # use landform_gce as gce;
/// let settings = gce::Settings { project: Some("my-project".to_owned()), ..gce::Settings::default() };
/// assert!(settings.zone.is_none(), "the environment decides");
/// ```
#[block]
#[derive(Default)]
pub struct Settings {
    /// The project of resources that name none.
    pub project: Option<String>,
    /// The region of resources that name none.
    pub region: Option<String>,
    /// The zone of resources that name none.
    pub zone: Option<String>,
    /// A service account whose permissions the provider uses in place of the caller's.
    pub impersonate_service_account: Option<String>,
    /// The URL of Compute Engine, such as an emulator's. At an address of the loopback interface, the other services are
    /// beside it, and the provider sends no credentials.
    pub compute_custom_endpoint: Option<String>,
    /// Labels for every resource whose type has labels. A resource's own value for a key counts more.
    pub default_labels: BTreeMap<String, String>,
}
