//! Plays one scenario against a separate emulator.

use landform_gce_emulator::{Emulator, Project, Settings};
use serde_json::{Value as Json, json};

use super::{
    amend,
    compare::{Comparison, Likeness, compare},
    log::Exchange,
    names::{self, Names, PROJECT, Reading},
};
use crate::http::Http;

pub struct Player {
    http: Http,
    names: Names,
    /// Somebody else's firewall rules that prevent the deletion of a network, with the range of exchanges in which they
    /// exist.
    strangers: Vec<(String, usize, usize)>,
    emulator: Emulator,
}

impl Player {
    pub async fn new(exchanges: &[Exchange]) -> Self {
        let mut settings = Settings::default();
        settings.projects = vec![Project::new(PROJECT)];
        let emulator = Emulator::start(settings).await.unwrap();
        let http = Http::new(emulator.url());
        Self { http, names: Names::of(exchanges), strangers: strangers(exchanges), emulator }
    }

    /// Plays one exchange with the assignment whose answer is closest to the recorded one.
    pub async fn play(&mut self, index: usize, exchange: &Exchange) -> Comparison {
        self.strangers(index, exchange).await;
        let mut best: Option<(Comparison, Reading)> = None;
        let asks = exchange.verb == "GET" || exchange.url.contains("/listInstances");
        for reading in self.names.readings(exchange) {
            let (status, answer) = self.send(exchange, &reading).await;
            let comparison = compare(exchange, status, &answer);
            let closer = best.as_ref().is_none_or(|(best, _)| comparison.distance() < best.distance());
            let done = comparison.likeness() == Likeness::Identical || (!asks && status < 300);
            if closer {
                let recorded = exchange.answer["name"].as_str().unwrap_or_default();
                if let Some(name) = answer["name"].as_str().filter(|_| recorded.ends_with("${operationID}")) {
                    self.names.operation(name.rsplit('/').next().unwrap());
                }
                best = Some((comparison, reading));
            }
            if done {
                break;
            }
        }
        let (comparison, reading) = best.unwrap();
        self.names.was(exchange, &reading);
        comparison
    }

    async fn send(&self, exchange: &Exchange, reading: &Reading) -> (u16, Json) {
        let (url, body) = names::read(exchange, reading);
        let host = url.find(".googleapis.com/").unwrap() + ".googleapis.com".len();
        let path = &url[host..];
        let template =
            self.emulator.resources().into_iter().find(|path| path.contains("/instanceTemplates/"));
        let mut body: Option<Json> = body.map(|body| serde_json::from_str(&body).unwrap());
        if let Some(body) = &mut body {
            self.refresh(path, body).await;
            amend::body(exchange, body, template.as_deref());
        }
        let path = amend::path(exchange, path, template.as_deref());
        self.http.send(&exchange.verb, &path, body.as_ref()).await
    }

    /// Replaces the placeholders of fingerprints by the present fingerprints.
    async fn refresh(&self, path: &str, body: &mut Json) {
        let path = path.split('?').next().unwrap();
        if let Some(instance) = path.strip_suffix("/setMetadata") {
            // The mock accepted the request without it.
            let (_, there) = self.http.send("GET", instance, None).await;
            body["fingerprint"] = there["metadata"]["fingerprint"].clone();
        }
        for field in ["fingerprint", "labelFingerprint"] {
            if body[field] != "abcdef0123A=" {
                continue;
            }
            let resource = path.split_once("/setLabels").map_or(path, |(resource, _)| resource);
            let (_, there) = self.http.send("GET", resource, None).await;
            body[field] = there[field].clone();
        }
    }

    /// Makes and deletes the stranger's objects of this time, as the recorded errors show.
    async fn strangers(&mut self, index: usize, exchange: &Exchange) {
        let due: Vec<_> =
            self.strangers.iter().filter(|(_, from, to)| *from == index || *to == index).cloned().collect();
        for (suffix, from, _) in due {
            let first = &self.names.readings(exchange)[0];
            let (url, _) = names::read(exchange, first);
            let network = url.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
            let firewalls = format!("/compute/v1/projects/{PROJECT}/global/firewalls");
            if from == index {
                let rule = json!({
                    "name": format!("{network}-{suffix}"), "network": format!("global/networks/{network}"),
                    "denied": [{ "IPProtocol": "all" }],
                });
                self.http.send("POST", &firewalls, Some(&rule)).await;
            } else {
                self.http.send("DELETE", &format!("{firewalls}/{network}-{suffix}"), None).await;
            }
        }
    }
}

/// The firewall rules that errors name: the ends of their names, the first deletion that they prevent, and the first
/// one after them.
fn strangers(exchanges: &[Exchange]) -> Vec<(String, usize, usize)> {
    let mut found: Vec<(String, usize, usize)> = Vec::new();
    let mut last_delete = 0;
    for (index, exchange) in exchanges.iter().enumerate() {
        if exchange.verb == "DELETE" {
            last_delete = index;
        }
        let message = exchange.answer["error"]["errors"][0]["message"].as_str().unwrap_or_default();
        let Some((_, name)) = message.split_once("/global/firewalls/${networkID}-") else { continue };
        let suffix = name.trim_end_matches('\'').to_owned();
        match found.last_mut() {
            Some((known, _, to)) if *known == suffix => *to = last_delete + 1,
            _ => found.push((suffix, last_delete, last_delete + 1)),
        }
    }
    // A rule is deleted when the next one appears, or before the deletion that succeeds.
    for at in 0..found.len() {
        let next = found.get(at + 1).map(|(_, from, _)| *from);
        let later = |from: usize| (from..exchanges.len()).find(|index| exchanges[*index].verb == "DELETE");
        found[at].2 = next.or_else(|| later(found[at].2)).unwrap_or(exchanges.len());
    }
    found
}
