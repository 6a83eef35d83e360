//! Defaults of groups of machines.

use super::Group;
use crate::lookup::Lookup;
use crate::problem::{Kind, Problem};
use crate::spec::{Document, GroupSpec, Manager, Role, Settings, Spec, SubnetType, components::Containerd};
use crate::validate::Report;

/// Applies the defaults to a group; notes what the world does not have.
pub(super) fn populate(
    spec: &Spec,
    group: &Document<GroupSpec>,
    lookup: &impl Lookup,
    problems: &mut Vec<Problem>,
) -> Option<Group> {
    let cluster = &spec.cluster.spec;
    let mut report = Report::of_group(group, problems);
    let mut populated = group.spec.clone();
    let role = populated.role?;
    let karpenter = populated.managed_by() == Manager::Karpenter;
    if !karpenter {
        let size = if role == Role::Node { 2 } else { 1 };
        let least = populated.min_size.unwrap_or(size.min(populated.max_size.unwrap_or(size)));
        populated.min_size = Some(least);
        populated.max_size = Some(populated.max_size.unwrap_or(size.max(least)));
    }
    if populated.machine_type.is_empty() && !karpenter {
        populated.machine_type = lookup.default_machine_type(role).unwrap_or_default();
        if populated.machine_type.is_empty() {
            report
                .required("spec.machineType", "expected a type of machine; there is no default for the role");
        }
    }
    let machine_type = populated.machine_type.split(',').next().unwrap_or_default();
    let machine = match machine_type {
        "" => Default::default(),
        name => lookup.machine_type(name).unwrap_or_else(|| {
            report.add(Kind::NotFound, "spec.machineType", format!("there is no type of machine {name:?}"));
            Default::default()
        }),
    };
    if populated.image.is_empty() {
        populated.image = lookup.default_image(&cluster.kubernetes_version).unwrap_or_default();
    }
    let image = lookup.image(&populated.image);
    if image.is_none() {
        report.add(Kind::NotFound, "spec.image", format!("there is no image {:?}", populated.image));
    }
    if populated.subnets.is_empty() {
        let without = |kinds: &[SubnetType]| -> Vec<String> {
            let subnets = cluster.subnets.iter().filter(|subnet| !kinds.contains(&subnet.kind()));
            subnets.map(|subnet| subnet.name.clone()).collect()
        };
        let unwanted = if role == Role::ApiServer && cluster.is_ipv6_only() {
            SubnetType::Private
        } else {
            SubnetType::DualStack
        };
        populated.subnets = without(&[unwanted, SubnetType::Utility]);
        if populated.subnets.is_empty() {
            populated.subnets = without(&[SubnetType::Utility]);
        }
        if populated.subnets.is_empty() {
            report.required("spec.subnets", "expected subnets; the cluster has only Utility ones");
        }
    }
    let nvidia = |containerd: &Option<Settings<Containerd>>| {
        containerd.as_ref().and_then(|containerd| containerd.nested_flag("nvidiaGPU", "enabled"))
            == Some(true)
    };
    if machine.gpu && (nvidia(&cluster.containerd) || nvidia(&populated.containerd)) {
        populated.node_labels.insert("kops.k8s.io/gpu".into(), "1".into());
        if !populated.taints.iter().any(|taint| taint.starts_with("nvidia.com/gpu")) {
            populated.taints.push("nvidia.com/gpu:NoSchedule".into());
        }
    }
    if populated.containerd.as_ref().and_then(|containerd| containerd.nested_flag("gvisor", "enabled"))
        == Some(true)
    {
        populated.node_labels.insert("kops.k8s.io/gvisor".into(), "1".into());
    }
    Some(Group { name: group.metadata.name.clone(), role, spec: populated, image: image?, machine })
}
