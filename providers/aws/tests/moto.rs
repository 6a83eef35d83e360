//! Every driver against a moto server, by the real SDK.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used)]

#[path = "../../../tests/support/moto.rs"]
mod moto;

use std::collections::BTreeMap;

use landform_aws::{
    Client, Eip, HostnameType, InternetGateway, NatGateway, Route, RouteTable, RouteTableAssociation, Subnet,
    Tenancy, Vpc,
};
use landform_core::{
    Address, Call, Cidr, Effect, ErrorKind, FindBy, Found, Id, Manage, Observed, Progress, Resource, Retry,
    Ticket, Token,
};
use moto::Moto;
use serde_json::Value as Json;

const REGION: &str = "us-east-2";

#[tokio::test]
async fn every_type_goes_its_way_and_leaves_nothing() {
    let moto = Moto::start();
    let client = Client::emulator(&moto.url(), REGION).await.unwrap();
    assert_eq!(client.clone().provider().types().count(), 8);

    let vpc = exercise(
        &client,
        "vpc",
        Vpc {
            cidr_block: cidr("10.20.0.0/16"),
            instance_tenancy: Tenancy::Default,
            enable_dns_support: true,
            enable_dns_hostnames: true,
            assign_generated_ipv6_cidr_block: false,
            tags: tags("a"),
        },
        |vpc| vpc.enable_dns_hostnames = false,
    )
    .await;
    let vpc_id = Id::<Vpc>::new(vpc.id());
    assert_eq!(vpc.attributes.arn, format!("arn:aws:ec2:us-east-2:123456789012:vpc/{vpc_id}"));
    assert!(vpc.attributes.main_route_table_id.as_str().starts_with("rtb-"));
    assert!(vpc.attributes.default_security_group_id.as_str().starts_with("sg-"));
    assert!(vpc.attributes.default_network_acl_id.starts_with("acl-"));

    let gateway = InternetGateway { vpc_id: vpc_id.clone(), tags: tags("a") };
    let gateway = exercise(&client, "igw", gateway, |_| {}).await;

    let subnet = Subnet {
        vpc_id: vpc_id.clone(),
        cidr_block: Some(cidr("10.20.0.0/20")),
        ipv6_cidr_block: None,
        ipv6_native: false,
        availability_zone: Some("us-east-2a".into()),
        map_public_ip_on_launch: true,
        assign_ipv6_address_on_creation: false,
        enable_dns64: false,
        enable_resource_name_dns_a_record_on_launch: true,
        enable_resource_name_dns_aaaa_record_on_launch: false,
        private_dns_hostname_type_on_launch: Some(HostnameType::IpName),
        tags: tags("a"),
    };
    let subnet = exercise(&client, "subnet", subnet, |subnet| subnet.map_public_ip_on_launch = false).await;
    let subnet_id = Id::<Subnet>::new(subnet.id());

    let eip = Eip { domain: "vpc".into(), network_border_group: None, tags: tags("a") };
    let eip = exercise(&client, "eip", eip, |_| {}).await;
    let nat = NatGateway {
        subnet_id: subnet_id.clone(),
        allocation_id: Id::new(eip.id()),
        private_ip: None,
        tags: tags("a"),
    };
    let nat = exercise(&client, "nat", nat, |_| {}).await;
    assert_eq!(nat.attributes.public_ip, eip.attributes.public_ip);

    let table = RouteTable { vpc_id: vpc_id.clone(), tags: tags("a") };
    let table = exercise(&client, "table", table, |_| {}).await;
    let other = RouteTable { vpc_id: vpc_id.clone(), tags: tags("b") };
    let other = exercise(&client, "other", other, |_| {}).await;
    let (gateway_id, nat_id) = (Id::new(gateway.id()), Id::new(nat.id()));
    let route = Route {
        route_table_id: Id::new(table.id()),
        destination_cidr_block: Some(cidr("0.0.0.0/0")),
        destination_ipv6_cidr_block: None,
        gateway_id: Some(gateway_id),
        nat_gateway_id: None,
        egress_only_gateway_id: None,
        transit_gateway_id: None,
        vpc_peering_connection_id: None,
        network_interface_id: None,
    };
    let route = exercise(&client, "route", route, |route| {
        (route.gateway_id, route.nat_gateway_id) = (None, Some(nat_id.clone()));
    })
    .await;
    assert_eq!(route.id(), format!("{}_0.0.0.0/0", table.id()));
    let link = RouteTableAssociation { subnet_id: subnet_id.clone(), route_table_id: Id::new(table.id()) };
    let link = exercise(&client, "link", link, |link| link.route_table_id = Id::new(other.id())).await;

    let refused = delete(&client, "vpc", &vpc).await.unwrap_err();
    assert_eq!((refused.kind(), refused.retry()), (ErrorKind::InUse, Retry::Backoff), "{refused}");

    removed(&client, "link", link).await;
    removed(&client, "route", route).await;
    removed(&client, "other", other).await;
    removed(&client, "table", table).await;
    removed(&client, "nat", nat).await;
    removed(&client, "eip", eip).await;
    removed(&client, "subnet", subnet).await;
    removed(&client, "igw", gateway).await;
    removed(&client, "vpc", vpc).await;
}

