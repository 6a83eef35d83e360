//! The pods of the driver: the controller, and the part on each node.

use super::{CONTROLLER, NAMESPACE, NODE};
use crate::names;
use crate::objects::*;
use crate::populate::Populated;
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec, Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::{
    Container, NodeSelectorRequirement, PodSpec, PodTemplateSpec, Probe, SecurityContext, VolumeMount,
};

const APP: (&str, &str) = ("app", "gcp-compute-persistent-disk-csi-driver");
const OS: &str = "kubernetes.io/os";
/// The directory of the driver's socket.
const SOCKET: &str = "socket-dir";
/// The flags of every container, and of those that let one of several lead.
const VERBOSE: &str = "--v=5";
const ADDRESS: &str = "--csi-address=/csi/csi.sock";
const LEADS: &str = "--leader-election";
const LEADS_IN: &str = "--leader-election-namespace=$(PDCSI_NAMESPACE)";

fn on_linux() -> NodeSelectorRequirement {
    wants(OS, "In", &["linux"])
}

/// The driver's own container.
fn driver(version: &str, arguments: Vec<String>) -> Container {
    const IMAGE: &str = "registry.k8s.io/cloud-provider-gcp/gcp-compute-persistent-disk-csi-driver";
    Container {
        name: "gce-pd-driver".into(),
        image: text(format!("{IMAGE}:{version}")),
        args: Some(arguments),
        ..Container::default()
    }
}

/// A container of the controller that watches one kind of objects.
fn watcher(name: &str, release: &str, arguments: &[&str]) -> Container {
    let all = [VERBOSE, ADDRESS].iter().chain(arguments);
    Container {
        name: format!("csi-{name}"),
        image: text(format!("registry.k8s.io/sig-storage/csi-{name}:{release}")),
        args: Some(all.map(|argument| (*argument).to_owned()).collect()),
        env: Some(vec![env_field("PDCSI_NAMESPACE", "metadata.namespace")]),
        volume_mounts: Some(vec![mount(SOCKET, "/csi")]),
        ..Container::default()
    }
}

/// The same, with a health check at a port.
fn checked(container: Container, number: i32) -> Container {
    const PORT: &str = "http-endpoint";
    Container {
        liveness_probe: Some(Probe {
            failure_threshold: Some(1),
            initial_delay_seconds: Some(10),
            period_seconds: Some(20),
            timeout_seconds: Some(10),
            ..asks("/healthz/leader-election", PORT)
        }),
        ports: Some(vec![port(PORT, number, "TCP")]),
        ..container
    }
}

