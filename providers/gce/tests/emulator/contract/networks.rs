//! Networks, and the types inside them.

use landform_core::Observed;
use landform_gce::{Network, RouterInterface};
use serde_json::{Value as Json, json};

use super::Case;
use crate::world::*;

pub async fn cases(kit: &Google, base: &Base) -> Vec<Case> {
    let (network, subnetwork, router) = (base.network.id(), base.subnetwork.id(), base.router.id());
    let (labels, others) = (json!({ "name": "a", "old": "yes" }), json!({ "name": "b", "new": "yes" }));
    let nat = |more: Json| merged(json!({ "name": "sample", "router": router }), more);
    let subnet = |more: Json| {
        merged(json!({ "name": "sample", "network": network, "ip_cidr_range": "10.1.0.0/20" }), more)
    };
    let firewall = |more: Json| merged(json!({ "name": "sample", "network": network }), more);
    let other: Observed<Network> =
        create(kit, "peer-network", &typed(json!({ "name": "peer", "auto_create_subnetworks": false })))
            .await;
    let peering = |more: Json| {
        merged(json!({ "name": "sample", "network": network, "peer_network": other.id() }), more)
    };
    let interface: Observed<RouterInterface> =
        create(kit, "if", &typed(json!({ "name": "base", "router": router, "ip_range": "169.254.1.1/30" })))
            .await;
    let peer = |more: Json| {
        let base = json!({
            "name": "sample", "router": router, "interface": interface.arguments.name,
            "peer_ip_address": "169.254.1.2",
        });
        merged(base, more)
    };
    vec![
        Case::new(
            "google_compute_network",
            json!({ "name": "sample", "auto_create_subnetworks": false, "description": "of tests", "mtu": 1500 }),
        )
        .changed(json!({
            "name": "sample", "auto_create_subnetworks": false, "description": "of tests", "mtu": 1500,
            "routing_mode": "GLOBAL", "network_firewall_policy_enforcement_order": "BEFORE_CLASSIC_FIREWALL",
        })),
        Case::new(
            "google_compute_subnetwork",
            subnet(json!({
                "secondary_ip_range": [
                    { "range_name": "pods", "ip_cidr_range": "10.64.0.0/14" },
                    { "range_name": "services", "ip_cidr_range": "10.68.0.0/20" },
                ],
                "log_config": { "flow_sampling": 0.25 },
            })),
        )
        // The change removes the last secondary range and the logs.
        .changed(subnet(json!({ "private_ip_google_access": true }))),
        Case::new(
            "google_compute_router",
            json!({ "name": "sample", "network": network, "description": "old", "bgp": { "asn": 64512 } }),
        )
        .changed(json!({ "name": "sample", "network": network, "description": "new", "bgp": {
            "asn": 64513, "advertise_mode": "CUSTOM", "advertised_groups": ["ALL_SUBNETS"],
            "advertised_ip_ranges": [{ "range": "10.250.0.0/16", "description": "the office" }],
        } }))
        .optional("description"),
        Case::new(
            "google_compute_router_nat",
            nat(json!({
                "nat_ip_allocate_option": "AUTO_ONLY", "min_ports_per_vm": 64,
                "log_config": { "enable": true, "filter": "ERRORS_ONLY" },
                "source_subnetwork_ip_ranges_to_nat": "LIST_OF_SUBNETWORKS",
                "subnetwork": [{ "name": subnetwork, "source_ip_ranges_to_nat": ["ALL_IP_RANGES"] }],
            })),
        )
        .changed(nat(json!({
            "nat_ip_allocate_option": "MANUAL_ONLY", "nat_ips": [base.address.id()], "min_ports_per_vm": 128,
            "log_config": { "enable": true, "filter": "ALL" },
            "source_subnetwork_ip_ranges_to_nat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
        })))
        .optional("log_config"),
        Case::new(
            "google_compute_router_interface",
            json!({
                "name": "sample", "router": router, "subnetwork": subnetwork, "private_ip_address": "10.0.0.9",
            }),
        ),
        Case::new(
            "google_compute_router_peer",
            peer(json!({ "peer_asn": 65001, "advertised_route_priority": 0, "enable": false })),
        )
        .changed(peer(json!({
            "peer_asn": 65002, "advertise_mode": "CUSTOM", "advertised_groups": ["ALL_SUBNETS"],
            "advertised_ip_ranges": [{ "range": "10.250.0.0/16" }], "custom_learned_ip_ranges": [{ "range": "10.9.0.0/16" }],
            "bfd": { "session_initialization_mode": "ACTIVE", "multiplier": 7 },
        })))
        .optional("custom_learned_ip_ranges"),
        Case::new("google_compute_network_peering", peering(json!({ "export_custom_routes": true })))
            .changed(peering(json!({ "import_custom_routes": true, "stack_type": "IPV4_IPV6" })))
            .optional("import_custom_routes"),
        Case::new("google_compute_address", json!({ "name": "sample", "labels": labels }))
            .changed(json!({ "name": "sample", "labels": others }))
            .optional("labels"),
        Case::new("google_compute_global_address", json!({ "name": "sample", "labels": labels }))
            .changed(json!({ "name": "sample", "labels": others }))
            .optional("labels"),
        Case::new(
            "google_compute_firewall",
            firewall(json!({
                "allow": [{ "protocol": "tcp", "ports": ["22", "8000-9000"] }, { "protocol": "icmp" }],
                "source_ranges": ["10.0.0.0/8"], "target_tags": ["web"], "description": "old",
            })),
        )
        .changed(firewall(json!({
            "allow": [{ "protocol": "tcp", "ports": ["22"] }], "source_tags": ["web"], "priority": 900,
            "source_ranges": ["10.0.0.0/9"], "disabled": true, "log_config": { "metadata": "INCLUDE_ALL_METADATA" },
        })))
        .optional("log_config"),
        Case::new(
            "google_compute_route",
            json!({
                "name": "sample", "network": network, "dest_range": "10.99.0.0/16", "priority": 800,
                "next_hop_gateway": "default-internet-gateway", "tags": ["a", "b"],
            }),
        ),
    ]
}
