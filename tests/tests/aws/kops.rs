//! The `kops` command on AWS's APIs, with its state in a bucket: the four commands of a new cluster in the VPC of a base
//! layer, 3 to 30 machines by one line, a rolling update that a kill interrupts, and a deletion that leaves the network.
//! boto3 counts the objects.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value as Json;

use landform_testkit::{examples::example, moto::Moto};

const WORKING: &str = include_str!("../../../examples/fairwinds/working.yml");
const NAME: &str = "working.example.com";
const STORE: &str = "s3://fairwinds-state";
/// Starts kops's nodeup with stand-ins for the rest of a machine's world.
const NODEUP: &str = include_str!("nodeup.py");
/// A public key without a private key.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKyIbOp1ZVERj6TIE01dBhPGLi7fAXlhtRJqbe89T9Mb tests";

/// What somebody else made before the cluster: a bucket, a hosted zone, an own image, and a parameter that names one.
const BEFORE: &str = r#"
import boto3, os
region = os.environ["AWS_REGION"]
boto3.client("s3", region_name=region).create_bucket(
    Bucket="fairwinds-state", CreateBucketConfiguration={"LocationConstraint": region})
boto3.client("route53").create_hosted_zone(Name="example.com", CallerReference="owner")
ec2 = boto3.client("ec2", region_name=region)
image = lambda name: ec2.register_image(Name=name, Architecture="x86_64", RootDeviceName="/dev/xvdz")["ImageId"]
image("nodes-of-today")
boto3.client("ssm", region_name=region).put_parameter(
    Name="/images/control-plane", Type="String", Value=image("control-plane"))
"#;

/// The VPC and its NAT gateways by zone.
const NETWORK: &str = r#"
import boto3, json, os
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"])
vpc = next(v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"])
zones = {s["SubnetId"]: s["AvailabilityZone"] for s in ec2.describe_subnets()["Subnets"]}
nats = {zones[n["SubnetId"]]: n["NatGatewayId"] for n in ec2.describe_nat_gateways()["NatGateways"]}
print(json.dumps({"vpc": vpc, "nats": nats}))
"#;

/// Puts archives with the names of the real programs into a mirror.
const ARCHIVES: &str = r#"
import io, os, tarfile
PROGRAMS = {"containerd-": ["bin/containerd", "bin/ctr", "bin/containerd-shim-runc-v2"], "cni-": ["bridge", "loopback"]}
def fill(mirror):
    for folder, _, files in os.walk(mirror):
        for name in files:
            programs = next((programs for start, programs in PROGRAMS.items() if name.startswith(start)), None)
            if programs is None: continue
            with tarfile.open(os.path.join(folder, name), "w:gz") as archive:
                for program in programs:
                    content = (program + name).encode()
                    entry = tarfile.TarInfo(program)
                    entry.size, entry.mode = len(content), 0o755
                    archive.addfile(entry, io.BytesIO(content))
fill"#;

/// Deletes the engine's state in the bucket.
const FORGET: &str = r#"
import boto3, os
bucket = boto3.resource("s3", region_name=os.environ["AWS_REGION"]).Bucket("fairwinds-state")
bucket.objects.filter(Prefix="landform/").delete()
"#;

/// Makes the hosted zone anew. moto refuses a record that a zone has had before, if the zone has a record after it.
const ZONE_ANEW: &str = r#"
import boto3
zones = boto3.client("route53")
zones.delete_hosted_zone(Id=zones.list_hosted_zones()["HostedZones"][0]["Id"])
zones.create_hosted_zone(Name="example.com", CallerReference="anew")
"#;

/// boto3's counts, and the machines by their types.
const COUNT: &str = r#"
import boto3, collections, json, os
def client(name): return boto3.client(name, region_name=os.environ["AWS_REGION"])
ec2 = client("ec2")
running = [{"Name": "instance-state-name", "Values": ["running", "pending"]}]
instances = [i for r in ec2.describe_instances(Filters=running)["Reservations"] for i in r["Instances"]]
zone = client("route53").list_hosted_zones()["HostedZones"][0]["Id"]
records = client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
print(json.dumps({
    "vpcs": sum(1 for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]),
    "nats": sum(1 for n in ec2.describe_nat_gateways()["NatGateways"] if n["State"] != "deleted"),
    "security_groups": sum(1 for g in ec2.describe_security_groups()["SecurityGroups"] if g["GroupName"] != "default"),
    "groups": len(client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]),
    "balancers": len(client("elbv2").describe_load_balancers()["LoadBalancers"]),
    "roles": len(client("iam").list_roles()["Roles"]),
    "profiles": len(client("iam").list_instance_profiles()["InstanceProfiles"]),
    "keys": len(ec2.describe_key_pairs()["KeyPairs"]),
    "queues": len(client("sqs").list_queues().get("QueueUrls", [])),
    "rules": len(client("events").list_rules()["Rules"]),
    "records": sum(1 for r in records if r["Type"] not in ("NS", "SOA")),
    # The engine's history of a cluster stays.
    "objects": sum(1 for o in client("s3").list_objects_v2(Bucket="fairwinds-state").get("Contents", [])
                   if not o["Key"].startswith("landform/")),
    "machines": collections.Counter(i["InstanceType"] for i in instances),
    "images": collections.Counter(i["ImageId"] for i in instances),
}))
"#;

