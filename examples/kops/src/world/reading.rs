//! Reads resources of a real cloud by their types and ids.

use std::collections::BTreeSet;

use landform::{Object, Provider, TypeName};
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::owned::Candidate;

/// A type and an id.
pub type Which = (TypeName, String);

/// The resources that exist, as few calls as their types need.
pub async fn read(provider: &Provider, which: &BTreeSet<Which>) -> Result<Vec<Candidate>, Failure> {
    let mut found = Vec::new();
    let types: BTreeSet<&TypeName> = which.iter().map(|(of, _)| of).collect();
    for type_name in types {
        let Some(driver) = provider.driver(type_name.as_str()) else { continue };
        let objects: Vec<Object> = which
            .iter()
            .filter(|(of, _)| of == type_name)
            .map(|(_, id)| Object::new(id.clone(), json!({}), json!({})))
            .collect();
        for page in objects.chunks(driver.abilities().page.max(1)) {
            let known: Vec<&dyn landform::Known> = page.iter().map(|object| object as _).collect();
            for object in driver.read_many(&known).await?.into_iter().flatten() {
                let mut fields = Map::new();
                for part in [object.attributes, object.arguments] {
                    if let Value::Object(part) = part {
                        fields.extend(part);
                    }
                }
                let (type_name, id) = (type_name.clone(), object.id);
                found.push(Candidate { type_name, id, fields, is_chosen: false });
            }
        }
    }
    Ok(found)
}
