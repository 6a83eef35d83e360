//! The list of types: every declaration is well formed, and the list contains all types that declarations refer to.
#![allow(clippy::unwrap_used)]

use std::{borrow::Cow, collections::BTreeSet};

use landform_aws as aws;
use landform_aws::{data, types};
use landform_core::{
    Cidr, Rule, Schema, Stack, TypeName, form,
    schema::{Field, Kind},
};
use serde_json::{Value as Json, json};

/// The placeholders of a template, in addition to the fields of its resource.
const RANDOM: [&str; 13] = [
    "hex2", "hex4", "hex8", "hex12", "hex17", "upper22", "digits12", "region", "account", "zone", "ipv4",
    "ipv6", "dns",
];

#[test]
fn names_are_unique_and_documented() {
    let mut seen = BTreeSet::new();
    for known in types() {
        assert!(seen.insert(known.name.clone()), "{} is listed twice", known.name_str());
        assert!(!known.doc.is_empty(), "{} has no doc", known.name_str());
        for field in fields(&known.arguments).into_iter().chain(fields(&known.attributes)) {
            assert!(!field.doc.is_empty(), "{}.{} has no doc", known.name_str(), field.name);
        }
    }
}

#[test]
fn references_lead_to_listed_types() {
    let names: BTreeSet<TypeName> = types().iter().map(|known| known.name.clone()).collect();
    for known in types() {
        for field in fields(&known.arguments).into_iter().chain(fields(&known.attributes)) {
            let target = target(&field.kind);
            if let Some(target) = &target {
                assert!(names.contains(target.as_str()), "{}.{} → {target}", known.name_str(), field.name);
            }
            assert!(
                !field.weak || target.is_some(),
                "{}.{} is weak without need",
                known.name_str(),
                field.name
            );
        }
    }
}

#[test]
fn rules_and_templates_name_fields_that_exist() {
    for known in types() {
        let has = |name: &str| known.arguments.field(name).or(known.attributes.field(name)).is_some();
        for rule in &known.rules {
            let named: Vec<&Cow<'static, str>> = match rule {
                Rule::Unique(fields) => fields.iter().collect(),
                Rule::Disjoint { field, within } => vec![field, within],
                Rule::Inside { field, of } | Rule::Widens { field, of } => vec![field, of],
            };
            for name in named {
                assert!(has(name), "{}: a rule names {name}", known.name_str());
            }
        }
        let forms = known.arguments.fields().iter().chain(known.attributes.fields());
        let forms = forms.filter_map(|field| field.form.as_deref()).chain([&*known.id_form]);
        for form in forms {
            for name in form::words(form) {
                assert!(has(name) || RANDOM.contains(&name), "{}: {form} names {name}", known.name_str());
            }
        }
    }
}

