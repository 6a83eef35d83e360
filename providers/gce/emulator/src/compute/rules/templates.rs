//! Instance templates: the fields that the server fills in.

use base64::{Engine, prelude::BASE64_STANDARD};
use md5::{Digest, Md5};
use serde_json::{Map, Value as Json, json};

use super::{fixed, objects};
use crate::{
    compute::{
        places::machine_types,
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Templates;

impl Rules for Templates {
    fn check(&self, _world: &mut World, draft: &mut Draft) -> Result<()> {
        fixed(draft, &["properties", "description"])?;
        let Some(properties) = draft.object.get_mut("properties").and_then(Json::as_object_mut) else {
            return Err(Refusal::required("resource.properties"));
        };
        let machine = text(properties, "machineType").to_owned();
        if machine.contains('/') {
            let why = "The name of a machine type is wanted, without its place.";
            return Err(Refusal::invalid("resource.properties.machineType", machine, why));
        }
        if !machine_types().any(|(known, ..)| known == machine) && !machine.contains("custom-") {
            return Err(Refusal::invalid(
                "resource.properties.machineType",
                machine,
                "Unknown machine type.",
            ));
        }
        complete(properties)?;
        if !properties.contains_key("networkInterfaces") {
            let why = "At least one network interface is required.";
            return Err(Refusal::invalid("resource.properties.networkInterfaces", "", why));
        }
        Ok(())
    }
}

fn complete(properties: &mut Map<String, Json>) -> Result<()> {
    for (index, disk) in objects(properties, "disks").enumerate() {
        let boot = disk.get("boot") == Some(&json!(true));
        if !disk.contains_key("initializeParams") && !disk.contains_key("source") {
            let why = "A source or initializeParams are needed.";
            return Err(Refusal::invalid(&format!("resource.properties.disks[{index}]"), "", why));
        }
        disk.insert("kind".to_owned(), json!("compute#attachedDisk"));
        disk.entry("index").or_insert_with(|| json!(index));
        let name = if boot { "boot".to_owned() } else { format!("persistent-disk-{index}") };
        disk.entry("deviceName").or_insert_with(|| json!(name));
        disk.entry("mode").or_insert_with(|| json!("READ_WRITE"));
        disk.entry("type").or_insert_with(|| json!("PERSISTENT"));
        disk.entry("boot").or_insert_with(|| json!(false));
        disk.entry("autoDelete").or_insert_with(|| json!(false));
        disk.entry("interface").or_insert_with(|| json!("SCSI"));
    }
    for (index, interface) in objects(properties, "networkInterfaces").enumerate() {
        interface.insert("kind".to_owned(), json!("compute#networkInterface"));
        interface.entry("name").or_insert_with(|| json!(format!("nic{index}")));
        for config in objects(interface, "accessConfigs") {
            config.insert("kind".to_owned(), json!("compute#accessConfig"));
            config.entry("type").or_insert_with(|| json!("ONE_TO_ONE_NAT"));
        }
    }
    let metadata = properties.entry("metadata").or_insert_with(|| json!({}));
    if let Some(metadata) = metadata.as_object_mut() {
        let items = metadata.get("items").map(Json::to_string).unwrap_or_default();
        metadata.insert("kind".to_owned(), json!("compute#metadata"));
        metadata.insert("fingerprint".to_owned(), json!(BASE64_STANDARD.encode(Md5::digest(items))));
    }
    let scheduling = properties.entry("scheduling").or_insert_with(|| json!({}));
    if let Some(scheduling) = scheduling.as_object_mut() {
        complete_scheduling(scheduling);
    }
    Ok(())
}

/// The defaults of scheduling. Instances that may be interrupted are neither restarted nor migrated.
pub(super) fn complete_scheduling(scheduling: &mut Map<String, Json>) {
    let spot = text(scheduling, "provisioningModel") == "SPOT"
        || scheduling.get("preemptible") == Some(&json!(true));
    scheduling.entry("preemptible").or_insert_with(|| json!(spot));
    scheduling.entry("automaticRestart").or_insert_with(|| json!(!spot));
    scheduling
        .entry("onHostMaintenance")
        .or_insert_with(|| json!(if spot { "TERMINATE" } else { "MIGRATE" }));
}
