//! Converts between declarations, spelt as in Terraform's provider, and Compute Engine's JSON: names, places, links,
//! numbers that are strings.

use landform_core::{Meaning, Schema, schema::Kind};
use landform_kit::rest::camel;
use serde_json::{Map, Value as Json};

use super::place::path_of;

/// Names that are not `likeThis` on the wire: the declared path, and the name on the wire, which may be a path through
/// objects, such as `routingConfig.routingMode`.
pub(crate) type Renamed = &'static [(&'static str, &'static str)];

/// The fields that the path of a request gives. The body leaves them out.
const IN_PATHS: [&str; 3] = ["project", "region", "zone"];

/// The way in which a request treats the values that a block does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// It leaves them out.
    LeftOut,
    /// It sends null, because `PATCH` keeps the values that it does not name. It leaves out a value that the server
    /// chooses.
    Null,
}

/// Converts declared arguments to the body of a request. It leaves out missing values. It sends empty lists and maps,
/// because Compute Engine empties a list only if the request says so.
pub(super) fn body(
    schema: &Schema,
    renamed: Renamed,
    arguments: &Map<String, Json>,
    missing: Missing,
) -> Map<String, Json> {
    let mut body = Map::new();
    for field in schema.fields() {
        let Some(value) = arguments.get(&field.name).filter(|value| !value.is_null()) else { continue };
        if IN_PATHS.contains(&field.name.as_str()) {
            continue;
        }
        let value = sent(&field.kind, renamed, &field.name, value, missing);
        put(&mut body, &name(renamed, &field.name), value);
    }
    body
}

/// The name of a declared field on the wire.
pub(super) fn name(renamed: Renamed, declared: &str) -> String {
    match renamed.iter().find(|(known, _)| *known == declared) {
        Some((_, wire)) => (*wire).to_owned(),
        None => camel(declared.rsplit('.').next().unwrap_or(declared)),
    }
}

/// Puts a value at a path through objects.
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

fn sent(kind: &Kind, renamed: Renamed, at: &str, value: &Json, missing: Missing) -> Json {
    match (kind, value) {
        (Kind::Block(schema), Json::Object(fields)) => {
            let mut body = Map::new();
            for field in schema.fields() {
                let at = format!("{at}.{}", field.name);
                let name = name(renamed, &at);
                match fields.get(&field.name).filter(|value| !value.is_null()) {
                    Some(value) => put(&mut body, &name, sent(&field.kind, renamed, &at, value, missing)),
                    None if missing == Missing::Null && !field.computed => put(&mut body, &name, Json::Null),
                    None => {}
                }
            }
            Json::Object(body)
        }
        // A list replaces the present one, with all its blocks.
        (Kind::List(item) | Kind::Set(item), Json::Array(items)) => {
            items.iter().map(|value| sent(item, renamed, at, value, Missing::LeftOut)).collect()
        }
        _ => value.clone(),
    }
}

/// The fields of a schema that an answer gives.
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

/// The value at a path through objects.
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
        // An id in a declaration is the path of a link.
        (Kind::Text { refers_to, .. }, Json::String(text)) if link || refers_to.is_some() => {
            path_of(text).unwrap_or(text).into()
        }
        // Numbers of 64 bits are strings on the wire.
        (Kind::Integer, Json::String(text)) => match text.parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Compute Engine sends an empty text for some fields that are not set.
fn is_said(value: &Json) -> bool {
    !value.is_null() && value != ""
}
