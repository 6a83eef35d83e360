//! The labels of resources, and the network tags of machines.

use super::Model;
use crate::names::gce;
use crate::populate::Group;
use crate::spec::Role;
use std::collections::{BTreeMap, BTreeSet};

/// Labels by their key.
pub(super) type Labels = BTreeMap<String, String>;

/// The older word for the control plane. Firewall rules, machines and disks have both.
const MASTER: &str = "master";

impl Model<'_> {
    /// The label by which a cluster's resources are found.
    pub(super) fn cluster_label(&self) -> (String, String) {
        ("k8s-io-cluster-name".into(), gce::cluster(self.names.cluster))
    }

    /// The labels of a group's machines. The spec's own labels do not win over the layer's, by which controllers find
    /// machines.
    pub(super) fn group_labels(&self, group: &Group) -> Labels {
        let mut labels = self.cluster().cloud_labels.clone();
        labels.extend(group.spec.cloud_labels.clone());
        // They describe a future machine of an empty group to the cluster autoscaler.
        for taint in &group.spec.taints {
            let Some(effect) = taint.effect() else { continue };
            let key = format!("k8s.io/cluster-autoscaler/node-template/taint/{}", taint.key());
            labels.insert(key, format!("{}:{effect}", taint.value()));
        }
        let role = gce::role(group.role);
        labels.extend([self.cluster_label()]);
        labels.insert("k8s-io-instance-group".into(), group.name.clone());
        labels.insert(format!("k8s-io-role-{role}"), role.into());
        if group.role == Role::ControlPlane {
            labels.insert(format!("k8s-io-role-{MASTER}"), MASTER.into());
        }
        labels
    }

    /// The labels of the disk of an etcd cluster's member.
    pub(super) fn disk_labels(&self, etcd: &str, member: &str) -> Labels {
        [
            self.cluster_label(),
            (format!("k8s-io-role-{MASTER}"), MASTER.into()),
            // etcd-manager finds its disks by this label.
            (gce::etcd_label(etcd), gce::label(&format!("{member}/{member}"))),
        ]
        .into()
    }

    /// The network tags of a role's machines.
    pub(super) fn tags(&self, role: Role) -> BTreeSet<String> {
        match role {
            Role::ControlPlane => [self.tag(gce::role(role)), self.tag(MASTER)].into(),
            other => [self.tag(gce::role(other))].into(),
        }
    }

    /// The tags of all machines that serve the API. Machines of the control plane have the first one.
    pub(super) fn api_tags(&self) -> Vec<String> {
        let mut tags = vec![self.tag(gce::role(Role::ControlPlane))];
        if self.populated.has_api_servers() {
            tags.push(self.tag(gce::role(Role::ApiServer)));
        }
        tags
    }

    /// The tags of all machines that serve the API, with the older tag of the control plane.
    pub(super) fn control_plane_tags(&self) -> Vec<String> {
        let mut tags = self.api_tags();
        tags.push(self.tag(MASTER));
        tags
    }

    pub(super) fn node_tags(&self) -> Vec<String> {
        vec![self.tag(gce::role(Role::Node))]
    }

    pub(super) fn bastion_tags(&self) -> Vec<String> {
        vec![self.tag(gce::role(Role::Bastion))]
    }

    fn tag(&self, role: &str) -> String {
        gce::role_tag(self.names.cluster, role)
    }
}
