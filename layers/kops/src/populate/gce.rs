//! The network of a cluster on Google: the ranges of its subnets, of pods and of services, its region and its project.
//! A network on Google has no range of its own (kops `upup/pkg/fi/cloudup/gce/network.go`).

use super::{NetworkSource, network::inside};
use crate::cidr::InUse;
use crate::lookup::{Lookup, Subnetwork};
use crate::names;
use crate::problem::Kind;
use crate::spec::values::{Host, Written};
use crate::spec::{ClusterSpec, Networking, Role, Spec};
use crate::validate::Report;
use ipnet::Ipv4Net;
use landform_core::Cidr;
use std::net::Ipv4Addr;

/// The range that new ranges are taken from.
const PRIVATE: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8);
/// The length of a new subnet's range.
const SUBNET: u8 = 20;
/// The lengths of the ranges of pods, of services and of machines, if pods have alias addresses of their machines.
const ALIASES: [u8; 3] = [14, 16, 19];

/// Sets the ranges of subnets, and those of pods and services if they are parts of the network.
pub(super) fn network(
    cluster: &mut ClusterSpec,
    source: &NetworkSource,
    lookup: &impl Lookup,
    report: &mut Report,
) {
    let existing = existing(cluster, source, lookup, report);
    let mut used = InUse::default();
    for subnetwork in &existing {
        used.mark(subnetwork.range);
        subnetwork.secondary.iter().for_each(|range| used.mark(*range));
    }
    for (index, subnet) in cluster.subnets.iter_mut().enumerate().filter(|(_, subnet)| subnet.is_shared()) {
        let found = existing.iter().find(|known| known.name == subnet.id && known.region == subnet.region);
        let Some(known) = found else {
            // The network is missing, which is reported already.
            if !existing.is_empty() {
                let detail = format!(
                    "the network {} has no subnet {} in {}",
                    cluster.network_id, subnet.id, subnet.region
                );
                report.add(Kind::NotFound, format!("spec.subnets[{index}].id"), detail);
            }
            continue;
        };
        let range = Cidr::containing(known.range.into());
        match &subnet.cidr {
            Some(given) if **given != range => {
                let detail = format!("{given}: the existing subnet has {range}");
                report.invalid(format!("spec.subnets[{index}].cidr"), detail);
            }
            Some(_) => {}
            None => subnet.cidr = Some(range.into()),
        }
    }
    for range in
        cluster.subnets.iter().filter(|subnet| !subnet.is_shared()).filter_map(|subnet| subnet.cidr.as_ref())
    {
        used.mark(range.net());
    }
    if cluster.has_plugin(Networking::uses_ip_aliases) {
        alias_ranges(cluster, source, &mut used, report);
    } else {
        subnet_ranges(cluster, source, &mut used, report);
    }
    cluster.non_masquerade_cidr.get_or_insert_with(inside);
}

