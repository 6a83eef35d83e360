//! The adapter against an HTTP service with many conventions: each type keeps the contract, each refusal has its kind.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use landform_core::{
    Call, Driver, Effect, ErrorKind, Id, Object, Provider, Retry, attributes, block,
    conformance::{Clause, Sample, check},
    resource,
};
use landform_kit::{
    Class, Classes, Kit, Pace,
    rest::{Client, Collection, Rest},
};
use serde_json::{Map, Value as Json, json};

/// A type found by its name, created and changed by PUT.
#[resource("demo_bucket", id = "{name}")]
pub struct Bucket {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// The region that keeps it.
    pub region: Option<String>,
}

/// The attributes that the service computes.
#[attributes]
pub struct BucketAttributes {
    /// The name.
    pub id: Id<Bucket>,
}

impl Rest for Bucket {
    const AT: Collection = Collection::named("/buckets", "name").created_by_put().changed_by_put();
}

/// A type found by a label, changed by merge, in wrapped answers and pages, with numbers for ids.
#[resource("demo_disk", id = "{digits4}")]
pub struct Disk {
    /// Its size.
    pub size: u32,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that the service computes.
#[attributes]
pub struct DiskAttributes {
    /// The number.
    pub id: Id<Disk>,
}

impl Rest for Disk {
    const AT: Collection = Collection::with_label("/disks", "labels")
        .changed_by_merge()
        .item("disk")
        .items("disks")
        .paged("page", "next")
        .key("idempotency-key");
}

/// A type below another one's path, spelt in camel case, with states.
#[resource("demo_rule", id = "{net_id}/r-{digits4}")]
pub struct Rule {
    /// The net.
    #[field(immutable)]
    pub net_id: String,
    /// The ports that it opens.
    pub port_range: PortRange,
    /// Labels that say its purpose.
    pub rule_labels: BTreeMap<String, String>,
}

/// Ports.
#[block]
pub struct PortRange {
    /// The first.
    pub from_port: u16,
    /// The last.
    pub to_port: Option<u16>,
}

/// The attributes that the service computes.
#[attributes]
pub struct RuleAttributes {
    /// The net and the rule.
    pub id: Id<Rule>,
    /// The time of creation.
    pub made_at: u32,
}

impl Rest for Rule {
    const AT: Collection = Collection::with_token("/nets/{net_id}/rules", "request_token")
        .status("state", &["up"])
        .failed(&["broken"])
        .leaving(&["going"])
        .camel_case();
}

/// The resources of the service, and the answers that replace its usual ones next.
#[derive(Default)]
struct Service {
    items: Mutex<BTreeMap<String, Json>>,
    next: Mutex<VecDeque<(StatusCode, &'static str, Json)>>,
    asked: Mutex<Vec<String>>,
}

async fn serve() -> (Arc<Service>, String) {
    let service = Arc::new(Service::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api", listener.local_addr().unwrap());
    let routes = Router::new().fallback(handle).with_state(service.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (service, url)
}

async fn handle(
    State(service): State<Arc<Service>>,
    method: Method,
    uri: Uri,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    service.asked.lock().unwrap().push(format!("{method} {uri} {body}"));
    if let Some((status, after, body)) = service.next.lock().unwrap().pop_front() {
        return (status, [("retry-after", after), ("x-request-id", "r-7")], body.to_string()).into_response();
    }
    let path = uri.path().strip_prefix("/api").unwrap().to_owned();
    let body: Json = if body.is_empty() { Json::Null } else { serde_json::from_str(&body).unwrap() };
    let mut items = service.items.lock().unwrap();
    let is_collection = ["buckets", "disks", "rules"].iter().any(|kind| path.ends_with(kind));
    let wrapped = |item: &Json| match path.contains("disks") {
        true => json!({ "disk": item }).to_string(),
        false => item.to_string(),
    };
    let shown = |status: StatusCode, item: &Json| {
        let etag = item["version"].to_string();
        (status, [("etag", etag)], wrapped(item)).into_response()
    };
    let refused =
        |status: StatusCode, text: &str| (status, json!({ "message": text }).to_string()).into_response();
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    match (method.as_str(), is_collection) {
        ("POST", _) => {
            let number = items.len() + 1001;
            let id = if path.contains("disks") { json!(number) } else { json!(format!("r-{number}")) };
            let mut item = body;
            item["id"] = id.clone();
            item["state"] = "starting".into();
            item["madeAt"] = 7.into();
            item["version"] = 1.into();
            items.insert(format!("{path}/{}", id.to_string().trim_matches('"')), item.clone());
            shown(StatusCode::CREATED, &item)
        }
        ("GET", true) => {
            let within = |key: &&String| key.strip_prefix(&path).is_some_and(|rest| !rest[1..].contains('/'));
            let found: Vec<Json> =
                items.iter().filter(|(key, _)| within(key)).map(|(_, item)| item.clone()).collect();
            let asked = |item: &Json| {
                query.iter().all(|(key, value)| key == "page" || item[key].as_str() == Some(value))
            };
            let found: Vec<Json> = found.into_iter().filter(asked).collect();
            if !path.contains("disks") {
                return Json::Array(found).to_string().into_response();
            }
            let page: usize = query.get("page").map_or(0, |page| page.parse().unwrap());
            let next = if found.len() > page + 1 { json!(page + 1) } else { Json::Null };
            let part: Vec<Json> = found.into_iter().skip(page).take(1).collect();
            json!({ "disks": part, "next": next }).to_string().into_response()
        }
        ("GET", false) => match items.get_mut(&path) {
            None => refused(StatusCode::NOT_FOUND, "none"),
            Some(item) if item["state"] == "gone" => {
                items.remove(&path);
                refused(StatusCode::NOT_FOUND, "no longer there")
            }
            Some(item) => {
                let told = item.clone();
                let after =
                    [("starting", "up"), ("going", "gone")].into_iter().find(|pair| told["state"] == pair.0);
                if let Some((_, after)) = after {
                    item["state"] = after.into();
                }
                shown(StatusCode::OK, &told)
            }
        },
        ("PUT", _) => {
            let there = items.get(&path).map(|item| item["version"].clone());
            if header("if-none-match").as_deref() == Some("*") && there.is_some() {
                return refused(StatusCode::PRECONDITION_FAILED, "it exists");
            }
            if header("if-match").is_some_and(|etag| Some(etag) != there.as_ref().map(Json::to_string)) {
                return refused(StatusCode::PRECONDITION_FAILED, "it has changed");
            }
            let mut item = body;
            item["version"] = (there.and_then(|version| version.as_u64()).unwrap_or(0) + 1).into();
            items.insert(path.clone(), item.clone());
            shown(StatusCode::OK, &item)
        }
        ("PATCH", _) => match items.get_mut(&path) {
            None => refused(StatusCode::NOT_FOUND, "none"),
            Some(item) => {
                patch(item, &body, path.contains("disks"));
                item["version"] = (item["version"].as_u64().unwrap() + 1).into();
                shown(StatusCode::OK, item)
            }
        },
        ("DELETE", _) if path.contains("rules") => match items.get_mut(&path) {
            None => refused(StatusCode::NOT_FOUND, "none"),
            Some(item) => {
                item["state"] = "going".into();
                StatusCode::ACCEPTED.into_response()
            }
        },
        ("DELETE", _) => match items.remove(&path) {
            None => refused(StatusCode::NOT_FOUND, "none"),
            Some(_) => StatusCode::NO_CONTENT.into_response(),
        },
        _ => refused(StatusCode::METHOD_NOT_ALLOWED, "no"),
    }
}

/// Sets fields as a whole, or merges them as RFC 7396 says.
fn patch(item: &mut Json, change: &Json, merge: bool) {
    let (Json::Object(fields), Json::Object(change)) = (&mut *item, change) else {
        *item = change.clone();
        return;
    };
    for (name, value) in change {
        if value.is_null() {
            fields.remove(name);
        } else if merge {
            patch(fields.entry(name).or_insert(Json::Object(Map::new())), value, true);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
}

fn provider(url: &str) -> Provider {
    let classes = Classes(&[Class(ErrorKind::Quota, &["too_many"])]);
    let client = Client::new(url).unwrap().bearer("secret").unwrap().classes(classes);
    let kit = Arc::new(Kit::new(client).pace(Pace::AtMost(Duration::from_millis(1))));
    Provider::new("demo").with::<Bucket, _>(&kit).with::<Disk, _>(&kit).with::<Rule, _>(&kit)
}

async fn conforms(driver: &Arc<dyn Driver>, arguments: Json, changed: Json) -> Vec<Clause> {
    let mut without = changed.clone();
    let labels = ["labels", "rule_labels"].into_iter().find(|field| without.get(field).is_some());
    let without = labels.map(|labels| {
        without.as_object_mut().unwrap().remove(labels);
        without
    });
    let address = format!("{}.sample", driver.resource_type().name).parse().unwrap();
    let sample = Sample::new(address, "run-1", arguments)
        .changed(changed)
        .without(without)
        .patience(Duration::from_secs(10));
    check(&**driver, &sample, tokio::time::sleep).await.unwrap().skipped
}

#[tokio::test]
async fn every_manner_keeps_the_contract() {
    let (service, url) = serve().await;
    let provider = provider(&url);
    let skipped = conforms(
        provider.driver("demo_bucket").unwrap(),
        json!({ "name": "a b?", "region": "x" }),
        json!({ "name": "a b?" }),
    );
    assert_eq!(skipped.await, [Clause::Unused, Clause::CreateAgain, Clause::TakenAway, Clause::Secrets]);

    let other = json!({ "id": 1, "size": 9, "labels": { "landform-token": "other" }, "version": 1 });
    service.items.lock().unwrap().insert("/disks/1".into(), other);
    let skipped = conforms(
        provider.driver("demo_disk").unwrap(),
        json!({ "size": 1, "labels": { "a": "1", "b": "2" } }),
        json!({ "size": 2, "labels": { "b": "3", "c": "4" } }),
    );
    assert_eq!(skipped.await, [Clause::Secrets]);

    let skipped = conforms(
        provider.driver("demo_rule").unwrap(),
        json!({ "net_id": "n-1", "port_range": { "from_port": 1, "to_port": 2 }, "rule_labels": { "my_key": "x" } }),
        json!({ "net_id": "n-1", "port_range": { "from_port": 3 }, "rule_labels": { "my_key": "y" } }),
    );
    assert_eq!(skipped.await, [Clause::Secrets]);
    assert_eq!(service.items.lock().unwrap().len(), 1, "only the other one is left");
    let asked = service.asked.lock().unwrap();
    assert!(asked.iter().any(|asked| asked.contains(r#""ruleLabels":{"my_key":"x"}"#)), "{asked:#?}");
    assert!(asked.iter().all(|asked| !asked.contains("netId") && !asked.contains("net_id")), "{asked:#?}");
}

#[tokio::test]
async fn every_refusal_has_its_kind() {
    let (service, url) = serve().await;
    let provider = provider(&url);
    let driver = provider.driver("demo_bucket").unwrap();
    let (address, token) = ("demo_bucket.a".parse().unwrap(), "t-1".parse().unwrap());
    let call = Call::new(&address, &token);
    let wanted = json!({ "name": "a" });
    let cases = [
        (400, json!({ "error": { "code": "bad", "message": "no" } }), ErrorKind::Invalid, Effect::None),
        (403, json!({}), ErrorKind::Denied, Effect::None),
        (409, json!({}), ErrorKind::AlreadyExists, Effect::None),
        (412, json!({}), ErrorKind::AlreadyExists, Effect::None),
        (422, json!({ "code": "too_many" }), ErrorKind::Quota, Effect::None),
        (429, json!({}), ErrorKind::Throttled, Effect::None),
        (503, json!({}), ErrorKind::Unavailable, Effect::Unknown),
    ];
    for (status, body, kind, effect) in cases {
        service.next.lock().unwrap().push_back((StatusCode::from_u16(status).unwrap(), "7", body));
        let error = driver.create(call, &wanted).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (kind, effect), "{status}: {error}");
        let text = error.to_string();
        assert!(text.starts_with("PUT /api/buckets/a: ") && text.contains("request r-7"), "{text}");
        if matches!(kind, ErrorKind::Throttled | ErrorKind::Unavailable) {
            assert_eq!(error.retry(), Retry::After(Duration::from_secs(7)));
        }
    }
    // An answer without a body, and an answer that is not JSON.
    service.next.lock().unwrap().push_back((StatusCode::OK, "0", json!(7)));
    let error = driver.read_many(&[&Object::by_id("a")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal, "{error}");

    let nobody = Client::new("http://127.0.0.1:9").unwrap();
    let provider = Provider::new("demo").with::<Bucket, _>(&Arc::new(Kit::new(nobody)));
    let error = provider.driver("demo_bucket").unwrap().create(call, &wanted).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unavailable, Effect::None), "{error}");
}

#[tokio::test]
async fn an_older_version_is_not_written_over() {
    let (service, url) = serve().await;
    let kit = Kit::new(Client::new(&url).unwrap());
    use landform_core::{Manage, Observed, Progress};
    let (address, token) = ("demo_bucket.a".parse().unwrap(), "t-1".parse().unwrap());
    let call = Call::new(&address, &token);
    let bucket = |region: &str| Bucket { name: "a".into(), region: Some(region.into()) };
    let Ok(Progress::Exists(made)) = kit.create(call, &bucket("x")).await else { panic!("not made") };
    let made: Observed<Bucket> = made;
    // Somebody writes between the read and the write.
    service.next.lock().unwrap().push_back((StatusCode::OK, "0", json!({ "name": "a", "region": "old" })));
    kit.update(call, &made, &bucket("y")).await.unwrap();
    service.next.lock().unwrap().push_back((StatusCode::PRECONDITION_FAILED, "0", json!({})));
    let error = kit.update(call, &made, &bucket("z")).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Conflict, Retry::After(Duration::ZERO)), "{error}");
}