struct Desk {
    moto: Moto,
    directory: tempfile::TempDir,
}

impl Desk {
    fn boto3(&self, script: &str) -> Json {
        serde_json::from_str(&self.moto.run(script)).unwrap()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }

    fn command(&self, program: &str, arguments: &str) -> Command {
        let mut command = Command::new(example(program));
        command.args(arguments.split_whitespace()).current_dir(self.directory.path());
        command.envs(self.moto.environment()).stdin(Stdio::null());
        for (name, value) in [
            ("KOPS_STATE_STORE", STORE),
            ("KOPS_CLUSTER_NAME", NAME),
            ("KOPS_PROVIDER", "aws"),
            ("KOPS_FILE_HASHES", "hashes.lock"),
            ("AWS_ALLOW_HTTP", "true"),
        ] {
            command.env(name, value);
        }
        command
    }

    /// Runs a command. Returns what it printed. If it fails, also its errors.
    fn run(&self, program: &str, arguments: &str) -> Result<String, String> {
        let output = self.command(program, arguments).output().unwrap();
        let [out, errors] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        if output.status.success() { Ok(out) } else { Err(format!("{out}\n{errors}")) }
    }

    fn succeed(&self, arguments: &str) -> String {
        self.run("kops", arguments).unwrap_or_else(|errors| panic!("{arguments}: {errors}"))
    }

    fn refuse(&self, arguments: &str, expected: &[&str]) {
        let errors = self.run("kops", arguments).expect_err(arguments);
        for expected in expected {
            assert!(errors.contains(expected), "{arguments}: expected {expected:?} in: {errors}");
        }
    }

    fn machines(&self, machine_type: &str) -> u64 {
        self.boto3(COUNT)["machines"][machine_type].as_u64().unwrap_or(0)
    }
}

/// A spec in the VPC of the base layer, behind its NAT gateways.
fn spec(network: &Json) -> String {
    let vpc = network["vpc"].as_str().unwrap();
    let mut spec = WORKING.replace("  networkCIDR:", &format!("  networkID: {vpc}\n  networkCIDR:"));
    for (zone, gateway) in network["nats"].as_object().unwrap() {
        let private = format!("  - name: {zone}\n    type: Private\n");
        assert!(spec.contains(&private), "{private}");
        spec = spec.replace(&private, &format!("{private}    egress: {}\n", gateway.as_str().unwrap()));
    }
    spec.replace("  machineType: t3.large\n", "  machineType: t3.large\n  image: ssm:/images/control-plane\n")
        .replace("  machineType: t3.xlarge\n", "  machineType: t3.xlarge\n  image: nodes-of-today\n")
}

/// Fills the lock file of digests from a mirror with a file for each URL that the machines of the cluster need.
fn lock(desk: &Desk) {
    let refresh = "get assets --refresh mirror";
    let errors = desk.run("kops", refresh).unwrap_err();
    let missing =
        errors.split_whitespace().filter_map(|word| word.strip_suffix(':')?.strip_prefix("mirror/"));
    for file in missing {
        let file = desk.path("mirror").join(file);
        fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(&file, file.display().to_string()).unwrap();
    }
    // nodeup unpacks archives.
    desk.moto.run(&format!("{ARCHIVES}({:?})", desk.path("mirror")));
    desk.succeed(refresh);
}

