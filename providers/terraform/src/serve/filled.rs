//! Fills in the defaults that a state does not hold. Terraform allows a provider to fill in nothing inside a value that
//! the configuration gives, so the state keeps null there.

use landform_core::{Schema, schema::Kind};

use super::{plan::inner_schema, served::Served, settle::items};
use crate::{
    shape::{Attribute, Block, Holds, Mode, Nested},
    value::Value,
};

/// The state with the defaults that `settle` leaves out inside plain values, so that it can be compared with a
/// declaration.
pub(super) fn with_defaults(served: &Served, state: Value) -> Value {
    let Block { attributes, blocks, .. } = &served.shape.block;
    filled_block(&served.resource_type.arguments, attributes, blocks, state)
}

fn filled_block(schema: &Schema, attributes: &[Attribute], blocks: &[Nested], state: Value) -> Value {
    let Value::Map(mut fields) = state else { return state };
    for attribute in attributes {
        if let (Some(value), Some(field)) = (fields.get_mut(&attribute.name), schema.field(&attribute.name)) {
            let before = std::mem::replace(value, Value::Null);
            *value = match (&attribute.holds, inner_schema(&field.kind)) {
                (Holds::Attributes(mode, inner), Some(schema)) => {
                    each(*mode, before, &|item| filled_block(schema, inner, &[], item))
                }
                (Holds::Attributes(..), None) => before,
                (Holds::Value(_), _) => filled_value(&field.kind, before),
            };
        }
    }
    for nested in blocks {
        let inner = schema.field(&nested.name).and_then(|field| inner_schema(&field.kind));
        if let (Some(inner), Some(value)) = (inner, fields.get_mut(&nested.name)) {
            let before = std::mem::replace(value, Value::Null);
            let Block { attributes, blocks, .. } = &nested.block;
            *value = each(nested.mode, before, &|item| filled_block(inner, attributes, blocks, item));
        }
    }
    Value::Map(fields)
}

fn filled_value(kind: &Kind, value: Value) -> Value {
    match (kind, value) {
        (Kind::List(item) | Kind::Set(item), Value::List(items)) => {
            Value::List(items.into_iter().map(|value| filled_value(item, value)).collect())
        }
        // A block that Landform holds as one value.
        (Kind::Block(_), Value::List(items)) => {
            Value::List(items.into_iter().map(|value| filled_value(kind, value)).collect())
        }
        (Kind::Map(item), Value::Map(entries)) => {
            Value::Map(entries.into_iter().map(|(key, value)| (key, filled_value(item, value))).collect())
        }
        (Kind::Block(schema), Value::Map(mut fields)) => {
            for field in schema.fields() {
                let Some(value) = fields.get_mut(&field.name) else { continue };
                *value = match (std::mem::replace(value, Value::Null), &field.default) {
                    (Value::Null, Some(default)) => Value::from(default),
                    (given, _) => filled_value(&field.kind, given),
                };
            }
            Value::Map(fields)
        }
        (_, value) => value,
    }
}

fn each(mode: Mode, value: Value, fill: &dyn Fn(Value) -> Value) -> Value {
    items(mode, &Value::Null, value, &|_, item| fill(item))
}
