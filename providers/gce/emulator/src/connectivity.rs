//! Network Connectivity: hubs, spokes and internal ranges, with the operations of newer services.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::{
    call::Call,
    compute::world::World,
    refusal::{Refusal, Result},
    token,
};

/// The resources that requests made.
#[derive(Default)]
pub(crate) struct Connectivity {
    resources: BTreeMap<String, Map<String, Json>>,
    operations: BTreeMap<String, Json>,
    serial: u64,
}

const PACKAGE: &str = "type.googleapis.com/google.cloud.networkconnectivity.v1";

/// The facts of a collection: the parameter that holds the name, its type, and the server's defaults.
fn collection(name: &str) -> Option<(&'static str, &'static str, Json)> {
    Some(match name {
        "hubs" => {
            let filled = json!({
                "exportPsc": false, "policyMode": "PRESET", "presetTopology": "MESH", "state": "ACTIVE",
            });
            ("hubId", "Hub", filled)
        }
        "spokes" => ("spokeId", "Spoke", json!({ "spokeType": "VPC_NETWORK", "state": "ACTIVE" })),
        "internalRanges" => {
            ("internalRangeId", "InternalRange", json!({ "peering": "FOR_SELF", "usage": "FOR_VPC" }))
        }
        _ => return None,
    })
}

impl Connectivity {
    pub(crate) fn answer(&mut self, call: &Call, world: &mut World) -> Result<Json> {
        let path = call.path.trim_start_matches("v1/").split(':').next().unwrap_or_default();
        let project = path.split('/').nth(1).unwrap_or_default().to_owned();
        let id = world.project(&project).map(|project| project.id.clone());
        let id = id.ok_or_else(|| {
            Refusal::new(403, "forbidden", format!("Permission denied on project {project}"))
        })?;
        let path = path.replacen(&project, &id, 1);
        match call.method.name() {
            "create" => self.create(call, &path, world),
            "list" => {
                let prefix = format!("{path}/");
                let items: Vec<_> =
                    self.resources.iter().filter(|(at, _)| at.starts_with(&prefix)).map(|(_, o)| o).collect();
                let name = path.rsplit('/').next().unwrap_or_default();
                Ok(if items.is_empty() { json!({}) } else { json!({ name: items }) })
            }
            "get" if path.contains("/operations/") => {
                self.operations.get(&path).cloned().ok_or_else(|| not_found(&path))
            }
            "get" => self.resources.get(&path).cloned().map(Json::Object).ok_or_else(|| not_found(&path)),
            "patch" => {
                let there = self.resources.get_mut(&path).ok_or_else(|| not_found(&path))?;
                crate::compute::merge(there, call.body.clone());
                there.insert("updateTime".to_owned(), json!(token::now()));
                let there = there.clone();
                Ok(self.operation(&path, "update", Some(there)))
            }
            "delete" if self.resources.contains_key(&path) => {
                let user = self
                    .resources
                    .iter()
                    .find(|(_, object)| object.get("hub").is_some_and(|hub| *hub == path));
                if let Some((user, _)) = user {
                    return Err(Refusal::new(
                        400,
                        "failedPrecondition",
                        format!("The hub is used by '{user}'."),
                    ));
                }
                self.resources.remove(&path);
                world.reserved.remove(&path);
                Ok(self.operation(&path, "delete", None))
            }
            "delete" => Err(not_found(&path)),
            _ => Err(Refusal::not_emulated(call.method.id)),
        }
    }

    fn create(&mut self, call: &Call, parent: &str, world: &mut World) -> Result<Json> {
        let segment = parent.rsplit('/').next().unwrap_or_default();
        let (parameter, of, filled) =
            collection(segment).ok_or_else(|| Refusal::not_emulated(call.method.id))?;
        let id = call.query(parameter).ok_or_else(|| Refusal::required(parameter))?;
        let path = format!("{parent}/{id}");
        if self.resources.contains_key(&path) {
            return Err(Refusal::new(409, "alreadyExists", format!("Resource '{path}' already exists")));
        }
        self.serial += 1;
        let mut object = call.body.clone();
        let now = token::now();
        let mut set = |name: &str, value: Json| object.insert(name.to_owned(), value);
        set("name", json!(path));
        set("createTime", json!(now));
        set("updateTime", json!(now));
        match of {
            "Hub" => {
                set("routeTables", json!([format!("{path}/routeTables/default")]));
                set("uniqueId", json!(token::mix(self.serial).to_string()));
            }
            "Spoke" => {
                let hub = call.body.get("hub").and_then(Json::as_str).unwrap_or_default();
                if !self.resources.contains_key(hub) {
                    return Err(not_found(hub));
                }
                set("group", json!(format!("{hub}/groups/default")));
                set("etag", json!(token::fingerprint(self.serial)));
                set("uniqueId", json!(token::mix(self.serial).to_string()));
            }
            _ => {
                let range = call.body.get("ipCidrRange").and_then(Json::as_str);
                let range = range.ok_or_else(|| Refusal::required("internalRange.ipCidrRange"))?;
                crate::compute::rules::subnetworks::range(range, "internalRange.ipCidrRange")?;
                world.reserved.insert(path.clone(), range.to_owned());
            }
        }
        for (name, value) in filled.as_object().cloned().unwrap_or_default() {
            object.entry(name).or_insert(value);
        }
        self.resources.insert(path.clone(), object.clone());
        object.insert("@type".to_owned(), json!(format!("{PACKAGE}.{of}")));
        Ok(self.operation(&path, "create", Some(object)))
    }

    /// Starts an operation. It runs in its first answer and is done in later ones.
    fn operation(&mut self, target: &str, verb: &str, response: Option<Map<String, Json>>) -> Json {
        self.serial += 1;
        let scope = target.rsplitn(3, '/').nth(2).unwrap_or_default();
        let name = format!("{scope}/operations/operation-{}", self.serial);
        let mut metadata = json!({
            "@type": format!("{PACKAGE}.OperationMetadata"), "apiVersion": "v1", "createTime": token::now(),
            "target": target, "verb": verb,
        });
        let begun = json!({ "name": name, "metadata": metadata });
        metadata["endTime"] = json!(token::now());
        let response = match response {
            Some(mut response) => {
                // Operations leave out labels.
                response.remove("labels");
                Json::Object(response)
            }
            None => json!({ "@type": "type.googleapis.com/google.protobuf.Empty" }),
        };
        let done = json!({ "name": name, "metadata": metadata, "done": true, "response": response });
        self.operations.insert(name, done);
        begun
    }

    /// The paths of all resources that requests made.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.resources.keys().map(String::as_str)
    }
}

fn not_found(path: &str) -> Refusal {
    Refusal::new(404, "notFound", format!("Resource '{path}' was not found"))
}
