//! Rules, routes and names inside a resource: a group and a table with all they hold, an address that leads to an
//! interface, a template with all its blocks, a name that the creation makes.

use std::time::Duration;

use landform_aws::{Client, Eip, KeyPair, SecurityGroup};
use landform_core::{
    Address, Call, Found, Observed, Progress, Proposal,
    conformance::{Clause, Sample, check},
    expr::Expr,
};
use serde_json::{Value as Json, json};

use super::{Aws, Base, KEY, REGION, base, cases::world, create, identity, trust, typed, untold, update};
use landform_testkit::{moto::Moto, strict::Strict};

/// Leads a sample through its life, and returns the driver.
async fn led(strict: &Strict, name: &str, [arguments, changed, without]: [Json; 3]) {
    let provider = Client::emulator(&strict.url(), REGION).await.unwrap().provider();
    let driver = provider.driver(name).unwrap();
    let address = Address::new(&name.parse().unwrap(), "parts").unwrap();
    let sample = Sample::new(address, format!("parts-{}", name.replace('_', "-")), arguments)
        .changed(changed)
        .without(without)
        .patience(Duration::from_secs(20));
    strict.forget();
    let report =
        check(&**driver, &sample, tokio::time::sleep).await.unwrap_or_else(|broken| panic!("{broken}"));
    assert!(report.skipped.contains(&Clause::Secrets), "{:?}", report.skipped);
    assert_eq!(untold(strict, name), [""; 0]);
}

fn open(port: u16, more: Json) -> Json {
    let mut rule = json!({ "protocol": "tcp", "from_port": port, "to_port": port });
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

#[tokio::test]
async fn a_group_holds_its_rules() {
    let (moto, strict, aws) = world().await;
    let Base { vpc, .. } = base(&aws).await;
    let peer: Observed<SecurityGroup> =
        create(&aws, "peer", &typed::<SecurityGroup>(json!({ "vpc_id": vpc.id(), "name": "peer" }))).await;
    let group = |ingress: Json, egress: Json| json!({ "vpc_id": vpc.id(), "name": "held", "ingress": ingress, "egress": egress });
    let all = json!({ "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"] });
    let first = json!([
        open(
            443,
            json!({ "cidr_blocks": ["10.0.0.0/8", "10.9.0.0/16"], "ipv6_cidr_blocks": ["2001:db8::/32"], "description": "web" })
        ),
        open(22, json!({ "security_groups": [peer.id()], "self": true })),
    ]);
    let second = json!([
        open(443, json!({ "cidr_blocks": ["10.0.0.0/8"], "description": "the web" })),
        { "protocol": "icmp", "from_port": -1, "to_port": -1, "cidr_blocks": ["10.0.0.0/8"] },
    ]);
    let out = json!([open(53, json!({ "cidr_blocks": ["10.0.0.2/32"] }))]);
    led(
        &strict,
        "aws_security_group",
        [group(first.clone(), json!([all])), group(second, out), group(first.clone(), json!([all]))],
    )
    .await;

    let made = create(&aws, "seen", &typed::<SecurityGroup>(group(first, json!([all])))).await;
    let shown: Json = serde_json::from_str(&moto.run(&format!(
        r#"
import boto3, json
group = boto3.client("ec2").describe_security_groups(GroupIds=["{}"])["SecurityGroups"][0]
show = lambda rules: sorted([rule["IpProtocol"], rule.get("FromPort"), sorted([one["CidrIp"] for one in rule["IpRanges"]] + [one["CidrIpv6"] for one in rule.get("Ipv6Ranges", [])]), sorted(pair["GroupId"] for pair in rule["UserIdGroupPairs"])] for rule in rules)
print(json.dumps([show(group["IpPermissions"]), show(group["IpPermissionsEgress"])]))
"#,
        made.id()
    )))
    .unwrap();
    let mut groups = [peer.id(), made.id()];
    groups.sort_unstable();
    let (web, ssh) = (json!(["10.0.0.0/8", "10.9.0.0/16", "2001:db8::/32"]), json!(groups));
    assert_eq!(
        shown,
        json!([[["tcp", 22, [], ssh], ["tcp", 443, web, []]], [["-1", null, ["0.0.0.0/0"], []]]])
    );
}

