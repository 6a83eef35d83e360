//! Generates declarations of existing objects, which Terraform calls generated configuration. Reads the cloud and
//! changes nothing.

use std::collections::HashMap;

use futures::{StreamExt, stream};
use landform_core::{
    Address, Budget, Object, Path, Schema, Stack, TypeName,
    schema::{Field, Place},
};
use serde_json::{Map, Value as Json, json};

use super::Engine;
use crate::{EngineError, Result, calls::Heard, journal::JournalError, registry::Managed};

/// How many are read at a time.
const AT_A_TIME: usize = 32;

/// The addresses of the declared objects, by type and id.
type Known = HashMap<(TypeName, String), Address>;

impl Engine {
    /// The stack that declares the existing objects with these ids and imports them: its first plan adopts them.
    ///
    /// Ids of each other become references. Values that equal the defaults are left out. So are secrets: their fields
    /// are ignored and stay as they are. The stack can be planned, kept as JSON, or exported to Terraform by the view
    /// `terraform`.
    ///
    /// # Errors
    /// [`EngineError::Import`] if an id leads to nothing, and [`EngineError::NoProvider`].
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn declare(
        &self,
        stack: &str,
        ids: impl IntoIterator<Item = (Address, String)>,
    ) -> Result<Stack> {
        let mut wanted = Vec::new();
        for (address, id) in ids {
            wanted.push((self.registry.usual(&address)?, address, id));
        }
        let calls: Vec<_> = wanted
            .iter()
            .map(|(managed, address, id)| async move {
                let found = match managed.driver.abilities().import {
                    false => Err(managed.cannot_import()),
                    true => {
                        let heard = Heard { events: &self.events, vault: &self.vault };
                        let calls = managed.calls(address, Budget::new(), heard);
                        calls.reading(|| managed.driver.import(id)).await
                    }
                };
                found.map_err(|error| EngineError::Import { address: address.clone(), id: id.clone(), error })
            })
            .collect();
        let mut found = stream::iter(calls).buffered(AT_A_TIME);
        let mut objects: Vec<Object> = Vec::with_capacity(wanted.len());
        while let Some(object) = found.next().await {
            objects.push(object?);
        }
        drop(found);
        let named = wanted.iter().zip(&objects);
        let known: Known = named
            .map(|((managed, address, _), object)| {
                ((managed.resource_type.name.clone(), object.id.clone()), address.clone())
            })
            .collect();
        let mut nodes = Map::new();
        for ((managed, address, _), object) in wanted.iter().zip(&objects) {
            nodes.insert(address.to_string(), node(managed, address, object, &known));
        }
        let stack = json!({ "name": stack, "nodes": nodes });
        let mut stack: Stack = serde_json::from_value(stack).map_err(JournalError::from)?;
        stack.bind(&|name| self.registry.resource_type(name));
        Ok(stack)
    }
}

fn node(managed: &Managed, address: &Address, object: &Object, known: &Known) -> Json {
    let mut reading = Reading { of: address, known, secrets: Vec::new() };
    let top = managed.resource_type.arguments.top();
    let arguments = reading.value(top, &object.arguments, &Path::default());
    let lifecycle = json!({ "import": object.id, "ignore_changes": reading.secrets });
    json!({ "address": address, "arguments": arguments, "lifecycle": lifecycle })
}

/// The data of one object while its declaration is made.
struct Reading<'a> {
    of: &'a Address,
    known: &'a Known,
    /// The places of secrets. Secrets stay as they are, because nobody can read them.
    secrets: Vec<Path>,
}

impl Reading<'_> {
    fn value(&mut self, place: Place<'_>, value: &Json, at: &Path) -> Json {
        match value {
            Json::String(id) => match place.refers_to() {
                Some(to) => match self.known.get(&(to.clone(), id.clone())).filter(|other| *other != self.of)
                {
                    Some(other) => json!({ "$ref": [other, "id"] }),
                    None => value.clone(),
                },
                None => value.clone(),
            },
            Json::Array(items) => {
                let items = items.iter().enumerate();
                items
                    .map(|(number, value)| self.value(place.index(number), value, &at.index(number)))
                    .collect()
            }
            Json::Object(fields) => {
                let mut said = Map::new();
                for (name, value) in fields {
                    let at = at.key(name);
                    if self.is_told(place, name, value, &at) {
                        said.insert(name.clone(), self.value(place.key(name), value, &at));
                    }
                }
                // A cloud shows fields together that a declaration must not give together.
                if let Some(schema) = place.schema() {
                    schema.leave_out_rivals(&mut said);
                }
                said.into()
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => value.clone(),
        }
    }

    /// Whether the declaration has a field. It leaves out a secret and a field that says nothing. Items of a set have
    /// no separate place, so a set is left out as a whole.
    fn is_told(&mut self, around: Place<'_>, name: &str, value: &Json, at: &Path) -> bool {
        let place = around.key(name);
        if (place.is_secret() || place.is_set() && place.any(&mut Place::is_secret)) && !value.is_null() {
            self.secrets.push(at.clone());
            return false;
        }
        // What other resources may manage too stays with them.
        let tells = |field: &Field| !field.shared && says_something(field, value);
        let of_block = |schema: &Schema| schema.field(name).is_some_and(tells);
        around.schema().is_none_or(of_block)
    }
}

/// Whether the declaration would mean something else without the field.
fn says_something(field: &Field, value: &Json) -> bool {
    let empty = match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        _ => false,
    };
    field.required || !(empty || field.default.as_ref() == Some(value))
}
