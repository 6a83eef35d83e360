//! Behaviour of AWS that moto lacks and the strict proxy adds: the AWS cases of `../shared/facts/provider-cases.md`, by
//! number, and similar ones.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use landform_aws::{
    AutoscalingGroup, Client, CloudwatchEventRule, Eip, Elb, IamInstanceProfile, IamRole, Instance,
    LaunchTemplate, NatGateway, Route53Record, Route53Zone, SecurityGroup, SecurityGroupRule, SqsQueue,
    Subnet, Vpc,
};
use landform_core::{Call, Effect, ErrorKind, Found, Id, Manage, Observed, Progress, Resource, Retry};
use serde_json::{Value as Json, json};

use super::{Aws, REGION, base, client, create, delete, follow, identity, plain_vpc, role, typed, update};
use landform_testkit::{
    moto::Moto,
    strict::{Strict, Then},
};

/// A server, the strict proxy in front of it, and a client that uses the proxy.
pub async fn world() -> (Moto, Strict, Aws) {
    let moto = Moto::start();
    let strict = Strict::before(&moto.url());
    let aws = Client::emulator(&strict.url(), REGION).await.unwrap().kit();
    (moto, strict, aws)
}

fn refused(times: usize, status: u16, code: &'static str, message: &'static str) -> Vec<Then> {
    vec![Then::Refused(status, code, message); times]
}

fn subnet(vpc: &Observed<Vpc>, block: &str) -> Subnet {
    typed(json!({ "vpc_id": vpc.id(), "cidr_block": block }))
}

#[tokio::test]
async fn s1_a_subnets_ipv6_range_changes_step_by_step() {
    let (_moto, strict, aws) = world().await;
    let assigns = Arc::new(Mutex::new(BTreeSet::new()));
    let associated = Arc::new(Mutex::new(BTreeSet::new()));
    let (flags, ranges) = (assigns.clone(), associated.clone());
    strict.guard("ModifySubnetAttribute", move |call| {
        let Some(on) = call.fields.get("AssignIpv6AddressOnCreation.Value") else { return Then::Passes };
        let subnet = call.fields["SubnetId"].clone();
        if on == "true" && !ranges.lock().unwrap().contains(&subnet) {
            return Then::Refused(
                400,
                "InvalidParameterValue",
                "Invalid value 'true' for assignIpv6AddressOnCreation",
            );
        }
        let mut flags = flags.lock().unwrap();
        _ = if on == "true" { flags.insert(subnet) } else { flags.remove(&subnet) };
        Then::Passes
    });
    let flags = assigns.clone();
    strict.guard("DisassociateSubnetCidrBlock", move |_| {
        if flags.lock().unwrap().is_empty() {
            return Then::Passes;
        }
        Then::Refused(400, "InvalidCidrBlock.InUse", "it is in use")
    });
    let ranges = associated.clone();
    strict.guard("AssociateSubnetCidrBlock", move |call| {
        ranges.lock().unwrap().insert(call.fields["SubnetId"].clone());
        Then::Passes
    });
    let six = typed::<Vpc>(json!({ "cidr_block": "10.0.0.0/16", "assign_generated_ipv6_cidr_block": true }));
    let vpc = create(&aws, "vpc", &six).await;
    let network = vpc.attributes.ipv6_cidr_block.unwrap().net().to_string();
    let range = |number: u8| network.replace("00::/56", &format!("{number:02x}::/64"));
    let with = |number: Option<u8>, assigns: bool| {
        let mut wanted = subnet(&vpc, "10.0.1.0/24");
        wanted.ipv6_cidr_block = number.map(|number| range(number).parse().unwrap());
        wanted.assign_ipv6_address_on_creation = assigns;
        wanted
    };
    let mut there = create(&aws, "six", &with(None, false)).await;
    for (number, assigns) in [(Some(1), true), (Some(2), true), (None, false), (Some(3), true)] {
        let wanted = with(number, assigns);
        there = update(&aws, "six", &there, &wanted).await;
        assert_eq!(there.arguments.ipv6_cidr_block, wanted.ipv6_cidr_block);
        assert_eq!(there.arguments.assign_ipv6_address_on_creation, assigns);
    }
}

