//! The addresses of a VPC, divided among tiers, zones and clusters. Arithmetic only.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};
use landform_core::Cidr;

use crate::{BaseNetwork, BaseNetworkError, Tier, Zone};

/// The longest prefix of an AWS subnet, and of a VPC.
const LONGEST: u8 = 28;
/// The longest prefix of a cluster's block. Its utility subnets are then /27, the smallest that AWS's load balancers
/// accept.
const LONGEST_CLUSTER: u8 = 21;
/// The number of additional prefix bits for an eighth.
const EIGHTHS: u8 = 3;

/// The addresses of a base network and of the clusters in it.
///
/// The range has fixed parts: an eighth each for the admin, public, private production and private working subnets, and
/// the upper half for clusters. In each part, a zone has the place of its letter, and a cluster has the place of its
/// number. So adding, removing or reserving something moves nothing else.
///
/// ```
/// use landform_vpc::{BaseNetwork, Tier};
/// let addresses = BaseNetwork::default().addresses()?;
/// assert_eq!(addresses.subnet(Tier::Public, "us-east-2b").unwrap().to_string(), "10.20.36.0/22");
/// let second = addresses.cluster_block(1)?;
/// assert_eq!(second.cidr.to_string(), "10.20.160.0/19");
/// assert_eq!(second.zones[0].private.to_string(), "10.20.164.0/22");
/// assert_eq!(second.zones[0].utility.to_string(), "10.20.160.0/25");
/// # Ok::<(), landform_vpc::BaseNetworkError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressPlan {
    zones: Vec<Zone>,
    subnets: Vec<[Cidr; 4]>,
    clusters: Ipv4Net,
    cluster: u8,
    reserved: Vec<Cidr>,
}

/// The addresses for one cluster. Each zone has two subnets of them.
///
/// The block is split in eighths, as kops splits the network of a cluster in up to seven zones. The first eighth is
/// split again for the utility subnets. Each other eighth is the private subnet of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterBlock {
    /// The number of the cluster, counted from 0.
    pub index: usize,
    /// The whole range.
    pub cidr: Cidr,
    /// The zones, in the order of their places.
    pub zones: Vec<ClusterZone>,
}

/// A cluster's addresses in one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterZone {
    /// The zone.
    pub zone: String,
    /// The subnet for the control plane and the nodes.
    pub private: Cidr,
    /// The subnet for load balancers and bastions.
    pub utility: Cidr,
}

impl BaseNetwork {
    /// Plans only the addresses.
    ///
    /// # Errors
    /// The range, the zones, the sizes or the reserved ranges allow no such network.
    pub fn addresses(&self) -> Result<AddressPlan, BaseNetworkError> {
        let IpNet::V4(vpc) = self.cidr.net() else {
            return Err(BaseNetworkError::VpcRange { found: self.cidr });
        };
        if !(16..=LONGEST).contains(&vpc.prefix_len()) {
            return Err(BaseNetworkError::VpcRange { found: self.cidr });
        }
        let zones = self.zones.resolve(&self.region)?;
        let subnets = zones.iter().map(|zone| self.subnets(vpc, zone)).collect::<Result<_, _>>()?;
        let plan = AddressPlan {
            zones,
            subnets,
            clusters: part(vpc, vpc.prefix_len() + 1, 1),
            cluster: self.sizes.cluster.unwrap_or((vpc.prefix_len() + EIGHTHS).min(LONGEST_CLUSTER)),
            reserved: self.reserved.clone(),
        };
        if plan.cluster > LONGEST_CLUSTER {
            let (asked, longest) = (plan.cluster, LONGEST_CLUSTER);
            return Err(BaseNetworkError::TooSmall { field: "cluster", asked, longest });
        }
        if self.sizes.cluster.is_some() && plan.cluster_room() == 0 {
            return Err(plan.no_room_for(0));
        }
        Ok(plan)
    }

