//! The addresses of a base network on Google Cloud: primary ranges by region, and secondary ranges for pods and services.
//! Arithmetic only.

use std::collections::BTreeSet;

use ipnet::{IpNet, Ipv4Net};
use landform_core::Cidr;

use super::{BaseNetwork, Region};
use crate::{
    BaseNetworkError, Sizes, Tier,
    ranges::{Division, EIGHTHS, Ranges, cidr, eighth, overlapped, part},
};

/// The longest prefix of a subnetwork's range.
const LONGEST: u8 = 29;
/// The prefix lengths of the range that is divided. A tier's eighth of the smallest one is a single subnetwork.
const WHOLE: std::ops::RangeInclusive<u8> = 8..=LONGEST - EIGHTHS;
/// The prefix lengths of the range for pods and services.
const PODS: std::ops::RangeInclusive<u8> = 8..=14;
/// The longest prefix of a cluster's block of pods and services. Its pods then have a /21: the /24 of each of eight nodes.
const LONGEST_PODS: u8 = 20;

/// The addresses of a base network and of the clusters in it.
///
/// Both ranges have fixed parts: an eighth each for the admin, public, private production and private working
/// subnetworks, and the upper half for clusters. In each part, a region has its place, and a cluster has the place of its
/// number. So adding, removing or reserving something moves nothing else.
///
/// ```
/// use landform_vpc::{Tier, gce::BaseNetwork};
/// let addresses = BaseNetwork::default().addresses()?;
/// assert_eq!(addresses.subnet(Tier::Public, "us-central1").unwrap().to_string(), "10.20.32.0/22");
/// let second = addresses.cluster_block(1)?;
/// assert_eq!((second.cidr.to_string(), second.private.to_string()), ("10.20.160.0/19".into(), "10.20.160.0/20".into()));
/// assert_eq!((second.pods.to_string(), second.services.to_string()), ("100.104.0.0/14".into(), "100.108.0.0/16".into()));
/// # Ok::<(), landform_vpc::BaseNetworkError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressPlan {
    regions: Vec<Region>,
    whole: Ipv4Net,
    ranges: Ranges,
    pods: Ipv4Net,
    cluster_pods: Ranges,
}

/// The addresses for one cluster, in whichever region it is. A subnetwork serves all zones of its region, so the cluster
/// has one for its machines. With the defaults the sizes are those that kops gives a cluster: a /20, and for pods and
/// services a /14 and a /16.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterBlock {
    /// The number of the cluster, counted from 0.
    pub index: usize,
    /// The whole primary range. Three eighths of it are free.
    pub cidr: Cidr,
    /// The subnetwork for the control plane and the nodes: the lower half.
    pub private: Cidr,
    /// The subnetwork for bastions and internal load balancers: the next eighth.
    pub utility: Cidr,
    /// The secondary range for pods.
    pub pods: Cidr,
    /// The secondary range for services.
    pub services: Cidr,
}

/// Secondary ranges of a subnetwork.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondaryRanges {
    /// The range for pods.
    pub pods: Cidr,
    /// The range for services.
    pub services: Cidr,
}

impl BaseNetwork {
    /// Plans only the addresses.
    ///
    /// # Errors
    /// The regions, the ranges, the sizes or the reserved ranges allow no such network.
    pub fn addresses(&self) -> Result<AddressPlan, BaseNetworkError> {
        let (shortest, longest) = (*WHOLE.start(), *WHOLE.end());
        let whole = within(self.cidr, WHOLE).ok_or(BaseNetworkError::PlanRange {
            field: "cidr",
            found: self.cidr,
            shortest,
            longest,
        })?;
        let (shortest, longest) = (*PODS.start(), *PODS.end());
        let pods = within(self.pods, PODS).ok_or(BaseNetworkError::PlanRange {
            field: "pods",
            found: self.pods,
            shortest,
            longest,
        })?;
        if overlapped(&[self.cidr], self.pods).is_some() {
            return Err(BaseNetworkError::PodsOverlap { pods: self.pods, cidr: self.cidr });
        }
        let regions = self.regions.resolve()?;
        let reserved = &self.reserved;
        let division = Division { whole, sizes: &self.sizes, reserved, longest: LONGEST };
        let ranges = division.among(regions.iter().map(|region| (region.name.as_str(), region.place)))?;
        // As many clusters as in the primary range.
        let bits = ranges.cluster_room().checked_ilog2().unwrap_or(0) as u8;
        let cluster = pods.prefix_len() + 1 + bits;
        if cluster > LONGEST_PODS {
            let (pods, longest) = (self.pods, LONGEST_PODS);
            return Err(BaseNetworkError::FewPods { pods, asked: cluster, longest });
        }
        let sizes = &Sizes { cluster: Some(cluster), ..Sizes::default() };
        let cluster_pods =
            Division { whole: pods, sizes, reserved, longest: LONGEST }.among([].into_iter())?;
        let plan = AddressPlan { regions, whole, ranges, pods, cluster_pods };
        plan.check_secondary(&self.clusters_in, reserved)?;
        Ok(plan)
    }
}

