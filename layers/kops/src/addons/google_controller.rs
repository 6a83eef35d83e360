//! The cloud controller manager of Google, and the storage class of the volumes that Kubernetes itself once made.

use super::Objects;
use super::cloud_controller::{Manager, daemon};
use crate::objects::*;
use crate::populate::Populated;
use k8s_openapi::api::core::v1::{HTTPGetAction, Probe, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject};
use k8s_openapi::api::storage::v1::StorageClass;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

const NAME: &str = "cloud-controller-manager";
/// The port of the health check.
const HEALTH: i32 = 10258;
/// How Kubernetes' own add-on manager treats an object.
const RECONCILE: (&str, &str) = ("addonmanager.kubernetes.io/mode", "Reconcile");
/// The names of roles. The last two have the same rules under an older name.
const MANAGER: &str = "system:cloud-controller-manager";
const LOCK: &str = "system::leader-locking-cloud-controller-manager";
const NODES: &str = "system:controller:cloud-node-controller";
const VOLUMES: &str = "system:controller:pvl-controller";
const PROVIDER: &str = "gce:cloud-provider";
const OLD_PROVIDER: &str = "cloud-provider";

/// The storage class of the volumes that Kubernetes itself made. It is the default one without a driver.
pub(super) fn storage(populated: &Populated, objects: &mut Objects) {
    let labels =
        [("kubernetes.io/cluster-service", "true"), ("addonmanager.kubernetes.io/mode", "EnsureExists")];
    let mut metadata = meta("standard").labels(&labels);
    if !super::has_disk_driver(populated) {
        metadata = metadata.annotations(&[("storageclass.kubernetes.io/is-default-class", "true")]);
    }
    objects.add(StorageClass {
        metadata: metadata.done(),
        parameters: pairs(&[("type", "pd-standard")]),
        provisioner: "kubernetes.io/gce-pd".into(),
        ..StorageClass::default()
    });
}

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let manager = Manager {
        name: NAME,
        cloud: "gce",
        label: "component",
        labels: &[("tier", "control-plane")],
        health: Some(health()),
        affinity: only_on_control_plane(),
    };
    objects.add_with_empty(daemon(populated, manager), &[NODE_SELECTOR]);
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        ..ServiceAccount::default()
    });
    objects.add(RoleBinding {
        metadata: meta("cloud-controller-manager:apiserver-authentication-reader")
            .in_namespace(SYSTEM)
            .done(),
        role_ref: role_ref("Role", "extension-apiserver-authentication-reader"),
        subjects: Some(vec![Subject { api_group: text(""), ..account(SYSTEM, NAME) }]),
    });
    objects.add(cluster_role(MANAGER, manager_rules()));
    const CONFIG: &[&str] = &["configmaps"];
    let lock = [
        rule(&[""], CONFIG, &["watch"]),
        named_rule(&[""], CONFIG, &[NAME], &["create", "patch", "get", "update"]),
    ];
    objects.add(role(LOCK, lock.to_vec()));
    const CHANGED: &[&str] = &["get", "list", "update", "delete", "patch"];
    let events = || rule(&[""], &["events"], &["create", "patch", "update"]);
    objects.add(cluster_role(
        NODES,
        vec![
            events(),
            rule(&[""], &["nodes"], CHANGED),
            rule(&[""], &["nodes/status"], CHANGED),
            rule(&[""], &["pods"], &["list", "delete"]),
            rule(&[""], &["pods/status"], &["list", "delete"]),
        ],
    ));
    objects.add(binding(LOCK, NAME));
    objects.add(cluster_binding(MANAGER, NAME));
    objects.add(cluster_binding(NODES, "cloud-node-controller"));
    let volumes = rule(&[""], &["persistentvolumeclaims", "persistentvolumes"], &["list", "watch"]);
    objects.add(cluster_role(VOLUMES, vec![events(), volumes]));
    let settings = || vec![rule(&[""], CONFIG, &["create", "get", "patch", "update", "list", "watch"])];
    objects.add(role(PROVIDER, settings()));
    objects
        .add(cluster_role(PROVIDER, vec![events(), rule(&[""], &["services/status"], &["patch", "update"])]));
    objects.add(older("role", |metadata| Role { metadata, ..role(OLD_PROVIDER, settings()) }, true));
    objects.add(older(
        "clusterrole",
        |metadata| ClusterRole { metadata, ..cluster_role(OLD_PROVIDER, vec![events()]) },
        false,
    ));
    objects.add(binding(PROVIDER, OLD_PROVIDER));
    objects.add(cluster_binding(PROVIDER, OLD_PROVIDER));
}

