//! Defaults of groups of machines.

use super::{Group, gce};
use crate::lookup::{Image, Lookup};
use crate::problem::{Kind, Problem};
use crate::spec::section::merged;
use crate::spec::values::{Taint, text};
use crate::spec::{
    Cloud, ClusterSpec, Containerd, Document, GroupSpec, Kubelet, Manager, Role, Spec, SubnetType,
};
use crate::validate::Report;
use std::collections::{BTreeMap, BTreeSet};

/// Applies the defaults to a group. Reports what does not exist.
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
    let on_google = cluster.is_on(Cloud::Gce);
    if populated.machine_type.is_empty() && !karpenter {
        populated.machine_type = if on_google {
            gce::machine_type(role).into()
        } else {
            lookup.default_machine_type(role).unwrap_or_default()
        };
        if populated.machine_type.is_empty() {
            report.required("spec.machineType", "expected a type of machine: the role has no default");
        }
    }
    let machine = match populated.first_machine_type() {
        "" => Default::default(),
        name => lookup.machine_type(name).unwrap_or_else(|| {
            report.add(Kind::NotFound, "spec.machineType", format!("there is no type of machine {name:?}"));
            Default::default()
        }),
    };
    if populated.image.is_empty()
        && let Some(version) = &cluster.kubernetes_version
    {
        let image = lookup.default_image(text(&cluster.cloud_provider), version, machine.architecture);
        populated.image = image.unwrap_or_default();
    }
    let mut image = lookup.image(&populated.image);
    if on_google {
        let link = gce::image_link(&populated.image, &cluster.project);
        image = image.and(link).map(|id| Image { id, root_device: String::new() });
        for (index, zone) in populated.zones.iter().enumerate().filter(|(_, zone)| !lookup.has_zone(zone)) {
            let detail = format!("there is no zone {zone:?}");
            report.add(Kind::NotFound, format!("spec.zones[{index}]"), detail);
        }
    }
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
            report.required("spec.subnets", "expected subnets: the cluster has only Utility subnets");
        }
    }
    let nvidia = |containerd: &Option<Containerd>| containerd.as_ref().is_some_and(Containerd::has_nvidia);
    if machine.gpu && (nvidia(&cluster.containerd) || nvidia(&populated.containerd)) {
        populated.node_labels.insert("kops.k8s.io/gpu".into(), "1".into());
        if !populated.taints.iter().any(|taint| taint.key() == GPU_TAINT) {
            populated.taints.push(Taint::new(GPU_TAINT, None, "NoSchedule"));
        }
    }
    if populated.containerd.as_ref().is_some_and(Containerd::has_gvisor) {
        populated.node_labels.insert("kops.k8s.io/gvisor".into(), "1".into());
    }
    populated.manager.get_or_insert_default();
    let labels = node_labels(spec, &populated, role);
    populated.kubelet = Some(kubelet(cluster, &populated, role, &labels));
    Some(Group { labels, name: group.metadata.name.clone(), role, spec: populated, image: image?, machine })
}

/// The key of the taint of nodes with a graphics processor.
const GPU_TAINT: &str = "nvidia.com/gpu";
/// The prefix of the label of a role's nodes.
const ROLE_LABEL: &str = "node-role.kubernetes.io/";

/// The labels of a group's Kubernetes nodes (kops `pkg/nodelabels`).
fn node_labels(spec: &Spec, group: &GroupSpec, role: Role) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for kubelet in [role_kubelet(&spec.cluster.spec, role), group.kubelet.as_ref()].into_iter().flatten() {
        labels.extend(kubelet.node_labels.clone());
    }
    let mut own: Vec<String> = Vec::new();
    match role {
        Role::ControlPlane => {
            own.push(format!("{ROLE_LABEL}control-plane"));
            own.push("kops.k8s.io/kops-controller-pki".into());
            own.push("node.kubernetes.io/exclude-from-external-load-balancers".into());
            // The control plane serves the API too, and clients find API servers by this label.
            if spec.groups.iter().any(|group| group.spec.role == Some(Role::ApiServer)) {
                own.push(format!("{ROLE_LABEL}api-server"));
            }
        }
        Role::ApiServer => own.push(format!("{ROLE_LABEL}api-server")),
        Role::Node => own.push(format!("{ROLE_LABEL}node")),
        Role::Bastion => {}
    }
    labels.extend(own.into_iter().map(|label| (label, String::new())));
    labels.extend(group.node_labels.clone());
    labels
}

/// The flags of the kubelets of a role.
fn role_kubelet(cluster: &ClusterSpec, role: Role) -> Option<&Kubelet> {
    if role == Role::ControlPlane { cluster.master_kubelet.as_ref() } else { cluster.kubelet.as_ref() }
}

/// The flags of a group's kubelets: the group's own flags, with the cluster's flags for the role as defaults.
fn kubelet(
    cluster: &ClusterSpec,
    group: &GroupSpec,
    role: Role,
    labels: &BTreeMap<String, String>,
) -> Kubelet {
    let nodes = cluster.kubelet.as_ref();
    let mut kubelet = role_kubelet(cluster, role).cloned().unwrap_or_default();
    if role == Role::ControlPlane && nodes.is_some_and(|nodes| nodes.anonymous_auth == Some(false)) {
        kubelet.anonymous_auth = Some(false);
    }
    kubelet.node_labels = labels.clone();
    let open = kubelet.anonymous_auth == Some(true);
    // Taints are combined, unlike other lists.
    let of_nodes = nodes.iter().flat_map(|nodes| &nodes.taints);
    let mut taints: BTreeSet<Taint> =
        kubelet.taints.iter().chain(of_nodes).chain(&group.taints).cloned().collect();
    if let Some(own) = &group.kubelet {
        taints.extend(own.taints.iter().cloned());
        kubelet = merged(&kubelet, own);
    }
    let of_role = |role: &str| Taint::new(&format!("{ROLE_LABEL}{role}"), Some(""), "NoSchedule");
    match role {
        Role::ControlPlane => drop(taints.insert(of_role("control-plane"))),
        Role::ApiServer => drop(taints.insert(of_role("api-server"))),
        Role::Node | Role::Bastion => {}
    }
    if group.managed_by() == Manager::Karpenter {
        // Karpenter removes the taint when it has registered the machine.
        taints.insert(Taint::new("karpenter.sh/unregistered", Some(""), "NoExecute"));
    }
    kubelet.taints = taints.into_iter().collect();
    if open {
        kubelet.anonymous_auth = Some(false);
    }
    kubelet
}
