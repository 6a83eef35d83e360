//! Address ranges: splitting a network, giving subnets their ranges.
//!
//! Follows kops `upup/pkg/fi/cloudup/subnets.go` and `pkg/util/subnet` (`cidrmap.go` for Google).

use crate::spec::{Subnet, SubnetType};
use ipnet::{IpNet, Ipv4Net};
use landform_core::Cidr;

/// Whether two ranges have an address in common.
pub fn overlap(a: &IpNet, b: &IpNet) -> bool {
    a.contains(b) || b.contains(a)
}

/// Why subnets cannot get ranges.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssignError {
    /// The network is too small for so many parts.
    #[error("{network} is too small to be split into {parts} subnets")]
    TooSmall {
        /// The network.
        network: Ipv4Net,
        /// How many parts were needed.
        parts: usize,
    },
    /// No part of the network is free.
    #[error("no part of {network} is left for subnet {subnet:?}; give it a cidr of its own")]
    Exhausted {
        /// The network.
        network: Ipv4Net,
        /// The first subnet that got none.
        subnet: String,
    },
}

/// Gives each subnet without a range a part of `network`, as kops does. The network is split into 1, 2, 4 or 8 parts.
/// Parts that overlap given ranges are left out. The first part left is split into 8 for the utility subnets. The
/// others serve the remaining subnets. Both follow the order of zones.
///
/// # Errors
/// The network is too small or has no part left.
pub fn assign(network: Ipv4Net, subnets: &mut [Subnet]) -> Result<(), AssignError> {
    let range = |subnet: &Subnet| subnet.cidr.as_ref().map(|range| range.net());
    let inside = |subnet: &Subnet| match range(subnet) {
        Some(IpNet::V4(cidr)) => network.contains(&cidr.network()),
        _ => true,
    };
    let reserved: Vec<IpNet> = subnets.iter().filter(|subnet| inside(subnet)).filter_map(range).collect();
    let mut order: Vec<usize> = (0..subnets.len()).filter(|&index| inside(&subnets[index])).collect();
    order.sort_by(|&a, &b| subnets[a].zone.cmp(&subnets[b].zone));
    let (little, big): (Vec<usize>, Vec<usize>) =
        order.into_iter().partition(|&index| subnets[index].kind() == SubnetType::Utility);
    let needs = |index: usize| needs_range(&subnets[index]);
    if !little.iter().chain(&big).any(|&index| needs(index)) {
        return Ok(());
    }

    let parts = (big.len() + usize::from(!little.is_empty())).next_power_of_two().clamp(1, 8);
    let free: Vec<Ipv4Net> = split(network, parts)?
        .into_iter()
        .filter(|part| !reserved.iter().any(|other| overlap(other, &IpNet::V4(*part))))
        .collect();
    let (first, rest) = match free.split_first() {
        Some((first, rest)) => (*first, rest),
        None => {
            let subnet = little.iter().chain(&big).find(|&&index| needs(index));
            let subnet = subnet.map(|&index| subnets[index].name.clone()).unwrap_or_default();
            return Err(AssignError::Exhausted { network, subnet });
        }
    };
    let (mut for_little, for_big) = if little.is_empty() {
        (Vec::new().into_iter(), free.clone())
    } else {
        (split(first, 8)?.into_iter(), rest.to_vec())
    };
    let mut for_big = for_big.into_iter();

    for (indices, ranges) in [(little, &mut for_little), (big, &mut for_big)] {
        for index in indices.into_iter().filter(|&index| needs_range(&subnets[index])).collect::<Vec<_>>() {
            let subnet = &mut subnets[index];
            let range = ranges.next();
            let range =
                range.ok_or_else(|| AssignError::Exhausted { network, subnet: subnet.name.clone() })?;
            subnet.cidr = Some(Cidr::containing(range.into()).into());
        }
    }
    Ok(())
}

/// The ranges that are in use, for networks without a range of their own, as on Google.
#[derive(Debug, Clone, Default)]
pub struct InUse(Vec<IpNet>);

impl InUse {
    /// Marks a range as used.
    pub fn mark(&mut self, range: impl Into<IpNet>) {
        self.0.push(range.into());
    }

