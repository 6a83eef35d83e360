//! Gives an answer of a cloud the form that Terraform knows. A cloud returns the meaning of what it was given. Terraform
//! compares values letter by letter, and takes another spelling for a fault.

use landform_core::{
    Schema,
    schema::{Field, Kind},
};
use serde_json::Value as Json;

use super::{plan::inner_schema, served::Served};
use crate::{
    form,
    shape::{Attribute, Block, Holds, Mode},
    value::{Value, ValueError},
};

/// The state of an object, in the spelling of a known state where both mean the same. `known` is the planned state after
/// an effect, and the earlier state after a read.
pub(super) fn settle(
    served: &Served,
    mut arguments: Json,
    mut attributes: Json,
    known: &Value,
) -> Result<Value, ValueError> {
    let resource_type = &served.resource_type;
    respell(&resource_type.arguments, &mut arguments, known)?;
    respell(&resource_type.attributes, &mut attributes, known)?;
    let found = served.state(arguments, attributes)?;
    let Value::Map(mut fields) = found else { return Ok(found) };
    let settled = block(&resource_type.arguments, &served.shape.block, known, Value::Map(fields.clone()));
    for (name, value) in settled.into_fields() {
        if resource_type.arguments.field(&name).is_some() {
            fields.insert(name, value);
        }
    }
    for field in resource_type.attributes.fields() {
        if let Some(value) = fields.get_mut(&field.name)
            && resource_type.arguments.field(&field.name).is_none()
        {
            *value = same_spelling(known.get(&field.name), std::mem::replace(value, Value::Null));
        }
    }
    Ok(Value::Map(fields))
}

/// Gives fields the spelling of the known ones. What was unknown until now has none.
fn respell(schema: &Schema, found: &mut Json, known: &Value) -> Result<(), ValueError> {
    let new: Vec<(String, Option<Json>)> = schema
        .fields()
        .iter()
        .filter(|field| *known.get(&field.name) == Value::Unknown)
        .map(|field| (field.name.clone(), found.get(&field.name).cloned()))
        .collect();
    schema.respell(found, &form::json_from_value(schema, &known.clone().known())?);
    if let Json::Object(fields) = found {
        for (name, value) in new {
            match value {
                Some(value) => drop(fields.insert(name, value)),
                None => drop(fields.remove(&name)),
            }
        }
    }
    Ok(())
}

fn block(schema: &Schema, shape: &Block, known: &Value, found: Value) -> Value {
    let Value::Map(mut fields) = found else { return found };
    for attribute in &shape.attributes {
        if let (Some(value), Some(field)) = (fields.get_mut(&attribute.name), schema.field(&attribute.name)) {
            let found = std::mem::replace(value, Value::Null);
            *value = settle_attribute(field, attribute, known.get(&attribute.name), found);
        }
    }
    for nested in &shape.blocks {
        let Some(inner) = schema.field(&nested.name).and_then(|field| inner_schema(&field.kind)) else {
            continue;
        };
        if let Some(value) = fields.get_mut(&nested.name) {
            let found = std::mem::replace(value, Value::Null);
            *value = items(nested.mode, known.get(&nested.name), found, &|known, found| {
                block(inner, &nested.block, known, found)
            });
        }
    }
    Value::Map(fields)
}

fn settle_attribute(field: &Field, attribute: &Attribute, known: &Value, found: Value) -> Value {
    // A cloud that conceals a secret has not lost it.
    if attribute.sensitive && found.is_null() && *known != Value::Unknown {
        return known.clone();
    }
    match (&attribute.holds, inner_schema(&field.kind)) {
        (Holds::Attributes(mode, inner), Some(schema)) => {
            if known.is_empty() && found.is_empty() && *known != Value::Unknown {
                return known.clone();
            }
            items(*mode, known, found, &|known, found| {
                let shape = Block { attributes: inner.clone(), ..Block::default() };
                block(schema, &shape, known, found)
            })
        }
        _ => value(&field.kind, known, found),
    }
}

/// A value of a plain type. Terraform allows a provider to fill in nothing inside it, so what was null stays null where
/// the provider only chose a value or filled in a default.
fn value(kind: &Kind, known: &Value, found: Value) -> Value {
    match (kind, known, found) {
        (_, Value::Unknown, found) => found,
        (_, known, found) if known.is_empty() && found.is_empty() => known.clone(),
        (Kind::List(item) | Kind::Set(item), Value::List(before), Value::List(items)) => {
            let settled = items.into_iter().enumerate().map(|(place, found)| match before.get(place) {
                Some(known) => value(item, known, found),
                None => found,
            });
            Value::List(settled.collect())
        }
        // A block that Landform holds as one value.
        (Kind::Block(_), Value::List(before), Value::List(items)) => {
            let settled = items.into_iter().enumerate().map(|(place, found)| match before.get(place) {
                Some(known) => value(kind, known, found),
                None => found,
            });
            Value::List(settled.collect())
        }
        (Kind::Map(item), Value::Map(before), Value::Map(entries)) => {
            let settled = entries.into_iter().map(|(key, found)| match before.get(&key) {
                Some(known) => (key, value(item, known, found)),
                None => (key, found),
            });
            Value::Map(settled.collect())
        }
        (Kind::Block(schema), Value::Map(before), Value::Map(fields)) => {
            let settled = fields.into_iter().map(|(name, found)| {
                let (Some(known), Some(field)) = (before.get(&name), schema.field(&name)) else {
                    return (name, found);
                };
                let filled = field.computed
                    || field.default.as_ref().is_some_and(|default| Value::from(default) == found);
                let hidden = field.secret && found.is_null();
                let settled = match known {
                    Value::Null if filled => Value::Null,
                    known if hidden => known.clone(),
                    known => value(&field.kind, known, found),
                };
                (name, settled)
            });
            Value::Map(settled.collect())
        }
        (_, known, found) => same_spelling(known, found),
    }
}

/// The known value if the other one says the same.
fn same_spelling(known: &Value, found: Value) -> Value {
    if *known != Value::Unknown && (*known == found || known.is_empty() && found.is_empty()) {
        known.clone()
    } else {
        found
    }
}

/// Settles each item of a block or a nested attribute beside the known one in its place.
pub(super) fn items(
    mode: Mode,
    known: &Value,
    found: Value,
    settle: &dyn Fn(&Value, Value) -> Value,
) -> Value {
    let none = Value::Null;
    match (mode, found) {
        (Mode::List | Mode::Set, Value::List(items)) => {
            let before = match known {
                Value::List(items) => items.as_slice(),
                _ => &[],
            };
            let settled = items
                .into_iter()
                .enumerate()
                .map(|(place, found)| settle(before.get(place).unwrap_or(&none), found));
            Value::List(settled.collect())
        }
        (Mode::Map, Value::Map(entries)) => {
            let settled = entries.into_iter().map(|(key, found)| {
                let found = settle(known.get(&key), found);
                (key, found)
            });
            Value::Map(settled.collect())
        }
        (Mode::Single | Mode::Group, found @ Value::Map(_)) => settle(known, found),
        (_, other) => other,
    }
}