#[tokio::test]
async fn ipv6_comes_and_goes_in_place() {
    let moto = Moto::start();
    let client = Client::emulator(&moto.url(), REGION).await.unwrap();
    let mut vpc = Vpc {
        cidr_block: cidr("10.0.0.0/16"),
        instance_tenancy: Tenancy::Dedicated,
        enable_dns_support: false,
        enable_dns_hostnames: false,
        assign_generated_ipv6_cidr_block: true,
        tags: tags("six"),
    };
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
    let client = Client::emulator(&moto.url(), REGION).await.unwrap();
    let (address, token) = identity("aws_internet_gateway", "lost");
    let call = Call { address: &address, token: &token };

    let table = RouteTable { vpc_id: Id::new("vpc-0123456789abcdef0"), tags: BTreeMap::new() };
    let error = client.create(call, &table).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::NotFound, Effect::None), "{error}");
    assert_eq!(error.provider_code(), Some("InvalidVpcID.NotFound"));
    let text = error.to_string();
    for part in ["CreateRouteTable", "aws_internet_gateway.lost", "HTTP 400", "request "] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }

    let reserved = Eip {
        domain: "vpc".into(),
        network_border_group: None,
        tags: BTreeMap::from([("landform:token".into(), "mine".into())]),
    };
    let error = client.create(call, &reserved).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Invalid, Retry::Never), "{error}");

    let error = Manage::<Vpc>::import(&client, "subnet-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    let error = Manage::<Vpc>::import(&client, "vpc-0123456789abcdef0").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");

    // A gateway that cannot be attached exists nevertheless.
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

/// The environment is a process's own, so that this test starts itself again in another one.
#[tokio::test]
async fn the_environment_says_where_aws_is() {
    const CHILD: &str = "LANDFORM_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        match Client::from_env().await {
            Ok(client) => println!("made {}", create(&client, "main", &plain_vpc()).await.attributes.arn),
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

/// Makes, finds, reads, changes and imports a resource.
async fn exercise<R: Resource + PartialEq>(
    client: &Client,
    name: &str,
    mut arguments: R,
    change: impl FnOnce(&mut R),
) -> Observed<R>
where
    Client: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call { address: &address, token: &token };
    let manage: &dyn Manage<R> = client;
    let abilities = manage.abilities();
    assert!(abilities.update && abilities.page > 1);

    assert!(matches!(manage.find(call, &arguments).await.unwrap(), Found::Nothing), "{name}");
    let Progress::Pending(ticket) = manage.create(call, &arguments).await.unwrap() else { panic!("{name}") };
    let id = ticket.id.clone().expect("the id is known from the first");
    let Found::Pending(found) = manage.find(call, &arguments).await.unwrap() else { panic!("{name}") };
    assert_eq!(found.id.as_deref(), Some(id.as_str()), "{name}");
    if abilities.find == FindBy::Token {
        let Progress::Pending(again) = manage.create(call, &arguments).await.unwrap() else {
            panic!("{name}")
        };
        assert_eq!(again.id.as_deref(), Some(id.as_str()), "{name}: a second one was made");
    }

    // Another process goes on with the ticket.
    let ticket: Ticket = serde_json::from_str(&serde_json::to_string(&ticket).unwrap()).unwrap();
    let made = follow(client, call, Progress::Pending(ticket), &arguments).await;
    assert_eq!(made.id(), id, "{name}");
    agrees(name, &arguments, &made);

    let ids = [Id::<R>::new(&id), Id::new(unknown(&id)), Id::new(&id)];
    let read = manage.read_many(&ids).await.unwrap();
    assert!(read[0].is_some() && read[1].is_none() && read[2].is_some(), "{name}: {read:?}");
    assert!(manage.read_many(&[]).await.unwrap().is_empty());

    change(&mut arguments);
    let mut json = serde_json::to_value(&arguments).unwrap();
    if let Some(tags) = json.get_mut("tags") {
        *tags = serde_json::json!({ "Name": format!("{name}-2"), "Added": "yes" });
    }
    let arguments: R = serde_json::from_value(json).unwrap();
    let changed = update(client, name, &made, &arguments).await;
    assert_eq!(changed.id(), id, "{name}");
    agrees(name, &arguments, &changed);
    let again = update(client, name, &changed, &arguments).await;
    agrees(name, &arguments, &again);
    let imported = manage.import(&id).await.unwrap();
    assert!(imported.arguments == again.arguments, "{name}: {imported:?}");
    again
}

