//! external-dns, which publishes the addresses of services instead of dns-controller.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::Cloud;
use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy};
use k8s_openapi::api::core::v1::{
    Capabilities, Container, PodSecurityContext, PodSpec, PodTemplateSpec, Probe, SecurityContext, Service,
    ServiceAccount, ServicePort, ServiceSpec, Toleration,
};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

const NAME: &str = "external-dns";
const APP: (&str, &str) = ("k8s-app", NAME);
const LABELS: [(&str, &str); 3] = [("k8s-addon", "external-dns.addons.k8s.io"), APP, ("version", "v0.13.1")];
const ROLE: &str = "kops:external-dns";

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    objects.add_with_empty(deployment(populated), &[NODE_SELECTOR]);
    objects.add(Service {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        spec: Some(ServiceSpec {
            ports: Some(vec![ServicePort {
                target_port: Some(IntOrString::String("http".into())),
                ..service_port("http", 80, "TCP")
            }]),
            selector: pairs(&[APP]),
            type_: text("ClusterIP"),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    });
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        ..ServiceAccount::default()
    });
    let verbs = ["get", "watch", "list"];
    objects.add(ClusterRole {
        metadata: meta(ROLE).done(),
        rules: Some(vec![
            rule(&[""], &["services", "endpoints", "pods"], &verbs),
            rule(&["extensions", "networking.k8s.io"], &["ingresses"], &verbs),
            rule(&[""], &["nodes"], &["list", "watch"]),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(ROLE).done(),
        role_ref: role_ref("ClusterRole", ROLE),
        subjects: Some(vec![account(SYSTEM, NAME)]),
    });
}

fn arguments(populated: &Populated) -> Vec<String> {
    let cluster = populated.cluster();
    let dns = cluster.external_dns.clone().unwrap_or_default();
    let mut all = match cluster.cloud_provider {
        Some(Cloud::Gce) => vec!["--provider=google".into(), format!("--google-project={}", cluster.project)],
        _ => vec!["--provider=aws".to_owned()],
    };
    all.push("--events".into());
    if dns.watch_ingress != Some(false) {
        all.push("--source=ingress".into());
    }
    let fixed = ["--source=pod", "--source=service", "--compatibility=kops-dns-controller", "--registry=txt"];
    all.extend(fixed.map(String::from));
    all.push(format!("--txt-owner-id=kops-{}", populated.spec.name()));
    all.push(format!("--zone-id-filter={}", cluster.dns_zone));
    if !dns.watch_namespace.is_empty() {
        all.push(format!("--namespace={}", dns.watch_namespace));
    }
    all
}

fn deployment(populated: &Populated) -> Deployment {
    let healthy = |delay: i32, failures: i32| Probe {
        initial_delay_seconds: Some(delay),
        period_seconds: Some(10),
        timeout_seconds: Some(5),
        failure_threshold: Some(failures),
        success_threshold: Some(1),
        ..asks("/healthz", "http")
    };
    let container = Container {
        name: NAME.into(),
        image: text("registry.k8s.io/external-dns/external-dns:v0.14.1"),
        args: Some(arguments(populated)),
        env: Some(vec![env("KUBERNETES_SERVICE_HOST", "127.0.0.1"), env("KUBERNETES_SERVICE_PORT", "443")]),
        liveness_probe: Some(healthy(10, 2)),
        readiness_probe: Some(healthy(5, 6)),
        ports: Some(vec![port("http", 7979, "TCP")]),
        resources: resources(&[], &[("cpu", "50m"), ("memory", "50Mi")]),
        security_context: Some(SecurityContext {
            capabilities: Some(Capabilities { drop: texts(&["ALL"]), ..Capabilities::default() }),
            read_only_root_filesystem: Some(true),
            run_as_non_root: Some(true),
            run_as_user: Some(65534),
            ..SecurityContext::default()
        }),
        ..Container::default()
    };
    let kept_off =
        |key: &str| Toleration { key: text(key), effect: text("NoSchedule"), ..Toleration::default() };
    let pod = PodSpec {
        affinity: only_on_control_plane(),
        containers: vec![container],
        dns_policy: text("Default"),
        host_network: Some(true),
        priority_class_name: text("system-cluster-critical"),
        security_context: Some(PodSecurityContext { fs_group: Some(65534), ..PodSecurityContext::default() }),
        service_account_name: text(NAME),
        tolerations: Some(vec![
            kept_off(CONTROL_PLANE),
            kept_off(MASTER),
            kept_off("node.kubernetes.io/not-ready"),
        ]),
        ..PodSpec::default()
    };
    Deployment {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&LABELS).done(),
        spec: Some(DeploymentSpec {
            replicas: Some(1),
            selector: selector(&[APP]),
            strategy: Some(DeploymentStrategy { type_: text("Recreate"), ..DeploymentStrategy::default() }),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&LABELS).done()), spec: Some(pod) },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}