impl AddressPlan {
    /// The regions, in the order of their places.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The subnetworks: one of each tier for each region, in the order of the regions' places.
    pub fn subnets(&self) -> impl Iterator<Item = (&Region, Tier, Cidr)> {
        let of_regions = self.regions.iter().zip(self.ranges.subnets());
        of_regions.flat_map(|(region, subnets)| subnets.map(move |(tier, range)| (region, tier, range)))
    }

    /// The range of a subnetwork; `None` if the network has no such region.
    pub fn subnet(&self, tier: Tier, region: &str) -> Option<Cidr> {
        let wanted = |found: &(&Region, Tier, Cidr)| found.0.name == region && found.1 == tier;
        self.subnets().find(wanted).map(|(_, _, range)| range)
    }

    /// The secondary ranges kept for a tier's subnetwork, whether it declares them or not; `None` if the network has no
    /// such region.
    pub fn secondary(&self, tier: Tier, region: &str) -> Option<SecondaryRanges> {
        let region = self.regions.iter().find(|known| known.name == region)?;
        Some(self.secondary_at(tier, region.place))
    }

    /// The range kept for the subnetworks of a tier in all regions, also in those that are added later: for firewall
    /// rules.
    pub fn tier(&self, tier: Tier) -> Cidr {
        cidr(eighth(self.whole, tier))
    }

    /// The range kept for the secondary ranges of a tier in all regions.
    pub fn tier_secondary(&self, tier: Tier) -> Cidr {
        cidr(eighth(self.pods, tier))
    }

    /// The whole range.
    pub fn cidr(&self) -> Cidr {
        cidr(self.whole)
    }

    /// The range of all tiers: the lower half.
    pub fn tiers(&self) -> Cidr {
        cidr(part(self.whole, self.whole.prefix_len() + 1, 0))
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
        let SecondaryRanges { pods, services } = secondary_of(self.cluster_pods.cluster(index)?);
        Ok(ClusterBlock {
            index,
            cidr: cidr(block),
            private: cidr(part(block, block.prefix_len() + 1, 0)),
            utility: cidr(part(block, block.prefix_len() + EIGHTHS, 4)),
            pods,
            services,
        })
    }

    /// The addresses of all clusters that fit, without reserved ones. The next cluster takes the first unused number.
    pub fn cluster_blocks(&self) -> impl Iterator<Item = ClusterBlock> + '_ {
        (0..self.cluster_room()).filter_map(|index| self.cluster_block(index).ok())
    }

    fn secondary_at(&self, tier: Tier, place: usize) -> SecondaryRanges {
        secondary_of(self.secondary_block(tier, place))
    }

    fn secondary_block(&self, tier: Tier, place: usize) -> Ipv4Net {
        part(eighth(self.pods, tier), self.pods.prefix_len() + 2 * EIGHTHS, place)
    }

    /// Refuses reserved addresses in the secondary ranges of these tiers.
    fn check_secondary(&self, tiers: &BTreeSet<Tier>, reserved: &[Cidr]) -> Result<(), BaseNetworkError> {
        for region in &self.regions {
            for tier in tiers {
                let SecondaryRanges { pods, services } = self.secondary_at(*tier, region.place);
                for (block, purpose) in [(pods, "pods"), (services, "services")] {
                    if let Some(reserved) = overlapped(reserved, block) {
                        let what = format!("the range for {purpose} of the {tier} subnet of {}", region.name);
                        return Err(BaseNetworkError::Reserved { reserved, block, what });
                    }
                }
            }
        }
        Ok(())
    }
}

/// The parts of a block for pods and services: its lower half, and the next eighth.
fn secondary_of(block: Ipv4Net) -> SecondaryRanges {
    SecondaryRanges {
        pods: cidr(part(block, block.prefix_len() + 1, 0)),
        services: cidr(part(block, block.prefix_len() + EIGHTHS, 4)),
    }
}

/// The range as IPv4, if its prefix length is one of these.
fn within(range: Cidr, lengths: std::ops::RangeInclusive<u8>) -> Option<Ipv4Net> {
    match range.net() {
        IpNet::V4(net) if lengths.contains(&net.prefix_len()) => Some(net),
        _ => None,
    }
}
