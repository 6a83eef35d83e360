//! The members of instance groups, and how managers reach their target sizes.

use serde_json::{Map, Value as Json, json};

use super::{
    link::{self, Place, Scope},
    list,
    operation::Start,
    references, rules,
    table::{Rules, collection},
    world::{Being, World, text},
};
use crate::{
    call::Call,
    refusal::{Refusal, Result},
    token,
};

/// The members of an instance group.
#[derive(Default)]
pub(crate) struct Group {
    members: Vec<Member>,
    /// The reasons why instances could not be made.
    errors: Vec<Json>,
}

struct Member {
    instance: String,
    /// The template from which a manager made it.
    template: String,
}

/// The instances of a group, by the group's path.
pub(crate) fn members<'a>(world: &'a World, group: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    world
        .groups
        .get(group)
        .into_iter()
        .flat_map(|group| &group.members)
        .map(|member| member.instance.as_str())
}

fn group_of(manager: &str) -> String {
    Place::of(manager).map(|place| place.beside("instanceGroups").path()).unwrap_or_default()
}

/// Makes the group of a manager, and its instances.
pub(crate) fn made(world: &mut World, manager: &str) -> Result<()> {
    let Some((place, object)) = Place::of(manager).zip(world.object(manager).cloned()) else { return Ok(()) };
    let template = link::path(&rules::groups::template(&object), &place.project).unwrap_or_default();
    let interfaces = world.object(&template).and_then(|template| template.get("properties"));
    let network = interfaces.and_then(|properties| properties["networkInterfaces"][0]["network"].as_str());
    let mut group = Map::new();
    if let Some(network) = network {
        group.insert("network".to_owned(), json!(network));
    }
    if let Some(ports) = object.get("namedPorts") {
        group.insert("namedPorts".to_owned(), ports.clone());
    }
    let description =
        format!("This instance group is controlled by Instance Group Manager '{}'.", place.name);
    group.insert("description".to_owned(), json!(description));
    world.put_in(place.beside("instanceGroups"), group)?;
    reconcile(world, manager);
    Ok(())
}

/// Makes and removes instances until a manager has its target size.
pub(crate) fn reconcile(world: &mut World, manager: &str) {
    let Some((place, object)) = Place::of(manager).zip(world.object(manager).cloned()) else { return };
    let path = group_of(manager);
    let mut group = world.groups.remove(&path).unwrap_or_default();
    let size = object.get("targetSize").and_then(Json::as_u64).unwrap_or_default() as usize;
    let template = rules::groups::template(&object);
    let policy = object.get("updatePolicy").and_then(|policy| policy.get("type"));
    if policy.is_some_and(|policy| policy == "PROACTIVE") {
        let wanted = rules::groups::templates(&object);
        let (keep, old): (Vec<_>, Vec<_>) = group
            .members
            .drain(..)
            .partition(|member| wanted.iter().any(|(template, _)| *template == member.template));
        group.members = keep;
        old.iter().for_each(|member| remove_now(world, &member.instance));
    }
    while group.members.len() > size {
        if let Some(member) = group.members.pop() {
            remove_now(world, &member.instance);
        }
    }
    while group.members.len() < size {
        match make(world, &place, &object, &template, &group) {
            Ok(instance) => group.members.push(Member { instance, template: template.clone() }),
            Err(refusal) => {
                group.errors.push(json!({
                    "error": { "code": refusal.operation_code(), "message": refusal.message },
                    "instanceActionDetails": { "action": "CREATING", "version": { "instanceTemplate": template } },
                    "timestamp": token::timestamp(),
                }));
                break;
            }
        }
    }
    world.groups.insert(path, group);
}

