//! Methods other than get, list, insert, patch, update and delete. Most set one field, which a line of a table names.

mod instances;

use serde_json::{Map, Value as Json, json};

use super::{
    groups, link,
    link::Place,
    operation::Start,
    rules::networks,
    world::{World, text},
};
use crate::{
    call::Call,
    refusal::{Refusal, Result},
};

/// A method that sets one field.
struct Set {
    /// The collection. Empty for all collections.
    segment: &'static str,
    verb: &'static str,
    /// The field of the resource.
    field: &'static str,
    /// The field of the body. Empty for the whole body.
    from: &'static str,
    /// The fingerprint that must be up to date.
    guard: Guard,
    /// The type of the operation, if it is not the method's name.
    kind: &'static str,
}

#[derive(PartialEq)]
enum Guard {
    None,
    /// `labelFingerprint`.
    Labels,
    /// The resource's `fingerprint`, if the request has one.
    Resource,
    /// The `fingerprint` inside the field.
    Field,
}

const SET: Set = Set { segment: "", verb: "", field: "", from: "", guard: Guard::None, kind: "" };

const SETS: &[Set] = &[
    Set {
        segment: "instances",
        verb: "setLabels",
        field: "labels",
        from: "labels",
        guard: Guard::Labels,
        ..SET
    },
    Set { verb: "setLabels", field: "labels", from: "labels", guard: Guard::Labels, ..SET },
    Set {
        segment: "forwardingRules",
        verb: "setTarget",
        field: "target",
        from: "target",
        kind: "SetTarget",
        ..SET
    },
    Set {
        segment: "subnetworks",
        verb: "setPrivateIpGoogleAccess",
        field: "privateIpGoogleAccess",
        from: "privateIpGoogleAccess",
        ..SET
    },
    Set {
        segment: "subnetworks",
        verb: "expandIpCidrRange",
        field: "ipCidrRange",
        from: "ipCidrRange",
        ..SET
    },
    Set { segment: "targetTcpProxies", verb: "setBackendService", field: "service", from: "service", ..SET },
    Set {
        segment: "targetTcpProxies",
        verb: "setProxyHeader",
        field: "proxyHeader",
        from: "proxyHeader",
        ..SET
    },
    Set { segment: "targetHttpProxies", verb: "setUrlMap", field: "urlMap", from: "urlMap", ..SET },
    Set { segment: "targetPools", verb: "setBackup", field: "backupPool", from: "target", ..SET },
    Set { segment: "disks", verb: "resize", field: "sizeGb", from: "sizeGb", ..SET },
    Set {
        segment: "instanceGroups",
        verb: "setNamedPorts",
        field: "namedPorts",
        from: "namedPorts",
        guard: Guard::Resource,
        ..SET
    },
    Set {
        segment: "backendServices",
        verb: "setSecurityPolicy",
        field: "securityPolicy",
        from: "securityPolicy",
        ..SET
    },
    Set { segment: "images", verb: "deprecate", field: "deprecated", ..SET },
    Set { segment: "instances", verb: "setMetadata", field: "metadata", guard: Guard::Field, ..SET },
    Set { segment: "instances", verb: "setTags", field: "tags", guard: Guard::Field, ..SET },
    Set { segment: "instances", verb: "setScheduling", field: "scheduling", ..SET },
    Set {
        segment: "instances",
        verb: "setMinCpuPlatform",
        field: "minCpuPlatform",
        from: "minCpuPlatform",
        ..SET
    },
    Set {
        segment: "instances",
        verb: "setMachineResources",
        field: "guestAccelerators",
        from: "guestAccelerators",
        ..SET
    },
    Set {
        segment: "instances",
        verb: "updateShieldedInstanceConfig",
        field: "shieldedInstanceConfig",
        ..SET
    },
    Set {
        segment: "instances",
        verb: "setShieldedInstanceIntegrityPolicy",
        field: "shieldedInstanceIntegrityPolicy",
        ..SET
    },
    Set { segment: "instances", verb: "updateDisplayDevice", field: "displayDevice", ..SET },
];

