//! aws-iam-authenticator, which authenticates users by their IAM identity.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::AwsAuthentication;
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy};
use k8s_openapi::api::core::v1::{
    Capabilities, Container, PodSecurityContext, PodSpec, PodTemplateSpec, SecurityContext, ServiceAccount,
    Toleration,
};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use serde_json::json;

const NAME: &str = "aws-iam-authenticator";
const APP: [(&str, &str); 1] = [("k8s-app", NAME)];
const IMAGE: &str = "public.ecr.aws/eks-distro/kubernetes-sigs/aws-iam-authenticator:v0.6.20-eks-1-30-7";
/// The API group of mappings from identities to users.
const GROUP: &str = "iamauthenticator.k8s.aws";
/// The directory that the authenticator shares with the API server.
const SHARED: &str = "/srv/kubernetes/aws-iam-authenticator/";
/// The user who runs it.
const USER: i64 = 10000;

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let authentication = populated.cluster().authentication.as_ref();
    let settings = authentication.and_then(|of| of.aws.clone()).unwrap_or_default();
    objects.add(definition());
    let mappings = "iamidentitymappings";
    objects.add(ClusterRole {
        metadata: meta(NAME).done(),
        rules: Some(vec![
            rule(&[GROUP], &[mappings], &["get", "list", "watch"]),
            rule(&[GROUP], &[&format!("{mappings}/status")], &["patch", "update"]),
            rule(&[""], &["events"], &["create", "update", "patch"]),
            rule(&[""], &["configmaps"], &["list", "watch"]),
            named_rule(&[""], &["configmaps"], &["aws-auth"], &["get"]),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        ..ServiceAccount::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(NAME).done(),
        role_ref: role_ref("ClusterRole", NAME),
        subjects: Some(vec![account(SYSTEM, NAME)]),
    });
    objects.add(daemon(populated, &settings));
    if settings.backend_mode.contains("CRD") {
        for (index, mapping) in settings.identity_mappings.iter().enumerate() {
            objects.add(json!({
                "apiVersion": format!("{GROUP}/v1alpha1"),
                "kind": "IAMIdentityMapping",
                "metadata": {
                    "name": format!("iam-identity-mapping-{index}"),
                    "labels": { APP[0].0: APP[0].1 },
                },
                "spec": { "arn": mapping.arn, "username": mapping.username, "groups": mapping.groups },
            }));
        }
    }
}

/// The kind of objects that map an identity to a user.
fn definition() -> serde_json::Value {
    let text = json!({ "type": "string" });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": format!("iamidentitymappings.{GROUP}") },
        "spec": {
            "group": GROUP,
            "names": {
                "categories": ["all"],
                "kind": "IAMIdentityMapping",
                "plural": "iamidentitymappings",
                "singular": "iamidentitymapping",
            },
            "scope": "Cluster",
            "versions": [{
                "name": "v1alpha1",
                "schema": { "openAPIV3Schema": {
                    "type": "object",
                    "properties": {
                        "spec": {
                            "type": "object",
                            "required": ["arn", "username"],
                            "properties": {
                                "arn": text,
                                "groups": { "type": "array", "items": text },
                                "username": text,
                            },
                        },
                        "status": {
                            "type": "object",
                            "properties": { "canonicalARN": text, "userID": text },
                        },
                    },
                } },
                "served": true,
                "storage": true,
                "subresources": { "status": {} },
            }],
        },
    })
}

fn daemon(populated: &Populated, settings: &AwsAuthentication) -> DaemonSet {
    // Without a mode, mappings come from a file.
    let by_file = settings.backend_mode.is_empty() || settings.backend_mode.contains("MountedFile");
    let mut args = vec!["server".to_owned()];
    if by_file {
        args.push("--config=/etc/aws-iam-authenticator/config.yaml".into());
    }
    if !settings.cluster_id.is_empty() || !by_file {
        args.push(format!("--cluster-id={}", or(&settings.cluster_id, populated.spec.name())));
    }
    args.push("--state-dir=/var/aws-iam-authenticator".into());
    args.push("--kubeconfig-pregenerated=true".into());
    if !settings.backend_mode.is_empty() {
        args.push(format!("--backend-mode={}", settings.backend_mode));
    }
    let memory = amount(&settings.memory_limit, "20Mi");
    let mut limits = vec![("memory", memory.as_str())];
    let cpu = settings.cpu_limit.as_ref().map(ToString::to_string);
    limits.extend(cpu.as_deref().map(|cpu| ("cpu", cpu)));
    let mut mounts = Vec::new();
    let mut volumes = Vec::new();
    if by_file {
        mounts.push(mount("config", "/etc/aws-iam-authenticator/"));
        volumes.push(config_map("config", NAME));
    }
    mounts.push(mount("state", "/var/aws-iam-authenticator/"));
    mounts.push(mount("output", "/etc/kubernetes/aws-iam-authenticator/"));
    volumes.push(host_path_of_any_kind("output", SHARED));
    volumes.push(host_path_of_any_kind("state", SHARED));
    let container = Container {
        name: NAME.into(),
        image: text(or(&settings.image, IMAGE)),
        args: Some(args),
        liveness_probe: Some(by_scheme("HTTPS", asks_node("/healthz", 21362))),
        resources: resources(
            &limits,
            &[
                ("memory", &amount(&settings.memory_request, "20Mi")),
                ("cpu", &amount(&settings.cpu_request, "10m")),
            ],
        ),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(Capabilities { drop: texts(&["ALL"]), ..Capabilities::default() }),
            run_as_group: Some(USER),
            run_as_user: Some(USER),
            ..SecurityContext::default()
        }),
        volume_mounts: Some(mounts),
        ..Container::default()
    };
    let taint =
        |key: &str| Toleration { key: text(key), effect: text("NoSchedule"), ..Toleration::default() };
    // With separate API servers, the label of all machines that serve the API.
    let nodes =
        if populated.has_api_servers() { "node-role.kubernetes.io/api-server" } else { CONTROL_PLANE };
    let pod = PodSpec {
        containers: vec![container],
        host_network: Some(true),
        node_selector: pairs(&[(nodes, "")]),
        priority_class_name: text("system-node-critical"),
        security_context: populated.uses_selinux().then(|| PodSecurityContext {
            se_linux_options: Some(unconfined()),
            ..PodSecurityContext::default()
        }),
        service_account_name: text(NAME),
        tolerations: Some(vec![
            taint(MASTER),
            taint(CONTROL_PLANE),
            taint("node-role.kubernetes.io/api-server"),
            tolerate("node.cloudprovider.kubernetes.io/uninitialized", ""),
            tolerate("CriticalAddonsOnly", ""),
        ]),
        volumes: Some(volumes),
        ..PodSpec::default()
    };
    DaemonSet {
        metadata: meta(NAME)
            .in_namespace(SYSTEM)
            .labels(&APP)
            .annotations(&[("seccomp.security.alpha.kubernetes.io/pod", "runtime/default")])
            .done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&APP),
            template: PodTemplateSpec { metadata: Some(meta("").labels(&APP).done()), spec: Some(pod) },
            update_strategy: Some(DaemonSetUpdateStrategy {
                type_: text("RollingUpdate"),
                ..DaemonSetUpdateStrategy::default()
            }),
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    }
}
