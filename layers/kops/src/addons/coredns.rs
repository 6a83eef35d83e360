//! CoreDNS, which resolves the cluster's names, and its autoscaler, which adds replicas as the cluster grows.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::KubeDns;
use crate::spec::values::{self, Written};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment};
use k8s_openapi::api::core::v1::{
    Affinity, Capabilities, ConfigMap, Container, PodSpec, PodTemplateSpec, Probe, SecurityContext, Service,
    ServiceAccount, ServiceSpec, Toleration,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

const NAME: &str = "coredns";
const AUTOSCALER: &str = "coredns-autoscaler";
const IMAGE: &str = "registry.k8s.io/coredns/coredns:v1.14.2";
const AUTOSCALER_IMAGE: &str = "registry.k8s.io/cpa/cluster-proportional-autoscaler:v1.9.0";
const SERVICE: (&str, &str) = ("kubernetes.io/cluster-service", "true");
const BOOTSTRAPPING: (&str, &str) = ("kubernetes.io/bootstrapping", "rbac-defaults");
const APP: [(&str, &str); 1] = [("k8s-app", "kube-dns")];
const LINUX: [(&str, &str); 1] = [("kubernetes.io/os", "linux")];

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let dns = populated.cluster().kube_dns.clone().unwrap_or_default();
    objects.add(service_account(NAME, &[SERVICE]));
    objects.add(ClusterRole {
        metadata: meta("system:coredns").labels(&[BOOTSTRAPPING]).done(),
        rules: Some(vec![
            rule(&[""], &["endpoints", "services", "pods", "namespaces"], &["list", "watch"]),
            rule(&["discovery.k8s.io"], &["endpointslices"], &["list", "watch"]),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta("system:coredns")
            .labels(&[BOOTSTRAPPING])
            .annotations(&[("rbac.authorization.kubernetes.io/autoupdate", "true")])
            .done(),
        role_ref: role_ref("ClusterRole", "system:coredns"),
        subjects: Some(vec![account(SYSTEM, NAME)]),
    });
    objects.add(ConfigMap {
        data: pairs(&[("Corefile", &corefile(populated, &dns))]),
        metadata: meta(NAME)
            .in_namespace(SYSTEM)
            .labels(&[("addonmanager.kubernetes.io/mode", "EnsureExists")])
            .done(),
        ..ConfigMap::default()
    });
    objects.add(deployment(populated, &dns));
    objects.add(service(&dns));
    objects.add(PodDisruptionBudget {
        metadata: meta("kube-dns").in_namespace(SYSTEM).done(),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::String("33%".into())),
            selector: Some(selector(&APP)),
            unhealthy_pod_eviction_policy: text("AlwaysAllow"),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    });
    objects.add(service_account(AUTOSCALER, &[]));
    objects.add(ClusterRole {
        metadata: meta(AUTOSCALER).done(),
        rules: Some(vec![
            rule(&[""], &["nodes"], &["list", "watch"]),
            rule(&[""], &["replicationcontrollers/scale"], &["get", "update"]),
            rule(&["extensions", "apps"], &["deployments/scale", "replicasets/scale"], &["get", "update"]),
            rule(&[""], &["configmaps"], &["get", "create"]),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(AUTOSCALER).done(),
        role_ref: role_ref("ClusterRole", AUTOSCALER),
        subjects: Some(vec![account(SYSTEM, AUTOSCALER)]),
    });
    objects.add(autoscaler(populated, &dns));
}

fn service_account(name: &str, labels: &[(&str, &str)]) -> ServiceAccount {
    let metadata = meta(name).in_namespace(SYSTEM).labels(labels).done();
    ServiceAccount { metadata, ..ServiceAccount::default() }
}

fn corefile(populated: &Populated, dns: &KubeDns) -> String {
    if !dns.external_core_file.is_empty() {
        return dns.external_core_file.trim_end().to_owned();
    }
    let mut plugins = vec![
        ("errors".to_owned(), vec![]),
        ("health".into(), vec!["lameduck 10s".to_owned()]),
        ("ready".into(), vec![]),
        (
            format!("kubernetes {}. in-addr.arpa ip6.arpa", dns.domain),
            ["pods insecure", "fallthrough in-addr.arpa ip6.arpa", "ttl 30"].map(String::from).into(),
        ),
    ];
    if populated.without_dns() {
        let inside = ["ttl 30", "fallthrough"].map(String::from).into();
        plugins.push((format!("hosts /rootfs/etc/hosts {}", populated.spec.name()), inside));
    }
    let upstream = match dns.upstream_nameservers.as_slice() {
        [] => "/etc/resolv.conf".into(),
        servers => servers.iter().map(Written::as_str).collect::<Vec<_>>().join(" "),
    };
    plugins.push(("prometheus :9153".into(), vec![]));
    plugins.push((format!("forward . {upstream}"), vec!["max_concurrent 1000".into()]));
    plugins.extend(["cache 30", "loop", "reload", "loadbalance"].map(|plugin| (plugin.to_owned(), vec![])));
    if populated.cluster().is_ipv6_only() {
        plugins.push(("dns64".into(), vec![]));
    }
    let mut file = ".:53 {\n".to_owned();
    for (plugin, inside) in plugins {
        file += &format!("    {plugin}");
        if !inside.is_empty() {
            file += &format!(" {{\n      {}\n    }}", inside.join("\n      "));
        }
        file += "\n";
    }
    file + "}"
}

/// The tolerations of its pods: those of the spec, or those of critical pods.
fn tolerations(dns: &KubeDns) -> Vec<Toleration> {
    let given: Vec<Toleration> = dns.tolerations.iter().filter_map(typed).collect();
    if given.is_empty() { vec![tolerate("CriticalAddonsOnly", "")] } else { given }
}

fn affinity(dns: &KubeDns) -> Option<Affinity> {
    dns.affinity.as_ref().and_then(typed)
}

fn probe(path: &str, port: i32) -> Probe {
    Probe { timeout_seconds: Some(5), ..by_scheme("HTTP", asks(path, port)) }
}

fn deployment(populated: &Populated, dns: &KubeDns) -> Deployment {
    let mut mounts = vec![mount_read_only("config-volume", "/etc/coredns")];
    let mut volumes = vec![config_map("config-volume", NAME)];
    if populated.without_dns() {
        mounts.push(mount_read_only("etc-hosts", "/rootfs/etc/hosts"));
        volumes.push(host_path("etc-hosts", "/etc/hosts", "File"));
    }
    let container = Container {
        name: NAME.into(),
        image: text(or(&dns.core_dns_image, IMAGE)),
        image_pull_policy: text("IfNotPresent"),
        args: texts(&["-conf", "/etc/coredns/Corefile"]),
        liveness_probe: Some(Probe {
            failure_threshold: Some(5),
            initial_delay_seconds: Some(60),
            success_threshold: Some(1),
            ..probe("/health", 8080)
        }),
        readiness_probe: Some(Probe {
            failure_threshold: Some(1),
            period_seconds: Some(5),
            ..probe("/ready", 8181)
        }),
        ports: Some(vec![port("dns", 53, "UDP"), port("dns-tcp", 53, "TCP"), port("metrics", 9153, "TCP")]),
        resources: amounts(
            &[("memory", &dns.memory_limit)],
            &[("cpu", &dns.cpu_request), ("memory", &dns.memory_request)],
        ),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(Capabilities { add: texts(&["NET_BIND_SERVICE"]), drop: texts(&["all"]) }),
            read_only_root_filesystem: Some(true),
            se_linux_options: populated.uses_selinux().then(unconfined),
            ..SecurityContext::default()
        }),
        volume_mounts: Some(mounts),
        ..Container::default()
    };
    let mut spread = spread(&APP);
    if let Some([_, over_nodes]) = spread.as_deref_mut() {
        over_nodes.node_taints_policy = text("Honor");
    }
    let mut tolerations = tolerations(dns);
    if populated.has_karpenter() {
        tolerations.extend([tolerate(MASTER, ""), tolerate(CONTROL_PLANE, "")]);
    }
    let pod = PodSpec {
        affinity: affinity(dns),
        containers: vec![container],
        dns_policy: text("Default"),
        node_selector: pairs(&LINUX),
        priority_class_name: text("system-cluster-critical"),
        service_account_name: text(NAME),
        tolerations: Some(tolerations),
        topology_spread_constraints: spread,
        volumes: Some(volumes),
        ..PodSpec::default()
    };
    Deployment {
        metadata: meta(NAME)
            .in_namespace(SYSTEM)
            .labels(&[APP[0], SERVICE, ("kubernetes.io/name", "CoreDNS")])
            .done(),
        spec: Some(DeploymentSpec {
            selector: selector(&APP),
            strategy: Some(DeploymentStrategy {
                rolling_update: Some(RollingUpdateDeployment {
                    max_surge: Some(IntOrString::String("10%".into())),
                    max_unavailable: Some(IntOrString::Int(1)),
                }),
                type_: text("RollingUpdate"),
            }),
            template: PodTemplateSpec {
                metadata: Some(meta("").labels(&APP).annotated(&dns.pod_annotations).done()),
                spec: Some(pod),
            },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}

fn service(dns: &KubeDns) -> Service {
    let metadata = meta("kube-dns")
        .in_namespace(SYSTEM)
        .labels(&[APP[0], SERVICE, ("kubernetes.io/name", "CoreDNS")])
        .annotations(&[("prometheus.io/port", "9153"), ("prometheus.io/scrape", "true")])
        .done();
    Service {
        // Without it, the API server refuses an update of an existing service.
        metadata: ObjectMeta { resource_version: text("0"), ..metadata },
        spec: Some(ServiceSpec {
            cluster_ip: text(values::text(&dns.server_ip)),
            ports: Some(vec![
                service_port("dns", 53, "UDP"),
                service_port("dns-tcp", 53, "TCP"),
                service_port("metrics", 9153, "TCP"),
            ]),
            selector: pairs(&APP),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

fn autoscaler(populated: &Populated, dns: &KubeDns) -> Deployment {
    let app: [(&str, &str); 1] = [("k8s-app", AUTOSCALER)];
    let sizes = r#"{"linear":{"coresPerReplica":256,"nodesPerReplica":16,"preventSinglePointFailure":true}}"#;
    let container = Container {
        name: "autoscaler".into(),
        image: text(or(&dns.cpa_image, AUTOSCALER_IMAGE)),
        command: texts(&[
            "/cluster-proportional-autoscaler",
            "--namespace=kube-system",
            "--configmap=coredns-autoscaler",
            "--target=Deployment/coredns",
            &format!("--default-params={sizes}"),
            "--logtostderr=true",
            "--v=2",
        ]),
        resources: resources(&[], &[("cpu", "20m"), ("memory", "10Mi")]),
        ..Container::default()
    };
    let pod = PodSpec {
        affinity: affinity(dns),
        containers: vec![container],
        node_selector: pairs(&LINUX),
        priority_class_name: (!populated.has_karpenter()).then(|| "system-cluster-critical".into()),
        service_account_name: text(AUTOSCALER),
        tolerations: Some(tolerations(dns)),
        ..PodSpec::default()
    };
    Deployment {
        metadata: meta(AUTOSCALER).in_namespace(SYSTEM).labels(&[app[0], SERVICE]).done(),
        spec: Some(DeploymentSpec {
            selector: selector(&app),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&app).done()), spec: Some(pod) },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}
