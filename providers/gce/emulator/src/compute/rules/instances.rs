//! Instances: made from a machine type, disks and network interfaces, or from a template.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{addresses, objects, templates};
use crate::{
    compute::{
        groups,
        link::{self, Place, Scope},
        references,
        table::{Draft, Rules, collection},
        world::{World, text},
    },
    refusal::{Refusal, Result},
    token,
};

pub(crate) struct Instances;

impl Rules for Instances {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        if draft.is_new() {
            of_template(world, draft)?;
            let machine = draft.text("machineType").unwrap_or_default().to_owned();
            let machine = machine_type(world, &draft.place, &machine, "resource.machineType")?;
            draft.object.insert("machineType".to_owned(), json!(machine));
            disks(world, draft)?;
            interfaces(world, draft)?;
            complete(world, draft);
        }
        // The reserved addresses that it uses.
        let project = draft.place.project.clone();
        let mut numbers = references::texts(&draft.object, "networkInterfaces[].accessConfigs[].natIP");
        numbers.extend(references::texts(&draft.object, "networkInterfaces[].networkIP"));
        for number in numbers {
            if let (Some(path), _) = addresses::meant(world, &project, &number, "networkInterfaces")? {
                draft.holds.push(path);
            }
        }
        Ok(())
    }

    fn made(&self, world: &mut World, path: &str) -> Result<()> {
        let Some((place, object)) = Place::of(path).zip(world.object(path).cloned()) else { return Ok(()) };
        let mut made = Vec::<String>::new();
        for disk in object.get("disks").and_then(Json::as_array).into_iter().flatten() {
            let (Some(params), Some(source)) = (disk.get("initializeParams"), disk["source"].as_str()) else {
                continue;
            };
            let Some(target) = link::path(source, &place.project).and_then(|path| Place::of(&path)) else {
                continue;
            };
            let outcome = world.put_in(target.clone(), new_disk(params));
            if let Err(refusal) = outcome {
                for path in made {
                    world.take_out(&path);
                }
                return Err(refusal);
            }
            made.push(target.path());
        }
        world.edit(path, |object| {
            for disk in objects(object, "disks") {
                disk.remove("initializeParams");
            }
        });
        Ok(())
    }

    fn may_go(&self, world: &World, path: &str) -> Result<()> {
        match world.object(path).and_then(|object| object.get("deletionProtection")) {
            Some(Json::Bool(true)) => Err(Refusal::new(
                400,
                "invalidUsage",
                "Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion.'",
            )),
            _ => Ok(()),
        }
    }

    fn gone(&self, world: &mut World, path: &str, object: &Map<String, Json>) {
        let Some(place) = Place::of(path) else { return };
        for disk in object.get("disks").and_then(Json::as_array).into_iter().flatten() {
            let source = disk["source"].as_str().and_then(|source| link::path(source, &place.project));
            if let (Some(source), Some(true)) = (source, disk["autoDelete"].as_bool()) {
                world.take_out(&source);
            }
        }
        for interface in object.get("networkInterfaces").and_then(Json::as_array).into_iter().flatten() {
            let subnetwork =
                interface["subnetwork"].as_str().and_then(|link| link::path(link, &place.project));
            let number = interface["networkIP"].as_str().unwrap_or_default();
            let reserved =
                addresses::meant(world, &place.project, number, "").is_ok_and(|(path, _)| path.is_some());
            if let (Some(subnetwork), false) = (subnetwork, reserved) {
                world.ips.give_back(&subnetwork, number);
            }
        }
        groups::lost(world, path);
    }
}

/// Takes the fields that the request does not give from a template.
fn of_template(world: &World, draft: &mut Draft) -> Result<()> {
    let Some(link) = draft.object.remove("sourceInstanceTemplate") else { return Ok(()) };
    let link = link.as_str().unwrap_or_default();
    let at = "sourceInstanceTemplate";
    let path = link::path(link, &draft.place.project)
        .ok_or_else(|| Refusal::invalid(at, link, "The URL is malformed."))?;
    let path = references::exists(world, &path, &["instanceTemplates"], link, at)?;
    let template =
        world.object(&path).and_then(|template| template.get("properties")).and_then(Json::as_object);
    let mut properties = template.cloned().unwrap_or_default();
    for disk in objects(&mut properties, "disks") {
        disk.remove("index");
        disk.remove("kind");
    }
    let said = draft.object.clone();
    let empty = |value: &Json| value.as_object().is_some_and(Map::is_empty);
    for (name, value) in properties {
        if said.get(&name).is_none_or(empty) {
            draft.object.insert(name, value);
        }
    }
    match collection("instances") {
        Some(collection) => references::resolve(world, collection, draft),
        None => Ok(()),
    }
}