/// Starts to make one instance in the zone with the fewest instances.
fn make(
    world: &mut World,
    manager: &Place,
    object: &Map<String, Json>,
    template: &str,
    group: &Group,
) -> Result<String> {
    let zone = match &manager.scope {
        Scope::Zone(zone) => zone.clone(),
        _ => {
            let zones = references::texts(object, "distributionPolicy.zones[].zone");
            let count = |zone: &str| {
                let part = format!("/zones/{zone}/");
                group.members.iter().filter(|member| member.instance.contains(&part)).count()
            };
            let zones = zones.iter().map(|zone| link::name(zone).to_owned());
            zones.min_by_key(|zone| count(zone)).unwrap_or_default()
        }
    };
    let number = token::mix(world.next());
    let letters: String = (0..4).map(|at| char::from(b'a' + (number >> (8 * at)) as u8 % 26)).collect();
    let place = Place {
        scope: Scope::Zone(zone),
        segment: "instances".to_owned(),
        name: format!("{}-{letters}", text(object, "baseInstanceName")),
        project: manager.project.clone(),
    };
    insert(world, manager, place, template)
}

fn insert(world: &mut World, manager: &Place, place: Place, template: &str) -> Result<String> {
    let path = place.path();
    let mut body = Map::new();
    body.insert("name".to_owned(), json!(place.name));
    body.insert("sourceInstanceTemplate".to_owned(), json!(template));
    let template = link::path(template, &manager.project).unwrap_or_default();
    let mut metadata = world
        .object(&template)
        .and_then(|template| template.get("properties")?.get("metadata")?.get("items")?.as_array().cloned())
        .unwrap_or_default();
    let number = world.project(&manager.project).map_or(0, |project| project.number);
    for (key, value) in [("instance-template", &template), ("created-by", &manager.path())] {
        let value = value.replacen(&manager.project, &number.to_string(), 1);
        metadata.push(json!({ "key": key, "value": value }));
    }
    body.insert("metadata".to_owned(), json!({ "items": metadata }));
    let start =
        Start::new(&world.settings.life, "insert", "service-agent@compute-system.iam.gserviceaccount.com");
    world.insert(place, body, start)?;
    Ok(path)
}

/// Removes an instance at once, with its parts.
fn remove_now(world: &mut World, path: &str) {
    if let Some(object) = world.take_out(path) {
        rules::instances::Instances.gone(world, path, &object);
    }
}

/// Removes the group and the instances of a deleted manager.
pub(crate) fn gone(world: &mut World, manager: &str) {
    let path = group_of(manager);
    let group = world.groups.remove(&path).unwrap_or_default();
    for member in group.members {
        remove_now(world, &member.instance);
    }
    world.take_out(&path);
}

/// Removes a deleted instance from its groups. Its manager makes it again.
pub(crate) fn lost(world: &mut World, instance: &str) {
    let holds = |group: &Group| group.members.iter().any(|member| member.instance == instance);
    let groups: Vec<_> =
        world.groups.iter().filter(|(_, group)| holds(group)).map(|(path, _)| path.clone()).collect();
    for path in groups {
        let manager = Place::of(&path).map(|place| place.beside("instanceGroupManagers")).filter(|place| {
            world.resource(&place.path()).is_some_and(|resource| resource.being != Being::Coming)
        });
        let Some(group) = world.groups.get_mut(&path) else { continue };
        let Some(at) = group.members.iter().position(|member| member.instance == instance) else { continue };
        let member = group.members.remove(at);
        if let (Some(manager), Some(place)) = (manager, Place::of(instance))
            && insert(world, &manager, place, &member.template).is_ok()
            && let Some(group) = world.groups.get_mut(&path)
        {
            group.members.insert(at.min(group.members.len()), member);
        }
    }
}

