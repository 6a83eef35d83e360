//! The special rules of collections, one file for each.

pub(crate) mod addresses;
pub(crate) mod autoscalers;
pub(crate) mod backends;
pub(crate) mod disks;
pub(crate) mod firewalls;
pub(crate) mod forwarding;
pub(crate) mod groups;
pub(crate) mod health;
pub(crate) mod images;
pub(crate) mod instances;
pub(crate) mod networks;
pub(crate) mod proxies;
pub(crate) mod routers;
pub(crate) mod routes;
pub(crate) mod subnetworks;
pub(crate) mod templates;
pub(crate) mod url_maps;

use serde_json::{Map, Value as Json};

use super::table::{Collection, Draft};
use crate::refusal::{Refusal, Result};

/// The type of an operation that changes something: usually the method's name.
pub(crate) fn change_kind(
    collection: &Collection,
    method: &'static str,
    body: &Map<String, Json>,
) -> &'static str {
    match (collection.segment, method) {
        ("networks", _) if body.contains_key("routingConfig") => "compute.networks.patch",
        ("networks", _) => "updateNetwork",
        ("firewalls", _) => "compute.firewalls.patch",
        (_, method) => method,
    }
}

/// Refuses a change of fields that cannot change.
fn fixed(draft: &Draft, fields: &[&str]) -> Result<()> {
    match fields.iter().find(|field| draft.changes(field)) {
        None => Ok(()),
        Some(field) => {
            let value = draft.object.get(*field).cloned().unwrap_or_default();
            Err(Refusal::invalid(&format!("resource.{field}"), value, "This field cannot be changed."))
        }
    }
}

/// The objects in a list.
fn objects<'a>(
    object: &'a mut Map<String, Json>,
    field: &str,
) -> impl Iterator<Item = &'a mut Map<String, Json>> {
    object.get_mut(field).and_then(Json::as_array_mut).into_iter().flatten().filter_map(Json::as_object_mut)
}