/// The URL of a machine type in an instance's zone, given by link or name.
pub(crate) fn machine_type(world: &World, place: &Place, given: &str, at: &str) -> Result<String> {
    if given.is_empty() {
        return Err(Refusal::required(at));
    }
    let zone = place.scope.path();
    let path = link::path(given, &place.project);
    let path = path
        .unwrap_or_else(|| format!("projects/{}/{zone}/machineTypes/{}", place.project, link::name(given)));
    if !path.contains(&format!("/{zone}/")) {
        return Err(Refusal::invalid(at, given, "The machine type is of another zone than the instance."));
    }
    let custom = link::name(&path).contains("custom-");
    match custom || world.given(&path).is_some() {
        true => Ok(link::url(&path)),
        false => Err(Refusal::invalid(at, given, "The referenced machine type resource cannot be found.")),
    }
}

fn disks(world: &World, draft: &mut Draft) -> Result<()> {
    let place = draft.place.clone();
    if objects(&mut draft.object, "disks").next().is_none_or(|first| first.get("boot") != Some(&json!(true)))
    {
        return Err(Refusal::invalid("resource.disks", "", "The first disk must be a boot disk."));
    }
    let (mut devices, mut sources) = (BTreeSet::new(), BTreeSet::new());
    for (index, disk) in objects(&mut draft.object, "disks").enumerate() {
        let at = format!("resource.disks[{index}]");
        match (disk.contains_key("source"), disk.contains_key("initializeParams")) {
            (true, false) => {
                let source = link::path(text(disk, "source"), &place.project).unwrap_or_default();
                free(world, &source)?;
            }
            (false, true) => {
                let params = disk.get_mut("initializeParams").and_then(Json::as_object_mut);
                let mut target = place.beside("disks");
                if let Some(params) = params {
                    to_make(world, &place, params, &at)?;
                    let named = params.remove("diskName").and_then(|name| name.as_str().map(str::to_owned));
                    let usual =
                        if index == 0 { place.name.clone() } else { format!("{}-{index}", place.name) };
                    target.name = named.unwrap_or(usual);
                }
                if !world.is_free(&target) {
                    return Err(Refusal::exists(&target.path()));
                }
                disk.insert("source".to_owned(), json!(link::url(&target.path())));
            }
            _ => {
                let why = "Exactly one of source and initializeParams must be specified.";
                return Err(Refusal::invalid(&at, "", why));
            }
        }
        if !sources.insert(text(disk, "source").to_owned()) {
            return Err(Refusal::invalid(
                &format!("{at}.source"),
                text(disk, "source"),
                "The disk is attached twice.",
            ));
        }
        complete_disk(disk, index);
        if !devices.insert(text(disk, "deviceName").to_owned()) {
            let name = text(disk, "deviceName");
            return Err(Refusal::invalid(
                &format!("{at}.deviceName"),
                name,
                "The device name is used twice.",
            ));
        }
    }
    Ok(())
}

/// 400 if a disk is already attached.
fn free(world: &World, disk: &str) -> Result<()> {
    match world.users_of(disk).next() {
        Some(user) => Err(Refusal::in_use("disk", disk, user)),
        None => Ok(()),
    }
}

