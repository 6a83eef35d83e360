//! Compares an answer with what was recorded, placeholders aside.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::log::Exchange;

/// Fields that the emulator's answers have and some recordings lack, by the kind of the object, and why. Much of what was
/// recorded comes from a mock that fills in less than the API does; its real answers elsewhere have these fields.
pub const RICHER: &[(&str, &str)] = &[];

/// How like two answers are; the smaller the closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    Identical,
    SameMeaning,
    Richer,
    Different,
}

/// What a comparison finds.
#[derive(Default)]
pub struct Comparison {
    pub meaning: Vec<String>,
    /// The fields that are more, by kind.
    pub richer: BTreeSet<String>,
    pub different: Vec<String>,
}

impl Comparison {
    pub fn likeness(&self) -> Likeness {
        match (self.different.is_empty(), self.richer.is_empty(), self.meaning.is_empty()) {
            (false, ..) => Likeness::Different,
            (_, false, _) => Likeness::Richer,
            (.., false) => Likeness::SameMeaning,
            _ => Likeness::Identical,
        }
    }
}

pub fn compare(exchange: &Exchange, status: u16, answer: &Json) -> Comparison {
    let mut comparison = Comparison::default();
    if status != exchange.status {
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        comparison.different.push(format!("status {} instead of {}: {message}", status, exchange.status));
        return comparison;
    }
    let kind = exchange.answer["kind"].as_str().unwrap_or_default().trim_start_matches("compute#").to_owned();
    comparison.value(&exchange.answer, answer, &kind, "");
    comparison
}

impl Comparison {
    fn value(&mut self, recorded: &Json, ours: &Json, kind: &str, at: &str) {
        match (recorded, ours) {
            (Json::Object(recorded), Json::Object(ours)) => {
                for (name, value) in recorded {
                    let here = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                    match ours.get(name) {
                        Some(ours) => self.value(value, ours, kind, &here),
                        None => self.different.push(format!("{here}: missing, recorded {value}")),
                    }
                }
                for (name, value) in ours.iter().filter(|(name, _)| !recorded.contains_key(*name)) {
                    let here = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                    let field = format!("{kind}: {here}");
                    match RICHER.iter().any(|(known, _)| *known == field) {
                        true => {
                            self.richer.insert(field);
                        }
                        false => self.different.push(format!("{field}: {value} is more than recorded")),
                    }
                }
            }
            (Json::Array(recorded), Json::Array(ours)) if recorded.len() == ours.len() => {
                for (recorded, ours) in sorted(recorded).into_iter().zip(sorted(ours)) {
                    self.value(recorded, ours, kind, &format!("{at}[]"));
                }
            }
            (Json::String(recorded), Json::String(ours)) => self.text(recorded, ours, at),
            _ if recorded == ours => {}
            _ => self.different.push(format!("{at}: {ours} instead of {recorded}")),
        }
    }

    fn text(&mut self, recorded: &str, ours: &str, at: &str) {
        let name = at.rsplit('.').next().unwrap();
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let placeholder = match name {
            "fingerprint" | "labelFingerprint" | "etag" => !ours.is_empty(),
            "user" => ours.contains('@'),
            _ if name.ends_with("Id") || name.ends_with("id") => digits(ours) || like(recorded, ours),
            _ if recorded.starts_with("2024-04-01T12:34:56") => {
                ours.len() > 20 && ours[10..].starts_with('T')
            }
            "address" | "IPAddress" | "gatewayAddress" => ours.parse::<std::net::IpAddr>().is_ok(),
            "internalIpv6Range" => ours.starts_with("fd20:"),
            _ => false,
        };
        if recorded == ours || placeholder || like(recorded, ours) {
            return;
        }
        let (one, other) = (meaning(recorded), meaning(ours));
        if like(&one, &other) || other.ends_with(&format!("/{one}")) {
            self.meaning.push(at.to_owned());
        } else {
            self.different.push(format!("{at}: {ours:?} instead of {recorded:?}"));
        }
    }
}

/// Lists in which the order means nothing are compared in that of their names.
fn sorted(items: &[Json]) -> Vec<&Json> {
    let mut items: Vec<_> = items.iter().collect();
    if items.iter().all(|item| item["destRange"].is_string()) {
        items.sort_by_key(|item| item["destRange"].as_str());
    }
    items
}

/// Whether a text is what a recorded one with placeholders says.
fn like(recorded: &str, ours: &str) -> bool {
    let mut parts = recorded.split("${");
    let Some(mut rest) = parts.next().and_then(|first| ours.strip_prefix(first)) else { return false };
    let mut open = false;
    for part in parts {
        let fixed = part.split_once('}').map_or("", |(_, fixed)| fixed);
        if fixed.is_empty() {
            open = true;
            continue;
        }
        let Some(at) = rest.find(fixed) else { return false };
        rest = &rest[at + fixed.len()..];
        open = false;
    }
    rest.is_empty() || (open && !rest.contains('/'))
}

/// What a link leads to, whatever host, version and spelling it has.
fn meaning(text: &str) -> String {
    let rest = match text.split_once("/compute/") {
        Some((_, rest)) => rest.split_once('/').map_or(rest, |(_, path)| path),
        None => text,
    };
    rest.replace("/global/regions/", "/regions/").replace("/global/zones/", "/zones/")
}
