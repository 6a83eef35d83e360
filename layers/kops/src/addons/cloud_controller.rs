//! The cloud controller manager of AWS, and the daemon set that those of all clouds are.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::CloudControllerManager;
use crate::spec::values;
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy};
use k8s_openapi::api::core::v1::{
    Affinity, Container, PodSecurityContext, PodSpec, PodTemplateSpec, Probe, ServiceAccount,
};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, RoleBinding, Subject};

const NAME: &str = "aws-cloud-controller-manager";

pub(super) fn on_aws(populated: &Populated, objects: &mut Objects) {
    let manager = Manager {
        name: NAME,
        cloud: "aws",
        label: "k8s-app",
        labels: &[],
        health: None,
        affinity: only_on([vec![wants(CONTROL_PLANE, "Exists", &[])]]),
    };
    objects.add_with_empty(daemon(populated, manager), &[NODE_SELECTOR]);
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).done(),
        ..ServiceAccount::default()
    });
    let subjects = Some(vec![Subject { api_group: text(""), ..account(SYSTEM, NAME) }]);
    objects.add(RoleBinding {
        metadata: meta("cloud-controller-manager:apiserver-authentication-reader")
            .in_namespace(SYSTEM)
            .done(),
        role_ref: role_ref("Role", "extension-apiserver-authentication-reader"),
        subjects: subjects.clone(),
    });
    objects.add(ClusterRole {
        metadata: meta("system:cloud-controller-manager").done(),
        rules: Some(vec![
            rule(&[""], &["events"], &["create", "patch", "update"]),
            rule(&[""], &["nodes"], &["*"]),
            rule(&[""], &["nodes/status"], &["patch"]),
            rule(&[""], &["services"], &["list", "patch", "update", "watch"]),
            rule(&[""], &["services/status"], &["list", "patch", "update", "watch"]),
            rule(&[""], &["serviceaccounts"], &["create", "get"]),
            rule(&[""], &["persistentvolumes"], &["get", "list", "update", "watch"]),
            rule(&[""], &["endpoints"], &["create", "get", "list", "watch", "update"]),
            rule(&["coordination.k8s.io"], &["leases"], &["create", "get", "list", "watch", "update"]),
            rule(&[""], &["secrets"], &["list", "watch"]),
            named_rule(
                &[""],
                &["serviceaccounts/token"],
                &["node-controller", "service-controller", "route-controller"],
                &["create"],
            ),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta("system:cloud-controller-manager").done(),
        role_ref: role_ref("ClusterRole", "system:cloud-controller-manager"),
        subjects,
    });
}

/// The flags of a cloud controller manager: those of the spec, by name, and then the fixed ones.
fn arguments(flags: &CloudControllerManager, cloud: &str) -> Vec<String> {
    let truth = |truth: Option<bool>| truth.map(|truth| truth.to_string());
    let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let number = |number: Option<i32>| number.map(|number| number.to_string());
    let leader = flags.leader_election.clone().unwrap_or_default();
    let duration =
        |duration: Option<crate::spec::values::Duration>| duration.map(|duration| duration.to_string());
    let given = [
        ("allocate-node-cidrs", truth(flags.allocate_node_cidrs)),
        ("allow-untagged-cloud", truth(flags.allow_untagged_cloud)),
        ("cidr-allocator-type", flags.cidr_allocator_type.clone()),
        ("cloud-provider", word(&flags.cloud_provider)),
        ("cluster-cidr", word(values::text(&flags.cluster_cidr))),
        ("cluster-name", word(&flags.cluster_name)),
        ("concurrent-node-syncs", number(flags.concurrent_node_syncs)),
        ("configure-cloud-routes", truth(flags.configure_cloud_routes)),
        ("controllers", word(&flags.controllers.join(","))),
        ("enable-leader-migration", truth(flags.enable_leader_migration)),
        ("leader-elect", truth(leader.leader_elect)),
        ("leader-elect-lease-duration", duration(leader.leader_elect_lease_duration)),
        ("leader-elect-renew-deadline", duration(leader.leader_elect_renew_deadline_duration)),
        ("leader-elect-resource-lock", leader.leader_elect_resource_lock),
        ("leader-elect-resource-name", leader.leader_elect_resource_name),
        ("leader-elect-resource-namespace", leader.leader_elect_resource_namespace),
        ("leader-elect-retry-period", duration(leader.leader_elect_retry_period)),
        ("master", word(&flags.master)),
        ("node-status-update-frequency", duration(flags.node_status_update_frequency)),
        ("use-service-account-credentials", truth(flags.use_service_account_credentials)),
        ("v", (flags.log_level != 0).then(|| flags.log_level.to_string())),
    ];
    let given = given.into_iter().filter_map(|(name, value)| Some(format!("--{name}={}", value?)));
    let mut all: Vec<String> = given.collect();
    if flags.log_level == 0 {
        all.push("--v=2".into());
    }
    if flags.cloud_provider.is_empty() {
        all.push(format!("--cloud-provider={cloud}"));
    }
    if flags.use_service_account_credentials.is_none() {
        all.push("--use-service-account-credentials=true".into());
    }
    all.push("--cloud-config=/etc/kubernetes/cloud.config".into());
    all
}

/// What differs between the managers of the clouds.
pub(super) struct Manager<'a> {
    pub name: &'a str,
    /// The cloud, as the manager's flag names it.
    pub cloud: &'a str,
    /// The key of the label by which the daemon set finds its pods. The value is the name.
    pub label: &'a str,
    /// Further labels of the pods.
    pub labels: &'a [(&'a str, &'a str)],
    pub health: Option<Probe>,
    /// The machines of the control plane, by their labels.
    pub affinity: Option<Affinity>,
}

/// The manager, on each machine of the control plane.
pub(super) fn daemon(populated: &Populated, manager: Manager<'_>) -> DaemonSet {
    let flags = populated.cluster().cloud_controller_manager.clone().unwrap_or_default();
    let cpu = flags.cpu_request.as_ref().map_or("200m", |cpu| cpu.as_str());
    let container = Container {
        name: manager.name.into(),
        image: text(&flags.image),
        image_pull_policy: text("IfNotPresent"),
        args: Some(arguments(&flags, manager.cloud)),
        env: Some(vec![env("KUBERNETES_SERVICE_HOST", "127.0.0.1")]),
        liveness_probe: manager.health,
        resources: resources(&[], &[("cpu", cpu)]),
        volume_mounts: Some(vec![mount_read_only("cloudconfig", "/etc/kubernetes/cloud.config")]),
        ..Container::default()
    };
    let security = populated.uses_selinux().then(|| PodSecurityContext {
        se_linux_options: Some(unconfined()),
        ..PodSecurityContext::default()
    });
    let pod = PodSpec {
        affinity: manager.affinity,
        containers: vec![container],
        host_network: Some(true),
        priority_class_name: text("system-cluster-critical"),
        security_context: security,
        service_account_name: text(manager.name),
        tolerations: Some(vec![tolerate_all()]),
        volumes: Some(vec![host_path("cloudconfig", "/etc/kubernetes/cloud.config", "")]),
        ..PodSpec::default()
    };
    let own = [(manager.label, manager.name)];
    DaemonSet {
        metadata: meta(manager.name).in_namespace(SYSTEM).labels(&own).done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&own),
            template: PodTemplateSpec {
                metadata: Some(meta("").labels(&[&own, manager.labels].concat()).done()),
                spec: Some(pod),
            },
            update_strategy: Some(DaemonSetUpdateStrategy {
                type_: text("RollingUpdate"),
                ..DaemonSetUpdateStrategy::default()
            }),
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    }
}
