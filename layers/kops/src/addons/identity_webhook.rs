//! The pod identity webhook, which gives pods the roles of their service accounts.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use k8s_openapi::api::admissionregistration::v1::{
    MutatingWebhook, MutatingWebhookConfiguration, RuleWithOperations, ServiceReference, WebhookClientConfig,
};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::{
    ConfigMap, Container, PodSpec, PodTemplateSpec, Probe, Service, ServiceAccount, ServicePort, ServiceSpec,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::json;

const NAME: &str = "pod-identity-webhook";
const APP: [(&str, &str); 1] = [("app", NAME)];
const CERTIFICATE: &str = "pod-identity-webhook-cert";
const SCRAPED: [(&str, &str); 3] =
    [("prometheus.io/port", "9999"), ("prometheus.io/scheme", "http"), ("prometheus.io/scrape", "true")];

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let here = || meta(NAME).in_namespace(SYSTEM);
    let subjects = Some(vec![account(SYSTEM, NAME)]);
    objects.add(ServiceAccount { metadata: here().done(), ..ServiceAccount::default() });
    objects.add(Role {
        metadata: here().done(),
        rules: Some(vec![rule(&[""], &["configmaps"], &["list", "get", "watch"])]),
    });
    objects.add(RoleBinding {
        metadata: here().done(),
        role_ref: role_ref("Role", NAME),
        subjects: subjects.clone(),
    });
    objects.add(ClusterRole {
        metadata: meta(NAME).done(),
        rules: Some(vec![rule(&[""], &["serviceaccounts"], &["get", "watch", "list"])]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(NAME).done(),
        role_ref: role_ref("ClusterRole", NAME),
        subjects,
    });
    objects.add(deployment(populated));
    objects.add(json!({
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": { "name": NAME, "namespace": SYSTEM },
        "spec": {
            "secretName": CERTIFICATE,
            "commonName": "pod-identity-webhook.kube-system.svc",
            "dnsNames": [
                "pod-identity-webhook",
                "pod-identity-webhook.kube-system",
                "pod-identity-webhook.kube-system.svc",
                "pod-identity-webhook.kube-system.svc.local",
            ],
            "duration": "2160h",
            "renewBefore": "360h",
            "issuerRef": { "name": "eks-pod-identity-webhook.addons.k8s.io", "kind": "Issuer" },
        },
    }));
    objects.add(webhook());
    let to = |name: &str, number: i32| ServicePort {
        target_port: Some(IntOrString::Int(number)),
        ..service_port(name, number, "TCP")
    };
    objects.add(Service {
        metadata: here().annotations(&SCRAPED).done(),
        spec: Some(ServiceSpec {
            ports: Some(vec![to("webhook", 443), to("metrics", 9999)]),
            selector: pairs(&APP),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    });
    objects.add(ConfigMap {
        data: pairs(&[("config", &mappings(populated))]),
        metadata: here().annotations(&SCRAPED).done(),
        ..ConfigMap::default()
    });
    objects.add(PodDisruptionBudget {
        metadata: here().done(),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::String("50%".into())),
            selector: Some(selector(&APP)),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    });
}

/// The role of each service account, in the webhook's form.
fn mappings(populated: &Populated) -> String {
    let accounts = populated.cluster().iam.iter().flat_map(|iam| &iam.service_account_external_permissions);
    let mut all: Vec<String> = accounts
        .filter(|account| account.aws.is_some())
        .map(|account| {
            let arn = populated.account_role(&account.namespace, &account.name);
            format!(
                r#""{}/{}":{{"RoleARN":"{arn}","Audience":"amazonaws.com","UseRegionalSTS":true,"TokenExpiration":0}}"#,
                account.namespace, account.name
            )
        })
        .collect();
    all.sort();
    format!("{{{}}}", all.join(","))
}

fn deployment(populated: &Populated) -> Deployment {
    let replicas = populated.cluster().pod_identity_webhook.as_ref().map_or(0, |webhook| webhook.replicas);
    let container = Container {
        name: NAME.into(),
        image: text("amazon/amazon-eks-pod-identity-webhook:v0.5.7"),
        command: texts(&[
            "/webhook",
            "--in-cluster=false",
            "--namespace=kube-system",
            "--service-name=pod-identity-webhook",
            "--annotation-prefix=eks.amazonaws.com",
            "--token-audience=amazonaws.com",
            "--logtostderr",
            "--watch-config-map",
            "--sts-regional-endpoint",
            &format!("--aws-default-region={}", populated.region),
            "--v=5",
        ]),
        readiness_probe: Some(Probe {
            initial_delay_seconds: Some(5),
            period_seconds: Some(5),
            timeout_seconds: Some(1),
            success_threshold: Some(1),
            failure_threshold: Some(3),
            ..by_scheme("HTTPS", asks("/healthz", 443))
        }),
        volume_mounts: Some(vec![mount_read_only("cert", "/etc/webhook/certs")]),
        ..Container::default()
    };
    let pod = PodSpec {
        containers: vec![container],
        priority_class_name: text("system-cluster-critical"),
        service_account_name: text(NAME),
        topology_spread_constraints: spread(&APP),
        volumes: Some(vec![secret("cert", CERTIFICATE)]),
        ..PodSpec::default()
    };
    Deployment {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        spec: Some(DeploymentSpec {
            replicas: Some(i32::try_from(replicas).ok().filter(|replicas| *replicas != 0).unwrap_or(2)),
            selector: selector(&APP),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&APP).done()), spec: Some(pod) },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}

fn webhook() -> MutatingWebhookConfiguration {
    let not = |key: &str, value: &str| LabelSelectorRequirement {
        key: key.into(),
        operator: "NotIn".into(),
        values: texts(&[value]),
    };
    let to = ServiceReference {
        name: NAME.into(),
        namespace: SYSTEM.into(),
        path: text("/mutate"),
        ..ServiceReference::default()
    };
    MutatingWebhookConfiguration {
        metadata: meta(NAME)
            .annotations(&[("cert-manager.io/inject-ca-from", "kube-system/pod-identity-webhook")])
            .done(),
        webhooks: Some(vec![MutatingWebhook {
            admission_review_versions: vec!["v1beta1".into()],
            client_config: WebhookClientConfig { service: Some(to), ..WebhookClientConfig::default() },
            failure_policy: text("Fail"),
            name: "pod-identity-webhook.amazonaws.com".into(),
            object_selector: Some(LabelSelector {
                match_expressions: Some(vec![
                    not("kops.k8s.io/managed-by", "kops"),
                    not("k8s-app", "kube-apiserver"),
                ]),
                ..LabelSelector::default()
            }),
            rules: Some(vec![RuleWithOperations {
                api_groups: texts(&[""]),
                api_versions: texts(&["v1"]),
                operations: texts(&["CREATE"]),
                resources: texts(&["pods"]),
                ..RuleWithOperations::default()
            }]),
            side_effects: "None".into(),
            ..MutatingWebhook::default()
        }]),
    }
}
