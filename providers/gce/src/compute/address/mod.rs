//! `google_compute_address`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

use super::{Network, Subnetwork};

/// A reserved address of one region: one of the internet, or one of a subnetwork.
#[resource(
    "google_compute_address",
    id = "projects/{project}/regions/{region}/addresses/{name}",
    unique("project", "region", "name"),
    takes(create = 8, update = 5, delete = 8)
)]
pub struct Address {
    /// Its name, unique in the region.
    #[field(immutable)]
    pub name: String,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region; the provider's unless said.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// The address; Compute Engine chooses one unless said.
    #[field(immutable, computed, form = "{ipv4}")]
    pub address: Option<String>,
    /// Whether it is one of the internet.
    #[field(immutable, default = AddressType::External)]
    pub address_type: AddressType,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// What uses it, for internal ones.
    #[field(immutable, computed)]
    pub purpose: Option<String>,
    /// How traffic reaches it.
    #[field(immutable, computed)]
    pub network_tier: Option<NetworkTier>,
    /// The subnetwork, for internal ones.
    #[field(immutable, computed)]
    pub subnetwork: Option<Id<Subnetwork>>,
    /// The network, for internal ones of some purposes.
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

/// What Compute Engine computes of an [`Address`].
#[attributes]
pub struct AddressAttributes {
    /// `projects/{project}/regions/{region}/addresses/{name}`.
    pub id: Id<Address>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// Whether an address is one of the internet.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AddressType {
    /// It is.
    External,
    /// It is one of a network.
    Internal,
}

/// How traffic travels.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NetworkTier {
    /// Through Google's network.
    Premium,
    /// Through the internet.
    Standard,
}

/// The versions of IP.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IpVersion {
    /// Four.
    Ipv4,
    /// Six.
    Ipv6,
}
