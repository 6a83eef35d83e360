//! kops-controller, which gives machines their configuration and their certificates.

use super::Objects;
use crate::names::Names;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::values;
use crate::spec::{Cloud, Role};
use crate::store::{environment, image_tag};
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy};
use k8s_openapi::api::core::v1::{
    ConfigMap, Container, PodSpec, PodTemplateSpec, SecurityContext, ServiceAccount,
};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role as RbacRole, RoleBinding};
use serde::Serialize;
use std::collections::BTreeSet;

const NAME: &str = "kops-controller";
/// The directory of its keys.
const KEYS: &str = "/etc/kubernetes/kops-controller/pki";

/// The settings of kops-controller, in kops's order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings<'a> {
    cluster_name: &'a str,
    cloud: &'a str,
    config_base: &'a str,
    secret_store: &'a str,
    server: Server,
    #[serde(rename = "enableCloudIPAM", skip_serializing_if = "std::ops::Not::not")]
    gives_ranges: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Server {
    #[serde(rename = "Listen")]
    listen: &'static str,
    provider: Provider,
    server_key_path: String,
    server_certificate_path: String,
    ca_base_path: &'static str,
    #[serde(rename = "signingCAs")]
    signing_authorities: Vec<&'static str>,
    cert_names: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Provider {
    /// Machines identify themselves with their IAM role.
    Aws {
        #[serde(rename = "nodesRoles")]
        roles: BTreeSet<String>,
        #[serde(rename = "Region")]
        region: String,
        #[serde(rename = "UseIPBasedNodeNames", skip_serializing_if = "std::ops::Not::not")]
        names_by_ip: bool,
    },
    /// Machines identify themselves with their TPM.
    Gce {
        #[serde(rename = "projectID")]
        project: String,
        region: String,
        #[serde(rename = "clusterName")]
        cluster: String,
        #[serde(rename = "MaxTimeSkew")]
        skew: u32,
    },
}

fn settings(populated: &Populated) -> String {
    let cluster = populated.cluster();
    let mut authorities = vec!["kubernetes-ca"];
    let mut certificates = vec!["kubelet", "kubelet-server"];
    if populated.has_cilium_etcd() {
        certificates.push("etcd-client-cilium");
        authorities.push("etcd-clients-ca-cilium");
    }
    if cluster.kube_proxy.as_ref().and_then(|proxy| proxy.enabled) != Some(false) {
        certificates.push("kube-proxy");
    }
    if cluster.has_plugin(|networking| networking.kuberouter.is_some()) {
        certificates.push("kube-router");
    }
    let provider = match cluster.cloud_provider {
        Some(Cloud::Gce) => Provider::Gce {
            project: cluster.project.clone(),
            cluster: populated.spec.name().into(),
            region: populated.region.clone(),
            skew: 300,
        },
        _ => Provider::Aws {
            roles: node_roles(populated),
            region: populated.region.clone(),
            names_by_ip: cluster.names_by_ip(),
        },
    };
    let settings = Settings {
        cluster_name: populated.spec.name(),
        cloud: values::text(&cluster.cloud_provider),
        config_base: values::text(&cluster.config_base),
        secret_store: values::text(&cluster.secret_store),
        server: Server {
            listen: ":3988",
            provider,
            server_key_path: format!("{KEYS}/kops-controller.key"),
            server_certificate_path: format!("{KEYS}/kops-controller.crt"),
            ca_base_path: KEYS,
            signing_authorities: authorities,
            cert_names: certificates,
        },
        gives_ranges: cluster.is_ipv6_only(),
    };
    serde_json::to_string(&settings).unwrap_or_default() + "\n"
}

/// The IAM roles with which nodes identify themselves.
fn node_roles(populated: &Populated) -> BTreeSet<String> {
    let names = Names { cluster: populated.spec.name() };
    let served = populated.groups.iter().filter(|group| matches!(group.role, Role::Node | Role::ApiServer));
    let role = |group: &crate::populate::Group| {
        let profile = group.spec.iam.as_ref().and_then(|iam| iam.profile.as_ref());
        match profile {
            Some(arn) => {
                let roles = populated.on_aws().and_then(|home| home.profile_roles.get(arn));
                roles.cloned().unwrap_or_default()
            }
            None => vec![names.iam(group.role)],
        }
    };
    served.flat_map(role).collect()
}

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    objects.add(ConfigMap {
        data: pairs(&[("config.yaml", &settings(populated))]),
        metadata: meta(NAME)
            .in_namespace(SYSTEM)
            .labels(&[("k8s-addon", "kops-controller.addons.k8s.io")])
            .done(),
        ..ConfigMap::default()
    });
    objects.add_with_empty(daemon(populated), &[COMMAND, NODE_SELECTOR]);
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        ..ServiceAccount::default()
    });
    let subjects = Some(vec![user("system:serviceaccount:kube-system:kops-controller")]);
    objects.add(ClusterRole {
        metadata: meta(NAME).done(),
        rules: Some(vec![rule(&[""], &["nodes"], &["get", "list", "watch", "patch"])]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(NAME).done(),
        role_ref: role_ref("ClusterRole", NAME),
        subjects: subjects.clone(),
    });
    let leases = ["configmaps", "leases"];
    objects.add(RbacRole {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        rules: Some(vec![
            rule(&[""], &["events"], &["get", "list", "watch", "create"]),
            named_rule(
                &["", "coordination.k8s.io"],
                &leases,
                &["kops-controller-leader"],
                &["get", "list", "watch", "patch", "update", "delete"],
            ),
            rule(&["", "coordination.k8s.io"], &leases, &["create"]),
        ]),
    });
    objects.add(RoleBinding {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        role_ref: role_ref("Role", NAME),
        subjects,
    });
}

