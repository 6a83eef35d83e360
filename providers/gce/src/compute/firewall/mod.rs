//! `google_compute_firewall`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::Network;

/// A rule of a network: which traffic it lets through, or refuses.
#[resource(
    "google_compute_firewall",
    id = "projects/{project}/global/firewalls/{name}",
    unique("project", "name"),
    takes(create = 10, update = 10, delete = 10)
)]
pub struct Firewall {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is about traffic that comes in or goes out.
    #[field(immutable, computed, form = "INGRESS")]
    pub direction: Option<TrafficDirection>,
    /// Whether it is out of use.
    #[field(default = false)]
    pub disabled: bool,
    /// Which of several rules counts: the one with the smallest number, 0 to 65535.
    #[field(default = 1000)]
    pub priority: u32,
    /// What it lets through. A rule has this or `deny`.
    pub allow: BTreeSet<Traffic>,
    /// What it refuses.
    pub deny: BTreeSet<Traffic>,
    /// Where traffic comes from: ranges; everywhere where no source is said.
    #[field(computed, same = "cidr")]
    pub source_ranges: BTreeSet<String>,
    /// Where traffic comes from: machines with one of these tags.
    pub source_tags: BTreeSet<String>,
    /// Where traffic comes from: machines that run as one of these service accounts.
    #[field(immutable)]
    pub source_service_accounts: BTreeSet<String>,
    /// Where traffic goes to: ranges.
    #[field(computed, same = "cidr")]
    pub destination_ranges: BTreeSet<String>,
    /// The machines that it is about: those with one of these tags; all where none are said.
    pub target_tags: BTreeSet<String>,
    /// The machines that it is about: those that run as one of these service accounts.
    #[field(immutable)]
    pub target_service_accounts: BTreeSet<String>,
    /// Whether and what it logs.
    pub log_config: Option<FirewallLogs>,
}

/// What Compute Engine computes of a [`Firewall`].
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
    /// It comes in.
    Ingress,
    /// It goes out.
    Egress,
}

/// Traffic, by protocol and port.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Traffic {
    /// `tcp`, `udp`, `icmp`, `esp`, `ah`, `sctp`, `ipip`, `all`, or a protocol's number.
    #[field(same = "case")]
    pub protocol: String,
    /// Ports and ranges of ports, as `22` and `8000-9000`; all where none are said.
    pub ports: Vec<String>,
}

/// What a rule logs.
#[block]
pub struct FirewallLogs {
    /// Which facts are added.
    pub metadata: LogMetadata,
}

/// Which facts are added to a log.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LogMetadata {
    /// All.
    IncludeAllMetadata,
    /// None.
    ExcludeAllMetadata,
}
