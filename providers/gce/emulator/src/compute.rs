//! Compute Engine: the effects of requests.

pub(crate) mod filter;
pub(crate) mod groups;
pub(crate) mod ips;
pub(crate) mod link;
mod list;
pub(crate) mod operation;
pub(crate) mod places;
mod project;
pub(crate) mod quota;
pub(crate) mod references;
pub(crate) mod rules;
pub(crate) mod table;
mod verbs;
pub(crate) mod world;

use serde_json::{Map, Value as Json};

use self::{
    link::{Place, Scope},
    operation::Start,
    world::{World, has_field, is_output, known, text},
};
use crate::{
    call::Call,
    refusal::{Refusal, Result},
};

/// The target of a path of Compute Engine.
enum At {
    Project,
    Aggregated(String),
    Regions,
    Zones,
    Region(String),
    Zone(String),
    Operations(Scope),
    Operation(Scope, String),
    Collection(Scope, String),
    Resource(Place),
    Family(String),
}

/// Answers a request.
pub(crate) fn answer(world: &mut World, call: &Call) -> Result<Json> {
    let (project, at) = at(world, call)?;
    if call.method.verb == "GET" || !call.mutates() {
        return read(world, call, &project, at);
    }
    let request = call.query("requestId").map(str::to_owned);
    let fingerprint = format!("{} {} {}", call.method.id, call.path, Json::Object(call.body.clone()));
    if let Some(id) = &request {
        if !is_request_id(id) {
            return Err(Refusal::invalid("requestId", id, "It must be a UUID other than zero."));
        }
        if let Some(operation) = world.repeated(&project, id, &fingerprint)? {
            return Ok(operation);
        }
    }
    let operation = write(world, call, &project, at)?;
    if let Some(id) = &request {
        world.remember(&project, id, fingerprint, &operation);
    }
    Ok(operation)
}

/// The time at which the operation that a request waits for will be done.
pub(crate) fn due(world: &World, call: &Call) -> Option<tokio::time::Instant> {
    let path = call.path.strip_suffix("/wait")?;
    world.due(&world.by_project_id(path))
}

fn read(world: &mut World, call: &Call, project: &str, at: At) -> Result<Json> {
    let name = call.method.name();
    let given = |world: &World, path: &str| world.given(path).ok_or_else(|| Refusal::not_found(path));
    match (at, name) {
        (At::Project, "get") => Ok(project::get(world, project)),
        (At::Regions, _) => list::list(world, call, &format!("projects/{project}/regions")),
        (At::Zones, _) => list::list(world, call, &format!("projects/{project}/zones")),
        (At::Region(name), _) => given(world, &format!("projects/{project}/regions/{name}")),
        (At::Zone(name), _) => given(world, &format!("projects/{project}/zones/{name}")),
        (At::Aggregated(segment), _) => list::aggregated(world, call, project, &segment),
        (At::Operations(scope), _) => {
            list::list(world, call, &format!("projects/{project}/{}/operations", scope.path()))
        }
        (At::Operation(scope, name), _) => {
            let path = format!("projects/{project}/{}/operations/{name}", scope.path());
            world.operation(&path).ok_or_else(|| Refusal::not_found(&path))
        }
        (At::Collection(scope, segment), "list") => {
            let path = format!("projects/{project}/{}/{segment}", scope.path());
            list::list(world, call, &path)
        }
        (At::Resource(place), "get") => {
            world.show(&place.path()).ok_or_else(|| Refusal::not_found(&place.path()))
        }
        (At::Family(path), _) => {
            let image = world.image_of_family(&path).and_then(|image| world.show(&image));
            image.ok_or_else(|| Refusal::not_found(&path))
        }
        (At::Resource(place), _) => verbs::ask(world, call, &place),
        _ => Err(Refusal::not_emulated(call.method.id)),
    }
}

fn write(world: &mut World, call: &Call, project: &str, at: At) -> Result<Json> {
    let start = |kind: &str| Start { fate: call.fate.clone(), ..Start::new(&call.life, kind, &call.user) };
    match (at, call.method.name()) {
        (At::Operation(scope, name), "delete") => {
            world.remove_operation(&format!("projects/{project}/{}/operations/{name}", scope.path()))?;
            Ok(Json::Null)
        }
        (At::Collection(scope, segment), "insert") => {
            let name = text(&call.body, "name").to_owned();
            if name.is_empty() {
                return Err(Refusal::required("resource.name"));
            }
            let place = Place { project: project.to_owned(), scope, segment, name };
            let mut body = call.body.clone();
            for (name, value) in &call.query {
                // The collection's rules handle `sourceInstanceTemplate` and `sourceImage`, and remove them.
                if name.starts_with("source") {
                    body.insert(name.clone(), Json::String(value.clone()));
                }
            }
            let kind = known(&place)?.insert;
            world.insert(place, body, start(kind))
        }
        (At::Collection(scope, segment), "patch" | "update") => {
            // A change of an autoscaler names it in the query or in the body.
            let parameter = segment.strip_suffix('s').unwrap_or(&segment);
            let name = call.query(parameter).unwrap_or_else(|| text(&call.body, "name")).to_owned();
            if name.is_empty() {
                return Err(Refusal::required(parameter));
            }
            let place = Place { project: project.to_owned(), scope, segment, name };
            write(world, call, project, At::Resource(place))
        }
        (At::Resource(place), "delete") => world.delete(&place.path(), start("delete")),
        (At::Resource(place), name @ ("patch" | "update"))
            if matches!(call.method.verb, "PATCH" | "PUT") && place.segment != "instances" =>
        {
            let collection = known(&place)?;
            guard(world, call, &place)?;
            let (body, whole) = (call.body.clone(), call.method.verb == "PUT");
            let kind = rules::change_kind(collection, name, &body);
            world.change(&place.path(), start(kind), |_, object| {
                if whole {
                    object.retain(|name, _| {
                        is_output(collection, name) || name == "fingerprint" || name == "region"
                    });
                }
                merge(object, body);
                Ok(())
            })
        }
        (At::Resource(place), _) => verbs::act(world, call, &place),
        (At::Project, _) => project::act(world, call, project),
        _ => Err(Refusal::not_emulated(call.method.id)),
    }
}

