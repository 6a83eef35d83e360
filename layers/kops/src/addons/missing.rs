//! The add-ons that a spec may ask for and the layer does not make. A cluster would boot without them and not work.

use crate::populate::Populated;
use crate::problem::{Kind, Problem};
use crate::spec::Containerd;
use crate::validate::Report;

/// What to write in place of a network plugin.
const OTHER_PLUGIN: &str =
    "expected kindnet, flannel or kuberouter, or cni: {} and a plugin that you install yourself";
/// What to write in place of another add-on.
const BY_YOURSELF: &str = "remove the field, and install the add-on yourself";

/// Notes every field that asks for an add-on which the layer does not make.
pub(crate) fn check(populated: &Populated, problems: &mut Vec<Problem>) {
    let mut report = Report::of_cluster(&populated.spec, problems);
    for (path, name, instead) in of_cluster(populated) {
        refuse(&mut report, &path, name, instead);
    }
    let exports = |of: Option<&Containerd>| {
        let exporter =
            of.and_then(|of| of.nvidia_gpu.as_ref()).and_then(|nvidia| nvidia.dcgm_exporter.as_ref());
        exporter.is_some_and(|exporter| exporter.enabled)
    };
    const EXPORTER: &str = "spec.containerd.nvidiaGPU.dcgmExporter.enabled";
    if exports(populated.spec.cluster.spec.containerd.as_ref()) {
        let mut report = Report::of_cluster(&populated.spec, problems);
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

/// The fields of the cluster that ask for such an add-on: the field, the add-on, what to write instead.
fn of_cluster(populated: &Populated) -> Vec<(String, &'static str, &'static str)> {
    let cluster = populated.cluster();
    let mut missing: Vec<(String, &str, &str)> = Vec::new();
    if let Some(plugins) = &cluster.networking {
        let all = [
            ("amazonvpc", "Amazon VPC CNI", plugins.amazonvpc.is_some()),
            ("calico", "Calico", plugins.calico.is_some()),
            ("cilium", "Cilium", plugins.cilium.is_some()),
        ];
        for (field, name, _) in all.into_iter().filter(|(_, _, given)| *given) {
            missing.push((format!("spec.networking.{field}"), name, OTHER_PLUGIN));
        }
        if let Some(kindnet) = &plugins.kindnet {
            for (field, given) in [
                ("adminNetworkPolicies", kindnet.admin_network_policies),
                ("baselineAdminNetworkPolicies", kindnet.baseline_admin_network_policies),
            ] {
                if given == Some(true) {
                    let path = format!("spec.networking.kindnet.{field}");
                    missing.push((path, "kindnet with policies of administrators", "remove the field"));
                }
            }
        }
    }
    let cert_manager = cluster.cert_manager.as_ref();
    if cert_manager.is_some_and(|cm| cm.enabled == Some(true) && cm.managed != Some(false)) {
        let instead = "expected managed: false, and a cert-manager that you install yourself";
        missing.push(("spec.certManager.enabled".into(), "cert-manager", instead));
    }
    let controller = cluster.aws_load_balancer_controller.as_ref();
    let snapshots = cluster.snapshot_controller.as_ref();
    let authentication = cluster.authentication.as_ref();
    let others = [
        (
            "spec.awsLoadBalancerController.enabled",
            "AWS load balancer controller",
            controller.is_some_and(|controller| controller.enabled == Some(true)),
        ),
        (
            "spec.snapshotController.enabled",
            "snapshot controller",
            snapshots.is_some_and(|controller| controller.enabled == Some(true)),
        ),
        ("spec.karpenter.enabled", "Karpenter", cluster.has_karpenter()),
        (
            "spec.authentication.kopeio",
            "kopeio authentication",
            authentication.is_some_and(|authentication| authentication.kopeio.is_some()),
        ),
    ];
    for (path, name, _) in others.into_iter().filter(|(_, _, wanted)| *wanted) {
        missing.push((path.into(), name, BY_YOURSELF));
    }
    missing
}
