//! The driver of EBS volumes: a controller, and a part on every node. A controller with an IAM role of its own may run
//! anywhere, others run on the control plane.

mod controller;
mod roles;

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use crate::spec::EbsCsiDriver;
use k8s_openapi::api::apps::v1::{
    DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy, Deployment, DeploymentSpec, DeploymentStrategy,
    RollingUpdateDaemonSet, RollingUpdateDeployment,
};
use k8s_openapi::api::core::v1::{
    Affinity, Container, EnvVar, ExecAction, Lifecycle, LifecycleHandler, PodSecurityContext, PodSpec,
    PodTemplateSpec, Probe, SecurityContext, Service, ServiceAccount, ServicePort, ServiceSpec, Toleration,
    VolumeMount,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use k8s_openapi::api::storage::v1::{CSIDriver, CSIDriverSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

const CONTROLLER: &str = "ebs-csi-controller";
const CONTROLLER_ACCOUNT: &str = "ebs-csi-controller-sa";
const NODE: &str = "ebs-csi-node";
const NODE_ACCOUNT: &str = "ebs-csi-node-sa";
const NAMES: [(&str, &str); 2] =
    [("app.kubernetes.io/instance", "aws-ebs-csi-driver"), ("app.kubernetes.io/name", "aws-ebs-csi-driver")];
const COMPONENT: (&str, &str) = ("app.kubernetes.io/component", "csi-driver");
const LIVENESS: &str = "registry.k8s.io/sig-storage/livenessprobe:v2.18.0";
const PLUGIN_DIR: &str = "/var/lib/kubelet/plugins/ebs.csi.aws.com/";
/// The socket that the controller's containers share.
const SOCKETS: &str = "/var/lib/csi/sockets/pluginproxy/";
/// Node types of EKS that do not need the driver.
const EKS: (&str, &str, &[&str]) =
    ("eks.amazonaws.com/compute-type", "NotIn", &["fargate", "auto", "hybrid"]);
/// Machines that cannot run it.
const TOO_OLD: &[&str] = &["a1.medium", "a1.large", "a1.xlarge", "a1.2xlarge", "a1.4xlarge"];

/// What the objects share.
struct Driver<'a> {
    populated: &'a Populated,
    spec: EbsCsiDriver,
    version: String,
}

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let config = populated.cluster().cloud_config.as_ref();
    let spec = config.and_then(|config| config.aws_ebs_csi_driver.clone()).unwrap_or_default();
    let version = spec.version.clone().unwrap_or_default();
    let driver = Driver { populated, spec, version };
    objects.add(PodDisruptionBudget {
        metadata: driver.meta(CONTROLLER).in_namespace(SYSTEM).done(),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(selector(&app(CONTROLLER))),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    });
    for name in [CONTROLLER_ACCOUNT, NODE_ACCOUNT] {
        objects.add(ServiceAccount {
            automount_service_account_token: Some(true),
            metadata: driver.meta(name).in_namespace(SYSTEM).done(),
            ..ServiceAccount::default()
        });
    }
    for (name, rules) in roles::roles() {
        let metadata = driver.meta(name).done();
        objects.add(ClusterRole { metadata, rules: Some(rules), ..ClusterRole::default() });
    }
    for (name, role, holder) in [
        ("ebs-csi-attacher-binding", "ebs-external-attacher-role", CONTROLLER_ACCOUNT),
        ("ebs-csi-node-getter-binding", "ebs-csi-node-role", NODE_ACCOUNT),
        ("ebs-csi-provisioner-binding", "ebs-external-provisioner-role", CONTROLLER_ACCOUNT),
        ("ebs-csi-resizer-binding", "ebs-external-resizer-role", CONTROLLER_ACCOUNT),
        ("ebs-csi-snapshotter-binding", "ebs-external-snapshotter-role", CONTROLLER_ACCOUNT),
    ] {
        objects.add(ClusterRoleBinding {
            metadata: driver.meta(name).done(),
            role_ref: role_ref("ClusterRole", role),
            subjects: Some(vec![account(SYSTEM, holder)]),
        });
    }
    let verbs = ["get", "watch", "list", "delete", "update", "create"];
    objects.add(Role {
        metadata: driver.meta("ebs-csi-leases-role").in_namespace(SYSTEM).done(),
        rules: Some(vec![rule(&["coordination.k8s.io"], &["leases"], &verbs)]),
    });
    objects.add(RoleBinding {
        metadata: driver.meta("ebs-csi-leases-rolebinding").in_namespace(SYSTEM).done(),
        role_ref: role_ref("Role", "ebs-csi-leases-role"),
        subjects: Some(vec![account(SYSTEM, CONTROLLER_ACCOUNT)]),
    });
    for (part, port) in [
        ("", 3301),
        ("-provisioner", 3302),
        ("-attacher", 3303),
        ("-resizer", 3304),
        ("-liveness-probe", 3305),
        ("-snapshotter", 3306),
        ("-volumemodifier", 3307),
    ] {
        objects.add(controller::metrics(&format!("{CONTROLLER}{part}"), port));
    }
    objects.add(driver.daemon());
    objects.add(driver.deployment());
    objects.add(CSIDriver {
        metadata: driver.meta("ebs.csi.aws.com").done(),
        spec: CSIDriverSpec {
            attach_required: Some(true),
            node_allocatable_update_period_seconds: populated.version.is_at_least(1, 35).then_some(10),
            pod_info_on_mount: Some(false),
            ..CSIDriverSpec::default()
        },
    });
}

