//! The tags of resources.

use super::Model;
use crate::populate::Group;
use crate::spec::components::Kubelet;
use crate::spec::{Role, Settings};
use std::collections::BTreeMap;

/// Tags by their key.
pub(super) type Tags = BTreeMap<String, String>;

impl Model<'_> {
    /// The tags of a resource that the cluster owns; the spec's own labels win over all but the marks of ownership.
    pub(super) fn tags(&self, name: &str) -> Tags {
        let mut tags: Tags = [
            ("Name".into(), name.into()),
            ("KubernetesCluster".into(), self.names.cluster.into()),
            (self.ownership(), "owned".into()),
        ]
        .into();
        tags.extend(self.cluster().cloud_labels.clone());
        tags
    }

    /// The tag by which a cluster's resources are found.
    pub(super) fn ownership(&self) -> String {
        format!("kubernetes.io/cluster/{}", self.names.cluster)
    }

    /// The tags of a group's machines, their volumes and their autoscaling group. Those of the autoscaler's templates
    /// tell it what a machine of an empty group would be like.
    pub(super) fn group_tags(&self, group: &Group) -> Tags {
        let mut tags = self.tags(&self.names.group(&group.name, group.role));
        tags.extend(group.spec.cloud_labels.clone());
        if let Some(queue) = self.populated.termination_queue.as_ref().filter(|queue| !queue.tag.is_empty()) {
            tags.entry(queue.tag.clone()).or_default();
        }
        let template = "k8s.io/cluster-autoscaler/node-template";
        for (label, value) in self.node_labels(group) {
            tags.insert(format!("{template}/label/{label}"), value);
        }
        for taint in &group.spec.taints {
            let Some((key, effect)) = taint.rsplit_once(':') else { continue };
            let (key, value) = key.split_once('=').unwrap_or((key, ""));
            tags.insert(format!("{template}/taint/{key}"), format!("{value}:{effect}"));
        }
        let roles: &[&str] = match group.role {
            Role::ControlPlane => &["control-plane", "master"],
            Role::ApiServer => &["apiserver"],
            Role::Node => &["node"],
            Role::Bastion => &["bastion"],
        };
        for role in roles {
            tags.insert(format!("k8s.io/role/{role}"), "1".into());
        }
        tags.insert("kops.k8s.io/instancegroup".into(), group.name.clone());
        tags
    }

    /// The labels of a group's Kubernetes nodes (kops `pkg/nodelabels`).
    fn node_labels(&self, group: &Group) -> Tags {
        let cluster = self.cluster();
        let of_role =
            if group.role == Role::ControlPlane { &cluster.master_kubelet } else { &cluster.kubelet };
        let mut labels = Tags::new();
        for kubelet in [of_role, &group.spec.kubelet].into_iter().flatten() {
            labels.extend(kubelet_labels(kubelet));
        }
        let own: &[&str] = match group.role {
            Role::ControlPlane => &[
                "node-role.kubernetes.io/control-plane",
                "kops.k8s.io/kops-controller-pki",
                "node.kubernetes.io/exclude-from-external-load-balancers",
            ],
            Role::ApiServer => &["node-role.kubernetes.io/api-server"],
            Role::Node => &["node-role.kubernetes.io/node"],
            Role::Bastion => &[],
        };
        labels.extend(own.iter().map(|label| (label.to_string(), String::new())));
        // The control plane serves the API too, which pods that look for API servers have to know.
        if group.role == Role::ControlPlane && self.populated.has_api_servers() {
            labels.insert("node-role.kubernetes.io/api-server".into(), String::new());
        }
        labels.extend(group.spec.node_labels.clone());
        labels
    }
}

fn kubelet_labels(kubelet: &Settings<Kubelet>) -> Tags {
    let labels = kubelet.get("nodeLabels").and_then(serde_json::Value::as_object);
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_string);
    labels.into_iter().flatten().map(|(label, value)| (label.clone(), text(value))).collect()
}
