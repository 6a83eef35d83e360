//! Instances in the spot market, with existing network interfaces, and with options of their hardware.

use std::time::Duration;

use landform_aws::{Client, Instance, PlacementGroup};
use landform_core::{
    Address, ErrorKind, Observed, Proposal, Resource as _,
    conformance::{Clause, Sample, check},
    expr::Expr,
};
use serde_json::{Value as Json, json};

use super::{REGION, base, cases::world, create, delete, typed, untold, update};

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

/// The options of the one instance, as boto3 reads them.
const READ: &str = r#"
import boto3, json, os, sys
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"], endpoint_url="$URL")
[one] = [one for some in ec2.describe_instances()["Reservations"] for one in some["Instances"]
         if one["State"]["Name"] != "terminated"]
names = one["PrivateDnsNameOptions"]
print(json.dumps({
    "cpu": one["CpuOptions"], "enclave": one["EnclaveOptions"]["Enabled"],
    "reservation": one["CapacityReservationSpecification"], "recovery": one["MaintenanceOptions"]["AutoRecovery"],
    "name": names["HostnameType"], "records": names.get("EnableResourceNameDnsARecord"),
    "partition": one["Placement"].get("PartitionNumber"), "state": one["State"]["Name"],
}))
"#;

#[tokio::test]
async fn options_are_as_declared_and_change_in_place() {
    let (moto, strict, aws) = world().await;
    let base = base(&aws).await;
    let group = json!({ "name": "parts", "strategy": "partition", "partition_count": 3 });
    let group: Observed<PlacementGroup> = create(&aws, "parts", &typed(group)).await;
    let machine = |more: Json| -> Instance {
        let mut all = json!({
            "ami": "ami-12c6146b", "instance_type": "c5.2xlarge", "subnet_id": base.subnet.id(),
            "placement_group": group.id(), "placement_partition_number": 2, "enclave_options": { "enabled": true },
        });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        typed(all)
    };
    let boto3 = || -> Json { serde_json::from_str(&moto.run(&READ.replace("$URL", &strict.url()))).unwrap() };
    strict.forget();
    let first = machine(json!({
        "cpu_options": { "core_count": 4, "threads_per_core": 1 },
        "capacity_reservation_specification": { "capacity_reservation_preference": "none" },
        "private_dns_name_options": { "hostname_type": "ip-name", "enable_resource_name_dns_a_record": true },
        "maintenance_options": { "auto_recovery": "disabled" },
    }));
    let made = create(&aws, "a", &first).await;
    let seen = boto3();
    assert_eq!(
        seen,
        json!({
            "cpu": { "CoreCount": 4, "ThreadsPerCore": 1 }, "enclave": true,
            "reservation": { "CapacityReservationPreference": "none" }, "recovery": "disabled",
            "name": "ip-name", "records": true, "partition": 2, "state": "running",
        })
    );
    for field in ["cpu_options", "enclave_options", "private_dns_name_options", "placement_partition_number"]
    {
        let [told, wanted] =
            [&made.arguments, &first].map(|it| serde_json::to_value(it).unwrap()[field].clone());
        assert!(
            wanted.as_object().is_none_or(|all| all.iter().all(|(key, value)| told[key] == *value)),
            "{told}"
        );
    }

    // These three need an instance that is stopped. One stop serves them all.
    let target =
        json!({ "capacity_reservation_target": { "capacity_reservation_id": "cr-0123456789abcdef0" } });
    let second = machine(json!({
        "cpu_options": { "core_count": 2, "threads_per_core": 2 },
        "capacity_reservation_specification": target,
        "private_dns_name_options": { "hostname_type": "resource-name", "enable_resource_name_dns_a_record": true },
        "maintenance_options": { "auto_recovery": "disabled" },
    }));
    let changed = update(&aws, "a", &made, &second).await;
    assert_eq!(changed.id(), made.id());
    assert_eq!(strict.count("StopInstances"), 1);
    assert_eq!(strict.count("StartInstances"), 1);
    let seen = boto3();
    assert_eq!(seen["cpu"], json!({ "CoreCount": 2, "ThreadsPerCore": 2 }));
    let reserved = json!({ "CapacityReservationId": "cr-0123456789abcdef0" });
    assert_eq!(seen["reservation"], json!({ "CapacityReservationTarget": reserved }));
    assert_eq!(seen["name"], "resource-name");
    assert_eq!(seen["state"], "running");

    // These do not.
    let third = machine(json!({
        "private_dns_name_options": { "hostname_type": "resource-name", "enable_resource_name_dns_a_record": false },
        "maintenance_options": { "auto_recovery": "default" },
    }));
    let changed = update(&aws, "a", &changed, &third).await;
    let seen = boto3();
    assert_eq!((&seen["records"], &seen["recovery"]), (&json!(false), &json!("default")));
    assert_eq!(seen["cpu"], json!({ "CoreCount": 2, "ThreadsPerCore": 2 }), "the default is what is there");
    assert_eq!(strict.count("StopInstances"), 1);
    assert!(delete(&aws, "a", &changed).await.unwrap());
    assert_eq!(untold(&strict, Instance::TYPE), [""; 0]);
}
