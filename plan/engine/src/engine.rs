//! The engine joins providers and a place for the state. It plans, applies, destroys and refreshes stacks.

mod declare;
mod history;
mod outputs;
mod restore;

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::Arc,
    time::Duration,
};

use landform_core::{Address, Budget, Provider, Stack};
use tracing::Instrument;

pub use self::{
    outputs::Output,
    restore::{Restored, Secrets},
};
use crate::{
    EngineError, Result,
    calls::Heard,
    event::Sink,
    executor::{self, Answers, ApplyOptions, Run, settle},
    journal::{Claim, Journal, JournalError, Options, State, Writer, holder},
    outputs::Stores,
    plan::{Configuration, Plan},
    planner::{
        self, Context, PlanOptions, Refresh,
        configure::{self, Configured},
    },
    registry::Registry,
    report::Report,
    seal::Vault,
    store::{LocalStore, Store, StoreError, StoreErrorKind},
    task::Beside,
};

/// Plans and applies stacks. A clone is cheap. Keeps nothing open between calls.
///
/// ```no_run
/// # async fn example(provider: landform_core::Provider, stack: landform_core::Stack) -> Result<(), Box<dyn std::error::Error>> {
/// use landform_engine::Engine;
///
/// let engine = Engine::builder().provider(provider).state("state/base").open()?;
/// let plan = engine.plan(&stack).await?; // nothing is touched
/// println!("{plan}");
/// let report = engine.apply(&plan).await?;
/// assert!(report.is_complete());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Engine {
    store: Arc<dyn Store>,
    registry: Arc<Registry>,
    events: Sink,
    journal: Options,
    wait: Duration,
    lag: Duration,
    vault: Arc<Vault>,
}

/// Puts an engine together.
#[derive(Default)]
pub struct EngineBuilder {
    store: Option<Arc<dyn Store>>,
    url: Option<String>,
    #[cfg(feature = "encryption")]
    encryption: Option<crate::store::Encryption>,
    providers: Vec<Provider>,
    renamed: HashMap<String, String>,
    events: Sink,
    journal: Options,
    wait: Duration,
    lag: Option<Duration>,
    budget: Budget,
}

/// How long a cloud may hide a new object, unless the caller sets another time.
const LAG: Duration = Duration::from_secs(10);

impl EngineBuilder {
    /// Adds a provider. Several providers of one kind can serve other regions or accounts, under names such as
    /// `aws.west`. A node uses the provider of the [`Scope`](landform_core::Scope) in which it was added, or the
    /// provider without an alias.
    pub fn provider(mut self, provider: Provider) -> Self {
        self.providers.push(provider);
        self
    }

    /// Tells the engine that a provider was renamed: the objects recorded under the old name belong to the provider
    /// with the new name.
    pub fn renamed_provider(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.renamed.insert(from.into(), to.into());
        self
    }

