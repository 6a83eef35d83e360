//! The erased twin of the typed trait, joined to it by one blanket implementation.

use std::{marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{
    Abilities, Call, Manage,
    outcome::{ErasedFound, ErasedProgress, Found, Object, Observed, Progress, Ticket},
};
use crate::{Error, ErrorKind, Id, Resource, ResourceType, Result};

/// The calls that manage one resource type, on JSON. Guarantees and caveats are those of [`Manage`].
#[async_trait]
pub trait Driver: Send + Sync + 'static {
    /// The type.
    fn resource_type(&self) -> &'static ResourceType;

    /// What is implemented.
    fn abilities(&self) -> Abilities;

    /// See [`Manage::read_many`].
    async fn read_many(&self, ids: &[&str]) -> Result<Vec<Option<Object>>>;

    /// See [`Manage::create`].
    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<ErasedProgress>;

    /// See [`Manage::update`].
    async fn update(&self, call: Call<'_>, prior: &Object, arguments: &Json) -> Result<ErasedProgress>;

    /// See [`Manage::delete`].
    async fn delete(&self, call: Call<'_>, prior: &Object) -> Result<ErasedProgress>;

    /// See [`Manage::resume`].
    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &Json) -> Result<ErasedProgress>;

    /// See [`Manage::find`].
    async fn find(&self, call: Call<'_>, arguments: &Json) -> Result<ErasedFound>;

    /// See [`Manage::import`].
    async fn import(&self, id: &str) -> Result<Object>;

    /// See [`Manage::upgrade`].
    fn upgrade(&self, from: u32, object: Object) -> Result<Object>;
}

/// A client seen as the driver of one resource type.
pub struct Managed<R, C> {
    client: Arc<C>,
    of: PhantomData<fn() -> R>,
}

impl<R: Resource, C: Manage<R>> Managed<R, C> {
    /// The driver that a client is for `R`.
    pub fn new(client: Arc<C>) -> Self {
        Self { client, of: PhantomData }
    }
}

#[async_trait]
impl<R: Resource, C: Manage<R>> Driver for Managed<R, C> {
    fn resource_type(&self) -> &'static ResourceType {
        R::resource_type()
    }

    fn abilities(&self) -> Abilities {
        self.client.abilities()
    }

    async fn read_many(&self, ids: &[&str]) -> Result<Vec<Option<Object>>> {
        let ids: Vec<Id<R>> = ids.iter().map(|id| Id::new(*id)).collect();
        let objects = self.client.read_many(&ids).await?;
        objects.into_iter().map(|object| object.map(|object| erase(&object)).transpose()).collect()
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<ErasedProgress> {
        progress(self.client.create(call, &typed::<R>(arguments)?).await?)
    }

    async fn update(&self, call: Call<'_>, prior: &Object, arguments: &Json) -> Result<ErasedProgress> {
        progress(self.client.update(call, &observed(prior)?, &typed::<R>(arguments)?).await?)
    }

    async fn delete(&self, call: Call<'_>, prior: &Object) -> Result<ErasedProgress> {
        progress(self.client.delete(call, &observed(prior)?).await?)
    }

    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &Json) -> Result<ErasedProgress> {
        progress(self.client.resume(call, ticket, &typed::<R>(arguments)?).await?)
    }

    async fn find(&self, call: Call<'_>, arguments: &Json) -> Result<ErasedFound> {
        Ok(match self.client.find(call, &typed::<R>(arguments)?).await? {
            Found::Nothing => ErasedFound::Nothing,
            Found::Exists(object) => ErasedFound::Exists(erase(&object)?),
            Found::Pending(ticket) => ErasedFound::Pending(ticket),
            Found::Undecided(ids) => ErasedFound::Undecided(ids),
        })
    }

    async fn import(&self, id: &str) -> Result<Object> {
        erase(&self.client.import(id).await?)
    }

    fn upgrade(&self, from: u32, object: Object) -> Result<Object> {
        self.client.upgrade(from, object)
    }
}

fn progress<R: Resource>(progress: Progress<R>) -> Result<ErasedProgress> {
    Ok(match progress {
        Progress::Exists(object) => ErasedProgress::Exists(erase(&object)?),
        Progress::Gone => ErasedProgress::Gone,
        Progress::Pending(ticket) => ErasedProgress::Pending(ticket),
        Progress::Partial { exists, problem } => ErasedProgress::Partial { exists: erase(&exists)?, problem },
    })
}

fn erase<R: Resource>(object: &Observed<R>) -> Result<Object> {
    Ok(Object {
        id: object.id().to_owned(),
        arguments: json(&object.arguments)?,
        attributes: json(&object.attributes)?,
    })
}

fn observed<R: Resource>(object: &Object) -> Result<Observed<R>> {
    Ok(Observed { arguments: typed(&object.arguments)?, attributes: typed(&object.attributes)? })
}

pub(super) fn json(value: &impl Serialize) -> Result<Json> {
    serde_json::to_value(value).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))
}

pub(super) fn typed<T: DeserializeOwned>(value: &Json) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let message = format!("{}: {}", error.path(), error.inner());
        Error::new(ErrorKind::Invalid, message)
    })
}
