//! kopeio's network plugin.

use super::Objects;
use crate::objects::*;
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec};
use k8s_openapi::api::core::v1::{
    Container, PodSpec, PodTemplateSpec, SecurityContext, ServiceAccount, Toleration,
};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};

const NAME: &str = "kopeio-networking-agent";
const ROLE: &str = "kopeio:networking-agent";
const IMAGE: &str = "kopeio/networking-agent:1.0.20181028";
const ADDON: [(&str, &str); 1] = [("k8s-addon", "networking.kope.io")];

pub(super) fn objects(objects: &mut Objects) {
    let container = Container {
        name: "networking-agent".into(),
        image: text(IMAGE),
        env: Some(vec![env_field("NODE_NAME", "spec.nodeName")]),
        resources: resources(&[("memory", "100Mi")], &[("cpu", "50m"), ("memory", "100Mi")]),
        security_context: Some(SecurityContext { privileged: Some(true), ..SecurityContext::default() }),
        volume_mounts: Some(vec![mount_read_only("lib-modules", "/lib/modules")]),
        ..Container::default()
    };
    let all_of = |effect: &str| Toleration { effect: text(effect), ..tolerate_all() };
    let pod = PodSpec {
        containers: vec![container],
        host_ipc: Some(true),
        host_network: Some(true),
        host_pid: Some(true),
        priority_class_name: text("system-node-critical"),
        service_account_name: text(NAME),
        tolerations: Some(vec![all_of("NoSchedule"), all_of("NoExecute")]),
        volumes: Some(vec![host_path_of_any_kind("lib-modules", "/lib/modules")]),
        ..PodSpec::default()
    };
    let app = [("name", NAME)];
    objects.add(DaemonSet {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&ADDON).done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&app),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&app).done()), spec: Some(pod) },
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    });
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&ADDON).done(),
        ..ServiceAccount::default()
    });
    objects.add(ClusterRole {
        metadata: meta(ROLE).labels(&ADDON).done(),
        rules: Some(vec![
            rule(&[""], &["nodes"], &["get", "list", "watch", "patch"]),
            rule(&[""], &["nodes/status"], &["patch"]),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(ROLE).labels(&ADDON).done(),
        role_ref: role_ref("ClusterRole", ROLE),
        subjects: Some(vec![user(&format!("system:serviceaccount:{SYSTEM}:{NAME}"))]),
    });
}
