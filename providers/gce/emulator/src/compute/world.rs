//! The resources that exist, their users, and how requests make, change and remove them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};
use tokio::time::Instant;

use super::{
    groups::Group,
    ips::Ips,
    link::{self, Place},
    operation::{Operations, Start},
    places::{self, Region},
    quota::Quotas,
    references,
    table::{Collection, Draft, InUse, collection},
};
use crate::{
    refusal::{Refusal, Result},
    schema::{Kind, Schema, Service},
    settings::{Image, Project, Settings},
    token,
};

/// One Compute Engine.
pub(crate) struct World {
    pub settings: Settings,
    pub regions: Vec<Region>,
    pub images: Vec<Image>,
    pub quotas: Quotas,
    pub operations: Operations,
    pub groups: BTreeMap<String, Group>,
    pub ips: Ips,
    /// The reserved addresses by project and number.
    pub numbers: BTreeMap<(String, String), String>,
    /// The ranges that the connectivity service reserved, by their paths.
    pub reserved: BTreeMap<String, String>,
    /// The settings of each project, from `setCommonInstanceMetadata` and similar methods.
    pub projects: BTreeMap<String, Map<String, Json>>,
    pub now: Instant,
    resources: BTreeMap<String, Resource>,
    /// The users that prevent the deletion of a resource.
    users: BTreeMap<String, BTreeSet<String>>,
    serial: u64,
}

/// A resource that a request or the server made.
pub(crate) struct Resource {
    pub object: Map<String, Json>,
    pub being: Being,
    /// The operation that is changing it.
    pub busy: Option<String>,
    /// The resources that it uses in addition to its references.
    holds: Vec<String>,
}

