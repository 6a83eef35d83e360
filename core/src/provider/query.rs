//! Data sources: questions to a cloud whose answers other nodes use. Reads only; nothing here has an effect.

use std::{marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use serde_json::Value as Json;

use super::erased::{json, typed};
use crate::{Data, ResourceType, Result};

/// The call that answers one data source, implemented by a provider's client.
#[async_trait]
pub trait Query<R: Data>: Send + Sync + 'static {
    /// Answers.
    ///
    /// # Guarantees
    /// Has no effect. The same question gets the same answer as long as the cloud is as it is.
    /// # Errors
    /// NotFound where nothing fits, Invalid where one thing was asked for and several fit; both say what was asked.
    async fn query(&self, arguments: &R) -> Result<R::Attributes>;
}

/// The call that answers one data source, on JSON. Guarantees and errors are those of [`Query`].
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// The type.
    fn resource_type(&self) -> &'static ResourceType;

    /// See [`Query::query`].
    async fn query(&self, arguments: &Json) -> Result<Json>;
}

/// A client seen as one data source.
pub struct Queried<R, C> {
    client: Arc<C>,
    of: PhantomData<fn() -> R>,
}

impl<R: Data, C: Query<R>> Queried<R, C> {
    /// The data source that a client is for `R`.
    pub fn new(client: Arc<C>) -> Self {
        Self { client, of: PhantomData }
    }
}

#[async_trait]
impl<R: Data, C: Query<R>> Source for Queried<R, C> {
    fn resource_type(&self) -> &'static ResourceType {
        R::resource_type()
    }

    async fn query(&self, arguments: &Json) -> Result<Json> {
        json(&self.client.query(&typed::<R>(arguments)?).await?)
    }
}
