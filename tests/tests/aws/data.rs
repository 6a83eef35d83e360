//! Data sources: find objects that somebody else made, as boto3 shows them. Managed resources use these objects, and no
//! run changes them.
use landform::{Cidr, Data, Declares, Engine, Stack, aws, aws::data};
use serde_json::{Value as Json, json};

use landform_testkit::moto::Moto;

/// Existing networks, and boto3's view of them, of the zones and of the images.
const BEFORE: &str = r#"
import boto3, json, os
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"])
def tags(of, **tags):
    return [{"ResourceType": of, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}]
def vpc(block, name):
    made = ec2.create_vpc(CidrBlock=block, TagSpecifications=tags("vpc", Name=name, Of="others"))
    return made["Vpc"]["VpcId"]
def subnet(vpc, block, zone, tier):
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone,
                             TagSpecifications=tags("subnet", Tier=tier))
    return made["Subnet"]
shared, other = vpc("10.20.0.0/16", "shared"), vpc("10.30.0.0/16", "shared*")
subnets = [subnet(shared, f"10.20.{n}.0/24", "us-east-2" + "abc"[n], "private") for n in range(3)]
subnets.append(subnet(shared, "10.20.9.0/24", "us-east-2a", "public"))
subnet(other, "10.30.0.0/24", "us-east-2a", "private")
table = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [shared]},
                                           {"Name": "association.main", "Values": ["true"]}])
default = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]
zones = ec2.describe_availability_zones(Filters=[{"Name": "state", "Values": ["available"]}])
zones = sorted(zones["AvailabilityZones"], key=lambda zone: zone["ZoneName"])
images = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": ["amzn2-ami-hvm-*"]}])["Images"]
newest = max(images, key=lambda image: (image["CreationDate"], image["ImageId"]))
print(json.dumps({
    "shared": shared, "other": other, "default": default["VpcId"],
    "table": table["RouteTables"][0]["RouteTableId"],
    "private": sorted(s["SubnetId"] for s in subnets[:3]), "public": subnets[3],
    "zones": {"names": [z["ZoneName"] for z in zones], "ids": [z["ZoneId"] for z in zones],
              "groups": sorted({z["GroupName"] for z in zones if z.get("GroupName")})},
    "images": len(images), "newest": newest,
}))
"#;

/// boto3's view of the stack's subnet, and the number of subnets.
const AFTER: &str = r#"
import boto3, json, os
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"])
subnets = ec2.describe_subnets()["Subnets"]
made = [s for s in subnets if any(t["Key"] == "Image" for t in s.get("Tags", []))]
tables = [t for t in ec2.describe_route_tables()["RouteTables"]
          if any(t["Key"] == "By" for t in t.get("Tags", []))]
print(json.dumps({"made": made, "subnets": len(subnets),
                  "associated": sorted(a["SubnetId"] for t in tables for a in t["Associations"])}))
"#;

fn python(moto: &Moto, script: &str) -> Json {
    serde_json::from_str(&moto.run(script)).unwrap()
}

