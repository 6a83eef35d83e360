//! The possible values of placeholders.

use std::collections::BTreeMap;

use super::log::Exchange;

/// The project of all replays.
pub const PROJECT: &str = "landform-test";

/// The part that scenarios add to names to make them unique.
const UNIQUE: &str = "x1y2z3";

/// The known names, by placeholder.
#[derive(Default)]
pub struct Names {
    names: BTreeMap<String, Vec<String>>,
    fresh: usize,
}

/// One assignment of the placeholders of an exchange, in the order in which they occur.
pub type Reading = Vec<String>;

impl Names {
    /// The names of a scenario. A filter with a network's name shows the value of `${networkID}`.
    pub fn of(exchanges: &[Exchange]) -> Self {
        let mut names = Self::default();
        for exchange in exchanges {
            let Some((_, rest)) = exchange.url.split_once("filter=network+eq+%22.%2A%5Cb") else { continue };
            let Some((name, _)) = rest.split_once("%5Cb") else { continue };
            let name = name.replace("%5C", "").replace("${uniqueId}", UNIQUE);
            names.names.insert("networkID".to_owned(), vec!["default".to_owned(), name]);
        }
        names
    }

    /// The possible assignments of an exchange's placeholders: the latest names first, then older ones, then unused
    /// names.
    pub fn readings(&mut self, exchange: &Exchange) -> Vec<Reading> {
        let text = text(exchange);
        let mut readings = vec![Vec::new()];
        for placeholder in placeholders(&text) {
            let choices = self.choices(&placeholder);
            if readings.len() * choices.len() > 2000 {
                break;
            }
            readings = readings
                .iter()
                .flat_map(|reading| {
                    choices
                        .iter()
                        .map(move |choice| reading.iter().chain([choice]).cloned().collect::<Vec<_>>())
                })
                .collect();
        }
        readings
    }

    fn choices(&mut self, placeholder: &str) -> Vec<String> {
        match placeholder {
            "projectId" => return vec![PROJECT.to_owned()],
            "uniqueId" => return vec![UNIQUE.to_owned()],
            "kccVersion" => return vec!["v0".to_owned()],
            _ => {}
        }
        let known = self.names.entry(placeholder.to_owned()).or_insert_with(|| vec!["default".to_owned()]);
        let stem = placeholder.to_ascii_lowercase();
        if known.len() == 1 {
            known.push(format!("{stem}-{}", self.fresh));
            self.fresh += 1;
        }
        let fresh = format!("{stem}-{}", self.fresh);
        known.iter().rev().cloned().chain([fresh]).collect()
    }

    /// Records the right assignment, so that its names are tried first from now on.
    pub fn was(&mut self, exchange: &Exchange, reading: &Reading) {
        for (placeholder, name) in placeholders(&text(exchange)).zip(reading) {
            if let Some(known) = self.names.get_mut(&placeholder) {
                known.retain(|known| known != name);
                known.push(name.clone());
                if name.ends_with(&format!("-{}", self.fresh)) {
                    self.fresh += 1;
                }
            }
        }
    }

    /// Records an operation's name, so that it is tried first.
    pub fn operation(&mut self, name: &str) {
        let known = self.names.entry("operationID".to_owned()).or_default();
        known.retain(|known| known != name);
        known.push(name.to_owned());
    }
}

fn text(exchange: &Exchange) -> String {
    let body = exchange.body.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{}\n{body}", exchange.url)
}

fn placeholders(text: &str) -> impl Iterator<Item = String> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned())
}

/// An exchange's URL and body with its placeholders replaced.
pub fn read(exchange: &Exchange, reading: &Reading) -> (String, Option<String>) {
    let text = text(exchange);
    let mut read = String::new();
    let mut names = reading.iter();
    for (index, part) in text.split("${").enumerate() {
        let rest = match index {
            0 => part,
            _ => {
                let (_, rest) = part.split_once('}').unwrap();
                read.push_str(names.next().map_or("x", String::as_str));
                rest
            }
        };
        read.push_str(rest);
    }
    let (url, body) = read.split_once('\n').unwrap();
    (url.to_owned(), exchange.body.as_ref().map(|_| body.to_owned()))
}
