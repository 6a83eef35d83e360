//! A cache of DNS answers on every node.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::NodeLocalDns;
use crate::spec::values;
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy};
use k8s_openapi::api::core::v1::{
    Capabilities, ConfigMap, ConfigMapVolumeSource, Container, KeyToPath, PodSpec, PodTemplateSpec, Probe,
    SecurityContext, Service, ServiceAccount, ServicePort, ServiceSpec, Toleration, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use std::fmt::Write as _;

const NAME: &str = "node-local-dns";
const UPSTREAM: &str = "kube-dns-upstream";
const APP: [(&str, &str); 1] = [("k8s-app", NAME)];
const SERVICE: (&str, &str) = ("kubernetes.io/cluster-service", "true");
const RECONCILED: (&str, &str) = ("addonmanager.kubernetes.io/mode", "Reconcile");
/// The port of its health check.
const HEALTH: u16 = 3989;
/// Placeholders that the cache replaces with the address of the cluster's DNS, and with those of the node's.
const CLUSTER_DNS: &str = "__PILLAR__CLUSTER__DNS__";
const NODES_DNS: &str = "__PILLAR__UPSTREAM__SERVERS__";

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let dns = populated.cluster().kube_dns.clone().unwrap_or_default();
    let settings = dns.node_local_dns.clone().unwrap_or_default();
    let here = |name: &str| meta(name).in_namespace(SYSTEM);
    objects.add(ServiceAccount {
        metadata: here(NAME).labels(&[SERVICE, RECONCILED]).done(),
        ..ServiceAccount::default()
    });
    let forwarded = |name: &str, protocol: &str| ServicePort {
        target_port: Some(IntOrString::Int(53)),
        ..service_port(name, 53, protocol)
    };
    objects.add(Service {
        metadata: here(UPSTREAM)
            .labels(&[
                ("k8s-app", "kube-dns"),
                SERVICE,
                RECONCILED,
                ("kubernetes.io/name", "KubeDNSUpstream"),
            ])
            .done(),
        spec: Some(ServiceSpec {
            ports: Some(vec![forwarded("dns", "UDP"), forwarded("dns-tcp", "TCP")]),
            selector: pairs(&[("k8s-app", "kube-dns")]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    });
    objects.add(ConfigMap {
        data: pairs(&[(
            "Corefile",
            &corefile(populated, &dns.domain, values::text(&dns.server_ip), &settings),
        )]),
        metadata: here(NAME).labels(&[RECONCILED]).done(),
        ..ConfigMap::default()
    });
    objects.add(daemon(populated, &settings));
}

fn corefile(populated: &Populated, domain: &str, server: &str, settings: &NodeLocalDns) -> String {
    if !settings.external_core_file.is_empty() {
        return format!("{}\n", settings.external_core_file.trim_end());
    }
    let cluster = populated.cluster();
    let by_ipvs = cluster.kube_proxy.as_ref().is_some_and(|proxy| proxy.proxy_mode == "ipvs");
    let cluster_dns = if by_ipvs { server } else { CLUSTER_DNS };
    let address = values::text(&settings.local_ip);
    let to_cluster = format!("    forward . {cluster_dns} {{\n      force_tcp\n    }}\n");
    let plain = |zone: &str, forward: &str, rest: &str| {
        format!(
            "{zone}:53 {{\n    errors\n    cache 30\n    reload\n    loop\n    bind {address}\n{forward}    \
             prometheus :9253\n{rest}}}\n"
        )
    };
    let is_ipv6 = settings.local_ip.as_ref().is_some_and(|address| address.is_ipv6());
    let host = if is_ipv6 { format!("[{address}]") } else { address.to_owned() };
    let mut file = format!(
        "{domain}:53 {{\n    errors\n    cache {{\n      success 9984 30\n      denial 9984 5\n    }}\n    reload\n    \
         loop\n    bind {address}\n{to_cluster}    prometheus :9253\n    health {host}:{HEALTH}\n}}\n"
    );
    if settings.forward_to_kube_dns == Some(true) {
        file += &plain(".", &to_cluster, "");
    } else {
        file += &plain("in-addr.arpa", &to_cluster, "");
        file += &plain("ip6.arpa", &to_cluster, "");
        let rest = if cluster.is_ipv6_only() { "    dns64\n" } else { "" };
        file += &plain(".", &format!("    forward . {NODES_DNS}\n"), rest);
    }
    if !settings.additional_config.is_empty() {
        let _ = writeln!(file, "{}", settings.additional_config.trim_end());
    }
    file
}

fn daemon(populated: &Populated, settings: &NodeLocalDns) -> DaemonSet {
    let address = values::text(&settings.local_ip);
    let mut probe = asks("/health", i32::from(HEALTH));
    if let Some(action) = &mut probe.http_get {
        action.host = text(address);
    }
    let container = Container {
        name: "node-cache".into(),
        image: settings.image.clone(),
        args: Some(vec![
            format!("-localip={address}"),
            "-conf=/etc/Corefile".into(),
            format!("-upstreamsvc={UPSTREAM}"),
            "-setupiptables=false".into(),
        ]),
        liveness_probe: Some(Probe { initial_delay_seconds: Some(60), timeout_seconds: Some(5), ..probe }),
        ports: Some(vec![port("dns", 53, "UDP"), port("dns-tcp", 53, "TCP"), port("metrics", 9253, "TCP")]),
        resources: amounts(&[], &[("cpu", &settings.cpu_request), ("memory", &settings.memory_request)]),
        security_context: Some(SecurityContext {
            capabilities: Some(Capabilities { add: texts(&["NET_ADMIN"]), ..Capabilities::default() }),
            se_linux_options: populated.uses_selinux().then(unconfined),
            ..SecurityContext::default()
        }),
        volume_mounts: Some(vec![
            VolumeMount { read_only: Some(false), ..mount("xtables-lock", "/run/xtables.lock") },
            mount("config-volume", "/etc/coredns"),
            mount("kube-dns-config", "/etc/kube-dns"),
        ]),
        ..Container::default()
    };
    let map = |name: &str, source: ConfigMapVolumeSource| Volume {
        name: name.into(),
        config_map: Some(source),
        ..Volume::default()
    };
    let base = KeyToPath { key: "Corefile".into(), path: "Corefile.base".into(), mode: None };
    let pod = PodSpec {
        containers: vec![container],
        dns_policy: text("Default"),
        host_network: Some(true),
        priority_class_name: text("system-node-critical"),
        service_account_name: text(NAME),
        tolerations: Some(vec![
            tolerate("CriticalAddonsOnly", ""),
            Toleration { effect: text("NoExecute"), ..tolerate_all() },
            Toleration { effect: text("NoSchedule"), ..tolerate_all() },
        ]),
        volumes: Some(vec![
            host_path("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
            map(
                "kube-dns-config",
                ConfigMapVolumeSource { name: "kube-dns".into(), optional: Some(true), ..Default::default() },
            ),
            map(
                "config-volume",
                ConfigMapVolumeSource { name: NAME.into(), items: Some(vec![base]), ..Default::default() },
            ),
        ]),
        ..PodSpec::default()
    };
    let scraped = [("prometheus.io/port", "9253"), ("prometheus.io/scrape", "true")];
    let metadata = meta("").labels(&APP).annotations(&scraped).annotated(&settings.pod_annotations).done();
    DaemonSet {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&[APP[0], SERVICE, RECONCILED]).done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&APP),
            template: PodTemplateSpec { metadata: Some(metadata), spec: Some(pod) },
            update_strategy: Some(DaemonSetUpdateStrategy {
                type_: text("OnDelete"),
                ..DaemonSetUpdateStrategy::default()
            }),
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    }
}