#[tokio::test]
async fn s2_not_found_about_another_thing_does_not_mean_gone() {
    let (_moto, strict, aws) = world().await;
    let eip: Observed<Eip> = create(&aws, "eip", &typed(json!({}))).await;
    let said = "The networkInterface ID 'eni-0a1b2c3d4e5f60718' does not exist";
    strict.then("ReleaseAddress", refused(2, 400, "InvalidNetworkInterfaceID.NotFound", said));
    assert!(delete(&aws, "eip", &eip).await.unwrap());
    assert_eq!(strict.count("ReleaseAddress"), 3);
    assert_eq!(Manage::<Eip>::import(&aws, eip.id()).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn s3_a_vpc_that_cannot_be_read_whole_is_waited_for_and_spoils_no_other() {
    let (_moto, strict, aws) = world().await;
    let old = create(&aws, "old", &plain_vpc()).await;
    let said = "The vpc ID does not exist";
    strict.then("DescribeVpcAttribute", refused(3, 400, "InvalidVpcID.NotFound", said));
    let tables = Arc::new(Mutex::new(2));
    strict.rewrite("DescribeRouteTables", move |call, answer| {
        let mut left = tables.lock().unwrap();
        if *left == 0 || !call.fields.values().any(|value| value == "association.main") {
            return answer;
        }
        *left -= 1;
        answer.with("<DescribeRouteTablesResponse><routeTableSet/></DescribeRouteTablesResponse>".into())
    });
    let new: Observed<Vpc> = create(&aws, "new", &typed(json!({ "cidr_block": "10.1.0.0/16" }))).await;
    assert!(new.attributes.main_route_table_id.as_str().starts_with("rtb-"));
    strict.then("DescribeVpcAttribute", refused(1, 400, "InvalidVpcID.NotFound", said));
    let ids = [Id::<Vpc>::new(old.id()), Id::new(new.id()), Id::new("vpc-0123456789abcdef0")];
    let read = aws.read_many(&ids).await.unwrap();
    assert!(read[2].is_none());
    assert!(read.iter().flatten().count() >= 1, "a pending or deleted one hides no other");
}

#[tokio::test]
async fn s4_a_gateway_that_failed_is_told_of_and_is_not_there() {
    let (_moto, strict, aws) = world().await;
    let base = base(&aws).await;
    let fails = Arc::new(AtomicBool::new(true));
    let failing = fails.clone();
    strict.rewrite("DescribeNatGateways", move |_, answer| {
        if !failing.load(Ordering::SeqCst) {
            return answer;
        }
        let failed = "<state>failed</state><failureCode>Resource.AlreadyAssociated</failureCode>\
                      <failureMessage>taken</failureMessage>";
        let text = answer.text().replace("<state>available</state>", failed);
        answer.with(text)
    });
    let wanted: NatGateway = typed(json!({ "subnet_id": base.subnet.id(), "allocation_id": base.eip.id() }));
    let (address, token) = identity(NatGateway::TYPE, "failing");
    let call = Call::new(&address, &token);
    let mut progress = aws.create(call, &wanted).await.unwrap();
    let (exists, problem) = loop {
        match progress {
            Progress::Pending(ticket) => progress = aws.resume(call, &ticket, &wanted).await.unwrap(),
            Progress::Partial { exists, problem } => break (exists, problem),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(problem.provider_code(), Some("Resource.AlreadyAssociated"));
    let ids = [Id::<NatGateway>::new(exists.id())];
    assert!(aws.read_many(&ids).await.unwrap()[0].is_none(), "a failed gateway does not count as present");
    fails.store(false, Ordering::SeqCst);
    assert!(aws.read_many(&ids).await.unwrap()[0].is_some());
    assert!(delete(&aws, "failing", &exists).await.unwrap());
}

#[tokio::test]
async fn s5_what_others_hold_is_tried_again() {
    let (_moto, strict, aws) = world().await;
    let vpc = create(&aws, "vpc", &plain_vpc()).await;
    let group: SecurityGroup = typed(json!({ "vpc_id": vpc.id(), "name": "held" }));
    let group = create(&aws, "held", &group).await;
    let part = create(&aws, "part", &subnet(&vpc, "10.0.1.0/24")).await;
    strict.then("DeleteSecurityGroup", refused(9, 400, "DependencyViolation", "it has a dependent object"));
    strict.then("DeleteSubnet", refused(9, 400, "DependencyViolation", "it has dependencies"));
    assert!(delete(&aws, "held", &group).await.unwrap());
    assert!(delete(&aws, "part", &part).await.unwrap());
    assert_eq!((strict.count("DeleteSecurityGroup"), strict.count("DeleteSubnet")), (10, 10));
}

#[tokio::test]
async fn s6_a_rule_whose_answer_was_lost_is_found_and_made_once() {
    let (_moto, strict, aws) = world().await;
    let vpc = create(&aws, "vpc", &plain_vpc()).await;
    let group: SecurityGroup = typed(json!({ "vpc_id": vpc.id(), "name": "rules" }));
    let group = create(&aws, "rules", &group).await;
    let rule: SecurityGroupRule = typed(json!({
        "security_group_id": group.id(), "type": "ingress", "protocol": "tcp", "from_port": 443, "to_port": 443,
        "cidr_blocks": ["10.0.0.0/16", "10.1.0.0/16"],
    }));
    strict.then("AuthorizeSecurityGroupIngress", [Then::Lost]);
    let made = found_again(&aws, "rule", &rule).await;
    assert_eq!(made.arguments.cidr_blocks, rule.cidr_blocks);
    assert_eq!(strict.count("AuthorizeSecurityGroupIngress"), 1);
}

/// Creates a resource, loses the answer, and finds the resource.
async fn found_again<R: Resource>(aws: &Aws, name: &str, wanted: &R) -> Observed<R>
where
    Aws: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call::new(&address, &token);
    let error = aws.create(call, wanted).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown, "{error}");
    match aws.find(call, wanted).await.unwrap() {
        Found::Pending(ticket) => follow(aws, call, Progress::Pending(ticket), wanted).await,
        other => panic!("{address}: {other:?}"),
    }
}

#[tokio::test]
async fn what_was_made_is_found_when_its_answer_was_lost() {
    let (_moto, strict, aws) = world().await;
    let base = base(&aws).await;
    let lost = |operation| strict.then(operation, [Then::Lost]);
    lost("CreateVpc");
    found_again(&aws, "lost", &typed::<Vpc>(json!({ "cidr_block": "10.5.0.0/16" }))).await;
    lost("CreateSubnet");
    found_again(&aws, "lost", &subnet(&base.vpc, "10.0.240.0/24")).await;
    lost("RunInstances");
    let machine =
        json!({ "ami": "ami-12c6146b", "instance_type": "t3.micro", "subnet_id": base.subnet.id() });
    let machine = found_again(&aws, "lost", &typed::<Instance>(machine)).await;
    lost("CreateNatGateway");
    let gateway = json!({ "subnet_id": base.subnet.id(), "connectivity_type": "private" });
    let gateway = found_again(&aws, "lost", &typed::<NatGateway>(gateway)).await;
    assert_eq!(gateway.attributes.public_ip, None);
    lost("CreateLaunchTemplate");
    let template = json!({ "name": "lost", "image_id": "ami-12c6146b" });
    found_again(&aws, "lost", &typed::<LaunchTemplate>(template)).await;
    lost("CreateRole");
    found_again(&aws, "lost", &role("lost")).await;
    assert_eq!(strict.count("RunInstances"), 1);
    assert!(delete(&aws, "lost", &machine).await.unwrap());
}

#[tokio::test]
async fn s7_a_protocol_by_another_name_is_no_change() {
    let (_moto, strict, aws) = world().await;
    let vpc = create(&aws, "vpc", &plain_vpc()).await;
    let group: SecurityGroup = typed(json!({ "vpc_id": vpc.id(), "name": "rules" }));
    let group = create(&aws, "rules", &group).await;
    strict.rewrite("DescribeSecurityGroupRules", |_, answer| {
        let text = answer.text().replace("<ipProtocol>58</ipProtocol>", "<ipProtocol>icmpv6</ipProtocol>");
        answer.with(text)
    });
    let rule: SecurityGroupRule = typed(json!({
        "security_group_id": group.id(), "type": "ingress", "protocol": "58", "from_port": -1, "to_port": -1,
        "ipv6_cidr_blocks": ["2001:db8::/32"],
    }));
    let made = create(&aws, "six", &rule).await;
    strict.forget();
    update(&aws, "six", &made, &rule).await;
    let changes = strict.calls().into_keys().filter(|name| !name.starts_with("Describe")).count();
    assert_eq!(changes, 0, "{:?}", strict.calls());
    let all: SecurityGroupRule = typed(json!({
        "security_group_id": group.id(), "type": "ingress", "protocol": "-1", "from_port": 8080, "to_port": 8080,
        "cidr_blocks": ["10.0.0.0/8"],
    }));
    let (address, token) = identity(SecurityGroupRule::TYPE, "all");
    let error = aws.create(Call::new(&address, &token), &all).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
}

#[tokio::test]
async fn s8_a_queues_name_is_tried_again_after_a_minute() {
    let (_moto, strict, aws) = world().await;
    let said =
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.";
    strict.then("CreateQueue", refused(1, 400, "AWS.SimpleQueueService.QueueDeletedRecently", said));
    let queue: SqsQueue = typed(json!({ "name": "jobs" }));
    let (address, token) = identity(SqsQueue::TYPE, "jobs");
    let error = aws.create(Call::new(&address, &token), &queue).await.unwrap_err();
    assert!(matches!(error.retry(), Retry::After(pause) if pause.as_secs() >= 60), "{error:?}");
    create(&aws, "jobs", &queue).await;
}

#[tokio::test]
async fn s9_a_group_that_is_at_work_is_deleted_when_it_is_done() {
    let (_moto, strict, aws) = world().await;
    let base = base(&aws).await;
    let template = json!({ "name": "base", "image_id": "ami-12c6146b", "instance_type": "t3.micro" });
    let template: Observed<LaunchTemplate> = create(&aws, "base", &typed(template)).await;
    let group: AutoscalingGroup = typed(json!({
        "name": "busy", "min_size": 0, "max_size": 2, "desired_capacity": 2, "protect_from_scale_in": true,
        "vpc_zone_identifier": [base.subnet.id()], "launch_template": { "id": template.id() },
    }));
    let group = create(&aws, "busy", &group).await;
    let said = "You cannot delete an AutoScalingGroup while there are scaling activities in progress";
    strict.then("DeleteAutoScalingGroup", refused(2, 400, "ScalingActivityInProgress", said));
    strict.then("DeleteAutoScalingGroup", refused(1, 400, "ResourceInUse", "it has instances"));
    assert!(delete(&aws, "busy", &group).await.unwrap());
    assert!(strict.count("DeleteAutoScalingGroup") >= 4);
}

#[tokio::test]
async fn s11_a_profile_that_is_not_visible_yet_is_waited_for() {
    let (_moto, strict, aws) = world().await;
    let base = base(&aws).await;
    let machine: Instance =
        typed(json!({ "ami": "ami-12c6146b", "instance_type": "t3.micro", "subnet_id": base.subnet.id() }));
    let (address, token) = identity(Instance::TYPE, "machine");
    let call = Call::new(&address, &token);
    for (code, message, retry) in [
        (
            "InvalidParameterValue",
            "Value (nodes) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
            Retry::Backoff,
        ),
        ("InvalidParameterValue", "Value (x) for parameter instanceType is invalid.", Retry::Never),
    ] {
        strict.then("RunInstances", refused(1, 400, code, message));
        let error = aws.create(call, &machine).await.unwrap_err();
        assert_eq!((error.retry(), error.effect()), (retry, Effect::None), "{error}");
    }
}

#[tokio::test]
async fn s12_a_profile_is_deleted_whoever_put_a_role_into_it() {
    let (_moto, _strict, aws) = world().await;
    for name in ["first", "second"] {
        let _: Observed<IamRole> = create(&aws, name, &role(name)).await;
    }
    let with = |role: &str| typed::<IamInstanceProfile>(json!({ "name": "nodes", "role": role }));
    let made = create(&aws, "nodes", &with("first")).await;
    update(&aws, "nodes", &made, &with("second")).await;
    assert!(delete(&aws, "nodes", &made).await.unwrap(), "deletes by the values recorded before");
}

#[tokio::test]
async fn s14_names_of_records_come_back_in_another_spelling() {
    let (_moto, strict, aws) = world().await;
    strict.rewrite("GET rrset", |_, answer| {
        let text = answer.text().replace("<Name>*.", "<Name>\\052.");
        answer.with(text)
    });
    let zone: Observed<Route53Zone> = create(&aws, "zone", &typed(json!({ "name": "example.com" }))).await;
    let record: Route53Record = typed(json!({
        "zone_id": zone.id(), "name": "*.Example.com", "type": "A", "ttl": 60, "records": ["192.0.2.1"],
    }));
    let made = create(&aws, "record", &record).await;
    strict.forget();
    update(&aws, "record", &made, &record).await;
    assert_eq!(strict.count("POST rrset"), 0, "nothing differs");
    assert!(delete(&aws, "record", &made).await.unwrap());
}

#[tokio::test]
async fn s15_changes_of_a_zone_wait_for_each_other() {
    let (_moto, strict, aws) = world().await;
    let zone: Observed<Route53Zone> = create(&aws, "zone", &typed(json!({ "name": "example.com" }))).await;
    let record: Route53Record = typed(json!({
        "zone_id": zone.id(), "name": "www", "type": "A", "ttl": 60, "records": ["192.0.2.1"],
    }));
    let (address, token) = identity(Route53Record::TYPE, "www");
    strict.then("POST rrset", refused(1, 400, "PriorRequestNotComplete", "The request was rejected"));
    let error = aws.create(Call::new(&address, &token), &record).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Conflict, Retry::Backoff), "{error}");
    strict.then("POST rrset", refused(2, 400, "Throttling", "Rate exceeded"));
    create(&aws, "www", &record).await;
    assert_eq!(strict.count("POST rrset"), 4, "the client sends throttled requests again, so nothing fails");
}

