//! `google_compute_subnetwork`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Cidr, Id, attributes, block, resource};

use super::Network;

/// A range of a network's addresses, in all zones of one region.
#[resource(
    "google_compute_subnetwork",
    id = "projects/{project}/regions/{region}/subnetworks/{name}",
    unique("project", "region", "name"),
    disjoint("ip_cidr_range", within = "network"),
    takes(create = 15, update = 12, delete = 15)
)]
pub struct Subnetwork {
    /// Its name, unique in the region.
    #[field(immutable)]
    pub name: String,
    /// The network.
    #[field(immutable, same = "self_link")]
    pub network: Id<Network>,
    /// The range; it may grow in place, which is not modelled, so another one is another subnetwork.
    #[field(immutable)]
    pub ip_cidr_range: Cidr,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region; the provider's unless said.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// What uses it: machines, unless said.
    #[field(immutable, computed, form = "PRIVATE")]
    pub purpose: Option<Purpose>,
    /// Which of two is in use, for the purposes of proxies.
    pub role: Option<Role>,
    /// Whether machines without public addresses reach Google's services.
    #[field(default = false)]
    pub private_ip_google_access: bool,
    /// IPv4 alone, or IPv6 beside it.
    #[field(computed, form = "IPV4_ONLY")]
    pub stack_type: Option<StackType>,
    /// Whether its IPv6 addresses are reached from the internet.
    #[field(immutable)]
    pub ipv6_access_type: Option<Ipv6Access>,
    /// Further ranges, for pods and services.
    pub secondary_ip_range: Vec<SecondaryRange>,
    /// Whether and how its flows are logged.
    pub log_config: Option<FlowLogs>,
}

/// What Compute Engine computes of a [`Subnetwork`].
#[attributes]
pub struct SubnetworkAttributes {
    /// `projects/{project}/regions/{region}/subnetworks/{name}`.
    pub id: Id<Subnetwork>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The first address, which is the router's.
    #[field(form = "{ipv4}")]
    pub gateway_address: String,
    /// What an update has to name, and changes.
    #[field(volatile, form = "{hex8}")]
    pub fingerprint: String,
}

/// A further range of a subnetwork.
#[block]
pub struct SecondaryRange {
    /// Its name.
    pub range_name: String,
    /// The range.
    pub ip_cidr_range: Cidr,
}

/// Which kinds of addresses a subnetwork has.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StackType {
    /// IPv4.
    #[serde(rename = "IPV4_ONLY")]
    Ipv4Only,
    /// IPv4 and IPv6.
    #[serde(rename = "IPV4_IPV6")]
    Ipv4Ipv6,
    /// IPv6.
    #[serde(rename = "IPV6_ONLY")]
    Ipv6Only,
}

/// Whether IPv6 addresses are reached from the internet.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Ipv6Access {
    /// They are.
    External,
    /// They are not.
    Internal,
}

/// What uses a subnetwork.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Purpose {
    /// Machines.
    Private,
    /// The proxies of regional load balancers.
    RegionalManagedProxy,
    /// The proxies of global load balancers.
    GlobalManagedProxy,
    /// Services that are published by Private Service Connect.
    PrivateServiceConnect,
    /// A private NAT.
    PrivateNat,
}

/// Which of two subnetworks for proxies is in use.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// It is.
    Active,
    /// It is ready or going out of use.
    Backup,
}

/// How flows are logged.
#[block]
pub struct FlowLogs {
    /// Over how long flows are put together.
    #[field(default = "INTERVAL_5_SEC")]
    pub aggregation_interval: String,
    /// The share that is logged, from 0 to 1.
    #[field(default = 0.5)]
    pub flow_sampling: f64,
    /// Which facts are added.
    #[field(default = FlowMetadata::IncludeAllMetadata)]
    pub metadata: FlowMetadata,
    /// The facts that are added, where they are chosen.
    pub metadata_fields: BTreeSet<String>,
    /// Which flows are logged, as an expression; all unless said.
    #[field(default = "true")]
    pub filter_expr: String,
}

/// Which facts are added to flow logs.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FlowMetadata {
    /// All.
    IncludeAllMetadata,
    /// None.
    ExcludeAllMetadata,
    /// Those listed.
    CustomMetadata,
}