/// The labels of the pods of a part.
fn app(name: &str) -> [(&str, &str); 3] {
    [("app", name), NAMES[0], NAMES[1]]
}

/// What all containers share.
fn container(name: &str, image: &str, arguments: &[&str], mounts: Vec<VolumeMount>) -> Container {
    Container {
        name: name.into(),
        image: text(image),
        image_pull_policy: text("IfNotPresent"),
        args: texts(arguments),
        resources: resources(&[("memory", "256Mi")], &[("cpu", "10m"), ("memory", "40Mi")]),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            read_only_root_filesystem: Some(true),
            ..SecurityContext::default()
        }),
        termination_message_policy: text("FallbackToLogsOnError"),
        volume_mounts: Some(mounts),
        ..Container::default()
    }
}

fn runs_as(id: i64, is_root: bool) -> Option<PodSecurityContext> {
    Some(PodSecurityContext {
        fs_group: Some(id),
        run_as_group: Some(id),
        run_as_non_root: Some(!is_root),
        run_as_user: Some(id),
        ..PodSecurityContext::default()
    })
}

impl Driver<'_> {
    fn labels<'a>(&'a self, app: &'a [(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        [app, &NAMES, &[COMPONENT, ("app.kubernetes.io/version", &self.version)]].concat()
    }

    fn meta(&self, name: &str) -> Meta {
        meta(name).labels(&self.labels(&[]))
    }

    fn image(&self) -> String {
        format!("registry.k8s.io/provider-aws/aws-ebs-csi-driver:{}", self.version)
    }

    fn template(&self, name: &str, pod: PodSpec) -> PodTemplateSpec {
        let app = [("app", name)];
        let labels = self.labels(&app);
        let metadata = meta("").labels(&labels).annotated(&self.spec.pod_annotations).done();
        PodTemplateSpec { metadata: Some(metadata), spec: Some(pod) }
    }

    fn environment(&self, endpoint: &str) -> Vec<EnvVar> {
        let mut all = Vec::new();
        if self.populated.cluster().is_ipv6_only() {
            all.push(env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"));
        }
        all.push(env("AWS_REGION", &self.populated.region));
        all.push(env("CSI_ENDPOINT", endpoint));
        all.push(env_field("CSI_NODE_NAME", "spec.nodeName"));
        all
    }

    fn daemon(&self) -> DaemonSet {
        let healthy =
            |name: &str, delay: Option<i32>, period: i32, timeout: i32, failures: Option<i32>| Probe {
                initial_delay_seconds: delay,
                period_seconds: Some(period),
                timeout_seconds: Some(timeout),
                failure_threshold: failures,
                ..asks("/healthz", name)
            };
        let limit = self.spec.volume_attach_limit.map(|limit| format!("--volume-attach-limit={limit}"));
        let point = "--csi-mount-point-prefix=/var/lib/kubelet/plugins/kubernetes.io/csi/ebs.csi.aws.com/";
        let mut arguments = vec!["node", "--endpoint=$(CSI_ENDPOINT)", point];
        arguments.extend(limit.as_deref());
        arguments.extend(["--logging-format=text", "--v=5"]);
        let kubelet = VolumeMount {
            mount_propagation: text("Bidirectional"),
            ..mount("kubelet-dir", "/var/lib/kubelet")
        };
        let mounts = vec![kubelet, mount("plugin-dir", "/csi"), mount("device-dir", "/dev")];
        let hook = ExecAction { command: texts(&["/bin/aws-ebs-csi-driver", "pre-stop-hook"]) };
        let plugin = Container {
            env: Some(self.environment("unix:/csi/csi.sock")),
            lifecycle: Some(Lifecycle {
                pre_stop: Some(LifecycleHandler { exec: Some(hook), ..LifecycleHandler::default() }),
                ..Lifecycle::default()
            }),
            liveness_probe: Some(healthy("healthz", Some(10), 10, 3, Some(5))),
            readiness_probe: Some(healthy("healthz", None, 5, 3, Some(3))),
            ports: Some(vec![port("healthz", 9808, "TCP")]),
            security_context: Some(SecurityContext {
                privileged: Some(true),
                read_only_root_filesystem: Some(true),
                ..SecurityContext::default()
            }),
            ..container("ebs-plugin", &self.image(), &arguments, mounts)
        };
        let registrar = Container {
            env: Some(vec![
                env("ADDRESS", "/csi/csi.sock"),
                env("DRIVER_REG_SOCK_PATH", format!("{PLUGIN_DIR}csi.sock")),
            ]),
            liveness_probe: Some(healthy("healthz-ndr", Some(30), 90, 15, None)),
            ports: Some(vec![port("healthz-ndr", 9809, "")]),
            ..container(
                "node-driver-registrar",
                "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.16.0",
                &[
                    "--csi-address=$(ADDRESS)",
                    "--kubelet-registration-path=$(DRIVER_REG_SOCK_PATH)",
                    "--http-endpoint=0.0.0.0:9809",
                    "--v=5",
                ],
                vec![
                    mount("plugin-dir", "/csi"),
                    mount("registration-dir", "/registration"),
                    mount("probe-dir", PLUGIN_DIR),
                ],
            )
        };
        let liveness = container(
            "liveness-probe",
            LIVENESS,
            &["--csi-address=/csi/csi.sock"],
            vec![mount("plugin-dir", "/csi")],
        );
        let mut wanted =
            vec![wants(EKS.0, EKS.1, EKS.2), wants("node.kubernetes.io/instance-type", "NotIn", TOO_OLD)];
        if !self.spec.host_network {
            wanted.insert(0, wants("topology.kubernetes.io/zone", "Exists", &[]));
        }
        let pod = PodSpec {
            affinity: only_on([wanted]),
            containers: vec![plugin, registrar, liveness],
            host_network: Some(self.spec.host_network),
            node_selector: pairs(&[("kubernetes.io/os", "linux")]),
            priority_class_name: text("system-node-critical"),
            security_context: runs_as(0, true),
            service_account_name: text(NODE_ACCOUNT),
            termination_grace_period_seconds: Some(30),
            tolerations: Some(vec![tolerate_all()]),
            volumes: Some(vec![
                host_path("kubelet-dir", "/var/lib/kubelet", "Directory"),
                host_path("plugin-dir", PLUGIN_DIR, "DirectoryOrCreate"),
                host_path("registration-dir", "/var/lib/kubelet/plugins_registry/", "Directory"),
                host_path("device-dir", "/dev", "Directory"),
                empty_dir("probe-dir"),
            ]),
            ..PodSpec::default()
        };
        DaemonSet {
            metadata: self.meta(NODE).in_namespace(SYSTEM).done(),
            spec: Some(DaemonSetSpec {
                revision_history_limit: Some(10),
                selector: selector(&app(NODE)),
                template: self.template(NODE, pod),
                update_strategy: Some(DaemonSetUpdateStrategy {
                    rolling_update: Some(RollingUpdateDaemonSet {
                        max_unavailable: Some(IntOrString::String("10%".into())),
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
