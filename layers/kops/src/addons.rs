//! The add-ons of a cluster: Kubernetes objects that its control plane applies, and the channel that lists them.
//!
//! The objects have the same meaning and the same text as kops's objects, because the channel detects a changed add-on
//! by its digest.

mod addon;
mod authenticator;
mod autoscaler;
mod basics;
mod channel;
mod cloud_controller;
mod coredns;
mod disk_csi;
mod dns_controller;
mod ebs_csi;
mod external_dns;
mod flannel;
mod google_controller;
mod identity_webhook;
mod kindnet;
mod kopeio;
mod kops_controller;
mod kube_router;
mod metrics_server;
mod missing;
mod node_local_dns;
mod nvidia;
mod problem_detector;
mod stamp;
mod termination;

use crate::populate::Populated;
use crate::spec::{Cloud, Containerd, DnsPublisher};
use crate::store::File;
use serde_json::Value;
use std::collections::BTreeSet;

use addon::{Addon, Objects};
pub(crate) use missing::{Manifests, check as check_missing, find as find_manifests};

/// The files of the add-ons and of their channel, and the images that they run.
pub(crate) fn files(populated: &Populated) -> (Vec<File>, BTreeSet<String>) {
    let mut images = BTreeSet::new();
    let mut files = Vec::new();
    let mut channel = Vec::new();
    let file = |name: &str, path: &str, text: String| File {
        name: format!("{}-addons-{name}", populated.spec.name()),
        place: populated.base.join(&format!("addons/{path}")),
        text,
        public: false,
    };
    for mut addon in all(populated) {
        if !addon.as_given {
            stamp::stamp(populated, &mut addon);
        }
        stamp::images(&mut addon.objects, &mut images);
        let text = addon.text();
        channel.push(channel::entry(&addon, &text));
        files.push(file(&addon.key(), &addon.manifest, text));
    }
    files.push(file("bootstrap", "bootstrap-channel.yaml", channel::document(channel)));
    (files, images)
}

/// The add-ons of a cluster, in the order in which they are applied.
fn all(populated: &Populated) -> Vec<Addon> {
    let cluster = populated.cluster();
    let mut all = Vec::new();
    all.push(
        Addon::new("kops-controller.addons.k8s.io", "k8s-1.16", |objects| {
            kops_controller::objects(populated, objects);
        })
        .rolling("control-plane"),
    );
    if cluster.uses_core_dns() {
        all.push(Addon::new("coredns.addons.k8s.io", "k8s-1.12", |objects| {
            coredns::objects(populated, objects)
        }));
    }
    all.push(Addon::new("kubelet-api.rbac.addons.k8s.io", "k8s-1.9", basics::kubelet_api));
    all.push(Addon {
        manifest: "limit-range.addons.k8s.io/v1.5.0.yaml".into(),
        ..Addon::new("limit-range.addons.k8s.io", "", basics::limit_range)
    });
    all.push(dns_controller(populated));
    all.extend(external_dns(populated));
    all.extend(for_any_cloud(populated));
    all.extend(before_network(populated));
    if cluster.is_on(Cloud::Gce) {
        all.extend(for_google(populated));
    }
    all.extend(network(populated));
    all.extend(authentication(populated));
    if cluster.is_on(Cloud::Aws) {
        all.extend(for_aws(populated));
    }
    all.extend(given(populated, missing::SNAPSHOTS).map(|addon| addon.with_keys(true)));
    all.extend(given(populated, missing::KARPENTER).map(|addon| addon.pruned().acting_as("karpenter")));
    all.extend(additional(populated));
    all
}

/// An add-on of another project, made of the manifest that the caller has.
fn given(populated: &Populated, name: &'static str) -> Option<Addon> {
    let (id, objects) = populated.manifests.get(name)?;
    Some(Addon::new(name, id, |made| made.0.clone_from(objects)))
}

