//! The provider contract. A provider implements the typed trait [`Manage`] once per resource type, and [`DataSource`]
//! once per data source. Engines see their erased twins [`Driver`] and [`DataDriver`]. JSON meets Rust types only at
//! that seam.

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

/// One attempt of an effect: its node, its identity, and the listener for warnings.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The node that the effect is for.
    pub address: &'a Address,
    /// The identity of the attempt. A repeated attempt has the same one, even in another process.
    pub token: &'a Token,
    listener: Option<&'a dyn Listener>,
}

impl<'a> Call<'a> {
    /// An attempt without a listener for warnings.
    pub fn new(address: &'a Address, token: &'a Token) -> Self {
        Self { address, token, listener: None }
    }

    /// Sets who hears warnings.
    pub fn heard_by(self, listener: &'a dyn Listener) -> Self {
        Self { listener: Some(listener), ..self }
    }

    /// The same attempt with another token.
    pub fn with_token(self, token: &'a Token) -> Self {
        Self { token, ..self }
    }

    /// Tells people something about the work, whether it succeeds or fails. A repeated warning is shown once.
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

/// The abilities of a resource type's implementation. Nothing is assumed: an ability that is not declared is
/// Unsupported, and an engine does not use it.
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
    /// Whether a resource can be imported by an id from the user.
    pub import: bool,
    /// Whether it takes part in planning, with predictions before anything is done.
    #[serde(default)]
    pub forecast: bool,
    /// Whether a deletion only resets it to its default, so that reads still show it, because it is a setting of
    /// another resource.
    #[serde(default)]
    pub reset: bool,
    /// Whether it can list resources beside a known one.
    #[serde(default)]
    pub list: bool,
    /// How the result of an attempt is found after a crash.
    pub find: FindBy,
    /// How many ids one `read_many` accepts; at least 1.
    pub page: usize,
}

impl Abilities {
    /// It creates, reads and deletes. The arguments say how it finds attempts, and how many ids one read accepts, at
    /// least 1.
    pub const fn new(find: FindBy, page: usize) -> Self {
        Self { update: false, import: false, forecast: false, reset: false, list: false, find, page }
    }

    /// It can also change resources in place.
    pub const fn updates(self) -> Self {
        Self { update: true, ..self }
    }

    /// It can also import existing resources.
    pub const fn imports(self) -> Self {
        Self { import: true, ..self }
    }

    /// Its deletion only resets the resource.
    pub const fn resets(self) -> Self {
        Self { reset: true, ..self }
    }

    /// It can also list resources.
    pub const fn lists(self) -> Self {
        Self { list: true, ..self }
    }

    /// It also takes part in planning.
    pub const fn forecasts(self) -> Self {
        Self { forecast: true, ..self }
    }
}

/// How the result of an attempt is found after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindBy {
    /// The resource stores the token (as a client token, a request id, or a tag).
    Token,
    /// The arguments determine the identity (a name, the destination of a route). An existing resource with that
    /// identity is the attempt's.
    Identity,
    /// It cannot be found. A person must decide.
    Nothing,
}

