//! A served resource type: its schema, its shape, and the conversions between an object and a state.

use std::sync::Arc;

use landform_core::{Diagnostic, Driver, Object, Path, ResourceType, expr::Expr};
use serde_json::{Map, Value as Json};

use super::{filled::with_defaults, kept::Kept};
use crate::{
    diagnostics::Problem,
    form,
    shape::Shape,
    value::{Type, Value, ValueError},
    wire::{self, DynamicValue},
};

/// One resource type or data source, as Terraform sees it.
#[derive(Clone)]
pub(super) struct Served {
    pub resource_type: Arc<ResourceType>,
    pub shape: Arc<Shape>,
    kind: Arc<Type>,
}

impl Served {
    /// # Errors
    /// A field cannot be written in Terraform's language.
    pub(super) fn new(resource_type: &Arc<ResourceType>) -> Result<Self, String> {
        let shape =
            form::served(resource_type).map_err(|error| format!("{}: {error}", resource_type.name))?;
        let kind = Arc::new(shape.block.value_type());
        Ok(Self { resource_type: resource_type.clone(), shape: Arc::new(shape), kind })
    }

    /// The value of a message. Each message of this type has a whole object or null.
    pub(super) fn read(&self, message: Option<&DynamicValue>) -> Result<Value, ValueError> {
        Value::read(message, &self.kind)
    }

    /// The message of a value.
    pub(super) fn write(&self, value: Value) -> Result<Option<DynamicValue>, ValueError> {
        let whole = match value {
            Value::Map(fields) => self.shape.block.whole(fields),
            other => other,
        };
        self.shape.block.without_write_only(whole).write(&self.kind)
    }

    /// The value in the JSON of a stored state.
    pub(super) fn read_stored(&self, json: &Json) -> Result<Value, ValueError> {
        Value::from_wire_json(json, &self.kind)
    }

    /// The arguments in a value, with their defaults.
    pub(super) fn arguments(&self, value: &Value) -> Result<Expr, ValueError> {
        Ok(self.resource_type.arguments.complete(form::from_value(&self.resource_type.arguments, value)?))
    }

    /// The state of an object.
    pub(super) fn state(&self, arguments: Json, attributes: Json) -> Result<Value, ValueError> {
        let mut fields = form::to_value(&self.resource_type.attributes, &Expr::Literal(attributes))?;
        let arguments = form::to_value(&self.resource_type.arguments, &Expr::Literal(arguments))?;
        fields.extend(arguments.into_iter().filter(|(_, value)| !value.is_null()));
        Ok(self.shape.block.whole(fields))
    }

    /// The object of a state.
    pub(super) fn object(&self, state: &Value, kept: &Kept) -> Result<Object, ValueError> {
        let known = state.clone().known();
        let attributes = form::json_from_value(&self.resource_type.attributes, &known)?;
        let arguments = form::json_from_value(&self.resource_type.arguments, &with_defaults(self, known))?;
        let id = state.get("id").as_text().map(str::to_owned).or_else(|| kept.id.clone());
        let id = id.ok_or_else(|| ValueError::new("the state has no id"))?;
        Ok(Object {
            private: kept.private.clone(),
            identity: kept.identity.clone(),
            ..Object::new(id, arguments, attributes)
        })
    }

    /// A stored state of an older version. Its fields need not be those of today, so they stay as they are, but for a
    /// block that Terraform holds as a list of one.
    pub(super) fn stored_object(&self, stored: Json, version: u32) -> Object {
        let id = stored.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
        let (mut arguments, mut attributes) = (Map::new(), Map::new());
        let fields = match stored {
            Json::Object(fields) => fields,
            _ => Map::new(),
        };
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_null()) {
            let argument = self.resource_type.arguments.field(&name);
            if argument.is_none() && self.resource_type.attributes.field(&name).is_some() {
                attributes.insert(name, value);
                continue;
            }
            let value = match (argument.is_some_and(form::is_wrapped), value) {
                (true, Json::Array(mut items)) if items.len() <= 1 => items.pop().unwrap_or_default(),
                (_, value) => value,
            };
            if !value.is_null() {
                arguments.insert(name, value);
            }
        }
        Object { schema_version: Some(version), ..Object::new(id, arguments, attributes) }
    }

    /// Whether the state of the type holds the id.
    pub(super) fn has_id(&self) -> bool {
        self.resource_type.attributes.field("id").is_some()
    }

    /// A state that holds an id and nothing else.
    pub(super) fn stub(&self, id: &str) -> Value {
        self.shape.block.whole([("id".to_owned(), Value::Text(id.to_owned()))].into())
    }

    /// A message about a field, in Terraform's words.
    pub(super) fn message(&self, said: &Diagnostic) -> wire::Diagnostic {
        let path = said.path.as_ref().filter(|path| !path.is_empty());
        wire::Diagnostic {
            severity: match said.severity {
                landform_core::Severity::Error => wire::ERROR,
                landform_core::Severity::Warning => wire::WARNING,
            },
            summary: said.summary.clone(),
            detail: said.detail.clone(),
            attribute: path.map(|path| self.path(path)),
        }
    }

    /// A path in Terraform's words.
    pub(super) fn path(&self, path: &Path) -> wire::AttributePath {
        let schema = match path.head() {
            Some(head) if self.resource_type.arguments.field(head).is_none() => {
                &self.resource_type.attributes
            }
            _ => &self.resource_type.arguments,
        };
        form::wire_path(schema, path)
    }

    /// The messages of an error.
    pub(super) fn error(&self, error: &landform_core::Error) -> Vec<wire::Diagnostic> {
        let mut said = error.diagnostics();
        if let Some(first) = said.first_mut() {
            // The whole error with its operation, code and request.
            let full = error.to_string();
            if full != first.summary {
                first.detail = full;
            }
        }
        said.iter().map(|said| self.message(said)).collect()
    }
}

/// A driver with its type.
#[derive(Clone)]
pub(super) struct Managed {
    pub served: Served,
    pub driver: Arc<dyn Driver>,
}

impl Managed {
    /// An error with the messages for Terraform.
    pub(super) fn problem(&self, error: &landform_core::Error) -> Problem {
        Problem(self.served.error(error))
    }
}
