//! The cases of `../shared/facts/provider-cases.md` that only a plan shows, through the engine and the strict proxy.

use landform::{Cidr, Engine, Scope, Stack, aws};
use serde_json::Value as Json;

use landform_testkit::{
    moto::Moto,
    strict::{Strict, Then},
};

/// A server, the strict proxy in front of it, and an engine that calls the proxy.
async fn world(state: &std::path::Path) -> (Moto, Strict, Engine) {
    let moto = Moto::start();
    let strict = Strict::before(&moto.url());
    let provider = aws::Client::emulator(&strict.url(), "us-east-2").await.unwrap().provider();
    let engine = Engine::builder().provider(provider).state_dir(state).open().unwrap();
    (moto, strict, engine)
}

/// Applies a stack, checks how many resources are added and changed, and that a second plan is empty.
async fn apply(engine: &Engine, stack: &Stack, added: usize, changed: usize) {
    let plan = engine.plan(stack).await.unwrap();
    let counts = plan.counts();
    assert_eq!((counts.added, counts.changed, counts.replaced), (added, changed, 0), "{plan}");
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let again = engine.plan(stack).await.unwrap();
    assert!(again.is_empty(), "{again}");
}

/// The launch template's version that boto3 sees in the group.
fn version_of_the_group(moto: &Moto) -> String {
    let script = "import boto3, os\n\
        group = boto3.client('autoscaling', region_name=os.environ['AWS_REGION']).describe_auto_scaling_groups()\n\
        template = group['AutoScalingGroups'][0]['LaunchTemplate']\n\
        ec2 = boto3.client('ec2', region_name=os.environ['AWS_REGION'])\n\
        found = ec2.describe_launch_template_versions(LaunchTemplateId=template['LaunchTemplateId'], Versions=[template['Version']])\n\
        print(found['LaunchTemplateVersions'][0]['VersionNumber'])";
    moto.run(script).trim().to_owned()
}

/// A group of machines that are told `told`; it follows the template's latest version, or its default one.
fn machines(told: &str, by_default: bool) -> Stack {
    let range = |text: &str| text.parse::<Cidr>().unwrap();
    let mut stack = Stack::new("machines");
    let vpc = stack.add("main", aws::Vpc::new(range("10.0.0.0/16")));
    let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, range("10.0.1.0/24")));
    let template = aws::LaunchTemplate::new("nodes").image_id("ami-12c6146b").instance_type("t3.micro");
    let template = template.user_data(told).update_default_version(by_default);
    let template = stack.add("nodes", template);
    let of = aws::LaunchTemplateSpecification::of(&template);
    let of = if by_default { of.version("$Default") } else { of.version(template.latest_version()) };
    let group = aws::AutoscalingGroup::new("nodes", 0, 3).launch_template(of).vpc_zone_identifier([&subnet]);
    stack.add("nodes", group);
    stack
}

#[tokio::test]
async fn s10_a_new_version_of_a_template_reaches_its_group_in_the_same_apply() {
    let directory = tempfile::tempdir().unwrap();
    let (moto, _strict, engine) = world(directory.path()).await;
    apply(&engine, &machines("IyBvbmU=", false), 4, 0).await;
    assert_eq!(version_of_the_group(&moto), "1");
    apply(&engine, &machines("IyB0d28=", false), 0, 2).await;
    assert_eq!(version_of_the_group(&moto), "2");
}

#[tokio::test]
async fn s10_a_new_default_version_of_a_template_reaches_its_group() {
    let directory = tempfile::tempdir().unwrap();
    let (moto, _strict, engine) = world(directory.path()).await;
    apply(&engine, &machines("IyBvbmU=", true), 4, 0).await;
    apply(&engine, &machines("IyB0d28=", true), 0, 1).await;
    assert_eq!(version_of_the_group(&moto), "2");
}

