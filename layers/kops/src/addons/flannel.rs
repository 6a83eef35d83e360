//! flannel, a network plugin with an overlay network.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::{FlannelBackend, values};
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec};
use k8s_openapi::api::core::v1::{
    Capabilities, ConfigMap, Container, Namespace, PodSpec, PodTemplateSpec, Probe, SecurityContext,
    ServiceAccount, Toleration,
};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use std::collections::BTreeMap;

const NAME: &str = "flannel";
const NAMESPACE: &str = "kube-flannel";
const SETTINGS: &str = "kube-flannel-cfg";
const IMAGE: &str = "ghcr.io/flannel-io/flannel:v0.28.9";
const PLUGIN_IMAGE: &str = "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3";
const ADDON: (&str, &str) = ("k8s-app", NAME);
const NODE: [(&str, &str); 2] = [("app", NAME), ("tier", "node")];
const HEALTH: i32 = 8081;

/// The chain of plugins that a node runs: flannel's own, and the one for ports of the host.
const CHAIN: &str = r#"{
  "name": "cbr0",
  "cniVersion": "0.3.1",
  "plugins": [
    {
      "type": "flannel",
      "delegate": {
        "hairpinMode": true,
        "isDefaultGateway": true
      }
    },
    {
      "type": "portmap",
      "capabilities": {
        "portMappings": true
      }
    }
  ]
}
"#;

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    objects.add(Namespace {
        metadata: meta(NAMESPACE)
            .labels(&[ADDON, ("pod-security.kubernetes.io/enforce", "privileged")])
            .done(),
        ..Namespace::default()
    });
    objects.add(ClusterRole {
        metadata: meta(NAME).labels(&[ADDON]).done(),
        rules: Some(vec![
            rule(&[""], &["pods"], &["get"]),
            rule(&[""], &["nodes"], &["get", "list", "watch"]),
            rule(&[""], &["nodes/status"], &["patch"]),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(NAME).labels(&[ADDON]).done(),
        role_ref: role_ref("ClusterRole", NAME),
        subjects: Some(vec![account(NAMESPACE, NAME)]),
    });
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(NAMESPACE).labels(&[ADDON]).done(),
        ..ServiceAccount::default()
    });
    let network = network(populated);
    objects.add(ConfigMap {
        metadata: meta(SETTINGS).in_namespace(NAMESPACE).labels(&[ADDON, NODE[0], NODE[1]]).done(),
        data: Some(BTreeMap::from([
            ("cni-conf.json".into(), CHAIN.into()),
            ("net-conf.json".into(), network),
        ])),
        ..ConfigMap::default()
    });
    objects.add(daemon(populated));
}

/// The network that flannel divides among the nodes.
fn network(populated: &Populated) -> String {
    let cluster = populated.cluster();
    let settings =
        cluster.networking.as_ref().and_then(|plugins| plugins.flannel.clone()).unwrap_or_default();
    format!(
        "{{\n  \"Network\": \"{}\",\n  \"EnableNFTables\": false,\n  \"Backend\": {{\n    \"Type\": \"{}\"\n  }}\n}}",
        values::text(&cluster.non_masquerade_cidr),
        settings.backend.unwrap_or(FlannelBackend::Vxlan)
    )
}

fn daemon(populated: &Populated) -> DaemonSet {
    let settings = populated.cluster().networking.as_ref().and_then(|plugins| plugins.flannel.clone());
    let resync =
        settings.and_then(|settings| settings.iptables_resync_seconds).filter(|seconds| *seconds != 0);
    let asks = |path: &str, delay: i32, period: i32| {
        let probe = asks(path, "healthz");
        Some(Probe { initial_delay_seconds: Some(delay), period_seconds: Some(period), ..probe })
    };
    let agent = Container {
        name: "kube-flannel".into(),
        image: text(IMAGE),
        command: texts(&["/opt/bin/flanneld"]),
        args: texts(&[
            "--ip-masq",
            "--kube-subnet-mgr",
            &format!("--iptables-resync={}", resync.unwrap_or(5)),
            &format!("--healthz-port={HEALTH}"),
        ]),
        env: Some(vec![
            env_field("POD_NAME", "metadata.name"),
            env_field("POD_NAMESPACE", "metadata.namespace"),
            env("EVENT_QUEUE_DEPTH", "5000"),
            env("CONT_WHEN_CACHE_NOT_READY", "false"),
        ]),
        liveness_probe: asks("/healthz", 10, 30),
        readiness_probe: asks("/readyz", 5, 10),
        ports: Some(vec![port("healthz", HEALTH, "TCP")]),
        resources: resources(&[], &[("cpu", "100m"), ("memory", "50Mi")]),
        security_context: Some(SecurityContext {
            capabilities: Some(Capabilities {
                add: texts(&["NET_ADMIN", "NET_RAW"]),
                ..Capabilities::default()
            }),
            privileged: Some(false),
            se_linux_options: populated.uses_selinux().then(unconfined),
            ..SecurityContext::default()
        }),
        volume_mounts: Some(vec![
            mount("run", "/run/flannel"),
            mount("flannel-cfg", "/etc/kube-flannel/"),
            mount("xtables-lock", "/run/xtables.lock"),
        ]),
        ..Container::default()
    };
    let plugin = Container {
        name: "install-cni-plugin".into(),
        image: text(PLUGIN_IMAGE),
        command: texts(&["cp"]),
        args: texts(&["-f", "/flannel", "/opt/cni/bin/flannel"]),
        volume_mounts: Some(vec![mount("cni-plugin", "/opt/cni/bin")]),
        ..Container::default()
    };
    let install = Container {
        name: "install-cni".into(),
        image: text(IMAGE),
        command: texts(&["/opt/bin/install-conf"]),
        args: texts(&["/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"]),
        volume_mounts: Some(vec![mount("cni", "/etc/cni/net.d"), mount("flannel-cfg", "/etc/kube-flannel/")]),
        ..Container::default()
    };
    let pod = PodSpec {
        affinity: only_on([vec![wants("kubernetes.io/os", "In", &["linux"])]]),
        containers: vec![agent],
        host_network: Some(true),
        init_containers: Some(vec![plugin, install]),
        priority_class_name: text("system-node-critical"),
        service_account_name: text(NAME),
        tolerations: Some(vec![Toleration { effect: text("NoSchedule"), ..tolerate_all() }]),
        volumes: Some(vec![
            host_path_of_any_kind("run", "/run/flannel"),
            host_path_of_any_kind("cni-plugin", "/opt/cni/bin"),
            host_path_of_any_kind("cni", "/etc/cni/net.d"),
            config_map("flannel-cfg", SETTINGS),
            host_path("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
        ]),
        ..PodSpec::default()
    };
    DaemonSet {
        metadata: meta("kube-flannel-ds").in_namespace(NAMESPACE).labels(&[ADDON, NODE[0], NODE[1]]).done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&NODE),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&NODE).done()), spec: Some(pod) },
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    }
}
