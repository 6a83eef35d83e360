//! `data.google_compute_network`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, data};

/// A network, by its name.
///
/// # Example
/// ```
/// # use landform_core::{Cidr, Stack};
/// # use landform_gce::{self as gce, data};
/// # let mut stack = Stack::new("demo");
/// let shared = stack.read("shared", data::Network::new("shared"));
/// let range: Cidr = "10.0.16.0/20".parse()?;
/// stack.add("guest", gce::Subnetwork::new("guest", shared.id(), range));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[data("google_compute_network")]
pub struct Network {
    /// Its name.
    pub name: String,
    /// The project. The default is the provider's.
    #[field(form = "{account}")]
    pub project: Option<String>,
}

/// The attributes that Google reports for a [`Network`].
#[attributes]
pub struct NetworkAttributes {
    /// `projects/{project}/global/networks/{name}`.
    #[field(form = "projects/{project}/global/networks/{name}")]
    pub id: Id<crate::Network>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// Its description. Empty if it has none.
    #[field(form = "")]
    pub description: String,
    /// The links to its subnetworks.
    #[field(required)]
    pub subnetworks_self_links: Vec<String>,
}
