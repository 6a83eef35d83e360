//! The node termination handler, which drains machines before they stop.

use super::Objects;
use crate::names::Names;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::NodeTerminationHandler;
use k8s_openapi::api::apps::v1::{
    DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy, Deployment, DeploymentSpec, RollingUpdateDaemonSet,
};
use k8s_openapi::api::core::v1::{
    Container, EnvVar, PodSecurityContext, PodSpec, PodTemplateSpec, Probe, SecurityContext, ServiceAccount,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

const NAME: &str = "aws-node-termination-handler";
const NAMES: [(&str, &str); 2] = [("app.kubernetes.io/instance", NAME), ("app.kubernetes.io/name", NAME)];
const APP: (&str, &str) = ("k8s-app", NAME);
const LINUX: (&str, &str) = ("kubernetes.io/os", "linux");
const BY_QUEUE: (&str, &str) = ("kops.k8s.io/nth-mode", "sqs");

/// What the objects share.
struct Handler<'a> {
    populated: &'a Populated,
    spec: NodeTerminationHandler,
    version: String,
}

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let spec = populated.cluster().node_termination_handler.clone().unwrap_or_default();
    let version = spec.version.clone().unwrap_or_default();
    let handler = Handler { populated, spec, version };
    objects.add(ServiceAccount {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&handler.labels(&[APP])).done(),
        ..ServiceAccount::default()
    });
    objects.add(ClusterRole {
        metadata: meta(NAME).labels(&handler.labels(&[])).done(),
        rules: Some(vec![
            rule(&[""], &["nodes"], &["get", "list", "patch", "update"]),
            rule(&[""], &["pods"], &["list", "get"]),
            rule(&[""], &["pods/eviction"], &["create"]),
            rule(&["extensions"], &["daemonsets"], &["get"]),
            rule(&["apps"], &["daemonsets"], &["get"]),
            rule(&[""], &["events"], &["create", "patch"]),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta(NAME).labels(&handler.labels(&[])).done(),
        role_ref: role_ref("ClusterRole", NAME),
        subjects: Some(vec![account(SYSTEM, NAME)]),
    });
    if populated.termination_queue().is_none() {
        return objects.add(handler.daemon());
    }
    objects.add_with_empty(handler.deployment(), &[NODE_SELECTOR]);
    objects.add(PodDisruptionBudget {
        metadata: meta(NAME).in_namespace(SYSTEM).labels(&NAMES).done(),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(selector(&[NAMES[0], NAMES[1], BY_QUEUE])),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    });
}

impl Handler<'_> {
    fn labels<'a>(&'a self, also: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let common = [("app.kubernetes.io/part-of", NAME), ("app.kubernetes.io/version", &*self.version)];
        [&NAMES, &common[..], also].concat()
    }

    /// The queue of events about machines that will stop.
    fn queue(&self) -> String {
        let region = &self.populated.region;
        let domain = if region.contains("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let name = Names { cluster: self.populated.spec.name() }.queue();
        let account = self.populated.on_aws().map_or("", |home| home.account.id.as_str());
        format!("https://sqs.{region}.{domain}/{account}/{name}")
    }

    /// The settings for machines that will stop, in both modes.
    fn draining(&self, exclude: bool) -> Vec<EnvVar> {
        let spec = &self.spec;
        vec![
            env("DRY_RUN", "false"),
            env("CORDON_ONLY", "false"),
            switch("TAINT_NODE", spec.taint_node, false),
            switch("ENABLE_OUT_OF_SERVICE_TAINT", spec.enable_out_of_service_taint, false),
            switch("EXCLUDE_FROM_LOAD_BALANCERS", spec.exclude_from_load_balancers, exclude),
            env("DELETE_LOCAL_DATA", "true"),
            env("IGNORE_DAEMON_SETS", "true"),
            env("POD_TERMINATION_GRACE_PERIOD", spec.pod_termination_grace_period.unwrap_or(-1).to_string()),
            env("NODE_TERMINATION_GRACE_PERIOD", "120"),
            env("EMIT_KUBERNETES_EVENTS", "true"),
        ]
    }

    fn serving(&self, probes: bool) -> Vec<EnvVar> {
        vec![
            env_field("NODE_NAME", "spec.nodeName"),
            env_field("POD_NAME", "metadata.name"),
            env_field("NAMESPACE", "metadata.namespace"),
            switch("ENABLE_PROBES_SERVER", Some(probes), false),
            env("PROBES_SERVER_PORT", "8080"),
            env("PROBES_SERVER_ENDPOINT", "/healthz"),
            env("LOG_LEVEL", "info"),
            env("JSON_LOGGING", "true"),
            env("LOG_FORMAT_VERSION", "2"),
            switch("ENABLE_PROMETHEUS_SERVER", self.spec.prometheus_enable, false),
            env("PROMETHEUS_SERVER_PORT", "9092"),
        ]
    }

    fn webhook(&self) -> Vec<EnvVar> {
        let given =
            [("WEBHOOK_TEMPLATE", &self.spec.webhook_template), ("WEBHOOK_URL", &self.spec.webhook_url)];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        given.filter(|(_, value)| !value.is_empty()).map(|(name, value)| env(name, value)).collect()
    }

    fn container(&self, variables: Vec<EnvVar>) -> Container {
        Container {
            name: NAME.into(),
            image: text(format!("public.ecr.aws/aws-ec2/aws-node-termination-handler:{}", self.version)),
            image_pull_policy: text("IfNotPresent"),
            env: Some(variables),
            resources: amounts(
                &[("memory", &self.spec.memory_limit)],
                &[("cpu", &self.spec.cpu_request), ("memory", &self.spec.memory_request)],
            ),
            security_context: Some(SecurityContext {
                allow_privilege_escalation: Some(false),
                read_only_root_filesystem: Some(true),
                run_as_group: Some(1000),
                run_as_non_root: Some(true),
                ..SecurityContext::default()
            }),
            ..Container::default()
        }
    }

    fn pod(&self, container: Container) -> PodSpec {
        PodSpec {
            containers: vec![container],
            security_context: Some(PodSecurityContext {
                fs_group: Some(1000),
                ..PodSecurityContext::default()
            }),
            service_account_name: text(NAME),
            ..PodSpec::default()
        }
    }

    fn deployment(&self) -> Deployment {
        let spec = &self.spec;
        let tag = spec.managed_asg_tag.clone().unwrap_or_default();
        let mut variables = self.serving(true);
        variables.extend([
            env("CHECK_TAG_BEFORE_DRAINING", "true"),
            env("MANAGED_TAG", tag),
            env("USE_PROVIDER_ID", "true"),
        ]);
        variables.extend(self.draining(true));
        variables.extend([
            env("COMPLETE_LIFECYCLE_ACTION_DELAY_SECONDS", "-1"),
            env("ENABLE_SQS_TERMINATION_DRAINING", "true"),
            env("QUEUE_URL", self.queue()),
            switch("DELETE_SQS_MSG_IF_NODE_NOT_FOUND", spec.delete_sqs_msg_if_node_not_found, false),
            env("WORKERS", "10"),
            env("HEARTBEAT_INTERVAL", "-1"),
            env("HEARTBEAT_UNTIL", "-1"),
            env("SQS_MSG_VISIBILITY_TIMEOUT_SEC", "20"),
        ]);
        variables.extend(self.webhook());
        let mut container = self.container(variables);
        container.ports = Some(vec![port("liveness-probe", 8080, "TCP"), port("metrics", 9092, "TCP")]);
        container.liveness_probe =
            Some(Probe { initial_delay_seconds: Some(5), period_seconds: Some(5), ..asks("/healthz", 8080) });
        if let Some(context) = &mut container.security_context {
            context.run_as_user = Some(1000);
        }
        let mut pod = PodSpec {
            priority_class_name: text("system-cluster-critical"),
            topology_spread_constraints: spread(&[NAMES[0], NAMES[1], BY_QUEUE]),
            ..self.pod(container)
        };
        if !self.populated.service_account_roles() {
            pod.affinity = only_on_control_plane();
            pod.host_network = Some(true);
            pod.tolerations = Some(vec![tolerate(CONTROL_PLANE, ""), tolerate(MASTER, "")]);
        }
        let component = ("app.kubernetes.io/component", "deployment");
        let labels = [NAMES[0], NAMES[1], component, APP, LINUX, BY_QUEUE];
        Deployment {
            metadata: meta(NAME).in_namespace(SYSTEM).labels(&self.labels(&[APP, component])).done(),
            spec: Some(DeploymentSpec {
                replicas: Some(self.populated.controller_replicas()),
                selector: selector(&[NAMES[0], NAMES[1], LINUX]),
                template: PodTemplateSpec {
                    metadata: Some(meta("").labels(&labels).done()),
                    spec: Some(pod),
                },
                ..DeploymentSpec::default()
            }),
            ..Deployment::default()
        }
    }

    fn daemon(&self) -> DaemonSet {
        let spec = &self.spec;
        let mut variables = self.serving(false);
        variables.push(env("METADATA_TRIES", "3"));
        variables.extend(self.draining(true));
        variables.extend([
            switch("ENABLE_SPOT_INTERRUPTION_DRAINING", spec.enable_spot_interruption_draining, true),
            env("ENABLE_ASG_LIFECYCLE_DRAINING", "true"),
            switch("ENABLE_SCHEDULED_EVENT_DRAINING", spec.enable_scheduled_event_draining, true),
            switch("ENABLE_REBALANCE_MONITORING", spec.enable_rebalance_monitoring, false),
            switch("ENABLE_REBALANCE_DRAINING", spec.enable_rebalance_draining, false),
            env("ENABLE_SQS_TERMINATION_DRAINING", "false"),
            env("UPTIME_FROM_FILE", "/proc/uptime"),
        ]);
        variables.extend(self.webhook());
        let mut container = self.container(variables);
        container.volume_mounts = Some(vec![mount_read_only("uptime", "/proc/uptime")]);
        if let Some(context) = &mut container.security_context {
            context.se_linux_options = self.populated.uses_selinux().then(unconfined);
        }
        let pod = PodSpec {
            affinity: only_on([vec![wants("eks.amazonaws.com/compute-type", "NotIn", &["fargate"])]]),
            dns_policy: text("ClusterFirstWithHostNet"),
            host_network: Some(true),
            node_selector: pairs(&[LINUX]),
            priority_class_name: text("system-node-critical"),
            tolerations: Some(vec![tolerate_all()]),
            volumes: Some(vec![host_path_of_any_kind("uptime", "/proc/uptime")]),
            ..self.pod(container)
        };
        let component = ("app.kubernetes.io/component", "daemonset");
        let labels = [NAMES[0], NAMES[1], component, APP, LINUX];
        DaemonSet {
            metadata: meta(NAME).in_namespace(SYSTEM).labels(&self.labels(&[APP, component])).done(),
            spec: Some(DaemonSetSpec {
                selector: selector(&[NAMES[0], NAMES[1], LINUX]),
                template: PodTemplateSpec {
                    metadata: Some(meta("").labels(&labels).done()),
                    spec: Some(pod),
                },
                update_strategy: Some(DaemonSetUpdateStrategy {
                    rolling_update: Some(RollingUpdateDaemonSet {
                        max_unavailable: Some(IntOrString::String("25%".into())),
                        ..RollingUpdateDaemonSet::default()
                    }),
                    type_: text("RollingUpdate"),
                }),
                ..DaemonSetSpec::default()
            }),
            ..DaemonSet::default()
        }
    }
}

/// A variable that turns something on or off.
fn switch(name: &str, on: Option<bool>, default: bool) -> EnvVar {
    env(name, on.unwrap_or(default).to_string())
}
