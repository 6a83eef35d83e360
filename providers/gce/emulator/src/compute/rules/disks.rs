//! Disks.

use serde_json::{Map, Value as Json, json};

use crate::{
    compute::{
        link::{self, Scope},
        places::default_size,
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Disks;

impl Rules for Disks {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        if let Some(before) = &draft.before {
            let size = |object: &Map<String, Json>| text(object, "sizeGb").parse::<u64>().unwrap_or(0);
            if size(&draft.object) < size(before) {
                let why = format!("A disk cannot shrink; it has {} GB.", size(before));
                return Err(Refusal::invalid("resource.sizeGb", size(&draft.object), why));
            }
            return Ok(());
        }
        // The query may give the same image.
        let project = draft.place.project.clone();
        let scope = draft.place.scope.path();
        draft.or("type", link::url(&format!("projects/{project}/{scope}/diskTypes/pd-standard")));
        let mut least = 0;
        if let Some(source) = draft.text("sourceImage").map(str::to_owned) {
            let image = world.image(&source, &project).ok_or_else(|| Refusal::not_found(&source))?;
            let object = world.show(&image).ok_or_else(|| Refusal::not_found(&image))?;
            least = object["diskSizeGb"].as_str().and_then(|size| size.parse().ok()).unwrap_or(10);
            draft.object.insert("sourceImage".to_owned(), json!(link::url(&image)));
            draft.object.insert("sourceImageId".to_owned(), object["id"].clone());
        }
        for (field, size) in [("sourceDisk", "sizeGb"), ("sourceSnapshot", "diskSizeGb")] {
            let Some(path) = draft.text(field).and_then(|link| link::path(link, &project)) else { continue };
            let Some(object) = world.show(&path) else { continue };
            least = object[size].as_str().and_then(|size| size.parse().ok()).unwrap_or(10);
            draft.object.insert(format!("{field}Id"), object["id"].clone());
        }
        let usual = default_size(link::name(draft.text("type").unwrap_or_default()));
        let size = if least > 0 { least } else { usual };
        draft.or("sizeGb", size.to_string());
        let given: u64 = draft.text("sizeGb").and_then(|size| size.parse().ok()).unwrap_or(0);
        if given < least {
            let why = format!("Disk size must be at least {least} GB, as its source.");
            return Err(Refusal::invalid("resource.sizeGb", given, why));
        }
        if !(1..=65536).contains(&given) {
            return Err(Refusal::invalid("resource.sizeGb", given, "Disk size must be from 1 to 65536 GB."));
        }
        zones(world, draft)
    }

    fn show(&self, world: &World, path: &str, object: &mut Map<String, Json>) {
        let users: Vec<_> = world.users_of(path).map(link::url).collect();
        if !users.is_empty() {
            object.insert("users".to_owned(), json!(users));
        }
    }
}

/// A regional disk is in two zones of its region.
fn zones(world: &World, draft: &mut Draft) -> Result<()> {
    let Scope::Region(region) = &draft.place.scope else { return Ok(()) };
    let project = &draft.place.project;
    let zones = draft.object.get("replicaZones").and_then(Json::as_array).cloned().unwrap_or_default();
    let names: Vec<_> = zones.iter().filter_map(Json::as_str).map(link::name).collect();
    let right = names.len() == 2
        && names[0] != names[1]
        && names.iter().all(|zone| {
            let scope = Scope::Zone((*zone).to_owned());
            world.has_scope(&scope) && scope.region() == Some(region)
        });
    if !right {
        let why = format!("Two zones of the region '{region}' are needed.");
        return Err(Refusal::invalid("resource.replicaZones", json!(zones), why));
    }
    let links = names.iter().map(|zone| link::url(&format!("projects/{project}/zones/{zone}")));
    let links: Json = links.collect();
    draft.object.insert("replicaZones".to_owned(), links);
    Ok(())
}
