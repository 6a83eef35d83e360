//! The list of types: every declaration is well formed, and the list contains all types that declarations refer to.
#![allow(clippy::unwrap_used)]

use std::{borrow::Cow, collections::BTreeSet};

use landform_aws as aws;
use landform_aws::{data, types};
use landform_core::{
    Cidr, Rule, Schema, Stack, TypeName, form,
    schema::{Field, Kind},
};

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
            .iam_instance_profile(aws::IamInstanceProfileSpecification::new(&profile))
            .network_interfaces([aws::NetworkInterface::new().security_groups([&nodes])])
            .block_device_mappings([
                aws::BlockDeviceMapping::new("/dev/xvda").ebs(aws::Ebs::new().volume_size(64))
            ]),
    );
    let targets = stack.add("api", aws::LbTargetGroup::new(&vpc, "api", "TCP", 443));
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
    let specification = aws::MixedTemplateSpecification::new(&template).version(template.latest_version());
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
    stack.add("system", aws::LaunchTemplate::new("system").image_id(image.id()));
    stack.add("nodes", aws::AutoscalingGroup::new("nodes", 0, 1).vpc_zone_identifier(groups));
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
    stack.add("long", aws::LbTargetGroup::new(&vpc, "a".repeat(33), "TCP", 443));
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