/// Deletes a resource twice, the second time as one who does not know of the first.
async fn removed<R: Resource>(client: &Client, name: &str, prior: Observed<R>)
where
    Client: Manage<R>,
{
    for _ in 0..2 {
        let gone = delete(client, name, &prior).await.unwrap();
        assert!(gone, "{name} is still there");
    }
    let (address, token) = identity(R::TYPE, name);
    let call = Call { address: &address, token: &token };
    let manage: &dyn Manage<R> = client;
    let read = manage.read_many(&[Id::new(prior.id())]).await.unwrap();
    assert!(read[0].is_none(), "{name}: {read:?}");
    assert!(matches!(manage.find(call, &prior.arguments).await.unwrap(), Found::Nothing), "{name}");
}

async fn create<R: Resource>(client: &Client, name: &str, arguments: &R) -> Observed<R>
where
    Client: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call { address: &address, token: &token };
    let begun = client.create(call, arguments).await.unwrap();
    follow(client, call, begun, arguments).await
}

async fn update<R: Resource>(client: &Client, name: &str, prior: &Observed<R>, arguments: &R) -> Observed<R>
where
    Client: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call { address: &address, token: &token };
    let begun = client.update(call, prior, arguments).await.unwrap();
    follow(client, call, begun, arguments).await
}

/// Whether it is gone.
async fn delete<R: Resource>(client: &Client, name: &str, prior: &Observed<R>) -> landform_core::Result<bool>
where
    Client: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call { address: &address, token: &token };
    let mut progress = client.delete(call, prior).await?;
    for _ in 0..20 {
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
    client: &Client,
    call: Call<'_>,
    mut progress: Progress<R>,
    arguments: &R,
) -> Observed<R>
where
    Client: Manage<R>,
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

/// What was asked for is what there is; the cloud may have chosen more.
fn agrees<R: Resource>(name: &str, wanted: &R, observed: &Observed<R>) {
    let [wanted, found] =
        [wanted, &observed.arguments].map(|arguments| serde_json::to_value(arguments).unwrap());
    for (field, value) in wanted.as_object().unwrap() {
        assert_eq!(found.get(field), Some(value), "{name}.{field}");
    }
    let (given, schema) = (found.as_object().unwrap(), &R::resource_type().arguments);
    for (field, value) in given.iter().filter(|(field, _)| wanted.get(*field).is_none()) {
        let field = schema.field(field).unwrap();
        assert!(field.computed || *value == Json::Null, "{name}.{} is {value}", field.name);
    }
}

fn identity(type_name: &str, name: &str) -> (Address, Token) {
    let address = Address::new(&type_name.parse().unwrap(), name).unwrap();
    (address, format!("lf-{name}").parse().unwrap())
}

/// An id of the same form that nothing has.
fn unknown(id: &str) -> String {
    match id.split_once('_') {
        Some((table, _)) => format!("{table}_192.0.2.0/24"),
        None => format!("{}-0123456789abcdef0", id.split('-').next().unwrap()),
    }
}

fn plain_vpc() -> Vpc {
    Vpc {
        cidr_block: cidr("10.0.0.0/16"),
        instance_tenancy: Tenancy::Default,
        enable_dns_support: true,
        enable_dns_hostnames: false,
        assign_generated_ipv6_cidr_block: false,
        tags: BTreeMap::new(),
    }
}

fn tags(name: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("Name".to_owned(), name.to_owned()), ("Old".to_owned(), "yes".to_owned())])
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}