/// Adds the status that follows from the members: whether the group is stable, and the current actions.
pub(crate) fn show(world: &World, manager: &str, object: &mut Map<String, Json>) {
    let size = object.get("targetSize").and_then(Json::as_u64).unwrap_or_default() as usize;
    let there: Vec<_> = members(world, &group_of(manager)).collect();
    let creating = there.iter().filter(|instance| action(world, instance) == "CREATING").count();
    let stable = creating == 0 && there.len() == size;
    let counts = [
        ("abandoning", 0),
        ("creating", creating),
        ("creatingWithoutRetries", 0),
        ("deleting", 0),
        ("none", there.len() - creating),
        ("recreating", 0),
        ("refreshing", 0),
        ("restarting", 0),
        ("resuming", 0),
        ("starting", 0),
        ("stopping", 0),
        ("suspending", 0),
        ("verifying", 0),
    ];
    let counts: Map<_, _> = counts.into_iter().map(|(name, count)| (name.to_owned(), json!(count))).collect();
    object.insert("currentActions".to_owned(), Json::Object(counts));
    let group = world.groups.get(&group_of(manager));
    let wanted = rules::groups::templates(object);
    let reached = group
        .into_iter()
        .flat_map(|group| &group.members)
        .all(|member| wanted.iter().any(|(template, _)| *template == member.template));
    object.insert(
        "status".to_owned(),
        json!({ "isStable": stable, "versionTarget": { "isReached": reached } }),
    );
}

fn action(world: &World, instance: &str) -> &'static str {
    match world.resource(instance).map(|resource| resource.being) {
        Some(Being::Coming) | None => "CREATING",
        Some(_) => "NONE",
    }
}

/// Handles the methods that change a group or its manager.
pub(crate) fn act(world: &mut World, call: &Call, place: &Place, start: Start) -> Result<Json> {
    let path = place.path();
    let (_, object) = world.ready(&path)?;
    let links = call.body.get("instances").and_then(Json::as_array).cloned().unwrap_or_default();
    let links: Vec<_> = links
        .iter()
        .filter_map(|item| item.as_str().or_else(|| item["instance"].as_str()))
        .filter_map(|link| link::path(link, &place.project))
        .collect();
    let size = object.get("targetSize").and_then(Json::as_i64).unwrap_or_default();
    let group = group_of(&path);
    let resized = move |world: &mut World, to: i64, start: Start| {
        world.change(&path, start, move |_, object| {
            object.insert("targetSize".to_owned(), json!(to));
            Ok(())
        })
    };
    let path = place.path();
    match (place.segment.as_str(), call.method.name()) {
        ("instanceGroups", "addInstances" | "removeInstances") => {
            let add = call.method.name() == "addInstances";
            for (at, link) in links.iter().enumerate() {
                let twice = add && links[..at].contains(link);
                let known = twice || members(world, &path).any(|member| member == link);
                if world.object(link).is_none() {
                    let why = "The referenced instance resource cannot be found.";
                    return Err(Refusal::invalid("instances[0].instance", link, why));
                }
                if known == add {
                    let (word, reason) = match add {
                        true => ("already", "memberAlreadyExists"),
                        false => ("not", "memberNotFound"),
                    };
                    let message = format!("Instance '{link}' is {word} a member of '{path}'.");
                    return Err(Refusal::new(400, reason, message));
                }
            }
            let target = path.clone();
            world.change(&path, start, move |world, _| {
                let group = world.groups.entry(target).or_default();
                match add {
                    true => group.members.extend(
                        links.into_iter().map(|instance| Member { instance, template: String::new() }),
                    ),
                    false => group.members.retain(|member| !links.contains(&member.instance)),
                }
                Ok(())
            })
        }
        (_, "resize") => {
            let wanted = call.query("size").and_then(|size| size.parse().ok());
            resized(world, wanted.ok_or_else(|| Refusal::required("size"))?, start)
        }
        (_, "deleteInstances" | "abandonInstances") => {
            known_members(world, &group, &links)?;
            let delete = call.method.name() == "deleteInstances";
            if let Some(group) = world.groups.get_mut(&group) {
                group.members.retain(|member| !links.contains(&member.instance));
            }
            for link in links.iter().filter(|_| delete) {
                remove_now(world, link);
            }
            resized(world, size - links.len() as i64, start)
        }
        (_, "recreateInstances" | "applyUpdatesToInstances") => {
            let all = call.body.get("allInstances") == Some(&json!(true));
            let links = if all { members(world, &group).map(str::to_owned).collect() } else { links };
            known_members(world, &group, &links)?;
            let template = rules::groups::template(&object);
            let only_old = call.method.name() == "applyUpdatesToInstances";
            world.change(&path, start, move |world, _| {
                for link in links {
                    let Some(group) = world.groups.get_mut(&group) else { continue };
                    let Some(member) = group.members.iter_mut().find(|member| member.instance == link) else {
                        continue;
                    };
                    if only_old && member.template == template {
                        continue;
                    }
                    member.template = template.clone();
                    if let Some(object) = world.take_out(&link) {
                        // Its manager makes it again from the present template.
                        rules::instances::Instances.gone(world, &link, &object);
                    }
                }
                Ok(())
            })
        }
        (_, "setInstanceTemplate") => {
            let template = text(&call.body, "instanceTemplate").to_owned();
            world.change(&path, start, move |_, object| {
                object.remove("versions");
                object.insert("instanceTemplate".to_owned(), json!(template));
                Ok(())
            })
        }
        (_, "setTargetPools") => {
            let pools = call.body.get("targetPools").cloned().unwrap_or(json!([]));
            world.change(&path, start, move |_, object| {
                object.insert("targetPools".to_owned(), pools);
                Ok(())
            })
        }
        _ => Err(Refusal::not_emulated(call.method.id)),
    }
}

