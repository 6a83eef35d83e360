//! The base network and data sources through the real SDK against moto. boto3, an independent client, checks the
//! result.
#![allow(clippy::unwrap_used)]

mod cases;
mod cluster;
mod data;
#[cfg(feature = "stores")]
mod kops;
mod machines;
mod rates;
mod six;

use std::{collections::BTreeMap, path::Path, process::Command};

use landform::{Engine, Stack, aws, vpc};
use landform_testkit::{examples, moto::Moto};

/// boto3's counts in a region, without the objects that every account starts with.
const COUNT: &str = r#"
import boto3, os
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"])
vpcs = [v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]]
def of(items): return sum(1 for item in items if item.get("VpcId") in vpcs)
tables = [t for t in ec2.describe_route_tables()["RouteTables"] if t["VpcId"] in vpcs]
print("vpcs", len(vpcs))
print("subnets", of(ec2.describe_subnets()["Subnets"]))
print("gateways", sum(1 for g in ec2.describe_internet_gateways()["InternetGateways"]
                      if any(a["VpcId"] in vpcs for a in g["Attachments"])))
print("nats", sum(1 for n in ec2.describe_nat_gateways()["NatGateways"] if n["State"] != "deleted"))
print("addresses", len(ec2.describe_addresses()["Addresses"]))
print("routes_to_nats", sum(1 for t in tables for r in t["Routes"] if r.get("NatGatewayId")))
print("associations", sum(1 for t in tables for a in t["Associations"] if not a.get("Main")))
"#;

/// Asks boto3, which moto's installation includes.
fn counted(moto: &Moto) -> BTreeMap<String, usize> {
    let text = moto.run(COUNT);
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    pairs.map(|(name, number)| (name.to_owned(), number.parse().unwrap())).collect()
}

fn expected(numbers: [usize; 7]) -> BTreeMap<String, usize> {
    let names = ["vpcs", "subnets", "gateways", "nats", "addresses", "routes_to_nats", "associations"];
    names.map(str::to_owned).into_iter().zip(numbers).collect()
}

/// Three zones, each with four subnets, a NAT gateway, and a route to the gateway.
const WHOLE: [usize; 7] = [1, 12, 1, 3, 3, 3, 12];
const NOTHING: [usize; 7] = [0; 7];

#[tokio::test]
async fn the_base_network_is_made_as_planned_and_goes_without_a_trace() {
    let moto = Moto::start();
    let directory = tempfile::tempdir().unwrap();
    let provider = aws::Client::emulator(&moto.url(), "us-east-2").await.unwrap().provider();
    let engine = Engine::builder().provider(provider).state_dir(directory.path()).open().unwrap();
    let mut stack = Stack::new("base");
    vpc::base(&mut stack, &vpc::BaseNetwork::default()).unwrap();

    let plan = engine.plan(&stack).await.unwrap();
    let report = engine.apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(report.counts.added, stack.len());
    assert_eq!(counted(&moto), expected(WHOLE));

    let again = engine.plan(&stack).await.unwrap();
    assert!(again.is_empty(), "{again}");
    assert!(again.drift.is_empty(), "{again}");

    let plan = engine.plan_destroy(&stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(counted(&moto), expected(NOTHING));
    assert!(engine.state("base").await.unwrap().is_empty());
}

#[test]
fn the_program_does_the_same_from_the_command_line() {
    let moto = Moto::start();
    let directory = tempfile::tempdir().unwrap();
    let applied = fairwinds(&moto, directory.path(), "apply");
    assert_eq!((applied["added"].as_u64(), applied["failed"].as_u64()), (Some(40), Some(0)), "{applied}");
    assert_eq!(counted(&moto), expected(WHOLE));
    let destroyed = fairwinds(&moto, directory.path(), "destroy");
    assert_eq!((destroyed["destroyed"].as_u64(), destroyed["failed"].as_u64()), (Some(40), Some(0)));
    assert_eq!(counted(&moto), expected(NOTHING));
}

/// The last line of a command's JSON.
fn fairwinds(moto: &Moto, state: &Path, command: &str) -> serde_json::Value {
    let output = Command::new(examples::example("fairwinds"))
        .args([command, "--cloud", "aws", "--yes", "--json", "--state"])
        .arg(state)
        .envs(moto.environment())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}
