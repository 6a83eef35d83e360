//! The types of Terraform's values, and their form in JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Value, ValueError};

/// A type constraint.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    Bool,
    Number,
    Text,
    /// Any type: each value brings its own.
    Dynamic,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(BTreeMap<String, Type>),
}

/// Deeper than any type of a real provider.
const DEEPEST: usize = 64;

impl Type {
    /// Reads a type from its JSON: `"string"`, `["list", "number"]`, `["object", {"a": "bool"}]`.
    ///
    /// # Errors
    /// It is no such JSON. The message names `of`.
    pub(crate) fn parse(bytes: &[u8], of: &str) -> Result<Self, ValueError> {
        let json = serde_json::from_slice(bytes)
            .map_err(|error| ValueError::new(format!("{of}: its type is not JSON: {error}")))?;
        Self::from_json(&json, 0).ok_or_else(|| {
            ValueError::new(format!(
                "{of}: {json} is no type, expected one such as \"string\" or [\"list\", \"string\"]"
            ))
        })
    }

    fn from_json(json: &Json, depth: usize) -> Option<Self> {
        if depth > DEEPEST {
            return None;
        }
        let inner = |json| Self::from_json(json, depth + 1);
        Some(match json {
            Json::String(name) => match name.as_str() {
                "bool" => Self::Bool,
                "number" => Self::Number,
                "string" => Self::Text,
                "dynamic" => Self::Dynamic,
                _ => return None,
            },
            Json::Array(parts) => match (parts.first()?.as_str()?, &parts[1..]) {
                ("list", [item]) => Self::List(Box::new(inner(item)?)),
                ("set", [item]) => Self::Set(Box::new(inner(item)?)),
                ("map", [item]) => Self::Map(Box::new(inner(item)?)),
                ("tuple", [Json::Array(items)]) => {
                    Self::Tuple(items.iter().map(inner).collect::<Option<_>>()?)
                }
                // A third part names optional attributes. A value has them too.
                ("object", [Json::Object(fields)] | [Json::Object(fields), _]) => {
                    let fields = fields.iter().map(|(name, field)| Some((name.clone(), inner(field)?)));
                    Self::Object(fields.collect::<Option<_>>()?)
                }
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The type as JSON.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::Text => "string".into(),
            Self::Dynamic => "dynamic".into(),
            Self::List(item) => json!(["list", item.to_json()]),
            Self::Set(item) => json!(["set", item.to_json()]),
            Self::Map(item) => json!(["map", item.to_json()]),
            Self::Tuple(items) => json!(["tuple", items.iter().map(Self::to_json).collect::<Vec<_>>()]),
            Self::Object(fields) => {
                let fields: Map<String, Json> =
                    fields.iter().map(|(name, field)| (name.clone(), field.to_json())).collect();
                json!(["object", fields])
            }
        }
    }

    /// The type that a value of any type brings with it: lists are tuples, maps are objects.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null | Value::Unknown => Self::Dynamic,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::Text(_) => Self::Text,
            Value::List(items) => Self::Tuple(items.iter().map(Self::of).collect()),
            Value::Map(fields) => {
                Self::Object(fields.iter().map(|(name, field)| (name.clone(), Self::of(field))).collect())
            }
        }
    }

    /// A value with every attribute of each object in it. Attributes that the type does not have are left out.
    pub(crate) fn whole(&self, value: Value) -> Value {
        match (self, value) {
            (Self::Object(fields), Value::Map(mut given)) => {
                let fields = fields.iter().map(|(name, kind)| {
                    (name.clone(), kind.whole(given.remove(name).unwrap_or(Value::Null)))
                });
                Value::Map(fields.collect())
            }
            (Self::List(item) | Self::Set(item), Value::List(items)) => {
                Value::List(items.into_iter().map(|value| item.whole(value)).collect())
            }
            (Self::Map(item), Value::Map(entries)) => {
                Value::Map(entries.into_iter().map(|(key, value)| (key, item.whole(value))).collect())
            }
            (_, other) => other,
        }
    }
}