#[tokio::test]
async fn rules_that_aws_would_show_as_one_are_refused() {
    let (_moto, strict, _) = world().await;
    let provider = Client::emulator(&strict.url(), REGION).await.unwrap().provider();
    let driver = provider.driver("aws_security_group").unwrap();
    let address: Address = "aws_security_group.a".parse().unwrap();
    for (rules, expected) in [
        (
            json!([open(1, json!({ "cidr_blocks": ["10.0.0.0/8"] })), open(1, json!({ "self": true }))]),
            "of another one",
        ),
        (json!([open(1, json!({}))]), "has no peer"),
    ] {
        let arguments = json!({ "vpc_id": "vpc-1", "name": "a", "ingress": rules });
        let arguments = Expr::from(arguments);
        let proposal = Proposal { address: &address, prior: None, arguments: &arguments, differs: &[] };
        let error = driver.forecast(proposal).await.unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("ingress"), "{error}");
    }
}

#[tokio::test]
async fn a_table_holds_its_routes() {
    let (_moto, strict, aws) = world().await;
    let Base { vpc, gateway, nat, .. } = base(&aws).await;
    let table = |routes: Json| json!({ "vpc_id": vpc.id(), "route": routes, "tags": { "Name": "held" } });
    let out = json!({ "cidr_block": "0.0.0.0/0", "gateway_id": gateway.id() });
    let inside = json!({ "cidr_block": "10.77.0.0/16", "nat_gateway_id": nat.id() });
    let moved = json!({ "cidr_block": "0.0.0.0/0", "nat_gateway_id": nat.id() });
    led(
        &strict,
        "aws_route_table",
        [table(json!([out, inside])), table(json!([moved])), json!({ "vpc_id": vpc.id(), "route": [moved] })],
    )
    .await;
}

