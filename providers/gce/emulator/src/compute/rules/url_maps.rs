//! URL maps.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::objects;
use crate::{
    compute::{
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct UrlMaps;

impl Rules for UrlMaps {
    fn check(&self, _world: &mut World, draft: &mut Draft) -> Result<()> {
        leads_somewhere(&draft.object, "resource")?;
        let mut matchers = BTreeSet::new();
        for (index, matcher) in objects(&mut draft.object, "pathMatchers").enumerate() {
            let at = format!("resource.pathMatchers[{index}]");
            leads_somewhere(matcher, &at)?;
            if !matchers.insert(text(matcher, "name").to_owned()) {
                let why = "The name is used by another path matcher.";
                return Err(Refusal::invalid(&format!("{at}.name"), text(matcher, "name"), why));
            }
        }
        let mut hosts = BTreeSet::new();
        for (index, rule) in objects(&mut draft.object, "hostRules").enumerate() {
            let at = format!("resource.hostRules[{index}]");
            let matcher = text(rule, "pathMatcher");
            if !matchers.contains(matcher) {
                let why = "The path matcher does not exist.";
                return Err(Refusal::invalid(&format!("{at}.pathMatcher"), matcher, why));
            }
            let named =
                rule.get("hosts").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
            for host in named {
                if !hosts.insert(host.to_owned()) {
                    let why = "The host is in several host rules.";
                    return Err(Refusal::invalid(&format!("{at}.hosts"), host, why));
                }
            }
        }
        Ok(())
    }
}

/// Refuses a map or a path matcher with no default, or with two.
fn leads_somewhere(object: &Map<String, Json>, at: &str) -> Result<()> {
    let given =
        ["defaultService", "defaultUrlRedirect"].into_iter().filter(|field| object.contains_key(*field));
    let route = object.contains_key("defaultRouteAction");
    match given.count() {
        0 if !route => Err(Refusal::required(&format!("{at}.defaultService"))),
        2 => {
            Err(Refusal::bad(format!("{at}: only one of defaultService and defaultUrlRedirect may be set.")))
        }
        _ => Ok(()),
    }
}
