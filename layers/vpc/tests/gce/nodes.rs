//! The declared nodes, the outputs, and the nodes that other choices leave alone.

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Cidr, Stack};
use landform_gce as google;
use landform_vpc::{
    self as vpc, Tier,
    gce::{BaseNetwork, Nat},
};
use serde_json::json;

use crate::{cidr, declare, in_two_regions, literal, of_type};

fn counts(stack: &Stack) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for node in stack.nodes() {
        *counts.entry(node.address.type_str()).or_insert(0) += 1;
    }
    counts
}

#[test]
fn every_region_has_four_subnetworks_and_one_nat() {
    for (description, regions) in [(BaseNetwork::default(), 1), (in_two_regions(), 2)] {
        let (stack, net) = declare(&description);
        let expected = BTreeMap::from([
            ("google_compute_network", 1),
            ("google_compute_subnetwork", 4 * regions),
            ("google_compute_router", regions),
            ("google_compute_router_nat", regions),
            ("google_compute_address", regions),
            ("google_compute_firewall", 5),
        ]);
        assert_eq!(counts(&stack), expected);
        assert_eq!(net.regions().len(), regions);
        for tier in Tier::ALL {
            assert_eq!(net.subnet_ids(tier).len(), regions);
        }
    }
}

#[test]
fn the_network_is_of_custom_mode_and_each_resource_has_the_name_of_its_node() {
    let (stack, net) = declare(&in_two_regions());
    assert_eq!(
        literal(stack.node("google_compute_network.base").unwrap(), "auto_create_subnetworks"),
        json!(false)
    );
    for node in stack.nodes() {
        assert_eq!(literal(node, "name"), node.address.name());
    }
    for region in net.regions() {
        for tier in Tier::ALL {
            let node = stack.node(net.subnet(tier, region).address().as_str()).unwrap();
            assert_eq!(literal(node, "region"), region);
            assert_eq!(literal(node, "private_ip_google_access"), tier != Tier::Public);
        }
    }
}

#[test]
fn everything_is_in_the_project_that_the_description_names() {
    let named = BaseNetwork {
        project: Some("my-project-1".into()),
        ssh_from: [cidr("35.235.240.0/20")].into(),
        ..in_two_regions()
    };
    let (stack, _) = declare(&named);
    for node in stack.nodes() {
        assert_eq!(literal(node, "project"), "my-project-1", "{}", node.address);
    }
    let (stack, _) = declare(&in_two_regions());
    assert!(stack.nodes().all(|node| node.arguments.get("project").is_none()));
}

#[test]
fn a_nat_serves_every_subnetwork_of_its_region_so_a_cluster_adds_none() {
    let (mut stack, net) = declare(&BaseNetwork::default());
    let nat = net.nat_gateway("us-central1");
    let before = stack.node(nat.address().as_str()).unwrap().arguments.clone();
    assert!(before.get("subnetwork").is_none() && before.get("source_subnetwork_ip_ranges_to_nat").is_none());
    for index in 0..2 {
        let block = net.cluster_block(index).unwrap();
        let name = format!("cluster-{index}");
        let ranges = [("pods", block.pods), ("services", block.services)];
        let ranges = ranges.map(|(name, range)| google::SecondaryRange::new(name, range));
        let subnetwork =
            google::Subnetwork::new(name.as_str(), &net.vpc, block.private).region("us-central1");
        let subnetwork = stack.add(&name, subnetwork.secondary_ip_range(ranges));
        stack.depend(&subnetwork, [&nat]);
    }
    stack.check().unwrap();
    assert_eq!(of_type(&stack, "google_compute_router_nat").count(), 1);
    assert_eq!(stack.node(nat.address().as_str()).unwrap().arguments, before);
}

