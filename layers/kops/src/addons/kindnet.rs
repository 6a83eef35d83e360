//! kindnet, a small network plugin.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::Kindnet;
use crate::spec::values::Written;
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec};
use k8s_openapi::api::core::v1::{
    Container, PodSpec, PodTemplateSpec, SecurityContext, ServiceAccount, Toleration,
};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, PolicyRule};

const NAME: &str = "kindnet";
const LABELS: [(&str, &str); 3] = [("tier", "node"), ("app", NAME), ("k8s-app", NAME)];
/// Installs the plugin's binary for the container runtime.
const INSTALL: &str = "cat /opt/cni/bin/cni-kindnet > /cni/cni-kindnet ; chmod +x /cni/cni-kindnet";

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let networking = populated.cluster().networking.as_ref();
    let settings = networking.and_then(|networking| networking.kindnet.clone()).unwrap_or_default();
    objects.add(ClusterRole {
        metadata: meta(NAME).done(),
        rules: Some(rules(&settings)),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(NAME).done(),
        role_ref: role_ref("ClusterRole", NAME),
        subjects: Some(vec![account(SYSTEM, NAME)]),
    });
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        ..ServiceAccount::default()
    });
    objects.add(daemon(&settings));
}

fn rules(settings: &Kindnet) -> Vec<PolicyRule> {
    let mut rules = vec![
        rule(&[""], &["nodes"], &["list", "watch", "patch"]),
        rule(&[""], &["nodes/proxy", "nodes/configz"], &["get"]),
        rule(&[""], &["configmaps"], &["get"]),
        rule(&[""], &["pods", "namespaces"], &["list", "watch"]),
        rule(&["networking.k8s.io"], &["networkpolicies"], &["list", "watch"]),
    ];
    let kinds = [
        (settings.admin_network_policies, "adminnetworkpolicies"),
        (settings.baseline_admin_network_policies, "baselineadminnetworkpolicies"),
    ];
    let kinds: Vec<&str> = kinds.iter().filter(|(on, _)| *on == Some(true)).map(|(_, kind)| *kind).collect();
    if !kinds.is_empty() {
        rules.push(rule(&["policy.networking.k8s.io"], &kinds, &["list", "watch"]));
    }
    rules
}

fn command(settings: &Kindnet) -> Vec<String> {
    let mut command = vec![
        "/bin/kindnetd".to_owned(),
        "--hostname-override=$(NODE_NAME)".into(),
        format!("--v={}", settings.log_level.unwrap_or_default()),
    ];
    let policies = [
        (settings.network_policies, "network-policy"),
        (settings.admin_network_policies, "admin-network-policy"),
        (settings.baseline_admin_network_policies, "admin-network-policy"),
    ];
    let on = policies.iter().filter(|(on, _)| *on == Some(true));
    command.extend(on.map(|(_, flag)| format!("--{flag}=true")));
    command.push(format!("--dns-caching={}", settings.dns_caching == Some(true)));
    command.push(format!("--nat64={}", settings.nat64 == Some(true)));
    command.push(format!("--fastpath-threshold={}", settings.fast_path_threshold.unwrap_or_default()));
    if let Some(masquerade) = &settings.masquerade {
        command.push(format!("--masquerading={}", masquerade.enabled != Some(false)));
        if !masquerade.non_masquerade_cidrs.is_empty() {
            let ranges: Vec<_> = masquerade.non_masquerade_cidrs.iter().map(Written::as_str).collect();
            command.push(format!("--no-masquerade-cidr={}", ranges.join(",")));
        }
    }
    command
}

fn daemon(settings: &Kindnet) -> DaemonSet {
    let image = format!("registry.k8s.io/networking/kindnet:{}", settings.version);
    let install = Container {
        name: "install-cni-bin".into(),
        image: text(&image),
        command: texts(&["sh", "-c", INSTALL]),
        volume_mounts: Some(vec![mount("cni-bin", "/cni")]),
        ..Container::default()
    };
    let plugin = Container {
        name: "kindnet-cni".into(),
        image: text(&image),
        command: Some(command(settings)),
        env: Some(vec![
            env_field("HOST_IP", "status.hostIP"),
            env_field("POD_IP", "status.podIP"),
            env_field("NODE_NAME", "spec.nodeName"),
        ]),
        resources: resources(&[], &[("cpu", "100m"), ("memory", "50Mi")]),
        security_context: Some(SecurityContext { privileged: Some(true), ..SecurityContext::default() }),
        volume_mounts: Some(vec![
            mount("cni-cfg", "/etc/cni/net.d"),
            mount("var-lib-kindnet", "/var/lib/cni-kindnet"),
            mount("nri-plugin", "/var/run/nri"),
        ]),
        ..Container::default()
    };
    let pod = PodSpec {
        containers: vec![plugin],
        host_network: Some(true),
        init_containers: Some(vec![install]),
        service_account_name: text(NAME),
        tolerations: Some(vec![Toleration { effect: text("NoSchedule"), ..tolerate_all() }]),
        volumes: Some(vec![
            host_path("cni-bin", "/opt/cni/bin", "DirectoryOrCreate"),
            host_path("cni-cfg", "/etc/cni/net.d", "DirectoryOrCreate"),
            host_path("var-lib-kindnet", "/var/lib/cni-kindnet", "DirectoryOrCreate"),
            host_path_of_any_kind("nri-plugin", "/var/run/nri"),
        ]),
        ..PodSpec::default()
    };
    DaemonSet {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&LABELS).done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&[("app", NAME)]),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&LABELS).done()), spec: Some(pod) },
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    }
}
