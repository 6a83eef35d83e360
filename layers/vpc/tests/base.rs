//! The declared network: its nodes, their dependencies, and the nodes that stay after a removal.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use landform_aws as aws;
use landform_core::{Cidr, Node, Stack, expr::Expr};
use landform_vpc::{self as vpc, BaseNetwork, BaseNetworkError, NatGateways, Network, Tier, Zones};

fn declare(description: &BaseNetwork) -> (Stack, Network) {
    let mut stack = Stack::new("base");
    let net = vpc::base(&mut stack, description).unwrap();
    stack.check().unwrap();
    (stack, net)
}

fn with_zones(zones: impl Into<Zones>) -> BaseNetwork {
    BaseNetwork { zones: zones.into(), ..BaseNetwork::default() }
}

fn of_type<'a>(stack: &'a Stack, type_name: &'a str) -> impl Iterator<Item = &'a Node> {
    stack.nodes().filter(move |node| node.address.type_str() == type_name)
}

/// The node that an argument refers to.
fn target(node: &Node, argument: &str) -> String {
    let mut found = None;
    node.each_reference(&mut |path, reference| {
        if path.path().to_string() == argument {
            found = Some(reference.node.to_string());
        }
    });
    found.unwrap_or_else(|| panic!("{} has no reference in {argument}", node.address))
}

fn text(node: &Node, argument: &str) -> String {
    match node.arguments.get(argument).as_deref() {
        Some(Expr::Literal(value)) => value.as_str().unwrap().to_owned(),
        other => panic!("{}.{argument} is {other:?}", node.address),
    }
}

#[test]
fn every_zone_has_four_subnets_and_one_nat_gateway() {
    for zones in [1, 3, 6] {
        let (stack, net) = declare(&with_zones(zones));
        let mut counts = BTreeMap::new();
        for node in stack.nodes() {
            *counts.entry(node.address.type_str()).or_insert(0) += 1;
        }
        let expected = BTreeMap::from([
            ("aws_vpc", 1),
            ("aws_internet_gateway", 1),
            ("aws_subnet", 4 * zones),
            ("aws_eip", zones),
            ("aws_nat_gateway", zones),
            ("aws_route_table", 1 + zones),
            ("aws_route", 1 + zones),
            ("aws_route_table_association", 4 * zones),
        ]);
        assert_eq!(counts, expected);
        assert_eq!(net.zones().len(), zones);
        for tier in Tier::ALL {
            assert_eq!(net.subnet_ids(tier).len(), zones);
        }
    }
}

#[test]
fn a_lost_zone_costs_no_other_its_egress() {
    let (stack, net) = declare(&with_zones(6));
    let zone_of = |subnet: &str| text(stack.node(subnet).unwrap(), "availability_zone");
    let mut gateways = BTreeSet::new();
    for association in of_type(&stack, "aws_route_table_association") {
        let subnet = target(association, "subnet_id");
        let table = target(association, "route_table_id");
        let routes: Vec<&Node> =
            of_type(&stack, "aws_route").filter(|route| target(route, "route_table_id") == table).collect();
        let [route] = routes[..] else { panic!("{table} has {} routes", routes.len()) };
        assert_eq!(text(route, "destination_cidr_block"), "0.0.0.0/0");
        if subnet.contains("-public-") {
            assert_eq!(target(route, "gateway_id"), net.internet_gateway.address().as_str());
        } else {
            let gateway = target(route, "nat_gateway_id");
            let stands_in = target(stack.node(&gateway).unwrap(), "subnet_id");
            assert_eq!(zone_of(&stands_in), zone_of(&subnet), "{subnet} leaves through {gateway}");
            assert!(stands_in.contains("-public-"), "{gateway} stands in {stands_in}");
            gateways.insert((zone_of(&subnet), gateway));
        }
    }
    let shared: BTreeSet<&String> = gateways.iter().map(|(_, gateway)| gateway).collect();
    assert_eq!((gateways.len(), shared.len()), (6, 6));
    let addresses: BTreeSet<String> =
        of_type(&stack, "aws_nat_gateway").map(|node| target(node, "allocation_id")).collect();
    assert_eq!(addresses.len(), 6);
}

