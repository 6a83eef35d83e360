//! A range of addresses, divided among tiers, places and clusters. Arithmetic only, the same on every cloud. A place is
//! what a cloud's subnets belong to: a zone on AWS, a region on Google Cloud.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};
use landform_core::Cidr;

use crate::{BaseNetworkError, Sizes, Tier};

/// The number of additional prefix bits for an eighth.
pub(crate) const EIGHTHS: u8 = 3;
/// The longest prefix of a cluster's block. On AWS its utility subnets are then /27, the smallest that AWS's load
/// balancers accept.
pub(crate) const LONGEST_CLUSTER: u8 = 21;

/// How to divide a range.
pub(crate) struct Division<'a> {
    /// The whole range.
    pub whole: Ipv4Net,
    pub sizes: &'a Sizes,
    pub reserved: &'a [Cidr],
    /// The longest prefix of a subnet on this cloud.
    pub longest: u8,
}

/// A divided range: an eighth for the subnets of each tier, and the upper half for clusters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ranges {
    whole: Ipv4Net,
    /// For each place, a subnet of each tier in the order of [`Tier::ALL`].
    subnets: Vec<[Cidr; 4]>,
    cluster: u8,
    reserved: Vec<Cidr>,
}

impl Division<'_> {
    /// Divides the range among places, which are given with their names.
    pub fn among<'p>(
        &self,
        places: impl Iterator<Item = (&'p str, usize)>,
    ) -> Result<Ranges, BaseNetworkError> {
        let subnets = places.map(|(name, place)| self.subnets(name, place)).collect::<Result<_, _>>()?;
        let usual = (self.whole.prefix_len() + EIGHTHS).min(LONGEST_CLUSTER);
        let ranges = Ranges {
            whole: self.whole,
            subnets,
            cluster: self.sizes.cluster.unwrap_or(usual),
            reserved: self.reserved.to_vec(),
        };
        if ranges.cluster > LONGEST_CLUSTER {
            let (asked, longest) = (ranges.cluster, LONGEST_CLUSTER);
            return Err(BaseNetworkError::TooSmall { field: "cluster", asked, longest });
        }
        if self.sizes.cluster.is_some() && ranges.cluster_room() == 0 {
            return Err(ranges.no_room_for(0));
        }
        Ok(ranges)
    }

    /// The subnets of a place, in the order of [`Tier::ALL`].
    fn subnets(&self, name: &str, place: usize) -> Result<[Cidr; 4], BaseNetworkError> {
        let mut subnets = [cidr(self.whole); 4];
        for (tier, subnet) in Tier::ALL.into_iter().zip(&mut subnets) {
            let asked = self.sizes.of(tier).unwrap_or(self.whole.prefix_len() + 2 * EIGHTHS);
            if asked > self.longest {
                let (field, longest) = (tier.field(), self.longest);
                return Err(BaseNetworkError::TooSmall { field, asked, longest });
            }
            let kept = eighth(self.whole, tier);
            let room = room(kept, asked);
            if place >= room {
                let (zone, kept) = (name.to_owned(), cidr(kept));
                return Err(BaseNetworkError::TierExhausted { tier, zone, place, asked, kept, room });
            }
            *subnet = cidr(part(kept, asked, place));
            if let Some(reserved) = overlapped(self.reserved, *subnet) {
                let what = format!("the {tier} subnet of {name}");
                return Err(BaseNetworkError::Reserved { reserved, block: *subnet, what });
            }
        }
        Ok(subnets)
    }
}

impl Ranges {
    /// The subnets of each place, in the order in which the places were given.
    pub fn subnets(&self) -> impl Iterator<Item = impl Iterator<Item = (Tier, Cidr)> + use<>> {
        self.subnets.iter().map(|ranges| Tier::ALL.into_iter().zip(*ranges))
    }

    /// The upper half.
    pub fn clusters(&self) -> Cidr {
        cidr(self.upper())
    }

    /// How many clusters fit, including reserved ones.
    pub fn cluster_room(&self) -> usize {
        room(self.upper(), self.cluster)
    }

    /// The block of a cluster, counted from 0. The same number always has the same block.
    pub fn cluster(&self, index: usize) -> Result<Ipv4Net, BaseNetworkError> {
        if index >= self.cluster_room() {
            return Err(self.no_room_for(index));
        }
        let block = part(self.upper(), self.cluster, index);
        match overlapped(&self.reserved, cidr(block)) {
            None => Ok(block),
            Some(reserved) => {
                let what = format!("the addresses of cluster {index}");
                Err(BaseNetworkError::Reserved { reserved, block: cidr(block), what })
            }
        }
    }

    fn upper(&self) -> Ipv4Net {
        part(self.whole, self.whole.prefix_len() + 1, 1)
    }

    fn no_room_for(&self, index: usize) -> BaseNetworkError {
        let (asked, kept, room) = (self.cluster, self.clusters(), self.cluster_room());
        BaseNetworkError::ClustersExhausted { index, asked, kept, room }
    }
}

/// The eighth of a range that holds the subnets of a tier.
pub(crate) fn eighth(whole: Ipv4Net, tier: Tier) -> Ipv4Net {
    let number = Tier::ALL.into_iter().take_while(|other| *other != tier).count();
    part(whole, whole.prefix_len() + EIGHTHS, number)
}

/// How many networks with a prefix length fit into a network.
pub(crate) fn room(network: Ipv4Net, prefix_len: u8) -> usize {
    prefix_len.checked_sub(network.prefix_len()).map_or(0, |bits| 1 << bits)
}

/// One of the equal parts of a network. The caller has checked the [`room`].
pub(crate) fn part(network: Ipv4Net, prefix_len: u8, number: usize) -> Ipv4Net {
    debug_assert!(number < room(network, prefix_len), "part {number} of /{prefix_len} in {network}");
    let offset = (number as u64) << (32 - prefix_len);
    let address = Ipv4Addr::from_bits(network.network().to_bits() + offset as u32);
    Ipv4Net::new_assert(address, prefix_len)
}

/// The first reserved range that overlaps a block.
pub(crate) fn overlapped(reserved: &[Cidr], block: Cidr) -> Option<Cidr> {
    reserved.iter().copied().find(|other| other.contains(&block.net()) || block.contains(&other.net()))
}

pub(crate) fn cidr(network: Ipv4Net) -> Cidr {
    Cidr::containing(IpNet::V4(network))
}
