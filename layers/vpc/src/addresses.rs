//! The addresses of a VPC on AWS. Arithmetic only.

use ipnet::IpNet;
use landform_core::Cidr;

use crate::{
    BaseNetwork, BaseNetworkError, CloudName, Tier, Zone,
    ranges::{Division, EIGHTHS, Ranges, cidr, part},
};

/// The longest prefix of an AWS subnet, and of a VPC.
const LONGEST: u8 = 28;

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
    ranges: Ranges,
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
    /// The region, the range, the zones, the sizes or the reserved ranges allow no such network.
    pub fn addresses(&self) -> Result<AddressPlan, BaseNetworkError> {
        CloudName::Aws.check_region("region", &self.region)?;
        let IpNet::V4(vpc) = self.cidr.net() else {
            return Err(BaseNetworkError::VpcRange { found: self.cidr });
        };
        if !(16..=LONGEST).contains(&vpc.prefix_len()) {
            return Err(BaseNetworkError::VpcRange { found: self.cidr });
        }
        let zones = self.zones.resolve(&self.region)?;
        let division =
            Division { whole: vpc, sizes: &self.sizes, reserved: &self.reserved, longest: LONGEST };
        let ranges = division.among(zones.iter().map(|zone| (zone.name.as_str(), zone.place)))?;
        Ok(AddressPlan { zones, ranges })
    }
}

impl AddressPlan {
    /// The zones, in the order of their places.
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// The subnets: one of each tier for each zone, in the order of the zones' places.
    pub fn subnets(&self) -> impl Iterator<Item = (&Zone, Tier, Cidr)> {
        let of_zones = self.zones.iter().zip(self.ranges.subnets());
        of_zones.flat_map(|(zone, subnets)| subnets.map(move |(tier, range)| (zone, tier, range)))
    }

    /// The range of a subnet; `None` if the network has no such zone.
    pub fn subnet(&self, tier: Tier, zone: &str) -> Option<Cidr> {
        let wanted = |found: &(&Zone, Tier, Cidr)| found.0.name == zone && found.1 == tier;
        self.subnets().find(wanted).map(|(_, _, range)| range)
    }

    /// The range for clusters: the upper half.
    pub fn clusters(&self) -> Cidr {
        self.ranges.clusters()
    }

    /// How many clusters fit, including reserved ones.
    pub fn cluster_room(&self) -> usize {
        self.ranges.cluster_room()
    }

    /// The addresses of a cluster, counted from 0. The same number always has the same addresses.
    ///
    /// # Errors
    /// So many clusters do not fit, or a part of this one is reserved.
    pub fn cluster_block(&self, index: usize) -> Result<ClusterBlock, BaseNetworkError> {
        let block = self.ranges.cluster(index)?;
        let eighth = block.prefix_len() + EIGHTHS;
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
}

#[cfg(test)]
mod tests;
