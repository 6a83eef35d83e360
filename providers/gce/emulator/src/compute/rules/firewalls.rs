//! Firewall rules.

use regex_lite::Regex;
use serde_json::{Value as Json, json};

use super::{fixed, objects};
use crate::{
    compute::{
        link,
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Firewalls;

impl Rules for Firewalls {
    fn check(&self, _world: &mut World, draft: &mut Draft) -> Result<()> {
        if draft.text("network").is_none() {
            let default = format!("projects/{}/global/networks/default", draft.place.project);
            draft.or("network", link::url(&default));
        }
        fixed(draft, &["network", "direction"])?;
        if draft.object.contains_key("allowed") == draft.object.contains_key("denied") {
            return Err(Refusal::bad("Exactly one of allowed and denied must be specified."));
        }
        let ingress = draft.text("direction") != Some("EGRESS");
        let (own, others) = match ingress {
            true => (["sourceRanges", "sourceTags", "sourceServiceAccounts"].as_slice(), "destinationRanges"),
            false => (["destinationRanges"].as_slice(), "sourceTags"),
        };
        if !ingress && draft.object.contains_key(others) {
            return Err(Refusal::bad(format!("{others} cannot be specified for EGRESS traffic.")));
        }
        if !own.iter().any(|field| draft.object.contains_key(*field)) {
            draft.or(own[0], json!(["0.0.0.0/0"]));
        }
        for (one, other) in [
            ("sourceTags", "sourceServiceAccounts"),
            ("sourceTags", "targetServiceAccounts"),
            ("targetTags", "sourceServiceAccounts"),
            ("targetTags", "targetServiceAccounts"),
        ] {
            if draft.object.contains_key(one) && draft.object.contains_key(other) {
                return Err(Refusal::bad(format!("{one} and {other} cannot be specified together.")));
            }
        }
        let priority = draft.object.get("priority").and_then(Json::as_i64).unwrap_or(1000);
        if !(0..=65535).contains(&priority) {
            return Err(Refusal::invalid("resource.priority", priority, "Must be in the range [0, 65535]."));
        }
        for field in ["sourceRanges", "destinationRanges"] {
            let ranges = draft.object.get(field).and_then(Json::as_array).into_iter().flatten();
            for (index, range) in ranges.filter_map(Json::as_str).enumerate() {
                if range.parse::<ipnet::IpNet>().is_err() && range.parse::<std::net::IpAddr>().is_err() {
                    let at = format!("resource.{field}[{index}]");
                    return Err(Refusal::invalid(&at, range, "Must be a valid CIDR address range."));
                }
            }
        }
        protocols(draft, "allowed")?;
        protocols(draft, "denied")
    }
}

fn protocols(draft: &mut Draft, field: &str) -> Result<()> {
    let ports = Regex::new("^[0-9]{1,5}(-[0-9]{1,5})?$").map_err(|error| Refusal::bad(error.to_string()))?;
    for (index, rule) in objects(&mut draft.object, field).enumerate() {
        let at = format!("resource.{field}[{index}]");
        let protocol = text(rule, "IPProtocol").to_owned();
        let known = ["tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"].contains(&protocol.as_str());
        if !known && protocol.parse::<u8>().is_err() {
            return Err(Refusal::invalid(&format!("{at}.IPProtocol"), protocol, "Unknown protocol."));
        }
        let given = rule.get("ports").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        for port in given {
            if !["tcp", "udp", "sctp", "6", "17", "132"].contains(&protocol.as_str()) {
                return Err(Refusal::invalid(
                    &format!("{at}.ports"),
                    port,
                    "Ports may only be specified for TCP, UDP and SCTP.",
                ));
            }
            let numbers: Vec<_> = port.split('-').filter_map(|number| number.parse::<u32>().ok()).collect();
            let right = ports.is_match(port)
                && numbers.iter().all(|n| *n <= 65535)
                && numbers.first() <= numbers.last();
            if !right {
                return Err(Refusal::invalid(
                    &format!("{at}.ports"),
                    port,
                    "Ports must be a number or a range of numbers.",
                ));
            }
        }
    }
    Ok(())
}
