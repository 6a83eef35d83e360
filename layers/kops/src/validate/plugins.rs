//! Rules of the settings of network plugins.

use super::Report;
use crate::spec::values::Detection;
use crate::spec::{Calico, Cilium, ClusterSpec, Flannel};

pub(super) fn check(cluster: &ClusterSpec, report: &mut Report) {
    let Some(plugins) = &cluster.networking else { return };
    if let Some(settings) = &plugins.cilium {
        cilium(cluster, settings, report);
    }
    if let Some(settings) = &plugins.calico {
        calico(cluster, settings, report);
    }
    if let Some(settings) = &plugins.flannel {
        flannel(cluster, settings, report);
    }
    if plugins.gce.is_some() && cluster.cloud_provider != "gce" {
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
    let words = [
        ("enablePolicy", &settings.enable_policy, &["default", "always", "never"][..]),
        ("tunnel", &settings.tunnel, &["vxlan", "geneve", "disabled"]),
        ("monitorAggregation", &settings.monitor_aggregation, &["low", "medium", "maximum"]),
        ("identityAllocationMode", &settings.identity_allocation_mode, &["crd", "kvstore"]),
        ("bpfLBAlgorithm", &settings.bpf_lb_algorithm, &["random", "maglev"]),
        ("encryptionType", &settings.encryption_type, &["ipsec", "wireguard"]),
        ("ipam", &settings.ipam, &["hostscope", "kubernetes", "crd", "eni"]),
    ];
    for (field, word, supported) in words {
        report.choice(format!("{path}.{field}"), word, supported);
    }
    let is_ipv6 = cluster.is_ipv6_only();
    let forbidden = [
        (
            "identityAllocationMode",
            settings.identity_allocation_mode == "kvstore" && !settings.etcd_managed,
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
            !settings.encryption_type.is_empty() && !settings.enable_encryption,
            "expected enableEncryption: true, too",
        ),
        (
            "enableL7Proxy",
            settings.enable_l7_proxy == Some(true) && settings.iptables_rules_noinstall == Some(true),
            "the proxy needs the rules of iptables: expected no IPTablesRulesNoinstall",
        ),
        ("ipam", settings.uses_interfaces() && cluster.cloud_provider != "aws", "eni is for AWS only"),
        ("ipam", settings.uses_interfaces() && is_ipv6, "eni does not support IPv6"),
    ];
    for (field, _, detail) in forbidden.into_iter().filter(|(_, wrong, _)| *wrong) {
        report.forbidden(format!("{path}.{field}"), detail);
    }
    if settings.etcd_managed && !cluster.etcd_clusters.iter().any(|etcd| etcd.name == "cilium") {
        let detail = "expected an etcd cluster named cilium, since networking.cilium.etcdManaged is given";
        report.required("spec.etcdClusters", detail);
    }
    if let Some(ingress) = settings.ingress.as_ref().filter(|ingress| ingress.enabled == Some(true)) {
        let field = format!("{path}.ingress.defaultLoadBalancerMode");
        report.choice(field, &ingress.default_load_balancer_mode, &["shared", "dedicated"]);
    }
}

fn calico(cluster: &ClusterSpec, settings: &Calico, report: &mut Report) {
    let path = "spec.networking.calico";
    let is_ipv6 = cluster.is_ipv6_only();
    let modes = &["Always", "CrossSubnet", "Never"][..];
    let words = [
        ("awsSrcDstCheck", &settings.aws_src_dst_check, &["Enable", "Disable", "DoNothing"][..]),
        ("bpfExternalServiceMode", &settings.bpf_external_service_mode, &["Tunnel", "DSR"]),
        ("bpfLogLevel", &settings.bpf_log_level, &["Off", "Info", "Debug"]),
        ("chainInsertMode", &settings.chain_insert_mode, &["insert", "append"]),
        ("encapsulationMode", &settings.encapsulation_mode, &["ipip", "vxlan", "none"]),
        ("ipipMode", &settings.ipip_mode, modes),
        ("vxlanMode", &settings.vxlan_mode, modes),
        ("iptablesBackend", &settings.iptables_backend, &["Auto", "Legacy", "NFT"]),
    ];
    for (field, word, supported) in words {
        report.choice(format!("{path}.{field}"), word, supported);
    }
    let encapsulation = settings.encapsulation_mode.as_str();
    let by_mode =
        |mode: &str, own: &str| !["", "Never"].contains(&mode) && !["", own].contains(&encapsulation);
    let forbidden = [
        (
            "awsSrcDstCheck",
            is_ipv6 && !["", "DoNothing"].contains(&settings.aws_src_dst_check.as_str()),
            "expected DoNothing on an IPv6 cluster",
        ),
        (
            "encapsulationMode",
            is_ipv6 && !["", "none"].contains(&encapsulation),
            "expected none on an IPv6 cluster",
        ),
        ("encapsulationMode", !is_ipv6 && encapsulation == "none", "none is for IPv6 clusters only"),
        ("ipipMode", by_mode(&settings.ipip_mode, "ipip"), "expected encapsulationMode: ipip, or Never"),
        ("vxlanMode", by_mode(&settings.vxlan_mode, "vxlan"), "expected encapsulationMode: vxlan, or Never"),
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

fn flannel(cluster: &ClusterSpec, settings: &Flannel, report: &mut Report) {
    if cluster.is_ipv6_only() {
        report.forbidden("spec.networking.flannel", "the plugin does not support IPv6");
    }
    report.choice("spec.networking.flannel.backend", &settings.backend, &["udp", "vxlan"]);
}
