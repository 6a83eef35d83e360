//! Data sources: finds existing resources, given facts, or values that follow from the declaration alone. Changes
//! nothing.

use std::sync::Arc;

use async_trait::async_trait;
use landform_core::{
    DataDriver, Error, ErrorKind, ResourceType, Result, TypeName, only,
    schema::{Field, Kind},
};
use serde_json::{Map, Value as Json};

use crate::{
    calls::Operation, cloud::Cloud, compute::formed, driver::TypeDriver, form, manner, question::Question,
};

/// The attribute with which a data source returns all matches.
const IDS: &str = "ids";

/// The field that tells the age of a match.
const MADE: [&str; 2] = ["creation_date", "creation_timestamp"];

/// One data source. It finds resources of the type with its name, or those whose `ids` it returns, and the facts that
/// the cloud was given.
pub(crate) struct TypeSource {
    driver: TypeDriver,
    cloud: Cloud,
    resource_type: Arc<ResourceType>,
}

impl TypeSource {
    pub(crate) fn new(cloud: Cloud, resource_type: Arc<ResourceType>) -> Self {
        Self { driver: TypeDriver::new(cloud.clone(), resource_type.clone()), cloud, resource_type }
    }

    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        manner::error(&self.resource_type, Operation::Read, kind, message)
    }
}

#[async_trait]
impl DataDriver for TypeSource {
    fn resource_type(&self) -> &Arc<ResourceType> {
        &self.resource_type
    }

    async fn read(&self, arguments: &Json) -> Result<Json> {
        let gathered = gathered(&self.resource_type);
        let of = gathered.map_or_else(|| self.resource_type.name.bare(), TypeName::as_str);
        let read = self.driver.request(Operation::Read, None, |_, session| {
            let existing = session.world.existing(session.now).into_iter();
            let of_type = existing.filter(|object| object.type_name == of && !object.deleting);
            let found = of_type.map(|object| joined(object.arguments, object.attributes));
            Ok((found.collect::<Vec<_>>(), session.world.resource_type(of).cloned()))
        });
        let ((mut candidates, managed), _) = read.await?;
        candidates.extend(self.cloud.facts(self.resource_type.name_str()).cloned());
        if managed.is_none() && candidates.is_empty() && self.follows() {
            candidates.push(Map::new());
        }
        candidates.iter_mut().for_each(|candidate| self.complete(candidate));
        let question = Question::new(arguments, &self.resource_type, of, managed.as_deref());
        question.check(&candidates).map_err(|message| self.error(ErrorKind::Invalid, message))?;
        candidates.retain(|candidate| question.fits(candidate));
        if gathered.is_some() {
            return self.answer(&self.all(&candidates));
        }
        if question.most_recent() {
            let made =
                |candidate: &Map<String, Json>| MADE.map(|name| candidate.get(name).map(Json::to_string));
            candidates = candidates.into_iter().max_by_key(made).into_iter().collect();
        }
        let found = only(arguments, candidates);
        self.answer(&found.map_err(|error| self.error(error.kind(), error.message()))?)
    }
}

impl TypeSource {
    /// Whether the answer follows from the declaration alone.
    fn follows(&self) -> bool {
        self.resource_type.attributes.fields().iter().all(|field| field.form.is_some())
    }

    /// Fills in the fields with a form. A list has an item for each zone of the cloud if the items differ.
    fn complete(&self, candidate: &mut Map<String, Json>) {
        let ResourceType { arguments, attributes, .. } = &*self.resource_type;
        for field in attributes.fields().iter().chain(arguments.fields()) {
            if !candidate.contains_key(&field.name)
                && let Some(value) = self.formed(field, candidate)
            {
                candidate.insert(field.name.clone(), value);
            }
        }
    }

    fn formed(&self, field: &Field, candidate: &Map<String, Json>) -> Option<Json> {
        let (settings, none) = (&self.cloud.0.settings, Map::new());
        let in_zone = |zone: &String| {
            let source = form::Source {
                seed: self.resource_type.name_str(),
                serial: 0,
                revision: 1,
                region: &settings.region,
                account: &settings.account,
                zone,
                id: candidate.get("id").and_then(Json::as_str).unwrap_or_default(),
                arguments: candidate,
                attributes: &none,
            };
            formed(field, &source)
        };
        let mut values = settings.zones.iter().filter_map(in_zone);
        let first = values.next()?;
        let Json::Array(mut items) = first else { return Some(first) };
        items.extend(values.filter_map(|value| value.as_array().cloned()).flatten());
        items.dedup();
        Some(items.into())
    }

    /// The sorted ids of all matches, beside the values that follow from the declaration.
    fn all(&self, found: &[Map<String, Json>]) -> Map<String, Json> {
        let ids = found.iter().flat_map(|candidate| match candidate.get(IDS) {
            Some(Json::Array(ids)) => ids.clone(),
            _ => candidate.get("id").cloned().into_iter().collect(),
        });
        let mut ids: Vec<Json> = ids.collect();
        ids.sort_by_cached_key(Json::to_string);
        ids.dedup();
        let mut answer = Map::new();
        answer.insert(IDS.into(), ids.into());
        self.complete(&mut answer);
        answer
    }

    /// The attributes of the data source, from its matches.
    fn answer(&self, found: &Map<String, Json>) -> Result<Json> {
        let fields = self.resource_type.attributes.fields().iter();
        let value = |field: &Field| match (found.get(&field.name), &field.kind) {
            (Some(value), _) => Ok(value.clone()),
            (None, Kind::List(_) | Kind::Set(_)) => Ok(Json::Array(Vec::new())),
            (None, Kind::Map(_)) => Ok(Json::Object(Map::new())),
            (None, _) if !field.required => Ok(Json::Null),
            (None, kind) => {
                let message = format!("the match lacks {}, expected {}", field.name, kind.expected());
                Err(self.error(ErrorKind::Invalid, message))
            }
        };
        let answer = fields.map(|field| Ok((field.name.clone(), value(field)?)));
        Ok(answer.collect::<Result<Map<_, _>>>()?.into())
    }
}

/// The type whose ids a data source collects.
fn gathered(source: &ResourceType) -> Option<&TypeName> {
    let (Kind::List(item) | Kind::Set(item)) = &source.attributes.field(IDS)?.kind else { return None };
    let Kind::Text { refers_to, .. } = &**item else { return None };
    refers_to.as_ref()
}

fn joined(mut arguments: Map<String, Json>, attributes: Map<String, Json>) -> Map<String, Json> {
    arguments.extend(attributes);
    arguments
}
