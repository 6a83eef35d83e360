//! Rules of subnets.

use super::Report;
use crate::cidr::overlap;
use crate::problem::Kind;
use crate::spec::values::{Notation, RouteTarget, text};
use crate::spec::{Cloud, ClusterSpec, Route, Subnet, SubnetType};
use landform_core::Cidr;
use std::collections::{BTreeMap, HashMap};

pub(super) fn check(cluster: &ClusterSpec, networks: &[Cidr], report: &mut Report) {
    let has_none =
        matches!(cluster.cloud_provider, Some(Cloud::DigitalOcean | Cloud::Hetzner | Cloud::Linode));
    if cluster.subnets.is_empty() && !has_none {
        report.required("spec.subnets", "expected at least one subnet");
    }
    let mut names = HashMap::new();
    let mut ranges: Vec<(Cidr, &str)> = Vec::new();
    for (index, subnet) in cluster.subnets.iter().enumerate() {
        let path = format!("spec.subnets[{index}]");
        if subnet.name.is_empty() {
            report.required(format!("{path}.name"), "expected the subnet's name");
        } else if names.insert(&subnet.name, index).is_some() {
            report.add(
                Kind::Duplicate,
                format!("{path}.name"),
                format!("another subnet is named {:?}, too", subnet.name),
            );
        }
        if subnet.is_shared() != cluster.subnets[0].is_shared() {
            let detail =
                "expected an id for all subnets or for none: existing and new subnets cannot be mixed";
            report.forbidden(format!("{path}.id"), detail);
        }
        check_type(cluster, subnet, &path, report);
        check_range(cluster, subnet, &path, networks, &mut ranges, report);
        check_egress(subnet, &path, report);
        check_routes(subnet, &path, networks, report);
    }
    if cluster.is_on(Cloud::Aws) {
        check_zones(cluster, report);
    }
}

fn check_type(cluster: &ClusterSpec, subnet: &Subnet, path: &str, report: &mut Report) {
    match cluster.cloud_provider {
        Some(Cloud::Aws) => {
            if subnet.zone.is_empty() && !subnet.is_shared() {
                report.required(format!("{path}.zone"), "expected the subnet's zone, such as us-east-2a");
            }
            if subnet.r#type.is_none() {
                report.required(format!("{path}.type"), "expected Public, Private, DualStack or Utility");
            }
        }
        Some(Cloud::Gce) => {
            if subnet.region.is_empty() {
                report.required(
                    format!("{path}.region"),
                    "expected the subnet's region: subnets on GCE are regional",
                );
            } else if subnet.region != cluster.subnets[0].region {
                report.forbidden(format!("{path}.region"), "a cluster cannot span regions");
            }
        }
        _ => {}
    }
    if subnet.r#type == Some(SubnetType::DualStack) && !cluster.is_ipv6_only() {
        report.forbidden(format!("{path}.type"), "DualStack needs an IPv6 cluster (nonMasqueradeCIDR ::/0)");
    }
    if subnet.ipv6_cidr.is_some() && !cluster.is_on(Cloud::Aws) {
        report.forbidden(format!("{path}.ipv6CIDR"), "IPv6 ranges of subnets are for AWS only");
    }
}

fn check_range<'s>(
    cluster: &ClusterSpec,
    subnet: &'s Subnet,
    path: &str,
    networks: &[Cidr],
    ranges: &mut Vec<(Cidr, &'s str)>,
    report: &mut Report,
) {
    let Some(range) = &subnet.cidr else { return };
    let path = format!("{path}.cidr");
    if !networks.is_empty() && !networks.iter().any(|network| network.contains(&range.net())) {
        let networks: Vec<_> = networks.iter().map(Cidr::to_string).collect();
        report
            .forbidden(&path, format!("{range} is not inside the network's range {}", networks.join(" or ")));
    }
    if let Some((other, name)) = ranges.iter().find(|(other, _)| overlap(other, range)) {
        report.forbidden(&path, format!("{range} overlaps {other} of subnet {name}"));
    }
    let by_plugin = cluster.has_plugin(|networking| networking.amazonvpc.is_some());
    let inner = [
        ("podCIDR", &cluster.pod_cidr, by_plugin),
        ("serviceClusterIPRange", &cluster.service_cluster_ip_range, false),
    ];
    for (name, other, allowed) in inner {
        if let Some(other) = other.as_ref().filter(|other| !allowed && overlap(other, range)) {
            report.forbidden(&path, format!("{range} overlaps {name} {other}"));
        }
    }
    ranges.push((**range, &subnet.name));
}