async fn engine(moto: &Moto, directory: &tempfile::TempDir) -> Engine {
    let provider = aws::Client::emulator(&moto.url(), "us-east-2").await.unwrap().provider();
    Engine::builder().provider(provider).state_dir(directory.path()).open().unwrap()
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

fn images() -> data::AmiBuilder {
    data::Ami::new().owners(["amazon"]).filter([data::Filter::new("name", ["amzn2-ami-hvm-*"])])
}

/// A guest stack in somebody else's network: it makes a subnet, and a route table for the private ones.
fn guest(private: usize) -> Stack {
    let mut stack = Stack::new("guest");
    let zones = stack.read("here", data::AvailabilityZones::new().state(data::ZoneState::Available));
    let image = stack.read("system", images().most_recent(true));
    let vpc = stack.read("shared", data::Vpc::new().tag("Name", "shared").tag("Of", "others"));
    let subnets =
        data::Subnets::new().filter([data::Filter::new("vpc-id", [vpc.id()])]).tag("Tier", "private");
    let subnets = stack.read("private", subnets);
    let public =
        data::Subnet::new().vpc_id(vpc.id()).availability_zone(zones.names().at(0)).tag("Tier", "public");
    let public = stack.read("public", public);
    let standard = stack.read("standard", data::Vpc::new().default(true));

    let own = aws::Subnet::ipv4(vpc.id(), cidr("10.20.64.0/24"));
    stack.add("own", own.availability_zone(zones.names().at(1)).tag("Image", image.image_id()));
    let table = stack.add("own", aws::RouteTable::new(vpc.id()).tag("By", "guest"));
    for place in 0..private {
        let association = aws::RouteTableAssociation::new(subnets.ids().at(place), &table);
        stack.add(&format!("private-{place}"), association);
    }
    stack.output("zones", zones.names());
    stack.output("zone_ids", zones.zone_ids());
    stack.output("zone_groups", zones.group_names());
    stack.output("region", zones.id());
    stack.output("vpc", vpc.id());
    stack.output("vpc_arn", vpc.arn());
    stack.output("vpc_block", vpc.cidr_block());
    stack.output("vpc_tags", vpc.tags());
    stack.output("vpc_default", vpc.default());
    stack.output("main_table", vpc.main_route_table_id());
    stack.output("standard", standard.id());
    stack.output("private", subnets.ids());
    stack.output("public", public.id());
    stack.output("public_arn", public.arn());
    stack.output("public_block", public.cidr_block());
    stack.output("public_zone", public.availability_zone());
    stack.output("public_vpc", public.vpc_id());
    let of_image = [
        ("name", image.name()),
        ("architecture", image.architecture()),
        ("root_device_name", image.root_device_name()),
        ("creation_date", image.creation_date()),
        ("owner_id", image.owner_id()),
    ];
    of_image.into_iter().for_each(|(name, value)| stack.output(format!("image_{name}"), value));
    stack.output("image", image.id());
    stack
}

#[tokio::test]
async fn what_others_made_is_found_and_used() {
    let moto = Moto::start();
    let before = python(&moto, BEFORE);
    let directory = tempfile::tempdir().unwrap();
    let engine = engine(&moto, &directory).await;
    let stack = guest(3);
    let plan = engine.plan(&stack).await.unwrap();
    assert_eq!((plan.counts().added, plan.counts().read, plan.answers.len()), (5, 0, 6));
    let report = engine.apply(&plan).await.unwrap().complete().unwrap();

    let newest = &before["newest"];
    let arn = |what: &str| json!(format!("arn:aws:ec2:us-east-2:123456789012:{what}"));
    let expected = [
        ("zones", before["zones"]["names"].clone()),
        ("zone_ids", before["zones"]["ids"].clone()),
        ("zone_groups", before["zones"]["groups"].clone()),
        ("region", json!("us-east-2")),
        ("vpc", before["shared"].clone()),
        ("vpc_arn", arn(&format!("vpc/{}", before["shared"].as_str().unwrap()))),
        ("vpc_block", json!("10.20.0.0/16")),
        ("vpc_tags", json!({ "Name": "shared", "Of": "others" })),
        ("vpc_default", json!(false)),
        ("main_table", before["table"].clone()),
        ("standard", before["default"].clone()),
        ("private", before["private"].clone()),
        ("public", before["public"]["SubnetId"].clone()),
        ("public_arn", before["public"]["SubnetArn"].clone()),
        ("public_block", json!("10.20.9.0/24")),
        ("public_zone", json!("us-east-2a")),
        ("public_vpc", before["shared"].clone()),
        ("image", newest["ImageId"].clone()),
        ("image_name", newest["Name"].clone()),
        ("image_architecture", newest["Architecture"].clone()),
        ("image_root_device_name", newest["RootDeviceName"].clone()),
        ("image_creation_date", newest["CreationDate"].clone()),
        ("image_owner_id", newest["OwnerId"].clone()),
    ];
    assert_eq!(expected.len(), report.outputs.len());
    for (name, value) in expected {
        assert_eq!(report.outputs[name], value, "{name}");
    }
    let after = python(&moto, AFTER);
    let made = &after["made"][0];
    assert_eq!((&made["VpcId"], &made["AvailabilityZone"]), (&before["shared"], &json!("us-east-2b")));
    let tag = made["Tags"].as_array().unwrap().iter().find(|tag| tag["Key"] == "Image").unwrap();
    assert_eq!(tag["Value"], newest["ImageId"]);
    assert_eq!(after["associated"], before["private"]);

    let again = engine.plan(&stack).await.unwrap();
    assert!(again.is_empty() && again.drift.is_empty(), "{again}");
    let plan = engine.plan_destroy(&stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let left = python(&moto, AFTER);
    assert_eq!((&left["made"], &left["associated"]), (&json!([]), &json!([])));
    assert_eq!(left["subnets"].as_u64(), after["subnets"].as_u64().map(|count| count - 1));
}

/// A stack with a resource and a data source.
fn reading<R: Data>(name: &str, asked: impl Declares<R>) -> Stack {
    let mut stack = Stack::new("guest");
    stack.add("own", aws::Vpc::new(cidr("10.99.0.0/16")));
    stack.read(name, asked);
    stack
}

#[tokio::test]
async fn what_cannot_be_answered_is_said_before_any_effect() {
    let moto = Moto::start();
    let before = python(&moto, BEFORE);
    let directory = tempfile::tempdir().unwrap();
    let engine = engine(&moto, &directory).await;
    let several = before["images"].as_u64().unwrap();
    assert!(several > 1);
    let nowhere = data::Filter::new("name", ["nowhere"]);
    let cases = [
        (
            reading("lost", data::Vpc::new().id("vpc-0")),
            "data.aws_vpc.lost: reading failed: DescribeVpcs: not found: nothing matches id \"vpc-0\"",
        ),
        (
            reading("lost", data::Subnet::new().id("subnet-0").tag("Tier", "none")),
            "data.aws_subnet.lost: reading failed: DescribeSubnets: not found: nothing matches id \"subnet-0\", tags ",
        ),
        (
            reading("one", data::Vpc::new().tag("Of", "others")),
            "data.aws_vpc.one: reading failed: DescribeVpcs: invalid: 2 match tags {\"Of\":\"others\"}, expected one",
        ),
        (
            reading("one", images()),
            &format!("data.aws_ami.one: reading failed: DescribeImages: invalid: {several} match "),
        ),
        (
            reading("none", images().filter([nowhere])),
            "data.aws_ami.none: reading failed: DescribeImages: not found: nothing matches filter ",
        ),
        (
            reading("any", data::Ami::new().most_recent(true)),
            "data.aws_ami.any: reading failed: DescribeImages: invalid: most_recent requires owners",
        ),
    ];
    for (stack, expected) in cases {
        let error = engine.plan(&stack).await.unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}\nexpected {expected}");
    }
    assert!(engine.state("guest").await.unwrap().is_empty());
    let count = "import boto3, os\nec2 = boto3.client('ec2', region_name=os.environ['AWS_REGION'])\n\
                 print(len(ec2.describe_vpcs()['Vpcs']))";
    assert_eq!(python(&moto, count), json!(3), "the default one and the two made beforehand");
}
