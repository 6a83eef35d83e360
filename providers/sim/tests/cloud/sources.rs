//! Data sources declared like AWS's: the only match, all matches, the newest match, and answers without a query.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use landform_aws::{self as aws, data};
use landform_core::{
    Data, DataDriver, Error, ErrorKind, Resource, ResourceType,
    conformance::{Clause, DataSample, check_data},
};
use landform_sim::{Builder, Cloud, Latency};
use serde_json::{Map, Value as Json, json};

use crate::demo::User;

fn builder(directory: &tempfile::TempDir) -> Builder {
    Cloud::open(directory.path()).types(aws::types()).latency(Latency::none())
}

/// Asks as an engine does.
async fn ask<R: Data>(cloud: &Cloud, question: Json) -> Result<R::Attributes, Error> {
    let asked: R = serde_json::from_value(question).unwrap();
    let source = cloud.provider("aws").data(R::TYPE).unwrap().clone();
    let answer = source.read(&serde_json::to_value(asked).unwrap()).await?;
    Ok(serde_json::from_value(answer).unwrap())
}

async fn problem<R: Data>(cloud: &Cloud, question: Json) -> (ErrorKind, String) {
    let error = ask::<R>(cloud, question).await.unwrap_err();
    (error.kind(), error.message().to_owned())
}

fn fields(value: Json) -> Map<String, Json> {
    value.as_object().unwrap().clone()
}

/// Two networks and three subnets.
async fn networks(user: &User) -> [String; 5] {
    let vpc = |block: &str, name: &str| json!({ "cidr_block": block, "tags": { "Name": name, "of": "us" } });
    let one = user.make("aws_vpc", vpc("10.0.0.0/16", "one")).await.id;
    let two = user.make("aws_vpc", vpc("10.1.0.0/16", "two")).await.id;
    let subnet = async |vpc: &str, block: &str, zone: &str, tier: &str| {
        let zone = format!("us-east-2{zone}");
        let arguments = json!({
            "vpc_id": vpc, "cidr_block": block, "availability_zone": zone, "tags": { "Tier": tier },
        });
        user.make("aws_subnet", arguments).await.id
    };
    let a = subnet(&one, "10.0.0.0/24", "a", "private").await;
    let b = subnet(&one, "10.0.1.0/24", "b", "public").await;
    let c = subnet(&two, "10.1.0.0/24", "a", "private").await;
    [one, two, a, b, c]
}

#[tokio::test]
async fn the_zones_need_no_telling() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = builder(&directory).region("eu-west-1").zones(["eu-west-1a", "eu-west-1b"]).build().unwrap();
    for question in [json!({}), json!({ "state": "available" })] {
        let zones = ask::<data::AvailabilityZones>(&cloud, question).await.unwrap();
        assert_eq!(zones.names, ["eu-west-1a", "eu-west-1b"]);
        assert_eq!((zones.id.as_str(), zones.zone_ids.len()), ("eu-west-1", 2));
        assert_eq!(zones.group_names.into_iter().collect::<Vec<_>>(), ["eu-west-1"]);
    }
    let (kind, message) = problem::<data::AvailabilityZones>(&cloud, json!({ "state": "impaired" })).await;
    assert_eq!((kind, message.as_str()), (ErrorKind::NotFound, "nothing matches state \"impaired\""));
}

#[tokio::test]
async fn what_is_told_goes_before_what_follows() {
    let directory = tempfile::tempdir().unwrap();
    let told = json!({ "names": ["us-east-2x"], "opt_in_status": "opted-in" });
    let zones = data::AvailabilityZones::resource_type();
    let cloud = builder(&directory).fact(zones, fields(told)).build().unwrap();
    let asked = json!({ "filter": [{ "name": "opt-in-status", "values": ["opted-in"] }] });
    let zones = ask::<data::AvailabilityZones>(&cloud, asked).await.unwrap();
    assert_eq!((zones.names, zones.id.as_str()), (vec!["us-east-2x".to_owned()], "us-east-2"));
}

