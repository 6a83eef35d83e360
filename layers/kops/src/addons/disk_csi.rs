//! The driver of persistent disks on Google: its storage classes, permissions, controller and node parts.

mod pods;

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use k8s_openapi::api::core::v1::{Namespace, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding};
use k8s_openapi::api::scheduling::v1::PriorityClass;
use k8s_openapi::api::storage::v1::{CSIDriver, CSIDriverSpec, StorageClass};

/// The namespace of the driver.
const NAMESPACE: &str = "gce-pd-csi-driver";
/// The driver's name.
const DRIVER: &str = "pd.csi.storage.gke.io";
/// The service accounts of the controller and of the node parts.
const CONTROLLER: &str = "csi-gce-pd-controller-sa";
const NODE: &str = "csi-gce-pd-node-sa";
/// The role by which one of several controllers leads.
const LEADER: &str = "csi-gce-pd-leaderelection-role";
const APP: (&str, &str) = ("k8s-app", "gcp-compute-persistent-disk-csi-driver");
const READ: &[&str] = &["get", "list", "watch"];
/// Verbs on events.
const EVENTS: &[&str] = &["list", "watch", "create", "update", "patch"];
/// Verbs on objects that the driver changes.
const CHANGE: &[&str] = &["get", "list", "watch", "update", "patch"];

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let config = populated.cluster().cloud_config.clone().unwrap_or_default();
    let settings = config.gcp_pd_csi_driver.unwrap_or_default();
    if config.manage_storage_classes != Some(false) {
        classes(settings.default_storage_class_name.as_deref().unwrap_or_default(), objects);
    }
    objects.add(Namespace { metadata: meta(NAMESPACE).done(), ..Namespace::default() });
    for name in [CONTROLLER, NODE] {
        objects.add(ServiceAccount {
            metadata: meta(name).in_namespace(NAMESPACE).done(),
            ..ServiceAccount::default()
        });
    }
    permissions(objects);
    for (part, whose, value) in [("controller", "controller", 900_000_000), ("node", "node", 900_001_000)] {
        objects.add(PriorityClass {
            description: text(format!(
                "This priority class should be used for the GCE PD CSI driver {whose} deployment only."
            )),
            global_default: Some(false),
            metadata: meta(&format!("csi-gce-pd-{part}")).done(),
            value: Some(value),
            ..PriorityClass::default()
        });
    }
    let version = settings.version.unwrap_or_default();
    objects.add(pods::controller(populated, &version));
    objects.add(pods::nodes(&version));
    objects.add(CSIDriver {
        metadata: meta(DRIVER).done(),
        spec: CSIDriverSpec {
            attach_required: Some(true),
            pod_info_on_mount: Some(false),
            ..CSIDriverSpec::default()
        },
    });
}

/// The storage classes. `default` is the name of the default one.
fn classes(default: &str, objects: &mut Objects) {
    const DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";
    let class = |name: &str, parameters: &[(&str, &str)], is_default: Option<&str>, policy: Option<&str>| {
        let mut metadata = meta(name).labels(&[("kubernetes.io/cluster-service", "true")]);
        if let Some(is_default) = is_default {
            metadata = metadata.annotations(&[(DEFAULT, is_default)]);
        }
        StorageClass {
            allow_volume_expansion: Some(true),
            metadata: metadata.done(),
            parameters: pairs(parameters),
            provisioner: DRIVER.into(),
            reclaim_policy: policy.map(str::to_owned),
            volume_binding_mode: text("WaitForFirstConsumer"),
            ..StorageClass::default()
        }
    };
    let delete = Some("Delete");
    let chosen = |name: &str| (name == default).then_some("true");
    objects.add(class("standard-csi", &[("type", "pd-standard")], Some("false"), None));
    objects.add(class("balanced-csi", &[("type", "pd-balanced")], chosen("balanced-csi"), delete));
    let provisioned = [
        ("type", "hyperdisk-balanced"),
        ("provisioned-throughput-on-create", "250Mi"),
        ("provisioned-iops-on-create", "5000"),
    ];
    objects.add(class("balanced-storage", &provisioned, chosen("balanced-storage"), delete));
    objects.add(class("ssd-csi", &[("type", "pd-ssd")], None, delete));
}

