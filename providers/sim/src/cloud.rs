//! The cloud for its users: opens it, gives its providers, and lets an outsider look at and change its resources.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use landform_core::{Address, Error, ErrorKind, Object, Provider, Result, Token};
use serde_json::{Map, Value as Json};

use crate::{
    builder::{Builder, Settings},
    calls::{Calls, Counter, Operation},
    decide::Desk,
    driver::TypeDriver,
    faults::{Fault, Faults},
    fleet,
    ledger::{Effect, Entry, Existing},
    log::{LedgerError, Line, Log},
    session::{Ledger, Session},
    source::TypeSource,
};

/// A cloud in a directory. Clones share everything. Other processes may use the same directory at the same time. If a
/// process is stopped, not killed, in the middle of a call, the others wait.
#[derive(Clone)]
pub struct Cloud(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub settings: Settings,
    pub counter: Counter,
    pub faults: Faults,
    directory: PathBuf,
    ledger: Mutex<Ledger>,
    /// Whether the fleets were looked at since the cloud was opened. A killed process may have left some short.
    settled: AtomicBool,
}

impl Cloud {
    pub(crate) fn new(directory: PathBuf, settings: Settings, faults: Faults, ledger: Ledger) -> Self {
        let (counter, ledger) = (Counter::default(), Mutex::new(ledger));
        let settled = AtomicBool::new(false);
        Self(Arc::new(Inner { settings, counter, faults, directory, ledger, settled }))
    }

    /// A builder of a cloud in this directory. Reads and creates nothing yet.
    pub fn open(directory: impl AsRef<Path>) -> Builder {
        Builder::new(directory.as_ref())
    }

    /// The provider with that name, such as `aws` or `aws.west`. It has a driver for each type of the cloud, and a
    /// reader for each data source, whose name begins with the part before the dot.
    pub fn provider(&self, name: &str) -> Provider {
        let wanted = name.split('.').next().unwrap_or(name);
        let mut types: Vec<_> = self.locked().world.types().cloned().collect();
        let sources = &self.0.settings.sources;
        types.retain(|known| known.name.provider() == wanted);
        let provider = types.into_iter().fold(Provider::new(name), |provider, known| {
            provider.with_driver(Arc::new(TypeDriver::new(self.clone(), known)))
        });
        let sources = sources.iter().filter(|known| known.name.provider() == wanted);
        sources.fold(provider, |provider, known| {
            provider.with_data_driver(Arc::new(TypeSource::new(self.clone(), known.clone())))
        })
    }

    pub(crate) fn facts(&self, source: &str) -> impl Iterator<Item = &Map<String, Json>> {
        self.0.settings.facts.get(source).into_iter().flatten()
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.0.directory
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.0.settings.region
    }

    /// The account.
    pub fn account(&self) -> &str {
        &self.0.settings.account
    }

    /// The region's zones.
    pub fn zones(&self) -> &[String] {
        &self.0.settings.zones
    }

    /// Adds an existing resource with this id, which a stack uses but does not manage. Repeating it does nothing.
    ///
    /// # Errors
    /// The type is unknown, the arguments break its schema or rules, or the ledger fails.
    pub fn seed(&self, type_name: &str, id: &str, arguments: Json) -> Result<Object> {
        self.behind(type_name, Operation::Create, |desk, session| desk.seed_one(session, id, &arguments))
    }

    /// Changes the arguments of a resource without its provider. Immutable fields and rules do not prevent it.
    ///
    /// # Errors
    /// There is no such resource, the new arguments break its schema, or the ledger fails.
    pub fn tamper(
        &self,
        type_name: &str,
        id: &str,
        change: impl FnOnce(&mut Map<String, Json>),
    ) -> Result<()> {
        let mut arguments = self.behind(type_name, Operation::Update, |desk, session| {
            Ok(desk.existing(session, id)?.arguments.clone())
        })?;
        change(&mut arguments);
        let arguments = Json::Object(arguments);
        self.behind(type_name, Operation::Update, |desk, session| {
            desk.update(session, None, id, &arguments, Effect::Tampered).map(drop)
        })
    }

