//! What pods of the control plane share, and two static pods: the health check of the API server, and the pod that
//! applies add-ons (kops `pkg/model/components/{kubeapiserver,channels}`).

use crate::objects::*;
use crate::populate::Populated;
use crate::spec::{Cloud, HttpProxy};
use crate::yaml;
use k8s_openapi::api::core::v1::{
    Container, EnvVar, Pod, PodSpec, PodStatus, Probe, ResourceRequirements, SecurityContext,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::json;
use std::collections::BTreeMap;

/// The directory of credentials on a machine.
const CREDENTIALS: &str = "/var/lib/kops/kubeconfig";
/// The user ids of pods.
const CHANNELS_USER: i64 = 10013;
const HEALTHCHECK_USER: i64 = 10012;

/// A pod's manifest. Includes the empty status that Kubernetes writes for a new pod.
pub(super) fn written(mut pod: Pod) -> String {
    pod.status = Some(PodStatus::default());
    yaml::document(&json!(pod))
}

/// The variables by which programs find the proxy, by name.
pub(crate) fn proxy_variables(populated: &Populated) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    if let Some(proxy) = &populated.cluster().egress_proxy {
        let url = proxy_url(&proxy.http_proxy);
        for name in ["http_proxy", "https_proxy"] {
            all.insert(name.to_owned(), url.clone());
        }
        for name in ["no_proxy", "NO_PROXY"] {
            all.insert(name.to_owned(), proxy.excludes.clone());
        }
    }
    all
}

/// The environment variables of programs on machines: the proxy and the region.
pub(crate) fn environment(populated: &Populated) -> BTreeMap<String, String> {
    let mut all = proxy_variables(populated);
    if populated.cluster().is_on(Cloud::Aws) && !populated.region.is_empty() {
        all.insert("AWS_REGION".into(), populated.region.clone());
    }
    all
}

/// The URL of a proxy.
pub(crate) fn proxy_url(proxy: &HttpProxy) -> String {
    let scheme = if proxy.host.starts_with("http://") { "" } else { "http://" };
    match proxy.port {
        0 => format!("{scheme}{}", proxy.host),
        port => format!("{scheme}{}:{port}", proxy.host),
    }
}

/// The same, for a container.
pub(super) fn variables(populated: &Populated) -> Vec<EnvVar> {
    environment(populated).into_iter().map(|(name, value)| env(&name, value)).collect()
}

/// The health check in the API server's pod.
pub(crate) fn healthcheck(populated: &Populated) -> String {
    let assets = populated.cluster().assets.clone().unwrap_or_default();
    let image = format!("registry.k8s.io/kops/kube-apiserver-healthcheck:{}", image_tag(populated));
    let arguments = texts(&[
        "--ca-cert=/secrets/ca.crt",
        "--client-cert=/secrets/client.crt",
        "--client-key=/secrets/client.key",
    ]);
    let probe = Probe {
        initial_delay_seconds: Some(5),
        timeout_seconds: Some(5),
        ..asks_node("/.kube-apiserver-healthcheck/healthz", 3990)
    };
    let container = Container {
        name: "healthcheck".into(),
        image: text(assets.image(&image)),
        args: arguments,
        liveness_probe: Some(probe),
        resources: Some(ResourceRequirements::default()),
        security_context: runs_as(HEALTHCHECK_USER),
        volume_mounts: Some(vec![mount_read_only("healthcheck-secrets", "/secrets")]),
        ..Container::default()
    };
    let secrets = "/etc/kubernetes/kube-apiserver-healthcheck/secrets";
    written(Pod {
        metadata: ObjectMeta::default(),
        spec: Some(PodSpec {
            containers: vec![container],
            volumes: Some(vec![host_path("healthcheck-secrets", secrets, "Directory")]),
            ..PodSpec::default()
        }),
        status: None,
    })
}

fn runs_as(user: i64) -> Option<SecurityContext> {
    Some(SecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(user),
        ..SecurityContext::default()
    })
}

/// The tag of kops's own images.
pub(crate) fn image_tag(populated: &Populated) -> String {
    populated.release.to_string().replace('+', "-")
}

/// The pod that applies the add-ons of the cluster's channels.
pub(crate) fn channels(populated: &Populated) -> String {
    let cluster = populated.cluster();
    let assets = cluster.assets.clone().unwrap_or_default();
    let base = cluster.base();
    let mut arguments: Vec<String> = [
        "apply",
        "channel",
        "--v=4",
        "--yes",
        "--interval=1m0s",
        "--node-labels=node-role.kubernetes.io/control-plane",
        "--node-name=$(NODE_NAME)",
    ]
    .map(String::from)
    .into();
    arguments.push(format!("{base}/addons/bootstrap-channel.yaml"));
    arguments.extend(cluster.addons.iter().map(|addon| addon.manifest.clone()));
    let mut environment =
        vec![env_field("NODE_NAME", "spec.nodeName"), env("KUBECONFIG", CREDENTIALS), env("HOME", "/tmp")];
    environment.extend(variables(populated));
    let ready = Probe {
        initial_delay_seconds: Some(30),
        period_seconds: Some(10),
        failure_threshold: Some(2),
        ..asks_node("/readyz", 3986)
    };
    let container = Container {
        name: "kops-channels".into(),
        image: text(assets.image(&format!("registry.k8s.io/kops/channels:{}", image_tag(populated)))),
        args: Some(arguments),
        env: Some(environment),
        resources: resources(&[], &[("cpu", "50m"), ("memory", "50Mi")]),
        readiness_probe: Some(ready),
        security_context: runs_as(CHANNELS_USER),
        volume_mounts: Some(vec![mount_read_only("kubeconfig", CREDENTIALS)]),
        ..Container::default()
    };
    written(Pod {
        metadata: meta("kops-channels").in_namespace(SYSTEM).labels(&[("k8s-app", "kops-channels")]).done(),
        spec: Some(PodSpec {
            containers: vec![container],
            dns_policy: text("Default"),
            host_network: Some(true),
            priority_class_name: text("system-node-critical"),
            tolerations: Some(vec![tolerate("CriticalAddonsOnly", "")]),
            volumes: Some(vec![host_path("kubeconfig", CREDENTIALS, "File")]),
            ..PodSpec::default()
        }),
        status: None,
    })
}
