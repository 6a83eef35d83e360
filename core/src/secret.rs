//! A value that is used but never shown.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What views, logs and errors show in place of a secret.
pub const SENSITIVE: &str = "(sensitive)";

/// The beginning of a seal. A state stores a seal in place of a secret: a digest that does not reveal it. No declared
/// text may begin like this.
pub const SEALED: &str = "$sealed:";

/// Whether a value is the seal of a secret.
pub fn is_sealed(value: &Json) -> bool {
    value.as_str().is_some_and(|text| text.starts_with(SEALED))
}

/// Whether a value contains the seal of a secret.
pub fn holds_seals(value: &Json) -> bool {
    match value {
        Json::String(_) => is_sealed(value),
        Json::Object(fields) => fields.values().any(holds_seals),
        Json::Array(items) => items.iter().any(holds_seals),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Text that prints as `(sensitive)`. Its field is secret in the schema, so plans, events and state mask it too.
///
/// ```
/// let password = landform_core::Secret::new("hunter2");
/// assert_eq!(format!("{password:?}"), "(sensitive)");
/// assert_eq!(password.expose(), "hunter2");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes charge of a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SENSITIVE)
    }
}

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "x-secret": true })
    }
}
