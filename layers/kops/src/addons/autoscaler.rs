//! The cluster autoscaler, which resizes groups for their pods.

use super::Objects;
use crate::names;
use crate::objects::*;
use crate::populate::{GceHome, Group, Home, Populated};
use crate::spec::values::{self, Duration, Written};
use crate::spec::{Cloud, ClusterAutoscaler, Expander, Role as GroupRole};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment};
use k8s_openapi::api::core::v1::{
    Affinity, ConfigMap, Container, NodeAffinity, PodSpec, PodTemplateSpec, Probe, Service, ServiceAccount,
    ServicePort, ServiceSpec,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use std::collections::BTreeMap;

const NAME: &str = "cluster-autoscaler";
const LABEL: (&str, &str) = ("app.kubernetes.io/name", NAME);
const APP: (&str, &str) = ("k8s-app", NAME);

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let settings = populated.cluster().cluster_autoscaler.clone().unwrap_or_default();
    let named = || meta(NAME).labels(&[LABEL, APP]);
    let here = || named().in_namespace(SYSTEM).done();
    objects.add(PodDisruptionBudget {
        metadata: here(),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(selector(&[APP])),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    });
    objects.add(ServiceAccount {
        automount_service_account_token: Some(true),
        metadata: here(),
        ..ServiceAccount::default()
    });
    objects.add(ClusterRole { metadata: named().done(), rules: Some(rules()), ..ClusterRole::default() });
    let subjects = Some(vec![account(SYSTEM, NAME)]);
    objects.add(ClusterRoleBinding {
        metadata: named().done(),
        role_ref: role_ref("ClusterRole", NAME),
        subjects: subjects.clone(),
    });
    objects.add(Role {
        metadata: here(),
        rules: Some(vec![
            rule(&[""], &["configmaps"], &["create"]),
            named_rule(&[""], &["configmaps"], &["cluster-autoscaler-status"], &["delete", "get", "update"]),
        ]),
    });
    objects.add(RoleBinding { metadata: here(), role_ref: role_ref("Role", NAME), subjects });
    objects.add(Service {
        metadata: here(),
        spec: Some(ServiceSpec {
            ports: Some(vec![ServicePort {
                target_port: Some(IntOrString::Int(8085)),
                ..service_port("http", 8085, "TCP")
            }]),
            selector: pairs(&[LABEL]),
            type_: text("ClusterIP"),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    });
    if settings.expander == Some(Expander::Priority) && settings.create_priority_expander_config == Some(true)
    {
        objects.add(ConfigMap {
            data: pairs(&[("priorities", &priorities(populated, &settings))]),
            metadata: meta("cluster-autoscaler-priority-expander")
                .in_namespace(SYSTEM)
                .labels(&[LABEL, APP])
                .done(),
            ..ConfigMap::default()
        });
    }
    objects.add_with_empty(deployment(populated, &settings), &[NODE_SELECTOR]);
}

fn rules() -> Vec<PolicyRule> {
    const READ: &[&str] = &["watch", "list", "get"];
    let held = [
        "namespaces",
        "pods",
        "services",
        "replicationcontrollers",
        "persistentvolumeclaims",
        "persistentvolumes",
    ];
    let stored = ["storageclasses", "csinodes", "csidrivers", "csistoragecapacities", "volumeattachments"];
    vec![
        rule(&[""], &["events", "endpoints"], &["create", "patch"]),
        rule(&[""], &["pods/eviction"], &["create"]),
        rule(&[""], &["pods/status"], &["update"]),
        named_rule(&[""], &["endpoints"], &[NAME], &["get", "update"]),
        rule(&[""], &["nodes"], &["watch", "list", "get", "update"]),
        rule(&["resource.k8s.io"], &["resourceslices", "deviceclasses", "resourceclaims"], READ),
        rule(&[""], &held, READ),
        rule(&["batch"], &["jobs", "cronjobs"], READ),
        rule(&["batch", "extensions"], &["jobs"], &["get", "list", "patch", "watch"]),
        rule(&["extensions"], &["replicasets", "daemonsets"], READ),
        rule(&["policy"], &["poddisruptionbudgets"], &["watch", "list"]),
        rule(&["apps"], &["daemonsets", "replicasets", "statefulsets"], READ),
        rule(&["storage.k8s.io"], &stored, READ),
        rule(&[""], &["configmaps"], &["list", "watch", "get"]),
        rule(&["coordination.k8s.io"], &["leases"], &["create"]),
        named_rule(&["coordination.k8s.io"], &["leases"], &[NAME], &["get", "update"]),
    ]
}

/// The groups of each priority, in the autoscaler's form.
fn priorities(populated: &Populated, settings: &ClusterAutoscaler) -> String {
    let mut all = settings.custom_priority_expander_config.clone();
    if all.is_empty() {
        let groups = populated.groups.iter().filter(|group| group.role == GroupRole::Node);
        let scaled = groups.filter(|group| group.spec.autoscale.is_some());
        let named = scaled.map(|group| (&group.name, group.spec.autoscale_priority));
        for (name, priority) in named.collect::<BTreeMap<_, _>>() {
            let groups = all.entry(priority.to_string()).or_default();
            groups.push(format!("{name}.{}", populated.spec.name()));
        }
    }
    let lines = all.iter().flat_map(|(priority, groups)| {
        std::iter::once(format!("{priority}:")).chain(groups.iter().map(|group| format!("- {group}")))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The groups that it resizes, by name.
fn groups(populated: &Populated) -> Vec<String> {
    let groups = populated.groups.iter().filter(|group| group.role == GroupRole::Node);
    let scaled = groups.filter(|group| group.spec.autoscale != Some(false));
    let by_name: BTreeMap<_, _> = scaled.map(|group| (&group.name, group)).collect();
    if let Home::Gce(home) = &populated.home {
        return by_name.into_values().flat_map(|group| managers(populated, home, group)).collect();
    }
    let flag = |(name, group): (&String, &Group)| {
        let (min, max) = (group.spec.min_size.unwrap_or(0), group.spec.max_size.unwrap_or(0));
        format!("--nodes={min}:{max}:{name}.{}", populated.spec.name())
    };
    by_name.into_iter().map(flag).collect()
}

/// The managed instance groups of a group on Google: one in each zone that may have machines.
fn managers(populated: &Populated, home: &GceHome, group: &Group) -> Vec<String> {
    let (least, most) = (group.spec.min_size.unwrap_or(0), group.spec.max_size.unwrap_or(0));
    let (least, most) = (group.by_zone(least), group.by_zone(most));
    let alone = most.len() == 1;
    let zones = least.into_iter().zip(most).filter(|(_, (_, max))| *max > 0 || alone);
    let flag = |((zone, min), (_, max)): ((&str, u32), (&str, u32))| {
        let name = names::gce::group_manager(zone, &group.name, populated.spec.name());
        let project = &home.project;
        let link = format!(
            "https://www.googleapis.com/compute/v1/projects/{project}/zones/{zone}/instanceGroups/{name}"
        );
        format!("--nodes={min}:{max}:{link}")
    };
    zones.map(flag).collect()
}

fn command(populated: &Populated, settings: &ClusterAutoscaler) -> Vec<String> {
    let truth = |truth: Option<bool>, otherwise: bool| truth.unwrap_or(otherwise).to_string();
    let time = |time: &Option<Written<Duration>>| values::text(time).to_owned();
    let on_aws = populated.cluster().is_on(Cloud::Aws);
    let mut all = vec![
        "./cluster-autoscaler".to_owned(),
        format!("--balance-similar-node-groups={}", truth(settings.balance_similar_node_groups, false)),
        format!("--emit-per-nodegroup-metrics={}", truth(settings.emit_per_nodegroup_metrics, false)),
        format!("--cloud-provider={}", values::text(&populated.cluster().cloud_provider)),
    ];
    if on_aws {
        let listed = truth(settings.aws_use_static_instance_list, false);
        all.push(format!("--aws-use-static-instance-list={listed}"));
    }
    all.push(format!("--expander={}", values::text(&settings.expander)));
    all.extend(groups(populated));
    let flags = [
        ("ignore-daemonsets-utilization", truth(settings.ignore_daemon_sets_utilization, false)),
        ("scale-down-utilization-threshold", values::text(&settings.scale_down_utilization_threshold).into()),
        (
            "skip-nodes-with-custom-controller-pods",
            truth(settings.skip_nodes_with_custom_controller_pods, true),
        ),
        ("skip-nodes-with-local-storage", truth(settings.skip_nodes_with_local_storage, true)),
        ("skip-nodes-with-system-pods", truth(settings.skip_nodes_with_system_pods, true)),
        ("scale-down-delay-after-add", time(&settings.scale_down_delay_after_add)),
        ("scale-down-unneeded-time", time(&settings.scale_down_unneeded_time)),
        ("scale-down-unready-time", time(&settings.scale_down_unready_time)),
        ("new-pod-scale-up-delay", time(&settings.new_pod_scale_up_delay)),
        ("max-node-provision-time", time(&settings.max_node_provision_time)),
        ("cordon-node-before-terminating", truth(settings.cordon_node_before_terminating, true)),
        ("logtostderr", "true".into()),
        ("stderrthreshold", "info".into()),
        ("v", "4".into()),
    ];
    all.extend(flags.into_iter().map(|(name, value)| format!("--{name}={value}")));
    all
}

fn deployment(populated: &Populated, settings: &ClusterAutoscaler) -> Deployment {
    let anywhere = populated.service_account_roles();
    let on_aws = populated.cluster().is_on(Cloud::Aws);
    let (cpu, memory) = (amount(&settings.cpu_request, "100m"), amount(&settings.memory_request, "300Mi"));
    let container = Container {
        name: NAME.into(),
        image: settings.image.clone(),
        image_pull_policy: text("IfNotPresent"),
        command: Some(command(populated, settings)),
        env: on_aws.then(|| vec![env("AWS_REGION", &populated.region)]),
        liveness_probe: Some(Probe {
            failure_threshold: Some(3),
            period_seconds: Some(10),
            success_threshold: Some(1),
            timeout_seconds: Some(1),
            ..by_scheme("HTTP", asks("/health-check", "http"))
        }),
        ports: Some(vec![port("http", 8085, "TCP")]),
        resources: resources(&[], &[("cpu", &cpu), ("memory", &memory)]),
        ..Container::default()
    };
    let affinity = if anywhere {
        let steady = wants("node-role.kubernetes.io/spot-worker", "DoesNotExist", &[]);
        Some(Affinity {
            node_affinity: Some(NodeAffinity {
                preferred_during_scheduling_ignored_during_execution: Some(vec![preferred(1, vec![steady])]),
                ..NodeAffinity::default()
            }),
            ..Affinity::default()
        })
    } else {
        only_on_control_plane()
    };
    let app: [(&str, &str); 1] = [("app", NAME)];
    let pod = PodSpec {
        affinity,
        containers: vec![container],
        dns_policy: text("ClusterFirst"),
        host_network: (!anywhere).then_some(true),
        priority_class_name: text("system-cluster-critical"),
        service_account_name: text(NAME),
        tolerations: (!anywhere).then(|| vec![tolerate(CONTROL_PLANE, ""), tolerate(MASTER, "")]),
        topology_spread_constraints: spread(&app),
        ..PodSpec::default()
    };
    let labels = [app[0], LABEL, APP, ("k8s-addon", "cluster-autoscaler.addons.k8s.io")];
    Deployment {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&[LABEL, APP]).done(),
        spec: Some(DeploymentSpec {
            replicas: Some(populated.controller_replicas()),
            selector: selector(&app),
            strategy: (!anywhere).then(|| DeploymentStrategy {
                rolling_update: Some(RollingUpdateDeployment {
                    max_surge: Some(IntOrString::Int(0)),
                    ..RollingUpdateDeployment::default()
                }),
                type_: text("RollingUpdate"),
            }),
            template: PodTemplateSpec {
                metadata: Some(
                    meta("")
                        .labels(&labels)
                        .annotations(&[("prometheus.io/port", "8085"), ("prometheus.io/scrape", "true")])
                        .annotated(&settings.pod_annotations)
                        .done(),
                ),
                spec: Some(pod),
            },
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}
