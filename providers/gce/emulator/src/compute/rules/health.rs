//! Health checks.

use serde_json::{Map, Value as Json, json};

use crate::{
    compute::{
        table::{Draft, Rules},
        world::World,
    },
    refusal::{Refusal, Result},
};

pub(crate) struct HealthChecks;

/// The parts of a health check, by type: its field and its port.
const PARTS: [(&str, &str, Option<u16>); 6] = [
    ("GRPC", "grpcHealthCheck", None),
    ("HTTP", "httpHealthCheck", Some(80)),
    ("HTTP2", "http2HealthCheck", Some(443)),
    ("HTTPS", "httpsHealthCheck", Some(443)),
    ("SSL", "sslHealthCheck", Some(443)),
    ("TCP", "tcpHealthCheck", Some(80)),
];

impl Rules for HealthChecks {
    fn check(&self, _world: &mut World, draft: &mut Draft) -> Result<()> {
        let number = |field: &str| draft.object.get(field).and_then(Json::as_i64).unwrap_or_default();
        for field in ["checkIntervalSec", "timeoutSec"] {
            if !(1..=300).contains(&number(field)) {
                return Err(Refusal::invalid(
                    &format!("resource.{field}"),
                    number(field),
                    "Must be in the range [1, 300].",
                ));
            }
        }
        if number("timeoutSec") > number("checkIntervalSec") {
            let why = "It must not be greater than checkIntervalSec.";
            return Err(Refusal::invalid("resource.timeoutSec", number("timeoutSec"), why));
        }
        if draft.place.segment != "healthChecks" {
            return Ok(());
        }
        let given: Vec<_> = PARTS.iter().filter(|(_, field, _)| draft.object.contains_key(*field)).collect();
        let named = draft.text("type").map(str::to_owned);
        let part = match (named, given.as_slice()) {
            (None, [part]) => Some(**part),
            (Some(of), _) => PARTS.into_iter().find(|(known, ..)| *known == of),
            _ => None,
        };
        let Some((of, field, port)) = part else {
            return Err(Refusal::bad("Exactly one health check of a protocol must be specified."));
        };
        if let Some((_, other, _)) = given.iter().find(|(_, other, _)| *other != field) {
            return Err(Refusal::bad(format!("{other} does not go with a health check of type {of}.")));
        }
        draft.object.insert("type".to_owned(), json!(of));
        let part = draft.object.entry(field).or_insert_with(|| json!({}));
        if let Some(part) = part.as_object_mut() {
            complete(part, of, port);
        }
        Ok(())
    }
}

fn complete(part: &mut Map<String, Json>, of: &str, port: Option<u16>) {
    if let Some(port) = port
        && !part.contains_key("portName")
        && part.get("portSpecification").is_none_or(|how| how == "USE_FIXED_PORT")
    {
        part.entry("port").or_insert_with(|| json!(port));
    }
    if of != "GRPC" {
        part.entry("proxyHeader").or_insert_with(|| json!("NONE"));
    }
    if of.starts_with("HTTP") {
        part.entry("requestPath").or_insert_with(|| json!("/"));
    }
}