/// The phase of a resource's life.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Being {
    Coming,
    There,
    Going,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        let mut world = Self {
            regions: places::regions(),
            images: places::images().chain(settings.images.clone()).collect(),
            quotas: Quotas::new(&settings.quotas),
            operations: Operations::default(),
            groups: BTreeMap::new(),
            ips: Ips::default(),
            numbers: BTreeMap::new(),
            reserved: BTreeMap::new(),
            projects: BTreeMap::new(),
            now: Instant::now(),
            resources: BTreeMap::new(),
            users: BTreeMap::new(),
            serial: 0,
            settings,
        };
        if world.settings.default_network {
            for project in world.settings.projects.clone() {
                world.make_default_network(&project.id);
            }
        }
        world
    }

    fn make_default_network(&mut self, project: &str) {
        let place = Place {
            project: project.to_owned(),
            scope: link::Scope::Global,
            segment: "networks".to_owned(),
            name: "default".to_owned(),
        };
        let mut object = Map::new();
        object.insert("autoCreateSubnetworks".to_owned(), json!(true));
        object.insert("description".to_owned(), json!("Default network for the project"));
        let start = Start::new(&self.settings.life, "insert", "system");
        // A new world never refuses it.
        let made = self.insert(place, object, start);
        debug_assert!(made.is_ok(), "{made:?}");
        self.finish();
    }

    pub(crate) fn project(&self, id: &str) -> Option<&Project> {
        let mut projects = self.settings.projects.iter();
        projects.find(|project| project.id == id || project.number.to_string() == id)
    }

    /// A number that is not used yet.
    pub(crate) fn next(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// A new id for a resource.
    pub(crate) fn next_id(&mut self) -> String {
        let next = self.next();
        (1_000_000_000_000_000_000 + token::mix(next) % 8_000_000_000_000_000_000).to_string()
    }

    /// A new fingerprint.
    pub(crate) fn next_fingerprint(&mut self) -> Json {
        let next = self.next();
        json!(token::fingerprint(next))
    }

    /// A resource, visible or not.
    pub(crate) fn resource(&self, path: &str) -> Option<&Resource> {
        self.resources.get(path)
    }

    pub(crate) fn resource_mut(&mut self, path: &str) -> Option<&mut Resource> {
        self.resources.get_mut(path)
    }

    /// The object of a resource that exists or is being deleted.
    pub(crate) fn object(&self, path: &str) -> Option<&Map<String, Json>> {
        self.resources
            .get(path)
            .filter(|resource| resource.being != Being::Coming)
            .map(|resource| &resource.object)
    }

    /// The paths of a collection.
    pub(crate) fn paths_in<'a>(&'a self, collection: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let prefix = format!("{collection}/");
        let range = self.resources.range(prefix.clone()..);
        range.map(|(path, _)| path.as_str()).take_while(move |path| path.starts_with(&prefix))
    }

    /// The paths of all resources.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.resources.keys().map(String::as_str)
    }

    /// The paths of all resources that requests made. It leaves out the resources of a new project and those that the
    /// server made.
    pub(crate) fn made(&self) -> impl Iterator<Item = &str> {
        let given = |path: &str| path.ends_with("/global/networks/default") && self.settings.default_network;
        let paths = self.resources.keys().map(String::as_str);
        paths.filter(move |path| !given(path) && !super::rules::networks::is_part(self, path))
    }

    /// The users that prevent the deletion of a resource.
    pub(crate) fn users_of(&self, path: &str) -> impl Iterator<Item = &str> {
        self.users.get(path).into_iter().flatten().map(String::as_str)
    }

    /// The answer for a visible resource.
    pub(crate) fn show(&self, path: &str) -> Option<Json> {
        let Some(resource) = self.resources.get(path) else { return self.given(path) };
        let place = Place::of(path)?;
        let collection = collection(&place.segment)?;
        let mut object = resource.object.clone();
        match (resource.being, collection.status) {
            (Being::Coming, None) => return None,
            (Being::Coming, Some((coming, _))) => {
                object.insert("status".to_owned(), json!(coming));
            }
            (Being::Going, Some(_)) if collection.segment == "instances" => {
                object.insert("status".to_owned(), json!("STOPPING"));
            }
            _ => {}
        }
        collection.rules.show(self, path, &mut object);
        Some(Json::Object(object))
    }

    /// Starts to make a resource. Returns the operation.
    pub(crate) fn insert(&mut self, place: Place, body: Map<String, Json>, start: Start) -> Result<Json> {
        let path = place.path();
        let collection = known(&place)?;
        if self.resources.contains_key(&path) || self.given(&path).is_some() {
            return Err(Refusal::exists(&path));
        }
        let id = self.next_id();
        let draft = Draft { place, object: body, before: None, id: id.clone(), holds: Vec::new() };
        let draft = self.completed(collection, draft)?;
        self.quotas.take(collection, &draft)?;
        self.put(&path, draft, Being::Coming);
        let target = path.clone();
        let operation = self.start(&path, &id, start, move |world| {
            if let Some(resource) = world.resources.get_mut(&target) {
                resource.being = Being::There;
                resource.busy = None;
                if let Some((_, there)) = collection.status {
                    resource.object.entry("status").or_insert_with(|| json!(there));
                }
            }
            collection.rules.made(world, &target).inspect_err(|_| {
                world.take_out(&target);
            })
        });
        if let (Some(resource), Some(name)) = (self.resources.get_mut(&path), operation["name"].as_str()) {
            resource.busy = Some(name.to_owned());
        }
        Ok(operation)
    }

    /// Starts to change a resource by a function. Returns the operation.
    pub(crate) fn change(
        &mut self,
        path: &str,
        start: Start,
        to: impl FnOnce(&mut Self, &mut Map<String, Json>) -> Result<()>,
    ) -> Result<Json> {
        let (place, before) = self.ready(path)?;
        let collection = known(&place)?;
        let mut object = before.clone();
        to(self, &mut object)?;
        let id = text(&object, "id").to_owned();
        let draft = Draft { place, object, before: Some(before.clone()), id: id.clone(), holds: Vec::new() };
        let mut draft = self.completed(collection, draft)?;
        if has_field(collection, "fingerprint") {
            draft.object.insert("fingerprint".to_owned(), self.next_fingerprint());
        }
        if draft.changes("labels") && has_field(collection, "labelFingerprint") {
            draft.object.insert("labelFingerprint".to_owned(), self.next_fingerprint());
        }
        // The resources that it will use are in use from now on.
        let held: Vec<_> = self.held(collection, &draft);
        for target in held {
            self.users.entry(target).or_default().insert(path.to_owned());
        }
        let target = path.to_owned();
        let operation = self.start(path, &id, start, move |world| {
            world.put(&target, draft, Being::There);
            collection.rules.changed(world, &target, &before);
            Ok(())
        });
        if let (Some(resource), Some(name)) = (self.resources.get_mut(path), operation["name"].as_str()) {
            resource.busy = Some(name.to_owned());
        }
        Ok(operation)
    }

    /// Starts to delete a resource. Returns the operation.
    pub(crate) fn delete(&mut self, path: &str, start: Start) -> Result<Json> {
        let (place, object) = self.ready(path)?;
        let collection = known(&place)?;
        collection.rules.may_go(self, path)?;
        if collection.in_use == InUse::AtOnce {
            self.unused(collection, path)?;
        }
        let target = path.to_owned();
        let operation = self.start(path, text(&object, "id"), start, move |world| {
            if let Some(resource) = world.resources.get_mut(&target) {
                (resource.being, resource.busy) = (Being::There, None);
            }
            world.unused(collection, &target)?;
            collection.rules.goes(world, &target);
            if let Some(object) = world.take_out(&target) {
                collection.rules.gone(world, &target, &object);
            }
            Ok(())
        });
        if let (Some(resource), Some(name)) = (self.resources.get_mut(path), operation["name"].as_str()) {
            (resource.being, resource.busy) = (Being::Going, Some(name.to_owned()));
        }
        Ok(operation)
    }

    /// A resource that exists and that no operation is changing.
    pub(crate) fn ready(&self, path: &str) -> Result<(Place, Map<String, Json>)> {
        let resource = self.resources.get(path).ok_or_else(|| Refusal::not_found(path))?;
        let place = Place::of(path).ok_or_else(|| Refusal::not_found(path))?;
        match resource.busy {
            Some(_) => Err(Refusal::not_ready(path)),
            None => Ok((place, resource.object.clone())),
        }
    }

    fn unused(&self, collection: &Collection, path: &str) -> Result<()> {
        let user = self.users_of(path).find(|user| *user != path && !goes_with(collection, user, self));
        match user {
            Some(user) => Err(Refusal::in_use(&noun(collection), path, user)),
            None => Ok(()),
        }
    }

    /// Completes a draft: resolves its references, sets its defaults and applies its rules.
    fn completed(&mut self, collection: &'static Collection, mut draft: Draft) -> Result<Draft> {
        drop_empty(&mut draft.object);
        references::resolve(self, collection, &mut draft)?;
        let defaults = serde_json::from_str::<Map<String, Json>>(collection.defaults).unwrap_or_default();
        for (name, value) in defaults {
            draft.or(&name, value);
        }
        let path = draft.place.path();
        let scope = draft.place.scope.clone();
        if draft.is_new() {
            if let Some(kind) = Schema::get().kind_of(Service::Compute, collection.of) {
                draft.object.insert("kind".to_owned(), json!(kind));
            }
            draft.object.insert("id".to_owned(), json!(draft.id));
            draft.object.insert("creationTimestamp".to_owned(), json!(token::timestamp()));
            for fingerprint in ["fingerprint", "labelFingerprint"] {
                if has_field(collection, fingerprint) {
                    draft.object.insert(fingerprint.to_owned(), self.next_fingerprint());
                }
            }
        }
        draft.object.insert("name".to_owned(), json!(draft.place.name));
        draft.object.insert("selfLink".to_owned(), json!(link::url(&path)));
        let (field, place) = match &scope {
            link::Scope::Global => ("region", None),
            link::Scope::Region(_) => ("region", Some(scope.path())),
            link::Scope::Zone(_) => ("zone", Some(scope.path())),
        };
        match place {
            Some(place) => {
                let url = link::url(&format!("projects/{}/{place}", draft.place.project));
                draft.object.insert(field.to_owned(), json!(url));
            }
            None => {
                draft.object.remove("region");
            }
        }
        collection.rules.check(self, &mut draft)?;
        Ok(draft)
    }

    /// Stores a draft at its path, and records the resources that it uses.
    fn put(&mut self, path: &str, draft: Draft, being: Being) {
        if let Some(collection) = collection(&draft.place.segment) {
            let held = self.held(collection, &draft);
            self.forget_uses(path);
            for target in held {
                self.users.entry(target).or_default().insert(path.to_owned());
            }
        }
        let resource = Resource { object: draft.object, being, busy: None, holds: draft.holds };
        self.resources.insert(path.to_owned(), resource);
    }

    fn held(&self, collection: &Collection, draft: &Draft) -> Vec<String> {
        let mut held = references::held(collection, &draft.object, &draft.place.project);
        held.extend(draft.holds.iter().cloned());
        held
    }

    fn forget_uses(&mut self, path: &str) {
        let Some(resource) = self.resources.get(path) else { return };
        let Some(place) = Place::of(path) else { return };
        let Some(collection) = collection(&place.segment) else { return };
        let mut held = references::held(collection, &resource.object, &place.project);
        held.extend(resource.holds.iter().cloned());
        for target in held {
            if let Some(users) = self.users.get_mut(&target) {
                users.remove(path);
                if users.is_empty() {
                    self.users.remove(&target);
                }
            }
        }
    }

    /// Removes a resource at once. The caller runs its rules.
    pub(crate) fn take_out(&mut self, path: &str) -> Option<Map<String, Json>> {
        self.forget_uses(path);
        let resource = self.resources.remove(path)?;
        if let Some(place) = Place::of(path)
            && let Some(collection) = collection(&place.segment)
        {
            self.quotas.give_back(collection, &place, &resource.object);
        }
        Some(resource.object)
    }

    /// Makes a resource at once, without an operation, as the server does.
    pub(crate) fn put_in(&mut self, place: Place, body: Map<String, Json>) -> Result<()> {
        let collection = known(&place)?;
        let path = place.path();
        if self.resources.contains_key(&path) {
            return Err(Refusal::exists(&path));
        }
        let id = self.next_id();
        let draft = Draft { place, object: body, before: None, id, holds: Vec::new() };
        let mut draft = self.completed(collection, draft)?;
        self.quotas.take(collection, &draft)?;
        if let Some((_, there)) = collection.status {
            draft.or("status", there);
        }
        self.put(&path, draft, Being::There);
        collection.rules.made(self, &path)
    }

    /// Edits an object at once, as the server does.
    pub(crate) fn edit(&mut self, path: &str, edit: impl FnOnce(&mut Map<String, Json>)) {
        if let Some(resource) = self.resources.get(path) {
            let mut object = resource.object.clone();
            let (being, busy, holds) = (resource.being, resource.busy.clone(), resource.holds.clone());
            edit(&mut object);
            let Some(place) = Place::of(path) else { return };
            let draft = Draft { place, object, before: None, id: String::new(), holds };
            self.put(path, draft, being);
            if let Some(resource) = self.resources.get_mut(path) {
                resource.busy = busy;
            }
        }
    }
}