#[tokio::test]
async fn an_address_leads_to_an_interface() {
    let (moto, strict, aws) = world().await;
    base(&aws).await;
    let interfaces: Vec<String> = serde_json::from_str(&moto.run(
        r#"
import boto3, json
ec2 = boto3.client("ec2")
subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
print(json.dumps([ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"] for _ in range(2)]))
"#,
    ))
    .unwrap();
    let address = |interface: &str| json!({ "network_interface": interface, "tags": { "Name": "a" } });
    led(
        &strict,
        "aws_eip",
        [address(&interfaces[0]), address(&interfaces[1]), json!({ "network_interface": interfaces[0] })],
    )
    .await;
    let made = create(&aws, "seen", &typed::<Eip>(address(&interfaces[0]))).await;
    assert!(made.attributes.association_id.is_some() && made.attributes.private_ip.is_some(), "{made:?}");
    let moved = update(&aws, "seen", &made, &typed::<Eip>(address(&interfaces[1]))).await;
    assert_eq!(moved.arguments.network_interface.as_deref(), Some(&*interfaces[1]));
}

#[tokio::test]
async fn an_instance_has_further_addresses() {
    let (_moto, strict, aws) = world().await;
    let subnet = base(&aws).await.subnet;
    let machine = |further: Json| {
        json!({
            "ami": "ami-12c6146b", "instance_type": "t3.micro", "subnet_id": subnet.id(),
            "private_ip": "10.0.0.20", "secondary_private_ips": further,
        })
    };
    let (first, second) = (json!(["10.0.0.21", "10.0.0.22"]), json!(["10.0.0.22", "10.0.0.23"]));
    led(&strict, "aws_instance", [machine(first.clone()), machine(second), machine(first)]).await;
}

#[tokio::test]
async fn a_template_has_all_blocks() {
    let (_moto, strict, _) = world().await;
    let template = |cores: u32, protects: bool| {
        json!({
            "name": "blocks",
            "iam_instance_profile": { "arn": "arn:aws:iam::123456789012:instance-profile/nodes" },
            "cpu_options": { "core_count": cores, "threads_per_core": 2 },
            "enclave_options": { "enabled": true },
            "hibernation_options": { "configured": true },
            "maintenance_options": { "auto_recovery": "disabled" },
            "capacity_reservation_specification": { "capacity_reservation_preference": "open" },
            "private_dns_name_options": { "hostname_type": "resource-name", "enable_resource_name_dns_a_record": true },
            "network_performance_options": { "bandwidth_weighting": "vpc-1" },
            "license_specification": [{ "license_configuration_arn": "arn:aws:license-manager:us-east-2:123456789012:license-configuration:lic-1" }],
            "disable_api_stop": protects,
            "disable_api_termination": protects,
            "instance_initiated_shutdown_behavior": "terminate",
            "placement": { "partition_number": 2, "group_name": "spread", "host_id": "h-1" },
            "instance_market_options": { "market_type": "spot", "spot_options": { "spot_instance_type": "persistent", "valid_until": "2027-01-31T12:00:00Z" } },
            "network_interfaces": [{
                "device_index": 0, "description": "first", "interface_type": "efa", "network_card_index": 0,
                "private_ip_address": "10.0.0.9", "ipv4_addresses": ["10.0.0.10", "10.0.0.11"],
                "ipv6_addresses": ["2001:db8::9"], "primary_ipv6": true,
                "connection_tracking_specification": { "tcp_established_timeout": 600 },
                "ena_srd_specification": { "ena_srd_enabled": true, "ena_srd_udp_specification": { "ena_srd_udp_enabled": false } },
            }, { "device_index": 1, "ipv4_prefix_count": 1, "ipv6_prefix_count": 2 }],
        })
    };
    led(&strict, "aws_launch_template", [template(2, true), template(4, false), json!({ "name": "blocks" })])
        .await;
}

#[tokio::test]
async fn a_creation_makes_the_name_and_a_search_finds_it() {
    let (_moto, strict, aws): (Moto, Strict, Aws) = world().await;
    let vpc = base(&aws).await.vpc;
    let provider = Client::emulator(&strict.url(), REGION).await.unwrap().provider();
    for (name, arguments, prefix) in [
        ("aws_security_group", json!({ "vpc_id": vpc.id(), "name_prefix": "web-" }), "web-"),
        ("aws_key_pair", json!({ "key_name_prefix": "ada-", "public_key": KEY }), "ada-"),
        ("aws_launch_template", json!({ "instance_type": "t3.micro" }), "landform-"),
        ("aws_iam_role", json!({ "name_prefix": "nodes-", "assume_role_policy": trust("ec2") }), "nodes-"),
        ("aws_sqs_queue", json!({ "name_prefix": "work-" }), "work-"),
        ("aws_s3_bucket", json!({ "bucket_prefix": "logs-" }), "logs-"),
        (
            "aws_lb_target_group",
            json!({ "vpc_id": vpc.id(), "protocol": "TCP", "port": 1, "name_prefix": "api-" }),
            "api-",
        ),
    ] {
        let driver = provider.driver(name).unwrap();
        let (address, token) = identity(name, name);
        let call = Call::new(&address, &token);
        let begun = driver.create(call, &arguments).await.unwrap();
        let id = super::settled(&**driver, call, begun, &arguments).await.unwrap();
        let found = match driver.find(call, &arguments).await.unwrap() {
            Found::Pending(ticket) => match driver.resume(call, &ticket, &arguments).await.unwrap() {
                Progress::Exists(found) => found,
                other => panic!("{name}: {other:?}"),
            },
            Found::Exists(found) => found,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(found.id, id);
        let key = match name {
            "aws_key_pair" => "key_name",
            "aws_s3_bucket" => "bucket",
            _ => "name",
        };
        let made = found.arguments[key].as_str().unwrap();
        assert!(made.starts_with(prefix) && made.len() == prefix.len() + 26, "{made}");
    }
    let missing: Result<KeyPair, _> = serde_json::from_value(json!({ "public_key": KEY }));
    assert!(missing.is_err(), "a name is part of every key pair that exists");
}
