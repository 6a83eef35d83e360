//! `google_compute_global_address`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::{AddressType, IpVersion, Network};

/// A reserved address outside any region: a public one for global load balancers, or a range of a network for services
/// in other networks.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("web", gce::GlobalAddress::new("web"));
/// ```
#[resource(
    "google_compute_global_address",
    id = "projects/{project}/global/addresses/{name}",
    unique("project", "name"),
    takes(create = 8, update = 5, delete = 8)
)]
pub struct GlobalAddress {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The address. By default Compute Engine chooses one.
    #[field(immutable, computed, form = "{ipv4}")]
    pub address: Option<String>,
    /// Whether it is public or internal.
    #[field(immutable, default = AddressType::External)]
    pub address_type: AddressType,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// Who may use an internal address: `VPC_PEERING`, `PRIVATE_SERVICE_CONNECT`.
    #[field(immutable)]
    pub purpose: Option<String>,
    /// The network, if it is internal.
    #[field(immutable)]
    pub network: Option<Id<Network>>,
    /// The length of the prefix, if it is a range.
    #[field(immutable, computed)]
    pub prefix_length: Option<u32>,
    /// The IP version.
    #[field(immutable, computed)]
    pub ip_version: Option<IpVersion>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that Compute Engine computes for a [`GlobalAddress`].
#[attributes]
pub struct GlobalAddressAttributes {
    /// `projects/{project}/global/addresses/{name}`.
    pub id: Id<GlobalAddress>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