    /// Sets where to keep the state: a directory, or a URL as [`crate::store::open`] reads it.
    pub fn state(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Sets the directory for the state.
    pub fn state_dir(self, directory: impl AsRef<Path>) -> Self {
        self.store(Arc::new(LocalStore::new(directory)))
    }

    /// Sets the store for the state.
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// Sets the key that encrypts the state at rest.
    ///
    /// An existing state must already be encrypted with this key, and an encrypted state needs it.
    #[cfg(feature = "encryption")]
    pub fn encryption(mut self, encryption: crate::store::Encryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Sets who hears what happens.
    pub fn events(mut self, events: Sink) -> Self {
        self.events = events;
        self
    }

    /// Sets how the journal behaves: lease, group commit, compaction.
    pub fn journal(mut self, options: Options) -> Self {
        self.journal = options;
        self
    }

    /// Waits this long for another writer to finish before giving up.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Sets how long a cloud may hide a new object (10 s).
    pub fn lag(mut self, lag: Duration) -> Self {
        self.lag = Some(lag);
        self
    }

    /// Limits the retries of calls, by attempts and time, for providers and nodes without a budget.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Makes the engine. Opens and creates nothing yet.
    ///
    /// # Errors
    /// No place for the state was given, or its URL is malformed.
    pub fn open(self) -> Result<Engine> {
        let store = match (self.store, self.url) {
            (Some(store), _) => store,
            (None, url) => {
                crate::store::open(url.as_deref().unwrap_or_default()).map_err(JournalError::from)?
            }
        };
        #[cfg(feature = "encryption")]
        let store = match self.encryption {
            Some(encryption) => Arc::new(crate::store::Encrypted::new(store, encryption)) as Arc<dyn Store>,
            None => store,
        };
        let mut providers = vec![Stores::new().provider()];
        providers.extend(self.providers);
        Ok(Engine {
            store,
            registry: Arc::new(Registry::new(&providers, self.renamed, self.budget)),
            events: self.events,
            journal: self.journal,
            wait: self.wait,
            lag: self.lag.unwrap_or(LAG),
            vault: Arc::default(),
        })
    }
}

impl Engine {
    /// Starts a builder.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// The same engine with another listener.
    pub fn with_events(&self, events: Sink) -> Self {
        Self { events, ..self.clone() }
    }

    /// Reads the state of a stack. Needs no lease and writes nothing.
    ///
    /// # Errors
    /// The state cannot be read, is damaged, or belongs to another stack.
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn state(&self, stack: &str) -> Result<State> {
        Ok(self.read(stack).await?.state().clone())
    }

    /// Plans a stack. Reads everything and changes nothing.
    ///
    /// # Errors
    /// See [`EngineError`](crate::EngineError). Nothing was changed.
    ///
    /// # Cancel safety
    /// A plan changes nothing. If it was settling an interrupted run, its findings so far are recorded, and the lease
    /// is released as after a dropped [`Engine::apply`].
    pub async fn plan(&self, stack: &Stack) -> Result<Plan> {
        self.plan_with(stack, &PlanOptions::default()).await
    }

    /// Plans a stack, with options.
    ///
    /// If an earlier run was interrupted, its open attempts are settled first: the plan resumes running operations and
    /// records the results.
    ///
    /// # Errors
    /// The same as for [`Engine::plan`].
    ///
    /// # Cancel safety
    /// The same as for [`Engine::plan`].
    pub async fn plan_with(&self, stack: &Stack, options: &PlanOptions) -> Result<Plan> {
        let span = tracing::info_span!("plan", stack = stack.name());
        self.told_of(stack.name()).planned(stack, options).instrument(span).await
    }

    async fn planned(&self, stack: &Stack, options: &PlanOptions) -> Result<Plan> {
        // The state is read while the stack is checked, because each takes a good part of a plan's time.
        let (store, name) = (self.store.clone(), stack.name().to_owned());
        let reading = Beside::start(async move { Journal::read(store, &name).await });
        let (configured, dependencies) = Configured::find(stack.check_graph()?, &self.registry)?;
        let journal = reading.wait().await?;
        let heard = Heard { events: &self.events, vault: &self.vault };
        let state = if journal.state().pending().next().is_some() {
            configured.open(&dependencies, &self.registry, journal.state(), heard, false).await?;
            let writer = self.write(journal, "recover").await?;
            let settled = settle::settle(&self.run(&writer)).await;
            self.close(&writer, settled).await?.1
        } else {
            journal.state().clone()
        };
        let registry = &self.registry;
        let (events, vault, lag) = (&self.events, &*self.vault, self.lag);
        let (dependencies, configured) = (&dependencies, &configured);
        let (state, removed) = (&state, stack.removals().iter().map(|removed| &removed.address).collect());
        let context = Context {
            stack,
            dependencies,
            state,
            registry,
            vault,
            lag,
            options,
            events,
            configured,
            removed,
        };
        planner::plan(context).await
    }

    /// Plans to destroy everything that the state has of a stack.
    ///
    /// # Errors
    /// The same as for [`Engine::plan`].
    ///
    /// # Cancel safety
    /// The same as for [`Engine::plan`].
    pub async fn plan_destroy(&self, stack: &Stack) -> Result<Plan> {
        self.plan_with(stack, &PlanOptions { destroy: true, ..PlanOptions::default() }).await
    }

    /// Reads everything and reports drift. The plan has no changes; applying it records what was read.
    ///
    /// # Errors
    /// The same as for [`Engine::plan`].
    ///
    /// # Cancel safety
    /// The same as for [`Engine::plan`].
    pub async fn plan_refresh(&self, stack: &Stack) -> Result<Plan> {
        self.plan_with(stack, &PlanOptions { refresh: Refresh::Only, ..PlanOptions::default() }).await
    }

    /// Applies a plan exactly as it is.
    ///
    /// # Errors
    /// The plan is stale, its state is gone, somebody else holds the state, or the state cannot be written. The report has
    /// the failures of providers.
    ///
    /// # Cancel safety
    /// Dropping it stops it at once. Running calls are cut off. Their intents were recorded before, so the next plan or
    /// apply finds out their results. Nothing is lost or done twice. A task of the runtime records what has happened so
    /// far and releases the lease, and the next engine of this process waits for that. To finish running steps, use
    /// [`ApplyOptions::cancel`].
    pub async fn apply(&self, plan: &Plan) -> Result<Report> {
        self.apply_with(plan, &ApplyOptions::default()).await
    }

    /// Applies a plan, with options.
    ///
    /// # Errors
    /// The same as for [`Engine::apply`].
    ///
    /// # Cancel safety
    /// The same as for [`Engine::apply`].
    pub async fn apply_with(&self, plan: &Plan, options: &ApplyOptions) -> Result<Report> {
        let span = tracing::info_span!("apply", stack = plan.stack);
        self.told_of(&plan.stack).applied(plan, options).instrument(span).await
    }

    async fn applied(&self, plan: &Plan, options: &ApplyOptions) -> Result<Report> {
        executor::check_whole(plan, &self.registry)?;
        let journal = self.read(&plan.stack).await?;
        let open = self.refuse(plan, journal.state()).await?;
        // An abandoned lease is taken over and released here, so this takes the long way.
        if !open && plan.records_nothing() && holder(&*self.store).await?.is_none() {
            return Ok(executor::nothing(plan, &self.events));
        }
        let writer = self.write(journal, if plan.destroy { "destroy" } else { "apply" }).await?;
        let done = self.apply_to(&writer, plan, options).await;
        Ok(self.close(&writer, done).await?.0)
    }

    /// Opens the providers whose configuration is in the plan.
    async fn open(&self, plan: &Plan, run: &Run<'_>) -> Result<()> {
        for configuration in &plan.configurations {
            let (type_name, provider) = (configuration.type_name.as_str(), &configuration.provider);
            let Some(asked) = self.registry.source_of(type_name, provider) else { continue };
            let address = configuration.address.clone();
            let arguments = run
                .resolve(address.as_str(), &configuration.arguments)
                .map_err(|error| EngineError::Provider { address, operation: configure::OPENING, error })?;
            let configuration = Configuration { arguments, ..configuration.clone() };
            configure::open(&configuration, asked, &run.sealer(), run.heard()).await?;
        }
        Ok(())
    }

    /// The same engine for one run on this stack. Its events name the stack, and it opens its own providers.
    fn told_of(&self, stack: &str) -> Self {
        let told = self.with_events(self.events.of(stack));
        match self.registry.of_a_run() {
            Some(registry) => Self { registry: Arc::new(registry), ..told },
            None => told,
        }
    }

    /// Refuses what the run would refuse anyway, before anything is written. While another run writes, or an attempt is
    /// open, only the writer can tell. Returns whether an attempt is open.
    async fn refuse(&self, plan: &Plan, state: &State) -> Result<bool> {
        if state.pending().next().is_some() {
            return Ok(true);
        }
        if plan.lineage.is_some() && state.lineage().is_empty() {
            let gone = StoreError::new(StoreErrorKind::Vanished, "apply the plan to", self.store.describe());
            let gone = gone.because("the state that this plan was made from is gone");
            return Err(JournalError::Store(gone).into());
        }
        let stale = executor::check_fresh(plan, state, None);
        if stale.is_err() && holder(&*self.store).await?.is_some() {
            return Ok(true);
        }
        stale.map(|()| false)
    }

    async fn apply_to(&self, writer: &Writer, plan: &Plan, options: &ApplyOptions) -> Result<Report> {
        let run = self.run(writer);
        self.open(plan, &run).await?;
        settle::settle(&run).await?;
        executor::check_fresh(plan, &writer.state(), Some(writer.run()))?;
        // A renamed object must not have an open attempt, neither at its old address nor at the new one.
        let moved = plan.moves.iter().flat_map(|moved| [&moved.from, &moved.to]);
        let moved: HashSet<&Address> = moved.collect();
        let made = plan.changes.iter().filter(|change| change.after.is_some()).map(|change| &change.address);
        let made: HashSet<&Address> = made.collect();
        let wanted = |address: &Address| made.contains(address) && !moved.contains(address);
        settle::close_unwanted(&run, wanted).await?;
        executor::execute(&run, plan, options).await
    }

    async fn read(&self, stack: &str) -> Result<Journal> {
        Ok(Journal::read(self.store.clone(), stack).await?)
    }

    /// Starts a writer at the end of the loaded journal, so that nothing is read twice.
    async fn write(&self, journal: Journal, operation: &str) -> Result<Writer> {
        let claim = Claim::new(operation).wait(self.wait);
        Ok(journal.continue_with(claim, self.journal.clone()).await?)
    }

    /// Ends a run, whatever its result. An error of the run takes precedence over an error while closing.
    async fn close<T>(&self, writer: &Writer, done: Result<T>) -> Result<(T, State)> {
        let closed = writer.close().await;
        let done = done?;
        Ok((done, closed?))
    }

    fn run<'a>(&'a self, writer: &'a Writer) -> Run<'a> {
        Run {
            registry: &self.registry,
            writer,
            events: &self.events,
            vault: &self.vault,
            salt: writer.with_state(|state| state.lineage().to_owned()),
            lag: self.lag,
            answers: Answers::default(),
            warnings: Default::default(),
        }
    }
}
