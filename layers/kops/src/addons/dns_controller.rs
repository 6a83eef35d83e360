//! dns-controller, which publishes the addresses of nodes and services in the cluster's zone.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::Cloud;
use crate::store::{image_tag, proxy_variables};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy};
use k8s_openapi::api::core::v1::{Container, PodSpec, PodTemplateSpec, SecurityContext, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};

const NAME: &str = "dns-controller";

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    objects.add_with_empty(deployment(populated), &[COMMAND, NODE_SELECTOR]);
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        ..ServiceAccount::default()
    });
    let verbs = ["get", "list", "watch"];
    objects.add(ClusterRole {
        metadata: meta("kops:dns-controller").done(),
        rules: Some(vec![
            rule(&[""], &["endpoints", "services", "pods", "ingress", "nodes"], &verbs),
            rule(&["networking.k8s.io"], &["ingresses"], &verbs),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta("kops:dns-controller").done(),
        role_ref: role_ref("ClusterRole", "kops:dns-controller"),
        subjects: Some(vec![user("system:serviceaccount:kube-system:dns-controller")]),
    });
}

fn arguments(populated: &Populated) -> Vec<String> {
    let cluster = populated.cluster();
    let dns = cluster.external_dns.clone().unwrap_or_default();
    let mut all = vec![format!("--watch-ingress={}", dns.watch_ingress.unwrap_or(false))];
    if !dns.watch_namespace.is_empty() {
        all.push(format!("--watch-namespace={}", dns.watch_namespace));
    }
    all.push(if cluster.is_on(Cloud::Gce) { "--dns=google-clouddns" } else { "--dns=aws-route53" }.into());
    match cluster.dns_zone.as_str() {
        "" => {}
        name if name.contains('.') => all.push(format!("--zone={name}")),
        id => all.push(format!("--zone=*/{id}")),
    }
    all.push(if cluster.is_ipv6_only() { "--internal-ipv6" } else { "--internal-ipv4" }.into());
    all.extend(["--zone=*/*", "-v=2"].map(String::from));
    all
}

fn deployment(populated: &Populated) -> Deployment {
    let cluster = populated.cluster();
    let version = format!("v{}", image_tag(populated));
    let labels: [(&str, &str); 3] =
        [("k8s-addon", "dns-controller.addons.k8s.io"), ("k8s-app", NAME), ("version", &version)];
    let mut variables = vec![env("KUBERNETES_SERVICE_HOST", "127.0.0.1")];
    variables.extend(proxy_variables(populated).into_iter().map(|(name, value)| env(&name, value)));
    let priority = cluster.external_dns.as_ref().and_then(|dns| dns.priority_class_name.as_deref());
    let container = Container {
        name: NAME.into(),
        image: text(format!("registry.k8s.io/kops/dns-controller:{}", image_tag(populated))),
        args: Some(arguments(populated)),
        env: Some(variables),
        resources: resources(&[], &[("cpu", "50m"), ("memory", "50Mi")]),
        security_context: Some(SecurityContext { run_as_non_root: Some(true), ..SecurityContext::default() }),
        ..Container::default()
    };
    let pod = PodSpec {
        affinity: only_on_control_plane(),
        containers: vec![container],
        dns_policy: text("Default"),
        host_network: Some(true),
        priority_class_name: text(priority.unwrap_or("system-cluster-critical")),
        service_account: text(NAME),
        tolerations: Some(vec![
            tolerate("node.cloudprovider.kubernetes.io/uninitialized", ""),
            tolerate("node.kubernetes.io/not-ready", ""),
            tolerate(CONTROL_PLANE, ""),
            tolerate(MASTER, ""),
        ]),
        ..PodSpec::default()
    };
    Deployment {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&labels).done(),
        spec: Some(DeploymentSpec {
            replicas: Some(1),
            selector: selector(&[("k8s-app", NAME)]),
            strategy: Some(DeploymentStrategy { type_: text("Recreate"), ..DeploymentStrategy::default() }),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&labels).done()), spec: Some(pod) },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}
