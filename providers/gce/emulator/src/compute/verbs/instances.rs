//! Methods of instances: stop and start, attach and detach disks and addresses.

use serde_json::{Map, Value as Json, json};

use crate::{
    call::Call,
    compute::{
        link::Place,
        operation::Start,
        rules::{addresses, instances},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(super) fn act(world: &mut World, call: &Call, place: &Place, start: Start) -> Result<Json> {
    let path = place.path();
    let (_, object) = world.ready(&path)?;
    let status = text(&object, "status").to_owned();
    let stopped = status == "TERMINATED";
    let body = call.body.clone();
    let project = place.project.clone();
    let query = |name: &str| call.query(name).unwrap_or_default().to_owned();
    match call.method.name() {
        "stop" => to_status(world, &path, start, "TERMINATED", "lastStopTimestamp"),
        "suspend" => to_status(world, &path, start, "SUSPENDED", "lastSuspendedTimestamp"),
        "start" | "resume" | "startWithEncryptionKey" | "reset" => {
            to_status(world, &path, start, "RUNNING", "lastStartTimestamp")
        }
        "setMachineType" | "setServiceAccount" if !stopped => Err(running(&place.name)),
        "setMachineType" => {
            let wanted = text(&body, "machineType").to_owned();
            let machine = instances::machine_type(world, place, &wanted, "resource.machineType")?;
            world.change(&path, start, move |_, object| {
                object.insert("machineType".to_owned(), json!(machine));
                Ok(())
            })
        }
        "setServiceAccount" => world.change(&path, start, move |_, object| {
            match text(&body, "email").is_empty() {
                true => object.remove("serviceAccounts"),
                false => object.insert("serviceAccounts".to_owned(), json!([body])),
            };
            Ok(())
        }),
        "setDeletionProtection" => {
            let on = call.query("deletionProtection") != Some("false");
            world.change(&path, start, move |_, object| {
                object.insert("deletionProtection".to_owned(), json!(on));
                Ok(())
            })
        }
        "attachDisk" => {
            let disk = instances::attachable(world, place, &body, &object)?;
            world.change(&path, start, move |_, object| {
                let disks = object.entry("disks").or_insert_with(|| json!([]));
                disks.as_array_mut().into_iter().for_each(|disks| disks.push(Json::Object(disk.clone())));
                Ok(())
            })
        }
        "detachDisk" | "setDiskAutoDelete" => {
            let (device, auto) = (query("deviceName"), query("autoDelete"));
            let detach = call.method.name() == "detachDisk";
            world.change(&path, start, move |_, object| {
                let disks = object.get_mut("disks").and_then(Json::as_array_mut);
                let at = disks
                    .as_ref()
                    .and_then(|disks| disks.iter().position(|disk| disk["deviceName"] == device.as_str()));
                match (disks, at) {
                    (Some(disks), Some(at)) if detach => {
                        disks.remove(at);
                        Ok(())
                    }
                    (Some(disks), Some(at)) => {
                        disks[at]["autoDelete"] = json!(auto == "true");
                        Ok(())
                    }
                    _ => Err(Refusal::invalid(
                        "deviceName",
                        &device,
                        "No attached disk found with device name.",
                    )),
                }
            })
        }
        "addAccessConfig" => {
            let interface = query("networkInterface");
            let config = access_config(world, &project, body)?;
            edit_interface(world, &path, start, interface, move |there| {
                if there.contains_key("accessConfigs") {
                    return Err(Refusal::bad("At most one access config is currently supported."));
                }
                there.insert("accessConfigs".to_owned(), json!([config]));
                Ok(())
            })
        }
        "deleteAccessConfig" => {
            let name = query("accessConfig");
            edit_interface(world, &path, start, query("networkInterface"), move |there| {
                let configs = there.get_mut("accessConfigs").and_then(Json::as_array_mut);
                let Some(configs) =
                    configs.filter(|configs| configs.iter().any(|config| config["name"] == name.as_str()))
                else {
                    return Err(Refusal::invalid("accessConfig", &name, "There is no such access config."));
                };
                configs.retain(|config| config["name"] != name.as_str());
                Ok(())
            })
        }
        "updateAccessConfig" => {
            edit_interface(world, &path, start, query("networkInterface"), move |there| {
                for config in
                    there.get_mut("accessConfigs").and_then(Json::as_array_mut).into_iter().flatten()
                {
                    if let Some(config) = config.as_object_mut() {
                        super::super::merge(config, body.clone());
                    }
                }
                Ok(())
            })
        }
        "updateNetworkInterface" => {
            let interface = query("networkInterface");
            edit_interface(world, &path, start, interface, move |there| {
                if there.get("fingerprint") != body.get("fingerprint") {
                    return Err(Refusal::condition(
                        "Supplied fingerprint does not match current interface fingerprint.",
                    ));
                }
                let mut body = body;
                body.remove("fingerprint");
                super::super::merge(there, body);
                Ok(())
            })
        }
        "addResourcePolicies" | "removeResourcePolicies" => {
            let wanted = body.get("resourcePolicies").and_then(Json::as_array).cloned().unwrap_or_default();
            let add = call.method.name().starts_with("add");
            world.change(&path, start, move |_, object| {
                super::edit_list(object, "resourcePolicies", &wanted, add);
                Ok(())
            })
        }
        _ => Err(Refusal::not_emulated(call.method.id)),
    }
}

/// 400: the method is for stopped instances.
pub(super) fn running(name: &str) -> Refusal {
    let message =
        format!("Invalid resource usage: 'The instance '{name}' must be stopped before this change.'.");
    Refusal::new(400, "invalidUsage", message)
}

fn to_status(
    world: &mut World,
    path: &str,
    start: Start,
    status: &'static str,
    time: &'static str,
) -> Result<Json> {
    world.change(path, start, move |_, object| {
        object.insert("status".to_owned(), json!(status));
        object.insert(time.to_owned(), json!(crate::token::timestamp()));
        Ok(())
    })
}

/// An access config with its address.
fn access_config(
    world: &mut World,
    project: &str,
    mut config: Map<String, Json>,
) -> Result<Map<String, Json>> {
    let number = match config.get("natIP").and_then(Json::as_str) {
        Some(given) => addresses::meant(world, project, given, "natIP")?.1,
        None => world.ips.public().to_string(),
    };
    config.insert("natIP".to_owned(), json!(number));
    config.insert("kind".to_owned(), json!("compute#accessConfig"));
    config.entry("name").or_insert_with(|| json!("External NAT"));
    config.entry("type").or_insert_with(|| json!("ONE_TO_ONE_NAT"));
    config.entry("networkTier").or_insert_with(|| json!("PREMIUM"));
    Ok(config)
}

fn edit_interface(
    world: &mut World,
    path: &str,
    start: Start,
    name: String,
    edit: impl FnOnce(&mut Map<String, Json>) -> Result<()>,
) -> Result<Json> {
    world.change(path, start, move |world, object| {
        let fingerprint = world.next_fingerprint();
        let interfaces = object.get_mut("networkInterfaces").and_then(Json::as_array_mut);
        let mut interfaces = interfaces.into_iter().flatten().filter_map(Json::as_object_mut);
        let Some(interface) = interfaces.find(|interface| text(interface, "name") == name) else {
            return Err(Refusal::invalid("networkInterface", &name, "There is no such network interface."));
        };
        edit(interface)?;
        interface.insert("fingerprint".to_owned(), fingerprint);
        Ok(())
    })
}