/// The methods that Google's documentation reserves for stopped instances.
const STOPPED: [&str; 2] = ["setMinCpuPlatform", "updateShieldedInstanceConfig"];

/// Handles the methods that change a resource.
pub(crate) fn act(world: &mut World, call: &Call, place: &Place) -> Result<Json> {
    let verb = call.method.name();
    let path = place.path();
    let start = Start { fate: call.fate.clone(), ..Start::new(&call.life, verb, &call.user) };
    if let Some(set) =
        SETS.iter().find(|set| set.verb == verb && (set.segment.is_empty() || set.segment == place.segment))
    {
        return self::set(world, call, place, set, start);
    }
    match (place.segment.as_str(), verb) {
        ("networks", "addPeering" | "removePeering" | "updatePeering") => {
            networks::peering(world, &path, verb, &call.body, start)
        }
        ("networks", "switchToCustomMode") => world.change(&path, start, |_, object| {
            object.insert("autoCreateSubnetworks".to_owned(), json!(false));
            Ok(())
        }),
        ("targetPools", "addInstance" | "removeInstance") => {
            pool_members(world, &path, "instances", "instance", verb.starts_with("add"), &call.body, start)
        }
        ("targetPools", "addHealthCheck" | "removeHealthCheck") => pool_members(
            world,
            &path,
            "healthChecks",
            "healthCheck",
            verb.starts_with("add"),
            &call.body,
            start,
        ),
        ("disks", "addResourcePolicies" | "removeResourcePolicies") => {
            let wanted =
                call.body.get("resourcePolicies").and_then(Json::as_array).cloned().unwrap_or_default();
            let add = verb.starts_with("add");
            world.change(&path, start, move |_, object| {
                edit_list(object, "resourcePolicies", &wanted, add);
                Ok(())
            })
        }
        ("disks", "createSnapshot") => {
            world.ready(&path)?;
            let mut body = call.body.clone();
            let name = text(&body, "name").to_owned();
            body.insert("sourceDisk".to_owned(), json!(link::url(&path)));
            let place =
                Place { scope: link::Scope::Global, segment: "snapshots".to_owned(), name, ..place.clone() };
            world.insert(place, body, start)
        }
        ("instanceGroups" | "instanceGroupManagers", _) => groups::act(world, call, place, start),
        ("instances", _) => instances::act(world, call, place, start),
        _ => Err(Refusal::not_emulated(call.method.id)),
    }
}

/// Handles the methods that only read a resource.
pub(crate) fn ask(world: &mut World, call: &Call, place: &Place) -> Result<Json> {
    let path = place.path();
    let object = world.show(&path).ok_or_else(|| Refusal::not_found(&path))?;
    match (place.segment.as_str(), call.method.name()) {
        (_, "testIamPermissions") => {
            Ok(json!({ "permissions": call.body.get("permissions").cloned().unwrap_or(json!([])) }))
        }
        ("instanceGroups" | "instanceGroupManagers", _) => groups::ask(world, call, place),
        ("instances", "getSerialPortOutput") => Ok(json!({
            "kind": "compute#serialPortOutput", "contents": "", "start": "0", "next": "0",
            "selfLink": format!("{}/serialPort", link::url(&path)),
        })),
        ("routers", "getRouterStatus") => {
            Ok(json!({ "kind": "compute#routerStatusResponse", "result": { "network": object["network"] } }))
        }
        ("targetPools", "getHealth") => Ok(json!({
            "kind": "compute#targetPoolInstanceHealth",
            "healthStatus": [{ "instance": call.body.get("instance"), "healthState": "HEALTHY" }],
        })),
        ("backendServices", "getHealth") => {
            let group = text(&call.body, "group");
            let group = link::path(group, &place.project).ok_or_else(|| Refusal::required("group"))?;
            let health: Vec<_> = groups::members(world, &group)
                .map(|instance| json!({ "instance": link::url(instance), "healthState": "HEALTHY", "port": 80 }))
                .collect();
            let kind = "compute#backendServiceGroupHealth";
            Ok(if health.is_empty() {
                json!({ "kind": kind })
            } else {
                json!({ "kind": kind, "healthStatus": health })
            })
        }
        _ => Err(Refusal::not_emulated(call.method.id)),
    }
}

