//! Rules of the network: ranges, plugin, topology.

use super::{Report, subnets};
use crate::cidr::overlap;
use crate::spec::{Cloud, ClusterSpec, NetworkPlugin, Networking, Spec};
use landform_core::Cidr;

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let cluster = &spec.cluster.spec;
    let networks = check_ranges(cluster, report);
    subnets::check(cluster, &networks, report);
    check_plugin(cluster, report);
}

/// Checks the ranges of the network, of pods and of services. Returns those of the network.
fn check_ranges(cluster: &ClusterSpec, report: &mut Report) -> Vec<Cidr> {
    let mut networks: Vec<Cidr> = Vec::new();
    if cluster.is_on(Cloud::Gce) {
        if cluster.network_cidr.is_some() {
            report.forbidden("spec.networkCIDR", "networks on GCE have no range of their own");
        }
    } else {
        networks.extend(cluster.network_cidr.as_deref());
    }
    for (index, range) in cluster.additional_network_cidrs.iter().enumerate() {
        if let Some(other) = networks.iter().find(|other| overlap(other, range)) {
            let path = format!("spec.additionalNetworkCIDRs[{index}]");
            report.forbidden(path, format!("{range} overlaps {other}, another range of the network"));
        }
        networks.push(**range);
    }
    let Some(around) = &cluster.non_masquerade_cidr else { return networks };
    let in_network = cluster.has_plugin(Networking::uses_interface_addresses);
    if around.addr().is_ipv6() && around.prefix_len() > 0 {
        report.forbidden(
            "spec.nonMasqueradeCIDR",
            format!("{around}: expected ::/0, which IPv6 clusters have"),
        );
    }
    if let Some(network) = networks.iter().find(|network| !in_network && overlap(network, around)) {
        let detail = format!("{around} overlaps {network}, the network's range");
        report.forbidden("spec.nonMasqueradeCIDR", detail);
    }
    if let Some(pods) = cluster.pod_cidr.as_ref().filter(|pods| !around.contains(&pods.net())) {
        report.forbidden("spec.podCIDR", format!("{pods} is not inside nonMasqueradeCIDR {around}"));
    }
    networks
}

fn check_plugin(cluster: &ClusterSpec, report: &mut Report) {
    let chosen = cluster.networking.as_ref().map(|networking| networking.chosen()).unwrap_or_default();
    match chosen.as_slice() {
        [] => report.required("spec.networking", "expected a network plugin, such as kindnet: {}"),
        [one] => {
            if !one.is_supported() {
                report.forbidden(
                    format!("spec.networking.{one}"),
                    "Kubernetes no longer runs with this plugin",
                );
            }
            if cluster.is_ipv6_only() && !one.supports_ipv6() {
                report.forbidden(format!("spec.networking.{one}"), "the plugin does not support IPv6");
            }
            if !cluster.is_on(Cloud::Aws) && *one == NetworkPlugin::AmazonVpc {
                report.forbidden("spec.networking.amazonvpc", "the plugin runs on AWS only");
            }
        }
        many => {
            let names: Vec<_> = many.iter().map(|plugin| plugin.as_str()).collect();
            for one in many {
                let detail = format!("expected one network plugin, found {}", names.join(", "));
                report.forbidden(format!("spec.networking.{one}"), detail);
            }
        }
    }
}