#[test]
fn nat_gateways_outlive_nothing_they_need() {
    let (stack, net) = declare(&BaseNetwork::default());
    for node in of_type(&stack, "aws_nat_gateway").chain(of_type(&stack, "aws_eip")) {
        assert!(node.depends_on.contains(net.internet_gateway.address()), "{}", node.address);
    }
}

#[test]
fn other_zones_come_and_go_without_a_trace() {
    let (three, _) = declare(&with_zones(3));
    for fewer in [vec!["us-east-2a", "us-east-2b"], vec!["us-east-2c", "us-east-2a"], vec!["us-east-2b"]] {
        let (some, _) = declare(&with_zones(fewer.iter().copied().collect::<Zones>()));
        for node in some.nodes() {
            let before = three.node(node.address.as_str()).unwrap();
            assert_eq!(before.arguments, node.arguments, "{}", node.address);
            assert_eq!(before.depends_on, node.depends_on, "{}", node.address);
        }
        let gone = three.nodes().filter(|node| some.node(node.address.as_str()).is_none());
        for node in gone {
            let left = fewer.iter().any(|zone| node.address.name().ends_with(zone));
            assert!(!left, "{} is gone", node.address);
        }
    }
}

#[test]
fn the_same_description_declares_the_same() {
    let json = || serde_json::to_string(&declare(&with_zones(6)).0).unwrap();
    assert_eq!(json(), json());
}

#[test]
fn clusters_overlap_nothing() {
    let (stack, net) = declare(&with_zones(6));
    let mut taken: Vec<Cidr> =
        of_type(&stack, "aws_subnet").map(|node| text(node, "cidr_block").parse().unwrap()).collect();
    let blocks: Vec<_> = net.addresses().cluster_blocks().collect();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        assert_eq!(block, net.cluster_block(block.index).unwrap());
        assert_eq!(block.zones.len(), 6);
        assert!(
            taken
                .iter()
                .all(|other| !other.contains(&block.cidr.net()) && !block.cidr.contains(&other.net()))
        );
        taken.push(block.cidr);
    }
}

#[test]
fn a_cluster_fits_in_beside_the_subnets() {
    let (mut stack, net) = declare(&BaseNetwork::default());
    for index in 0..2 {
        for zone in net.cluster_block(index).unwrap().zones {
            for (kind, range) in [("private", zone.private), ("utility", zone.utility)] {
                let name = format!("cluster-{index}-{kind}-{}", zone.zone);
                stack.add(&name, aws::Subnet::ipv4(&net.vpc, range).availability_zone(zone.zone.clone()));
            }
            let table = stack.add(&format!("cluster-{index}-{}", zone.zone), aws::RouteTable::new(&net.vpc));
            let route = aws::Route::ipv4(&table, "0.0.0.0/0".parse::<Cidr>().unwrap());
            let route = route.nat_gateway_id(net.nat_gateway(&zone.zone));
            stack.add(&format!("cluster-{index}-{}", zone.zone), route);
        }
    }
    stack.check().unwrap();
    assert_eq!(of_type(&stack, "aws_nat_gateway").count(), 3);
}

#[test]
fn one_nat_gateway_serves_all_zones_and_more_are_routes_in_place() {
    let description = BaseNetwork { nat_gateways: NatGateways::One, ..BaseNetwork::default() };
    let (one, net) = declare(&description);
    assert_eq!(of_type(&one, "aws_nat_gateway").count(), 1);
    assert_eq!(net.nat_gateway("us-east-2c").address().as_str(), "aws_nat_gateway.base-nat-us-east-2a");
    let (all, _) = declare(&BaseNetwork::default());
    let changed =
        one.nodes().filter(|node| all.node(node.address.as_str()).unwrap().arguments != node.arguments);
    let changed: Vec<&str> = changed.map(|node| node.address.as_str()).collect();
    assert_eq!(changed, ["aws_route.base-private-us-east-2b", "aws_route.base-private-us-east-2c"]);
}

