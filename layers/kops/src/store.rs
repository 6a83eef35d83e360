//! The files of a cluster's store: what its machines read when they boot, and what kops reads afterwards. Makes texts
//! only: the model decides where they are stored.

mod completed;
mod etcd;
mod issuer;
mod keys;
mod nodeup;
mod pods;

pub(crate) use etcd::{ETCD, has_etcd};
pub use keys::keyset_names;
pub(crate) use pods::{environment, image_tag, proxy_url, proxy_variables};

use crate::populate::{Group, Populated};
use crate::spec::Role;
use crate::spec::values::Store;
use std::collections::BTreeSet;

/// A file: its name in kops's Terraform output, its place, and its text.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) place: Store,
    pub(crate) text: String,
    /// Whether everyone may read it.
    pub(crate) public: bool,
}

/// The files that belong to no group of machines.
pub(crate) fn common(populated: &Populated) -> Vec<File> {
    let cluster = populated.cluster();
    let file = |name: &str, path: &str, text: String| File {
        name: name.into(),
        place: populated.base.join(path),
        text,
        public: false,
    };
    let mut files = vec![
        file("cluster-completed.spec", "cluster-completed.spec", completed::document(populated)),
        file("kops-version.txt", "kops-version.txt", populated.release.to_string()),
        file(
            "manifests-static-kube-apiserver-healthcheck",
            "manifests/static/kube-apiserver-healthcheck.yaml",
            pods::healthcheck(populated),
        ),
        file(
            "manifests-channels-kops-channels",
            "manifests/channels/kops-channels.yaml",
            pods::channels(populated),
        ),
    ];
    for etcd in &cluster.etcd_clusters {
        let manifest = etcd::manager(populated, etcd);
        for member in etcd.etcd_members.iter().filter_map(|member| member.instance_group.as_deref()) {
            let name = format!("{}-{member}", etcd.name());
            files.push(file(
                &format!("manifests-etcdmanager-{name}"),
                &format!("manifests/etcd/{name}.yaml"),
                manifest.clone(),
            ));
        }
        files.extend(etcd.backup_store().map(|backups| File {
            name: format!("etcd-cluster-spec-{}", etcd.name()),
            place: backups.join("control/etcd-cluster-spec"),
            text: etcd::control(etcd),
            public: false,
        }));
    }
    files.extend(issuer::files(populated));
    files
}

/// The configuration of a group's machines. `None` for bastions without user data of their own. `images` are those that
/// the cluster's pods use.
pub(crate) fn of_group(populated: &Populated, group: &Group, images: &BTreeSet<String>) -> Option<File> {
    if group.role == Role::Bastion && group.spec.additional_user_data.is_empty() {
        return None;
    }
    Some(File {
        name: format!("nodeupconfig-{}", group.name),
        place: group_place(populated, group, "nodeupconfig.yaml"),
        text: nodeup::document(populated, group, images),
        public: false,
    })
}

/// The place of a group's file.
pub(crate) fn group_place(populated: &Populated, group: &Group, file: &str) -> Store {
    populated.base.join(&format!("igconfig/{}/{}/{file}", group.role.in_paths(), group.name))
}