    /// A zone's subnets, in the order of [`Tier::ALL`].
    fn subnets(&self, vpc: Ipv4Net, zone: &Zone) -> Result<[Cidr; 4], BaseNetworkError> {
        let mut subnets = [self.cidr; 4];
        for (number, (tier, subnet)) in Tier::ALL.into_iter().zip(&mut subnets).enumerate() {
            let asked = self.sizes.of(tier).unwrap_or(vpc.prefix_len() + 2 * EIGHTHS);
            if asked > LONGEST {
                return Err(BaseNetworkError::TooSmall { field: tier.field(), asked, longest: LONGEST });
            }
            let kept = part(vpc, vpc.prefix_len() + EIGHTHS, number);
            let room = room(kept, asked);
            if zone.place >= room {
                let (zone, place) = (zone.name.clone(), zone.place);
                return Err(BaseNetworkError::TierExhausted {
                    tier,
                    zone,
                    place,
                    asked,
                    kept: cidr(kept),
                    room,
                });
            }
            *subnet = cidr(part(kept, asked, zone.place));
            if let Some(reserved) = overlapped(&self.reserved, *subnet) {
                let what = format!("the {tier} subnet of {}", zone.name);
                return Err(BaseNetworkError::Reserved { reserved, block: *subnet, what });
            }
        }
        Ok(subnets)
    }
}

impl AddressPlan {
    /// The zones, in the order of their places.
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// The subnets: one of each tier for each zone, in the order of the zones' places.
    pub fn subnets(&self) -> impl Iterator<Item = (&Zone, Tier, Cidr)> {
        let of = |zone, ranges: &[Cidr; 4]| {
            Tier::ALL.into_iter().zip(*ranges).map(move |(tier, range)| (zone, tier, range))
        };
        self.zones.iter().zip(&self.subnets).flat_map(move |(zone, ranges)| of(zone, ranges))
    }

    /// The range of a subnet; `None` if the network has no such zone.
    pub fn subnet(&self, tier: Tier, zone: &str) -> Option<Cidr> {
        let wanted = |found: &(&Zone, Tier, Cidr)| found.0.name == zone && found.1 == tier;
        self.subnets().find(wanted).map(|(_, _, range)| range)
    }

    /// The range for clusters: the upper half.
    pub fn clusters(&self) -> Cidr {
        cidr(self.clusters)
    }

    /// How many clusters fit, including reserved ones.
    pub fn cluster_room(&self) -> usize {
        room(self.clusters, self.cluster)
    }

    /// The addresses of a cluster, counted from 0. The same number always has the same addresses.
    ///
    /// # Errors
    /// So many clusters do not fit, or a part of this one is reserved.
    pub fn cluster_block(&self, index: usize) -> Result<ClusterBlock, BaseNetworkError> {
        if index >= self.cluster_room() {
            return Err(self.no_room_for(index));
        }
        let block = part(self.clusters, self.cluster, index);
        if let Some(reserved) = overlapped(&self.reserved, cidr(block)) {
            let what = format!("the addresses of cluster {index}");
            return Err(BaseNetworkError::Reserved { reserved, block: cidr(block), what });
        }
        let eighth = self.cluster + EIGHTHS;
        let for_utility = part(block, eighth, 0);
        let zones = self.zones.iter().map(|zone| ClusterZone {
            zone: zone.name.clone(),
            private: cidr(part(block, eighth, zone.place + 1)),
            utility: cidr(part(for_utility, eighth + EIGHTHS, zone.place)),
        });
        Ok(ClusterBlock { index, cidr: cidr(block), zones: zones.collect() })
    }

    /// The addresses of all clusters that fit, without reserved ones. The next cluster takes the first unused number.
    pub fn cluster_blocks(&self) -> impl Iterator<Item = ClusterBlock> + '_ {
        (0..self.cluster_room()).filter_map(|index| self.cluster_block(index).ok())
    }

    fn no_room_for(&self, index: usize) -> BaseNetworkError {
        let (asked, kept, room) = (self.cluster, self.clusters(), self.cluster_room());
        BaseNetworkError::ClustersExhausted { index, asked, kept, room }
    }
}

/// How many networks with a prefix length fit into a network.
fn room(network: Ipv4Net, prefix_len: u8) -> usize {
    prefix_len.checked_sub(network.prefix_len()).map_or(0, |bits| 1 << bits)
}

/// One of the equal parts of a network. The caller has checked the [`room`].
fn part(network: Ipv4Net, prefix_len: u8, number: usize) -> Ipv4Net {
    debug_assert!(number < room(network, prefix_len), "part {number} of /{prefix_len} in {network}");
    let offset = (number as u64) << (32 - prefix_len);
    let address = Ipv4Addr::from_bits(network.network().to_bits() + offset as u32);
    Ipv4Net::new_assert(address, prefix_len)
}

fn overlapped(reserved: &[Cidr], block: Cidr) -> Option<Cidr> {
    reserved.iter().copied().find(|other| other.contains(&block.net()) || block.contains(&other.net()))
}

fn cidr(network: Ipv4Net) -> Cidr {
    Cidr::containing(IpNet::V4(network))
}

#[cfg(test)]
mod tests;