/// Runs kops's own nodeup on what a machine of each group would get, if the environment names a nodeup.
fn boots(desk: &Desk) {
    let Some(nodeup) = std::env::var_os("LANDFORM_NODEUP") else {
        return println!(
            "LANDFORM_NODEUP names no nodeup of kops, so no dry run of a machine's start (docs/kops.md)"
        );
    };
    let output = Command::new(desk.moto.python())
        .args(["-c", NODEUP])
        .arg(nodeup)
        .args([NAME, "hashes.lock", "mirror"])
        .current_dir(desk.directory.path())
        .envs(desk.moto.environment())
        .env("KOPS_STATE_STORE", STORE)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    print!("{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_cluster_in_a_shared_network_comes_grows_rolls_and_goes() {
    let desk = Desk { moto: Moto::start(), directory: tempfile::tempdir().unwrap() };
    desk.moto.run(BEFORE);
    desk.run("fairwinds", "apply --cloud aws --yes --state base").unwrap();
    let before = desk.boto3(COUNT);
    let spec = spec(&desk.boto3(NETWORK));
    fs::write(desk.path("key.pub"), KEY).unwrap();

    // What AWS does not have is refused before anything is made.
    for (from, to, said) in [
        ("nodes-of-today", "nodes-of-tomorrow", "there is no image \"nodes-of-tomorrow\""),
        ("t3.xlarge", "t3.immense", "there is no type of machine \"t3.immense\""),
        ("networkID: vpc-", "networkID: vpc-0", "spec.networkID"),
    ] {
        fs::write(desk.path("cluster_spec.yml"), spec.replace(from, to)).unwrap();
        desk.succeed("create -f cluster_spec.yml");
        desk.succeed("create secret sshpublickey admin -i key.pub");
        fs::write(desk.path("hashes.lock"), "").unwrap();
        desk.refuse("update cluster --yes", &[said]);
        desk.succeed("delete cluster --yes");
        assert_eq!(desk.boto3(COUNT), before, "{to}");
    }
    fs::remove_file(desk.path("hashes.lock")).unwrap();

    fs::write(desk.path("cluster_spec.yml"), &spec).unwrap();
    desk.succeed("create -f cluster_spec.yml");
    desk.succeed("create secret sshpublickey admin -i key.pub");
    lock(&desk);
    let shown = desk.succeed("update cluster");
    assert!(shown.contains("Must specify --yes"), "{shown}");
    desk.succeed("update cluster --yes");
    let made = desk.boto3(COUNT);
    assert_eq!(
        [&made["vpcs"], &made["nats"]],
        [&before["vpcs"], &before["nats"]],
        "the cluster shares the network"
    );
    assert_eq!([desk.machines("t3.large"), desk.machines("t3.xlarge")], [3, 3], "{made}");
    assert_eq!(made["images"].as_object().unwrap().len(), 2, "{made}");
    boots(&desk);
    let again = desk.succeed("update cluster");
    assert!(!again.contains("Must specify --yes"), "{again}");
    let listed: Json = serde_json::from_str(&desk.succeed("get instances -o json")).unwrap();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 6, "{listed:?}");
    assert!(listed.iter().all(|one| one["status"] == "UpToDate" && one["internalIP"] != ""), "{listed:?}");

    desk.succeed("edit ig nodes --set spec.minSize=30 --set spec.maxSize=30");
    desk.succeed("update cluster --yes");
    assert_eq!(desk.machines("t3.xlarge"), 30);
    desk.succeed("edit ig nodes --set spec.minSize=3 --set spec.maxSize=3");
    desk.succeed("update cluster --yes");
    assert_eq!(desk.machines("t3.xlarge"), 3);

    desk.succeed("edit ig nodes --set spec.machineType=t3.2xlarge");
    desk.succeed("update cluster --yes");
    assert_eq!(desk.machines("t3.2xlarge"), 0, "an update replaces no machine");
    let roll = "rolling-update cluster --cloudonly --yes --node-interval 0s --control-plane-interval 0s";
    let mut child = desk.command("kops", roll).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while desk.machines("t3.2xlarge") == 0 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    desk.succeed(roll);
    let rolled = desk.boto3(COUNT);
    let machines =
        ["t3.large", "t3.xlarge", "t3.2xlarge"].map(|of| rolled["machines"][of].as_u64().unwrap_or(0));
    assert_eq!(machines, [3, 0, 3], "{rolled}");
    let shown = desk.succeed("rolling-update cluster --cloudonly");
    assert!(shown.contains("No rolling-update required"), "{shown}");

    let selected =
        desk.succeed("toolbox instance-selector --ig-name small --vcpus 2 --memory 8GiB --dry-run -o yaml");
    assert!(selected.contains("kind: InstanceGroup") && selected.contains("m5.large"), "{selected}");

    // The engine's state is lost.
    desk.moto.run(FORGET);
    let shown = desk.succeed("delete cluster");
    assert!(shown.contains("resources of working.example.com that the state does not have"), "{shown}");
    desk.succeed("delete cluster --yes");
    assert_eq!(desk.boto3(COUNT), before, "the network stays, and nothing else");

    // The state store has lost the cluster too.
    desk.moto.run(ZONE_ANEW);
    desk.succeed("create -f cluster_spec.yml");
    desk.succeed("create secret sshpublickey admin -i key.pub");
    desk.succeed("update cluster --yes");
    let made = desk.boto3(COUNT);
    for kind in ["profiles", "keys", "queues", "rules", "records"] {
        assert_ne!(made[kind], before[kind], "{kind} are found by their names");
    }
    desk.moto.run(FORGET);
    desk.succeed("delete cluster --unregister --yes");
    desk.succeed("delete cluster --external --region us-east-2 --yes");
    assert_eq!(desk.boto3(COUNT), before, "the network stays, and nothing else");
}
