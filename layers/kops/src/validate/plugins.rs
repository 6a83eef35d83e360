//! Rules of the settings of network plugins.

use super::Report;
use crate::spec::values::Detection;
use crate::spec::{
    Calico, Cilium, Cloud, ClusterSpec, Encapsulation, EncapsulationScope, EtcdName, IdentityStore,
    SourceCheck,
};

pub(super) fn check(cluster: &ClusterSpec, report: &mut Report) {
    let Some(plugins) = &cluster.networking else { return };
    if let Some(settings) = &plugins.cilium {
        cilium(cluster, settings, report);
    }
    if let Some(settings) = &plugins.calico {
        calico(cluster, settings, report);
    }
    if plugins.flannel.is_some() {
        flannel(cluster, report);
    }
    if plugins.gce.is_some() && !cluster.is_on(Cloud::Gce) {
        report.forbidden("spec.networking.gce", "the plugin runs on GCE only");
    }
}

fn cilium(cluster: &ClusterSpec, settings: &Cilium, report: &mut Report) {
    let path = "spec.networking.cilium";
    if let Some(version) = &settings.version
        && (version.minor() != (1, 18) || !version.as_str().starts_with('v'))
    {
        let detail = format!("{version}: expected a release of Cilium 1.18, such as v1.18.12");
        report.invalid(format!("{path}.version"), detail);
    }
    let is_ipv6 = cluster.is_ipv6_only();
    let forbidden = [
        (
            "identityAllocationMode",
            settings.identity_allocation_mode == Some(IdentityStore::Kvstore) && !settings.etcd_managed,
            "kvstore needs etcdManaged: true",
        ),
        (
            "bpfLBSockHostNSOnly",
            settings.bpf_lb_sock_host_ns_only && !settings.bpf_lb_sock,
            "expected bpfLBSock: true, too",
        ),
        ("enableEncryption", settings.enable_encryption && is_ipv6, "IPv6 clusters cannot be encrypted"),
        (
            "encryptionType",
            settings.encryption_type.is_some() && !settings.enable_encryption,
            "expected enableEncryption: true, too",
        ),
        (
            "enableL7Proxy",
            settings.enable_l7_proxy == Some(true) && settings.iptables_rules_noinstall == Some(true),
            "the proxy needs the rules of iptables: expected no IPTablesRulesNoinstall",
        ),
        ("ipam", settings.uses_interfaces() && !cluster.is_on(Cloud::Aws), "eni is for AWS only"),
        ("ipam", settings.uses_interfaces() && is_ipv6, "eni does not support IPv6"),
    ];
    for (field, _, detail) in forbidden.into_iter().filter(|(_, wrong, _)| *wrong) {
        report.forbidden(format!("{path}.{field}"), detail);
    }
    if settings.etcd_managed && !cluster.etcd_clusters.iter().any(|etcd| etcd.name == Some(EtcdName::Cilium))
    {
        let detail = "expected an etcd cluster named cilium, since networking.cilium.etcdManaged is given";
        report.required("spec.etcdClusters", detail);
    }
}

fn calico(cluster: &ClusterSpec, settings: &Calico, report: &mut Report) {
    let path = "spec.networking.calico";
    let is_ipv6 = cluster.is_ipv6_only();
    let encapsulation = settings.encapsulation_mode;
    let is_not = |own| encapsulation.is_some_and(|encapsulation| encapsulation != own);
    let differs = |scope: Option<EncapsulationScope>, own| {
        scope.is_some_and(|scope| scope != EncapsulationScope::Never) && is_not(own)
    };
    let forbidden = [
        (
            "awsSrcDstCheck",
            is_ipv6 && settings.aws_src_dst_check.is_some_and(|check| check != SourceCheck::DoNothing),
            "expected DoNothing on an IPv6 cluster",
        ),
        ("encapsulationMode", is_ipv6 && is_not(Encapsulation::None), "expected none on an IPv6 cluster"),
        (
            "encapsulationMode",
            !is_ipv6 && encapsulation == Some(Encapsulation::None),
            "none is for IPv6 clusters only",
        ),
        (
            "ipipMode",
            differs(settings.ipip_mode, Encapsulation::Ipip),
            "expected encapsulationMode: ipip, or Never",
        ),
        (
            "vxlanMode",
            differs(settings.vxlan_mode, Encapsulation::Vxlan),
            "expected encapsulationMode: vxlan, or Never",
        ),
        (
            "wireguardEnabled",
            is_ipv6 && settings.wireguard_enabled == Some(true),
            "IPv6 clusters cannot be encrypted",
        ),
    ];
    for (field, _, detail) in forbidden.into_iter().filter(|(_, wrong, _)| *wrong) {
        report.forbidden(format!("{path}.{field}"), detail);
    }
    if settings.typha_replicas < 0 {
        report.invalid(format!("{path}.typhaReplicas"), "expected a number that is not negative");
    }
    for (field, method, v6) in [
        ("ipv4AutoDetectionMethod", &settings.ipv4_auto_detection_method, false),
        ("ipv6AutoDetectionMethod", &settings.ipv6_auto_detection_method, true),
    ] {
        let Some(method) = method else { continue };
        if matches!(**method, Detection::CanReach(address) if address.is_ipv6() != v6) {
            let version = if v6 { "IPv6" } else { "IPv4" };
            report.invalid(format!("{path}.{field}"), format!("{method}: expected an {version} address"));
        }
    }
}

fn flannel(cluster: &ClusterSpec, report: &mut Report) {
    if cluster.is_ipv6_only() {
        report.forbidden("spec.networking.flannel", "the plugin does not support IPv6");
    }
}
