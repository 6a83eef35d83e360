//! Providers that are opened with a configuration from the stack. Each run opens its own, so two stacks never share
//! one. Decides nothing. Until the provider is open, its drivers return an error.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use landform_core::{
    Abilities, Call, DataDriver, Driver, Error, ErrorKind, Forecast, Found, Known, Object, Opener, Progress,
    Proposal, Provider, ResourceType, Ticket,
};
use serde_json::{Value as Json, json};

type Result<T> = std::result::Result<T, Error>;

/// Holds the provider that a run opens.
pub(crate) struct Opening {
    name: String,
    opener: Arc<dyn Opener>,
    /// The configuration, and the provider opened with it.
    opened: RwLock<Option<(Json, Provider)>>,
}

impl Opening {
    /// The announced provider, with drivers that wait until it is open. `None` if it needs no configuration.
    pub(crate) fn of(announced: &Provider) -> Option<(Arc<Self>, Provider)> {
        let opener = announced.opener()?.clone();
        let name = announced.name().to_owned();
        let opening = Arc::new(Self { name: name.clone(), opener, opened: RwLock::default() });
        let waiting =
            Provider::new(name).with_concurrency(announced.concurrency()).with_budget(announced.budget());
        let waiting = announced.drivers().fold(waiting, |waiting, driver| {
            waiting.with_driver(Arc::new(Waiting { announced: driver.clone(), opening: opening.clone() }))
        });
        let waiting = announced.data_drivers().fold(waiting, |waiting, driver| {
            waiting
                .with_data_driver(Arc::new(Waiting { announced: driver.clone(), opening: opening.clone() }))
        });
        let waiting = waiting.with_data_driver(opening.clone());
        Some((opening, waiting))
    }

    /// Whether the provider can be called.
    pub(crate) fn is_open(&self) -> bool {
        self.opened.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The type of the configuration.
    pub(crate) fn configuration(&self) -> &Arc<ResourceType> {
        self.opener.resource_type()
    }

    fn provider(&self) -> Result<Provider> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        match &*opened {
            Some((_, provider)) => Ok(provider.clone()),
            None => {
                let message =
                    format!("the provider {} is not open: its configuration is not known yet", self.name);
                Err(Error::new(ErrorKind::Unsupported, message))
            }
        }
    }

    fn lacks(&self, what: &str) -> Error {
        let message = format!("the provider {} was announced with {what} and does not have it", self.name);
        Error::new(ErrorKind::Internal, message)
    }
}

/// Opens the provider when its configuration is read.
#[async_trait]
impl DataDriver for Opening {
    fn resource_type(&self) -> &Arc<ResourceType> {
        self.configuration()
    }

    async fn read(&self, configuration: &Json) -> Result<Json> {
        let same = |opened: &(Json, Provider)| opened.0 == *configuration;
        let is_open = self.opened.read().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(same);
        if !is_open {
            let provider = self.opener.open(configuration).await?;
            let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
            *opened = Some((configuration.clone(), provider));
        }
        Ok(json!({ "id": self.name }))
    }
}

/// A driver or a data source of a provider that may not be open yet.
struct Waiting<D: ?Sized> {
    announced: Arc<D>,
    opening: Arc<Opening>,
}

impl Waiting<dyn Driver> {
    fn driver(&self) -> Result<Arc<dyn Driver>> {
        let name = self.announced.resource_type().name_str();
        let provider = self.opening.provider()?;
        provider.driver(name).cloned().ok_or_else(|| self.opening.lacks(name))
    }
}

#[async_trait]
impl Driver for Waiting<dyn Driver> {
    fn resource_type(&self) -> &Arc<ResourceType> {
        self.announced.resource_type()
    }

    fn abilities(&self) -> Abilities {
        self.announced.abilities()
    }

    async fn read_many(&self, objects: &[&dyn Known]) -> Result<Vec<Option<Object>>> {
        self.driver()?.read_many(objects).await
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<Progress<Object>> {
        self.driver()?.create(call, arguments).await
    }

    async fn update(&self, call: Call<'_>, prior: &dyn Known, arguments: &Json) -> Result<Progress<Object>> {
        self.driver()?.update(call, prior, arguments).await
    }

    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> Result<Progress<Object>> {
        self.driver()?.delete(call, prior).await
    }

    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &Json) -> Result<Progress<Object>> {
        self.driver()?.resume(call, ticket, arguments).await
    }

    async fn find(&self, call: Call<'_>, arguments: &Json) -> Result<Found<Object>> {
        self.driver()?.find(call, arguments).await
    }

    async fn list(&self, beside: &[&dyn Known]) -> Result<Vec<Object>> {
        self.driver()?.list(beside).await
    }

    async fn import(&self, id: &str) -> Result<Object> {
        self.driver()?.import(id).await
    }

    async fn forecast(&self, proposal: Proposal<'_, dyn Known + '_>) -> Result<Forecast> {
        self.driver()?.forecast(proposal).await
    }

    async fn upgrade(&self, from: u32, stored: Object) -> Result<Object> {
        self.driver()?.upgrade(from, stored).await
    }
}

#[async_trait]
impl DataDriver for Waiting<dyn DataDriver> {
    fn resource_type(&self) -> &Arc<ResourceType> {
        self.announced.resource_type()
    }

    async fn read(&self, arguments: &Json) -> Result<Json> {
        let name = self.announced.resource_type().name_str();
        let provider = self.opening.provider()?;
        let driver = provider.data(name).cloned().ok_or_else(|| self.opening.lacks(name))?;
        driver.read(arguments).await
    }
}