/// Add-ons that the spec turns on, for every cloud.
fn for_any_cloud(populated: &Populated) -> Vec<Addon> {
    let cluster = populated.cluster();
    let on = |enabled: Option<bool>| enabled == Some(true);
    let mut all = Vec::new();
    let local = cluster.kube_dns.as_ref().and_then(|dns| dns.node_local_dns.as_ref());
    if cluster.uses_core_dns() && local.is_some_and(|local| on(local.enabled)) {
        let addon = Addon::new("nodelocaldns.addons.k8s.io", "k8s-1.12", |objects| {
            node_local_dns::objects(populated, objects);
        });
        all.push(addon.rolling("all"));
    }
    if let Some(settings) = &cluster.cluster_autoscaler
        && on(settings.enabled)
    {
        let addon = Addon::new("cluster-autoscaler.addons.k8s.io", "k8s-1.15", |objects| {
            autoscaler::objects(populated, objects);
        });
        all.push(addon.acting_as("cluster-autoscaler"));
    }
    if let Some(settings) = &cluster.metrics_server
        && on(settings.enabled)
    {
        let addon = Addon::new("metrics-server.addons.k8s.io", "k8s-1.11", |objects| {
            metrics_server::objects(populated, objects);
        });
        all.push(addon.found_by("k8s-app", "metrics-server").with_keys(!on(settings.insecure)));
    }
    let certificates = given(populated, missing::CERTIFICATES);
    all.extend(certificates.map(|addon| Addon { selector: None, ..addon.pruned() }));
    if let Some(handler) = &cluster.node_termination_handler
        && on(handler.enabled)
    {
        let addon = Addon::new("node-termination-handler.aws", "k8s-1.11", |objects| {
            termination::objects(populated, objects);
        });
        all.push(addon.pruned().acting_as("aws-node-termination-handler"));
    }
    if let Some(detector) = &cluster.node_problem_detector
        && on(detector.enabled)
    {
        let addon = Addon::new("node-problem-detector.addons.k8s.io", "k8s-1.17", |objects| {
            problem_detector::objects(populated, objects);
        });
        all.push(addon.pruned());
    }
    let machines = || populated.groups.iter().filter_map(|group| group.spec.containerd.as_ref());
    if machines().chain(&cluster.containerd).any(Containerd::has_nvidia) {
        all.push(Addon::new("nvidia.addons.k8s.io", "k8s-1.16", |objects| {
            nvidia::objects(populated, objects)
        }));
    }
    if machines().any(Containerd::has_gvisor) {
        all.push(Addon::new("gvisor.addons.k8s.io", "k8s-1.20", nvidia::gvisor));
    }
    all
}

/// The network plugin.
fn network(populated: &Populated) -> Option<Addon> {
    let plugins = populated.cluster().networking.as_ref()?;
    let addon = if plugins.kuberouter.is_some() {
        Addon::new("networking.kuberouter", "k8s-1.12", |objects| kube_router::objects(populated, objects))
            .acting_as("kube-router")
    } else if plugins.kopeio.is_some() {
        Addon::new("networking.kope.io", "k8s-1.12", kopeio::objects).pruned()
    } else if plugins.flannel.is_some() {
        Addon::new("networking.flannel", "k8s-1.25", |objects| flannel::objects(populated, objects)).pruned()
    } else if plugins.calico.is_some() {
        given(populated, missing::CALICO)?.pruned()
    } else if plugins.amazonvpc.is_some() {
        given(populated, missing::AMAZON)?.rolling("all")
    } else if let Some(cilium) = &plugins.cilium {
        let shows = cilium.hubble.as_ref().is_some_and(|hubble| hubble.enabled == Some(true));
        Addon {
            manifest: format!("{}/k8s-1.16-v1.15.yaml", missing::CILIUM),
            ..given(populated, missing::CILIUM)?.rolling("all").with_keys(shows)
        }
    } else {
        // The definitions of its policies are those of another project.
        let settings = plugins.kindnet.as_ref()?;
        let policies = [settings.admin_network_policies, settings.baseline_admin_network_policies];
        if policies.contains(&Some(true)) {
            return None;
        }
        Addon::new("networking.kindnet", "k8s-1.32", |objects| kindnet::objects(populated, objects))
            .rolling("all")
    };
    // A new plugin replaces the previous one.
    Some(addon.found_by("role.kubernetes.io/networking", "1"))
}

/// The add-on that authenticates users by an external identity.
fn authentication(populated: &Populated) -> Option<Addon> {
    let settings = populated.cluster().authentication.as_ref()?;
    let addon = match settings.aws {
        Some(_) => Addon::new("authentication.aws", "k8s-1.12", |objects| {
            authenticator::objects(populated, objects);
        }),
        None => given(populated, missing::KOPEIO_USERS)?,
    };
    Some(addon.found_by("role.kubernetes.io/authentication", "1"))
}