#[tokio::test]
async fn the_one_that_fits_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(&directory));
    let [one, two, a, ..] = networks(&user).await;
    for question in [
        json!({ "id": one }),
        json!({ "cidr_block": "10.0.0.0/16" }),
        json!({ "tags": { "Name": "one" }, "default": false }),
        json!({ "filter": [{ "name": "vpc-id", "values": [one, "vpc-0"] }] }),
        json!({ "filter": [{ "name": "tag:Name", "values": ["o*"] }, { "name": "cidr-block", "values": ["10.?.*"] }] }),
    ] {
        let vpc = ask::<data::Vpc>(&user.cloud, question.clone()).await.unwrap();
        assert_eq!((vpc.id.as_str(), vpc.tags["Name"].as_str()), (one.as_str(), "one"), "{question}");
        let read = user.read("aws_vpc", &one).await.unwrap();
        assert_eq!(json!(vpc.main_route_table_id), read.attributes["main_route_table_id"]);
        assert_eq!((json!(vpc.arn), vpc.default), (read.attributes["arn"].clone(), false));
    }
    let asked = json!({ "vpc_id": one, "availability_zone": "us-east-2a" });
    let subnet = ask::<data::Subnet>(&user.cloud, asked).await.unwrap();
    assert_eq!((subnet.id.as_str(), subnet.vpc_id.as_str()), (a.as_str(), one.as_str()));
    assert_eq!(subnet.cidr_block.unwrap().to_string(), "10.0.0.0/24");

    let (kind, message) = problem::<data::Vpc>(&user.cloud, json!({ "tags": { "of": "us" } })).await;
    let expected = "2 match tags {\"of\":\"us\"}, expected one; add arguments to select it";
    assert_eq!((kind, message.as_str()), (ErrorKind::Invalid, expected));
    let (kind, _) = problem::<data::Vpc>(&user.cloud, json!({ "id": two, "default": true })).await;
    assert_eq!(kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn all_that_fit_are_gathered() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(&directory));
    let [one, _, a, b, c] = networks(&user).await;
    let filter = |name: &str, values: &[&str]| json!({ "filter": [{ "name": name, "values": values }] });
    for (question, expected) in [
        (json!({}), vec![&a, &b, &c]),
        (json!({ "tags": { "Tier": "private" } }), vec![&a, &c]),
        (filter("vpc-id", &[&one]), vec![&a, &b]),
        (filter("subnet-id", &[&b, &c]), vec![&b, &c]),
        (filter("availability-zone", &["*a"]), vec![&a, &c]),
        (filter("map-public-ip-on-launch", &["true"]), vec![]),
    ] {
        let mut expected: Vec<&str> = expected.into_iter().map(String::as_str).collect();
        expected.sort_unstable();
        let subnets = ask::<data::Subnets>(&user.cloud, question.clone()).await.unwrap();
        let ids: Vec<&str> = subnets.ids.iter().map(|id| id.as_str()).collect();
        assert_eq!((ids, subnets.id.as_str()), (expected, "us-east-2"), "{question}");
    }
    let (kind, message) = problem::<data::Subnets>(&user.cloud, filter("owner-alias", &["amazon"])).await;
    assert_eq!(kind, ErrorKind::Invalid);
    assert!(message.contains("unknown filter \"owner-alias\""), "{message}");
    assert!(message.contains("availability-zone, availability-zone-id, cidr-block"), "{message}");
}

