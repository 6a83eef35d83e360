//! The files of a cluster's store: what its machines read when they boot, and what kops reads afterwards. Texts alone;
//! where they are put is the model's business.

mod completed;
mod etcd;
mod issuer;
mod keys;
mod location;
mod nodeup;
mod pods;

pub(crate) use etcd::has_etcd;
pub use keys::keyset_names;
pub(crate) use location::Location;
pub(crate) use pods::{environment, image_tag, proxy_url, proxy_variables};

use crate::populate::{Group, Populated};
use crate::spec::Role;
use std::collections::BTreeSet;

/// A file: its name in kops's Terraform output, where it is, and its text.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) text: String,
    /// Whether everyone may read it.
    pub(crate) public: bool,
}

/// The files that belong to no group of machines.
pub(crate) fn common(populated: &Populated) -> Vec<File> {
    let cluster = populated.cluster();
    let base = cluster.config_base.trim_end_matches('/');
    let file = |name: &str, path: &str, text: String| File {
        name: name.into(),
        url: format!("{base}/{path}"),
        text,
        public: false,
    };
    let mut files = vec![
        file("cluster-completed.spec", "cluster-completed.spec", completed::document(populated)),
        file("kops-version.txt", "kops-version.txt", populated.release.clone()),
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
            let name = format!("{}-{member}", etcd.name);
            files.push(file(
                &format!("manifests-etcdmanager-{name}"),
                &format!("manifests/etcd/{name}.yaml"),
                manifest.clone(),
            ));
        }
        let backups = etcd.backups.as_ref().map(|backups| backups.backup_store.trim_end_matches('/'));
        files.push(File {
            name: format!("etcd-cluster-spec-{}", etcd.name),
            url: format!("{}/control/etcd-cluster-spec", backups.unwrap_or_default()),
            text: etcd::control(etcd),
            public: false,
        });
    }
    files.extend(issuer::files(populated));
    files
}

/// The file that tells a group's machines what they are; none for bastions that run nothing of their own. `images` are
/// those that the cluster's pods use.
pub(crate) fn of_group(populated: &Populated, group: &Group, images: &BTreeSet<String>) -> Option<File> {
    if group.role == Role::Bastion && group.spec.additional_user_data.is_empty() {
        return None;
    }
    Some(File {
        name: format!("nodeupconfig-{}", group.name),
        url: group_url(populated, group, "nodeupconfig.yaml"),
        text: nodeup::document(populated, group, images),
        public: false,
    })
}

/// The place of a group's file.
pub(crate) fn group_url(populated: &Populated, group: &Group, file: &str) -> String {
    let base = populated.cluster().config_base.trim_end_matches('/');
    format!("{base}/igconfig/{}/{}/{file}", group.role.in_paths(), group.name)
}
