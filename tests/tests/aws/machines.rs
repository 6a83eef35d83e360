//! Instances and main route tables through the engine: created, changed, lost, recreated and deleted, as boto3 sees
//! them.

use landform::{Cidr, Engine, Stack, aws};
use serde_json::{Value as Json, json};

use landform_testkit::moto::Moto;

const SEEN: &str = r#"
import base64, boto3, json, os
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"])
running = [{"Name": "instance-state-name", "Values": ["running", "stopped"]}]
machines = [m for r in ec2.describe_instances(Filters=running)["Reservations"] for m in r["Instances"]]
def told(id):
    data = ec2.describe_instance_attribute(InstanceId=id, Attribute="userData")["UserData"].get("Value", "")
    return base64.b64decode(data).decode()
vpcs = [v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]]
tables = [t for t in ec2.describe_route_tables()["RouteTables"] if t["VpcId"] in vpcs]
main = [t for t in tables if any(a.get("Main") for a in t["Associations"])]
print(json.dumps({
    "machines": [{"type": m["InstanceType"], "state": m["State"]["Name"], "told": told(m["InstanceId"]),
                  "tags": sorted(t["Key"] for t in m.get("Tags", []))} for m in machines],
    "main": [sorted(t["Key"] for t in table["Tags"]) for table in main],
    "vpcs": len(vpcs), "tables": len(tables),
}))
"#;

const LOSE: &str = r#"
import boto3, os
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"])
running = [{"Name": "instance-state-name", "Values": ["running"]}]
for r in ec2.describe_instances(Filters=running)["Reservations"]:
    ec2.terminate_instances(InstanceIds=[m["InstanceId"] for m in r["Instances"]])
"#;

fn seen(moto: &Moto) -> Json {
    serde_json::from_str(&moto.run(SEEN)).unwrap()
}

fn stack(kind: &str, told: &str, replace: bool) -> Stack {
    let range = |text: &str| text.parse::<Cidr>().unwrap();
    let mut stack = Stack::new("machines");
    let vpc = stack.add("main", aws::Vpc::new(range("10.0.0.0/16")));
    let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, range("10.0.1.0/24")));
    let table = stack.add("own", aws::RouteTable::new(&vpc).tag("Name", "own"));
    stack.add("main", aws::MainRouteTableAssociation::new(&vpc, &table));
    let machine = aws::Instance::new()
        .ami("ami-12c6146b")
        .instance_type(kind)
        .subnet_id(&subnet)
        .user_data(told)
        .user_data_replace_on_change(replace)
        .tag("Name", "bastion");
    stack.add("bastion", machine);
    stack
}

#[tokio::test]
async fn machines_and_main_tables_are_made_changed_lost_and_gone() {
    let moto = Moto::start();
    let directory = tempfile::tempdir().unwrap();
    let provider = aws::Client::emulator(&moto.url(), "us-east-2").await.unwrap().provider();
    let engine = Engine::builder().provider(provider).state_dir(directory.path()).open().unwrap();
    let machine = |kind: &str, told: &str| json!([{ "type": kind, "state": "running", "told": told, "tags": ["Name", "landform:token"] }]);
    for (kind, told, replace, counts) in [
        ("t3.micro", "one", false, (5, 0, 0)),
        ("t3.small", "one", false, (0, 1, 0)),
        ("t3.small", "two", false, (0, 1, 0)),
        ("t3.small", "three", true, (0, 0, 1)),
    ] {
        let stack = stack(kind, told, replace);
        let plan = engine.plan(&stack).await.unwrap();
        let planned = plan.counts();
        assert_eq!((planned.added, planned.changed, planned.replaced), counts, "{plan}");
        engine.apply(&plan).await.unwrap().complete().unwrap();
        let now = seen(&moto);
        assert_eq!(now["machines"], machine(kind, told));
        assert_eq!(now["main"], json!([["Name", "landform:token"]]), "the declared table is the main one");
        let again = engine.plan(&stack).await.unwrap();
        assert!(again.is_empty(), "{again}");
    }
    let stack = stack("t3.small", "three", true);
    moto.run(LOSE);
    let plan = engine.plan(&stack).await.unwrap();
    assert_eq!(plan.counts().added, 1, "{plan}");
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(seen(&moto)["machines"], machine("t3.small", "three"));

    let plan = engine.plan_destroy(&stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(seen(&moto), json!({ "machines": [], "main": [], "vpcs": 0, "tables": 0 }));
}