#[test]
fn a_group_with_all_it_needs_is_declared() {
    let mut stack = Stack::new("cluster");
    let vpc = stack.add("main", aws::Vpc::new(cidr("10.0.0.0/16")));
    let further = stack.add("more", aws::VpcIpv4CidrBlockAssociation::new(&vpc, cidr("10.1.0.0/16")));
    let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, cidr("10.1.0.0/20")).availability_zone("us-east-2a"));
    stack.depend(&subnet, [further.address().clone()]);
    let nodes = stack.add("nodes", aws::SecurityGroup::new(&vpc, "nodes"));
    stack.add("all", aws::SecurityGroupRule::egress(&nodes, "-1", 0, 0).cidr_blocks([cidr("0.0.0.0/0")]));
    let role = stack.add("nodes", aws::IamRole::new("nodes", "{}"));
    let profile = stack.add("nodes", aws::IamInstanceProfile::new("nodes").role(&role));
    let template = stack.add(
        "nodes",
        aws::LaunchTemplate::new("nodes")
            .iam_instance_profile(aws::IamInstanceProfileSpecification::named(&profile))
            .network_interfaces([aws::NetworkInterface::new().security_groups([&nodes])])
            .block_device_mappings([
                aws::BlockDeviceMapping::new("/dev/xvda").ebs(aws::Ebs::new().volume_size(64))
            ]),
    );
    let targets = stack.add("api", aws::LbTargetGroup::in_vpc(&vpc, "api", "TCP", 443));
    let balancer = stack.add(
        "api",
        aws::Lb::new("api")
            .load_balancer_type(aws::LoadBalancerType::Network)
            .subnet_mapping([aws::SubnetMapping::new(&subnet)]),
    );
    stack.add(
        "api",
        aws::LbListener::new(&balancer, 443, [aws::ListenerAction::forward(&targets)]).protocol("TCP"),
    );
    let specification = aws::MixedTemplateSpecification::of(&template).version(template.latest_version());
    let types = ["m5.large", "m5.xlarge"].map(|name| aws::InstanceOverride::new().instance_type(name));
    stack.add(
        "nodes",
        aws::AutoscalingGroup::new("nodes", 3, 30)
            .vpc_zone_identifier([&subnet])
            .target_group_arns([&targets])
            .mixed_instances_policy(aws::MixedInstancesPolicy::new(
                aws::MixedLaunchTemplate::new(specification).r#override(types),
            ))
            .tag([aws::AutoscalingTag::new("Name", "nodes", true)]),
    );
    stack.check().unwrap();
    let text = serde_json::to_string(&stack).unwrap();
    assert!(text.contains(r#""override":["#), "{text}");
    assert!(text.contains(r#"{"$ref":["aws_launch_template.nodes","latest_version"]}"#), "{text}");
}

#[test]
fn what_is_read_fits_where_what_is_managed_is_wanted() {
    let mut stack = Stack::new("guest");
    let zones = stack.read("here", data::AvailabilityZones::new());
    let vpc = stack.read("shared", data::Vpc::new().tag("Name", "shared"));
    let here = data::Filter::new("vpc-id", [vpc.id()]);
    let subnets = stack.read("private", data::Subnets::new().filter([here]).tag("Tier", "private"));
    let image = stack.read("system", data::Ami::new().owners(["self"]).most_recent(true));
    let own = aws::Subnet::ipv4(vpc.id(), cidr("10.0.9.0/24")).availability_zone(zones.names().at(1));
    let own = stack.add("own", own);
    let subnet = stack.read("own", data::Subnet::new().id(&own));
    let groups = [subnet.id(), subnets.ids().at(0)];
    let template = stack.add("system", aws::LaunchTemplate::new("system").image_id(image.id()));
    let template = aws::LaunchTemplateSpecification::of(&template);
    let nodes = aws::AutoscalingGroup::new("nodes", 0, 1).launch_template(template);
    stack.add("nodes", nodes.vpc_zone_identifier(groups));
    stack.check().unwrap();
    let text = serde_json::to_string(&stack).unwrap();
    let filter = r#""filter":[{"name":"vpc-id","values":[{"$ref":["data.aws_vpc.shared","id"]}]}]"#;
    assert!(text.contains(filter), "{text}");
    assert!(text.contains(r#"{"$ref":["data.aws_subnets.private","ids[0]"]}"#), "{text}");
}

#[test]
fn rules_of_a_group_that_share_a_peer_are_refused_and_both_are_named() {
    let mut stack = Stack::new("base");
    let vpc = stack.add("main", aws::Vpc::new(cidr("10.0.0.0/16")));
    let group = stack.add("web", aws::SecurityGroup::new(&vpc, "web"));
    let rule = |peers: [&str; 2]| {
        aws::SecurityGroupRule::ingress(&group, "tcp", 443, 443).cidr_blocks(peers.map(cidr))
    };
    stack.add("a", rule(["10.0.0.0/16", "10.1.0.0/16"]));
    stack.add("b", rule(["10.1.0.0/16", "10.2.0.0/16"]));
    stack.add("c", rule(["10.3.0.0/16", "10.4.0.0/16"]));
    let problems = stack.check().unwrap_err().to_string();
    assert!(problems.contains("aws_security_group_rule.b") && problems.contains("10.1.0.0/16"), "{problems}");
    assert!(problems.contains("aws_security_group_rule.a"), "{problems}");
    assert!(!problems.contains("aws_security_group_rule.c"), "{problems}");
}

#[test]
fn names_that_aws_would_refuse_are_refused_while_planning() {
    let mut stack = Stack::new("base");
    let vpc = stack.add("main", aws::Vpc::new(cidr("10.0.0.0/16")));
    stack.add("long", aws::LbTargetGroup::in_vpc(&vpc, "a".repeat(33), "TCP", 443));
    stack.add("odd", aws::S3Bucket::new("Logs_of_today"));
    stack.add("odd", aws::IamRole::new("nodes of mine", "{}"));
    stack.add("odd", aws::KmsAlias::new("data", "1234"));
    stack.add("soon", aws::KmsKey::new().deletion_window_in_days(3));
    let problems = stack.check().unwrap_err().to_string();
    for part in [
        "expected at most 32 characters, not 33",
        "\"Logs_of_today\", expected text that matches ^[a-z0-9]",
        "\"nodes of mine\", expected text that matches ^[a-zA-Z0-9_+=,.@-]+$",
        "\"data\", expected text that matches ^alias/",
        "deletion_window_in_days: 3, expected a number from 7 to 30",
    ] {
        assert!(problems.contains(part), "{part} is missing in {problems}");
    }
}

#[test]
fn subnets_that_overlap_or_lie_outside_are_refused() {
    let mut stack = Stack::new("base");
    let vpc = stack.add("main", aws::Vpc::new(cidr("10.0.0.0/16")));
    stack.add("a", aws::Subnet::ipv4(&vpc, cidr("10.0.0.0/20")));
    stack.add("b", aws::Subnet::ipv4(&vpc, cidr("10.0.8.0/24")));
    stack.add("c", aws::Subnet::ipv4(&vpc, cidr("10.7.0.0/24")));
    let text = stack.check().unwrap_err().to_string();
    assert!(text.contains("aws_subnet.b") && text.contains("aws_subnet.c"), "{text}");
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

/// Declarations that AWS would refuse, with the one problem of each.
#[test]
fn what_aws_would_refuse_is_one_problem_before_anything_is_attempted() {
    let refused = |type_name: &str, arguments: Json| {
        let known = types().into_iter().find(|known| known.name_str() == type_name).unwrap();
        let problems = known.arguments.check(&arguments.clone().into());
        match problems.as_slice() {
            [] => String::new(),
            [only] => only.to_string(),
            several => panic!("{type_name} {arguments}: {several:?}"),
        }
    };
    let nat = |rest: Json| with(json!({ "subnet_id": "subnet-1" }), rest);
    let route = |rest: Json| with(json!({ "route_table_id": "rtb-1" }), rest);
    let rule = |rest: Json| {
        let base = json!({
            "security_group_id": "sg-1", "type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22,
        });
        with(base, rest)
    };
    let single = |rest: Json| with(json!({ "security_group_id": "sg-1", "ip_protocol": "-1" }), rest);
    let record = |rest: Json| with(json!({ "zone_id": "Z1", "name": "a", "type": "A" }), rest);
    let group = |rest: Json| with(json!({ "name": "a", "min_size": 0, "max_size": 1 }), rest);
    let alias = json!({ "name": "a.b", "zone_id": "Z1", "evaluate_target_health": false });
    let listener =
        |action: Json| json!({ "load_balancer_arn": "arn", "port": 80, "default_action": [action] });
    let targets = "gateway_id, nat_gateway_id, egress_only_gateway_id, transit_gateway_id, \
                   vpc_peering_connection_id, network_interface_id, vpc_endpoint_id, local_gateway_id, \
                   carrier_gateway_id, core_network_arn";
    let cases = [
        ("aws_nat_gateway", nat(json!({ "allocation_id": "eipalloc-1" })), ""),
        ("aws_nat_gateway", nat(json!({ "connectivity_type": "private" })), ""),
        (
            "aws_nat_gateway",
            nat(json!({})),
            "allocation_id: missing, expected a value with connectivity_type public",
        ),
        (
            "aws_nat_gateway",
            nat(json!({ "connectivity_type": "private", "allocation_id": "eipalloc-1" })),
            "allocation_id: given, expected none of allocation_id, secondary_allocation_ids with connectivity_type \
             private",
        ),
        (
            "aws_route",
            route(json!({ "destination_cidr_block": "0.0.0.0/0" })),
            &format!("gateway_id: missing, expected exactly one of {targets}"),
        ),
        (
            "aws_route",
            route(json!({ "destination_cidr_block": "0.0.0.0/0", "gateway_id": "a", "nat_gateway_id": "b" })),
            &format!("nat_gateway_id: given beside gateway_id, expected exactly one of {targets}"),
        ),
        (
            "aws_route",
            route(json!({ "gateway_id": "a" })),
            "destination_cidr_block: missing, expected exactly one of destination_cidr_block, \
             destination_ipv6_cidr_block, destination_prefix_list_id",
        ),
        (
            "aws_security_group_rule",
            rule(json!({})),
            "cidr_blocks: missing, expected at least one of cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, \
             source_security_group_id, self",
        ),
        (
            "aws_security_group_rule",
            rule(json!({ "cidr_blocks": ["10.0.0.0/8"], "prefix_list_ids": ["pl-1"] })),
            "",
        ),
        (
            "aws_vpc_security_group_ingress_rule",
            single(json!({ "cidr_ipv4": "10.0.0.0/8", "prefix_list_id": "pl-1" })),
            "prefix_list_id: given beside cidr_ipv4, expected exactly one of cidr_ipv4, cidr_ipv6, prefix_list_id, \
             referenced_security_group_id",
        ),
        (
            "aws_vpc_security_group_egress_rule",
            single(json!({})),
            "cidr_ipv4: missing, expected exactly one of cidr_ipv4, cidr_ipv6, prefix_list_id, \
             referenced_security_group_id",
        ),
        (
            "aws_network_acl_rule",
            json!({ "network_acl_id": "acl-1", "rule_number": 1, "protocol": "-1", "rule_action": "allow" }),
            "cidr_block: missing, expected exactly one of cidr_block, ipv6_cidr_block",
        ),
        (
            "aws_subnet",
            json!({ "vpc_id": "vpc-1", "cidr_block": "10.0.0.0/24", "assign_ipv6_address_on_creation": true }),
            "ipv6_cidr_block: missing, expected a value with assign_ipv6_address_on_creation true",
        ),
        (
            "aws_vpc_endpoint",
            json!({ "vpc_id": "vpc-1", "service_name": "s3", "subnet_ids": ["subnet-1"] }),
            "subnet_ids: given, expected none of subnet_ids, security_group_ids, private_dns_enabled with \
             vpc_endpoint_type Gateway",
        ),
        (
            "aws_ebs_volume",
            json!({ "availability_zone": "us-east-2a" }),
            "size: missing, expected at least one of size, snapshot_id",
        ),
        (
            "aws_instance",
            json!({ "instance_type": "t3.micro" }),
            "ami: missing, expected at least one of ami, launch_template",
        ),
        (
            "aws_instance",
            json!({ "launch_template": { "version": "1" } }),
            "launch_template.id: missing, expected exactly one of id, name",
        ),
        (
            "aws_launch_template",
            json!({ "name": "abc", "vpc_security_group_ids": ["sg-1"], "network_interfaces": [{}] }),
            "vpc_security_group_ids: given, expected no value with network_interfaces",
        ),
        (
            "aws_launch_template",
            json!({ "name": "a".repeat(129) }),
            "name: \"…\", expected 3 to 128 characters, not 129",
        ),
        (
            "aws_autoscaling_group",
            group(json!({})),
            "launch_template: missing, expected exactly one of launch_template, mixed_instances_policy",
        ),
        (
            "aws_autoscaling_attachment",
            json!({ "autoscaling_group_name": "a" }),
            "elb: missing, expected exactly one of elb, lb_target_group_arn",
        ),
        (
            "aws_lb",
            json!({ "name": "a" }),
            "subnets: missing, expected exactly one of subnets, subnet_mapping",
        ),
        (
            "aws_lb_listener",
            listener(json!({ "type": "redirect" })),
            "default_action[0].redirect: missing, expected a value with type redirect",
        ),
        (
            "aws_lb_listener",
            listener(json!({ "type": "forward" })),
            "default_action[0].target_group_arn: missing, expected at least one of target_group_arn, forward with \
             type forward",
        ),
        (
            "aws_route53_record",
            record(json!({ "records": ["192.0.2.1"] })),
            "ttl: missing, expected a value with records",
        ),
        (
            "aws_route53_record",
            record(json!({ "alias": alias, "ttl": 60 })),
            "ttl: given, expected no value with alias",
        ),
        (
            "aws_route53_record",
            record(json!({ "alias": alias, "weighted_routing_policy": { "weight": 1 } })),
            "set_identifier: missing, expected a value with weighted_routing_policy",
        ),
        (
            "aws_cloudwatch_event_rule",
            json!({ "name": "a" }),
            "event_pattern: missing, expected at least one of event_pattern, schedule_expression",
        ),
        (
            "aws_s3_object",
            json!({ "bucket": "logs", "key": "a", "content": "a", "content_base64": "YQ==" }),
            "content_base64: given beside content, expected at most one of content, content_base64",
        ),
    ];
    for (type_name, arguments, expected) in cases {
        let told = refused(type_name, arguments).replace(&"a".repeat(129), "…");
        assert_eq!(told, expected, "{type_name}");
    }
}

fn with(mut base: Json, rest: Json) -> Json {
    base.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    base
}

/// The fields of a schema and of all blocks in it.
fn fields(schema: &Schema) -> Vec<&Field> {
    let inner = schema.fields().iter().filter_map(|field| block(&field.kind));
    schema.fields().iter().chain(inner.flat_map(fields)).collect()
}

fn block(kind: &Kind) -> Option<&Schema> {
    match kind {
        Kind::Block(block) => Some(block),
        Kind::List(item) | Kind::Set(item) | Kind::Map(item) => block(item),
        _ => None,
    }
}

fn target(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Text { refers_to, .. } => refers_to.as_ref().map(|name| name.as_str().to_owned()),
        Kind::List(item) | Kind::Set(item) | Kind::Map(item) => target(item),
        _ => None,
    }
}
