//! Addresses: reserved IP addresses, public or of a subnetwork.

use ipnet::Ipv4Net;
use serde_json::{Map, Value as Json, json};

use crate::{
    compute::{
        link::{self, Place, Scope},
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Addresses;

impl Rules for Addresses {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        if !draft.is_new() {
            return Ok(());
        }
        let internal = draft.text("addressType") == Some("INTERNAL");
        let global = draft.place.scope == Scope::Global;
        match (internal, global) {
            (false, true) => {
                draft.or("ipVersion", "IPV4");
                let number = world.ips.public().to_string();
                draft.or("address", number);
            }
            (false, false) => {
                if draft.object.contains_key("address") {
                    let value = draft.text("address").unwrap_or_default().to_owned();
                    let in_use = by_number(world, &draft.place.project, &value).is_some();
                    let why = "Specified IP address is already reserved.";
                    if in_use {
                        return Err(Refusal::invalid("resource.address", value, why));
                    }
                }
                let number = world.ips.public().to_string();
                draft.or("address", number);
            }
            (true, true) => {
                draft.object.remove("networkTier");
                if draft.text("purpose").is_none() {
                    return Err(Refusal::required("resource.purpose"));
                }
                if draft.text("network").is_none() {
                    return Err(Refusal::required("resource.network"));
                }
                let number = world.next();
                draft.or("address", format!("10.{}.{}.0", 230 + number / 256 % 20, number % 256));
            }
            (true, false) => inside(world, draft)?,
        }
        Ok(())
    }

    fn made(&self, world: &mut World, path: &str) -> Result<()> {
        let project = path.split('/').nth(1).unwrap_or_default().to_owned();
        if let Some(number) = world.object(path).map(|object| text(object, "address").to_owned()) {
            world.numbers.insert((project, number), path.to_owned());
        }
        Ok(())
    }

    fn show(&self, world: &World, path: &str, object: &mut Map<String, Json>) {
        let users: Vec<_> = world.users_of(path).map(link::url).collect();
        if !users.is_empty() {
            object.insert("users".to_owned(), json!(users));
            object.insert("status".to_owned(), json!("IN_USE"));
        }
    }

    fn gone(&self, world: &mut World, path: &str, object: &Map<String, Json>) {
        let project = path.split('/').nth(1).unwrap_or_default();
        world.numbers.remove(&(project.to_owned(), text(object, "address").to_owned()));
        if let Some(subnetwork) = link::path(text(object, "subnetwork"), project) {
            world.ips.give_back(&subnetwork, text(object, "address"));
        }
    }
}

/// An address of a subnetwork, by default of the network `default`.
fn inside(world: &mut World, draft: &mut Draft) -> Result<()> {
    draft.or("purpose", "GCE_ENDPOINT");
    if !draft.object.contains_key("subnetwork") {
        let default = Place { name: "default".to_owned(), ..draft.place.beside("subnetworks") };
        if world.object(&default.path()).is_none() {
            return Err(Refusal::required("resource.subnetwork"));
        }
        draft.or("subnetwork", link::url(&default.path()));
    }
    let subnetwork =
        link::path(draft.text("subnetwork").unwrap_or_default(), &draft.place.project).unwrap_or_default();
    let number = number_in(world, &subnetwork, draft.text("address"), "resource.address")?;
    draft.object.insert("address".to_owned(), json!(number));
    Ok(())
}

/// Takes an address of a subnetwork: the given one, or a free one.
pub(crate) fn number_in(
    world: &mut World,
    subnetwork: &str,
    wanted: Option<&str>,
    at: &str,
) -> Result<String> {
    let range: Ipv4Net = world
        .object(subnetwork)
        .and_then(|object| text(object, "ipCidrRange").parse().ok())
        .ok_or_else(|| Refusal::not_found(subnetwork))?;
    match wanted {
        None => {
            let free = world.ips.take(subnetwork, range);
            let message = format!("The IP space of '{subnetwork}' is exhausted.");
            free.map(|free| free.to_string()).ok_or_else(|| Refusal::new(400, "ipSpaceExhausted", message))
        }
        Some(wanted) => {
            let number = wanted.parse().ok().filter(|number| range.contains(number));
            let why = format!("Requested internal IP address is outside the subnetwork's range {range}.");
            let number = number.ok_or_else(|| Refusal::invalid(at, wanted, why))?;
            if !world.ips.take_this(subnetwork, number) {
                let message = format!("IP '{wanted}' is already being used by another resource.");
                return Err(Refusal::new(400, "ipInUseByAnotherResource", message));
            }
            Ok(wanted.to_owned())
        }
    }
}

/// The reserved address that an IP address or a link means: its path and its IP address.
pub(crate) fn meant(world: &World, project: &str, given: &str, at: &str) -> Result<(Option<String>, String)> {
    match link::path(given, project) {
        Some(path) => {
            let why = "The referenced address resource cannot be found.";
            let object = world.object(&path).ok_or_else(|| Refusal::invalid(at, given, why))?;
            let number = text(object, "address").to_owned();
            Ok((Some(path), number))
        }
        None if given.parse::<std::net::IpAddr>().is_ok() => {
            Ok((by_number(world, project, given), given.to_owned()))
        }
        None => Err(Refusal::invalid(at, given, "Must be an IP address or a link to an address.")),
    }
}

fn by_number(world: &World, project: &str, number: &str) -> Option<String> {
    world.numbers.get(&(project.to_owned(), number.to_owned())).cloned()
}