    /// Takes the first free range with a prefix length out of a greater one, as kops does. The first range is left out.
    pub fn take(&mut self, from: Ipv4Net, prefix_length: u8) -> Option<Ipv4Net> {
        let free = |range: &Ipv4Net| !self.0.iter().any(|used| overlap(used, &IpNet::V4(*range)));
        let taken = from.subnets(prefix_length).ok()?.skip(1).find(free)?;
        self.mark(taken);
        Some(taken)
    }
}

/// Whether a subnet still needs an IPv4 range. A private subnet with an IPv6 range needs none.
pub fn needs_range(subnet: &Subnet) -> bool {
    subnet.cidr.is_none() && (subnet.ipv6_cidr.is_none() || subnet.kind() != SubnetType::Private)
}

fn split(network: Ipv4Net, parts: usize) -> Result<Vec<Ipv4Net>, AssignError> {
    let bits = parts.trailing_zeros() as u8;
    let too_small = AssignError::TooSmall { network, parts };
    network.subnets(network.prefix_len() + bits).map(Iterator::collect).map_err(|_| too_small)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn subnet(name: &str, kind: SubnetType, cidr: &str) -> Subnet {
        let zone = format!("us-test-1{}", &name[name.len() - 1..]);
        Subnet { name: name.into(), zone, r#type: Some(kind), cidr: cidr.parse().ok(), ..Subnet::default() }
    }

    fn assigned(network: &str, mut subnets: Vec<Subnet>) -> Vec<String> {
        assign(network.parse().unwrap(), &mut subnets).unwrap();
        subnets.into_iter().map(|subnet| subnet.cidr.unwrap().to_string()).collect()
    }

    #[test]
    fn free_ranges_are_taken_in_order() {
        let from: Ipv4Net = "10.0.0.0/8".parse().unwrap();
        let mut used = InUse::default();
        used.mark("10.0.32.0/20".parse::<Ipv4Net>().unwrap());
        let mut take = |length| used.take(from, length).unwrap().to_string();
        assert_eq!([take(20), take(20), take(14)], ["10.0.16.0/20", "10.0.48.0/20", "10.4.0.0/14"]);
        let small: Ipv4Net = "10.0.0.0/24".parse().unwrap();
        assert_eq!(InUse::default().take(small, 24), None);
        assert_eq!(InUse::default().take(small, 16), None);
    }

    #[test]
    fn blocks_do_not_overlap() {
        let mut used = InUse::default();
        let from = "10.0.0.0/8".parse().unwrap();
        let blocks = [14, 16, 19, 20, 20].map(|length| used.take(from, length).unwrap().to_string());
        assert_eq!(blocks, ["10.4.0.0/14", "10.1.0.0/16", "10.0.32.0/19", "10.0.16.0/20", "10.0.64.0/20"]);
    }

    #[test]
    fn one_public_subnet_takes_the_network() {
        assert_eq!(assigned("172.20.0.0/16", vec![subnet("a", SubnetType::Public, "")]), ["172.20.0.0/16"]);
    }

    #[test]
    fn private_and_utility_subnets_of_three_zones() {
        let kinds = [("a", SubnetType::Private), ("b", SubnetType::Private), ("c", SubnetType::Private)];
        let little =
            [("u-a", SubnetType::Utility), ("u-b", SubnetType::Utility), ("u-c", SubnetType::Utility)];
        let all = kinds.iter().chain(&little).map(|(name, kind)| subnet(name, *kind, "")).collect();
        assert_eq!(
            assigned("10.0.0.0/16", all),
            ["10.0.64.0/18", "10.0.128.0/18", "10.0.192.0/18", "10.0.0.0/21", "10.0.8.0/21", "10.0.16.0/21"]
        );
    }

    #[test]
    fn ranges_already_given_are_left_alone() {
        let all = vec![subnet("a", SubnetType::Public, "10.0.0.0/17"), subnet("b", SubnetType::Public, "")];
        assert_eq!(assigned("10.0.0.0/16", all), ["10.0.0.0/17", "10.0.128.0/17"]);
    }

    #[test]
    fn a_full_network_names_the_subnet() {
        let mut all =
            vec![subnet("a", SubnetType::Public, "10.0.0.0/16"), subnet("b", SubnetType::Public, "")];
        let error = assign("10.0.0.0/16".parse().unwrap(), &mut all).unwrap_err();
        assert_eq!(
            error,
            AssignError::Exhausted { network: "10.0.0.0/16".parse().unwrap(), subnet: "b".into() }
        );
    }
}
