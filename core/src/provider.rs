//! The provider contract. A provider implements the typed trait [`Manage`], once per resource type, and [`DataSource`],
//! once per data source; engines see their erased twins [`Driver`] and [`DataDriver`]. JSON meets Rust types at that seam
//! only.

mod configured;
mod data;
mod erased;
mod forecast;
mod object;
mod outcome;

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use configured::{Opener, Opens};
pub use data::{DataDriver, DataSource, only};
pub use erased::Driver;
pub use forecast::{Forecast, Proposal};
pub use object::{Identity, Known, Object, Private};
pub use outcome::{Found, Observed, Progress, Ticket, in_order};

use self::{configured::OpenedBy, data::Read, erased::Managed};
use crate::{
    Address, Budget, Data, Diagnostic, Error, Id, Listener, ProviderName, Resource, ResourceType, Result,
    Token, TypeName,
};

/// One attempt of an effect: whom it concerns, its identity, and who hears warnings.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The node for which the effect is done.
    pub address: &'a Address,
    /// The identity of the attempt; repeated when the attempt is repeated, also by another process.
    pub token: &'a Token,
    listener: Option<&'a dyn Listener>,
}

impl<'a> Call<'a> {
    /// An attempt of which nobody hears warnings.
    pub fn new(address: &'a Address, token: &'a Token) -> Self {
        Self { address, token, listener: None }
    }

    /// Sets who hears warnings.
    pub fn heard_by(self, listener: &'a dyn Listener) -> Self {
        Self { listener: Some(listener), ..self }
    }

    /// The same attempt under another token.
    pub fn with_token(self, token: &'a Token) -> Self {
        Self { token, ..self }
    }

    /// Tells people something about what is being done, whether it goes well or not. A warning that is told twice is shown
    /// once.
    pub fn warn(&self, warning: Diagnostic) {
        if let Some(listener) = self.listener {
            listener.warned(warning);
        }
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("address", self.address).field("token", self.token).finish()
    }
}

/// What a resource type's implementation can do. Nothing is assumed: what is not declared is Unsupported, and an engine
/// does not call it.
///
/// ```
/// use landform_core::{Abilities, FindBy};
/// let abilities = Abilities::new(FindBy::Token, 100).updates().imports();
/// assert!(abilities.update && abilities.import);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Abilities {
    /// Whether anything can be changed in place.
    pub update: bool,
    /// Whether what no state knows can be read by an id that a user gives.
    pub import: bool,
    /// Whether it has something to say of a change before anything is done.
    #[serde(default)]
    pub forecast: bool,
    /// Whether a deletion only sets it back to its default, so that reads still show it: it is a setting of another
    /// resource.
    #[serde(default)]
    pub reset: bool,
    /// How an attempt that may have been made is found again.
    pub find: FindBy,
    /// How many ids one `read_many` takes; at least 1.
    pub page: usize,
}

impl Abilities {
    /// It creates, reads and deletes; this is how it finds attempts again and how many ids one read takes, at least 1.
    pub const fn new(find: FindBy, page: usize) -> Self {
        Self { update: false, import: false, forecast: false, reset: false, find, page }
    }

    /// It also changes things in place.
    pub const fn updates(self) -> Self {
        Self { update: true, ..self }
    }

    /// It also takes over what exists already.
    pub const fn imports(self) -> Self {
        Self { import: true, ..self }
    }

    /// Its deletion only sets it back.
    pub const fn resets(self) -> Self {
        Self { reset: true, ..self }
    }