#[test]
fn ranges_of_clusters_overlap_no_subnetwork() {
    let (stack, net) = declare(&in_two_regions());
    let taken: Vec<Cidr> = of_type(&stack, "google_compute_subnetwork")
        .map(|node| literal(node, "ip_cidr_range").as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(taken.len(), 8);
    for block in net.addresses().cluster_blocks() {
        let apart = |other: &Cidr| !other.contains(&block.cidr.net()) && !block.cidr.contains(&other.net());
        assert!(taken.iter().all(apart), "{block:?}");
    }
}

#[test]
fn other_regions_and_choices_change_only_their_own_nodes() {
    let (one, _) = declare(&BaseNetwork::default());
    let changes = |description: &BaseNetwork| {
        let (other, _) = declare(description);
        let names =
            |stack: &Stack| stack.nodes().map(|node| node.address.to_string()).collect::<BTreeSet<_>>();
        let changed = one.nodes().filter(|node| {
            other.node(node.address.as_str()).is_some_and(|after| after.arguments != node.arguments)
        });
        let changed: Vec<String> = changed.map(|node| node.address.to_string()).collect();
        let (before, after) = (names(&one), names(&other));
        let new: Vec<String> = after.difference(&before).cloned().collect();
        let gone: Vec<String> = before.difference(&after).cloned().collect();
        (changed, new, gone)
    };
    let (changed, new, gone) = changes(&in_two_regions());
    assert_eq!((changed.len(), new.len(), gone.len()), (0, 7, 0), "{changed:?} {gone:?}");
    assert!(new.iter().all(|name| name.contains("europe-west1")), "{new:?}");

    let nat = "google_compute_router_nat.base-nat-us-central1".to_owned();
    let address = |number| format!("google_compute_address.base-nat-us-central1-{number}");
    let router = "google_compute_router.base-us-central1".to_owned();
    let with = |nat_gateways| BaseNetwork { nat_gateways, ..BaseNetwork::default() };
    assert_eq!(changes(&with(Nat::Addresses(2))), (vec![nat.clone()], vec![address(1)], vec![]));
    assert_eq!(changes(&with(Nat::Automatic)), (vec![nat.clone()], vec![], vec![address(0)]));
    assert_eq!(changes(&with(Nat::None)), (vec![], vec![], vec![address(0), router, nat]));

    let ssh = BaseNetwork { ssh_from: [cidr("35.235.240.0/20")].into(), ..BaseNetwork::default() };
    assert_eq!(changes(&ssh), (vec![], vec!["google_compute_firewall.base-ssh".into()], vec![]));
    let clusters_in = BaseNetwork { clusters_in: [Tier::PrivateWorking].into(), ..BaseNetwork::default() };
    let changed = [
        "google_compute_firewall.base-private-working-internal",
        "google_compute_subnetwork.base-private-working-us-central1",
    ];
    let mut seen = changes(&clusters_in);
    seen.0.sort();
    assert_eq!(seen, (changed.map(str::to_owned).to_vec(), vec![], vec![]));
}

#[test]
fn rules_name_the_ranges_of_their_tiers_and_none_of_clusters() {
    let description = BaseNetwork {
        clusters_in: [Tier::PrivateWorking].into(),
        ssh_from: [cidr("35.235.240.0/20")].into(),
        ..in_two_regions()
    };
    let (stack, net) = declare(&description);
    let rule = |handle: landform_core::Handle<google::Firewall>, argument: &str| {
        literal(stack.node(handle.address().as_str()).unwrap(), argument)
    };
    for (tier, ranges) in [
        (Tier::Admin, json!(["10.20.0.0/19"])),
        (Tier::Public, json!(["10.20.32.0/19"])),
        (Tier::PrivateProduction, json!(["10.20.64.0/19"])),
        (Tier::PrivateWorking, json!(["10.20.96.0/19", "100.88.0.0/13"])),
    ] {
        let handle = || net.internal_rule(tier);
        assert_eq!(rule(handle(), "source_ranges"), ranges, "{tier}");
        assert_eq!(rule(handle(), "destination_ranges"), ranges, "{tier}");
        assert_eq!(rule(handle(), "allow"), json!([{ "protocol": "all" }]));
    }
    assert_eq!(rule(net.health_check_rule(), "destination_ranges"), json!(["10.20.0.0/17"]));
    assert_eq!(rule(net.ssh_rule(), "destination_ranges"), json!(["10.20.0.0/19", "10.20.32.0/19"]));
    assert_eq!(rule(net.ssh_rule(), "allow"), json!([{ "protocol": "tcp", "ports": ["22"] }]));
    assert_eq!(rule(net.ssh_rule(), "source_ranges"), json!(["35.235.240.0/20"]));
}

#[test]
fn outputs_have_the_names_of_those_on_aws_and_regions_for_zones() {
    let (stack, net) = declare(&in_two_regions());
    let json = serde_json::to_value(stack.outputs()).unwrap();
    assert_eq!(json["base_vpc_id"], json!({ "$ref": ["google_compute_network.base", "id"] }));
    assert_eq!(json["base_vpc_cidr_block"], "10.20.0.0/16");
    let nat = net.nat_gateway("europe-west1");
    assert_eq!(json["base_nat_gateway_ids"]["europe-west1"]["$ref"], json!([nat.address().as_str(), "id"]));
    let address = json!(["google_compute_address.base-nat-europe-west1-0", "address"]);
    assert_eq!(json["base_nat_public_ips"]["europe-west1"][0]["$ref"], address);
    let subnet = net.private_production("europe-west1");
    assert_eq!(
        json["base_private_production_subnet_ids"]["europe-west1"]["$ref"],
        json!([subnet.address().as_str(), "id"])
    );
    assert_eq!(json["base_cluster_cidr_blocks"][3], "10.20.224.0/19");
    assert_eq!(json["base_cluster_pod_cidr_blocks"][3], "100.120.0.0/14");

    let mut other = Stack::new("base");
    vpc::base(&mut other, &vpc::BaseNetwork::default()).unwrap();
    let names = |stack: &Stack| stack.outputs().keys().map(ToString::to_string).collect::<BTreeSet<_>>();
    let (here, there) = (names(&stack), names(&other));
    let only = |some: &BTreeSet<String>, others: &BTreeSet<String>| {
        some.difference(others).map(|name| name.trim_start_matches("base_").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(only(&there, &here), ["private_route_table_ids", "public_route_table_id"]);
    assert_eq!(only(&here, &there), ["cluster_pod_cidr_blocks", "cluster_service_cidr_blocks", "router_ids"]);
}

#[test]
fn without_reserved_addresses_no_public_ip_is_told() {
    for nat_gateways in [Nat::Automatic, Nat::None] {
        let (stack, _) = declare(&BaseNetwork { nat_gateways, ..BaseNetwork::default() });
        let json = serde_json::to_value(stack.outputs()).unwrap();
        assert_eq!(json["base_nat_public_ips"], json!({}));
        let nats = json["base_nat_gateway_ids"].as_object().unwrap().len();
        assert_eq!(nats, usize::from(nat_gateways == Nat::Automatic));
    }
}

#[test]
fn handles_for_what_is_not_there_are_reported_where_they_are_used() {
    let (mut stack, net) = declare(&BaseNetwork { nat_gateways: Nat::None, ..BaseNetwork::default() });
    stack.output("egress", net.nat_gateway("us-central1").id());
    let text = stack.check().unwrap_err().to_string();
    assert!(text.contains("google_compute_router_nat.base-nat-us-central1, which is not declared"), "{text}");
}

#[test]
fn networks_on_both_clouds_share_a_stack_under_one_name() {
    let (mut stack, _) = declare(&BaseNetwork::default());
    let other = BaseNetwork { name: "other".into(), cidr: cidr("10.30.0.0/16"), ..BaseNetwork::default() };
    vpc::base(&mut stack, &other).unwrap();
    stack.check().unwrap();
    let line = line!() + 1;
    vpc::base(&mut stack, &other).unwrap();
    let text = stack.check().unwrap_err().to_string();
    let expected = format!("google_compute_network.other (layers/vpc/tests/gce/nodes.rs:{line})");
    assert!(text.contains(&expected) && text.contains("declared twice"), "{text}");
}
