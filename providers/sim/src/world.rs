//! The existing resources in memory, with indices that keep every question cheap. Built only from the entries of the
//! ledger; decides nothing.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use landform_core::{Address, ImportId, ResourceType, Token, TypeName, schema::Kind};
use serde_json::{Map, Value as Json};

use crate::{
    ledger::{Effect, Entry, Existing},
    references::references,
    rules::Index,
};

/// The number of a resource in its cloud, in the order of creation.
pub(crate) type Serial = u64;

/// One resource.
#[derive(Debug, Clone)]
pub(crate) struct Entity {
    pub serial: Serial,
    pub resource_type: Arc<ResourceType>,
    pub id: String,
    pub token: Option<Token>,
    pub by: Option<Address>,
    pub arguments: Map<String, Json>,
    pub attributes: Map<String, Json>,
    /// A digest of the arguments of its creation.
    pub asked: Option<String>,
    pub revision: u64,
    /// When the running operation ends.
    pub ready_at: u64,
    pub gone_at: Option<u64>,
    pub missed_reads: u32,
    pub hidden_until: u64,
    /// The resources that it uses and whose deletion it prevents.
    uses: Vec<Serial>,
}

impl Entity {
    pub(crate) fn existing(&self, now: u64) -> Existing {
        Existing {
            type_name: self.resource_type.name.clone(),
            id: self.id.clone(),
            token: self.token.clone(),
            by: self.by.clone(),
            arguments: self.arguments.clone(),
            attributes: self.attributes.clone(),
            ready: self.ready_at <= now && self.gone_at.is_none(),
            deleting: self.gone_at.is_some(),
        }
    }
}

/// The number of resources that a token created, and those of them that exist.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Attempt {
    pub made: usize,
    pub living: Option<Serial>,
}

/// What exists.
#[derive(Default)]
pub(crate) struct World {
    types: HashMap<TypeName, Arc<ResourceType>>,
    entities: BTreeMap<Serial, Entity>,
    ids: HashMap<TypeName, HashMap<String, Serial>>,
    attempts: HashMap<Token, Attempt>,
    users: HashMap<Serial, BTreeSet<Serial>>,
    due: BTreeSet<(u64, Serial)>,
    made: HashMap<TypeName, u64>,
    serials: Serial,
    pub(crate) rules: Index,
}

impl World {
    pub(crate) fn new(types: &[Arc<ResourceType>]) -> Self {
        let types = types.iter().map(|known| (known.name.clone(), known.clone())).collect();
        Self { types, ..Self::default() }
    }