#[test]
fn without_nat_gateways_private_subnets_stay_inside() {
    let (stack, net) = declare(&BaseNetwork { nat_gateways: NatGateways::None, ..BaseNetwork::default() });
    assert_eq!(of_type(&stack, "aws_eip").count() + of_type(&stack, "aws_nat_gateway").count(), 0);
    let routes: Vec<String> =
        of_type(&stack, "aws_route").map(|route| target(route, "route_table_id")).collect();
    assert_eq!(routes, [net.public_route_table.address().as_str()]);
}

#[test]
fn handles_for_what_is_not_there_are_reported_where_they_are_used() {
    let (mut stack, net) = declare(&BaseNetwork::default());
    stack.add("extra", aws::RouteTableAssociation::new(net.public("us-east-2d"), &net.public_route_table));
    let text = stack.check().unwrap_err().to_string();
    assert!(text.contains("layers/vpc/tests/base.rs:"), "{text}");
    assert!(text.contains("aws_subnet.base-public-us-east-2d, which is not declared"), "{text}");
    assert!(text.contains("did you mean aws_subnet.base-public-us-east-2"), "{text}");

    let (mut stack, net) =
        declare(&BaseNetwork { nat_gateways: NatGateways::None, ..BaseNetwork::default() });
    stack.output("egress", net.nat_gateway("us-east-2a").id());
    let text = stack.check().unwrap_err().to_string();
    assert!(text.contains("aws_nat_gateway.base-nat-us-east-2a, which is not declared"), "{text}");
}

