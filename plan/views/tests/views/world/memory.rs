//! A driver that keeps everything in memory.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use landform_core::{
    Abilities, Call, Driver, Error, ErrorKind, FindBy, Found, Known, Object, Progress, ResourceType, Result,
    Ticket,
};
use serde_json::Value as Json;

/// Keeps everything in memory. The addresses determine the ids.
pub struct Memory {
    pub(super) resource_type: Arc<ResourceType>,
    pub(super) objects: Arc<Mutex<HashMap<String, Object>>>,
    pub(super) broken: Arc<Mutex<Option<Broken>>>,
}

/// A temporary fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Creations are incomplete.
    Creations,
    /// Nothing can be deleted.
    Deletions,
}

impl Memory {
    fn object(&self, id: &str, arguments: &Json) -> Object {
        let mut attributes = serde_json::Map::new();
        for field in self.resource_type.attributes.fields() {
            let value = match field.name.as_str() {
                "id" => id.into(),
                "latest_version" => 7.into(),
                "output" => arguments.get("input").cloned().unwrap_or(Json::Null),
                "token" => "tok-attribute-in-the-clear".into(),
                other => format!("{other}-of-{id}").into(),
            };
            attributes.insert(field.name.clone(), value);
        }
        Object::new(id, arguments.clone(), attributes)
    }
}

#[async_trait]
impl Driver for Memory {
    fn resource_type(&self) -> &Arc<ResourceType> {
        &self.resource_type
    }

    fn abilities(&self) -> Abilities {
        Abilities::new(FindBy::Token, 100).updates().imports()
    }

    async fn read_many(&self, known: &[&dyn Known]) -> Result<Vec<Option<Object>>> {
        let objects = self.objects.lock().unwrap();
        Ok(known.iter().map(|known| objects.get(known.id()).cloned()).collect())
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<Progress<Object>> {
        let prefix = self.resource_type.name_str().trim_start_matches("demo_");
        let mut objects = self.objects.lock().unwrap();
        let mut id = format!("{prefix}-{}", call.address.name());
        while objects.contains_key(&id) {
            id.push_str("-again");
        }
        let object = self.object(&id, arguments);
        objects.insert(id, object.clone());
        Ok(match *self.broken.lock().unwrap() {
            Some(Broken::Creations) => {
                Progress::Partial { exists: object, problem: Error::new(ErrorKind::Internal, "not whole") }
            }
            _ => Progress::Exists(object),
        })
    }

    async fn update(&self, _: Call<'_>, prior: &dyn Known, arguments: &Json) -> Result<Progress<Object>> {
        let object = self.object(prior.id(), arguments);
        self.objects.lock().unwrap().insert(object.id.clone(), object.clone());
        Ok(Progress::Exists(object))
    }

    async fn delete(&self, _: Call<'_>, prior: &dyn Known) -> Result<Progress<Object>> {
        if *self.broken.lock().unwrap() == Some(Broken::Deletions) {
            return Err(Error::new(ErrorKind::Denied, "not now"));
        }
        self.objects.lock().unwrap().remove(prior.id());
        Ok(Progress::Gone)
    }

    async fn resume(&self, _: Call<'_>, _: &Ticket, _: &Json) -> Result<Progress<Object>> {
        Err(Error::new(ErrorKind::Internal, "nothing here gives tickets"))
    }

    async fn find(&self, _: Call<'_>, _: &Json) -> Result<Found<Object>> {
        Ok(Found::Nothing)
    }

    async fn import(&self, id: &str) -> Result<Object> {
        let objects = self.objects.lock().unwrap();
        objects.get(id).cloned().ok_or_else(|| Error::new(ErrorKind::NotFound, format!("no {id}")))
    }

    async fn upgrade(&self, _: u32, object: Object) -> Result<Object> {
        Ok(object)
    }
}
