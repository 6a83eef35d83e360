//! Forwarding rules: an address, a protocol and ports that lead somewhere.

use serde_json::{Map, Value as Json, json};

use super::{addresses, fixed};
use crate::{
    compute::{
        link::{self, Place, Scope},
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct ForwardingRules;

impl Rules for ForwardingRules {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        fixed(draft, &["IPProtocol", "portRange", "ports", "allPorts", "backendService"])?;
        same_kind(draft)?;
        let target = draft.object.contains_key("target") || draft.object.contains_key("backendService");
        if !target {
            return Err(Refusal::required("resource.target"));
        }
        if draft.is_new() {
            made(world, draft)?;
        } else if let Some((path, _)) = reserved(world, draft)? {
            draft.holds.push(path);
        }
        Ok(())
    }

    fn gone(&self, world: &mut World, path: &str, object: &Map<String, Json>) {
        let Some(place) = Place::of(path) else { return };
        let subnetwork = link::path(text(object, "subnetwork"), &place.project);
        let number = text(object, "IPAddress");
        let reserved =
            addresses::meant(world, &place.project, number, "").is_ok_and(|(path, _)| path.is_some());
        if let (Some(subnetwork), false) = (subnetwork, reserved) {
            world.ips.give_back(&subnetwork, number);
        }
    }
}

/// Refuses a change of the load balancer's type, except between the two external types by proxies.
fn same_kind(draft: &Draft) -> Result<()> {
    let by_proxy = |scheme: Option<&str>| matches!(scheme, Some("EXTERNAL" | "EXTERNAL_MANAGED"));
    let before = draft.before.as_ref().map(|before| text(before, "loadBalancingScheme"));
    let global = draft.place.scope == Scope::Global;
    match global && by_proxy(before) && by_proxy(draft.text("loadBalancingScheme")) {
        true => Ok(()),
        false => fixed(draft, &["loadBalancingScheme"]),
    }
}

fn reserved(world: &World, draft: &Draft) -> Result<Option<(String, String)>> {
    let Some(given) = draft.text("IPAddress") else { return Ok(None) };
    let (path, number) = addresses::meant(world, &draft.place.project, given, "resource.IPAddress")?;
    Ok(path.map(|path| (path, number)))
}

fn made(world: &mut World, draft: &mut Draft) -> Result<()> {
    // Only `setLabels` sets them.
    draft.object.remove("labels");
    draft.or("IPProtocol", "TCP");
    let scheme = draft.text("loadBalancingScheme").unwrap_or_default().to_owned();
    let internal = scheme.starts_with("INTERNAL");
    if draft.place.scope != Scope::Global {
        let link = link::url(&draft.place.collection());
        draft.object.insert("selfLinkWithId".to_owned(), json!(format!("{link}/{}", draft.id)));
    }
    if let Some(range) = draft.text("portRange").map(str::to_owned) {
        let numbers: Option<Vec<u16>> = range.split('-').map(|number| number.parse().ok()).collect();
        let range = match numbers.as_deref() {
            Some([one]) => format!("{one}-{one}"),
            Some([first, last]) if first <= last => format!("{first}-{last}"),
            _ => {
                return Err(Refusal::invalid(
                    "resource.portRange",
                    range,
                    "Must be a port or a range of ports.",
                ));
            }
        };
        draft.object.insert("portRange".to_owned(), json!(range));
    }
    if internal && draft.place.scope != Scope::Global && scheme == "INTERNAL" {
        if !draft.object.contains_key("subnetwork") {
            let default = Place { name: "default".to_owned(), ..draft.place.beside("subnetworks") };
            if draft.object.contains_key("network") || world.object(&default.path()).is_none() {
                return Err(Refusal::required("resource.subnetwork"));
            }
            draft.or("subnetwork", link::url(&default.path()));
        }
        let subnetwork = link::path(draft.text("subnetwork").unwrap_or_default(), &draft.place.project);
        let network =
            subnetwork.and_then(|path| world.object(&path)).map(|object| text(object, "network").to_owned());
        draft.or("network", network.unwrap_or_default());
    }
    address(world, draft, internal)?;
    no_conflict(world, draft)
}

fn address(world: &mut World, draft: &mut Draft, internal: bool) -> Result<()> {
    let project = draft.place.project.clone();
    let subnetwork = draft.text("subnetwork").and_then(|link| link::path(link, &project));
    let number = match draft.text("IPAddress").map(str::to_owned) {
        Some(given) => {
            let (path, number) = addresses::meant(world, &project, &given, "resource.IPAddress")?;
            match (path, &subnetwork) {
                (Some(path), _) => draft.holds.push(path),
                (None, Some(subnetwork)) if internal => {
                    addresses::number_in(world, subnetwork, Some(&number), "resource.IPAddress")?;
                }
                _ => {}
            }
            number
        }
        None => match &subnetwork {
            Some(subnetwork) if internal => {
                addresses::number_in(world, subnetwork, None, "resource.IPAddress")?
            }
            _ => world.ips.public().to_string(),
        },
    };
    draft.object.insert("IPAddress".to_owned(), json!(number));
    Ok(())
}

fn no_conflict(world: &World, draft: &Draft) -> Result<()> {
    let collection = draft.place.collection();
    let same = |object: &Map<String, Json>| {
        ["IPAddress", "IPProtocol", "portRange", "ports"]
            .iter()
            .all(|field| object.get(*field) == draft.object.get(*field))
    };
    let other = world
        .paths_in(&collection)
        .find(|path| world.resource(path).is_some_and(|other| same(&other.object)));
    match other {
        None => Ok(()),
        Some(_) => {
            let why = "Specified IP address is in-use and would result in a conflict.";
            Err(Refusal::invalid("resource.IPAddress", draft.text("IPAddress").unwrap_or_default(), why))
        }
    }
}
