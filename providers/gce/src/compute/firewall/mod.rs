//! `google_compute_firewall`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::Network;

/// A firewall rule of a network: the traffic that it allows or denies.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// let https = gce::Traffic::new("tcp").ports(["443"]);
/// stack.add("https", gce::Firewall::new("https", &network).allow([https]).source_ranges(["0.0.0.0/0"]));
/// ```
#[resource(
    "google_compute_firewall",
    id = "projects/{project}/global/firewalls/{name}",
    unique("project", "name"),
    takes(create = 10, update = 10, delete = 10)
)]
pub struct Firewall {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    pub description: Option<String>,
    /// Whether it applies to incoming or outgoing traffic.
    #[field(immutable, computed, form = "INGRESS")]
    pub direction: Option<TrafficDirection>,
    /// Whether Compute Engine ignores the rule.
    #[field(default = false)]
    pub disabled: bool,
    /// The priority, 0 to 65535. The rule with the lowest number counts.
    #[field(default = 1000)]
    pub priority: u32,
    /// The traffic that it allows. A rule has either `allow` or `deny`.
    pub allow: BTreeSet<Traffic>,
    /// The traffic that it denies.
    pub deny: BTreeSet<Traffic>,
    /// The ranges that traffic comes from. Without any source, the rule applies to traffic from anywhere.
    #[field(computed, same = "cidr")]
    pub source_ranges: BTreeSet<String>,
    /// The tags of the machines that traffic comes from.
    pub source_tags: BTreeSet<String>,
    /// The service accounts of the machines that traffic comes from.
    #[field(immutable)]
    pub source_service_accounts: BTreeSet<String>,
    /// The ranges that traffic goes to.
    #[field(computed, same = "cidr")]
    pub destination_ranges: BTreeSet<String>,
    /// The tags of the machines that the rule applies to. Without any target, it applies to all machines.
    pub target_tags: BTreeSet<String>,
    /// The service accounts of the machines that the rule applies to.
    #[field(immutable)]
    pub target_service_accounts: BTreeSet<String>,
    /// What it logs. `None` turns logging off.
    pub log_config: Option<FirewallLogs>,
}

/// The attributes that Compute Engine computes for a [`Firewall`].
#[attributes]
pub struct FirewallAttributes {
    /// `projects/{project}/global/firewalls/{name}`.
    pub id: Id<Firewall>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// The direction of traffic.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrafficDirection {
    /// Incoming.
    Ingress,
    /// Outgoing.
    Egress,
}

/// Traffic, by protocol and port.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Traffic {
    /// `tcp`, `udp`, `icmp`, `esp`, `ah`, `sctp`, `ipip`, `all`, or a protocol's number.
    #[field(same = "case")]
    pub protocol: String,
    /// Ports and ranges of ports, such as `22` and `8000-9000`. Empty means all ports.
    #[field(same = "port_range")]
    pub ports: Vec<String>,
}

/// The logs of a rule.
#[block]
pub struct FirewallLogs {
    /// The metadata in each entry.
    pub metadata: LogMetadata,
}

/// The metadata in each entry of a log.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LogMetadata {
    /// All.
    IncludeAllMetadata,
    /// None.
    ExcludeAllMetadata,
}