    /// It also has something to say of a change before anything is done.
    pub const fn forecasts(self) -> Self {
        Self { forecast: true, ..self }
    }
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
    async fn create(&self, call: Call<'_>, arguments: &R) -> Result<Progress<Observed<R>>>;

    /// Changes a resource in place.
    ///
    /// # Guarantees
    /// Idempotent: repeating it with the same arguments ends in the same state.
    /// # Assumptions
    /// Only mutable fields differ. Called if [`Abilities::update`] says so.
    /// # Errors
    /// Part of the change may be in effect; a read tells.
    async fn update(
        &self,
        call: Call<'_>,
        prior: &Observed<R>,
        arguments: &R,
    ) -> Result<Progress<Observed<R>>> {
        let _ = (call, prior, arguments);
        Err(Error::unsupported(R::TYPE, "be changed in place"))
    }

    /// Begins to delete a resource.
    ///
    /// # Guarantees
    /// Idempotent; what is gone already is [`Progress::Gone`], no error.
    async fn delete(&self, call: Call<'_>, prior: &Observed<R>) -> Result<Progress<Observed<R>>>;

    /// Carries on with what a ticket stands for: asks how far the cloud is, takes the next idempotent step.
    ///
    /// # Guarantees
    /// Works in another process than the one that got the ticket. Idempotent.
    /// # Assumptions
    /// `arguments` are those of the call that gave the ticket.
    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &R) -> Result<Progress<Observed<R>>> {
        let _ = (call, ticket, arguments);
        Err(Error::unsupported(R::TYPE, "be resumed: it gives no tickets"))
    }

    /// Looks for what the attempt with this token may have left behind.
    ///
    /// # Guarantees
    /// [`Found::Nothing`] means that creating again with the same token cannot double anything.
    async fn find(&self, call: Call<'_>, arguments: &R) -> Result<Found<Observed<R>>> {
        let _ = (call, arguments);
        Err(Error::unsupported(R::TYPE, "be found again by an attempt's token"))
    }

    /// Reads a resource that no state knows, by the id that a user gives.
    ///
    /// # Errors
    /// NotFound, Unsupported, or an id of the wrong form.
    async fn import(&self, id: &str) -> Result<Observed<R>> {
        Err(Error::unsupported(R::TYPE, "be taken over by its id").resource(id))
    }

    /// Says what will come of a change, while it is planned. Called if [`Abilities::forecast`] says so, for what is made,
    /// changed in place or taken over; for what is replaced twice, the second time as for something new.
    ///
    /// # Guarantees
    /// No effect. It may read.
    /// # Assumptions
    /// Some arguments may be known only while the plan is applied.
    /// # Errors
    /// The change is refused: a quota, a combination that does not go. [`Error::at`] names the field. The engine tells all
    /// refusals at once.
    async fn forecast(&self, proposal: Proposal<'_, Observed<R>>) -> Result<Forecast> {
        let _ = proposal;
        Ok(Forecast::new())
    }

    /// Brings a stored object from an older schema version to the present one. It may read and has no effect.
    ///
    /// # Assumptions
    /// `stored` is as it was written under that version; its arguments and attributes need not fit `R`.
    /// # Errors
    /// Unsupported when there is no way.
    async fn upgrade(&self, from: u32, stored: Object) -> Result<Object> {
        let _ = stored;
        let what = "be brought from an older schema version to the present one";
        Err(Error::unsupported(R::TYPE, what).resource(format!("schema version {from}")))
    }
}

/// A provider as an engine sees it: named drivers.
#[derive(Clone)]
pub struct Provider {
    name: String,
    drivers: BTreeMap<TypeName, Arc<dyn Driver>>,
    data: BTreeMap<TypeName, Arc<dyn DataDriver>>,
    concurrency: usize,
    budget: Budget,
    opener: Option<Arc<dyn Opener>>,
}

/// How many calls a provider allows at a time where nothing is said.
const CALLS_AT_A_TIME: usize = 64;

impl Provider {
    /// A provider without drivers. The name is that of its account and place in the state, as `aws` or `aws.west`.
    pub fn new(name: impl Into<String>) -> Self {
        let (drivers, data) = (BTreeMap::new(), BTreeMap::new());
        Self {
            name: name.into(),
            drivers,
            data,
            concurrency: CALLS_AT_A_TIME,
            budget: Budget::new(),
            opener: None,
        }
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
        self.drivers.insert(driver.resource_type().name.clone(), driver);
        self
    }

    /// Adds the data source that a client reads.
    pub fn with_data<R: Data, C: DataSource<R>>(self, client: &Arc<C>) -> Self {
        self.with_data_driver(Arc::new(Read::<R, C>::new(client.clone())))
    }

    /// Adds the driver of a data source.
    pub fn with_data_driver(mut self, driver: Arc<dyn DataDriver>) -> Self {
        self.data.insert(driver.resource_type().name.clone(), driver);
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

    /// Sets how often and how long its calls are tried; what it leaves open the engine decides.
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// The same provider, announced only: it is opened with a configuration of the type `R`, which a stack declares with
    /// [`Stack::read`](crate::Stack::read). Of the drivers here, the engine takes types and abilities, and calls none.
    ///
    /// The configuration may refer to what the same stack makes. Until that is known, nodes of this provider are planned
    /// as they are recorded; the apply opens the provider before it does anything with them.
    pub fn opened_by<R: Data, C: Opens<R>>(self, client: &Arc<C>) -> Self {
        self.with_opener(Arc::new(OpenedBy::<R, C>::new(client.clone())))
    }

    /// Sets who opens the provider, as [`Provider::opened_by`].
    pub fn with_opener(mut self, opener: Arc<dyn Opener>) -> Self {
        self.opener = Some(opener);
        self
    }

    /// Who opens it with a configuration; none if it needs none.
    pub fn opener(&self) -> Option<&Arc<dyn Opener>> {
        self.opener.as_ref()
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How often and how long its calls are tried.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// How many calls may be under way at a time.
    pub fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// The driver of a type.
    pub fn driver(&self, type_name: &str) -> Option<&Arc<dyn Driver>> {
        self.drivers.get(type_name)
    }

    /// The drivers, in the order of their types' names.
    pub fn drivers(&self) -> impl Iterator<Item = &Arc<dyn Driver>> + '_ {
        self.drivers.values()
    }

    /// The driver of a data source, by its type: `data.aws_ami`.
    pub fn data(&self, type_name: &str) -> Option<&Arc<dyn DataDriver>> {
        self.data.get(type_name)
    }

    /// The drivers of the data sources, in the order of their types' names.
    pub fn data_drivers(&self) -> impl Iterator<Item = &Arc<dyn DataDriver>> + '_ {
        self.data.values()
    }

    /// The types offered, by name.
    pub fn types(&self) -> impl Iterator<Item = &Arc<ResourceType>> + '_ {
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
