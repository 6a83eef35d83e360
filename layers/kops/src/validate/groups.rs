//! Rules of the groups of machines: of each group, and of all together.

use super::access::check_groups;
use super::{Report, check_labels, is_dns_name, machines};
use crate::problem::{Kind, Problem, not_supported};
use crate::spec::values::{Duration, VolumeType, text};
use crate::spec::{Cloud, Document, GroupSpec, Manager, Role, Spec, UserDataType};
use std::collections::HashSet;

/// The label that names a group's cluster.
const CLUSTER_LABEL: &str = "kops.k8s.io/cluster";

pub(super) fn check(spec: &Spec, problems: &mut Vec<Problem>) {
    let has = |wanted: fn(Role) -> bool| spec.groups.iter().filter_map(|group| group.spec.role).any(wanted);
    let mut whole = Report::of_cluster(spec, problems);
    if !has(|role| role == Role::ControlPlane) {
        whole.required("", "no control plane: expected an InstanceGroup document with role Master");
    }
    if !has(|role| role == Role::Node) {
        whole.required("", "no nodes: expected an InstanceGroup document with role Node");
    }
    let mut names = HashSet::new();
    for group in &spec.groups {
        let name = &group.metadata.name;
        let mut report = Report::of_group(group, problems);
        if name.is_empty() {
            report.required("metadata.name", "expected the group's name");
        } else if !is_dns_name(name) {
            report
                .invalid("metadata.name", format!("{name:?}: expected lower-case letters, digits, - and ."));
        } else if !names.insert(name) {
            report.add(
                Kind::Duplicate,
                "metadata.name",
                format!("another InstanceGroup is named {name:?}, too"),
            );
        }
        if let Some(cluster) = group.metadata.labels.get(CLUSTER_LABEL).filter(|label| *label != spec.name())
        {
            let detail = format!("the group belongs to {cluster}, but the file describes {}", spec.name());
            report.invalid(format!("metadata.labels.{CLUSTER_LABEL}"), detail);
        }
        check_role(spec, group, &mut report);
        check_size(&group.spec, &mut report);
        check_subnets(spec, &group.spec, &mut report);
        check_machines(&group.spec, &mut report);
        check_volumes(spec, &group.spec, &mut report);
        check_boot(&group.spec, &mut report);
        check_warm_pool(spec, &group.spec, &mut report);
        const GROUP_LABEL: &str = "kops.k8s.io/instancegroup";
        let own = |label: &&String| *label != GROUP_LABEL;
        if let Some(value) = group.spec.cloud_labels.get(GROUP_LABEL).filter(|value| *value != name) {
            let detail = format!("{value:?}: expected the group's own name, {name:?}");
            report.invalid(format!("spec.cloudLabels.{GROUP_LABEL}"), detail);
        }
        check_labels(&mut report, "spec.cloudLabels", group.spec.cloud_labels.keys().filter(own));
    }
}

/// Checks what the group's machines set up when they boot.
fn check_boot(group: &GroupSpec, report: &mut Report) {
    machines::hooks(&group.hooks, report);
    machines::files(&group.file_assets, report);
    if let Some(settings) = &group.containerd {
        machines::containerd(settings, false, report);
        if settings.has_gvisor() && group.role.is_some_and(|role| role != Role::Node) {
            report.forbidden("spec.containerd.gvisor", "expected on groups with role Node only");
        }
    }
    if let Some(settings) = &group.rolling_update {
        machines::rolling_update(settings, group.role == Some(Role::ControlPlane), report);
    }
    for (index, data) in group.additional_user_data.iter().enumerate() {
        let path = format!("spec.additionalUserData[{index}]");
        for (field, value) in [("name", &data.name), ("content", &data.content)] {
            if value.is_empty() {
                report.required(format!("{path}.{field}"), "expected a value");
            }
        }
        if data.r#type.is_none() {
            report.add(Kind::NotSupported, format!("{path}.type"), not_supported("", UserDataType::WORDS));
        }
    }
    for label in group.node_labels.keys().filter(|label| label.matches('/').count() > 1) {
        let detail = "a label's name has one slash at most";
        report.invalid(format!("spec.nodeLabels.{label}"), detail);
    }
}

