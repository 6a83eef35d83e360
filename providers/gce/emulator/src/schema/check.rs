//! Checks the body and the query of a request against the schema, and normalises values. It removes nulls and fields
//! that only answers have, and writes 64-bit numbers as strings.

use regex_lite::Regex;
use serde_json::{Map, Value as Json};

use super::{Form, Kind, Method, Schema, Service};
use crate::refusal::{Refusal, Result};

/// The meaning of nulls.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Nulls {
    /// The field is absent.
    Drop,
    /// The field is to be cleared, in a patch.
    Keep,
}

/// The body of a request as an object of the method's type.
pub(crate) fn body(method: &Method, bytes: &[u8]) -> Result<Map<String, Json>> {
    let Some(of) = method.body else {
        // Clients send `{}` to methods without a body, so an empty body is ignored.
        return match bytes.is_empty() || serde_json::from_slice::<Map<String, Json>>(bytes).is_ok() {
            true => Ok(Map::new()),
            false => Err(Refusal::payload("Invalid JSON payload received.".to_owned())),
        };
    };
    let json = match bytes.is_empty() {
        true => Json::Object(Map::new()),
        false => serde_json::from_slice(bytes)
            .map_err(|error| Refusal::payload(format!("Invalid JSON payload received. {error}")))?,
    };
    let nulls = if method.verb == "PATCH" { Nulls::Keep } else { Nulls::Drop };
    let check = Check { service: method.service, method: Some(method), nulls };
    match check.value(&Kind::Object(of), json, "resource")? {
        Some(Json::Object(object)) => Ok(object),
        _ => Ok(Map::new()),
    }
}

/// Checks the parameters of a query. It accepts those that every method has.
pub(crate) fn query(method: &Method, query: &[(String, String)]) -> Result<()> {
    for (name, value) in query {
        let Some(parameter) = method.query.iter().find(|parameter| parameter.name == name) else {
            if COMMON.contains(&name.as_str()) {
                continue;
            }
            let message = format!(
                "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field \
                 '{name}' could not be found in request message."
            );
            return Err(Refusal::payload(message));
        };
        let kind = match &parameter.kind {
            Kind::List(of) => of,
            kind => kind,
        };
        let right = match kind {
            Kind::Bool => matches!(value.to_ascii_lowercase().as_str(), "true" | "false" | "1" | "0"),
            Kind::Whole { min, max, .. } => {
                value.parse::<i128>().is_ok_and(|value| (*min..=*max).contains(&value))
            }
            _ => true,
        };
        if !right {
            return Err(Refusal::payload(format!(
                "Invalid value at '{name}' ({}), \"{value}\"",
                kind.title()
            )));
        }
    }
    for parameter in method.query.iter().filter(|parameter| parameter.required) {
        if !query.iter().any(|(name, _)| name == parameter.name) {
            return Err(Refusal::new(400, "required", format!("Required parameter: {}", parameter.name)));
        }
    }
    Ok(())
}

const COMMON: [&str; 12] = [
    "$alt",
    "$apiVersion",
    "$prettyPrint",
    "$userProject",
    "access_token",
    "alt",
    "fields",
    "key",
    "prettyPrint",
    "quotaUser",
    // The service accepts it in every list, even if its document does not say so. gcloud sends it.
    "returnPartialSuccess",
    "userIp",
];

struct Check<'a> {
    service: Service,
    method: Option<&'a Method>,
    nulls: Nulls,
}

