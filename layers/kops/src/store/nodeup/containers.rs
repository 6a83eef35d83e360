//! nodeup's settings of the container runtime: its configuration, its drivers and sandboxes, and the images to pull
//! early.

use crate::populate::{GVISOR_PLATFORM, Group, NVIDIA_DRIVER};
use crate::spec::section::merged;
use crate::spec::{ClusterSpec, Containerd};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A machine of a warm pool pulls images with these prefixes in advance.
const WARM_IMAGES: [&str; 7] = [
    "registry.k8s.io/kube-proxy:",
    "registry.k8s.io/provider-aws/",
    "registry.k8s.io/sig-storage/csi-node-driver-registrar:",
    "registry.k8s.io/sig-storage/livenessprobe:",
    "quay.io/calico/",
    "quay.io/cilium/",
    "quay.io/coreos/flannel:",
];

/// The settings of containerd: the group's, with the cluster's as defaults.
pub(super) fn containerd(cluster: &ClusterSpec, group: &Group) -> Containerd {
    let of_cluster = cluster.containerd.clone().unwrap_or_default();
    let mut settings = match &group.spec.containerd {
        Some(own) => merged(&of_cluster, own),
        None => of_cluster,
    };
    if !group.spec.containerd.as_ref().is_some_and(Containerd::has_gvisor) {
        settings.gvisor = None;
    }
    settings
}

pub(super) fn nvidia(cluster: &ClusterSpec, group: &Group) -> Value {
    let of = |containerd: &Option<Containerd>| {
        containerd.as_ref().and_then(|containerd| containerd.nvidia_gpu.clone())
    };
    let mut drivers = match (of(&cluster.containerd), of(&group.spec.containerd)) {
        (None, None) => return Value::Null,
        (Some(only), None) | (None, Some(only)) => only,
        (Some(under), Some(over)) => merged(&under, &over),
    };
    if drivers.package.is_empty() {
        drivers.package = NVIDIA_DRIVER.into();
    }
    json!(drivers)
}

pub(super) fn gvisor(group: &Group) -> Value {
    let own = group.spec.containerd.as_ref().filter(|containerd| containerd.has_gvisor());
    let Some(mut sandbox) = own.and_then(|containerd| containerd.gvisor.clone()) else { return Value::Null };
    if sandbox.platform.is_empty() {
        sandbox.platform = GVISOR_PLATFORM.into();
    }
    json!(sandbox)
}

/// The images that a machine of a warm pool pulls before it is needed. `used` are those of the cluster's pods.
pub(super) fn warm_images(cluster: &ClusterSpec, group: &Group, used: &BTreeSet<String>) -> BTreeSet<String> {
    let assets = cluster.assets.clone().unwrap_or_default();
    let prefixes = WARM_IMAGES.map(|prefix| assets.image(prefix));
    let proxy = cluster.kube_proxy.iter().map(|proxy| &proxy.image);
    let early = |image: &&String| prefixes.iter().any(|prefix| image.starts_with(prefix));
    let used = used.iter().chain(proxy).filter(early);
    let further = group.spec.warm_pool.iter().flat_map(|pool| &pool.additional_images);
    used.cloned().chain(further.map(|image| assets.image(image))).collect()
}
