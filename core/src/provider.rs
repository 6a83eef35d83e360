//! The provider contract. A provider implements the typed trait [`Manage`], once per resource type, and [`Query`], once
//! per data source; engines see their erased twins [`Driver`] and [`Source`]. JSON meets Rust types at that seam only.

mod erased;
mod outcome;
mod query;

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use erased::{Driver, Managed};
pub use query::{Queried, Query, Source, only};

pub use outcome::{ErasedFound, ErasedProgress, Found, Object, Observed, Progress, Ticket};

use crate::{Address, Data, Error, Id, ProviderName, Resource, ResourceType, Result, Token};

/// One attempt of an effect: whom it concerns and its identity.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The node for which the effect is done.
    pub address: &'a Address,
    /// The identity of the attempt; repeated when the attempt is repeated, also by another process.
    pub token: &'a Token,
}

/// What a resource type's implementation can do. Nothing is assumed: what is not declared is Unsupported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abilities {
    /// Whether anything can be changed in place.
    pub update: bool,
    /// How an attempt that may have been made is found again.
    pub find: FindBy,
    /// How many ids one `read_many` takes; at least 1.
    pub page: usize,
}

/// How an attempt that may have been made is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindBy {
    /// The token is stored with the resource (a client token, a request id, a tag).
    Token,
    /// The arguments determine the identity (a name, a route's destination): what is there is ours.
    Identity,
    /// It cannot be found; someone must decide.
    Nothing,
}

