//! What a base network is described by: the input of this layer, as code or as a file. Holds values; checks nothing.

use std::{collections::BTreeMap, fmt, net::Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};
use landform_core::Cidr;
use serde::{Deserialize, Serialize};

use crate::Zones;

/// A base network. In code, take [`BaseNetwork::default`] for what you don't say; in a file, only `name` and
/// `region` must be said.
///
/// ```yaml
/// name: base
/// region: us-east-2
/// cidr: 10.20.0.0/16
/// zones: 3
/// nat_gateways: per_zone
/// sizes: { public: 24, cluster: 20 }
/// reserved: [10.20.200.0/24]
/// tags: { team: platform }
/// subnet_tags:
///   public: { kubernetes.io/role/elb: "1" }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseNetwork {
    /// What the VPC is called, and what the names of all other nodes begin with: letters, digits, `_` and `-`,
    /// beginning with a letter or `_`. Networks in one stack need different names.
    pub name: String,
    /// The region that the zones are of, as `us-east-2`.
    pub region: String,
    /// The VPC's IPv4 range, of prefix length 16 to 28. `10.20.0.0/16` unless said.
    #[serde(default = "usual_range")]
    pub cidr: Cidr,
    /// The availability zones. Three unless said.
    #[serde(default)]
    pub zones: Zones,
    /// How private subnets reach the internet.
    #[serde(default)]
    pub nat_gateways: NatGateways,
    /// How large subnets and clusters are.
    #[serde(default)]
    pub sizes: Sizes,
    /// Ranges that are used otherwise and must be left alone: a peer's, a VPN's, subnets that exist already. Inside
    /// the VPC's range they keep clusters away; a subnet of the base network that would overlap one is an error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved: Vec<Cidr>,
    /// Tags for everything that can bear them. `Name` and, on subnets, `Tier` are the layer's own and win.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Further tags for the subnets of a tier.
    ///
    /// Kubernetes' `kubernetes.io/role/elb` and `kubernetes.io/role/internal-elb` are not set unless written here:
    /// clusters that bring their own subnets would find two a zone to put a load balancer in. Clusters that live in
    /// these subnets need them on `public` and on the private tier they use.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub subnet_tags: BTreeMap<Tier, BTreeMap<String, String>>,
}

/// What a subnet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Shared internal tools; private.
    Admin,
    /// What faces the internet.
    Public,
    /// What serves customers; private.
    PrivateProduction,
    /// What serves no customer; private.
    PrivateWorking,
}

/// How private subnets reach the internet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NatGateways {
    /// By a managed NAT gateway in their own zone.
    #[default]
    PerZone,
    /// By one in the first zone, on which all others then depend: cheaper, and a single point of failure. Going on
    /// to one per zone keeps it and changes the other zones' routes in place.
    One,
    /// Not at all.
    None,
}

/// Sizes as prefix lengths, where they are not to be as usual.
///
/// Each tier has an eighth of the VPC's range for the subnets of all zones; the upper half is the clusters'. So a
/// tier's size moves no other tier, and more zones move nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sizes {
    /// Public subnets. Unless said, the VPC's prefix length + 6, so that [`MOST_ZONES`](crate::MOST_ZONES) fit: /22
    /// in a /16. With + 5 there is room for four zones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<u8>,
    /// Admin subnets, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin: Option<u8>,
    /// Private working subnets, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_working: Option<u8>,
    /// Private production subnets, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_production: Option<u8>,
    /// All of a cluster's subnets together. Unless said, the VPC's prefix length + 3, which makes four clusters,
    /// but no smaller than /21: /19 in a /16.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<u8>,
}

impl Default for BaseNetwork {
    fn default() -> Self {
        Self {
            name: "base".into(),
            region: "us-east-2".into(),
            cidr: usual_range(),
            zones: Zones::default(),
            nat_gateways: NatGateways::default(),
            sizes: Sizes::default(),
            reserved: Vec::new(),
            tags: BTreeMap::new(),
            subnet_tags: BTreeMap::new(),
        }
    }
}

impl Tier {
    /// All tiers, in the order of their ranges.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Public, Self::PrivateProduction, Self::PrivateWorking];

    /// The name as nodes and tags bear it: `private-working`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Public => "public",
            Self::PrivateProduction => "private-production",
            Self::PrivateWorking => "private-working",
        }
    }

    /// The name as fields and outputs bear it: `private_working`.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Public => "public",
            Self::PrivateProduction => "private_production",
            Self::PrivateWorking => "private_working",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Sizes {
    /// The size asked for of a tier's subnets.
    pub fn of(&self, tier: Tier) -> Option<u8> {
        match tier {
            Tier::Admin => self.admin,
            Tier::Public => self.public,
            Tier::PrivateProduction => self.private_production,
            Tier::PrivateWorking => self.private_working,
        }
    }
}

fn usual_range() -> Cidr {
    Cidr::containing(IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 20, 0, 0), 16)))
}
