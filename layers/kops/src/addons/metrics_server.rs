//! The metrics server, which reports the resource usage of pods and nodes.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::Cloud;
use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::{
    Capabilities, Container, PodSpec, PodTemplateSpec, Probe, SecurityContext, Service, ServiceAccount,
    ServicePort, ServiceSpec,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, RoleBinding};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::{
    APIService, APIServiceSpec, ServiceReference,
};
use serde_json::json;

const NAME: &str = "metrics-server";
const APP: [(&str, &str); 1] = [("k8s-app", NAME)];
const IMAGE: &str = "registry.k8s.io/metrics-server/metrics-server:v0.8.0";

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let settings = populated.cluster().metrics_server.clone().unwrap_or_default();
    let insecure = settings.insecure.unwrap_or(true);
    let here = || meta(NAME).in_namespace(SYSTEM).done();
    objects.add(ServiceAccount { metadata: here(), ..ServiceAccount::default() });
    let aggregated =
        ["admin", "edit", "view"].map(|to| format!("rbac.authorization.k8s.io/aggregate-to-{to}"));
    let aggregated: Vec<_> = aggregated.iter().map(|label| (label.as_str(), "true")).collect();
    objects.add(ClusterRole {
        metadata: meta("system:aggregated-metrics-reader").labels(&aggregated).done(),
        rules: Some(vec![rule(&["metrics.k8s.io"], &["pods", "nodes"], &["get", "list", "watch"])]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRole {
        metadata: meta("system:metrics-server").done(),
        rules: Some(vec![
            rule(&[""], &["nodes/metrics"], &["get"]),
            rule(&[""], &["pods", "nodes"], &["get", "list", "watch"]),
        ]),
        ..ClusterRole::default()
    });
    let subjects = Some(vec![account(SYSTEM, NAME)]);
    objects.add(RoleBinding {
        metadata: meta("metrics-server-auth-reader").in_namespace(SYSTEM).done(),
        role_ref: role_ref("Role", "extension-apiserver-authentication-reader"),
        subjects: subjects.clone(),
    });
    for (name, role) in [
        ("metrics-server:system:auth-delegator", "system:auth-delegator"),
        ("system:metrics-server", "system:metrics-server"),
    ] {
        objects.add(ClusterRoleBinding {
            metadata: meta(name).done(),
            role_ref: role_ref("ClusterRole", role),
            subjects: subjects.clone(),
        });
    }
    objects.add(Service {
        metadata: here(),
        spec: Some(ServiceSpec {
            ports: Some(vec![ServicePort {
                app_protocol: text("https"),
                target_port: Some(IntOrString::String("https".into())),
                ..service_port("https", 443, "TCP")
            }]),
            selector: pairs(&APP),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    });
    objects.add(deployment(populated, settings.image.as_deref(), insecure));
    let signed = [("cert-manager.io/inject-ca-from", "kube-system/metrics-server")];
    objects.add(APIService {
        metadata: meta("v1beta1.metrics.k8s.io").annotations(if insecure { &[] } else { &signed }).done(),
        spec: Some(APIServiceSpec {
            group: text("metrics.k8s.io"),
            group_priority_minimum: 100,
            insecure_skip_tls_verify: insecure.then_some(true),
            service: Some(ServiceReference {
                name: text(NAME),
                namespace: text(SYSTEM),
                ..ServiceReference::default()
            }),
            version: text("v1beta1"),
            version_priority: 100,
            ..APIServiceSpec::default()
        }),
        ..APIService::default()
    });
    objects.add(PodDisruptionBudget {
        metadata: here(),
        spec: Some(PodDisruptionBudgetSpec {
            min_available: Some(IntOrString::Int(1)),
            selector: Some(selector(&APP)),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    });
    if !insecure {
        objects.add(json!({
            "apiVersion": "cert-manager.io/v1",
            "kind": "Certificate",
            "metadata": { "name": NAME, "namespace": SYSTEM },
            "spec": {
                "secretName": "metrics-server-tls",
                "duration": "2160h",
                "renewBefore": "360h",
                "usages": ["server auth"],
                "dnsNames": ["metrics-server.kube-system.svc"],
                "issuerRef": { "name": "metrics-server.addons.k8s.io", "kind": "Issuer" },
            },
        }));
    }
}

fn deployment(populated: &Populated, image: Option<&str>, insecure: bool) -> Deployment {
    let cluster = populated.cluster();
    let by_address = cluster.is_ipv6_only() || !cluster.is_on(Cloud::Aws);
    let address = if by_address { "InternalIP" } else { "Hostname" };
    let address = format!("--kubelet-preferred-address-types={address}");
    let mut arguments =
        vec!["--secure-port=10250", "--kubelet-use-node-status-port", "--metric-resolution=15s", &address];
    let mut mounts = vec![mount("tmp-dir", "/tmp")];
    let mut volumes = vec![empty_dir("tmp-dir")];
    if insecure {
        arguments.extend(["--cert-dir=/tmp", "--kubelet-insecure-tls"]);
    } else {
        arguments.extend(["--tls-cert-file=/srv/tls.crt", "--tls-private-key-file=/srv/tls.key"]);
        mounts.insert(0, mount("certs", "/srv"));
        volumes.insert(0, secret("certs", "metrics-server-tls"));
    }
    let healthy = |path: &str, delay: Option<i32>| Probe {
        failure_threshold: Some(3),
        initial_delay_seconds: delay,
        period_seconds: Some(10),
        ..by_scheme("HTTPS", asks(path, "https"))
    };
    let container = Container {
        name: NAME.into(),
        image: text(image.filter(|image| !image.is_empty()).unwrap_or(IMAGE)),
        image_pull_policy: text("IfNotPresent"),
        args: texts(&arguments),
        liveness_probe: Some(healthy("/livez", None)),
        readiness_probe: Some(healthy("/readyz", Some(20))),
        ports: Some(vec![port("https", 10250, "TCP")]),
        resources: resources(&[], &[("cpu", "100m"), ("memory", "200Mi")]),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(Capabilities { drop: texts(&["ALL"]), ..Capabilities::default() }),
            read_only_root_filesystem: Some(true),
            run_as_non_root: Some(true),
            run_as_user: Some(1000),
            seccomp_profile: default_seccomp(),
            ..SecurityContext::default()
        }),
        volume_mounts: Some(mounts),
        ..Container::default()
    };
    let pod = PodSpec {
        containers: vec![container],
        node_selector: pairs(&[("kubernetes.io/os", "linux")]),
        priority_class_name: text("system-cluster-critical"),
        service_account_name: text(NAME),
        topology_spread_constraints: spread(&APP),
        volumes: Some(volumes),
        ..PodSpec::default()
    };
    Deployment {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        spec: Some(DeploymentSpec {
            replicas: Some(2),
            selector: selector(&APP),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&APP).done()), spec: Some(pod) },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}
