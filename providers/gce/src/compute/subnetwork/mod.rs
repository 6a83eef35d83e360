//! `google_compute_subnetwork`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Cidr, Id, attributes, block, resource};

use super::Network;

/// A range of a network's addresses in one region. It spans all zones of the region.
///
/// # Example
/// ```
/// # use landform_core::{Cidr, Stack};
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// let range: Cidr = "10.0.0.0/20".parse()?;
/// stack.add("nodes", gce::Subnetwork::new("nodes", &network, range).region("us-east1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "google_compute_subnetwork",
    id = "projects/{project}/regions/{region}/subnetworks/{name}",
    unique("project", "region", "name"),
    disjoint("ip_cidr_range", within = "network"),
    takes(create = 15, update = 12, delete = 15)
)]
pub struct Subnetwork {
    /// Its name, unique in the region.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The network.
    #[field(immutable, same = "self_link")]
    pub network: Id<Network>,
    /// The range. A change replaces the subnetwork: Landform does not use Compute Engine's expansion in place.
    #[field(immutable)]
    pub ip_cidr_range: Cidr,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// Its users. The default is machines.
    #[field(immutable, computed, form = "PRIVATE")]
    pub purpose: Option<Purpose>,
    /// Whether it is the active or the backup subnetwork, for proxies.
    pub role: Option<Role>,
    /// Whether machines without public addresses can reach Google's services.
    #[field(default = false)]
    pub private_ip_google_access: bool,
    /// The IP versions of its addresses.
    #[field(computed, form = "IPV4_ONLY")]
    pub stack_type: Option<StackType>,
    /// Whether the internet can reach its IPv6 addresses.
    #[field(immutable)]
    pub ipv6_access_type: Option<Ipv6Access>,
    /// Secondary ranges, for pods and services.
    pub secondary_ip_range: Vec<SecondaryRange>,
    /// The flow logs. `None` turns them off.
    pub log_config: Option<FlowLogs>,
}

/// The attributes that Compute Engine computes for a [`Subnetwork`].
#[attributes]
pub struct SubnetworkAttributes {
    /// `projects/{project}/regions/{region}/subnetworks/{name}`.
    pub id: Id<Subnetwork>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The address of the gateway, the first one of the range.
    #[field(form = "{ipv4}")]
    pub gateway_address: String,
    /// The fingerprint. An update must give the present one, and changes it.
    #[field(volatile, form = "{hex8}")]
    pub fingerprint: String,
}

/// A secondary range of a subnetwork.
#[block]
pub struct SecondaryRange {
    /// Its name.
    pub range_name: String,
    /// The range.
    pub ip_cidr_range: Cidr,
}

/// The IP versions of a subnetwork's addresses.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StackType {
    /// IPv4 only.
    #[serde(rename = "IPV4_ONLY")]
    Ipv4Only,
    /// IPv4 and IPv6.
    #[serde(rename = "IPV4_IPV6")]
    Ipv4Ipv6,
    /// IPv6 only.
    #[serde(rename = "IPV6_ONLY")]
    Ipv6Only,
}

/// Whether the internet can reach IPv6 addresses.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Ipv6Access {
    /// It can.
    External,
    /// It cannot.
    Internal,
}

/// The users of a subnetwork.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Purpose {
    /// Machines.
    Private,
    /// The proxies of regional load balancers.
    RegionalManagedProxy,
    /// The proxies of global load balancers.
    GlobalManagedProxy,
    /// Services that Private Service Connect publishes.
    PrivateServiceConnect,
    /// A private NAT.
    PrivateNat,
}

/// The role of one of two subnetworks for proxies.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// In use.
    Active,
    /// In reserve, or draining.
    Backup,
}

/// The flow logs of a subnetwork.
#[block]
pub struct FlowLogs {
    /// The interval over which flows are aggregated.
    #[field(default = "INTERVAL_5_SEC")]
    pub aggregation_interval: String,
    /// The share of flows that is logged, from 0 to 1.
    #[field(default = 0.5)]
    pub flow_sampling: f64,
    /// The metadata in each entry.
    #[field(default = FlowMetadata::IncludeAllMetadata)]
    pub metadata: FlowMetadata,
    /// The metadata fields, with `CustomMetadata`.
    pub metadata_fields: BTreeSet<String>,
    /// An expression that selects the flows to log. The default is all flows.
    #[field(default = "true")]
    pub filter_expr: String,
}

/// The metadata in flow logs.
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
