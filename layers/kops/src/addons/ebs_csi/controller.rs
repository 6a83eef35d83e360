//! The controller of the driver: one container for each kind of object.

use super::*;

impl Driver<'_> {
    pub(super) fn deployment(&self) -> Deployment {
        let anywhere = self.populated.service_account_roles();
        let mut tolerations = vec![tolerate_all()];
        if anywhere {
            tolerations = vec![
                tolerate("CriticalAddonsOnly", ""),
                Toleration { effect: text("NoExecute"), toleration_seconds: Some(300), ..tolerate_all() },
            ];
            if self.populated.has_karpenter() {
                tolerations.extend([tolerate(MASTER, ""), tolerate(CONTROL_PLANE, "")]);
            }
        }
        let pod = PodSpec {
            affinity: self.affinity(),
            containers: self.containers(),
            host_network: (!anywhere).then_some(true),
            node_selector: pairs(&[("kubernetes.io/os", "linux")]),
            priority_class_name: text("system-cluster-critical"),
            security_context: runs_as(1000, false),
            service_account_name: text(CONTROLLER_ACCOUNT),
            tolerations: Some(tolerations),
            topology_spread_constraints: spread(&app(CONTROLLER)),
            volumes: Some(vec![empty_dir("socket-dir")]),
            ..PodSpec::default()
        };
        Deployment {
            metadata: self.meta(CONTROLLER).in_namespace(SYSTEM).done(),
            spec: Some(DeploymentSpec {
                replicas: Some(self.populated.controller_replicas()),
                revision_history_limit: Some(10),
                selector: selector(&app(CONTROLLER)),
                strategy: Some(DeploymentStrategy {
                    rolling_update: Some(RollingUpdateDeployment {
                        max_unavailable: Some(IntOrString::Int(1)),
                        ..RollingUpdateDeployment::default()
                    }),
                    type_: text("RollingUpdate"),
                }),
                template: self.template(CONTROLLER, pod),
                ..DeploymentSpec::default()
            }),
            ..Deployment::default()
        }
    }

    fn containers(&self) -> Vec<Container> {
        let tag = format!("--k8s-tag-cluster-id={}", self.populated.spec.name());
        let tags = format!("--extra-tags={}", self.cloud_labels());
        let mut environment = self.environment(&format!("unix://{SOCKETS}csi.sock"));
        environment.extend([
            env_secret("AWS_ACCESS_KEY_ID", "aws-secret", "key_id"),
            env_secret("AWS_SECRET_ACCESS_KEY", "aws-secret", "access_key"),
            env_setting("AWS_EC2_ENDPOINT", "aws-meta", "endpoint"),
            env_setting("AWS_SAGEMAKER_ENDPOINT", "aws-meta", "sagemaker_endpoint"),
        ]);
        let healthy = |failures: i32| Probe {
            initial_delay_seconds: Some(10),
            period_seconds: Some(10),
            timeout_seconds: Some(60),
            failure_threshold: Some(failures),
            ..asks("/healthz", "healthz")
        };
        let arguments = [
            "controller",
            "--endpoint=$(CSI_ENDPOINT)",
            &tag,
            &tags,
            "--http-endpoint=0.0.0.0:3301",
            "--batching=true",
            "--logging-format=text",
            "--v=5",
        ];
        let mut plugin =
            container("ebs-plugin", &self.image(), &arguments, vec![mount("socket-dir", SOCKETS)]);
        plugin.env = Some(environment);
        plugin.liveness_probe = Some(healthy(10));
        plugin.readiness_probe = Some(healthy(5));
        plugin.ports = Some(vec![port("healthz", 9808, "TCP"), port("metrics", 3301, "TCP")]);
        if let Some(context) = &mut plugin.security_context {
            context.seccomp_profile = default_seccomp();
        }
        let qps = self.spec.kube_api_qps.as_ref().map_or("20", |qps| qps.as_str());
        let burst = self.spec.kube_api_burst.unwrap_or(100);
        let fallback = env("ENABLE_VAC_FALLBACK", "true");
        let mut provisioner = sidecar(
            "csi-provisioner",
            "csi-provisioner:v6.2.0",
            &[
                "--timeout=60s",
                "--csi-address=$(ADDRESS)",
                "--v=5",
                "--feature-gates=Topology=true",
                "--extra-create-metadata",
                "--leader-election=true",
                "--default-fstype=ext4",
                &format!("--kube-api-qps={qps}"),
                &format!("--kube-api-burst={burst}"),
                "--worker-threads=100",
                "--retry-interval-max=30m",
                "--feature-gates=VolumeAttributesClass=false",
                "--http-endpoint=0.0.0.0:3302",
            ],
            "metrics-prov",
            3302,
        );
        provisioner.env.get_or_insert_default().push(fallback.clone());
        let attacher = sidecar(
            "csi-attacher",
            "csi-attacher:v4.11.0",
            &[
                "--timeout=6m",
                "--csi-address=$(ADDRESS)",
                "--v=5",
                "--leader-election=true",
                "--kube-api-qps=20",
                "--kube-api-burst=100",
                "--worker-threads=100",
                "--retry-interval-max=5m",
                "--feature-gates=MutableCSINodeAllocatableCount=true",
                "--http-endpoint=0.0.0.0:3303",
            ],
            "metrics-attach",
            3303,
        );
        let snapshotter = sidecar(
            "csi-snapshotter",
            "csi-snapshotter:v8.5.0",
            &[
                "--csi-address=$(ADDRESS)",
                "--leader-election=true",
                "--v=5",
                "--extra-create-metadata",
                "--kube-api-qps=20",
                "--kube-api-burst=100",
                "--worker-threads=100",
                "--retry-interval-max=30m",
                "--http-endpoint=0.0.0.0:3306",
            ],
            "metrics-snap",
            3306,
        );
        let mut resizer = sidecar(
            "csi-resizer",
            "csi-resizer:v2.1.0",
            &[
                "--timeout=60s",
                "--extra-modify-metadata",
                "--csi-address=$(ADDRESS)",
                "--v=5",
                "--handle-volume-inuse-error=false",
                "--leader-election=true",
                "--kube-api-qps=20",
                "--kube-api-burst=100",
                "--workers=100",
                "--retry-interval-max=30m",
                "--feature-gates=VolumeAttributesClass=false",
                "--http-endpoint=0.0.0.0:3304",
            ],
            "metrics-resizer",
            3304,
        );
        resizer.env.get_or_insert_default().push(fallback);
        let mut liveness = container(
            "liveness-probe",
            LIVENESS,
            &["--csi-address=/csi/csi.sock", "--probe-timeout=60s", "--metrics-address=0.0.0.0:3305"],
            vec![mount("socket-dir", "/csi")],
        );
        liveness.ports = Some(vec![port("metrics-lp", 3305, "TCP")]);
        let mut all = vec![plugin, provisioner, attacher];
        all.extend(self.populated.has_snapshot_controller().then_some(snapshotter));
        all.extend([resizer, liveness]);
        all
    }

    /// The tags of the driver's volumes and snapshots.
    fn cloud_labels(&self) -> String {
        let given =
            self.populated.cluster().cloud_labels.iter().map(|(name, value)| format!("{name}={value}"));
        let mut all = vec![format!("KubernetesCluster={}", self.populated.spec.name())];
        all.extend(given);
        all.sort();
        all.join(",")
    }

    fn affinity(&self) -> Option<Affinity> {
        let linux = wants("kubernetes.io/os", "In", &["linux"]);
        let anywhere = self.populated.service_account_roles();
        let terms = [CONTROL_PLANE, MASTER].map(|label| {
            let role = (!anywhere).then(|| wants(label, "Exists", &[]));
            role.into_iter().chain([linux.clone()]).collect()
        });
        let mut affinity = only_on(terms)?;
        let nodes = affinity.node_affinity.get_or_insert_default();
        nodes.preferred_during_scheduling_ignored_during_execution =
            Some(vec![preferred(1, vec![wants(EKS.0, EKS.1, EKS.2)])]);
        affinity.pod_anti_affinity = apart(100, "kubernetes.io/hostname", "app", &[CONTROLLER]);
        Some(affinity)
    }
}