/// Refuses a change whose fingerprint is missing or old.
fn guard(world: &World, call: &Call, place: &Place) -> Result<()> {
    let (_, object) = world.ready(&place.path())?;
    let collection = known(place)?;
    if !has_field(collection, "fingerprint") {
        return Ok(());
    }
    match call.body.get("fingerprint").and_then(Json::as_str) {
        None if collection.guarded => Err(Refusal::required("resource.fingerprint")),
        Some(given) if Some(given) != object.get("fingerprint").and_then(Json::as_str) => Err(stale(place)),
        _ => Ok(()),
    }
}

/// 412: the fingerprint is not the resource's present one.
pub(crate) fn stale(place: &Place) -> Refusal {
    Refusal::condition(format!(
        "Invalid fingerprint. The resource '{}' was changed in the meantime.",
        place.path()
    ))
}

/// Applies a merge patch: nulls remove, objects merge, any other value replaces.
pub(crate) fn merge(object: &mut Map<String, Json>, patch: Map<String, Json>) {
    for (name, value) in patch {
        match value {
            Json::Null => {
                object.remove(&name);
            }
            Json::Object(inner) => match object.get_mut(&name) {
                Some(Json::Object(there)) => merge(there, inner),
                _ => {
                    let mut fresh = Map::new();
                    merge(&mut fresh, inner);
                    object.insert(name, Json::Object(fresh));
                }
            },
            value => {
                object.insert(name, value);
            }
        }
    }
}

fn at(world: &World, call: &Call) -> Result<(String, At)> {
    let parts: Vec<_> = call.path.split('/').collect();
    let ["projects", project, rest @ ..] = parts.as_slice() else {
        return Err(Refusal::not_found(&call.path));
    };
    let Some(known) = world.project(project) else {
        // Public images are in separate projects.
        return match rest {
            ["global", "images", name] if call.method.verb == "GET" => {
                let place = Place::of(&call.path).ok_or_else(|| Refusal::not_found(name))?;
                Ok(((*project).to_owned(), At::Resource(place)))
            }
            ["global", "images"] if world.images.iter().any(|image| image.project == *project) => {
                Ok(((*project).to_owned(), At::Collection(Scope::Global, "images".to_owned())))
            }
            ["global", "images", "family", _] => Ok(((*project).to_owned(), At::Family(call.path.clone()))),
            _ => Err(Refusal::not_found(&format!("projects/{project}"))),
        };
    };
    let project = known.id.clone();
    if known.disabled.iter().any(|api| api == "compute.googleapis.com") {
        return Err(Refusal::disabled("Compute Engine", "compute.googleapis.com", known.number));
    }
    let scope = match rest {
        [] | ["aggregated", ..] | ["global", ..] => Scope::Global,
        ["regions", region, ..] => Scope::Region((*region).to_owned()),
        ["zones", zone, ..] => Scope::Zone((*zone).to_owned()),
        _ => Scope::Global,
    };
    if !world.has_scope(&scope) && rest.len() > 2 {
        return Err(match &scope {
            Scope::Zone(zone) => Refusal::invalid("zone", zone, "Unknown zone."),
            Scope::Region(region) => Refusal::invalid("region", region, "Unknown region."),
            Scope::Global => Refusal::not_found(&call.path),
        });
    }
    let inside = match rest {
        ["global", inside @ ..] | ["regions" | "zones", _, inside @ ..] => inside,
        _ => &[],
    };
    let owned = |text: &str| text.to_owned();
    let at = match (rest, inside) {
        ([] | [_], []) if rest.first().is_none_or(|first| !["regions", "zones"].contains(first)) => {
            At::Project
        }
        (["aggregated", segment], _) => At::Aggregated(owned(segment)),
        (["regions"], _) => At::Regions,
        (["zones"], _) => At::Zones,
        (["regions", name], _) => At::Region(owned(name)),
        (["zones", name], _) => At::Zone(owned(name)),
        (_, ["operations"]) => At::Operations(scope),
        (_, ["operations", name, ..]) => At::Operation(scope, owned(name)),
        (_, ["images", "family", family]) => {
            At::Family(format!("projects/{project}/global/images/family/{family}"))
        }
        (_, [segment]) => At::Collection(scope, owned(segment)),
        (_, [segment, name, ..]) => At::Resource(Place {
            project: project.clone(),
            scope,
            segment: owned(segment),
            name: owned(name),
        }),
        _ => return Err(Refusal::not_found(&call.path)),
    };
    Ok((project, at))
}

fn is_request_id(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let lengths = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]);
    let digits = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    lengths && digits && text.bytes().any(|byte| byte != b'-' && byte != b'0')
}
