//! NVIDIA's graphics processors: the device plugin, and the runtime class of pods that use it.

use super::Objects;
use crate::objects::*;
use crate::populate::Populated;
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy};
use k8s_openapi::api::core::v1::{
    Capabilities, Container, PodSpec, PodTemplateSpec, SecurityContext, Toleration,
};
use k8s_openapi::api::node::v1::{RuntimeClass, Scheduling};

const NAME: &str = "nvidia";
const APP: [(&str, &str); 1] = [("name", "nvidia-device-plugin-ds")];
/// The label of nodes that have such a processor.
const NODES: [(&str, &str); 1] = [("kops.k8s.io/gpu", "1")];
/// The directory of the kubelet's device plugins.
const PLUGINS: &str = "/var/lib/kubelet/device-plugins";

pub(super) fn objects(populated: &Populated, objects: &mut Objects) {
    let of_cluster = populated.cluster().containerd.as_ref().and_then(|of| of.nvidia_gpu.as_ref());
    let of_groups =
        populated.groups.iter().filter_map(|group| group.spec.containerd.as_ref()?.nvidia_gpu.as_ref());
    let image =
        of_cluster.into_iter().chain(of_groups).map(|of| of.image.as_str()).find(|image| !image.is_empty());
    let container = Container {
        name: "nvidia-device-plugin-ctr".into(),
        image: text(image.unwrap_or(crate::populate::NVIDIA_PLUGIN)),
        args: texts(&["--fail-on-init-error=false"]),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(Capabilities { drop: texts(&["ALL"]), ..Capabilities::default() }),
            se_linux_options: populated.uses_selinux().then(unconfined),
            ..SecurityContext::default()
        }),
        volume_mounts: Some(vec![mount("device-plugin", PLUGINS)]),
        ..Container::default()
    };
    let pod = PodSpec {
        containers: vec![container],
        node_selector: pairs(&NODES),
        priority_class_name: text("system-node-critical"),
        runtime_class_name: text(NAME),
        tolerations: tolerations(),
        volumes: Some(vec![host_path_of_any_kind("device-plugin", PLUGINS)]),
        ..PodSpec::default()
    };
    objects.add(DaemonSet {
        metadata: meta("nvidia-device-plugin-daemonset").in_namespace(SYSTEM).done(),
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
    });
    objects.add(RuntimeClass {
        metadata: meta(NAME).done(),
        handler: NAME.into(),
        scheduling: Some(Scheduling { node_selector: pairs(&NODES), tolerations: tolerations() }),
        ..RuntimeClass::default()
    });
}

fn tolerations() -> Option<Vec<Toleration>> {
    Some(vec![tolerate("nvidia.com/gpu", "NoSchedule")])
}

/// The runtime class of pods that run in the sandbox gVisor.
pub(super) fn gvisor(objects: &mut Objects) {
    objects.add(RuntimeClass {
        metadata: meta("gvisor").done(),
        handler: "runsc".into(),
        scheduling: Some(Scheduling {
            node_selector: pairs(&[("kops.k8s.io/gvisor", "1")]),
            tolerations: None,
        }),
        ..RuntimeClass::default()
    });
}