fn daemon(populated: &Populated) -> DaemonSet {
    let cluster = populated.cluster();
    let version = format!("v{}", image_tag(populated));
    let labels: [(&str, &str); 3] =
        [("k8s-addon", "kops-controller.addons.k8s.io"), ("k8s-app", NAME), ("version", &version)];
    let host = format!("kops-controller.internal.{}", populated.spec.name());
    let mut variables = vec![env("KUBERNETES_SERVICE_HOST", "127.0.0.1")];
    let mut environment = environment(populated);
    if populated.allows_newer {
        environment.insert("KOPS_RUN_TOO_NEW_VERSION".into(), "1".into());
    }
    variables.extend(environment.into_iter().map(|(name, value)| env(&name, value)));
    let mut mounts = vec![
        mount("kops-controller-config", "/etc/kubernetes/kops-controller/config/"),
        mount("kops-controller-pki", "/etc/kubernetes/kops-controller/pki/"),
    ];
    let mut volumes = vec![
        config_map("kops-controller-config", NAME),
        host_path("kops-controller-pki", "/etc/kubernetes/kops-controller/", "Directory"),
    ];
    if cluster.use_host_certificates == Some(true) {
        mounts.insert(0, mount_read_only("etc-ssl-certs", "/etc/ssl/certs"));
        volumes.insert(0, host_path("etc-ssl-certs", "/etc/ssl/certs", "DirectoryOrCreate"));
    }
    let container = Container {
        name: NAME.into(),
        image: text(format!("registry.k8s.io/kops/kops-controller:{}", image_tag(populated))),
        args: texts(&["--v=2", "--conf=/etc/kubernetes/kops-controller/config/config.yaml"]),
        env: Some(variables),
        resources: resources(&[], &[("cpu", "50m"), ("memory", "50Mi")]),
        security_context: Some(SecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(10011),
            se_linux_options: populated.uses_selinux().then(unconfined),
            ..SecurityContext::default()
        }),
        volume_mounts: Some(mounts),
        ..Container::default()
    };
    let pod = PodSpec {
        affinity: only_on([vec![
            wants(CONTROL_PLANE, "Exists", &[]),
            wants("kops.k8s.io/kops-controller-pki", "Exists", &[]),
        ]]),
        containers: vec![container],
        dns_policy: text("Default"),
        host_network: Some(true),
        priority_class_name: text("system-cluster-critical"),
        service_account: text(NAME),
        tolerations: Some(vec![
            tolerate("node.cloudprovider.kubernetes.io/uninitialized", ""),
            tolerate("node.kubernetes.io/not-ready", ""),
            tolerate(MASTER, ""),
            tolerate(CONTROL_PLANE, ""),
        ]),
        volumes: Some(volumes),
        ..PodSpec::default()
    };
    DaemonSet {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&labels).done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&[("k8s-app", NAME)]),
            template: PodTemplateSpec {
                metadata: Some(
                    meta("")
                        .labels(&labels)
                        .annotations(&[("dns.alpha.kubernetes.io/internal", &host)])
                        .done(),
                ),
                spec: Some(pod),
            },
            update_strategy: Some(DaemonSetUpdateStrategy {
                type_: text("OnDelete"),
                ..DaemonSetUpdateStrategy::default()
            }),
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    }
}
