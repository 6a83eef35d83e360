//! The references in a resource's arguments, found by its schema.

use landform_core::{Schema, schema::Kind};
use serde_json::{Map, Value as Json};

/// One reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// Where it stands, with dots.
    pub path: String,
    /// The type of what it refers to.
    pub type_name: &'a str,
    /// The id of what it refers to.
    pub id: &'a str,
    /// Whether what it refers to may go first.
    pub weak: bool,
}

/// All references in the arguments.
pub(crate) fn references<'a>(schema: &'a Schema, arguments: &'a Map<String, Json>) -> Vec<Reference<'a>> {
    let mut found = Vec::new();
    block(schema, arguments, "", false, &mut found);
    found
}

fn block<'a>(
    schema: &'a Schema,
    arguments: &'a Map<String, Json>,
    at: &str,
    weak: bool,
    found: &mut Vec<Reference<'a>>,
) {
    for (name, value) in arguments {
        if let Some(field) = schema.field(name) {
            let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            kind(&field.kind, value, path, weak || field.weak, found);
        }
    }
}

fn kind<'a>(held: &'a Kind, value: &'a Json, path: String, weak: bool, found: &mut Vec<Reference<'a>>) {
    match (held, value) {
        (Kind::Text { refers_to: Some(type_name), .. }, Json::String(id)) => {
            found.push(Reference { path, type_name: type_name.as_str(), id, weak });
        }
        (Kind::List(item) | Kind::Set(item), Json::Array(items)) => {
            for (place, value) in items.iter().enumerate() {
                kind(item, value, format!("{path}[{place}]"), weak, found);
            }
        }
        (Kind::Map(item), Json::Object(entries)) => {
            for (key, value) in entries {
                kind(item, value, format!("{path}.{key}"), weak, found);
            }
        }
        (Kind::Block(schema), Json::Object(fields)) => block(schema, fields, &path, weak, found),
        _ => {}
    }
}