/// The calls that manage one resource type, implemented by a provider's client.
///
/// The three clouds this was written against: AWS (client tokens, tags, pending states), GCE (operations,
/// fingerprints, request ids) and the embedded one. ARCHITECTURE.md says method by method how each fulfils it.
#[async_trait]
pub trait Manage<R: Resource>: Send + Sync + 'static {
    /// What is implemented.
    fn abilities(&self) -> Abilities;

    /// Reads resources by id, in one request where the cloud has one that takes many.
    ///
    /// # Guarantees
    /// The answer has one item per id, in their order; `None` means that the cloud said it does not exist.
    /// # Assumptions
    /// At most [`Abilities::page`] ids.
    /// # Caveats
    /// Reads may lag behind writes; an engine that has just written does not take `None` at its word.
    async fn read_many(&self, ids: &[Id<R>]) -> Result<Vec<Option<Observed<R>>>>;

    /// Begins to create a resource.
    ///
    /// # Guarantees
    /// At most one mutation, which [`Manage::find`] finds again by the token. The same token twice makes one
    /// resource. Whatever must follow is idempotent and left to [`Manage::resume`] by answering a ticket that
    /// carries the id, so what exists is never lost to an error.
    /// # Errors
    /// Nothing was made, unless the error's effect is unknown.
    async fn create(&self, call: Call<'_>, arguments: &R) -> Result<Progress<R>>;

    /// Changes a resource in place.
    ///
    /// # Guarantees
    /// Idempotent: repeating it with the same arguments ends in the same state.
    /// # Assumptions
    /// Only mutable fields differ.
    /// # Errors
    /// Part of the change may be in effect; a read tells.
    async fn update(&self, call: Call<'_>, prior: &Observed<R>, arguments: &R) -> Result<Progress<R>>;

    /// Begins to delete a resource.
    ///
    /// # Guarantees
    /// Idempotent; what is gone already is [`Progress::Gone`], no error.
    async fn delete(&self, call: Call<'_>, prior: &Observed<R>) -> Result<Progress<R>>;

    /// Carries on with what a ticket stands for: asks how far the cloud is, takes the next idempotent step.
    ///
    /// # Guarantees
    /// Works in another process than the one that got the ticket. Idempotent.
    /// # Assumptions
    /// `arguments` are those of the call that gave the ticket.
    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &R) -> Result<Progress<R>>;

    /// Looks for what the attempt with this token may have left behind.
    ///
    /// # Guarantees
    /// [`Found::Nothing`] means that creating again with the same token cannot double anything.
    async fn find(&self, call: Call<'_>, arguments: &R) -> Result<Found<R>>;

    /// Reads a resource that no state knows, by the id that a user gives.
    ///
    /// # Errors
    /// NotFound, Unsupported, or an id of the wrong form.
    async fn import(&self, id: &str) -> Result<Observed<R>>;

    /// Brings a stored object from an older schema version to the present one. Pure.
    ///
    /// # Errors
    /// Unsupported when there is no way.
    fn upgrade(&self, from: u32, object: Object) -> Result<Object> {
        let _ = object;
        Err(Error::unsupported(R::TYPE, "upgrade its state").resource(format!("schema version {from}")))
    }
}

/// A provider as an engine sees it: named drivers.
#[derive(Clone)]
pub struct Provider {
    name: String,
    drivers: BTreeMap<&'static str, Arc<dyn Driver>>,
    sources: BTreeMap<&'static str, Arc<dyn Source>>,
    concurrency: usize,
}

/// How many calls a provider allows at a time where nothing is said.
const CALLS_AT_A_TIME: usize = 64;

impl Provider {
    /// A provider without drivers. The name is that of its account and place in the state, as `aws` or `aws.west`.
    pub fn new(name: impl Into<String>) -> Self {
        let (drivers, sources) = (BTreeMap::new(), BTreeMap::new());
        Self { name: name.into(), drivers, sources, concurrency: CALLS_AT_A_TIME }
    }

    /// The same provider under another name: one of several of its kind, as `aws.west`.
    pub fn named(mut self, name: &ProviderName) -> Self {
        self.name = name.as_str().to_owned();
        self
    }

    /// Adds the driver that a client is for one resource type: all that a new type needs.
    pub fn with<R: Resource, C: Manage<R>>(self, client: &Arc<C>) -> Self {
        self.with_driver(Arc::new(Managed::<R, C>::new(client.clone())))
    }

    /// Adds a driver.
    pub fn with_driver(mut self, driver: Arc<dyn Driver>) -> Self {
        self.drivers.insert(driver.resource_type().name_str(), driver);
        self
    }

    /// Adds the data source that a client answers.
    pub fn with_query<R: Data, C: Query<R>>(self, client: &Arc<C>) -> Self {
        self.with_source(Arc::new(Queried::<R, C>::new(client.clone())))
    }

    /// Adds a data source.
    pub fn with_source(mut self, source: Arc<dyn Source>) -> Self {
        self.sources.insert(source.resource_type().name_str(), source);
        self
    }

    /// Wraps every driver: for retries, limits, tracing, chaos, recording.
    pub fn map(mut self, wrap: impl Fn(Arc<dyn Driver>) -> Arc<dyn Driver>) -> Self {
        self.drivers = self.drivers.into_iter().map(|(name, driver)| (name, wrap(driver))).collect();
        self
    }

    /// Sets how many calls may be under way at a time.
    pub fn with_concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many calls may be under way at a time.
    pub fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// The driver of a type.
    pub fn driver(&self, type_name: &str) -> Option<&Arc<dyn Driver>> {
        self.drivers.get(type_name)
    }

    /// The data source of a type.
    pub fn source(&self, type_name: &str) -> Option<&Arc<dyn Source>> {
        self.sources.get(type_name)
    }

    /// The data sources offered, by name.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<dyn Source>> + '_ {
        self.sources.values()
    }

    /// The types offered, by name.
    pub fn types(&self) -> impl Iterator<Item = &'static ResourceType> + '_ {
        self.drivers.values().map(|driver| driver.resource_type())
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("name", &self.name).field("types", &self.drivers.len()).finish()
    }
}

impl Ticket {
    /// A ticket for an operation on a resource of known id.
    pub fn new(id: impl Into<Option<String>>, payload: impl Into<Json>) -> Self {
        Self {
            id: id.into(),
            payload: payload.into(),
            poll_after: Duration::from_secs(1),
            note: String::new(),
        }
    }

    /// Sets how long to wait before asking.
    pub fn poll_after(mut self, pause: Duration) -> Self {
        self.poll_after = pause;
        self
    }

    /// Says what is being waited for, in a few words for a progress display.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}