    pub(crate) fn resource_type(&self, name: &str) -> Option<&Arc<ResourceType>> {
        self.types.get(name)
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = &Arc<ResourceType>> {
        self.types.values()
    }

    pub(crate) fn entity(&self, serial: Serial) -> Option<&Entity> {
        self.entities.get(&serial)
    }

    /// The resource with a type and id. An id that came with another resource gives that other one.
    pub(crate) fn find(&self, type_name: &str, id: &str) -> Option<&Entity> {
        self.entities.get(self.ids.get(type_name)?.get(id)?)
    }

    /// The resource with a type and id itself.
    pub(crate) fn get(&self, type_name: &str, id: &str) -> Option<&Entity> {
        self.find(type_name, id)
            .filter(|entity| entity.resource_type.name_str() == type_name && entity.id == id)
    }

    /// The resource for an import id. The type may be imported by another id than its own.
    pub(crate) fn imported(&self, type_name: &str, id: &str) -> Option<&Entity> {
        let own = self.get(type_name, id);
        if own.is_some() || matches!(self.resource_type(type_name)?.import, ImportId::Usual) {
            return own;
        }
        let of_type = self.ids.get(type_name)?.values().filter_map(|serial| self.entities.get(serial));
        of_type.into_iter().find(|entity| {
            let mut known = entity.attributes.clone();
            known.extend(entity.arguments.clone());
            entity.resource_type.import_id(&known).is_ok_and(|import| import == id)
        })
    }

    pub(crate) fn attempt(&self, token: &Token) -> Attempt {
        self.attempts.get(token).copied().unwrap_or_default()
    }

    pub(crate) fn attempts(&self) -> impl Iterator<Item = (&Token, usize)> {
        self.attempts.iter().map(|(token, attempt)| (token, attempt.made))
    }

    /// The resources that prevent a deletion, in the order of their creation.
    pub(crate) fn users(&self, serial: Serial) -> impl Iterator<Item = &Entity> {
        self.users.get(&serial).into_iter().flatten().filter_map(|user| self.entities.get(user))
    }

    /// The number of the next resource.
    pub(crate) fn next_serial(&self) -> Serial {
        self.serials
    }

    /// How many resources of a type were ever created.
    pub(crate) fn made(&self, type_name: &str) -> u64 {
        self.made.get(type_name).copied().unwrap_or_default()
    }

    /// A resource whose deletion has ended by now.
    pub(crate) fn due(&self, now: u64) -> Option<&Entity> {
        let (at, serial) = self.due.first()?;
        (*at <= now).then(|| self.entities.get(serial)).flatten()
    }

    /// The resources of a type that are not being deleted, in the order of creation.
    pub(crate) fn of_type(&self, type_name: &str, now: u64) -> Vec<Existing> {
        let own = self.entities_of(type_name).filter(|entity| entity.gone_at.is_none());
        own.map(|entity| entity.existing(now)).collect()
    }

    /// The resources of a type, in the order of creation.
    pub(crate) fn entities_of(&self, type_name: &str) -> impl Iterator<Item = &Entity> {
        let known = self.ids.get(type_name).into_iter().flat_map(HashMap::values);
        let entities = known.filter_map(|serial| self.entities.get(serial));
        // An id of this type may have come with a resource of another one.
        let mut own: Vec<&Entity> =
            entities.filter(|entity| entity.resource_type.name == *type_name).collect();
        own.sort_unstable_by_key(|entity| entity.serial);
        own.into_iter()
    }

    pub(crate) fn existing(&self, now: u64) -> Vec<Existing> {
        self.entities.values().map(|entity| entity.existing(now)).collect()
    }

    /// Applies one entry. Returns the problem if it does not fit.
    pub(crate) fn apply(&mut self, entry: Entry) -> Result<(), Misfit> {
        let resource_type = self.types.get(entry.type_name.as_str()).cloned();
        let resource_type = resource_type.ok_or_else(|| Misfit::UnknownType(entry.type_name.clone()))?;
        if matches!(entry.effect, Effect::Created | Effect::Seeded) {
            self.insert(resource_type, entry);
            return Ok(());
        }
        let serial = self.get(&entry.type_name, &entry.id).map(|entity| entity.serial);
        let serial = serial.ok_or_else(|| Misfit::Nothing(format!("{} {}", entry.type_name, entry.id)))?;
        match entry.effect {
            Effect::Deleted | Effect::Vanished => {
                if let Some(entity) = self.unindex(serial) {
                    self.forget(&entity);
                }
            }
            Effect::Deleting => {
                let at = entry.until.unwrap_or(entry.at);
                if let Some(entity) = self.entities.get_mut(&serial) {
                    entity.gone_at = Some(at);
                    self.due.insert((at, serial));
                }
            }
            Effect::Missed => {
                if let Some(entity) = self.entities.get_mut(&serial) {
                    entity.missed_reads = entity.missed_reads.saturating_sub(1);
                }
            }
            Effect::Updated | Effect::Tampered | Effect::Created | Effect::Seeded => {
                if let Some(mut entity) = self.unindex(serial) {
                    entity.arguments = entry.arguments.unwrap_or(entity.arguments);
                    entity.attributes = entry.attributes.unwrap_or(entity.attributes);
                    entity.ready_at = entry.until.unwrap_or(entry.at).max(entity.ready_at);
                    entity.revision += 1;
                    self.index(entity);
                }
            }
        }
        Ok(())
    }

    fn insert(&mut self, resource_type: Arc<ResourceType>, entry: Entry) {
        let serial = self.serials;
        self.serials += 1;
        *self.made.entry(resource_type.name.clone()).or_default() += 1;
        if let Some(token) = &entry.token {
            let attempt = self.attempts.entry(token.clone()).or_default();
            *attempt = Attempt { made: attempt.made + 1, living: Some(serial) };
        }
        self.index(Entity {
            serial,
            resource_type,
            id: entry.id,
            token: entry.token,
            by: entry.by,
            arguments: entry.arguments.unwrap_or_default(),
            attributes: entry.attributes.unwrap_or_default(),
            asked: entry.asked,
            revision: 1,
            ready_at: entry.until.unwrap_or(entry.at),
            gone_at: None,
            missed_reads: entry.missed_reads,
            hidden_until: entry.hidden_until.unwrap_or(0),
            uses: Vec::new(),
        });
    }

    fn index(&mut self, mut entity: Entity) {
        let own = entity.resource_type.name.clone();
        let mut uses = BTreeSet::new();
        for reference in references(&entity.resource_type.arguments, &entity.arguments) {
            if !reference.weak
                && let Some(target) = self.find(reference.type_name, reference.id)
            {
                uses.insert(target.serial);
            }
        }
        uses.remove(&entity.serial);
        for used in &uses {
            self.users.entry(*used).or_default().insert(entity.serial);
        }
        entity.uses = uses.into_iter().collect();
        self.ids.entry(own).or_default().insert(entity.id.clone(), entity.serial);
        for (type_name, id) in companions(&entity) {
            if let Some(known) = self.types.get(type_name.as_str()) {
                self.ids.entry(known.name.clone()).or_default().entry(id).or_insert(entity.serial);
            }
        }
        self.rules.add(&entity.resource_type, entity.serial, &entity.arguments);
        self.entities.insert(entity.serial, entity);
    }

    fn unindex(&mut self, serial: Serial) -> Option<Entity> {
        let entity = self.entities.remove(&serial)?;
        for used in &entity.uses {
            if let Some(users) = self.users.get_mut(used) {
                users.remove(&serial);
                if users.is_empty() {
                    self.users.remove(used);
                }
            }
        }
        let own = (entity.resource_type.name_str().to_owned(), entity.id.clone());
        for (type_name, id) in companions(&entity).into_iter().chain([own]) {
            if let Some(ids) = self.ids.get_mut(type_name.as_str())
                && ids.get(&id) == Some(&serial)
            {
                ids.remove(&id);
            }
        }
        self.rules.remove(&entity.resource_type, serial, &entity.arguments);
        Some(entity)
    }

    fn forget(&mut self, entity: &Entity) {
        self.users.remove(&entity.serial);
        if let Some(at) = entity.gone_at {
            self.due.remove(&(at, entity.serial));
        }
        if let Some(attempt) = entity.token.as_ref().and_then(|token| self.attempts.get_mut(token))
            && attempt.living == Some(entity.serial)
        {
            attempt.living = None;
        }
    }
}

/// An entry that contradicts the earlier ones.
#[derive(Debug)]
pub(crate) enum Misfit {
    /// It has a type that the cloud was not opened with.
    UnknownType(String),
    /// It concerns something that does not exist.
    Nothing(String),
}

/// The ids of other types that came with a resource, such as a network's default security group.
fn companions(entity: &Entity) -> Vec<(String, String)> {
    let own = &entity.resource_type.name;
    let fields = entity.resource_type.attributes.fields().iter();
    fields
        .filter_map(|field| match (&field.kind, entity.attributes.get(&field.name)) {
            (Kind::Text { refers_to: Some(other), .. }, Some(Json::String(id))) if other != own => {
                Some((other.as_str().to_owned(), id.clone()))
            }
            _ => None,
        })
        .collect()
}