#[tokio::test]
async fn s13_a_policy_that_comes_back_in_another_spelling_is_no_change() {
    let directory = tempfile::tempdir().unwrap();
    let (_moto, strict, engine) = world(directory.path()).await;
    // AWS answers with its own order of keys, and with one value instead of a list of one.
    strict.rewrite("GetRole", |_, answer| {
        let (from, to) = ("<AssumeRolePolicyDocument>", "</AssumeRolePolicyDocument>");
        let text = answer.text();
        let Some((before, rest)) = text.split_once(from) else { return answer };
        let (document, after) = rest.split_once(to).unwrap();
        let decoded = percent_encoding::percent_decode_str(document).decode_utf8().unwrap();
        let policy: Json = serde_json::from_str(&decoded).unwrap();
        let spelled = respelled(&policy).to_string();
        let encoded = percent_encoding::utf8_percent_encode(&spelled, percent_encoding::NON_ALPHANUMERIC);
        let text = format!("{before}{from}{encoded}{to}{after}");
        answer.with(text)
    });
    let policy = |actions: &[&str], swapped: bool| {
        let conditions = [r#""aws:SourceAccount":"1""#, r#""aws:PrincipalTag/team":["web"]"#];
        let conditions = if swapped { [conditions[1], conditions[0]] } else { conditions }.join(",");
        let actions = serde_json::to_string(actions).unwrap();
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":{actions},
                "Principal":{{"Service":["ec2.amazonaws.com"]}},"Condition":{{"StringEquals":{{{conditions}}}}}}}]}}"#
        );
        let mut stack = Stack::new("roles");
        stack.add("nodes", aws::IamRole::new("nodes", text));
        stack
    };
    apply(&engine, &policy(&["sts:AssumeRole"], false), 1, 0).await;
    let swapped = engine.plan(&policy(&["sts:AssumeRole"], true)).await.unwrap();
    assert!(swapped.is_empty() && swapped.drift.is_empty(), "{swapped}");
    apply(&engine, &policy(&["sts:AssumeRole", "sts:TagSession"], true), 0, 1).await;
}

/// A policy as IAM may answer it: keys in another order, a list of one as its item.
fn respelled(value: &Json) -> Json {
    match value {
        Json::Array(items) if items.len() == 1 && !items[0].is_object() => respelled(&items[0]),
        Json::Array(items) => items.iter().rev().map(respelled).collect(),
        Json::Object(entries) => {
            entries.iter().rev().map(|(key, value)| (key.clone(), respelled(value))).collect()
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn what_aws_refuses_for_good_is_one_error_and_nothing_is_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    let (_moto, strict, engine) = world(directory.path()).await;
    for (operation, code, said) in [
        ("CreateVpc", "VpcLimitExceeded", "The maximum number of VPCs has been reached."),
        ("CreateVpc", "UnauthorizedOperation", "You are not authorized to perform: ec2:CreateVpc"),
        (
            "CreateSubnet",
            "InvalidParameterValue",
            "Value (us-east-2z) for parameter availabilityZone is invalid.",
        ),
    ] {
        strict.forget();
        strict.then(operation, [Then::Refused(400, code, said)]);
        let plan = engine.plan(&machines("IyBvbmU=", false)).await.unwrap();
        let report = engine.apply(&plan).await.unwrap();
        let error = report.complete().unwrap_err().to_string();
        for part in [operation, code, said] {
            assert!(error.contains(part), "{part} is missing in {error}");
        }
        assert_eq!(strict.count(operation), 1, "{operation} was called again");
    }
    let stack = machines("IyBvbmU=", false);
    let plan = engine.plan(&stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert!(engine.plan(&stack).await.unwrap().is_empty());
    let plan = engine.plan_destroy(&stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
}

/// The ranges of the VPCs that boto3 sees in a region, without the default one.
fn ranges_in(moto: &Moto, region: &str) -> String {
    let script = format!(
        "import boto3\nvpcs = boto3.client('ec2', region_name='{region}').describe_vpcs()['Vpcs']\n\
         print(sorted(vpc['CidrBlock'] for vpc in vpcs if not vpc['IsDefault']))"
    );
    moto.run(&script).trim().to_owned()
}

#[tokio::test]
async fn one_stack_works_in_two_regions() {
    let directory = tempfile::tempdir().unwrap();
    let moto = Moto::start();
    let provider = async |region| aws::Client::emulator(&moto.url(), region).await.unwrap().provider();
    let west_name = "aws.west".parse().unwrap();
    let engine = Engine::builder()
        .provider(provider("us-east-2").await)
        .provider(provider("us-west-2").await.named(&west_name))
        .state_dir(directory.path())
        .open()
        .unwrap();
    let mut stack = Stack::new("regions");
    let network = |stack: &mut Stack, name: &str, range: &str| {
        let vpc = stack.add(name, aws::Vpc::new(format!("{range}/16").parse::<Cidr>().unwrap()));
        stack.add(name, aws::Subnet::ipv4(&vpc, format!("{range}/24").parse::<Cidr>().unwrap()));
    };
    network(&mut stack, "east", "10.1.0.0");
    stack.within(Scope::new().provider(west_name), |stack| network(stack, "west", "10.2.0.0"));
    apply(&engine, &stack, 4, 0).await;
    assert_eq!(ranges_in(&moto, "us-east-2"), "['10.1.0.0/16']");
    assert_eq!(ranges_in(&moto, "us-west-2"), "['10.2.0.0/16']");
    let plan = engine.plan_destroy(&stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!((ranges_in(&moto, "us-east-2"), ranges_in(&moto, "us-west-2")), ("[]".into(), "[]".into()));
}
