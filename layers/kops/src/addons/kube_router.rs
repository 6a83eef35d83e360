//! kube-router, a network plugin that routes by BGP and is also the service proxy.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::values;
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec};
use k8s_openapi::api::core::v1::{
    ConfigMap, Container, PodSecurityContext, PodSpec, PodTemplateSpec, Probe, SecurityContext,
    ServiceAccount, VolumeMount,
};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Subject};

const NAME: &str = "kube-router";
const CONFIG: &str = "kube-router-cfg";
const IMAGE: &str = "docker.io/cloudnativelabs/kube-router:v2.11.1";
const LABELS: [(&str, &str); 2] = [("k8s-app", NAME), ("tier", "node")];
/// The plugin's settings for the container runtime.
const CNI: &str = r#"{
   "cniVersion":"0.3.0",
   "name":"mynet",
   "plugins":[
      {
         "name":"kubernetes",
         "type":"bridge",
         "bridge":"kube-bridge",
         "isDefaultGateway":true,
         "hairpinMode":true,
         "ipam":{
            "type":"host-local"
         }
      },
      {
         "type": "portmap",
         "capabilities": {
            "snat": true,
            "portMappings": true
         }
      }
   ]
}
"#;
/// Replaces other settings once.
const INSTALL: &str = "set -e -x; if [ ! -f /etc/cni/net.d/10-kuberouter.conflist ]; then if [ -f \
                       /etc/cni/net.d/*.conf ]; then rm -f /etc/cni/net.d/*.conf; fi; \
                       TMP=/etc/cni/net.d/.tmp-kuberouter-cfg; cp /etc/kube-router/cni-conf.json ${TMP}; mv ${TMP} \
                       /etc/cni/net.d/10-kuberouter.conflist; fi";

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    objects.add(ConfigMap {
        data: pairs(&[("cni-conf.json", CNI)]),
        metadata: meta(CONFIG).in_namespace(SYSTEM).labels(&LABELS).done(),
        ..ConfigMap::default()
    });
    objects.add(daemon(populated));
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        ..ServiceAccount::default()
    });
    objects.add(ClusterRole {
        metadata: meta(NAME).done(),
        rules: Some(vec![
            rule(&[""], &["namespaces", "pods", "services", "nodes", "endpoints"], &["list", "get", "watch"]),
            rule(&["networking.k8s.io"], &["networkpolicies"], &["list", "get", "watch"]),
            rule(&["extensions"], &["networkpolicies"], &["get", "list", "watch"]),
            rule(&["coordination.k8s.io"], &["leases"], &["get", "create", "update"]),
            rule(&[""], &["services/status"], &["update"]),
            rule(&["discovery.k8s.io"], &["endpointslices"], &["get", "list", "watch"]),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(NAME).done(),
        role_ref: role_ref("ClusterRole", NAME),
        subjects: Some(vec![
            account(SYSTEM, NAME),
            Subject { api_group: None, ..user("system:kube-router") },
        ]),
    });
}

fn arguments(populated: &Populated) -> Vec<String> {
    let fixed = [
        "--strict-external-ip-validation=false",
        "--run-router=true",
        "--run-firewall=true",
        "--run-service-proxy=true",
        "--bgp-graceful-restart=true",
        "--kubeconfig=/var/lib/kube-router/kubeconfig",
        "--metrics-port=12013",
        "--runtime-endpoint=unix:///run/containerd/containerd.sock",
        "--hairpin-mode=true",
    ];
    let cluster = populated.cluster();
    let mut all: Vec<String> = fixed.map(String::from).into();
    all.push(format!("--service-cluster-ip-range=\"{}\"", values::text(&cluster.service_cluster_ip_range)));
    let settings = cluster.networking.as_ref().and_then(|networking| networking.kuberouter.as_ref());
    if settings.and_then(|settings| settings.use_nftables_for_netpol) == Some(true) {
        all.push("--use-nftables-for-netpol=true".into());
    }
    all
}

fn daemon(populated: &Populated) -> DaemonSet {
    let writable = |name: &str, path: &str| VolumeMount { read_only: Some(false), ..mount(name, path) };
    let router = Container {
        name: NAME.into(),
        image: text(IMAGE),
        args: Some(arguments(populated)),
        env: Some(vec![
            env_field("NODE_NAME", "spec.nodeName"),
            env_field("POD_NAME", "metadata.name"),
            env("KUBE_ROUTER_CNI_CONF_FILE", "/etc/cni/net.d/10-kuberouter.conflist"),
        ]),
        liveness_probe: Some(Probe {
            initial_delay_seconds: Some(10),
            period_seconds: Some(3),
            ..asks("/healthz", 20244)
        }),
        resources: resources(&[], &[("cpu", "250m"), ("memory", "250Mi")]),
        security_context: Some(SecurityContext { privileged: Some(true), ..SecurityContext::default() }),
        volume_mounts: Some(vec![
            mount_read_only("lib-modules", "/lib/modules"),
            mount("cni-conf-dir", "/etc/cni/net.d"),
            mount_read_only("kubeconfig", "/var/lib/kube-router/kubeconfig"),
            writable("xtables-lock", "/run/xtables.lock"),
            writable("rt-tables", "/usr/share/iproute2/rt_tables"),
            mount_read_only("containerd-sock", "/run/containerd/containerd.sock"),
        ]),
        ..Container::default()
    };
    let install = Container {
        name: "install-cni".into(),
        image: text(IMAGE),
        command: texts(&["/bin/sh", "-c", INSTALL]),
        volume_mounts: Some(vec![mount("cni-conf-dir", "/etc/cni/net.d"), mount(CONFIG, "/etc/kube-router")]),
        ..Container::default()
    };
    let pod = PodSpec {
        containers: vec![router],
        host_network: Some(true),
        host_pid: Some(true),
        init_containers: Some(vec![install]),
        priority_class_name: text("system-node-critical"),
        security_context: populated.uses_selinux().then(|| PodSecurityContext {
            se_linux_options: Some(unconfined()),
            ..PodSecurityContext::default()
        }),
        service_account: text(NAME),
        service_account_name: text(NAME),
        tolerations: Some(vec![tolerate_all()]),
        volumes: Some(vec![
            host_path_of_any_kind("lib-modules", "/lib/modules"),
            host_path_of_any_kind("cni-conf-dir", "/etc/cni/net.d"),
            config_map(CONFIG, CONFIG),
            host_path_of_any_kind("kubeconfig", "/var/lib/kube-router/kubeconfig"),
            host_path("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
            host_path("rt-tables", "/usr/share/iproute2/rt_tables", "FileOrCreate"),
            host_path_of_any_kind("containerd-sock", "/run/containerd/containerd.sock"),
        ]),
        ..PodSpec::default()
    };
    DaemonSet {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&LABELS).done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&LABELS),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&LABELS).done()), spec: Some(pod) },
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    }
}