/// Writes the sources of a disk as whole links.
fn to_make(world: &World, place: &Place, params: &mut Map<String, Json>, at: &str) -> Result<()> {
    if let Some(image) = params.get("sourceImage").and_then(Json::as_str) {
        let path = world.image(image, &place.project);
        let at = format!("{at}.initializeParams.sourceImage");
        let why = "The referenced image resource cannot be found.";
        let path = path.ok_or_else(|| Refusal::invalid(&at, image, why))?;
        params.insert("sourceImage".to_owned(), json!(link::url(&path)));
    }
    if let Some(of) = params.get("diskType").and_then(Json::as_str) {
        let path = link::path(of, &place.project);
        let path = path.unwrap_or_else(|| {
            format!("projects/{}/{}/diskTypes/{}", place.project, place.scope.path(), link::name(of))
        });
        if world.given(&path).is_none() {
            let why = "The referenced disk type resource cannot be found.";
            return Err(Refusal::invalid(&format!("{at}.initializeParams.diskType"), of, why));
        }
        params.insert("diskType".to_owned(), json!(link::url(&path)));
    }
    Ok(())
}

fn complete_disk(disk: &mut Map<String, Json>, index: usize) {
    disk.insert("kind".to_owned(), json!("compute#attachedDisk"));
    disk.insert("index".to_owned(), json!(index));
    for (field, value) in [
        ("deviceName", json!(format!("persistent-disk-{index}"))),
        ("mode", json!("READ_WRITE")),
        ("type", json!("PERSISTENT")),
        ("interface", json!("SCSI")),
        ("boot", json!(false)),
        ("autoDelete", json!(false)),
    ] {
        disk.entry(field).or_insert(value);
    }
}

/// The disk that an instance's `initializeParams` describe.
fn new_disk(params: &Json) -> Map<String, Json> {
    let mut disk = Map::new();
    for (from, to) in [
        ("sourceImage", "sourceImage"),
        ("sourceSnapshot", "sourceSnapshot"),
        ("diskType", "type"),
        ("diskSizeGb", "sizeGb"),
        ("labels", "labels"),
        ("description", "description"),
    ] {
        if let Some(value) = params.get(from) {
            disk.insert(to.to_owned(), value.clone());
        }
    }
    disk
}

/// A disk to attach to an existing instance.
pub(crate) fn attachable(
    world: &World,
    place: &Place,
    disk: &Map<String, Json>,
    instance: &Map<String, Json>,
) -> Result<Map<String, Json>> {
    let source = text(disk, "source");
    let path = link::path(source, &place.project).ok_or_else(|| Refusal::required("source"))?;
    let path = references::exists(world, &path, &["disks"], source, "source")?;
    free(world, &path)?;
    let mut disk = disk.clone();
    disk.insert("source".to_owned(), json!(link::url(&path)));
    let index = instance.get("disks").and_then(Json::as_array).map_or(0, Vec::len);
    complete_disk(&mut disk, index);
    Ok(disk)
}

fn interfaces(world: &mut World, draft: &mut Draft) -> Result<()> {
    let place = draft.place.clone();
    let region = place.scope.region().unwrap_or_default().to_owned();
    let mut interfaces = match draft.object.remove("networkInterfaces") {
        Some(Json::Array(interfaces)) if !interfaces.is_empty() => interfaces,
        _ => {
            let why = "At least one network interface is required.";
            return Err(Refusal::invalid("resource.networkInterfaces", "", why));
        }
    };
    for (index, interface) in interfaces.iter_mut().enumerate() {
        let Some(interface) = interface.as_object_mut() else { continue };
        let at = format!("resource.networkInterfaces[{index}]");
        let subnetwork = subnetwork(world, &place, interface, &region, &at)?;
        let given = interface.get("networkIP").and_then(Json::as_str).map(str::to_owned);
        let number = match given {
            None => addresses::number_in(world, &subnetwork, None, &at)?,
            Some(given) => {
                let at = format!("{at}.networkIP");
                let (reserved, number) = addresses::meant(world, &place.project, &given, &at)?;
                match reserved.filter(|path| world.users_of(path).next().is_some()) {
                    Some(path) => {
                        let message =
                            format!("IP '{number}' is already being used by another resource ('{path}').");
                        return Err(Refusal::new(400, "ipInUseByAnotherResource", message));
                    }
                    None if addresses::meant(world, &place.project, &given, &at)?.0.is_some() => number,
                    None => addresses::number_in(world, &subnetwork, Some(&number), &at)?,
                }
            }
        };
        interface.insert("networkIP".to_owned(), json!(number));
        interface.insert("kind".to_owned(), json!("compute#networkInterface"));
        interface.entry("name").or_insert_with(|| json!(format!("nic{index}")));
        interface.entry("stackType").or_insert_with(|| json!("IPV4_ONLY"));
        interface.insert("fingerprint".to_owned(), world.next_fingerprint());
        for config in objects(interface, "accessConfigs") {
            let number = match config.get("natIP").and_then(Json::as_str) {
                Some(given) => {
                    addresses::meant(world, &place.project, given, &format!("{at}.accessConfigs[0].natIP"))?.1
                }
                None => world.ips.public().to_string(),
            };
            config.insert("natIP".to_owned(), json!(number));
            config.insert("kind".to_owned(), json!("compute#accessConfig"));
            config.entry("name").or_insert_with(|| json!("external-nat"));
            config.entry("type").or_insert_with(|| json!("ONE_TO_ONE_NAT"));
            config.entry("networkTier").or_insert_with(|| json!("PREMIUM"));
        }
    }
    draft.object.insert("networkInterfaces".to_owned(), Json::Array(interfaces));
    Ok(())
}