fn permissions(objects: &mut Objects) {
    const STORAGE: &[&str] = &["storage.k8s.io"];
    const SNAPSHOTS: &[&str] = &["snapshot.storage.k8s.io"];
    objects.add(Role {
        metadata: meta(LEADER).in_namespace(NAMESPACE).labels(&[APP]).done(),
        rules: Some(vec![rule(
            &["coordination.k8s.io"],
            &["leases"],
            &["get", "watch", "list", "delete", "update", "create"],
        )]),
    });
    objects.add(role(
        "attacher",
        vec![
            rule(&[""], &["persistentvolumes"], CHANGE),
            rule(&[""], &["nodes"], READ),
            rule(STORAGE, &["csinodes"], READ),
            rule(STORAGE, &["volumeattachments"], CHANGE),
            rule(STORAGE, &["volumeattachments/status"], &["patch"]),
        ],
    ));
    objects.add(role(
        "provisioner",
        vec![
            rule(&[""], &["persistentvolumes"], &["get", "list", "watch", "create", "delete"]),
            rule(&[""], &["persistentvolumeclaims"], &["get", "list", "watch", "update"]),
            rule(STORAGE, &["storageclasses"], READ),
            rule(&[""], &["events"], EVENTS),
            rule(STORAGE, &["csinodes"], READ),
            rule(&[""], &["nodes"], READ),
            rule(SNAPSHOTS, &["volumesnapshots"], &["get", "list"]),
            rule(SNAPSHOTS, &["volumesnapshotcontents"], &["get", "list"]),
            rule(STORAGE, &["volumeattachments"], READ),
        ],
    ));
    objects.add(role(
        "resizer",
        vec![
            rule(&[""], &["persistentvolumes"], CHANGE),
            rule(&[""], &["persistentvolumeclaims"], READ),
            rule(&[""], &["persistentvolumeclaims/status"], &["update", "patch"]),
            rule(&[""], &["events"], EVENTS),
            rule(&[""], &["pods"], READ),
        ],
    ));
    objects.add(role(
        "snapshotter",
        vec![
            rule(&[""], &["events"], EVENTS),
            rule(SNAPSHOTS, &["volumesnapshotclasses"], READ),
            rule(
                SNAPSHOTS,
                &["volumesnapshotcontents"],
                &["create", "get", "list", "watch", "update", "delete", "patch"],
            ),
            rule(SNAPSHOTS, &["volumesnapshotcontents/status"], &["update", "patch"]),
        ],
    ));
    objects.add(RoleBinding {
        metadata: meta("csi-gce-pd-controller-leaderelection-binding")
            .in_namespace(NAMESPACE)
            .labels(&[APP])
            .done(),
        role_ref: role_ref("Role", LEADER),
        subjects: Some(vec![account(NAMESPACE, CONTROLLER)]),
    });
    for (name, role, of) in [
        ("controller", "node-deploy", CONTROLLER),
        ("controller-attacher-binding", "attacher-role", CONTROLLER),
        ("controller-deploy", "controller-deploy", CONTROLLER),
        ("controller-provisioner-binding", "provisioner-role", CONTROLLER),
        ("controller-snapshotter-binding", "snapshotter-role", CONTROLLER),
        ("node", "node-deploy", NODE),
        ("resizer-binding", "resizer-role", CONTROLLER),
    ] {
        objects.add(ClusterRoleBinding {
            metadata: meta(&format!("csi-gce-pd-{name}")).done(),
            role_ref: role_ref("ClusterRole", &format!("csi-gce-pd-{role}")),
            subjects: Some(vec![account(NAMESPACE, of)]),
        });
    }
}

/// The role of one of the controller's containers.
fn role(container: &str, rules: Vec<PolicyRule>) -> ClusterRole {
    ClusterRole {
        metadata: meta(&format!("csi-gce-pd-{container}-role")).done(),
        rules: Some(rules),
        ..ClusterRole::default()
    }
}
