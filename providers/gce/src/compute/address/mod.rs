//! `google_compute_address`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

use super::{Network, Subnetwork};

/// A reserved address of one region: a public one, or one of a subnetwork.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("egress", gce::Address::new("egress").region("us-east1"));
/// ```
#[resource(
    "google_compute_address",
    id = "projects/{project}/regions/{region}/addresses/{name}",
    unique("project", "region", "name"),
    takes(create = 8, update = 5, delete = 8)
)]
pub struct Address {
    /// Its name, unique in the region.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// The address. By default Compute Engine chooses one.
    #[field(immutable, computed, form = "{ipv4}")]
    pub address: Option<String>,
    /// Whether it is public or internal.
    #[field(immutable, default = AddressType::External)]
    pub address_type: AddressType,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// Who may use an internal address.
    #[field(immutable, computed)]
    pub purpose: Option<String>,
    /// The network that carries its traffic.
    #[field(immutable, computed)]
    pub network_tier: Option<NetworkTier>,
    /// The subnetwork, if it is internal.
    #[field(immutable, computed)]
    pub subnetwork: Option<Id<Subnetwork>>,
    /// The network, if it is internal and its purpose requires one.
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

/// The attributes that Compute Engine computes for an [`Address`].
#[attributes]
pub struct AddressAttributes {
    /// `projects/{project}/regions/{region}/addresses/{name}`.
    pub id: Id<Address>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// Whether an address is public or internal.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AddressType {
    /// Public.
    External,
    /// Internal to a network.
    Internal,
}

/// The network that carries traffic to and from the internet.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NetworkTier {
    /// Google's network.
    Premium,
    /// The public internet.
    Standard,
}

/// An IP version.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IpVersion {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}