#[test]
fn tags_tell_name_and_tier_and_carry_what_was_given() {
    let tags = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let role = [("kubernetes.io/role/elb", "1"), ("team", "edge")];
    let description = BaseNetwork {
        tags: tags(&[("team", "platform"), ("Name", "mine")]),
        subnet_tags: BTreeMap::from([(Tier::Public, tags(&role))]),
        ..BaseNetwork::default()
    };
    let (stack, net) = declare(&description);
    let tags_of = |address: &str| -> BTreeMap<String, String> {
        match stack.node(address).unwrap().arguments.get("tags").as_deref() {
            Some(Expr::Literal(value)) => serde_json::from_value(value.clone()).unwrap(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(tags_of("aws_vpc.base"), tags(&[("Name", "base"), ("team", "platform")]));
    assert_eq!(
        tags_of(net.public("us-east-2a").address().as_str()),
        tags(&[
            ("Name", "base-public-us-east-2a"),
            ("Tier", "public"),
            ("kubernetes.io/role/elb", "1"),
            ("team", "edge"),
        ])
    );
    assert_eq!(
        tags_of(net.private_working("us-east-2a").address().as_str()),
        tags(&[
            ("Name", "base-private-working-us-east-2a"),
            ("Tier", "private-working"),
            ("team", "platform")
        ])
    );
    let taggable =
        stack.nodes().filter(|node| node.resource_type().unwrap().arguments.field("tags").is_some());
    for node in taggable {
        assert_eq!(tags_of(node.address.as_str())["Name"], node.address.name());
    }
}

#[test]
fn outputs_name_what_others_need() {
    let (stack, net) = declare(&with_zones(1));
    let json = serde_json::to_value(stack.outputs()).unwrap();
    assert_eq!(json["base_vpc_id"], serde_json::json!({ "$ref": ["aws_vpc.base", "id"] }));
    let nat = net.nat_gateway("us-east-2a");
    assert_eq!(json["base_nat_gateway_ids"]["us-east-2a"]["$ref"][0], nat.address().as_str());
    assert_eq!(json["base_nat_public_ips"]["us-east-2a"]["$ref"][1], "public_ip");
    let subnet = net.private_production("us-east-2a");
    assert_eq!(
        json["base_private_production_subnet_ids"]["us-east-2a"]["$ref"][0],
        subnet.address().as_str()
    );
    assert_eq!(json["base_cluster_cidr_blocks"][3], "10.20.224.0/19");
}

#[test]
fn two_networks_share_a_stack_under_different_names_alone() {
    let other = BaseNetwork { name: "other".into(), cidr: "10.30.0.0/16".parse().unwrap(), ..with_zones(2) };
    let (mut stack, _) = declare(&BaseNetwork::default());
    vpc::base(&mut stack, &other).unwrap();
    stack.check().unwrap();
    assert_eq!(stack.outputs().len(), 22);
    let line = line!() + 1;
    vpc::base(&mut stack, &other).unwrap();
    let text = stack.check().unwrap_err().to_string();
    let expected = format!("aws_vpc.other (layers/vpc/tests/base.rs:{line})");
    assert!(text.contains(&expected) && text.contains("declared twice"), "{text}");
}

#[test]
fn a_bad_description_leaves_the_stack_alone() {
    let mut stack = Stack::new("base");
    let bad_name = BaseNetwork { name: "my net".into(), ..BaseNetwork::default() };
    let error = vpc::base(&mut stack, &bad_name).unwrap_err();
    assert!(error.to_string().starts_with("name: \"my net\" is not a name"), "{error}");
    assert_eq!(vpc::base(&mut stack, &with_zones(0)).unwrap_err(), BaseNetworkError::NoZones);
    assert!(stack.is_empty() && stack.outputs().is_empty());
    stack.check().unwrap();
}

#[test]
fn descriptions_are_read_from_files() {
    let yaml = r#"
name: staging
region: eu-west-1
cidr: 10.40.0.0/16
zones: [eu-west-1a, eu-west-1c]
nat_gateways: one
sizes: { public: 24, cluster: 20 }
reserved: [10.40.200.0/24]
tags: { team: platform }
subnet_tags:
  private_working: { kubernetes.io/role/internal-elb: "1" }
"#;
    let description: BaseNetwork = serde_saphyr::from_str(yaml).unwrap();
    assert_eq!(description.zones, Zones::Named(vec!["eu-west-1a".into(), "eu-west-1c".into()]));
    assert_eq!(description.nat_gateways, NatGateways::One);
    let (stack, _) = declare(&description);
    assert_eq!(
        text(stack.node("aws_subnet.staging-public-eu-west-1c").unwrap(), "cidr_block"),
        "10.40.34.0/24"
    );
    let json = serde_json::to_string(&description).unwrap();
    assert_eq!(serde_json::from_str::<BaseNetwork>(&json).unwrap(), description);

    let least: BaseNetwork = serde_saphyr::from_str("{ name: base, region: us-east-2 }").unwrap();
    assert_eq!(least, BaseNetwork::default());
    let placed: BaseNetwork =
        serde_saphyr::from_str("{ name: a, region: r, zones: { r-x: 2, ra: 0 } }").unwrap();
    assert_eq!(placed.zones, Zones::Placed(BTreeMap::from([("r-x".into(), 2), ("ra".into(), 0)])));
}

#[test]
fn slips_in_files_say_where_and_what_was_expected() {
    let head = "name: base\nregion: us-east-2\n";
    for (line, expected) in [
        ("cidr: 10.20.0.1/16", "10.20.0.1/16 has host bits set; did you mean 10.20.0.0/16?"),
        ("cird: 10.20.0.0/16", "cird"),
        ("zones: three", "a number of zones, a list of their names, or a map of their names to places"),
        ("zones: -1", "a number of zones, a list of their names, or a map of their names to places"),
        ("nat_gateways: two", "per_zone"),
        ("sizes: { publc: 24 }", "publc"),
        ("sizes: { public: 300 }", "300"),
        ("subnet_tags: { private: {} }", "private_working"),
        ("zones: { us-east-2a: 0, us-east-2a: 1 }", "us-east-2a"),
    ] {
        let text = format!("{head}{line}\n");
        let error = serde_saphyr::from_str::<BaseNetwork>(&text).expect_err(line).to_string();
        assert!(error.contains(expected), "{line}: {error}");
        assert!(error.contains("line 3"), "{line}: {error}");
    }
    let error = serde_saphyr::from_str::<BaseNetwork>("name: base\n").unwrap_err().to_string();
    assert!(error.contains("region"), "{error}");
}