/// The subnetworks of the existing network.
fn existing(
    cluster: &ClusterSpec,
    source: &NetworkSource,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Vec<Subnetwork> {
    if *source != NetworkSource::Spec || !cluster.shares_network() {
        return Vec::new();
    }
    lookup.subnetworks(&cluster.network_id).unwrap_or_else(|| {
        report.add(Kind::NotFound, "spec.networkID", format!("there is no network {}", cluster.network_id));
        Vec::new()
    })
}

/// Whether a subnet is a resource of the same stack.
fn is_given(source: &NetworkSource, name: &str) -> bool {
    match source {
        NetworkSource::Spec => false,
        NetworkSource::Given { subnets, .. } => subnets.contains(name),
    }
}

fn subnet_ranges(cluster: &mut ClusterSpec, source: &NetworkSource, used: &mut InUse, report: &mut Report) {
    for (index, subnet) in cluster.subnets.iter_mut().enumerate() {
        if subnet.cidr.is_some() || subnet.is_shared() || is_given(source, &subnet.name) {
            continue;
        }
        match used.take(PRIVATE, SUBNET) {
            Some(range) => subnet.cidr = Some(Cidr::containing(range.into()).into()),
            None => full(report, &format!("spec.subnets[{index}].cidr")),
        }
    }
}

/// Sets the ranges of a cluster whose pods have alias addresses of their machines. They are all parts of the network.
fn alias_ranges(cluster: &mut ClusterSpec, source: &NetworkSource, used: &mut InUse, report: &mut Report) {
    if cluster.subnets.len() != 1 {
        let detail = "expected one subnet, because the ranges of pods and services belong to it";
        return report.forbidden("spec.subnets", detail);
    }
    for range in [&cluster.pod_cidr, &cluster.service_cluster_ip_range].into_iter().flatten() {
        used.mark(range.net());
    }
    let given = is_given(source, &cluster.subnets[0].name) || cluster.subnets[0].is_shared();
    let has_pods = cluster.pod_cidr.is_some();
    let [pods, services, machines] = ALIASES;
    let mut missing: Vec<(&mut Option<Written<Cidr>>, u8, &str)> = vec![
        (&mut cluster.pod_cidr, pods, "spec.podCIDR"),
        (&mut cluster.service_cluster_ip_range, services, "spec.serviceClusterIPRange"),
    ];
    if !given {
        missing.push((&mut cluster.subnets[0].cidr, machines, "spec.subnets[0].cidr"));
    }
    for (field, length, path) in missing.into_iter().filter(|(field, ..)| field.is_none()) {
        match used.take(PRIVATE, length) {
            Some(range) => *field = Some(Cidr::containing(range.into()).into()),
            None => full(report, path),
        }
    }
    if !has_pods {
        // Pods reach all of the network with their own addresses.
        cluster.non_masquerade_cidr = Some(Cidr::containing(PRIVATE.into()).into());
    }
}

fn full(report: &mut Report, path: &str) {
    report.required(path, format!("expected a range: no part of {PRIVATE} is free"));
}

/// The region of the subnets.
pub(super) fn find_region(cluster: &ClusterSpec) -> String {
    cluster.subnets.first().map(|subnet| subnet.region.clone()).unwrap_or_default()
}

/// Sets the project from the lookup, if the spec names none.
pub(super) fn find_project(cluster: &mut ClusterSpec, lookup: &impl Lookup, report: &mut Report) -> String {
    if cluster.project.is_empty() {
        cluster.project = lookup.project().unwrap_or_default();
    }
    if cluster.project.is_empty() {
        report.required("spec.project", "expected the id of the project on Google");
    }
    cluster.project.clone()
}

/// The machine type of a role's groups that name none.
pub(super) fn machine_type(role: Role) -> &'static str {
    match role {
        Role::ControlPlane | Role::ApiServer | Role::Node => "e2-medium",
        Role::Bastion => "e2-micro",
    }
}

/// The link of an image: `project/name`, the name of an image of the cluster's own project, or a link. `None` for other
/// forms.
pub(super) fn image_link(name: &str, project: &str) -> Option<String> {
    if name.starts_with("https://") {
        return Some(name.into());
    }
    let (project, image) = name.split_once('/').unwrap_or((project, name));
    let plain = !image.is_empty() && !image.contains('/') && !project.is_empty();
    plain.then(|| format!("https://www.googleapis.com/compute/v1/projects/{project}/global/images/{image}"))
}

/// The addresses of the API's load balancers, by the names that the layer gives them.
#[derive(Default)]
pub(super) struct Addresses {
    pub(super) public: Vec<Host>,
    pub(super) internal: Vec<Host>,
}

/// Finds the addresses of the API's load balancers. Empty until they exist.
pub(super) fn find_addresses(spec: &Spec, lookup: &impl Lookup) -> Addresses {
    let known = |what: &str| {
        let found = lookup.balancer_addresses(&names::gce::suffixed(what, spec.name()));
        found.into_iter().map(Host::from).collect::<Vec<_>>()
    };
    let internal = api_subnets(spec).flat_map(|name| known(&format!("api-{name}")));
    Addresses { public: known("api"), internal: internal.collect() }
}

/// The names of the subnets in which the API is served, in the order of the spec.
pub(crate) fn api_subnets(spec: &Spec) -> impl Iterator<Item = &str> {
    let serves = |name: &String| {
        let mut serving = spec.groups.iter().filter(|group| group.spec.role.is_some_and(Role::serves_api));
        serving.any(|group| group.spec.subnets.contains(name))
    };
    let subnets = spec.cluster.spec.subnets.iter();
    subnets.filter(move |subnet| serves(&subnet.name)).map(|subnet| subnet.name.as_str())
}
