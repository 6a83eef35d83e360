//! The network of a cluster: its range, the ranges and zones of its subnets, its region, and its public addresses.

use super::NetworkSource;
use crate::cidr::{self, needs_range};
use crate::lookup::Lookup;
use crate::problem::Kind;
use crate::spec::values::Written;
use crate::spec::{ClusterSpec, Subnet};
use crate::validate::Report;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use landform_core::Cidr;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// The range of a new network.
const NETWORK: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(172, 20, 0, 0), 16);
/// The range inside a cluster, which machines do not translate on the way out.
const INSIDE: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10);

/// The usual range inside a cluster.
pub(crate) fn inside() -> Written<Cidr> {
    Cidr::containing(INSIDE.into()).into()
}

/// Sets the network's range, and the ranges and zones of its subnets: from the existing network, or from defaults.
/// Returns the IPv6 range of an existing network.
pub(crate) fn populate(
    cluster: &mut ClusterSpec,
    source: &NetworkSource,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Option<Ipv6Net> {
    let looked_up = (*source == NetworkSource::Spec && cluster.shares_network())
        .then(|| lookup.network(&cluster.network_id));
    if looked_up == Some(None) {
        report.add(Kind::NotFound, "spec.networkID", format!("there is no network {}", cluster.network_id));
    }
    let network = looked_up.flatten();
    if cluster.network_cidr.is_none() {
        match (source, &network) {
            (NetworkSource::Given { cidr: Some(given), .. }, _) => {
                cluster.network_cidr = Some(Cidr::containing((*given).into()).into());
            }
            (NetworkSource::Given { cidr: None, .. }, _) => {
                let detail = "expected the range of the given network";
                report.required("spec.networkCIDR", detail);
            }
            (NetworkSource::Spec, Some(network)) => {
                cluster.network_cidr = Some(Cidr::containing(network.cidr.into()).into());
            }
            (NetworkSource::Spec, None) => {
                cluster.network_cidr = Some(Cidr::containing(NETWORK.into()).into());
            }
        }
        let by_plugin = cluster.has_plugin(|networking| networking.amazonvpc.is_some());
        if by_plugin && !cluster.is_ipv6_only() {
            cluster.non_masquerade_cidr.clone_from(&cluster.network_cidr);
        }
    }
    cluster.non_masquerade_cidr.get_or_insert_with(inside);
    for (index, subnet) in cluster.subnets.iter_mut().enumerate() {
        let Some(network) = network.as_ref().filter(|_| subnet.is_shared()) else { continue };
        let path = format!("spec.subnets[{index}]");
        let Some(known) = network.subnets.iter().find(|known| known.id == subnet.id) else {
            let detail = format!("the network {} has no subnet {}", cluster.network_id, subnet.id);
            report.add(Kind::NotFound, format!("{path}.id"), detail);
            continue;
        };
        let range = known.cidr.map(|range| Cidr::containing(range.into()));
        let differs = |given: &str, known: &str| format!("{given:?}: the existing subnet has {known:?}");
        match &subnet.cidr {
            None => subnet.cidr = range.map(Into::into),
            Some(given) if Some(**given) != range => {
                let known = range.map(|range| range.to_string()).unwrap_or_default();
                report.invalid(format!("{path}.cidr"), differs(given.as_str(), &known));
            }
            Some(_) => {}
        }
        if subnet.zone.is_empty() {
            subnet.zone.clone_from(&known.zone);
        } else if subnet.zone != known.zone {
            report.invalid(format!("{path}.zone"), differs(&subnet.zone, &known.zone));
        }
    }
    assign_ranges(cluster, source, report);
    network.and_then(|network| network.ipv6_cidr)
}

/// Gives ranges to the subnets that need one.
fn assign_ranges(cluster: &mut ClusterSpec, source: &NetworkSource, report: &mut Report) {
    let given = |subnet: &Subnet| match source {
        NetworkSource::Spec => false,
        NetworkSource::Given { subnets, .. } => subnets.contains(&subnet.name),
    };
    // An existing subnet has a range already. The spec need not know it.
    let mut subnets = cluster.subnets.clone();
    subnets.retain(|subnet| !(given(subnet) && needs_range(subnet)));
    let Some(network) = &cluster.network_cidr else { return };
    if !subnets.iter().any(needs_range) {
        return;
    }
    let IpNet::V4(network) = network.net() else {
        return report.invalid("spec.networkCIDR", format!("{network}: expected an IPv4 range"));
    };
    if let Err(error) = cidr::assign(network, &mut subnets) {
        return report.forbidden("spec.subnets", error.to_string());
    }
    let mut assigned = subnets.into_iter().peekable();
    for subnet in &mut cluster.subnets {
        if let Some(assigned) = assigned.next_if(|assigned| assigned.name == subnet.name) {
            *subnet = assigned;
        }
    }
}

/// The region of the subnets' zones.
pub(super) fn find_region(cluster: &ClusterSpec, lookup: &impl Lookup, report: &mut Report) -> String {
    let mut region = String::new();
    for (index, subnet) in cluster.subnets.iter().enumerate().filter(|(_, subnet)| !subnet.zone.is_empty()) {
        let path = format!("spec.subnets[{index}].zone");
        if !lookup.has_zone(&subnet.zone) {
            report.add(Kind::NotFound, path, format!("there is no zone {:?}", subnet.zone));
            continue;
        }
        let here = subnet.zone.trim_end_matches(|last: char| last.is_ascii_lowercase());
        if region.is_empty() {
            region = here.into();
        } else if region != here {
            report.forbidden(
                path,
                format!("{here}: a cluster cannot span regions, and the other subnets are in {region}"),
            );
        }
    }
    region
}

/// The allocations of the public addresses that subnets name for their NAT gateways.
pub(super) fn find_allocations(
    cluster: &ClusterSpec,
    lookup: &impl Lookup,
    report: &mut Report,
) -> BTreeMap<Ipv4Addr, String> {
    let mut found = BTreeMap::new();
    for (index, subnet) in cluster.subnets.iter().enumerate() {
        let Some(address) = &subnet.public_ip else { continue };
        match lookup.allocation(address.as_str()) {
            Some(allocation) => drop(found.insert(**address, allocation)),
            None => {
                let path = format!("spec.subnets[{index}].publicIP");
                let detail = format!("there is no address {:?}", address.as_str());
                report.add(Kind::NotFound, path, detail);
            }
        }
    }
    found
}