#[tokio::test]
async fn s16_a_failure_inside_an_answer_of_success_is_an_error() {
    let (_moto, strict, aws) = world().await;
    let rule: CloudwatchEventRule = typed(json!({ "name": "tick", "schedule_expression": "rate(1 hour)" }));
    let rule = create(&aws, "tick", &rule).await;
    let target: landform_aws::CloudwatchEventTarget =
        typed(json!({ "rule": "tick", "target_id": "q", "arn": "arn:aws:sqs:us-east-2:123456789012:told" }));
    let fails = Arc::new(AtomicBool::new(true));
    let failing = fails.clone();
    strict.rewrite("PutTargets", move |_, answer| {
        if !failing.load(Ordering::SeqCst) {
            return answer;
        }
        let entry = json!({
            "TargetId": "q", "ErrorCode": "ConcurrentModificationException", "ErrorMessage": "later",
        });
        answer.with(json!({ "FailedEntryCount": 1, "FailedEntries": [entry] }).to_string())
    });
    let (address, token) = identity(landform_aws::CloudwatchEventTarget::TYPE, "q");
    let error = aws.create(Call::new(&address, &token), &target).await.unwrap_err();
    let code = Some("ConcurrentModificationException");
    assert_eq!((error.kind(), error.provider_code()), (ErrorKind::Conflict, code), "{error}");
    fails.store(false, Ordering::SeqCst);
    let target = create(&aws, "q", &target).await;
    assert!(delete(&aws, "q", &target).await.unwrap());
    let said = "Rule can't be deleted since it has targets.";
    strict.then("DeleteRule", refused(2, 400, "ValidationException", said));
    assert!(delete(&aws, "tick", &rule).await.unwrap());
}

