//! Rules of clusters on Google: the project, regions and zones, and names that Compute Engine takes.

use super::{Report, aws_only};
use crate::problem::{Kind, Problem, not_supported};
use crate::spec::{Cilium, ClusterSpec, Document, GroupSpec, Role, Spec};

/// The greatest length of a subnet's name, because names of load balancers contain it.
const LONGEST_SUBNET: usize = 36;
/// The greatest length of a group's name, to which Compute Engine adds the end of its machines' names.
const LONGEST_GROUP: usize = 58;
/// The provisioning models of kops.
const MODELS: [&str; 2] = ["STANDARD", "SPOT"];

/// Checks the `Cluster` document.
pub(super) fn check(spec: &Spec, report: &mut Report) {
    let cluster = &spec.cluster.spec;
    if spec.name().starts_with(|first: char| first.is_ascii_digit()) {
        let detail = format!("{:?}: names on Google begin with a letter", spec.name());
        report.invalid("metadata.name", detail);
    }
    if !cluster.project.is_empty() && !is_project(&cluster.project) {
        let detail = format!(
            "{:?}: expected the id of a project: 6 to 30 lower-case letters, digits and dashes, such as my-project-1",
            cluster.project
        );
        report.invalid("spec.project", detail);
    }
    if cluster.network_id.split('/').count() > 2
        || cluster.network_id.split('/').any(str::is_empty) && cluster.shares_network()
    {
        let detail = format!("{:?}: expected the network's name, or project/name", cluster.network_id);
        report.invalid("spec.networkID", detail);
    }
    check_subnets(cluster, report);
    if cluster.is_ipv6_only() {
        let detail = "expected an IPv4 range: the layer makes IPv6 clusters on AWS only";
        report.forbidden("spec.nonMasqueradeCIDR", detail);
    }
    if cluster.cilium().is_some_and(Cilium::uses_interfaces) {
        let detail = "expected another mode: interfaces with addresses for pods exist on AWS only";
        report.forbidden("spec.networking.cilium.ipam", detail);
    }
    aws_only::check_cluster(cluster, report);
}

fn check_subnets(cluster: &ClusterSpec, report: &mut Report) {
    for (index, subnet) in cluster.subnets.iter().enumerate() {
        let path = format!("spec.subnets[{index}]");
        if !subnet.zone.is_empty() {
            let detail = format!("{:?}: subnets on Google are regional; groups have zones", subnet.zone);
            report.invalid(format!("{path}.zone"), detail);
        }
        if !subnet.region.is_empty() && !is_region(&subnet.region) {
            let detail = format!("{:?}: expected a region, such as us-central1", subnet.region);
            report.invalid(format!("{path}.region"), detail);
        }
        if !subnet.name.is_empty() && !is_name(&subnet.name, LONGEST_SUBNET) {
            let detail = format!(
                "{:?}: expected a lower-case letter, then lower-case letters, digits and dashes, at most \
                 {LONGEST_SUBNET} characters",
                subnet.name
            );
            report.invalid(format!("{path}.name"), detail);
        }
        if subnet.egress.is_some() && !subnet.is_unmanaged() {
            let detail = "expected External, or no value: one NAT serves all private subnets on Google";
            report.forbidden(format!("{path}.egress"), detail);
        }
        for (field, given) in [
            ("publicIP", subnet.public_ip.is_some()),
            ("additionalRoutes", !subnet.additional_routes.is_empty()),
        ] {
            if given {
                report.forbidden(format!("{path}.{field}"), aws_only::WHY);
            }
        }
    }
}

/// Checks an `InstanceGroup` document.
pub(super) fn check_group(spec: &Spec, group: &Document<GroupSpec>, problems: &mut Vec<Problem>) {
    let mut report = Report::of_group(group, problems);
    let name = &group.metadata.name;
    if !name.is_empty() && !is_name(name, LONGEST_GROUP) {
        let detail = format!(
            "{name:?}: expected a lower-case letter, then lower-case letters, digits and dashes, at most \
             {LONGEST_GROUP} characters"
        );
        report.invalid("metadata.name", detail);
    }
    check_zones(spec, &group.spec, &mut report);
    if let Some(model) = group.spec.gcp_provisioning_model.as_deref().filter(|model| !MODELS.contains(model))
    {
        report.add(Kind::NotSupported, "spec.gcpProvisioningModel", not_supported(model, &MODELS));
    }
    for (index, accelerator) in group.spec.guest_accelerators.iter().enumerate() {
        let path = format!("spec.guestAccelerators[{index}]");
        if accelerator.accelerator_type.is_empty() {
            report.required(format!("{path}.acceleratorType"), "expected the type, such as nvidia-tesla-t4");
        }
        if !(1..=64).contains(&accelerator.accelerator_count) {
            let detail = format!("{}: expected 1 to 64", accelerator.accelerator_count);
            report.invalid(format!("{path}.acceleratorCount"), detail);
        }
    }
    aws_only::check_group(&group.spec, &mut report);
}

fn check_zones(spec: &Spec, group: &GroupSpec, report: &mut Report) {
    let region = spec.cluster.spec.subnets.first().map_or("", |subnet| subnet.region.as_str());
    if group.zones.is_empty() {
        let detail = format!("expected the zones of the group's machines, such as {region}-a");
        return report.required("spec.zones", detail);
    }
    for (index, zone) in group.zones.iter().enumerate() {
        let path = format!("spec.zones[{index}]");
        let here = zone.rsplit_once('-').is_some_and(|(of, letter)| of == region && !letter.is_empty());
        if !region.is_empty() && !here {
            report.invalid(&path, format!("{zone:?}: expected a zone of {region}, such as {region}-a"));
        }
        if group.zones[..index].contains(zone) {
            report.add(Kind::Duplicate, path, format!("the list has {zone:?} twice"));
        }
    }
    if group.role.is_some_and(Role::serves_api) && group.zones.len() > 1 {
        let detail = "expected one zone: add a group for each further zone of the control plane";
        report.forbidden("spec.zones", detail);
    }
}

/// Whether a text is a name that Compute Engine takes, and not too long.
fn is_name(text: &str, longest: usize) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.len() <= longest
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(inner)
        && !text.ends_with('-')
}

/// Whether a text is a project's id. Some older projects belong to a domain: `example.com:my-project`.
fn is_project(text: &str) -> bool {
    let id = text.rsplit_once(':').map_or(text, |(_, id)| id);
    id.len() >= 6 && is_name(id, 30)
}

/// Whether a text has the form of a region: an area, a dash, a place and a number.
fn is_region(text: &str) -> bool {
    let Some((area, place)) = text.split_once('-') else { return false };
    let letters = place.trim_end_matches(|last: char| last.is_ascii_digit());
    let only_letters = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase());
    only_letters(area) && only_letters(letters) && letters.len() < place.len()
}