fn set(world: &mut World, call: &Call, place: &Place, set: &Set, start: Start) -> Result<Json> {
    let path = place.path();
    let (_, object) = world.ready(&path)?;
    if set.segment == "instances" && STOPPED.contains(&set.verb) && text(&object, "status") != "TERMINATED" {
        return Err(instances::running(&place.name));
    }
    let given = |name: &str| call.body.get(name).and_then(Json::as_str);
    let there =
        |object: &Map<String, Json>, name: &str| object.get(name).and_then(Json::as_str).map(str::to_owned);
    match set.guard {
        Guard::Labels if given("labelFingerprint").is_none() => {
            return Err(Refusal::required("labelFingerprint"));
        }
        Guard::Labels if given("labelFingerprint") != there(&object, "labelFingerprint").as_deref() => {
            return Err(Refusal::condition(
                "Labels fingerprint either invalid or resource labels have changed",
            ));
        }
        Guard::Resource
            if given("fingerprint")
                .is_some_and(|given| Some(given) != there(&object, "fingerprint").as_deref()) =>
        {
            return Err(super::stale(place));
        }
        Guard::Field => {
            let known =
                object.get(set.field).and_then(Json::as_object).and_then(|field| there(field, "fingerprint"));
            if given("fingerprint") != known.as_deref() {
                let message =
                    format!("Supplied fingerprint does not match current {} fingerprint.", set.field);
                return Err(Refusal::condition(message));
            }
        }
        _ => {}
    }
    let mut value = match set.from {
        "" => Json::Object(call.body.clone()),
        from => call.body.get(from).cloned().unwrap_or_default(),
    };
    if set.guard == Guard::Field
        && let Some(value) = value.as_object_mut()
    {
        value.insert("fingerprint".to_owned(), world.next_fingerprint());
        if set.field == "metadata" {
            value.insert("kind".to_owned(), json!("compute#metadata"));
        }
    }
    let start = if set.kind.is_empty() { start } else { start.kind(set.kind) };
    let field = set.field;
    world.change(&path, start, move |_, object| {
        match (object.get_mut(field), value) {
            // The setting keeps the fields that the request leaves out.
            (Some(Json::Object(there)), Json::Object(value))
                if field == "scheduling" || field.starts_with("shielded") =>
            {
                super::merge(there, value);
            }
            (_, Json::Null) => {
                object.remove(field);
            }
            (_, value) => {
                object.insert(field.to_owned(), value);
            }
        }
        Ok(())
    })
}

fn pool_members(
    world: &mut World,
    path: &str,
    field: &'static str,
    key: &str,
    add: bool,
    body: &Map<String, Json>,
    start: Start,
) -> Result<Json> {
    let project = path.split('/').nth(1).unwrap_or_default().to_owned();
    let given = body.get(field).and_then(Json::as_array).into_iter().flatten();
    let links = given.filter_map(|item| item[key].as_str());
    let links: Vec<_> = links
        .map(|text| {
            json!(link::path(text, &project).map_or_else(|| text.to_owned(), |path| link::url(&path)))
        })
        .collect();
    world.change(path, start, move |_, object| {
        edit_list(object, field, &links, add);
        Ok(())
    })
}

/// Adds missing links to a list, or removes links from it.
pub(super) fn edit_list(object: &mut Map<String, Json>, field: &str, links: &[Json], add: bool) {
    let list = object.entry(field).or_insert_with(|| json!([]));
    let Some(list) = list.as_array_mut() else { return };
    list.retain(|link| !links.contains(link));
    if add {
        list.extend(links.iter().cloned());
    }
}