    /// Removes a resource without its provider, even if it is used.
    ///
    /// # Errors
    /// There is no such resource, or the ledger fails.
    pub fn vanish(&self, type_name: &str, id: &str) -> Result<()> {
        self.behind(type_name, Operation::Delete, |desk, session| desk.vanish(session, id))
    }

    /// Gives every group of a fleet its members. Each change of a group does this for all groups; this is for a group that
    /// another process changed, which may know of no fleet.
    ///
    /// # Errors
    /// The ledger fails.
    pub fn settle(&self) -> Result<()> {
        self.0.settled.store(false, Ordering::Relaxed);
        self.0.transact(true, |_| Ok(()))
    }

    /// Adds a fault.
    pub fn inject(&self, fault: Fault) {
        self.0.faults.inject(fault);
    }

    /// Everything that exists, in the order of creation.
    ///
    /// # Errors
    /// The ledger fails.
    pub fn objects(&self) -> Result<Vec<Existing>> {
        self.0.transact(false, |session| Ok(session.world.existing(session.now)))
    }

    /// How many resources each token ever created. A token with two has doubled a resource, or was used again after the
    /// first one was deleted.
    ///
    /// # Errors
    /// The ledger fails.
    pub fn created(&self) -> Result<BTreeMap<Token, usize>> {
        let count = |session: &mut Session<'_>| {
            Ok(session.world.attempts().map(|(token, made)| (token.clone(), made)).collect())
        };
        self.0.transact(false, count)
    }

    /// The nodes with more than one existing resource, and the ids. This is not an error if several stacks of one cloud
    /// use the same addresses.
    ///
    /// # Errors
    /// The ledger fails.
    pub fn doubles(&self) -> Result<BTreeMap<Address, Vec<String>>> {
        let mut by_node: BTreeMap<Address, Vec<String>> = BTreeMap::new();
        for existing in self.objects()? {
            if let (Some(address), false) = (existing.by, existing.deleting) {
                by_node.entry(address).or_default().push(existing.id);
            }
        }
        by_node.retain(|_, ids| ids.len() > 1);
        Ok(by_node)
    }

    /// Every effect so far, read from the file.
    ///
    /// # Errors
    /// The ledger fails.
    pub fn ledger(&self) -> Result<Vec<Entry>, LedgerError> {
        let mut log = Log::new(&self.0.directory);
        let mut entries = Vec::new();
        if let Some(locked) = log.lock(false)? {
            log.catch_up(&locked, |_, line| {
                if let Line::Entry(entry) = line {
                    entries.push(*entry);
                }
                Ok(())
            })?;
        }
        Ok(entries)
    }

    /// The calls through this cloud and its clones.
    pub fn calls(&self) -> Calls {
        self.0.counter.snapshot()
    }

    /// Starts to count calls again.
    pub fn reset_calls(&self) {
        self.0.counter.reset();
    }

    fn behind<T>(
        &self,
        type_name: &str,
        operation: Operation,
        act: impl FnOnce(&Desk<'_>, &mut Session<'_>) -> Result<T>,
    ) -> Result<T> {
        let known = self.locked().world.resource_type(type_name).cloned();
        let resource_type = known.ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                format!("{type_name} is not a type this cloud was opened with"),
            )
        })?;
        let resource_type = &*resource_type;
        let desk = Desk { settings: &self.0.settings, resource_type, operation, partly: false };
        self.0.transact(true, |session| act(&desk, session))
    }

    fn locked(&self) -> MutexGuard<'_, Ledger> {
        self.0.locked()
    }
}

impl Inner {
    fn locked(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a closure under the ledger's lock.
    pub(crate) fn transact<T>(
        &self,
        make: bool,
        act: impl FnOnce(&mut Session<'_>) -> Result<T>,
    ) -> Result<T> {
        self.locked().transact(make, |session| {
            let answer = act(session);
            if make && !self.settings.fleets.is_empty() {
                let first = !self.settled.swap(true, Ordering::Relaxed);
                fleet::settle(&self.settings, session, first)?;
            }
            answer
        })
    }
}

impl fmt::Debug for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloud").field("directory", &self.0.directory).field("region", &self.region()).finish()
    }
}