/// The calls that manage one resource type, implemented by a provider's client.
///
/// The contract was written for three clouds: AWS (client tokens, tags, pending states), GCE (operations, fingerprints,
/// request ids) and the embedded one. ARCHITECTURE.md says for each method how each of them fulfils it.
#[async_trait]
pub trait Manage<R: Resource>: Send + Sync + 'static {
    /// The supported abilities.
    fn abilities(&self) -> Abilities;

    /// Reads resources by id. Uses one request if the cloud has one for many resources.
    ///
    /// # Guarantees
    /// The answer has one item per id, in the same order. `None` means that the resource does not exist, according to
    /// the cloud.
    /// # Assumptions
    /// At most [`Abilities::page`] ids.
    /// # Caveats
    /// Reads may lag behind writes. After a write, the engine does not trust `None` at once.
    async fn read_many(&self, ids: &[Id<R>]) -> Result<Vec<Option<Observed<R>>>>;

    /// Lists what is beside these resources: those of the same region, zone or parent, as far as few calls show them.
    /// A caller that expects many reads of the type uses it to read ahead. Called if [`Abilities::list`] says so.
    ///
    /// # Guarantees
    /// Each listed resource is as [`Manage::read_many`] shows it.
    /// # Assumptions
    /// At least one id and at most [`Abilities::page`] ids.
    /// # Caveats
    /// It may leave out resources that exist. Only a read tells whether one is gone.
    async fn list(&self, beside: &[Id<R>]) -> Result<Vec<Observed<R>>> {
        let _ = beside;
        Err(Error::unsupported(R::TYPE, "be listed"))
    }

    /// Begins to create a resource.
    ///
    /// # Guarantees
    /// At most one mutation, which [`Manage::find`] can find by the token. The same token twice creates one resource.
    /// Later steps are idempotent and belong to [`Manage::resume`]: the answer is a ticket with the id, so no error can
    /// lose an existing resource.
    /// # Errors
    /// Nothing was created, unless the error's effect is unknown.
    async fn create(&self, call: Call<'_>, arguments: &R) -> Result<Progress<Observed<R>>>;

    /// Changes a resource in place.
    ///
    /// # Guarantees
    /// Idempotent: repeating it with the same arguments has the same result.
    /// # Assumptions
    /// Only mutable fields differ. Called if [`Abilities::update`] says so.
    /// # Errors
    /// A part of the change may have taken effect; a read shows that.
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
    /// Idempotent. For a missing resource it returns [`Progress::Gone`], not an error.
    async fn delete(&self, call: Call<'_>, prior: &Observed<R>) -> Result<Progress<Observed<R>>>;

    /// Resumes the operation of a ticket: asks the cloud for its progress, and takes the next idempotent step.
    ///
    /// # Guarantees
    /// Works in another process than the one that got the ticket. Idempotent.
    /// # Assumptions
    /// `arguments` are those of the call that returned the ticket.
    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &R) -> Result<Progress<Observed<R>>> {
        let _ = (call, ticket, arguments);
        Err(Error::unsupported(R::TYPE, "be resumed: it gives no tickets"))
    }

    /// Searches for the result of the attempt with this token.
    ///
    /// # Guarantees
    /// [`Found::Nothing`] means that a repeated create with the same token cannot double anything.
    async fn find(&self, call: Call<'_>, arguments: &R) -> Result<Found<Observed<R>>> {
        let _ = (call, arguments);
        Err(Error::unsupported(R::TYPE, "be found by an attempt's token"))
    }

    /// Reads an unmanaged resource by an id from the user.
    ///
    /// # Errors
    /// NotFound, Unsupported, or an id of the wrong form.
    async fn import(&self, id: &str) -> Result<Observed<R>> {
        Err(Error::unsupported(R::TYPE, "be imported by its id").resource(id))
    }

    /// Predicts a change while it is planned. Called if [`Abilities::forecast`] says so, for creations, changes in
    /// place and adoptions. Called twice for a replacement, the second time as for a creation.
    ///
    /// # Guarantees
    /// No effect. It may read.
    /// # Assumptions
    /// Some arguments may be known only while the plan is applied.
    /// # Errors
    /// The change is refused: a quota, or an impossible combination. [`Error::at`] names the field. The engine reports
    /// all refusals at once.
    async fn forecast(&self, proposal: Proposal<'_, Observed<R>>) -> Result<Forecast> {
        let _ = proposal;
        Ok(Forecast::new())
    }

    /// Upgrades a stored object from an older schema version to the current one. It may read and has no effect.
    ///
    /// # Assumptions
    /// `stored` is as it was written with that version. Its arguments and attributes need not fit `R`.
    /// # Errors
    /// Unsupported if there is no way to upgrade.
    async fn upgrade(&self, from: u32, stored: Object) -> Result<Object> {
        let _ = stored;
        let what = "be upgraded from an older schema version";
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

/// The default number of concurrent calls to a provider.
const CALLS_AT_A_TIME: usize = 64;

impl Provider {
    /// A provider without drivers. The name identifies its account and place in the state, such as `aws` or `aws.west`.
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

    /// The same provider under another name, as one of several of its kind: `aws.west`.
    pub fn named(mut self, name: &ProviderName) -> Self {
        self.name = name.as_str().to_owned();
        self
    }

    /// Adds a client as the driver of one resource type. A new type needs nothing else.
    pub fn with<R: Resource, C: Manage<R>>(self, client: &Arc<C>) -> Self {
        self.with_driver(Arc::new(Managed::<R, C>::new(client.clone())))
    }

    /// Adds a driver.
    pub fn with_driver(mut self, driver: Arc<dyn Driver>) -> Self {
        self.drivers.insert(driver.resource_type().name.clone(), driver);
        self
    }

    /// Adds a client as the reader of a data source.
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

    /// Sets how many calls may run at a time.
    pub fn with_concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// Limits the retries of its calls, by attempts and time. The engine decides the rest.
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// The same provider, only announced. It is opened with a configuration of the type `R`, which a stack declares
    /// with [`Stack::read`](crate::Stack::read). The engine uses the types and abilities of these drivers, and calls
    /// none of them.
    ///
    /// The configuration may refer to resources of the same stack. Until it is known, nodes of this provider are
    /// planned from the state. The apply opens the provider before it uses it.
    pub fn opened_by<R: Data, C: Opens<R>>(self, client: &Arc<C>) -> Self {
        self.with_opener(Arc::new(OpenedBy::<R, C>::new(client.clone())))
    }

    /// Sets how the provider is opened, as [`Provider::opened_by`].
    pub fn with_opener(mut self, opener: Arc<dyn Opener>) -> Self {
        self.opener = Some(opener);
        self
    }

    /// How it is opened with a configuration; `None` if it needs none.
    pub fn opener(&self) -> Option<&Arc<dyn Opener>> {
        self.opener.as_ref()
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The limits for the retries of its calls.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// How many calls may run at a time.
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
    /// A ticket for an operation on a resource with a known id.
    pub fn new(id: impl Into<Option<String>>, payload: impl Into<Json>) -> Self {
        Self {
            id: id.into(),
            payload: payload.into(),
            poll_after: Duration::from_secs(1),
            note: String::new(),
        }
    }

    /// Sets the pause before the next poll.
    pub fn poll_after(mut self, pause: Duration) -> Self {
        self.poll_after = pause;
        self
    }

    /// Says what the operation waits for, in a few words for a progress display.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}