fn check_egress(subnet: &Subnet, path: &str, report: &mut Report) {
    if subnet.egress.is_none() || subnet.is_unmanaged() {
        return;
    }
    let public = subnet.kind() == SubnetType::Utility
        || subnet.kind() == SubnetType::Public && subnet.ipv6_cidr.is_none();
    if public {
        let detail = "expected on private subnets only: public ones use the internet gateway";
        report.forbidden(format!("{path}.egress"), detail);
    }
}

fn check_routes(subnet: &Subnet, path: &str, networks: &[Cidr], report: &mut Report) {
    if subnet.additional_routes.is_empty() {
        return;
    }
    let path = format!("{path}.additionalRoutes");
    if subnet.is_shared() {
        report.forbidden(&path, "an existing subnet gets no routes");
    } else if subnet.kind() != SubnetType::Private {
        report.forbidden(&path, "only private subnets have route tables of their own");
    }
    let mut seen: Vec<Cidr> = networks.to_vec();
    for (index, Route { cidr, target }) in subnet.additional_routes.iter().enumerate() {
        if target.is_none() {
            let detail = format!("expected where the route leads: {}", RouteTarget::EXPECTED);
            report.required(format!("{path}[{index}].target"), detail);
        }
        let path = format!("{path}[{index}].cidr");
        let Some(range) = cidr else {
            report.required(path, "expected the range that the route is for");
            continue;
        };
        if seen.contains(range) {
            report.add(Kind::Duplicate, path, format!("the subnet already has a route for {range}"));
        }
        seen.push(**range);
    }
}

/// Checks what the private subnets of a zone share: their egress, and the utility subnet for it.
fn check_zones(cluster: &ClusterSpec, report: &mut Report) {
    let mut private: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, subnet) in cluster.subnets.iter().enumerate() {
        let has_egress = subnet.kind().is_private() && !subnet.is_shared() && !subnet.is_unmanaged();
        if !has_egress || subnet.zone.is_empty() {
            continue;
        }
        let path = format!("spec.subnets[{index}]");
        if let Some(&first) = private.get(subnet.zone.as_str()) {
            let first = &cluster.subnets[first];
            for (field, a, b) in [
                ("egress", text(&subnet.egress), text(&first.egress)),
                ("publicIP", text(&subnet.public_ip), text(&first.public_ip)),
            ] {
                if a != b {
                    let detail = format!(
                        "{a:?} differs from {b:?} of subnet {}: expected the same value on all private subnets of zone {}",
                        first.name, subnet.zone
                    );
                    report.forbidden(format!("{path}.{field}"), detail);
                }
            }
            continue;
        }
        private.insert(&subnet.zone, index);
        let utility = |other: &&Subnet| other.zone == subnet.zone && other.kind() == SubnetType::Utility;
        match cluster.subnets.iter().filter(utility).count() {
            1 => {}
            0 => {
                let detail = format!(
                    "zone {} has no Utility subnet: expected one for its NAT gateway and load balancers",
                    subnet.zone
                );
                report.forbidden(path, detail);
            }
            _ => {
                let detail = format!("zone {} has several Utility subnets: expected one", subnet.zone);
                report.forbidden(path, detail);
            }
        }
    }
}