/// A container of the controller that calls the driver for one kind of object.
fn sidecar(name: &str, image: &str, arguments: &[&str], port_name: &str, port_number: i32) -> Container {
    let mut container = container(
        name,
        &format!("registry.k8s.io/sig-storage/{image}"),
        arguments,
        vec![mount("socket-dir", SOCKETS)],
    );
    container.env = Some(vec![env("ADDRESS", format!("{SOCKETS}csi.sock"))]);
    container.ports = Some(vec![port(port_name, port_number, "TCP")]);
    if let Some(context) = &mut container.security_context {
        context.seccomp_profile = default_seccomp();
    }
    container
}

/// The port of the metrics of a container of the controller.
pub(super) fn metrics(name: &str, port: i32) -> Service {
    let metadata = meta(name)
        .in_namespace(SYSTEM)
        .labels(&[("app", name)])
        .annotations(&[("prometheus.io/port", &port.to_string()), ("prometheus.io/scrape", "true")])
        .done();
    Service {
        metadata,
        spec: Some(ServiceSpec {
            ports: Some(vec![ServicePort {
                name: text("metrics"),
                port,
                target_port: Some(IntOrString::Int(port)),
                ..ServicePort::default()
            }]),
            selector: pairs(&[("app", CONTROLLER)]),
            type_: text("ClusterIP"),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}
