//! The description of a base network: the input of this layer, as code or as a file. Holds values; checks nothing.

use std::{collections::BTreeMap, fmt, net::Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};
use landform_core::Cidr;
use serde::{Deserialize, Serialize};

use crate::Zones;

/// A base network. In code, start from [`BaseNetwork::default`]. In a file, only `name` and `region` are required.
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
    /// The name of the VPC, and the beginning of all other node names: letters, digits, `_` and `-`, beginning with a
    /// letter or `_`. Networks in one stack need different names.
    pub name: String,
    /// The region of the zones, such as `us-east-2`.
    pub region: String,
    /// The IPv4 range of the VPC, with a prefix length of 16 to 28. By default `10.20.0.0/16`.
    #[serde(default = "usual_range")]
    pub cidr: Cidr,
    /// The availability zones. By default three.
    #[serde(default)]
    pub zones: Zones,
    /// How private subnets reach the internet.
    #[serde(default)]
    pub nat_gateways: NatGateways,
    /// The sizes of subnets and clusters.
    #[serde(default)]
    pub sizes: Sizes,
    /// Ranges that other networks use: a peer's, a VPN's, existing subnets. Inside the range of the VPC, clusters avoid
    /// them. A subnet of the base network that would overlap one is an error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved: Vec<Cidr>,
    /// Tags for everything that can have tags. The layer sets `Name` and, on subnets, `Tier` itself; these win.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Additional tags for the subnets of a tier.
    ///
    /// The layer does not set Kubernetes' `kubernetes.io/role/elb` and `kubernetes.io/role/internal-elb`, unless they
    /// are given here: clusters with their own subnets would find two subnets for a load balancer in each zone.
    /// Clusters in these subnets need them on `public` and on their private tier.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub subnet_tags: BTreeMap<Tier, BTreeMap<String, String>>,
}

/// The purpose of a subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Shared internal tools; private.
    Admin,
    /// Internet-facing services.
    Public,
    /// Services for customers, in private subnets.
    PrivateProduction,
    /// Internal services, in private subnets.
    PrivateWorking,
}

/// How private subnets reach the internet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NatGateways {
    /// Through a managed NAT gateway in their own zone.
    #[default]
    PerZone,
    /// Through one NAT gateway in the first zone, on which all other zones depend. This is cheaper, but a single point
    /// of failure. A later change to one per zone keeps it, and changes the routes of the other zones in place.
    One,
    /// Private subnets have no way to the internet.
    None,
}

/// Sizes as prefix lengths, where they differ from the defaults.
///
/// Each tier has an eighth of the VPC's range for the subnets of all zones. The upper half is for clusters. So the size
/// of a tier moves no other tier, and more zones move nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sizes {
    /// Public subnets. By default the VPC's prefix length + 6, so that [`MOST_ZONES`](crate::MOST_ZONES) fit: /22 in a
    /// /16. With + 5, four zones fit.
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
    /// All subnets of a cluster together. By default the VPC's prefix length + 3, which makes four clusters, but no
    /// smaller than /21: /19 in a /16.
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

    /// The name in nodes and tags: `private-working`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Public => "public",
            Self::PrivateProduction => "private-production",
            Self::PrivateWorking => "private-working",
        }
    }

    /// The name in fields and outputs: `private_working`.
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
    /// The given size of a tier's subnets.
    pub fn of(&self, tier: Tier) -> Option<u8> {
        match tier {
            Tier::Admin => self.admin,
            Tier::Public => self.public,
            Tier::PrivateProduction => self.private_production,
            Tier::PrivateWorking => self.private_working,
        }
    }
}

pub(crate) fn usual_range() -> Cidr {
    Cidr::containing(IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 20, 0, 0), 16)))
}