/// What the manager may do.
fn manager_rules() -> Vec<PolicyRule> {
    vec![
        rule(&["", "events.k8s.io"], &["events"], &["create", "patch", "update"]),
        rule(&[""], &["services/status"], &["patch", "update"]),
        rule(&["coordination.k8s.io"], &["leases"], &["create", "get", "list", "watch", "update"]),
        named_rule(&["coordination.k8s.io"], &["leases"], &[NAME], &["get", "update"]),
        rule(&[""], &["endpoints", "serviceaccounts"], &["create", "get", "update"]),
        rule(&[""], &["nodes"], &["get", "update", "patch"]),
        rule(&[""], &["namespaces"], &["get"]),
        rule(&[""], &["nodes/status"], &["patch", "update"]),
        rule(&[""], &["secrets"], &["create", "delete", "get", "update"]),
        rule(&["authentication.k8s.io"], &["tokenreviews"], &["create"]),
        rule(&["*"], &["*"], &["list", "watch"]),
        rule(&[""], &["serviceaccounts/token"], &["create"]),
    ]
}

fn role(name: &str, rules: Vec<PolicyRule>) -> Role {
    Role { metadata: meta(name).in_namespace(SYSTEM).labels(&[RECONCILE]).done(), rules: Some(rules) }
}

fn cluster_role(name: &str, rules: Vec<PolicyRule>) -> ClusterRole {
    ClusterRole {
        metadata: meta(name).labels(&[RECONCILE]).done(),
        rules: Some(rules),
        ..ClusterRole::default()
    }
}

/// A role under an older name, which says that it will be removed.
fn older<R>(
    kind: &str,
    make: impl FnOnce(k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta) -> R,
    in_namespace: bool,
) -> R {
    let told = format!(
        "cloud-provider {kind} is DEPRECATED in the concern of potential collisions and will be removed in 1.16. Do not \
         use this role."
    );
    let metadata =
        meta(OLD_PROVIDER).labels(&[RECONCILE]).annotations(&[("kubernetes.io/deprecation", &told)]);
    make(if in_namespace { metadata.in_namespace(SYSTEM) } else { metadata }.done())
}

fn binding(name: &str, of: &str) -> RoleBinding {
    RoleBinding {
        metadata: meta(name).in_namespace(SYSTEM).labels(&[RECONCILE]).done(),
        role_ref: role_ref("Role", name),
        subjects: Some(vec![account(SYSTEM, of)]),
    }
}

fn cluster_binding(name: &str, of: &str) -> ClusterRoleBinding {
    ClusterRoleBinding {
        metadata: meta(name).labels(&[RECONCILE]).done(),
        role_ref: role_ref("ClusterRole", name),
        subjects: Some(vec![account(SYSTEM, of)]),
    }
}

/// The health of the manager, as the kubelet asks for it.
fn health() -> Probe {
    let answer = HTTPGetAction {
        host: text("127.0.0.1"),
        path: text("/healthz"),
        port: IntOrString::Int(HEALTH),
        scheme: text("HTTPS"),
        ..HTTPGetAction::default()
    };
    Probe {
        failure_threshold: Some(3),
        http_get: Some(answer),
        initial_delay_seconds: Some(15),
        period_seconds: Some(10),
        success_threshold: Some(1),
        timeout_seconds: Some(15),
        ..Probe::default()
    }
}
