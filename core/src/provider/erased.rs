//! The erased twin of the typed trait. One blanket implementation joins the two.

use std::{marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{
    Abilities, Call, Forecast, Manage, Proposal,
    object::{Known, Object},
    outcome::{Found, Observed, Progress, Ticket},
};
use crate::{Error, ErrorKind, Id, Resource, ResourceType, Result};

/// The calls that manage one resource type, on JSON and whole objects. Guarantees and caveats are those of [`Manage`].
#[async_trait]
pub trait Driver: Send + Sync + 'static {
    /// The type.
    fn resource_type(&self) -> &Arc<ResourceType>;

    /// The supported abilities.
    fn abilities(&self) -> Abilities;

    /// See [`Manage::read_many`].
    async fn read_many(&self, objects: &[&dyn Known]) -> Result<Vec<Option<Object>>>;

    /// See [`Manage::list`].
    async fn list(&self, beside: &[&dyn Known]) -> Result<Vec<Object>> {
        let _ = beside;
        Err(Error::unsupported(self.resource_type().name_str(), "be listed"))
    }

    /// See [`Manage::create`].
    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<Progress<Object>>;

    /// See [`Manage::update`].
    async fn update(&self, call: Call<'_>, prior: &dyn Known, arguments: &Json) -> Result<Progress<Object>>;

    /// See [`Manage::delete`].
    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> Result<Progress<Object>>;

    /// See [`Manage::resume`].
    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &Json) -> Result<Progress<Object>>;

    /// See [`Manage::find`].
    async fn find(&self, call: Call<'_>, arguments: &Json) -> Result<Found<Object>>;

    /// See [`Manage::import`].
    async fn import(&self, id: &str) -> Result<Object>;

    /// See [`Manage::forecast`].
    async fn forecast(&self, proposal: Proposal<'_, dyn Known + '_>) -> Result<Forecast> {
        let _ = proposal;
        Ok(Forecast::new())
    }

    /// See [`Manage::upgrade`].
    async fn upgrade(&self, from: u32, stored: Object) -> Result<Object>;
}

/// A client seen as the driver of one resource type.
pub(super) struct Managed<R, C> {
    client: Arc<C>,
    of: PhantomData<fn() -> R>,
}

impl<R: Resource, C: Manage<R>> Managed<R, C> {
    pub(super) fn new(client: Arc<C>) -> Self {
        Self { client, of: PhantomData }
    }
}

#[async_trait]
impl<R: Resource, C: Manage<R>> Driver for Managed<R, C> {
    fn resource_type(&self) -> &Arc<ResourceType> {
        R::resource_type()
    }

    fn abilities(&self) -> Abilities {
        self.client.abilities()
    }

    async fn read_many(&self, objects: &[&dyn Known]) -> Result<Vec<Option<Object>>> {
        let ids: Vec<Id<R>> = objects.iter().map(|object| Id::new(object.id())).collect();
        let objects = self.client.read_many(&ids).await?;
        objects.into_iter().map(|object| object.map(erase).transpose()).collect()
    }

    async fn list(&self, beside: &[&dyn Known]) -> Result<Vec<Object>> {
        let ids: Vec<Id<R>> = beside.iter().map(|object| Id::new(object.id())).collect();
        self.client.list(&ids).await?.into_iter().map(erase).collect()
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<Progress<Object>> {
        self.client.create(call, &named::<R>(arguments, call)?).await?.try_map(erase)
    }

    async fn update(&self, call: Call<'_>, prior: &dyn Known, arguments: &Json) -> Result<Progress<Object>> {
        self.client.update(call, &observed(prior)?, &typed::<R>(arguments)?).await?.try_map(erase)
    }

    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> Result<Progress<Object>> {
        self.client.delete(call, &observed(prior)?).await?.try_map(erase)
    }

    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &Json) -> Result<Progress<Object>> {
        self.client.resume(call, ticket, &named::<R>(arguments, call)?).await?.try_map(erase)
    }

    async fn find(&self, call: Call<'_>, arguments: &Json) -> Result<Found<Object>> {
        self.client.find(call, &named::<R>(arguments, call)?).await?.try_map(erase)
    }

    async fn import(&self, id: &str) -> Result<Object> {
        erase(self.client.import(id).await?)
    }

    async fn forecast(&self, proposal: Proposal<'_, dyn Known + '_>) -> Result<Forecast> {
        let prior = proposal.prior.map(observed).transpose()?;
        self.client.forecast(proposal.with_prior(prior.as_ref())).await
    }

    async fn upgrade(&self, from: u32, stored: Object) -> Result<Object> {
        self.client.upgrade(from, stored).await
    }
}

fn erase<R: Resource>(object: Observed<R>) -> Result<Object> {
    Ok(Object::new(object.id(), json(&object.arguments)?, json(&object.attributes)?))
}

fn observed<R: Resource>(object: &dyn Known) -> Result<Observed<R>> {
    Ok(Observed { arguments: typed(&object.arguments()?)?, attributes: typed(&object.attributes()?)? })
}

/// The arguments of an attempt, with the names that it generates.
fn named<R: Resource>(arguments: &Json, call: Call<'_>) -> Result<R> {
    typed(&R::resource_type().arguments.with_names(arguments, call.token))
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
