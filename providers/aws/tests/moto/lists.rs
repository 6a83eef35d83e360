//! Long lists, which AWS answers in pages, and states that AWS shows late. moto has neither; the strict proxy does.

use landform_aws::{
    EbsVolume, Eip, Instance, Lb, NatGateway, NetworkAcl, RouteTable, SecurityGroup, Subnet, Vpc,
    VpcEndpoint, data::Subnets,
};
use landform_core::{DataSource, Id, Manage, Observed, Resource};
use landform_testkit::strict::Strict;
use serde_json::json;

use super::{Aws, REGION, base, cases::world, create, delete, typed};

/// The size of the proxy's pages.
const PAGE: usize = 2;

/// Creates five of these, deletes the second, and reads all in one call.
async fn all_read<R: Resource + PartialEq>(aws: &Aws, arguments: impl Fn(usize) -> R)
where
    Aws: Manage<R>,
{
    let mut made: Vec<Observed<R>> = Vec::new();
    for number in 0..5 {
        made.push(create(aws, &format!("many-{number}"), &arguments(number)).await);
    }
    assert!(delete(aws, "many-1", &made[1]).await.unwrap(), "{}", R::TYPE);
    let ids: Vec<Id<R>> = made.iter().map(|one| Id::new(one.id())).collect();
    let read = aws.read_many(&ids).await.unwrap();
    let read: Vec<Option<&str>> = read.iter().map(|one| one.as_ref().map(|one| one.id())).collect();
    let wanted = made.iter().enumerate().map(|(number, one)| (number != 1).then(|| one.id()));
    assert_eq!(read, wanted.collect::<Vec<_>>(), "{}", R::TYPE);
}

#[tokio::test]
async fn every_list_is_read_to_its_last_page() {
    let (_moto, strict, aws) = world().await;
    strict.page(PAGE);
    let base = base(&aws).await;
    let vpc = base.vpc.id();
    all_read::<Vpc>(&aws, |number| typed(json!({ "cidr_block": format!("10.{}.0.0/16", number + 10) })))
        .await;
    all_read::<Subnet>(&aws, |number| {
        typed(json!({ "vpc_id": vpc, "cidr_block": format!("10.0.{}.0/24", number + 100) }))
    })
    .await;
    all_read::<RouteTable>(&aws, |_| typed(json!({ "vpc_id": vpc }))).await;
    all_read::<NetworkAcl>(&aws, |_| typed(json!({ "vpc_id": vpc }))).await;
    all_read::<SecurityGroup>(&aws, |number| {
        typed(json!({ "vpc_id": vpc, "name": format!("many-{number}") }))
    })
    .await;
    all_read::<Eip>(&aws, |_| typed(json!({}))).await;
    all_read::<EbsVolume>(&aws, |_| typed(json!({ "availability_zone": "us-east-2a", "size": 8 }))).await;
    all_read::<NatGateway>(&aws, |_| {
        typed(json!({ "subnet_id": base.subnet.id(), "connectivity_type": "private" }))
    })
    .await;
    all_read::<Instance>(&aws, |_| {
        typed(json!({ "ami": "ami-12c6146b", "instance_type": "t3.micro", "subnet_id": base.subnet.id() }))
    })
    .await;
    let within = json!([{ "name": "vpc-id", "values": [vpc] }]);
    let subnets: Subnets = serde_json::from_value(json!({ "filter": within, "tags": {} })).unwrap();
    let found = landform_aws::Client::emulator(&strict.url(), REGION).await.unwrap().read(&subnets).await;
    assert_eq!(found.unwrap().ids.len(), 5, "the base's subnet and four of the five");
}

/// Creates a resource whose state AWS shows late, and checks that the creation ends only then.
async fn waits<R: Resource>(
    (strict, aws): (&Strict, &Aws),
    (operation, real, shown): (&str, &'static str, &'static str),
    wanted: R,
) -> Observed<R>
where
    Aws: Manage<R>,
{
    strict.forget();
    strict.late(operation, real, shown, 3);
    let made = create(aws, "late", &wanted).await;
    assert!(strict.count(operation) > 3, "{}: {:?}", R::TYPE, strict.calls());
    made
}

#[tokio::test]
async fn a_creation_ends_when_aws_shows_that_the_resource_is_ready() {
    let (_moto, strict, aws) = world().await;
    let base = base(&aws).await;
    let (vpc, subnet, world) = (base.vpc.id(), base.subnet.id(), (&strict, &aws));
    let gateway: NatGateway = typed(json!({ "subnet_id": subnet, "connectivity_type": "private" }));
    let state = ("DescribeNatGateways", "<state>available</state>", "<state>pending</state>");
    waits(world, state, gateway).await;
    let volume: EbsVolume = typed(json!({ "availability_zone": "us-east-2a", "size": 8 }));
    waits(world, ("DescribeVolumes", "<status>available</status>", "<status>creating</status>"), volume)
        .await;
    let machine = json!({ "ami": "ami-12c6146b", "instance_type": "t3.micro", "subnet_id": subnet });
    let state = ("DescribeInstances", "<name>running</name>", "<name>pending</name>");
    let machine = waits(world, state, typed::<Instance>(machine)).await;
    assert_eq!(machine.attributes.instance_state, "running");
    let endpoint = json!({ "vpc_id": vpc, "service_name": "com.amazonaws.us-east-2.s3" });
    let state = ("DescribeVpcEndpoints", "<state>available</state>", "<state>pending</state>");
    waits(world, state, typed::<VpcEndpoint>(endpoint)).await;
    let balancer = json!({ "name": "late", "load_balancer_type": "network", "subnets": [subnet] });
    let state = ("DescribeLoadBalancers", "<Code>active</Code>", "<Code>provisioning</Code>");
    waits(world, state, typed::<Lb>(balancer)).await;
}
