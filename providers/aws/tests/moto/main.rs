//! Every driver against a moto server, with the real SDK.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used)]

mod balancers;
mod cases;
mod compute;
mod groups;
mod instances;
mod lists;
mod networks;
mod parts;
mod refresh;
mod seen;
mod services;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use landform_aws::{
    Client, Eip, IamPolicy, IamRole, InternetGateway, NatGateway, Route, RouteTable, RouteTableAssociation,
    SecurityGroup, Subnet, Vpc,
    permissions::{Permissions, Use},
};
use landform_core::{
    Address, Call, Driver, Effect, ErrorKind, FindBy, Id, Manage, Object, Observed, Progress, Resource,
    Retry, Token,
    conformance::{self, Clause, check},
};
use landform_kit::Kit;
use landform_testkit::{moto::Moto, strict::Strict};
use serde_json::{Value as Json, json};

use compute::Sample;

const REGION: &str = "us-east-2";

/// The provider under test.
type Aws = Kit<Client>;

async fn client(moto: &Moto) -> Aws {
    Client::emulator(&moto.url(), REGION).await.unwrap().kit()
}

#[tokio::test]
async fn every_driver_keeps_the_contract() {
    let moto = Moto::start();
    let strict = Strict::before(&moto.url());
    let client = Client::emulator(&strict.url(), REGION).await.unwrap().kit();
    let provider = Client::emulator(&strict.url(), REGION).await.unwrap().provider();
    let base = base(&client).await;
    let samples = all_samples(&client, &base).await;
    assert_eq!(samples.len() + services::TYPES.len(), provider.types().count());
    let mut broken = Vec::new();
    for (type_name, arguments, changed) in samples {
        let mut without = changed.clone();
        let without = without.as_object_mut().and_then(|fields| fields.remove("tags")).map(|_| without);
        let address = Address::new(&type_name.parse().unwrap(), "sample").unwrap();
        let sample = conformance::Sample::new(address, type_name.replace('_', "-"), arguments)
            .changed(changed)
            .without(without)
            .patience(Duration::from_secs(20));
        let driver = provider.driver(type_name).unwrap();
        strict.forget();
        let report = match check(&**driver, &sample, tokio::time::sleep).await {
            Ok(report) => report,
            Err(failure) => {
                broken.push(failure.to_string());
                continue;
            }
        };
        let mut skipped = match driver.abilities().find {
            FindBy::Token => vec![],
            _ => vec![Clause::Unused, Clause::CreateAgain],
        };
        skipped.extend(sample.without.is_none().then_some(Clause::TakenAway));
        skipped.extend(driver.abilities().reset.then_some(Clause::Absent));
        skipped.push(Clause::Secrets);
        assert_eq!(report.skipped, skipped, "{type_name}");
        broken.extend(untold(&strict, type_name));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[tokio::test]
async fn boto3_sees_what_was_declared() {
    let moto = Moto::start();
    let client = client(&moto).await;
    let provider = Client::emulator(&moto.url(), REGION).await.unwrap().provider();
    let base = base(&client).await;
    let samples = all_samples(&client, &base).await;
    seen::compare(&moto, &provider, &samples).await;
}

/// Makes the resources that the samples refer to, and returns a sample of each type except those of `services`.
async fn all_samples(client: &Aws, base: &Base) -> Vec<Sample> {
    let mut samples = networks::samples(client, base).await;
    samples.extend(compute::samples(client, base).await);
    samples
}

/// The actions of the calls for a type that the table of permissions lacks.
pub fn untold(strict: &Strict, type_name: &str) -> Vec<String> {
    let row = Permissions::of(type_name).unwrap();
    let uses = [Use::Read, Use::Create, Use::Change, Use::Delete];
    let told: BTreeSet<&str> = uses.into_iter().flat_map(|of| row.actions(of)).collect();
    let untold = strict.actions().into_iter().filter(|action| !told.contains(action.as_str()));
    untold.map(|action| format!("{type_name} needs {action}")).collect()
}

/// Follows tickets to the end. Returns the id of the resource, or what happened instead.
async fn settled(
    driver: &dyn Driver,
    call: Call<'_>,
    mut progress: Progress<Object>,
    arguments: &Json,
) -> Result<String, String> {
    for _ in 0..50 {
        match progress {
            Progress::Exists(object) => return Ok(object.id),
            Progress::Pending(ticket) => {
                tokio::time::sleep(ticket.poll_after).await;
                let resumed = driver.resume(call, &ticket, arguments).await;
                progress = resumed.map_err(|error| format!("{}: {error}", call.address))?;
            }
            other => return Err(format!("{}: {other:?}", call.address)),
        }
    }
    Err(format!("{}: still {progress:?}", call.address))
}

/// A public key in the format of `authorized_keys`.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada";

fn role(name: &str) -> IamRole {
    IamRole {
        name: name.to_owned(),
        name_prefix: None,
        assume_role_policy: trust("ec2"),
        description: None,
        path: "/".to_owned(),
        max_session_duration: 3600,
        permissions_boundary: None,
        force_detach_policies: false,
        tags: BTreeMap::new(),
    }
}

fn shared_policy() -> IamPolicy {
    IamPolicy {
        name: "shared".to_owned(),
        name_prefix: None,
        policy: allow("s3:*"),
        description: None,
        path: "/".to_owned(),
        tags: BTreeMap::new(),
    }
}

/// A policy that allows an action on everything.
fn allow(action: &str) -> String {
    let statement = json!({ "Effect": "Allow", "Action": action, "Resource": "*" });
    json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}

#[tokio::test]
async fn a_new_security_group_lets_nothing_out_until_a_rule_says_so() {
    let moto = Moto::start();
    let client = client(&moto).await;
    let base = base(&client).await;
    let group: SecurityGroup =
        typed(json!({ "vpc_id": base.vpc.id(), "name": "closed", "description": "closed" }));
    let group = create(&client, "closed", &group).await;
    let config = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new(REGION))
        .endpoint_url(moto.url())
        .credentials_provider(aws_credential_types::Credentials::new("a", "b", None, None, "test"))
        .load()
        .await;
    let ec2 = aws_sdk_ec2::Client::new(&config);
    let found = ec2.describe_security_groups().group_ids(group.id()).send().await.unwrap();
    assert!(found.security_groups()[0].ip_permissions_egress().is_empty());
}

#[tokio::test]
async fn reads_take_many_ids_and_answer_in_order() {
    let moto = Moto::start();
    let client = client(&moto).await;
    let base = base(&client).await;
    in_order(&client, &base.vpc).await;
    in_order(&client, &base.gateway).await;
    in_order(&client, &base.subnet).await;
    in_order(&client, &base.eip).await;
    in_order(&client, &base.nat).await;
    in_order(&client, &base.table).await;
    let route: Route = typed(json!({
        "route_table_id": base.table.id(), "destination_cidr_block": "0.0.0.0/0", "gateway_id": base.gateway.id(),
    }));
    let route = create(&client, "route", &route).await;
    assert_eq!(route.id(), format!("{}_0.0.0.0/0", base.table.id()));
    in_order(&client, &route).await;
    let link = RouteTableAssociation {
        subnet_id: Id::new(base.subnet.id()),
        route_table_id: Id::new(base.table.id()),
    };
    let link = create(&client, "link", &link).await;
    assert!(link.attributes.association_id.starts_with("rtbassoc-"));
    in_order(&client, &link).await;

    let seen = &base.vpc.attributes;
    assert_eq!(seen.arn, format!("arn:aws:ec2:us-east-2:123456789012:vpc/{}", seen.id));
    assert!(seen.main_route_table_id.as_str().starts_with("rtb-"));
    assert!(seen.default_security_group_id.as_str().starts_with("sg-"));
    assert!(seen.default_network_acl_id.starts_with("acl-"));

    let refused = delete(&client, "vpc", &base.vpc).await.unwrap_err();
    assert_eq!((refused.kind(), refused.retry()), (ErrorKind::InUse, Retry::Never), "{refused}");
    assert!(refused.message().contains("; held by eni-"), "{refused}");
}

#[tokio::test]
async fn ipv6_comes_and_goes_in_place() {
    let moto = Moto::start();
    let client = client(&moto).await;
    let mut vpc: Vpc = typed(json!({
        "cidr_block": "10.0.0.0/16", "instance_tenancy": "dedicated", "enable_dns_support": false,
        "assign_generated_ipv6_cidr_block": true, "tags": { "Name": "six" },
    }));
    let made = create(&client, "six", &vpc).await;
    assert!(made.arguments == vpc, "{:?}", made.arguments);
    assert!(made.attributes.ipv6_cidr_block.is_some() && made.attributes.ipv6_association_id.is_some());
    vpc.assign_generated_ipv6_cidr_block = false;
    let four = update(&client, "six", &made, &vpc).await;
    assert!(four.arguments == vpc && four.attributes.ipv6_cidr_block.is_none());
    vpc.assign_generated_ipv6_cidr_block = true;
    let six = update(&client, "six", &four, &vpc).await;
    assert!(six.arguments == vpc && six.attributes.ipv6_cidr_block.is_some());
}

#[tokio::test]
async fn errors_say_what_happened() {
    let moto = Moto::start();
    let client = client(&moto).await;
    let (address, token) = identity("aws_internet_gateway", "lost");
    let call = Call::new(&address, &token);

    let table = typed::<RouteTable>(json!({ "vpc_id": "vpc-0123456789abcdef0" }));
    let error = client.create(call, &table).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::NotFound, Effect::None), "{error}");
    assert_eq!(error.provider_code(), Some("InvalidVpcID.NotFound"));
    let text = error.to_string();
    for part in ["CreateRouteTable", "aws_internet_gateway.lost", "HTTP 400", "request "] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }

    let reserved: Eip = typed(json!({ "tags": { "landform:token": "mine" } }));
    let error = client.create(call, &reserved).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Invalid, Retry::Never), "{error}");

    let error = Manage::<Vpc>::import(&client, "subnet-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    let error = Manage::<Vpc>::import(&client, "vpc-0123456789abcdef0").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");

    // A gateway exists even if it cannot be attached.
    let gateway = InternetGateway { vpc_id: Id::new("vpc-0123456789abcdef0"), tags: BTreeMap::new() };
    let mut progress = client.create(call, &gateway).await.unwrap();
    let mut rounds = 0;
    let (exists, problem) = loop {
        match progress {
            Progress::Pending(ticket) => progress = client.resume(call, &ticket, &gateway).await.unwrap(),
            Progress::Partial { exists, problem } => break (exists, problem),
            other => panic!("{other:?}"),
        }
        rounds += 1;
        assert!(rounds < 30, "it never ends: {progress:?}");
    };
    assert_eq!(problem.kind(), ErrorKind::NotFound, "{problem}");
    assert!(delete(&client, "lost", &exists).await.unwrap());

    drop(moto);
    let error = client.create(call, &plain_vpc()).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Unavailable, Retry::Backoff), "{error}");
}

