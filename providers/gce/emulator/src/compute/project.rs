//! The project resource of Compute Engine.

use serde_json::{Map, Value as Json, json};

use super::{link, operation::Start, world::World};
use crate::{
    call::Call,
    refusal::{Refusal, Result},
};

pub(crate) fn get(world: &World, project: &str) -> Json {
    let number = world.project(project).map_or(0, |project| project.number);
    let mut object = Map::new();
    let mut set = |name: &str, value: Json| object.insert(name.to_owned(), value);
    set("kind", json!("compute#project"));
    set("id", json!(number.to_string()));
    set("name", json!(project));
    set("creationTimestamp", json!("2024-01-01T00:00:00.000-08:00"));
    set("selfLink", json!(link::url(&format!("projects/{project}"))));
    set("defaultServiceAccount", json!(format!("{number}-compute@developer.gserviceaccount.com")));
    set("defaultNetworkTier", json!("PREMIUM"));
    set("xpnProjectStatus", json!("UNSPECIFIED_XPN_PROJECT_STATUS"));
    set("commonInstanceMetadata", json!({ "kind": "compute#metadata", "fingerprint": "AAAAAAAAAAA=" }));
    set("quotas", world.quotas.of_project(project));
    if let Some(said) = world.projects.get(project) {
        object.extend(said.clone());
    }
    Json::Object(object)
}

pub(crate) fn act(world: &mut World, call: &Call, project: &str) -> Result<Json> {
    let field = match call.method.name() {
        "setCommonInstanceMetadata" => "commonInstanceMetadata",
        "setDefaultNetworkTier" => "defaultNetworkTier",
        "setUsageExportBucket" => "usageExportLocation",
        _ => return Err(Refusal::not_emulated(call.method.id)),
    };
    let there = get(world, project);
    let value = match field {
        "commonInstanceMetadata" => {
            if call.body.get("fingerprint") != Some(&there[field]["fingerprint"]) {
                return Err(Refusal::condition(
                    "Supplied fingerprint does not match current metadata fingerprint.",
                ));
            }
            let mut metadata = call.body.clone();
            metadata.insert("kind".to_owned(), json!("compute#metadata"));
            metadata.insert("fingerprint".to_owned(), world.next_fingerprint());
            Json::Object(metadata)
        }
        "defaultNetworkTier" => call.body.get("networkTier").cloned().unwrap_or_default(),
        _ => Json::Object(call.body.clone()),
    };
    let id = there["id"].as_str().unwrap_or_default().to_owned();
    let start = Start { fate: call.fate.clone(), ..Start::new(&call.life, call.method.name(), &call.user) };
    let project = project.to_owned();
    Ok(world.start(&format!("projects/{project}"), &id, start, move |world| {
        world.projects.entry(project).or_default().insert(field.to_owned(), value);
        Ok(())
    }))
}