/// Checks the warm pool of a group, with the cluster's pool as default.
fn check_warm_pool(spec: &Spec, group: &GroupSpec, report: &mut Report) {
    let Some(pool) = group.warm_pool_in(&spec.cluster.spec) else { return };
    if pool.max_size != Some(0) {
        if !group.may_have_warm_pool() {
            report.forbidden("spec.warmPool", "expected on groups with role Node or APIServer only");
        }
        if group.max_price.is_some() {
            let detail = "spot machines cannot wait in a pool: expected no maxPrice, or warmPool.maxSize: 0";
            report
                .forbidden(if group.warm_pool.is_some() { "spec.warmPool" } else { "spec.maxPrice" }, detail);
        }
    }
    if group.warm_pool.is_some() {
        machines::warm_pool(&pool, false, report);
    }
}

fn check_role(spec: &Spec, group: &Document<GroupSpec>, report: &mut Report) {
    let Some(role) = group.spec.role else {
        return report.required("spec.role", "expected Master, Node, Bastion or APIServer");
    };
    if role == Role::ControlPlane {
        for etcd in &spec.cluster.spec.etcd_clusters {
            let here = Some(group.metadata.name.as_str());
            if !etcd.etcd_members.iter().any(|member| member.instance_group.as_deref() == here) {
                let detail =
                    format!("no member of etcd cluster {} runs on this control-plane group", etcd.name());
                report.forbidden("metadata.name", detail);
            }
        }
        for (field, size) in [("minSize", group.spec.min_size), ("maxSize", group.spec.max_size)] {
            if size.is_some_and(|size| size > 1) {
                let detail = "a control-plane group has one machine: add a group for each further machine";
                report.invalid(format!("spec.{field}"), detail);
            }
        }
    }
    if group.spec.managed_by() == Manager::Karpenter && role != Role::Node {
        report.forbidden("spec.manager", "Karpenter manages groups with role Node only");
    }
}

fn check_size(group: &GroupSpec, report: &mut Report) {
    if let (Some(min), Some(max)) = (group.min_size, group.max_size)
        && min > max
    {
        report.forbidden("spec.maxSize", format!("{max}: expected at least minSize {min}"));
    }
}

fn check_subnets(spec: &Spec, group: &GroupSpec, report: &mut Report) {
    if group.subnets.is_empty() && group.role == Some(Role::ControlPlane) {
        report.required("spec.subnets", "expected the subnet of the control plane's machine");
    }
    let mut kind = None;
    for (index, name) in group.subnets.iter().enumerate() {
        let path = format!("spec.subnets[{index}]");
        let Some(subnet) = spec.subnet(name) else {
            let known: Vec<_> = spec.cluster.spec.subnets.iter().map(|subnet| subnet.name.as_str()).collect();
            let detail = format!("no subnet is named {name:?}; expected one of: {}", known.join(", "));
            report.add(Kind::NotFound, path, detail);
            continue;
        };
        if *kind.get_or_insert(subnet.kind()) != subnet.kind() {
            report.forbidden(path, format!("{name} has another type than the subnets before it"));
        }
    }
}

