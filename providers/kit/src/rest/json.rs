//! Converts between a service's JSON and declared values: names, wrappers, missing fields.

use landform_core::{Error, ErrorKind, Result, Schema, schema::Kind};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

/// Renames the fields of a schema between their declared and their wire names. The keys of maps and the fields that the
/// schema does not know stay as they are.
pub(super) fn respelt(schema: &Schema, value: Json, to_wire: bool) -> Json {
    let Json::Object(fields) = value else { return value };
    let mut spelt = Map::new();
    for (name, value) in fields {
        let known = schema.fields().iter().find(|field| match to_wire {
            true => field.name == name,
            false => camel(&field.name) == name,
        });
        match known {
            Some(field) => {
                let name = if to_wire { camel(&field.name) } else { field.name.clone() };
                spelt.insert(name, inner(&field.kind, value, to_wire));
            }
            None => {
                spelt.insert(name, value);
            }
        }
    }
    Json::Object(spelt)
}

fn inner(kind: &Kind, value: Json, to_wire: bool) -> Json {
    match (kind, value) {
        (Kind::Block(schema), value) => respelt(schema, value, to_wire),
        (Kind::List(item) | Kind::Set(item), Json::Array(items)) => {
            items.into_iter().map(|value| inner(item, value, to_wire)).collect()
        }
        (Kind::Map(item), Json::Object(entries)) => {
            let entries = entries.into_iter().map(|(key, value)| (key, inner(item, value, to_wire)));
            Json::Object(entries.collect())
        }
        (_, value) => value,
    }
}

/// Turns a name `like_this` into `likeThis`.
pub fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut all, part| {
        let mut letters = part.chars();
        all.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        all.extend(letters);
        all
    })
}

/// Removes nulls, which services send for fields that are not set.
pub(super) fn without_nulls(value: Json) -> Json {
    match value {
        Json::Object(fields) => {
            let set = fields.into_iter().filter(|(_, value)| !value.is_null());
            Json::Object(set.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Json::Array(items) => items.into_iter().map(without_nulls).collect(),
        value => value,
    }
}

/// The patch that turns `seen` into `wanted` by a merge (RFC 7396).
pub(super) fn merge(wanted: &Json, seen: &Json) -> Json {
    let (Json::Object(wanted), Json::Object(seen)) = (wanted, seen) else { return wanted.clone() };
    let gone = seen.keys().filter(|key| !wanted.contains_key(*key)).map(|key| (key.clone(), Json::Null));
    let kept = wanted.iter().map(|(key, value)| match seen.get(key) {
        Some(seen) => (key.clone(), merge(value, seen)),
        None => (key.clone(), value.clone()),
    });
    Json::Object(kept.chain(gone).collect())
}

/// Reads a declared value from an answer. It ignores the fields that the declaration does not know.
///
/// # Errors
/// Internal if the answer does not fit the declaration. The message says where.
pub fn declared<T: DeserializeOwned>(value: &Json) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let place = match error.path().to_string().as_str() {
            "." => String::new(),
            path => format!(" at {path}"),
        };
        Error::new(ErrorKind::Internal, format!("invalid answer{place}: {}", error.inner()))
    })
}

/// A string or a number as the text of an id.
pub(super) fn id_text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.is_empty() => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use landform_core::{Id, Resource, attributes, block, resource};
    use serde_json::json;

    use super::*;

    /// A thing.
    #[resource("demo_thing")]
    struct Thing {
        /// A map.
        node_labels: std::collections::BTreeMap<String, String>,
        /// A block.
        health_check: Option<HealthCheck>,
    }

    /// A block.
    #[block]
    struct HealthCheck {
        /// A number.
        interval_seconds: u32,
    }

    /// Attributes.
    #[attributes]
    struct ThingAttributes {
        /// The id.
        id: Id<Thing>,
    }

    #[test]
    fn names_are_respelt_and_keys_are_not() {
        let schema = &Thing::resource_type().arguments;
        let ours = json!({ "node_labels": { "my_key": "x" }, "health_check": { "interval_seconds": 3 }, "other_one": 1 });
        let theirs = json!({ "nodeLabels": { "my_key": "x" }, "healthCheck": { "intervalSeconds": 3 }, "other_one": 1 });
        assert_eq!(respelt(schema, ours.clone(), true), theirs);
        assert_eq!(respelt(schema, theirs, false), ours);
    }

    #[test]
    fn a_merge_names_what_goes() {
        let seen = json!({ "a": 1, "m": { "x": "1", "y": "2" }, "gone": true });
        let wanted = json!({ "a": 2, "m": { "y": "2", "z": "3" } });
        let sent = json!({ "a": 2, "m": { "x": null, "y": "2", "z": "3" }, "gone": null });
        assert_eq!(merge(&wanted, &seen), sent);
    }
}