#[tokio::test]
async fn s17_each_read_keeps_its_own_page_and_a_missing_one_hides_no_other() {
    let (_moto, strict, aws) = world().await;
    let base = base(&aws).await;
    strict.guard("DescribeTags", |call| match call.fields.get("LoadBalancerNames.member.21") {
        Some(_) => Then::Refused(400, "ValidationError", "at most 20 names"),
        None => Then::Passes,
    });
    let mut ids = Vec::new();
    for number in 0..25 {
        let port =
            json!({ "lb_port": 80, "lb_protocol": "http", "instance_port": 80, "instance_protocol": "http" });
        let balancer = json!({
            "name": format!("lb-{number}"), "listener": [port], "subnets": [base.subnet.id()], "internal": true,
        });
        let made: Observed<Elb> = create(&aws, &format!("lb-{number}"), &typed(balancer)).await;
        ids.push(Id::<Elb>::new(made.id()));
    }
    ids.push(Id::new("nowhere"));
    // Reads in pages of the type, as the engine does.
    let page = Manage::<Elb>::abilities(&aws).page;
    let mut read = Vec::new();
    for page in ids.chunks(page) {
        read.extend(aws.read_many(page).await.unwrap());
    }
    assert_eq!(read.iter().flatten().count(), 25);
    assert!(read[25].is_none());
}

