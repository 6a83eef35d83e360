//! The settings of network plugins.

use super::complete::fill;
use crate::spec::values::{Duration, Quantity, Written};
use crate::spec::{
    Cilium, CiliumGatewayApi, CiliumIngress, Cloud, ClusterSpec, Encapsulation, Encryption, Hubble,
    IdentityStore, Ipam, Kindnet, KindnetMasquerade, LoadBalancingAlgorithm, MonitorAggregation, Tunnel,
};
use crate::version::Version;
use ipnet::IpNet;

pub(super) fn complete(cluster: &mut ClusterSpec) {
    let ipv6 = cluster.is_ipv6_only();
    let on_aws = cluster.is_on(Cloud::Aws);
    let inside = [&cluster.network_cidr, &cluster.pod_cidr, &cluster.service_cluster_ip_range];
    let inside = inside.into_iter().flatten().cloned().map(Into::into).collect();
    let Some(networking) = &mut cluster.networking else { return };
    if let Some(calico) = &mut networking.calico {
        calico.encapsulation_mode = Some(if ipv6 { Encapsulation::None } else { Encapsulation::Ipip });
    }
    if let Some(settings) = &mut networking.cilium {
        cilium(settings, ipv6);
    }
    if let Some(settings) = &mut networking.kindnet {
        kindnet(settings, ipv6, on_aws, inside);
    }
}

fn cilium(settings: &mut Cilium, ipv6: bool) {
    settings.version.get_or_insert_with(|| Version::new(1, 18, 12).with_v());
    let texts = [
        (&mut settings.cluster_name, "default"),
        (&mut settings.sidecar_istio_proxy_image, "cilium/istio_proxy"),
        (&mut settings.to_fqdns_dns_reject_response_code, "refused"),
    ];
    for (field, value) in texts {
        fill(field, value);
    }
    settings.identity_allocation_mode.get_or_insert(IdentityStore::Crd);
    settings.bpf_lb_algorithm.get_or_insert(LoadBalancingAlgorithm::Random);
    settings.monitor_aggregation.get_or_insert(MonitorAggregation::Medium);
    settings.ipam.get_or_insert(Ipam::Kubernetes);
    settings.identity_change_grace_period.get_or_insert_with(|| Duration::seconds(5).into());
    settings.bpf_lb_maglev_table_size.get_or_insert_with(|| 16_381.into());
    let numbers = [
        (&mut settings.bpf_ct_global_any_max, 262_144),
        (&mut settings.bpf_ct_global_tcp_max, 524_288),
        (&mut settings.bpf_nat_global_max, 524_288),
        (&mut settings.bpf_neigh_global_max, 524_288),
        (&mut settings.bpf_policy_map_max, 16_384),
        (&mut settings.bpf_lb_map_max, 65_536),
        (&mut settings.agent_prometheus_port, 9090),
    ];
    for (field, value) in numbers {
        if *field == 0 {
            *field = value;
        }
    }
    let by_interface = settings.uses_interfaces();
    settings.tunnel.get_or_insert(if by_interface || ipv6 { Tunnel::Disabled } else { Tunnel::Vxlan });
    let switches = [
        (&mut settings.enable_endpoint_health_checking, true),
        (&mut settings.enable_host_firewall, false),
        (&mut settings.disable_masquerade, ipv6),
        (&mut settings.enable_remote_node_identity, true),
        (&mut settings.enable_unreachable_routes, false),
        (&mut settings.enable_bpf_masquerade, by_interface),
        (&mut settings.enable_l7_proxy, true),
        (&mut settings.enable_local_redirect_policy, false),
        (&mut settings.disable_cnp_status_updates, true),
        (&mut settings.cni_exclusive, true),
    ];
    for (field, value) in switches {
        field.get_or_insert(value);
    }
    settings.cpu_request.get_or_insert_with(|| Quantity::milli(25));
    settings.memory_request.get_or_insert_with(|| Quantity::mebi(128));
    if settings.enable_encryption {
        settings.encryption_type.get_or_insert(Encryption::Ipsec);
    }
    // A section in the spec is on, unless it says otherwise.
    match &mut settings.hubble {
        Some(hubble) => drop(hubble.enabled.get_or_insert(true)),
        absent => *absent = Some(Hubble { enabled: Some(false), ..Hubble::default() }),
    }
    match &mut settings.ingress {
        Some(ingress) => drop(ingress.enabled.get_or_insert(true)),
        absent => *absent = Some(CiliumIngress { enabled: Some(false), ..CiliumIngress::default() }),
    }
    match &mut settings.gateway_api {
        Some(gateway) => drop(gateway.enabled.get_or_insert(true)),
        absent => *absent = Some(CiliumGatewayApi { enabled: Some(false), ..CiliumGatewayApi::default() }),
    }
}

fn kindnet(settings: &mut Kindnet, ipv6: bool, on_aws: bool, inside: Vec<Written<IpNet>>) {
    fill(&mut settings.version, "v1.0.1");
    if settings.masquerade.is_none() {
        let non_masquerade_cidrs = if ipv6 { Vec::new() } else { inside };
        settings.masquerade = Some(KindnetMasquerade { enabled: Some(!ipv6), non_masquerade_cidrs });
        if ipv6 && !on_aws {
            settings.nat64 = Some(true);
        }
    }
    settings.fast_path_threshold.get_or_insert(0);
    settings.log_level.get_or_insert(2);
}
