//! The node problem detector, which reports problems of nodes.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec};
use k8s_openapi::api::core::v1::{
    Container, PodSpec, PodTemplateSpec, SecurityContext, ServiceAccount, Toleration, VolumeMount,
};
use k8s_openapi::api::rbac::v1::ClusterRoleBinding;

const NAME: &str = "node-problem-detector";
const APP: [(&str, &str); 1] = [("app", NAME)];

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let settings = populated.cluster().node_problem_detector.clone().unwrap_or_default();
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&APP).done(),
        ..ServiceAccount::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(NAME).labels(&APP).done(),
        role_ref: role_ref("ClusterRole", "system:node-problem-detector"),
        subjects: Some(vec![account(SYSTEM, NAME)]),
    });
    let container = Container {
        name: NAME.into(),
        command: texts(&[
            "/node-problem-detector",
            "--logtostderr",
            "--config.system-log-monitor=/config/kernel-monitor.json,/config/systemd-monitor.json",
            "--config.custom-plugin-monitor=/config/kernel-monitor-counter.json,/config/systemd-monitor-counter.json",
            "--config.system-stats-monitor=/config/system-stats-monitor.json",
        ]),
        image: settings.image.clone(),
        env: Some(vec![env_field("NODE_NAME", "spec.nodeName")]),
        resources: amounts(
            &[("cpu", &settings.cpu_limit), ("memory", &settings.memory_limit)],
            &[("cpu", &settings.cpu_request), ("memory", &settings.memory_request)],
        ),
        security_context: Some(SecurityContext { privileged: Some(true), ..SecurityContext::default() }),
        volume_mounts: Some(vec![
            mount_read_only("log", "/var/log"),
            mount_read_only("kmsg", "/dev/kmsg"),
            mount_read_only("localtime", "/etc/localtime"),
            mount_read_only("machine-id", "/etc/machine-id"),
            mount("systemd", "/run/systemd/system"),
            VolumeMount { mount_propagation: text("Bidirectional"), ..mount("dbus", "/var/run/dbus/") },
        ]),
        ..Container::default()
    };
    let all_of = |effect: &str| Toleration { effect: text(effect), ..tolerate_all() };
    let pod = PodSpec {
        affinity: only_on([vec![wants("kubernetes.io/os", "In", &["linux"])]]),
        containers: vec![container],
        priority_class_name: text("system-node-critical"),
        service_account_name: text(NAME),
        tolerations: Some(vec![
            all_of("NoExecute"),
            all_of("NoSchedule"),
            tolerate("CriticalAddonsOnly", ""),
        ]),
        volumes: Some(vec![
            host_path_of_any_kind("log", "/var/log/"),
            host_path_of_any_kind("kmsg", "/dev/kmsg"),
            host_path("localtime", "/etc/localtime", "FileOrCreate"),
            host_path("machine-id", "/etc/machine-id", "File"),
            host_path("systemd", "/run/systemd/system/", ""),
            host_path("dbus", "/var/run/dbus/", ""),
        ]),
        ..PodSpec::default()
    };
    objects.add(DaemonSet {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&APP).done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&APP),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&APP).done()), spec: Some(pod) },
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    });
}