fn check_machines(group: &GroupSpec, report: &mut Report) {
    let hops = group.instance_metadata.as_ref().and_then(|metadata| metadata.http_put_response_hop_limit);
    if hops.is_some_and(|limit| !(1..=64).contains(&limit)) {
        report.invalid("spec.instanceMetadata.httpPutResponseHopLimit", "expected 1 to 64");
    }
    if let Some(minutes) = group.spot_duration_in_minutes
        && !(minutes % 60 == 0 && (60..=360).contains(&minutes))
    {
        let detail = format!("{minutes}: expected 60, 120, 180, 240, 300 or 360");
        report.add(Kind::NotSupported, "spec.spotDurationInMinutes", detail);
    }
    if let Some(mixed) = &group.mixed_instances_policy {
        let path = "spec.mixedInstancesPolicy";
        if let Some(base) = mixed.on_demand_base
            && group.max_size.is_some_and(|max| base > max)
        {
            report.invalid(format!("{path}.onDemandBase"), format!("{base}: expected at most maxSize"));
        }
        if mixed.on_demand_above_base.is_some_and(|percent| percent > 100) {
            report.invalid(format!("{path}.onDemandAboveBase"), "expected a percentage from 0 to 100");
        }
    }
    if let Some(lifetime) = group.max_instance_lifetime
        && lifetime != Duration::default()
        && lifetime.as_seconds() < 86_400
    {
        report.invalid("spec.maxInstanceLifetime", format!("{lifetime}: expected at least 24h, or 0"));
    }
    let requirements =
        group.mixed_instances_policy.as_ref().and_then(|mixed| mixed.instance_requirements.as_ref());
    for (field, range) in requirements.iter().flat_map(|of| [("cpu", &of.cpu), ("memory", &of.memory)]) {
        for (bound, value) in range.iter().flat_map(|range| [("min", &range.min), ("max", &range.max)]) {
            if let Some(value) = value.as_ref().filter(|value| value.is_negative()) {
                let path = format!("spec.mixedInstancesPolicy.instanceRequirements.{field}.{bound}");
                report.invalid(path, format!("{value}: expected a quantity that is not negative"));
            }
        }
    }
    check_groups("spec.additionalSecurityGroups", &group.additional_security_groups, report);
    for (index, balancer) in group.external_load_balancers.iter().enumerate() {
        let path = format!("spec.externalLoadBalancers[{index}]");
        match (&balancer.load_balancer_name, &balancer.target_group_arn) {
            (Some(name), None) if name.len() > 32 => {
                report.invalid(format!("{path}.loadBalancerName"), "expected at most 32 characters");
            }
            (Some(_), Some(_)) | (None, None) => {
                report.forbidden(path, "expected either loadBalancerName or targetGroupArn");
            }
            _ => {}
        }
    }
    for (index, taint) in group.taints.iter().enumerate() {
        if group.taints[..index].contains(taint) {
            let detail = format!("the list has {taint} twice");
            report.add(Kind::Duplicate, format!("spec.taints[{index}]"), detail);
        }
    }
}

fn check_volumes(spec: &Spec, group: &GroupSpec, report: &mut Report) {
    if let Some(VolumeType::Other(name)) = &group.root_volume_type
        && spec.cluster.spec.is_on(Cloud::Aws)
    {
        let detail = not_supported(name, VolumeType::OF_ROOTS);
        report.add(Kind::NotSupported, "spec.rootVolumeType", detail);
    }
    let mut devices = HashSet::new();
    for (index, volume) in group.volumes.iter().enumerate() {
        let path = format!("spec.volumes[{index}]");
        if volume.device.is_empty() {
            report.required(format!("{path}.device"), "expected the device's name");
        } else if !devices.insert(&volume.device) {
            report.add(
                Kind::Duplicate,
                format!("{path}.device"),
                format!("another volume has {:?}, too", volume.device),
            );
        }
        if volume.size == 0 {
            report.invalid(format!("{path}.size"), "expected a size in GiB");
        }
    }
    for (index, mount) in group.volume_mounts.iter().enumerate() {
        let path = format!("spec.volumeMounts[{index}]");
        for (field, value) in [
            ("device", mount.device.as_str()),
            ("filesystem", text(&mount.filesystem)),
            ("path", &mount.path),
        ] {
            if value.is_empty() {
                report.required(format!("{path}.{field}"), "expected a value");
            }
        }
    }
}
