//! The tags of resources.

use super::Model;
use crate::populate::Group;
use crate::spec::Role;
use std::collections::BTreeMap;

/// Tags by their key.
pub(super) type Tags = BTreeMap<String, String>;

impl Model<'_> {
    /// The tags of a resource that the cluster owns. The spec's own labels win over the layer's.
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

    /// The tags of a group's machines, their volumes and their autoscaling group. The tags with `node-template`
    /// describe a future machine of an empty group to the cluster autoscaler.
    pub(super) fn group_tags(&self, group: &Group) -> Tags {
        let mut tags = self.tags(&self.names.group(&group.name, group.role));
        tags.extend(group.spec.cloud_labels.clone());
        if let Some(queue) = self.populated.termination_queue().filter(|queue| !queue.tag.is_empty()) {
            tags.entry(queue.tag.clone()).or_default();
        }
        let template = "k8s.io/cluster-autoscaler/node-template";
        for (label, value) in &group.labels {
            tags.insert(format!("{template}/label/{label}"), value.clone());
        }
        for taint in &group.spec.taints {
            let Some(effect) = taint.effect() else { continue };
            tags.insert(format!("{template}/taint/{}", taint.key()), format!("{}:{effect}", taint.value()));
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
}
