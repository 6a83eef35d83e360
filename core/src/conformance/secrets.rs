//! The secrets in a sample, to look for where they must not be.

use serde_json::Value as Json;

use crate::{Schema, schema::Kind};

/// The secret texts among arguments, as they stand in JSON; short ones may stand anywhere by chance.
pub(super) fn secrets(schema: &Schema, arguments: &Json) -> Vec<String> {
    const TELLING: usize = 6;
    let mut found = Vec::new();
    for field in schema.fields() {
        let Some(value) = arguments.get(&field.name) else { continue };
        collect(&field.kind, value, field.secret, &mut found);
    }
    found.retain(|secret| secret.len() >= TELLING);
    found
}

fn collect(kind: &Kind, value: &Json, secret: bool, found: &mut Vec<String>) {
    match (kind, value) {
        (Kind::Block(schema), Json::Object(_)) if !secret => found.extend(secrets(schema, value)),
        (Kind::List(item) | Kind::Set(item), Json::Array(items)) => {
            items.iter().for_each(|value| collect(item, value, secret, found));
        }
        (Kind::Map(item), Json::Object(entries)) => {
            entries.values().for_each(|value| collect(item, value, secret, found));
        }
        (_, Json::Object(entries)) if secret => {
            entries.values().for_each(|value| collect(&Kind::Any, value, true, found));
        }
        (_, Json::Array(items)) if secret => {
            items.iter().for_each(|value| collect(&Kind::Any, value, true, found));
        }
        (_, Json::String(text)) if secret => {
            found.push(Json::from(text.as_str()).to_string().trim_matches('"').to_owned());
        }
        _ => {}
    }
}
