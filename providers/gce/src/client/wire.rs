//! Between what is declared, spelt as Terraform's provider spells it, and Compute Engine's JSON: names, places, links,
//! numbers that are texts.

use landform_core::{Meaning, Schema, schema::Kind};
use landform_kit::rest::camel;
use serde_json::{Map, Value as Json};

use super::place::path_of;

/// Names that are not spelt `likeThis` on the wire: the declared path and the name on the wire, which may be a path of
/// objects, as `routingConfig.routingMode`.
pub(crate) type Renamed = &'static [(&'static str, &'static str)];

/// What is said by the path of a request and is no part of its body.
const IN_PATHS: [&str; 3] = ["project", "region", "zone"];

/// Declared arguments as the body of a request. What is not given is left out, but lists and maps are sent though they are
/// empty, as only that empties them.
pub(super) fn body(schema: &Schema, renamed: Renamed, arguments: &Map<String, Json>) -> Map<String, Json> {
    let mut body = Map::new();
    for field in schema.fields() {
        let Some(value) = arguments.get(&field.name).filter(|value| !value.is_null()) else { continue };
        if IN_PATHS.contains(&field.name.as_str()) {
            continue;
        }
        put(&mut body, &name(renamed, &field.name), sent(&field.kind, renamed, &field.name, value));
    }
    body
}

/// The name on the wire of a declared field.
pub(super) fn name(renamed: Renamed, declared: &str) -> String {
    match renamed.iter().find(|(known, _)| *known == declared) {
        Some((_, wire)) => (*wire).to_owned(),
        None => camel(declared.rsplit('.').next().unwrap_or(declared)),
    }
}

/// Puts a value at a path of objects.
pub(super) fn put(object: &mut Map<String, Json>, at: &str, value: Json) {
    match at.split_once('.') {
        None => {
            object.insert(at.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = object.entry(first).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

fn sent(kind: &Kind, renamed: Renamed, at: &str, value: &Json) -> Json {
    match (kind, value) {
        (Kind::Block(schema), Json::Object(fields)) => {
            let mut body = Map::new();
            for field in schema.fields() {
                if let Some(value) = fields.get(&field.name).filter(|value| !value.is_null()) {
                    let at = format!("{at}.{}", field.name);
                    put(&mut body, &name(renamed, &at), sent(&field.kind, renamed, &at, value));
                }
            }
            Json::Object(body)
        }
        (Kind::List(item) | Kind::Set(item), Json::Array(items)) => {
            items.iter().map(|value| sent(item, renamed, at, value)).collect()
        }
        _ => value.clone(),
    }
}

/// What an answer says of the fields of a schema.
pub(super) fn declared(schema: &Schema, renamed: Renamed, answer: &Map<String, Json>) -> Map<String, Json> {
    let mut fields = Map::new();
    for field in schema.fields() {
        if let Some(value) = at(answer, &name(renamed, &field.name)).filter(|value| is_said(value)) {
            let link = field.same == Some(Meaning::SelfLink);
            fields.insert(field.name.clone(), read(&field.kind, renamed, &field.name, link, value));
        }
    }
    fields
}

/// The value at a path of objects.
fn at<'a>(object: &'a Map<String, Json>, path: &str) -> Option<&'a Json> {
    let mut parts = path.split('.');
    let first = parts.next().and_then(|part| object.get(part));
    parts.fold(first, |value, part| value.and_then(|value| value.get(part)))
}

fn read(kind: &Kind, renamed: Renamed, at: &str, link: bool, value: &Json) -> Json {
    match (kind, value) {
        (Kind::Block(schema), Json::Object(answer)) => {
            let mut fields = Map::new();
            for field in schema.fields() {
                let at = format!("{at}.{}", field.name);
                if let Some(value) = self::at(answer, &name(renamed, &at)).filter(|value| is_said(value)) {
                    let link = field.same == Some(Meaning::SelfLink);
                    fields.insert(field.name.clone(), read(&field.kind, renamed, &at, link, value));
                }
            }
            Json::Object(fields)
        }
        (Kind::List(item) | Kind::Set(item), Json::Array(items)) => {
            items.iter().map(|value| read(item, renamed, at, link, value)).collect()
        }
        // Links are ids here: their paths.
        (Kind::Text { refers_to, .. }, Json::String(text)) if link || refers_to.is_some() => {
            path_of(text).unwrap_or(text).into()
        }
        // Numbers of 64 bits are texts on the wire.
        (Kind::Integer, Json::String(text)) => match text.parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Compute Engine sends an empty text for some of what is not set.
fn is_said(value: &Json) -> bool {
    !value.is_null() && value != ""
}
