//! Resources that Terraform recorded: found by their import ids, and taken over.

use std::collections::BTreeMap;

use landform::{
    ErrorKind, Schema, Stack, aws,
    schema::Kind,
    sim::{Cloud, Latency},
    view::read_tfstate,
};
use landform_testkit::demo::cidr;
use serde_json::{Map, Value as Json, json};

/// A state of Terraform 1.11 with AWS provider 5.100, with at least one resource of each declared type.
const RECORDED: &str = include_str!("recorded/aws.tfstate");

/// The attributes that are arguments of a type, as a user would declare them.
fn declared(schema: &Schema, attributes: &Map<String, Json>) -> Json {
    let given = |value: &Json| !matches!(value, Json::Null) && *value != json!("") && *value != json!([]);
    let fields = schema.fields().iter().filter_map(|field| {
        let value = attributes.get(&field.name).filter(|value| given(value))?;
        Some((field.name.clone(), declared_as(&field.kind, value)?))
    });
    Json::Object(fields.collect())
}

/// Terraform's states record a single block as a list of one, and also record empty blocks.
fn declared_as(kind: &Kind, value: &Json) -> Option<Json> {
    Some(match (kind, value) {
        (Kind::Block(_), Json::Array(items)) => declared_as(kind, &items[0])?,
        (Kind::Block(schema), Json::Object(fields)) => {
            let block = declared(schema, fields);
            let whole =
                schema.fields().iter().all(|field| !field.required || block.get(&field.name).is_some());
            Some(block).filter(|_| whole)?
        }
        (Kind::List(item) | Kind::Set(item), Json::Array(items)) => {
            items.iter().filter_map(|value| declared_as(item, value)).collect()
        }
        // Terraform records some numbers as text.
        (Kind::Integer, Json::String(text)) => text.parse::<i64>().ok()?.into(),
        (_, value) => value.clone(),
    })
}

#[tokio::test]
async fn what_terraform_recorded_of_every_aws_type_is_found_by_its_import_id() {
    let state = read_tfstate(RECORDED).unwrap();
    assert!(state.left_out.is_empty(), "{:?}", state.left_out);
    let types: BTreeMap<String, _> = aws::types()
        .into_iter()
        .filter(|known| !known.is_data())
        .map(|known| (known.name_str().to_owned(), known))
        .collect();
    let recorded: std::collections::BTreeSet<&str> =
        state.resources.iter().map(|known| known.address.type_str()).collect();
    let missing: Vec<&String> = types.keys().filter(|name| !recorded.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "the state has nothing of {missing:?}");

    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::open(directory.path()).types(aws::types()).latency(Latency::none()).build().unwrap();
    let provider = cloud.provider("aws");
    // A policy that AWS owns. No state has it.
    let arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
    let policy = json!({ "name": "AmazonSSMManagedInstanceCore", "policy": "{}" });
    cloud.seed("aws_iam_policy", arn, policy).unwrap();
    let known = state.resources.iter().filter(|known| types.contains_key(known.address.type_str()));
    let known: Vec<_> = known.collect();
    let mut open = known.clone();
    // Resources that others refer to must exist first.
    while !open.is_empty() {
        let (before, mut why) = (open.len(), String::new());
        open.retain(|known| {
            let of_type = &types[known.address.type_str()];
            let own = cloud_id(of_type, &known.attributes, &known.id);
            let mut arguments = declared(&of_type.arguments, &known.attributes);
            match of_type.name_str() {
                "aws_route53_record" => arguments["name"] = known.attributes["fqdn"].clone(),
                // The VPC's default group, which no state has either.
                "aws_elb" => arguments["security_groups"] = Json::Null,
                _ => {}
            }
            let Err(error) = cloud.seed(of_type.name_str(), &own, arguments) else { return false };
            assert_eq!(error.kind(), ErrorKind::NotFound, "{}: {error}", known.address);
            why += &format!("{}: {error}\n", known.address);
            true
        });
        assert!(open.len() < before, "{why}");
    }
    for known in known {
        let of_type = &types[known.address.type_str()];
        let id = of_type.import_id(&known.attributes).unwrap();
        let driver = provider.driver(of_type.name_str()).unwrap();
        let found =
            driver.import(&id).await.unwrap_or_else(|error| panic!("{}: {id}: {error}", known.address));
        assert_eq!(found.id, cloud_id(of_type, &known.attributes, &known.id), "{}", known.address);
    }
}

