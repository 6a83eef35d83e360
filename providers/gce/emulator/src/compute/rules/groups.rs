//! Instance groups, and the managers that make and remove their instances.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::fixed;
use crate::{
    compute::{
        groups, link,
        link::{Place, Scope},
        references,
        table::{Draft, Rules},
        world::{World, noun, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct InstanceGroups;

impl Rules for InstanceGroups {
    fn show(&self, world: &World, path: &str, object: &mut Map<String, Json>) {
        object.insert("size".to_owned(), json!(groups::members(world, path).count()));
    }

    fn may_go(&self, world: &World, path: &str) -> Result<()> {
        let manager = Place::of(path).map(|place| place.beside("instanceGroupManagers").path());
        match manager.filter(|manager| world.resource(manager).is_some()) {
            Some(manager) => Err(Refusal::in_use("instance_group", path, &manager)),
            None => Ok(()),
        }
    }

    fn gone(&self, world: &mut World, path: &str, _object: &Map<String, Json>) {
        world.groups.remove(path);
    }
}

pub(crate) struct ManagedGroups;

impl Rules for ManagedGroups {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        fixed(draft, &["baseInstanceName"])?;
        fixed_zones(draft)?;
        let size = draft.object.get("targetSize").and_then(Json::as_i64).unwrap_or_default();
        if size < 0 {
            return Err(Refusal::invalid("resource.targetSize", size, "It must not be negative."));
        }
        let name = draft.place.name.clone();
        draft.or("baseInstanceName", name);
        let base = draft.text("baseInstanceName").unwrap_or_default().to_owned();
        if base.len() > 58 || !crate::schema::check::is_name(&base) {
            return Err(Refusal::invalid(
                "resource.baseInstanceName",
                base,
                "It must be a name of at most 58 letters.",
            ));
        }
        versions(draft, size)?;
        let zones = zones(world, draft)?;
        update_policy(draft, zones)?;
        draft.or("listManagedInstancesResults", "PAGELESS");
        draft.or(
            "instanceLifecyclePolicy",
            json!({ "defaultActionOnFailure": "REPAIR", "forceUpdateOnRepair": "NO" }),
        );
        let group = draft.place.beside("instanceGroups");
        if draft.is_new() && !world.is_free(&group) {
            return Err(Refusal::exists(&group.path()));
        }
        draft.object.insert("instanceGroup".to_owned(), json!(link::url(&group.path())));
        Ok(())
    }

    fn made(&self, world: &mut World, path: &str) -> Result<()> {
        groups::made(world, path)
    }

    fn changed(&self, world: &mut World, path: &str, _before: &Map<String, Json>) {
        groups::reconcile(world, path);
    }

    fn show(&self, world: &World, path: &str, object: &mut Map<String, Json>) {
        groups::show(world, path, object);
    }

    fn may_go(&self, world: &World, path: &str) -> Result<()> {
        let group = Place::of(path).map(|place| place.beside("instanceGroups").path()).unwrap_or_default();
        let user = world.users_of(&group).next();
        let noun = super::super::table::collection("instanceGroupManagers").map(noun).unwrap_or_default();
        match user {
            Some(user) => Err(Refusal::in_use(&noun, path, user)),
            None => Ok(()),
        }
    }

    fn gone(&self, world: &mut World, path: &str, _object: &Map<String, Json>) {
        groups::gone(world, path);
    }
}

/// `instanceTemplate` and `versions` mean the same. A change may give either.
fn versions(draft: &mut Draft, size: i64) -> Result<()> {
    let changed = |field: &str| draft.is_new() || draft.changes(field);
    let by_versions = draft.object.contains_key("versions") && changed("versions");
    if !by_versions && let Some(template) = draft.text("instanceTemplate").map(str::to_owned) {
        draft.object.insert("versions".to_owned(), json!([{ "instanceTemplate": template }]));
    }
    let Some(versions) = draft.object.get_mut("versions").and_then(Json::as_array_mut) else {
        return Err(Refusal::required("resource.instanceTemplate"));
    };
    let mut rest = size;
    let whole = versions.iter().filter(|version| {
        version["targetSize"]["fixed"].is_null() && version["targetSize"]["percent"].is_null()
    });
    if whole.count() != 1 {
        return Err(Refusal::bad("Exactly one version must be without a target size."));
    }
    for version in versions.iter_mut() {
        let fixed = version["targetSize"]["fixed"].as_i64();
        let percent = version["targetSize"]["percent"].as_i64().map(|percent| size * percent / 100);
        if let Some(count) = fixed.or(percent) {
            rest -= count;
            version["targetSize"]["calculated"] = json!(count);
        }
    }
    for version in versions.iter_mut() {
        if version["targetSize"]["fixed"].is_null() && version["targetSize"]["percent"].is_null() {
            version["targetSize"] = json!({ "calculated": rest.max(0) });
        }
    }
    let template =
        versions.iter().find(|version| version["targetSize"]["fixed"].is_null()).cloned().unwrap_or_default();
    match template["instanceTemplate"].as_str() {
        Some(template) => {
            draft.object.insert("instanceTemplate".to_owned(), json!(template));
            Ok(())
        }
        None => Err(Refusal::required("resource.versions[0].instanceTemplate")),
    }
}

/// Refuses a change of the zones. The shape may change.
fn fixed_zones(draft: &Draft) -> Result<()> {
    let zones = |object: &Map<String, Json>| {
        references::texts(object, "distributionPolicy.zones[].zone")
            .iter()
            .map(|zone| link::name(zone).to_owned())
            .collect()
    };
    let now: BTreeSet<String> = zones(&draft.object);
    match draft.before.as_ref().map(zones).is_some_and(|before: BTreeSet<String>| before != now) {
        true => {
            let zones = json!(now);
            Err(Refusal::invalid("resource.distributionPolicy.zones", zones, "This field cannot be changed."))
        }
        false => Ok(()),
    }
}

/// The number of zones of a regional group. Writes the zones into its distribution policy.
fn zones(world: &World, draft: &mut Draft) -> Result<Option<i64>> {
    let Scope::Region(region) = draft.place.scope.clone() else { return Ok(None) };
    let project = draft.place.project.clone();
    let known = world.regions.iter().find(|known| known.name == region);
    let usual: Vec<_> = known.into_iter().flat_map(|known| known.zones.iter().take(3)).collect();
    let usual: Vec<_> = usual
        .iter()
        .map(|zone| json!({ "zone": link::url(&format!("projects/{project}/zones/{zone}")) }))
        .collect();
    let policy = draft.object.entry("distributionPolicy").or_insert_with(|| json!({}));
    if let Some(policy) = policy.as_object_mut() {
        policy.entry("zones").or_insert(json!(usual));
        policy.entry("targetShape").or_insert_with(|| json!("EVEN"));
        let zones = policy.get("zones").and_then(Json::as_array).cloned().unwrap_or_default();
        for zone in &zones {
            let name = zone["zone"].as_str().map(link::name).unwrap_or_default().to_owned();
            if Scope::Zone(name.clone()).region() != Some(region.as_str()) {
                let why = "The zone is of another region than the group.";
                return Err(Refusal::invalid("resource.distributionPolicy.zones", name, why));
            }
        }
        return Ok(Some(zones.len() as i64));
    }
    Ok(None)
}

fn update_policy(draft: &mut Draft, zones: Option<i64>) -> Result<()> {
    let size = draft.object.get("targetSize").and_then(Json::as_i64).unwrap_or_default();
    let policy = draft.object.entry("updatePolicy").or_insert_with(|| json!({}));
    let Some(policy) = policy.as_object_mut() else { return Ok(()) };
    for (field, value) in [
        ("type", json!("OPPORTUNISTIC")),
        ("minimalAction", json!("REPLACE")),
        ("replacementMethod", json!("SUBSTITUTE")),
        ("maxSurge", json!({ "fixed": zones.unwrap_or(1) })),
        ("maxUnavailable", json!({ "fixed": zones.unwrap_or(1) })),
    ] {
        policy.entry(field).or_insert(value);
    }
    if zones.is_some() {
        policy.entry("instanceRedistributionType").or_insert_with(|| json!("PROACTIVE"));
    }
    let mut calculated = Vec::new();
    for field in ["maxSurge", "maxUnavailable"] {
        let Some(value) = policy.get_mut(field).and_then(Json::as_object_mut) else { continue };
        let fixed = value.get("fixed").and_then(Json::as_i64);
        let percent = value.get("percent").and_then(Json::as_i64).map(|percent| (size * percent + 99) / 100);
        if let (Some(fixed), Some(zones)) = (fixed, zones)
            && fixed != 0
            && fixed < zones
        {
            let why = format!(
                "Fixed updatePolicy.{field} for regional managed instance group has to be either 0 or at least equal to the number of zones ({zones})."
            );
            return Err(Refusal::invalid(&format!("resource.updatePolicy.{field}"), fixed, why));
        }
        let count = fixed.or(percent).unwrap_or_default();
        value.insert("calculated".to_owned(), json!(count));
        calculated.push(fixed.or(percent));
    }
    match calculated.as_slice() {
        [Some(0), Some(0)] => Err(Refusal::bad("maxSurge and maxUnavailable cannot both be 0.")),
        _ => Ok(()),
    }
}

/// The templates of a group, with their sizes.
pub(crate) fn templates(object: &Map<String, Json>) -> Vec<(String, i64)> {
    let versions = object.get("versions").and_then(Json::as_array).into_iter().flatten();
    versions
        .filter_map(|version| {
            let count = version["targetSize"]["calculated"].as_i64().unwrap_or_default();
            Some((version["instanceTemplate"].as_str()?.to_owned(), count))
        })
        .collect()
}

/// The template of new instances.
pub(crate) fn template(object: &Map<String, Json>) -> String {
    text(object, "instanceTemplate").to_owned()
}