pub(super) fn controller(populated: &Populated, version: &str) -> Deployment {
    let provisioner = watcher(
        "provisioner",
        "v6.0.0",
        &[
            "--feature-gates=Topology=true",
            "--http-endpoint=:22011",
            LEADS_IN,
            "--timeout=250s",
            "--extra-create-metadata",
            LEADS,
            "--default-fstype=ext4",
            "--controller-publish-readonly=true",
        ],
    );
    let attacher =
        watcher("attacher", "v4.8.1", &["--http-endpoint=:22012", LEADS, LEADS_IN, "--timeout=250s"]);
    let resizer = watcher(
        "resizer",
        "v2.0.0",
        &["--http-endpoint=:22013", LEADS, LEADS_IN, "--handle-volume-inuse-error=false"],
    );
    let snapshotter = watcher(
        "snapshotter",
        "v8.2.1",
        &["--metrics-address=:22014", LEADS, LEADS_IN, "--timeout=300s", "--retry-interval-max=60s"],
    );
    let cluster = names::gce::cluster(populated.spec.name());
    let own = [
        VERBOSE.to_owned(),
        "--endpoint=unix:/csi/csi.sock".into(),
        format!("--extra-labels=k8s-io-cluster-name={cluster}"),
        "--supports-dynamic-iops-provisioning=hyperdisk-balanced,hyperdisk-extreme".into(),
        "--supports-dynamic-throughput-provisioning=hyperdisk-balanced,hyperdisk-throughput,hyperdisk-ml"
            .into(),
        "--enable-data-cache".into(),
        "--run-node-service=false".into(),
    ];
    let own = Container {
        env: Some(Vec::new()),
        volume_mounts: Some(vec![mount(SOCKET, "/csi")]),
        ..driver(version, own.into())
    };
    let places = [CONTROL_PLANE, MASTER].map(|label| vec![wants(label, "Exists", &[]), on_linux()]);
    let mut pod = pod("csi-gce-pd-controller", CONTROLLER);
    pod.affinity = only_on(places);
    pod.containers = vec![
        checked(provisioner, 22011),
        checked(attacher, 22012),
        checked(resizer, 22013),
        snapshotter,
        own,
    ];
    let anywhere = k8s_openapi::api::core::v1::Toleration { effect: text("NoSchedule"), ..tolerate_all() };
    pod.tolerations = Some(vec![anywhere, tolerate("CriticalAddonsOnly", "")]);
    pod.volumes = Some(vec![empty_dir(SOCKET)]);
    Deployment {
        metadata: meta("csi-gce-pd-controller").in_namespace(NAMESPACE).done(),
        spec: Some(DeploymentSpec {
            replicas: Some(1),
            selector: selector(&[APP]),
            template: template(pod),
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}

pub(super) fn nodes(version: &str) -> DaemonSet {
    const PLUGINS: &str = "/var/lib/kubelet/plugins/pd.csi.storage.gke.io/";
    let path = format!("--kubelet-registration-path={PLUGINS}csi.sock");
    let registrar = Container {
        name: "csi-driver-registrar".into(),
        image: text("registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.13.0"),
        args: texts(&[VERBOSE, ADDRESS, &path]),
        env: Some(vec![env_field("KUBE_NODE_NAME", "spec.nodeName")]),
        volume_mounts: Some(vec![mount("plugin-dir", "/csi"), mount("registration-dir", "/registration")]),
        ..Container::default()
    };
    let arguments =
        [VERBOSE, "--endpoint=unix:/csi/csi.sock", "--run-controller-service=false", "--enable-data-cache"];
    let kubelet =
        VolumeMount { mount_propagation: text("Bidirectional"), ..mount("kubelet-dir", "/var/lib/kubelet") };
    let devices = [
        ("device-dir", "/dev"),
        ("udev-rules-etc", "/etc/udev"),
        ("udev-rules-lib", "/lib/udev"),
        ("udev-socket", "/run/udev"),
        ("sys", "/sys"),
    ];
    let mut mounts = vec![kubelet, mount("plugin-dir", "/csi")];
    mounts.extend(devices.map(|(name, path)| mount(name, path)));
    let own = Container {
        security_context: Some(SecurityContext { privileged: Some(true), ..SecurityContext::default() }),
        volume_mounts: Some(mounts),
        ..driver(version, arguments.map(str::to_owned).into())
    };
    let mut volumes = vec![
        host_path("registration-dir", "/var/lib/kubelet/plugins_registry/", "Directory"),
        host_path("kubelet-dir", "/var/lib/kubelet", "Directory"),
        host_path("plugin-dir", PLUGINS, "DirectoryOrCreate"),
    ];
    volumes.extend(devices.map(|(name, path)| host_path(name, path, "Directory")));
    let mut pod = pod("csi-gce-pd-node", NODE);
    pod.affinity = only_on([vec![on_linux()]]);
    pod.containers = vec![registrar, own];
    pod.tolerations = Some(vec![tolerate_all()]);
    pod.volumes = Some(volumes);
    DaemonSet {
        metadata: meta("csi-gce-pd-node").in_namespace(NAMESPACE).done(),
        spec: Some(DaemonSetSpec {
            selector: selector(&[APP]),
            template: template(pod),
            ..DaemonSetSpec::default()
        }),
        ..DaemonSet::default()
    }
}

fn pod(priority: &str, account: &str) -> PodSpec {
    PodSpec {
        host_network: Some(true),
        node_selector: pairs(&[(OS, "linux")]),
        priority_class_name: text(priority),
        service_account_name: text(account),
        ..PodSpec::default()
    }
}

fn template(pod: PodSpec) -> PodTemplateSpec {
    PodTemplateSpec { metadata: Some(meta("").labels(&[APP]).done()), spec: Some(pod) }
}