impl Check<'_> {
    fn value(&self, kind: &Kind, json: Json, at: &str) -> Result<Option<Json>> {
        if json.is_null() && !matches!(kind, Kind::Any) {
            return Ok((self.nulls == Nulls::Keep).then_some(Json::Null));
        }
        let wrong =
            |json: &Json| Refusal::payload(format!("Invalid value at '{at}' ({}), {json}", kind.title()));
        let checked = match (kind, json) {
            (Kind::Output(_), _) => return Ok(None),
            (Kind::Any, json) => json,
            // Requests use either base64 alphabet. The emulator stores one, because it compares fingerprints as texts.
            (Kind::Bytes, Json::String(text)) => Json::String(text.replace('-', "+").replace('_', "/")),
            (Kind::Text, json @ Json::String(_)) | (Kind::Bool, json @ Json::Bool(_)) => json,
            (Kind::Enum(names), Json::String(name)) => match names.contains(&name.as_str()) {
                true => Json::String(name),
                false => return Err(wrong(&Json::String(name))),
            },
            (Kind::Number, json @ Json::Number(_)) => json,
            (Kind::Number, Json::String(text)) => match text.parse::<f64>() {
                Ok(number) => serde_json::json!(number),
                Err(_) => return Err(wrong(&Json::String(text))),
            },
            (Kind::Whole { min, max, as_text }, json) => {
                let number = whole(&json).filter(|number| (*min..=*max).contains(number));
                let Some(number) = number else { return Err(wrong(&json)) };
                match as_text {
                    true => Json::String(number.to_string()),
                    false => serde_json::json!(number as i64),
                }
            }
            (Kind::List(of), Json::Array(items)) => {
                let items = items.into_iter().enumerate();
                let items = items.map(|(index, item)| self.value(of, item, &format!("{at}[{index}]")));
                Json::Array(items.filter_map(Result::transpose).collect::<Result<_>>()?)
            }
            (Kind::Map(of), Json::Object(entries)) => {
                let mut checked = Map::new();
                for (key, value) in entries {
                    if let Some(value) = self.value(of, value, &format!("{at}.{key}"))? {
                        checked.insert(key, value);
                    }
                }
                Json::Object(checked)
            }
            (Kind::Object(of), Json::Object(entries)) => Json::Object(self.object(of, entries, at)?),
            (_, json) => return Err(wrong(&json)),
        };
        Ok(Some(checked))
    }

    fn object(&self, of: &'static str, entries: Map<String, Json>, at: &str) -> Result<Map<String, Json>> {
        let Some(fields) = Schema::get().fields(self.service, of) else { return Ok(entries) };
        let mut checked = Map::new();
        for (name, value) in entries {
            let Some(field) = fields.iter().find(|field| field.name == name) else {
                let place = at.strip_prefix("resource").map_or(at, |rest| rest.trim_start_matches('.'));
                let place = if place.is_empty() { String::new() } else { format!(" at '{place}'") };
                let message = format!(
                    "Invalid JSON payload received. Unknown name \"{name}\"{place}: Cannot find field."
                );
                return Err(Refusal::payload(message));
            };
            let at = format!("{at}.{name}");
            if let Some(value) = self.value(&field.kind, value, &at)? {
                field.form.check(&value, &at)?;
                checked.insert(name, value);
            }
        }
        let method = self.method.and_then(|method| method.id.split_once('.')).map_or("", |(_, id)| id);
        for field in fields.iter().filter(|field| field.required.contains(&method)) {
            if checked.get(field.name).is_none_or(|value| value == "") {
                return Err(Refusal::required(&format!("{at}.{}", field.name)));
            }
        }
        Ok(checked)
    }
}

impl Form {
    fn check(&self, value: &Json, at: &str) -> Result<()> {
        let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { return Ok(()) };
        let (right, pattern) = match self {
            Self::Free => return Ok(()),
            Self::Name => (is_name(text), "(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)"),
            Self::Pattern(pattern) => {
                (Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(text)), *pattern)
            }
        };
        match right {
            true => Ok(()),
            false => Err(Refusal::invalid(at, text, format!("Must be a match of regex '{pattern}'"))),
        }
    }
}

/// Whether a text is a valid name for most resources of Compute Engine.
pub(crate) fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= 63
        && bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.last().is_some_and(|last| *last != b'-')
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

fn whole(json: &Json) -> Option<i128> {
    match json {
        Json::Number(number) => {
            number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from)).or_else(|| {
                number.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i128)
            })
        }
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

impl Kind {
    /// The name of a type in Google's messages.
    fn title(&self) -> &'static str {
        match self {
            Self::Text => "TYPE_STRING",
            Self::Bytes => "TYPE_BYTES",
            Self::Bool => "TYPE_BOOL",
            Self::Whole { as_text: false, min, .. } if *min == 0 => "TYPE_UINT32",
            Self::Whole { as_text: false, .. } => "TYPE_INT32",
            Self::Whole { min, .. } if *min == 0 => "TYPE_UINT64",
            Self::Whole { .. } => "TYPE_INT64",
            Self::Number => "TYPE_DOUBLE",
            Self::Enum(_) => "TYPE_ENUM",
            Self::List(_) => "a list",
            Self::Map(_) | Self::Object(_) => "an object",
            Self::Any | Self::Output(_) => "any value",
        }
    }
}
