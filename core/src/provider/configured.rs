//! Providers that are opened with a configuration from the stack. Keeps nothing; the caller keeps the opened provider.

use std::{marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use serde_json::Value as Json;

use super::{Provider, erased::typed};
use crate::{Data, ResourceType, Result};

/// Opens a provider with a configuration. Implement it to connect to the service.
#[async_trait]
pub trait Opens<R: Data>: Send + Sync + 'static {
    /// Opens the provider. It must offer what was announced: see [`Provider::opened_by`].
    ///
    /// # Guarantees
    /// No effect. It may read, to check whether the service is there.
    /// # Errors
    /// The service does not answer, or refuses the credentials.
    async fn open(&self, configuration: &R) -> Result<Provider>;
}

/// The erased twin of [`Opens`], on JSON.
#[async_trait]
pub trait Opener: Send + Sync + 'static {
    /// The type of the configuration.
    fn resource_type(&self) -> &Arc<ResourceType>;

    /// See [`Opens::open`].
    async fn open(&self, configuration: &Json) -> Result<Provider>;
}

/// Opens a provider with a configuration of one type.
pub(super) struct OpenedBy<R, C> {
    client: Arc<C>,
    of: PhantomData<fn() -> R>,
}

impl<R: Data, C: Opens<R>> OpenedBy<R, C> {
    pub(super) fn new(client: Arc<C>) -> Self {
        Self { client, of: PhantomData }
    }
}

#[async_trait]
impl<R: Data, C: Opens<R>> Opener for OpenedBy<R, C> {
    fn resource_type(&self) -> &Arc<ResourceType> {
        R::resource_type()
    }

    async fn open(&self, configuration: &Json) -> Result<Provider> {
        self.client.open(&typed::<R>(configuration)?).await
    }
}
