//! The description of a base network on Google Cloud. Holds values; checks nothing.

use std::{collections::BTreeSet, net::Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};
use landform_core::Cidr;
use serde::{Deserialize, Serialize};

use super::Regions;
use crate::{Sizes, Tier, description::usual_range};

/// A base network on Google Cloud. In code, start from [`BaseNetwork::default`]. In a file, only `name` and `regions`
/// are required.
///
/// The fields that it shares with [the description for AWS](crate::BaseNetwork) have the same names and the same
/// meaning. The rest has no meaning on the other cloud, and cannot be written there.
///
/// ```yaml
/// name: base
/// project: my-project
/// regions: us-central1
/// cidr: 10.20.0.0/16
/// pods: 100.64.0.0/10
/// clusters_in: [private_working]
/// nat_gateways: { addresses: 2 }
/// sizes: { public: 24, cluster: 20 }
/// reserved: [10.20.200.0/24]
/// ssh_from: [35.235.240.0/20]
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseNetwork {
    /// The name of the network, and the beginning of all other names: a lower-case letter, then lower-case letters,
    /// digits and dashes. Google Cloud limits the longest name that begins with it to 63 characters.
    pub name: String,
    /// The project of everything. The default is the provider's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The regions with subnetworks and a Cloud NAT.
    pub regions: Regions,
    /// The IPv4 range that the subnetworks and clusters of all regions share, with a prefix length of 8 to 26. By default
    /// `10.20.0.0/16`. The network itself has no range, so this is a plan, which only firewall rules and outputs name.
    #[serde(default = "usual_range")]
    pub cidr: Cidr,
    /// The IPv4 range of the secondary ranges, for pods and services, with a prefix length of 8 to 14. By default
    /// `100.64.0.0/10`, which private networks do not use. Only subnetworks that declare a part of it take that part.
    #[serde(default = "usual_pods")]
    pub pods: Cidr,
    /// The tiers whose subnetworks have secondary ranges `pods` and `services`, for clusters without their own
    /// subnetworks. By default none. A change is an update in place.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub clusters_in: BTreeSet<Tier>,
    /// How machines without a public address reach the internet.
    #[serde(default)]
    pub nat_gateways: Nat,
    /// The sizes of subnetworks and clusters. A tier's default is the prefix length of `cidr` + 6, so that
    /// [`MOST_REGIONS`](super::MOST_REGIONS) fit.
    #[serde(default)]
    pub sizes: Sizes,
    /// Ranges that other networks use: a peer's, a VPN's, existing subnetworks. Clusters avoid them. A subnetwork or a
    /// secondary range of the base network that would overlap one is an error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved: Vec<Cidr>,
    /// The ranges from which machines in public and admin subnetworks accept SSH. By default none, which declares no
    /// rule. Google's Identity-Aware Proxy connects from `35.235.240.0/20`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub ssh_from: BTreeSet<Cidr>,
}

/// How machines without a public address reach the internet: through the Cloud NAT of their region, which serves all of
/// its subnetworks, those of clusters too. It is no machine in a zone, so there is no choice between one for each zone
/// and one for all. Every change between these is an update in place, except that the NAT itself comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nat {
    /// This many reserved public addresses in each region, at least 1. Others can rely on them. Each serves 1,008
    /// machines with Google's default of 64 ports for a machine.
    Addresses(u8),
    /// Google Cloud allocates addresses as machines need them, and may change them.
    Automatic,
    /// Machines without a public address have no way to the internet.
    None,
}

impl Default for Nat {
    /// One reserved address in each region, as a NAT gateway on AWS has.
    fn default() -> Self {
        Self::Addresses(1)
    }
}

impl Default for BaseNetwork {
    fn default() -> Self {
        Self {
            name: "base".into(),
            project: None,
            regions: "us-central1".into(),
            cidr: usual_range(),
            pods: usual_pods(),
            clusters_in: BTreeSet::new(),
            nat_gateways: Nat::default(),
            sizes: Sizes::default(),
            reserved: Vec::new(),
            ssh_from: BTreeSet::new(),
        }
    }
}

fn usual_pods() -> Cidr {
    Cidr::containing(IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10)))
}
