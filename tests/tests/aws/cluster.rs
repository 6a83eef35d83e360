//! The base network and private clusters from the command line: created, scaled, repaired and deleted. boto3 counts the
//! objects.

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value as Json;

use landform_testkit::{examples, moto::Moto, random::Random, strict::Strict};

const WORKING: &str = include_str!("../../../examples/fairwinds/working.yml");
const PRODUCTION: &str = include_str!("../../../examples/fairwinds/production.yml");

/// A fraction of the duration of an apply.
const LONGEST: Duration = Duration::from_secs(6);

/// More calls than a plan without changes may make for these 150 resources.
const FEW: usize = 120;

/// The objects that exist before the cluster.
const BEFORE: &str = r#"
import boto3, os
region = os.environ["AWS_REGION"]
boto3.client("s3", region_name=region).create_bucket(
    Bucket="fairwinds-state", CreateBucketConfiguration={"LocationConstraint": region})
boto3.client("route53").create_hosted_zone(Name="example.com", CallerReference="owner")
"#;

/// boto3's counts of all types of a cluster's objects, without those that existed before.
const COUNT: &str = r#"
import boto3, json, os
def client(name): return boto3.client(name, region_name=os.environ["AWS_REGION"])
ec2, scaling, balancing = client("ec2"), client("autoscaling"), client("elbv2")
iam, dns, s3 = client("iam"), client("route53"), client("s3")
vpcs = [v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]]
def of(items): return sum(1 for item in items if item.get("VpcId") in vpcs)
zone = dns.list_hosted_zones()["HostedZones"][0]["Id"]
records = dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
groups = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
running = [{"Name": "instance-state-name", "Values": ["running", "pending"]}]
print(json.dumps({
    "vpcs": len(vpcs),
    "subnets": of(ec2.describe_subnets()["Subnets"]),
    "security_groups": sum(1 for g in ec2.describe_security_groups()["SecurityGroups"]
                           if g["GroupName"] != "default"),
    "nats": sum(1 for n in ec2.describe_nat_gateways()["NatGateways"] if n["State"] != "deleted"),
    "addresses": len(ec2.describe_addresses()["Addresses"]),
    "volumes": sum(1 for v in ec2.describe_volumes()["Volumes"] if not v["Attachments"]),
    "templates": len(ec2.describe_launch_templates()["LaunchTemplates"]),
    "groups": len(groups),
    "machines": sum(len(r["Instances"]) for r in ec2.describe_instances(Filters=running)["Reservations"]),
    "balancers": len(balancing.describe_load_balancers()["LoadBalancers"]),
    "targets": len(balancing.describe_target_groups()["TargetGroups"]),
    "roles": len(iam.list_roles()["Roles"]),
    "profiles": len(iam.list_instance_profiles()["InstanceProfiles"]),
    "records": sum(1 for r in records if r["Type"] not in ("NS", "SOA")),
    "objects": s3.list_objects_v2(Bucket="fairwinds-state")["KeyCount"],
}))
"#;

/// Somebody else changes the cluster: enlarges the nodes' group and deletes a rule of a security group.
const DRIFT: &str = r#"
import boto3, os
def client(name): return boto3.client(name, region_name=os.environ["AWS_REGION"])
ec2, scaling = client("ec2"), client("autoscaling")
scaling.update_auto_scaling_group(AutoScalingGroupName="nodes.working.example.com", MaxSize=99)
groups = [g["GroupId"] for g in ec2.describe_security_groups()["SecurityGroups"]
          if g["GroupName"].startswith("nodes.")]
rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": groups}])["SecurityGroupRules"]
rule = next(rule for rule in rules if not rule["IsEgress"])
ec2.revoke_security_group_ingress(GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
"#;

struct Desk {
    moto: Moto,
    /// Stands between the program and moto.
    strict: Strict,
    directory: tempfile::TempDir,
}

impl Desk {
    fn counted(&self) -> BTreeMap<String, usize> {
        serde_json::from_str(&self.moto.run(COUNT)).unwrap()
    }

    /// Runs the program with these clusters and further options. Returns its final counts. Prints the calls and the
    /// seconds of the step, for the table in `docs/aws.md`.
    fn run(&self, command: &str, specs: &[&str]) -> Json {
        self.strict.forget();
        let begun = Instant::now();
        let output = self.command(command, specs).output().unwrap();
        let [out, errors] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        assert!(output.status.success(), "{command}: {errors}\n{out}");
        let counts: Json = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        assert_eq!(counts["failed"], 0, "{command}: {out}");
        println!("{command}: {} calls, {:.1} s, {counts}", self.calls(), begun.elapsed().as_secs_f64());
        counts
    }

    /// How many calls the program made since the last step began.
    fn calls(&self) -> usize {
        self.strict.calls().values().sum()
    }

    /// Starts the program and kills it a few times. Returns how many runs were killed before they ended.
    fn killed(&self, command: &str, specs: &[&str], random: &mut Random) -> usize {
        let killed = (0..3).filter(|_| {
            let mut child =
                self.command(command, specs).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(random.time(LONGEST));
            let done = child.try_wait().unwrap().is_some();
            child.kill().unwrap();
            child.wait().unwrap();
            !done
        });
        killed.count()
    }

    fn command(&self, command: &str, specs: &[&str]) -> Command {
        let mut program = Command::new(examples::example("fairwinds"));
        program.args(command.split(' ')).args(["--cloud", "aws", "--yes", "--json", "--state"]);
        program.arg(self.directory.path().join("state")).envs(self.moto.environment());
        program.env("AWS_ENDPOINT_URL", self.strict.url());
        for (number, spec) in specs.iter().enumerate() {
            let file = self.directory.path().join(format!("{number}.yml"));
            fs::write(&file, spec).unwrap();
            program.arg("--cluster").arg(file);
        }
        program
    }
}

#[test]
fn private_clusters_are_made_grown_mended_and_go_without_a_trace_however_often_a_run_is_killed() {
    let moto = Moto::start();
    let desk = Desk { strict: Strict::before(&moto.url()), moto, directory: tempfile::tempdir().unwrap() };
    let mut random = Random::new(10);
    desk.moto.run(BEFORE);
    let before = desk.counted();
    assert!(before.values().all(|count| *count == 0), "{before:?}");

    let mut killed = desk.killed("apply", &[WORKING], &mut random);
    desk.run("apply", &[WORKING]);
    let there = desk.counted();
    let some = ["templates", "balancers", "volumes", "roles", "profiles", "records", "objects"];
    assert!(some.iter().all(|what| there[*what] > 0), "{there:?}");
    assert_eq!((there["vpcs"], there["nats"], there["groups"], there["machines"]), (1, 3, 4, 6), "{there:?}");
    let none = |counts: &Json| {
        let of = |what: &str| counts[what].as_u64().unwrap_or_default();
        (of("added"), of("changed"), of("replaced"), of("destroyed")) == (0, 0, 0, 0)
    };
    let again = desk.run("apply", &[WORKING]);
    assert!(none(&again), "{again}");
    assert!(desk.calls() < FEW, "a second apply of 150 resources made {} calls", desk.calls());

    let grown = WORKING.replace("minSize: &size 3", "minSize: &size 30");
    let counts = desk.run("apply", &[&grown]);
    assert_eq!((counts["changed"].as_u64(), desk.counted()["machines"]), (Some(1), 33), "{counts}");

    desk.moto.run(DRIFT);
    let mended = desk.run("apply", &[&grown]);
    assert!(!none(&mended), "{mended}");
    let replaced = desk.run("apply --replace aws_iam_role_policy.nodes-working-example-com", &[&grown]);
    assert_eq!(replaced["replaced"], 1, "{replaced}");
    let again = desk.run("apply", &[&grown]);
    assert!(none(&again), "{again}");

    let alone = desk.counted();
    desk.run("apply", &[&grown, PRODUCTION]);
    let both = desk.counted();
    assert_eq!(
        (both["vpcs"], both["nats"], both["groups"]),
        (1, 3, 8),
        "a second cluster shares the NAT gateways"
    );
    desk.run("apply", &[&grown]);
    assert_eq!(desk.counted(), alone, "the deletion of the second cluster leaves the first");

    killed += desk.killed("destroy", &[&grown], &mut random);
    desk.run("destroy", &[&grown]);
    assert_eq!(desk.counted(), before);
    assert!(killed > 3, "only {killed} commands were killed before they ended");
}
