//! Plain HTTP to the emulator, as any tool speaks it: what exists is counted without a line of the client.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use serde_json::{Value as Json, json};

use crate::PROJECT;

/// The collections of Compute Engine in regions, zones, or both. Global ones are listed with them.
const SCATTERED: [&str; 14] = [
    "addresses",
    "autoscalers",
    "backendServices",
    "disks",
    "forwardingRules",
    "healthChecks",
    "instanceGroupManagers",
    "instanceTemplates",
    "instances",
    "routers",
    "subnetworks",
    "targetPools",
    "targetTcpProxies",
    "urlMaps",
];

/// The collections of Compute Engine without a place.
const GLOBAL: [&str; 4] = ["networks", "firewalls", "httpHealthChecks", "routes"];

/// The answer of a request. An answer that is not a success panics.
pub fn ask(server: SocketAddr, method: &str, path: &str, body: Option<Json>) -> Json {
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let mut stream = TcpStream::connect(server).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
    serde_json::from_str(body).unwrap_or(Json::Null)
}

/// Everything in the project: resources, members of roles, objects of buckets.
pub fn everything(server: SocketAddr) -> BTreeSet<String> {
    let get = |path: String| ask(server, "GET", &path, None);
    let mut found = BTreeSet::new();
    for collection in SCATTERED {
        let listed = get(format!("/compute/v1/projects/{PROJECT}/aggregated/{collection}"));
        let places = listed["items"].as_object().into_iter().flatten();
        let items = places.flat_map(|(_, place)| items(place, collection));
        found.extend(items.map(|item| text(&item, "selfLink")));
        if collection == "routers" {
            let places = listed["items"].as_object().into_iter().flatten();
            let routers = places.flat_map(|(_, place)| self::items(place, collection));
            let nats = routers.flat_map(|router| {
                let link = text(&router, "selfLink");
                self::items(&router, "nats")
                    .into_iter()
                    .map(move |nat| format!("{link}/{}", text(&nat, "name")))
            });
            found.extend(nats);
        }
    }
    for collection in GLOBAL {
        let listed = get(format!("/compute/v1/projects/{PROJECT}/global/{collection}"));
        found.extend(items(&listed, "items").iter().map(|item| text(item, "selfLink")));
    }
    for bucket in items(&get(format!("/storage/v1/b?project={PROJECT}")), "items") {
        let name = text(&bucket, "name");
        found.extend(
            items(&get(format!("/storage/v1/b/{name}/o")), "items").iter().map(|item| text(item, "id")),
        );
        members(&get(format!("/storage/v1/b/{name}/iam")), &name, &mut found);
        found.insert(name);
    }
    let accounts = get(format!("/v1/projects/{PROJECT}/serviceAccounts"));
    found.extend(items(&accounts, "accounts").iter().map(|item| text(item, "name")));
    let zones = get(format!("/dns/v1/projects/{PROJECT}/managedZones"));
    found.extend(items(&zones, "managedZones").iter().map(|item| text(item, "dnsName")));
    let policy = ask(server, "POST", &format!("/v1/projects/{PROJECT}:getIamPolicy"), Some(json!({})));
    members(&policy, PROJECT, &mut found);
    found
}

/// How many of the links or names found contain a text.
pub fn count(found: &BTreeSet<String>, part: &str) -> usize {
    found.iter().filter(|link| link.contains(part)).count()
}

fn members(policy: &Json, of: &str, found: &mut BTreeSet<String>) {
    for binding in items(policy, "bindings") {
        let role = text(&binding, "role");
        let members = binding["members"].as_array().into_iter().flatten();
        found.extend(members.map(|member| format!("{of} {role} {member}")));
    }
}

fn items(listed: &Json, field: &str) -> Vec<Json> {
    listed[field].as_array().cloned().unwrap_or_default()
}

fn text(item: &Json, field: &str) -> String {
    item[field].as_str().unwrap_or_default().to_owned()
}