/// Add-ons of AWS that come before the network plugin.
fn before_network(populated: &Populated) -> Vec<Addon> {
    let cluster = populated.cluster();
    let mut all = Vec::new();
    if !cluster.is_on(Cloud::Aws) {
        return all;
    }
    let balancers = given(populated, missing::BALANCERS);
    all.extend(
        balancers.map(|addon| addon.pruned().with_keys(true).acting_as("aws-load-balancer-controller")),
    );
    if cluster.pod_identity_webhook.as_ref().is_some_and(|webhook| webhook.enabled) {
        let addon = Addon::new("eks-pod-identity-webhook.addons.k8s.io", "k8s-1.16", |objects| {
            identity_webhook::objects(populated, objects);
        });
        all.push(addon.with_keys(true));
    }
    let config = cluster.cloud_config.as_ref();
    if config.and_then(|config| config.manage_storage_classes) == Some(true) {
        all.push(Addon::new("storage-aws.addons.k8s.io", "v1.15.0", basics::aws_storage));
    }
    all
}

/// The storage class, the driver and the controller of Google.
fn for_google(populated: &Populated) -> Vec<Addon> {
    let mut all = Vec::new();
    let config = populated.cluster().cloud_config.as_ref();
    if config.and_then(|config| config.manage_storage_classes) == Some(true) {
        all.push(Addon::new("storage-gce.addons.k8s.io", "v1.7.0", |objects| {
            google_controller::storage(populated, objects);
        }));
    }
    if has_disk_driver(populated) {
        all.push(Addon::new("gcp-pd-csi-driver.addons.k8s.io", "k8s-1.23", |objects| {
            disk_csi::objects(populated, objects);
        }));
    }
    let controller = Addon::new("gcp-cloud-controller.addons.k8s.io", "k8s-1.23", |objects| {
        google_controller::objects(populated, objects);
    });
    all.push(controller.pruned());
    all
}

/// Whether the driver of persistent disks on Google is on.
fn has_disk_driver(populated: &Populated) -> bool {
    let config = populated.cluster().cloud_config.as_ref();
    let driver = config.and_then(|config| config.gcp_pd_csi_driver.as_ref());
    driver.is_some_and(|driver| driver.enabled == Some(true))
}

/// The controllers of AWS.
fn for_aws(populated: &Populated) -> Vec<Addon> {
    let driver =
        populated.cluster().cloud_config.as_ref().and_then(|config| config.aws_ebs_csi_driver.as_ref());
    let mut all = Vec::new();
    let controller = Addon::new("aws-cloud-controller.addons.k8s.io", "k8s-1.18", |objects| {
        cloud_controller::on_aws(populated, objects);
    });
    all.push(controller.acting_as("aws-cloud-controller-manager"));
    if driver.and_then(|driver| driver.managed) != Some(false) {
        let addon = Addon::new("aws-ebs-csi-driver.addons.k8s.io", "k8s-1.17", |objects| {
            ebs_csi::objects(populated, objects);
        });
        all.push(addon.acting_as("ebs-csi-controller-sa"));
    }
    all
}

/// external-dns, where it publishes names instead of dns-controller.
fn external_dns(populated: &Populated) -> Option<Addon> {
    let publisher = populated.cluster().external_dns.as_ref()?.provider;
    (publisher == Some(DnsPublisher::ExternalDns) && !populated.without_dns()).then(|| {
        let addon = Addon::new("external-dns.addons.k8s.io", "k8s-1.19", |objects| {
            external_dns::objects(populated, objects);
        });
        addon.acting_as("external-dns")
    })
}

/// dns-controller. If the cluster does not use it, kops removes its objects.
fn dns_controller(populated: &Populated) -> Addon {
    const NAME: &str = "dns-controller.addons.k8s.io";
    const ID: &str = "k8s-1.12";
    let publisher = populated.cluster().external_dns.as_ref().and_then(|dns| dns.provider);
    if populated.without_dns() || !matches!(publisher, None | Some(DnsPublisher::DnsController)) {
        return Addon { as_given: true, ..Addon::new(NAME, ID, |_| {}).pruned() };
    }
    Addon::new(NAME, ID, |objects| dns_controller::objects(populated, objects)).acting_as("dns-controller")
}

/// The other objects in the cluster's file, except those that machines read as files.
fn additional(populated: &Populated) -> Option<Addon> {
    const NAME: &str = "cluster-addons.kops.k8s.io";
    let of_machines = |object: &&Value| {
        let group = object["apiVersion"].as_str().unwrap_or_default();
        object["kind"] == "KubeSchedulerConfiguration" && group.starts_with("kubescheduler.config.k8s.io/")
    };
    let given = populated.spec.additional.iter().filter(|object| !of_machines(object));
    let objects = Objects(given.cloned().collect());
    if objects.0.is_empty() {
        return None;
    }
    Some(Addon {
        manifest: format!("{NAME}/default.yaml"),
        as_given: true,
        objects,
        ..Addon::new(NAME, "", |_| {})
    })
}
