//! The add-ons that the layer does not make, because other projects own their manifests. The caller may give a
//! manifest. Without it, the add-on is missing, and the cluster would not work.

use crate::lookup::Lookup;
use crate::populate::Populated;
use crate::problem::{Kind, Problem};
use crate::spec::{ClusterSpec, Containerd};
use crate::validate::Report;
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) const CALICO: &str = "networking.projectcalico.org";
pub(super) const CILIUM: &str = "networking.cilium.io";
pub(super) const AMAZON: &str = "networking.amazon-vpc-routed-eni";
pub(super) const CERTIFICATES: &str = "certmanager.io";
pub(super) const BALANCERS: &str = "aws-load-balancer-controller.addons.k8s.io";
pub(super) const SNAPSHOTS: &str = "snapshot-controller.addons.k8s.io";
pub(super) const KARPENTER: &str = "karpenter.sh";
pub(super) const KOPEIO_USERS: &str = "authentication.kope.io";

/// The objects of the manifests that the caller has, by add-on, with the id of the manifest.
pub(crate) type Manifests = BTreeMap<&'static str, (&'static str, Vec<Value>)>;

/// An add-on of another project that a spec asks for.
struct Foreign {
    /// The field that asks for it.
    path: &'static str,
    /// Its usual name.
    title: &'static str,
    /// Its name in the channel, and the id of its manifest.
    name: &'static str,
    id: &'static str,
    /// What to write instead.
    instead: &'static str,
}

/// What to write instead of a network plugin.
const OTHER_PLUGIN: &str =
    "expected kindnet, flannel or kuberouter, or cni: {} and a plugin that you install yourself";
/// What to write instead of another add-on.
const BY_YOURSELF: &str = "remove the field, and install the add-on yourself";

/// Reports every field that asks for an add-on that the layer does not make.
pub(crate) fn check(populated: &Populated, problems: &mut Vec<Problem>) {
    let mut report = Report::of_cluster(&populated.spec, problems);
    let cluster = populated.cluster();
    for Foreign { path, title, name, id, instead } in foreign(cluster) {
        if !populated.manifests.contains_key(name) {
            refuse(&mut report, path, title, &format!("{instead}, or give its manifest {name}/{id}"));
        }
    }
    let kindnet = cluster.networking.as_ref().and_then(|plugins| plugins.kindnet.as_ref());
    for (field, given) in [
        ("adminNetworkPolicies", kindnet.and_then(|kindnet| kindnet.admin_network_policies)),
        ("baselineAdminNetworkPolicies", kindnet.and_then(|kindnet| kindnet.baseline_admin_network_policies)),
    ] {
        if given == Some(true) {
            let path = format!("spec.networking.kindnet.{field}");
            refuse(&mut report, &path, "kindnet with policies of administrators", "remove the field");
        }
    }
    let exports = |of: Option<&Containerd>| {
        let exporter =
            of.and_then(|of| of.nvidia_gpu.as_ref()).and_then(|nvidia| nvidia.dcgm_exporter.as_ref());
        exporter.is_some_and(|exporter| exporter.enabled)
    };
    const EXPORTER: &str = "spec.containerd.nvidiaGPU.dcgmExporter.enabled";
    if exports(cluster.containerd.as_ref()) {
        refuse(&mut report, EXPORTER, "DCGM exporter", BY_YOURSELF);
    }
    for document in &populated.spec.groups {
        if exports(document.spec.containerd.as_ref()) {
            let mut report = Report::of_group(document, problems);
            refuse(&mut report, EXPORTER, "DCGM exporter", BY_YOURSELF);
        }
    }
}

fn refuse(report: &mut Report, path: &str, name: &str, instead: &str) {
    report.add(Kind::NotSupported, path, format!("the layer does not make the add-on {name}: {instead}"));
}

/// Collects the caller's manifests of the add-ons that a spec asks for.
pub(crate) fn find(cluster: &ClusterSpec, lookup: &impl Lookup, report: &mut Report) -> Manifests {
    let mut found = Manifests::new();
    for Foreign { path, name, id, .. } in foreign(cluster) {
        let Some(text) = lookup.addon(name, id) else { continue };
        match objects(&text) {
            Ok(objects) => drop(found.insert(name, (id, objects))),
            Err(detail) => report.invalid(path, format!("the given manifest {name}/{id}: {detail}")),
        }
    }
    found
}

/// The objects of a manifest's text.
fn objects(text: &str) -> Result<Vec<Value>, String> {
    let mut objects = Vec::new();
    for (first_line, document) in crate::read::documents(text) {
        let object: Value = serde_saphyr::from_str(document)
            .map_err(|_| format!("the document at line {} is not YAML", first_line + 1))?;
        if object["kind"].as_str().is_none_or(str::is_empty) {
            return Err(format!("the document at line {} is not a Kubernetes object", first_line + 1));
        }
        objects.push(object);
    }
    if objects.is_empty() { Err("it has no objects".into()) } else { Ok(objects) }
}

/// The add-ons of other projects that a spec asks for.
fn foreign(cluster: &ClusterSpec) -> Vec<Foreign> {
    let on = |enabled: Option<bool>| enabled == Some(true);
    let certificates = cluster.cert_manager.as_ref();
    let certificates = certificates.is_some_and(|of| on(of.enabled) && of.managed != Some(false));
    let balancers = cluster.aws_load_balancer_controller.as_ref().is_some_and(|of| on(of.enabled));
    let snapshots = cluster.snapshot_controller.as_ref().is_some_and(|of| on(of.enabled));
    let users = cluster.authentication.as_ref().is_some_and(|of| of.kopeio.is_some());
    let own_roles = cluster.iam.as_ref().and_then(|iam| iam.use_service_account_external_permissions);
    let balancers_id = if on(own_roles) { "k8s-1.19-irsa" } else { "k8s-1.19" };
    let own = "expected managed: false, and a cert-manager that you install yourself";
    let field = |path, title, name, id, instead| Foreign { path, title, name, id, instead };
    let plugin = |path, title, name, id| field(path, title, name, id, OTHER_PLUGIN);
    let switch = |path, title, name, id| field(path, title, name, id, BY_YOURSELF);
    let all = [
        (
            cluster.has_plugin(|plugins| plugins.amazonvpc.is_some()),
            plugin("spec.networking.amazonvpc", "Amazon VPC CNI", AMAZON, "k8s-1.16"),
        ),
        (
            cluster.has_plugin(|plugins| plugins.calico.is_some()),
            plugin("spec.networking.calico", "Calico", CALICO, "k8s-1.25"),
        ),
        (cluster.cilium().is_some(), plugin("spec.networking.cilium", "Cilium", CILIUM, "k8s-1.16")),
        (certificates, field("spec.certManager.enabled", "cert-manager", CERTIFICATES, "k8s-1.16", own)),
        (
            balancers,
            switch(
                "spec.awsLoadBalancerController.enabled",
                "AWS load balancer controller",
                BALANCERS,
                balancers_id,
            ),
        ),
        (snapshots, switch("spec.snapshotController.enabled", "snapshot controller", SNAPSHOTS, "k8s-1.20")),
        (cluster.has_karpenter(), switch("spec.karpenter.enabled", "Karpenter", KARPENTER, "k8s-1.19")),
        (users, switch("spec.authentication.kopeio", "kopeio authentication", KOPEIO_USERS, "k8s-1.12")),
    ];
    all.into_iter().filter_map(|(wanted, addon)| wanted.then_some(addon)).collect()
}