#[tokio::test]
async fn what_aws_holds_fast_the_proxy_holds_fast_and_deletions_wait() {
    let (moto, strict, aws) = world().await;
    let beside = client(&moto).await;
    let base = base(&aws).await;
    let machine =
        json!({ "ami": "ami-12c6146b", "instance_type": "t3.micro", "subnet_id": base.subnet.id() });
    let machine: Observed<Instance> = create(&aws, "machine", &typed(machine)).await;
    // The gateway uses the address. The subnet contains the gateway and the machine.
    let error = delete(&aws, "subnet", &base.subnet).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InUse, "{error}");
    assert!(strict.count("DeleteSubnet") > 3, "the kit tried again");
    assert!(delete(&aws, "machine", &machine).await.unwrap());
    assert!(delete(&aws, "nat", &base.nat).await.unwrap());
    let read = beside.read_many(&[Id::<Instance>::new(machine.id())]).await.unwrap();
    assert!(read[0].is_none());
    assert!(delete(&aws, "subnet", &base.subnet).await.unwrap());
}

#[tokio::test]
async fn a_read_may_be_stale_after_a_fresh_one() {
    let (_moto, strict, aws) = world().await;
    strict.waver();
    let vpc = create(&aws, "vpc", &plain_vpc()).await;
    let part = create(&aws, "part", &subnet(&vpc, "10.0.1.0/24")).await;
    let mut wanted = subnet(&vpc, "10.0.1.0/24");
    wanted.map_public_ip_on_launch = true;
    let there = update(&aws, "part", &part, &wanted).await;
    assert!(there.arguments.map_public_ip_on_launch);
    assert!(delete(&aws, "part", &there).await.unwrap());
}