fn known_members(world: &World, group: &str, links: &[String]) -> Result<()> {
    match links.iter().find(|link| !members(world, group).any(|member| member == link.as_str())) {
        Some(link) => Err(Refusal::invalid("instances", link, "The instance is not a member of the group.")),
        None => Ok(()),
    }
}

/// Handles the methods that only read a group or its manager.
pub(crate) fn ask(world: &World, call: &Call, place: &Place) -> Result<Json> {
    let path = place.path();
    match (place.segment.as_str(), call.method.name()) {
        ("instanceGroups", "listInstances") => {
            let ports = world.object(&path).and_then(|object| object.get("namedPorts")).cloned();
            let running = call.body.get("instanceState") == Some(&json!("RUNNING"));
            let items = members(world, &path).filter_map(|instance| {
                let status = world.show(instance)?["status"].clone();
                let mut item = json!({ "instance": link::url(instance), "status": status });
                if let Some(ports) = &ports {
                    item["namedPorts"] = ports.clone();
                }
                (!running || item["status"] == "RUNNING").then_some(item)
            });
            let items: Vec<_> = items.collect();
            let key = |item: &Json| item["instance"].as_str().unwrap_or_default().to_owned();
            let (items, next) = list::Page::of(call)?.cut(items, key)?;
            Ok(list::answer(
                call,
                &format!("{path}/listInstances"),
                (!items.is_empty()).then(|| json!(items)),
                next,
            ))
        }
        ("instanceGroupManagers", "listManagedInstances") => {
            let group = world.groups.get(&group_of(&path));
            let items: Vec<_> = group
                .into_iter()
                .flat_map(|group| &group.members)
                .map(|member| {
                    let shown = world.show(&member.instance).unwrap_or_default();
                    json!({
                        "instance": link::url(&member.instance),
                        "id": shown["id"],
                        "name": link::name(&member.instance),
                        "instanceStatus": shown["status"],
                        "currentAction": action(world, &member.instance),
                        "version": { "instanceTemplate": member.template },
                    })
                })
                .collect();
            let key = |item: &Json| item["instance"].as_str().unwrap_or_default().to_owned();
            let (items, next) = list::Page::of(call)?.cut(items, key)?;
            let mut answer = json!({});
            if !items.is_empty() {
                answer["managedInstances"] = json!(items);
            }
            if let Some(next) = next {
                answer["nextPageToken"] = json!(next);
            }
            Ok(answer)
        }
        ("instanceGroupManagers", "listErrors") => {
            let errors =
                world.groups.get(&group_of(&path)).map(|group| group.errors.clone()).unwrap_or_default();
            Ok(if errors.is_empty() { json!({}) } else { json!({ "items": errors }) })
        }
        (segment, _) => match collection(segment) {
            Some(_) => Err(Refusal::not_emulated(call.method.id)),
            None => Err(Refusal::not_found(&path)),
        },
    }
}
