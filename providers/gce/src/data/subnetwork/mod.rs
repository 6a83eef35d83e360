//! `data.google_compute_subnetwork`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Cidr, Id, attributes, data};

/// A subnetwork, by its link, or by its name and its region.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce::{self as gce, data};
/// # let mut stack = Stack::new("demo");
/// let nodes = stack.read("nodes", data::Subnetwork::new().name("nodes").region("us-east1"));
/// stack.output("range", nodes.ip_cidr_range());
/// ```
#[data("google_compute_subnetwork")]
pub struct Subnetwork {
    /// Its link. Set this or `name`.
    pub self_link: Option<String>,
    /// Its name. Set this or `self_link`.
    pub name: Option<String>,
    /// The region. The default is the provider's.
    #[field(form = "{region}")]
    pub region: Option<String>,
    /// The project. The default is the provider's.
    #[field(form = "{account}")]
    pub project: Option<String>,
}

/// The attributes that Google reports for a [`Subnetwork`].
#[attributes]
pub struct SubnetworkAttributes {
    /// `projects/{project}/regions/{region}/subnetworks/{name}`.
    #[field(form = "projects/{project}/regions/{region}/subnetworks/{name|self_link}")]
    pub id: Id<crate::Subnetwork>,
    /// Its network.
    #[field(form = "projects/{project}/global/networks/main")]
    pub network: Id<crate::Network>,
    /// Its range.
    #[field(form = "10.0.0.0/20")]
    pub ip_cidr_range: Cidr,
    /// The address of its gateway.
    #[field(form = "10.0.0.1")]
    pub gateway_address: String,
    /// Whether machines without a public address reach Google's services.
    #[field(form = "false")]
    pub private_ip_google_access: bool,
}
