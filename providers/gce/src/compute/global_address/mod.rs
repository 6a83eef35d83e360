//! `google_compute_global_address`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::{AddressType, IpVersion, Network};

/// A reserved address that is in no region, for global load balancers; or a range of a network for services in others.
#[resource(
    "google_compute_global_address",
    id = "projects/{project}/global/addresses/{name}",
    unique("project", "name"),
    takes(create = 8, update = 5, delete = 8)
)]
pub struct GlobalAddress {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The address; Compute Engine chooses one unless said.
    #[field(immutable, computed, form = "{ipv4}")]
    pub address: Option<String>,
    /// Whether it is one of the internet.
    #[field(immutable, default = AddressType::External)]
    pub address_type: AddressType,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// What uses it, for internal ones: `VPC_PEERING`, `PRIVATE_SERVICE_CONNECT`.
    #[field(immutable)]
    pub purpose: Option<String>,
    /// The network, for internal ones.
    #[field(immutable)]
    pub network: Option<Id<Network>>,
    /// The length of its prefix, where it is a range.
    #[field(immutable, computed)]
    pub prefix_length: Option<u32>,
    /// The version of IP.
    #[field(immutable, computed)]
    pub ip_version: Option<IpVersion>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// What Compute Engine computes of a [`GlobalAddress`].
#[attributes]
pub struct GlobalAddressAttributes {
    /// `projects/{project}/global/addresses/{name}`.
    pub id: Id<GlobalAddress>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