/// The id of an object in a cloud: the recorded one, if it came from Terraform.
fn cloud_id(known: &landform::ResourceType, attributes: &Map<String, Json>, recorded: &str) -> String {
    let of = |name: &str| attributes[name].as_str().unwrap_or_default().to_owned();
    match known.name_str() {
        "aws_route" => {
            let destination = [of("destination_cidr_block"), of("destination_ipv6_cidr_block")].concat();
            format!("{}_{destination}", of("route_table_id"))
        }
        "aws_route_table_association" => of("subnet_id"),
        "aws_main_route_table_association" => of("vpc_id"),
        "aws_autoscaling_attachment" => {
            format!("{}/{}", of("autoscaling_group_name"), [of("elb"), of("lb_target_group_arn")].concat())
        }
        "aws_autoscaling_lifecycle_hook" => format!("{}/{}", of("autoscaling_group_name"), of("name")),
        "aws_iam_role_policy_attachment" => format!("{}/{}", of("role"), of("policy_arn")),
        "aws_route53_zone_association" => format!("{}:{}", of("zone_id"), of("vpc_id")),
        "aws_route53_record" => {
            let set = Some(of("set_identifier")).filter(|set| !set.is_empty());
            [of("zone_id"), of("fqdn"), of("type")].into_iter().chain(set).collect::<Vec<_>>().join("_")
        }
        "aws_cloudwatch_event_target" => [of("event_bus_name"), of("rule"), of("target_id")].join("/"),
        "aws_s3_object" => format!("{}/{}", of("bucket"), of("key")),
        "aws_lb_target_group_attachment" => {
            format!("{}/{}/{}", of("target_group_arn"), of("target_id"), attributes["port"])
        }
        "aws_network_acl_rule" => {
            let parts = [&attributes["rule_number"], &attributes["protocol"], &attributes["egress"]];
            let parts = parts.map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned));
            format!("{}:{}", of("network_acl_id"), parts.join(":"))
        }
        _ => recorded.to_owned(),
    }
}

/// The type, Terraform's record, and the import id: from Terraform's documentation, or else from the declaration here.
#[test]
fn import_ids_are_those_that_terraform_documents() {
    let cases = [
        (
            "aws_route",
            json!({ "id": "r-rtb-11080289494", "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0",
                "destination_ipv6_cidr_block": "" }),
            "rtb-1_0.0.0.0/0",
        ),
        (
            "aws_route",
            json!({ "id": "r-rtb-12750132062", "route_table_id": "rtb-1", "destination_cidr_block": "",
                "destination_ipv6_cidr_block": "::/0" }),
            "rtb-1_::/0",
        ),
        ("aws_route_table_association", json!({ "id": "rtbassoc-1", "subnet_id": "subnet-1" }), "subnet-1"),
        (
            "aws_security_group_rule",
            json!({ "id": "sgrule-1", "security_group_id": "sg-1", "type": "ingress", "protocol": "tcp",
                "from_port": 8000, "to_port": 8000, "cidr_blocks": ["10.0.3.0/24"], "self": false }),
            "sg-1_ingress_tcp_8000_8000_10.0.3.0/24",
        ),
        (
            "aws_security_group_rule",
            json!({ "security_group_id": "sg-1", "type": "egress", "protocol": "-1", "from_port": 0, "to_port": 0,
                "cidr_blocks": [], "prefix_list_ids": ["pl-1"], "ipv6_cidr_blocks": ["::/0"],
                "source_security_group_id": "" }),
            "sg-1_egress_-1_0_0_::/0_pl-1",
        ),
        (
            "aws_security_group_rule",
            json!({ "security_group_id": "sg-1", "type": "ingress", "protocol": "icmp", "from_port": -1,
                "to_port": -1, "self": true, "source_security_group_id": null }),
            "sg-1_ingress_icmp_-1_-1_self",
        ),
        (
            "aws_route53_record",
            json!({ "id": "Z1_dev_NS", "zone_id": "Z1", "name": "dev", "fqdn": "dev.example.com", "type": "NS",
                "set_identifier": "" }),
            "Z1_dev.example.com_NS",
        ),
        (
            "aws_route53_record",
            json!({ "id": "Z1__A_b", "zone_id": "Z1", "name": "", "fqdn": "example.com", "type": "A",
                "set_identifier": "b" }),
            "Z1_example.com_A_b",
        ),
        (
            "aws_route53_zone_association",
            json!({ "id": "Z1:vpc-1:us-east-2", "zone_id": "Z1", "vpc_id": "vpc-1" }),
            "Z1:vpc-1",
        ),
        (
            "aws_autoscaling_lifecycle_hook",
            json!({ "id": "wait", "name": "wait", "autoscaling_group_name": "g" }),
            "g/wait",
        ),
        (
            "aws_autoscaling_attachment",
            json!({ "id": "g-2026", "autoscaling_group_name": "g", "elb": "", "lb_target_group_arn": "arn:t" }),
            "g/arn:t",
        ),
        (
            "aws_cloudwatch_event_rule",
            json!({ "id": "own/r", "name": "r", "event_bus_name": "own" }),
            "own/r",
        ),
        (
            "aws_cloudwatch_event_target",
            json!({ "id": "own-r-t", "rule": "r", "target_id": "t", "event_bus_name": "own" }),
            "own/r/t",
        ),
        (
            "aws_iam_role_policy_attachment",
            json!({ "id": "r-2026", "role": "r", "policy_arn": "arn:p" }),
            "r/arn:p",
        ),
        ("aws_s3_object", json!({ "id": "k/e/y", "bucket": "b", "key": "k/e/y" }), "b/k/e/y"),
        ("aws_lb", json!({ "id": "arn:lb", "name": "n" }), "arn:lb"),
        ("aws_nat_gateway", json!({ "id": "nat-1" }), "nat-1"),
    ];
    let types = aws::types();
    for (name, recorded, expected) in cases {
        let known = types.iter().find(|known| known.name_str() == name).unwrap();
        assert_eq!(known.import_id(recorded.as_object().unwrap()).as_deref(), Ok(expected), "{name}");
    }
    let route = types.iter().find(|known| known.name_str() == "aws_route").unwrap();
    let recorded =
        json!({ "id": "r-rtb-1", "route_table_id": "rtb-1", "destination_prefix_list_id": "pl-1" });
    assert_eq!(route.import_id(recorded.as_object().unwrap()).as_deref(), Ok("rtb-1_pl-1"));
    let error = route.import_id(json!({ "route_table_id": "rtb-1" }).as_object().unwrap()).unwrap_err();
    let expected =
        "destination_cidr_block or destination_ipv6_cidr_block or destination_prefix_list_id has no value";
    assert!(error.to_string().contains(expected), "{error}");
}

