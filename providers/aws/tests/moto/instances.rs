//! Instances in the spot market, and with existing network interfaces.

use std::time::Duration;

use landform_aws::Client;
use landform_core::{
    Address, ErrorKind, Proposal,
    conformance::{Clause, Sample, check},
    expr::Expr,
};
use serde_json::{Value as Json, json};

use super::{REGION, base, cases::world, untold};

/// Makes a network interface in a subnet.
const MAKE: &str = r#"
import boto3, json, os, sys
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"])
subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
made = ec2.create_network_interface(SubnetId=subnet, Description="declared elsewhere")["NetworkInterface"]
print(json.dumps({"id": made["NetworkInterfaceId"], "subnet": subnet}))
"#;

#[tokio::test]
async fn a_spot_instance_with_an_existing_interface_keeps_the_contract() {
    let (moto, strict, aws) = world().await;
    base(&aws).await;
    let interface: Json = serde_json::from_str(&moto.run(MAKE)).unwrap();
    let provider = Client::emulator(&strict.url(), REGION).await.unwrap().provider();
    let driver = provider.driver("aws_instance").unwrap();
    let machine = |tags: Json| {
        json!({
            "ami": "ami-12c6146b", "instance_type": "t3.micro", "tags": tags,
            "instance_market_options": { "market_type": "spot" },
            "network_interface": [{ "device_index": 0, "network_interface_id": interface["id"] }],
        })
    };
    let address: Address = "aws_instance.spot".parse().unwrap();
    let sample = Sample::new(address, "spot", machine(json!({ "Name": "a" })))
        .changed(machine(json!({ "Name": "b" })))
        .without(machine(json!({})))
        .patience(Duration::from_secs(20));
    strict.forget();
    let report = check(&**driver, &sample, tokio::time::sleep).await.unwrap();
    assert_eq!(report.skipped, [Clause::Secrets]);
    assert_eq!(untold(&strict, "aws_instance"), [""; 0]);
    assert_eq!(strict.count("RunInstances"), 1);
}

#[tokio::test]
async fn a_type_that_a_zone_does_not_offer_is_refused_while_planning() {
    let (_moto, strict, aws) = world().await;
    let base = base(&aws).await;
    let provider = Client::emulator(&strict.url(), REGION).await.unwrap().provider();
    let driver = provider.driver("aws_instance").unwrap();
    let address: Address = "aws_instance.a".parse().unwrap();
    let (subnet, zone) = (base.subnet.id(), base.subnet.arguments.availability_zone.as_deref().unwrap());
    for (kind, place, refused) in [
        ("t3.micro", json!({ "availability_zone": zone }), None),
        ("t9.huge", json!({ "availability_zone": zone }), Some(zone)),
        ("t3.micro", json!({ "subnet_id": subnet }), None),
        ("t9.huge", json!({ "subnet_id": subnet }), Some(subnet)),
        ("t9.huge", json!({}), None),
    ] {
        let mut arguments = json!({ "ami": "ami-12c6146b", "instance_type": kind });
        arguments.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
        let arguments = Expr::from(arguments);
        let proposal = Proposal { address: &address, prior: None, arguments: &arguments, differs: &[] };
        match (driver.forecast(proposal).await, refused) {
            (Ok(_), None) => {}
            (Err(error), Some(place)) => {
                assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
                let expected = format!("instance_type: EC2 does not offer the type t9.huge in {place}");
                assert!(error.to_string().contains(&expected), "{error}");
            }
            (outcome, _) => panic!("{kind} {place}: {outcome:?}"),
        }
    }
    assert_eq!(
        strict.count("DescribeInstanceTypeOfferings"),
        2,
        "what the client knows it does not ask again"
    );
    assert_eq!(strict.count("RunInstances"), 0);
}