/// The number of calls in a refresh of a thousand resources of each type.
#[tokio::test]
async fn a_refresh_of_thousands_takes_few_calls() {
    const MAKE: &str = r#"
import boto3, json, os
ec2 = boto3.client("ec2", region_name=os.environ["AWS_REGION"])
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n // 16}.{n % 16 * 16}/28")["Subnet"]["SubnetId"] for n in range(1000)]
rules, pages = [], ec2.get_paginator("describe_security_group_rules")
for g in range(20):
    group = ec2.create_security_group(VpcId=vpc, GroupName=f"g{g}", Description="g")["GroupId"]
    ranges = [{"CidrIp": f"10.{g}.{n}.0/24"} for n in range(50)]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}])
    for page in pages.paginate(Filters=[{"Name": "group-id", "Values": [group]}]):
        rules += [rule["SecurityGroupRuleId"] for rule in page["SecurityGroupRules"] if not rule["IsEgress"]]
wide = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
wide = ec2.create_subnet(VpcId=wide, CidrBlock="10.1.0.0/20")["Subnet"]["SubnetId"]
machines = ec2.run_instances(ImageId="ami-12c6146b", InstanceType="t3.micro", SubnetId=wide, MinCount=1000, MaxCount=1000)
machines = [machine["InstanceId"] for machine in machines["Instances"]]
print(json.dumps({"aws_subnet": subnets, "aws_vpc_security_group_ingress_rule": rules, "aws_instance": machines}))
"#;
    let moto = Moto::start();
    let made: Json = serde_json::from_str(&moto.run(MAKE)).unwrap();
    let strict = Strict::before(&moto.url());
    let provider = Client::emulator(&strict.url(), REGION).await.unwrap().provider();
    let mut told = Vec::new();
    for (type_name, ids) in made.as_object().unwrap() {
        let driver = provider.driver(type_name).unwrap();
        let ids: Vec<landform_core::Object> = ids
            .as_array()
            .unwrap()
            .iter()
            .map(|id| landform_core::Object::new(id.as_str().unwrap(), json!({}), json!({})))
            .collect();
        assert_eq!(ids.len(), 1000, "{type_name}");
        let mut there = 0;
        for page in ids.chunks(driver.abilities().page) {
            let known: Vec<&dyn landform_core::Known> = page.iter().map(|one| one as _).collect();
            there += driver.read_many(&known).await.unwrap().iter().flatten().count();
        }
        assert_eq!(there, 1000, "{type_name}");
        told.push((type_name.clone(), strict.calls().values().sum::<usize>()));
        strict.forget();
    }
    let all: usize = told.iter().map(|(_, calls)| calls).sum();
    assert!(all < 60, "{told:?}");
    println!("calls: {told:?}");
}