/// The subnetwork of an interface. Writes its network and its subnetwork.
fn subnetwork(
    world: &World,
    place: &Place,
    interface: &mut Map<String, Json>,
    region: &str,
    at: &str,
) -> Result<String> {
    if let Some(path) = link::path(text(interface, "subnetwork"), &place.project) {
        if Place::of(&path).is_some_and(|subnetwork| subnetwork.scope.region() != Some(region)) {
            let why = "The subnetwork is of another region than the instance.";
            return Err(Refusal::invalid(&format!("{at}.subnetwork"), path, why));
        }
        let network =
            world.object(&path).map(|object| text(object, "network").to_owned()).unwrap_or_default();
        if !text(interface, "network").is_empty() && text(interface, "network") != network {
            let why = "The subnetwork is of another network.";
            return Err(Refusal::invalid(&format!("{at}.subnetwork"), path, why));
        }
        interface.insert("network".to_owned(), json!(network));
        return Ok(path);
    }
    let default = format!("projects/{}/global/networks/default", place.project);
    let network = match text(interface, "network") {
        "" => default,
        link => link::path(link, &place.project).unwrap_or_default(),
    };
    let object = world.object(&network).ok_or_else(|| Refusal::not_found(&network))?;
    if object.get("autoCreateSubnetworks") != Some(&json!(true)) {
        let why = "Subnetwork should be specified for custom subnetmode network.";
        return Err(Refusal::invalid(at, link::url(&network), why));
    }
    let subnetwork = Place {
        scope: Scope::Region(region.to_owned()),
        segment: "subnetworks".to_owned(),
        name: link::name(&network).to_owned(),
        project: place.project.clone(),
    };
    interface.insert("network".to_owned(), json!(link::url(&network)));
    interface.insert("subnetwork".to_owned(), json!(link::url(&subnetwork.path())));
    Ok(subnetwork.path())
}

fn complete(world: &mut World, draft: &mut Draft) {
    let number = world.project(&draft.place.project).map_or(0, |project| project.number);
    for account in objects(&mut draft.object, "serviceAccounts") {
        if text(account, "email") == "default" {
            account
                .insert("email".to_owned(), json!(format!("{number}-compute@developer.gserviceaccount.com")));
        }
    }
    for (field, kind) in [("metadata", Some("compute#metadata")), ("tags", None)] {
        let fingerprint = world.next_fingerprint();
        let value = draft.object.entry(field).or_insert_with(|| json!({}));
        if let Some(value) = value.as_object_mut() {
            value.insert("fingerprint".to_owned(), fingerprint);
            if let Some(kind) = kind {
                value.insert("kind".to_owned(), json!(kind));
            }
        }
    }
    let scheduling = draft.object.entry("scheduling").or_insert_with(|| json!({}));
    if let Some(scheduling) = scheduling.as_object_mut() {
        templates::complete_scheduling(scheduling);
        let spot = scheduling.get("preemptible") == Some(&json!(true));
        scheduling
            .entry("provisioningModel")
            .or_insert_with(|| json!(if spot { "SPOT" } else { "STANDARD" }));
    }
    draft.or("lastStartTimestamp", token::timestamp());
}