#[tokio::test]
async fn of_images_the_newest_is_taken_where_that_is_asked() {
    let directory = tempfile::tempdir().unwrap();
    let image = |id: &str, date: &str| {
        let image = json!({
            "id": id, "image_id": id, "name": format!("system-{date}"), "architecture": "arm64",
            "root_device_name": "/dev/xvda", "creation_date": date, "owners": ["self"],
        });
        let mut image = fields(image);
        image.insert("owner_id".into(), "000000000000".into());
        image
    };
    let ami = data::Ami::resource_type();
    let mut broken = image("ami-3", "2026-01-01");
    broken.remove("root_device_name");
    broken.insert("owners".into(), json!(["amazon"]));
    let told = [image("ami-1", "2024-05-01"), image("ami-2", "2025-05-01"), broken];
    let cloud = told.into_iter().fold(builder(&directory), |builder, image| builder.fact(ami, image));
    let cloud = cloud.build().unwrap();
    let named = json!([{ "name": "name", "values": ["system-*"] }]);
    let asked = json!({ "owners": ["self"], "filter": named, "most_recent": true });
    assert_eq!(ask::<data::Ami>(&cloud, asked).await.unwrap().image_id, "ami-2");
    let (kind, message) = problem::<data::Ami>(&cloud, json!({ "owners": ["self"] })).await;
    let expected = "2 match most_recent false, owners [\"self\"], expected one; add arguments to select it";
    assert_eq!((kind, message.as_str()), (ErrorKind::Invalid, expected));
    let (kind, message) = problem::<data::Ami>(&cloud, json!({ "owners": ["amazon"] })).await;
    let expected = "the match lacks root_device_name, expected text";
    assert_eq!((kind, message.as_str()), (ErrorKind::Invalid, expected));
}

/// A data source that does one thing wrong.
#[derive(Clone, Copy, Debug)]
enum Cheat {
    Not,
    NoId,
    AnotherEachTime,
    TakesAny,
    FindsNothingWrong,
}

struct Cheating {
    inner: Arc<dyn DataDriver>,
    how: Cheat,
    calls: AtomicUsize,
}

#[async_trait]
impl DataDriver for Cheating {
    fn resource_type(&self) -> &Arc<ResourceType> {
        self.inner.resource_type()
    }

    async fn read(&self, arguments: &Json) -> Result<Json, Error> {
        let calls = self.calls.fetch_add(1, Ordering::Relaxed);
        let first = json!({ "tags": { "Name": "one" } });
        let answer = match (self.how, self.inner.read(arguments).await) {
            (Cheat::TakesAny, Err(error)) if error.kind() == ErrorKind::Invalid => {
                self.inner.read(&first).await
            }
            (Cheat::FindsNothingWrong, Err(error)) if error.kind() == ErrorKind::NotFound => {
                Err(Error::new(ErrorKind::Unavailable, error.message()))
            }
            (_, answer) => answer,
        };
        let mut answer = answer?;
        match self.how {
            Cheat::NoId => answer["id"] = json!(""),
            Cheat::AnotherEachTime => answer["owner_id"] = json!(format!("{calls:012}")),
            _ => {}
        }
        Ok(answer)
    }
}

#[tokio::test]
async fn data_sources_conform_and_one_that_cheats_is_found_out() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(&directory));
    networks(&user).await;
    let sample = DataSample::new(json!({ "tags": { "Name": "one" } }))
        .nothing(json!({ "tags": { "Name": "none" } }))
        .several(json!({ "tags": { "of": "us" } }));
    for (how, clause) in [
        (Cheat::Not, None),
        (Cheat::NoId, Some(Clause::Answer)),
        (Cheat::AnotherEachTime, Some(Clause::AnswerAgain)),
        (Cheat::FindsNothingWrong, Some(Clause::Nothing)),
        (Cheat::TakesAny, Some(Clause::Several)),
    ] {
        let inner = user.cloud.provider("aws").data("data.aws_vpc").unwrap().clone();
        let cheating = Cheating { inner, how, calls: AtomicUsize::new(0) };
        match (check_data(&cheating, &sample).await, clause) {
            (Ok(report), None) => assert_eq!(report.skipped, [Clause::Secrets]),
            (Err(failure), Some(clause)) => assert_eq!(failure.clause, clause, "{how:?}: {failure}"),
            (other, _) => panic!("{how:?}: {other:?}"),
        }
    }
    let plural = user.cloud.provider("aws").data("data.aws_subnets").unwrap().clone();
    let report = check_data(&*plural, &DataSample::new(json!({}))).await.unwrap();
    assert_eq!(report.skipped, [Clause::Nothing, Clause::Several, Clause::Secrets]);
    let failure = check_data(&*plural, &DataSample::new(json!({ "filter": 7 }))).await.unwrap_err();
    assert_eq!(failure.clause, Clause::Sample);
}
