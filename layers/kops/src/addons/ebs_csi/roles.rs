//! What the driver may do with objects of Kubernetes.

use crate::objects::rule;
use k8s_openapi::api::rbac::v1::PolicyRule;

pub(super) fn roles() -> [(&'static str, Vec<PolicyRule>); 5] {
    const STORAGE: &[&str] = &["storage.k8s.io"];
    const SNAPSHOT: &[&str] = &["snapshot.storage.k8s.io"];
    const GROUP_SNAPSHOT: &[&str] = &["groupsnapshot.storage.k8s.io"];
    const READ: &[&str] = &["get", "list", "watch"];
    const EVENTS: &[&str] = &["list", "watch", "create", "update", "patch"];
    let change = |also: &[&'static str]| [READ, also].concat();
    [
        (
            "ebs-external-attacher-role",
            vec![
                rule(&[""], &["persistentvolumes"], &change(&["patch"])),
                rule(STORAGE, &["csinodes"], READ),
                rule(STORAGE, &["volumeattachments"], &change(&["patch"])),
                rule(STORAGE, &["volumeattachments/status"], &["patch"]),
            ],
        ),
        (
            "ebs-csi-node-role",
            vec![
                rule(STORAGE, &["volumeattachments"], READ),
                rule(&[""], &["nodes"], &["get"]),
                rule(&[""], &["nodes"], &["patch", "list", "watch"]),
                rule(STORAGE, &["csinodes"], &["get"]),
            ],
        ),
        (
            "ebs-external-provisioner-role",
            vec![
                rule(&[""], &["persistentvolumes"], &change(&["create", "patch", "delete"])),
                rule(&[""], &["persistentvolumeclaims"], &change(&["update"])),
                rule(STORAGE, &["storageclasses"], READ),
                rule(&[""], &["events"], EVENTS),
                rule(SNAPSHOT, &["volumesnapshots"], &change(&["update"])),
                rule(SNAPSHOT, &["volumesnapshotcontents"], &["get", "list"]),
                rule(STORAGE, &["csinodes"], READ),
                rule(&[""], &["nodes"], READ),
                rule(STORAGE, &["volumeattachments"], READ),
                rule(STORAGE, &["volumeattributesclasses"], &["get"]),
            ],
        ),
        (
            "ebs-external-resizer-role",
            vec![
                rule(&[""], &["persistentvolumes"], &change(&["patch"])),
                rule(&[""], &["persistentvolumeclaims"], READ),
                rule(&[""], &["pods"], READ),
                rule(&[""], &["persistentvolumeclaims/status"], &["patch"]),
                rule(&[""], &["events"], EVENTS),
                rule(STORAGE, &["volumeattributesclasses"], READ),
            ],
        ),
        (
            "ebs-external-snapshotter-role",
            vec![
                rule(&[""], &["events"], EVENTS),
                rule(SNAPSHOT, &["volumesnapshotclasses"], READ),
                rule(SNAPSHOT, &["volumesnapshotcontents"], &change(&["update", "patch"])),
                rule(SNAPSHOT, &["volumesnapshotcontents/status"], &["update", "patch"]),
                rule(GROUP_SNAPSHOT, &["volumegroupsnapshotclasses"], READ),
                rule(GROUP_SNAPSHOT, &["volumegroupsnapshotcontents"], &change(&["update", "patch"])),
                rule(GROUP_SNAPSHOT, &["volumegroupsnapshotcontents/status"], &["update", "patch"]),
            ],
        ),
    ]
}