/// The collection of a place. Earlier code answers segments that the table lacks.
pub(crate) fn known(place: &Place) -> Result<&'static Collection> {
    collection(&place.segment).ok_or_else(|| Refusal::not_emulated(&place.segment))
}

/// Whether a user is deleted with the resource that it uses, so that it does not prevent the deletion: the subnetworks
/// of an auto mode network, and the routes that the server made.
fn goes_with(collection: &Collection, user: &str, world: &World) -> bool {
    collection.segment == "networks" && super::rules::networks::is_part(world, user)
}

/// The noun in messages: `instance_template`.
pub(crate) fn noun(collection: &Collection) -> String {
    let mut noun = String::new();
    for letter in collection.of.chars() {
        if letter.is_ascii_uppercase() && !noun.is_empty() {
            noun.push('_');
        }
        noun.push(letter.to_ascii_lowercase());
    }
    noun
}

pub(crate) fn has_field(collection: &Collection, name: &str) -> bool {
    let fields = Schema::get().fields(Service::Compute, collection.of).unwrap_or_default();
    fields.iter().any(|field| field.name == name)
}

/// Whether only the server sets a field. An update keeps its value.
pub(crate) fn is_output(collection: &Collection, name: &str) -> bool {
    let fields = Schema::get().fields(Service::Compute, collection.of).unwrap_or_default();
    match fields.iter().find(|field| field.name == name) {
        Some(field) => matches!(field.kind, Kind::Output(_)),
        None => true,
    }
}

/// A text field. Empty if it is absent.
pub(crate) fn text<'a>(object: &'a Map<String, Json>, field: &str) -> &'a str {
    object.get(field).and_then(Json::as_str).unwrap_or_default()
}

/// Removes empty lists, nulls and empty labels.
fn drop_empty(object: &mut Map<String, Json>) {
    object.retain(|name, value| match value {
        Json::Null => false,
        Json::Array(items) => {
            for item in items.iter_mut() {
                if let Json::Object(item) = item {
                    drop_empty(item);
                }
            }
            !items.is_empty()
        }
        Json::Object(inner) => {
            drop_empty(inner);
            !(inner.is_empty() && name == "labels")
        }
        _ => true,
    });
}
