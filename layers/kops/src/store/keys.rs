//! The sets of keys that a cluster's machines need, and what each group gets of them.

use crate::populate::{Group, Populated};
use crate::spec::{ClusterSpec, EtcdName, Role};
use std::collections::{BTreeMap, BTreeSet};

/// The certificates that a group's machines trust, and the ids of the keys that sign, by the name of the set.
pub(super) fn of_group(
    populated: &Populated,
    group: &Group,
) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let (mut authorities, mut ids) = (BTreeMap::new(), BTreeMap::new());
    if group.role == Role::Bastion {
        return (authorities, ids);
    }
    for name in names_for(populated.cluster(), group.role) {
        let Some(keyset) = populated.keysets.get(&name) else { continue };
        ids.insert(name.clone(), keyset.primary.clone());
        // Machines get the public keys of these two elsewhere, if at all.
        let signs_only = ["service-account", "discovery-ca"].contains(&name.as_str());
        // Nodes get their trusted certificates with their script.
        let with_script = name == "kubernetes-ca" && !group.role.serves_api();
        if !signs_only && !with_script {
            authorities.insert(name, keyset.certificates());
        }
    }
    (authorities, ids)
}

/// The names of the sets of keys that machines of a role need.
fn names_for(cluster: &ClusterSpec, role: Role) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["kubernetes-ca".to_owned()]);
    let control_plane = role == Role::ControlPlane;
    if role.serves_api() {
        names.extend(["apiserver-aggregator-ca", "service-account", "etcd-clients-ca"].map(String::from));
    }
    for etcd in &cluster.etcd_clusters {
        let of_kubernetes = etcd.name() != EtcdName::Cilium;
        if control_plane {
            names.extend([
                format!("etcd-manager-ca-{}", etcd.name()),
                format!("etcd-peers-ca-{}", etcd.name()),
            ]);
        }
        if !of_kubernetes {
            names.insert(format!("etcd-clients-ca-{}", etcd.name()));
        }
    }
    let discovery = cluster.service_account_issuer_discovery.as_ref();
    if control_plane && discovery.and_then(|of| of.discovery_service.as_ref()).is_some() {
        names.insert("discovery-ca".into());
    }
    names
}

/// The names of all sets of keys that a cluster needs.
pub fn keyset_names(cluster: &ClusterSpec) -> BTreeSet<String> {
    names_for(cluster, Role::ControlPlane)
}
