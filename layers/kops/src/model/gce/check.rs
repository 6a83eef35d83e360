//! Refuses what a populated spec asks for and the layer cannot make on Google, before it declares anything.

use super::{Existing, MissingAddons, Options};
use crate::populate::Populated;
use crate::problem::{Kind, Problems};
use crate::spec::Role;
use crate::validate::Report;

/// Checks a populated spec against what the cluster is given.
pub(super) fn check(
    populated: &Populated,
    options: &Options<Existing>,
    existing: &Existing,
) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let mut report = Report::of_cluster(&populated.spec, &mut problems);
    let cluster = populated.cluster();
    for name in existing.subnetworks.keys().filter(|name| populated.spec.subnet(name).is_none()) {
        let detail =
            format!("an existing subnet is named {name:?}, but the spec has no subnet with that name");
        report.add(Kind::NotFound, "spec.subnets", detail);
    }
    let shared = cluster.subnets.iter().any(|subnet| existing.has(subnet));
    if shared && existing.network.is_none() && !cluster.shares_network() {
        report.required("spec.networkID", "expected the network of the existing subnets");
    }
    if !cluster.uses_core_dns() {
        report.forbidden("spec.kubeDNS.provider", "expected CoreDNS: the layer makes no other DNS service");
    }
    if populated.without_dns() && populated.balancer.is_none() {
        let detail = "expected a load balancer: without DNS, machines reach the control plane by its address";
        report.required("spec.api.loadBalancer", detail);
    }
    check_groups(populated, &mut problems);
    if options.missing_addons == MissingAddons::Refused {
        crate::addons::check_missing(populated, &mut problems);
    }
    Problems::check(problems)
}

fn check_groups(populated: &Populated, problems: &mut Vec<crate::problem::Problem>) {
    for group in &populated.groups {
        let Some(document) = populated.spec.group(&group.name) else { continue };
        let mut report = Report::of_group(document, problems);
        if group.spec.subnets.len() != 1 {
            let detail = "expected one subnet: a subnet on Google spans all zones of its region";
            report.forbidden("spec.subnets", detail);
        }
        if group.role == Role::ApiServer && populated.without_dns() {
            report
                .forbidden("spec.role", "separate API servers need DNS: expected another topology.dns.type");
        }
    }
}