/// Takes over a cluster's whole network that Terraform made: nothing is missing, and nothing fails.
#[tokio::test(start_paused = true)]
async fn a_plan_takes_over_what_terraform_made_whatever_its_ids() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::open(directory.path()).types(aws::types()).latency(Latency::none()).build().unwrap();
    let state = read_tfstate(RECORDED).unwrap();
    let attributes = |address: &str| {
        let known = state.resources.iter().find(|known| known.address.as_str() == address).unwrap();
        known.attributes.clone()
    };
    let mut stack = Stack::new("base");
    let vpc = stack.add("main", aws::Vpc::new(cidr("10.0.0.0/16")));
    let subnet = stack.add("a", aws::Subnet::new(&vpc).cidr_block(cidr("10.0.1.0/24")));
    let table = stack.add("main", aws::RouteTable::new(&vpc));
    let gateway = stack.add("main", aws::InternetGateway::new(&vpc));
    stack.add("ipv4", aws::Route::ipv4(&table, cidr("0.0.0.0/0")).gateway_id(&gateway));
    stack.add("a", aws::RouteTableAssociation::new(&subnet, &table));
    let types = aws::types();
    for node in stack.nodes() {
        let of_type = types.iter().find(|known| known.name_str() == node.address.type_str()).unwrap();
        let recorded = attributes(node.address.as_str());
        let own = cloud_id(of_type, &recorded, recorded["id"].as_str().unwrap());
        cloud.seed(of_type.name_str(), &own, declared(&of_type.arguments, &recorded)).unwrap();
    }
    let taken = state.take_over(&mut stack);
    assert_eq!((taken.taken.len(), taken.left_out.len()), (6, 0));
    assert!(taken.undeclared.contains(&"aws_sqs_queue.main"));
    let engine = landform::Engine::builder()
        .provider(cloud.provider("aws"))
        .store(std::sync::Arc::new(landform::store::MemoryStore::new()))
        .open()
        .unwrap();
    let plan = engine.plan(&stack).await.unwrap();
    assert_eq!((plan.counts().adopted, plan.changes.len()), (6, 6), "{plan}");
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert!(engine.plan(&stack).await.unwrap().is_empty());
}
