//! Refuses what a populated spec asks for and the layer cannot make, before it declares anything.

use super::{Existing, MissingAddons, Options};
use crate::lookup::Lookup;
use crate::populate::{AwsHome, Populated};
use crate::problem::{Kind, Problem, Problems};
use crate::spec::Role;
use crate::spec::values::{Egress, Ipv6Block, RouteTarget};
use crate::validate::Report;
use landform_aws as aws;
use landform_core::{Id, Input};

/// Where the internet gateway comes from.
pub(super) enum Gateway {
    /// The cluster needs none.
    None,
    /// It is that of an existing network.
    Used(Input<Id<aws::InternetGateway>>),
    /// The cluster makes it with its network.
    Made,
}

/// Checks a populated spec against what the cluster is given, and finds the internet gateway.
pub(super) fn check(
    populated: &Populated,
    home: &AwsHome,
    options: &Options,
    existing: &Existing,
    lookup: &impl Lookup,
) -> Result<Gateway, Problems> {
    let mut problems = Vec::new();
    let mut report = Report::of_cluster(&populated.spec, &mut problems);
    let gateway = find_gateway(populated, existing, lookup, &mut report);
    check_given(populated, home, existing, &mut report);
    check_cluster(populated, &mut report);
    check_groups(populated, &mut problems);
    if options.missing_addons == MissingAddons::Refused {
        crate::addons::check_missing(populated, &mut problems);
    }
    Problems::check(problems)?;
    Ok(gateway)
}

fn find_gateway(
    populated: &Populated,
    existing: &Existing,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Gateway {
    let cluster = populated.cluster();
    let managed = || cluster.subnets.iter().filter(|subnet| !subnet.is_unmanaged());
    if managed().next().is_none() {
        return Gateway::None;
    }
    if existing.vpc.is_none() && !cluster.shares_network() {
        return Gateway::Made;
    }
    let made = || managed().filter(|subnet| existing.subnet(subnet).is_none());
    if made().next().is_none() {
        return Gateway::None;
    }
    if let Some(gateway) = &existing.internet_gateway {
        return Gateway::Used(gateway.clone());
    }
    let network = if existing.vpc.is_none() { lookup.network(&cluster.network_id) } else { None };
    match network.and_then(|network| network.internet_gateway) {
        Some(id) => Gateway::Used(id.as_str().into()),
        None => {
            if made().any(|subnet| subnet.kind().is_public()) {
                let detail =
                    "the network has no internet gateway, but its Public and Utility subnets need one";
                report.add(Kind::NotFound, "spec.subnets", detail);
            }
            Gateway::None
        }
    }
}

/// Checks that the existing resources fit the spec.
fn check_given(populated: &Populated, home: &AwsHome, existing: &Existing, report: &mut Report) {
    let cluster = populated.cluster();
    for name in existing.subnets.keys().filter(|name| populated.spec.subnet(name).is_none()) {
        let detail =
            format!("an existing subnet is named {name:?}, but the spec has no subnet with that name");
        report.add(Kind::NotFound, "spec.subnets", detail);
    }
    let shared = cluster.subnets.iter().any(|subnet| existing.subnet(subnet).is_some());
    check_blocks(populated, home, existing, report);
    if shared && existing.vpc.is_none() && !cluster.shares_network() {
        report.required("spec.networkID", "expected the network of the existing subnets");
    }
}

/// Checks that an existing network has an IPv6 range if subnets are parts of it.
fn check_blocks(populated: &Populated, home: &AwsHome, existing: &Existing, report: &mut Report) {
    let cluster = populated.cluster();
    let known = match existing.vpc {
        Some(_) => existing.network_ipv6_cidr.is_some(),
        None => !cluster.shares_network() || home.network_ipv6_cidr.is_some(),
    };
    for (index, subnet) in cluster.subnets.iter().enumerate() {
        let Some(block) =
            subnet.ipv6_cidr.as_ref().filter(|block| matches!(***block, Ipv6Block::Part { .. }))
        else {
            continue;
        };
        if known || existing.subnet(subnet).is_some() {
            continue;
        }
        let detail = format!(
            "{:?} is a part of the network's IPv6 range, but {} has no IPv6 range: expected a range, or a network with one",
            block.as_str(),
            if cluster.network_id.is_empty() { "the given network" } else { &cluster.network_id }
        );
        report.add(Kind::NotFound, format!("spec.subnets[{index}].ipv6CIDR"), detail);
    }
}

fn check_cluster(populated: &Populated, report: &mut Report) {
    let cluster = populated.cluster();
    if !cluster.uses_core_dns() {
        report.forbidden("spec.kubeDNS.provider", "expected CoreDNS: the layer makes no other DNS service");
    }
    for (index, subnet) in cluster.subnets.iter().enumerate() {
        let path = format!("spec.subnets[{index}]");
        if subnet.kind().is_private() && matches!(subnet.egress, Some(Egress::Instance(_))) {
            report.forbidden(
                format!("{path}.egress"),
                "the layer does not use NAT instances: expected a NAT gateway",
            );
        }
        for (index, route) in subnet.additional_routes.iter().enumerate() {
            if matches!(route.target, Some(RouteTarget::Instance(_))) {
                let path = format!("{path}.additionalRoutes[{index}].target");
                report.forbidden(path, "the layer does not make routes to instances");
            }
        }
    }
}

fn check_groups(populated: &Populated, problems: &mut Vec<Problem>) {
    for group in &populated.groups {
        let Some(document) = populated.spec.group(&group.name) else { continue };
        let mut report = Report::of_group(document, problems);
        if group.role == Role::ApiServer && populated.without_dns() {
            report
                .forbidden("spec.role", "separate API servers need DNS: expected another topology.dns.type");
        }
    }
}