/// The test sets the environment of a process, so it starts itself again as another process.
#[tokio::test]
async fn the_environment_says_where_aws_is() {
    const CHILD: &str = "LANDFORM_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        match Client::from_env().await {
            Ok(client) => {
                println!("made {}", create(&client.kit(), "main", &plain_vpc()).await.attributes.arn)
            }
            Err(error) => println!("refused {error}"),
        }
        return;
    }
    let moto = Moto::start();
    let run = |without: &'static str| {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "the_environment_says_where_aws_is", "--nocapture"]);
        child.env_clear().env(CHILD, "1").envs(moto.environment()).env_remove(without);
        String::from_utf8(child.output().unwrap().stdout).unwrap()
    };
    let whole = run("NOTHING");
    assert!(whole.contains("made arn:aws:ec2:us-east-2:123456789012:vpc/vpc-"), "{whole}");
    let placeless = run("AWS_REGION");
    assert!(placeless.contains("refused") && placeless.contains("AWS_REGION"), "{placeless}");
    let nameless = run("AWS_ACCESS_KEY_ID");
    assert!(nameless.contains("refused aws: denied: no credentials"), "{nameless}");
}

/// A policy that lets a service assume a role.
fn trust(service: &str) -> String {
    let principal = json!({ "Service": format!("{service}.amazonaws.com") });
    let statement = json!([{ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" }]);
    json!({ "Version": "2012-10-17", "Statement": statement }).to_string()
}

/// One resource of each type, for others to refer to.
struct Base {
    vpc: Observed<Vpc>,
    gateway: Observed<InternetGateway>,
    subnet: Observed<Subnet>,
    eip: Observed<Eip>,
    nat: Observed<NatGateway>,
    table: Observed<RouteTable>,
    other: Observed<RouteTable>,
}

async fn base(client: &Aws) -> Base {
    let vpc = create(client, "vpc", &plain_vpc()).await;
    let vpc_id = Id::<Vpc>::new(vpc.id());
    let gateway = InternetGateway { vpc_id: vpc_id.clone(), tags: BTreeMap::new() };
    let gateway = create(client, "gateway", &gateway).await;
    let subnet = typed(json!({ "vpc_id": vpc_id, "cidr_block": "10.0.0.0/20" }));
    let subnet = create(client, "subnet", &subnet).await;
    let eip = create(client, "eip", &typed(json!({}))).await;
    // In moto two gateways cannot share an address, and the sample needs one.
    let own: Observed<Eip> = create(client, "own", &typed(json!({}))).await;
    let nat = typed(json!({ "subnet_id": subnet.id(), "allocation_id": own.id() }));
    let nat: Observed<NatGateway> = create(client, "nat", &nat).await;
    assert_eq!(nat.attributes.public_ip.as_ref(), Some(&own.attributes.public_ip));
    let table: RouteTable = typed(json!({ "vpc_id": vpc_id }));
    let other = create(client, "other", &table).await;
    let table = create(client, "table", &table).await;
    Base { vpc, gateway, subnet, eip, nat, table, other }
}

/// Reads a resource beside one that does not exist.
async fn in_order<R: Resource + PartialEq>(client: &Aws, made: &Observed<R>)
where
    Aws: Manage<R>,
{
    let nothing = match made.id().split_once('_') {
        Some((table, _)) => format!("{table}_192.0.2.0/24"),
        None => format!("{}-0123456789abcdef0", made.id().split('-').next().unwrap()),
    };
    let read =
        client.read_many(&[Id::<R>::new(made.id()), Id::new(nothing), Id::new(made.id())]).await.unwrap();
    let same =
        |seen: &Option<Observed<R>>| seen.as_ref().is_some_and(|seen| seen.arguments == made.arguments);
    assert!(same(&read[0]) && read[1].is_none() && same(&read[2]), "{read:?}");
}

async fn create<R: Resource>(client: &Aws, name: &str, arguments: &R) -> Observed<R>
where
    Aws: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call::new(&address, &token);
    let begun = client.create(call, arguments).await.unwrap();
    follow(client, call, begun, arguments).await
}

async fn update<R: Resource>(client: &Aws, name: &str, prior: &Observed<R>, arguments: &R) -> Observed<R>
where
    Aws: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call::new(&address, &token);
    let begun = client.update(call, prior, arguments).await.unwrap();
    follow(client, call, begun, arguments).await
}

/// Whether the resource is gone.
async fn delete<R: Resource>(client: &Aws, name: &str, prior: &Observed<R>) -> landform_core::Result<bool>
where
    Aws: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call::new(&address, &token);
    let mut progress = client.delete(call, prior).await?;
    for _ in 0..500 {
        match progress {
            Progress::Pending(ticket) => {
                tokio::time::sleep(ticket.poll_after).await;
                progress = client.resume(call, &ticket, &prior.arguments).await?;
            }
            progress => return Ok(matches!(progress, Progress::Gone)),
        }
    }
    Ok(false)
}

async fn follow<R: Resource>(
    client: &Aws,
    call: Call<'_>,
    mut progress: Progress<Observed<R>>,
    arguments: &R,
) -> Observed<R>
where
    Aws: Manage<R>,
{
    for _ in 0..20 {
        match progress {
            Progress::Exists(observed) => return observed,
            Progress::Pending(ticket) => {
                tokio::time::sleep(ticket.poll_after).await;
                progress = client.resume(call, &ticket, arguments).await.unwrap();
            }
            other => panic!("{}: {other:?}", call.address),
        }
    }
    panic!("{}: still {progress:?}", call.address)
}

fn identity(type_name: &str, name: &str) -> (Address, Token) {
    let name = name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let name =
        if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name } else { format!("n{name}") };
    let address = Address::new(&type_name.parse().unwrap(), &name).unwrap();
    (address, format!("lf-{name}").parse().unwrap())
}

fn plain_vpc() -> Vpc {
    typed(json!({ "cidr_block": "10.0.0.0/16" }))
}

fn typed<R: Resource>(arguments: Json) -> R {
    serde_json::from_value(arguments).unwrap()
}
