//! The cloud as its users hold it: opening it, its providers, and what an outsider may see and do.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use landform_core::{Address, Error, ErrorKind, FindBy, Object, Provider, ResourceType, Result, Token};
use serde_json::{Map, Value as Json};

use crate::{
    calls::{Calls, Counter, Operation},
    clock,
    decide::Desk,
    driver::TypeDriver,
    faults::{Fault, Faults},
    hook::{Hook, Moment, Then},
    latency::{Lag, Latency},
    ledger::{Effect, Entry, Existing},
    log::{Header, LedgerError, Line, Locked, Log},
    world::{Misfit, World},
};

/// A cloud in a directory. Clones share everything; other processes may open the same directory at the same time.
#[derive(Clone)]
pub struct Cloud(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub settings: Settings,
    pub counter: Counter,
    pub faults: Faults,
    directory: PathBuf,
    ledger: Mutex<Ledger>,
}

struct Ledger {
    log: Log,
    world: World,
    header: Header,
}

/// What was asked for when the cloud was opened.
pub(crate) struct Settings {
    pub region: String,
    pub account: String,
    pub zones: Vec<String>,
    pub latency: Latency,
    pub page: usize,
    pub hook: Option<Box<Hook>>,
    lag: Lag,
    lags: BTreeMap<String, Lag>,
    found_by: BTreeMap<String, FindBy>,
}

impl Settings {
    pub(crate) fn lag(&self, type_name: &str) -> Lag {
        self.lags.get(type_name).copied().unwrap_or(self.lag)
    }

    pub(crate) fn found_by(&self, type_name: &str) -> FindBy {
        self.found_by.get(type_name).copied().unwrap_or(FindBy::Token)
    }
}

/// How a cloud is to be.
#[must_use]
pub struct Builder {
    directory: PathBuf,
    types: Vec<&'static ResourceType>,
    region: Option<String>,
    account: Option<String>,
    settings: Settings,
    faults: Faults,
}

/// Region and account of a cloud that was not given any. The account is no one's.
const REGION: &str = "us-east-2";
const ACCOUNT: &str = "000000000000";

/// How many ids one read takes where nothing is said.
const PAGE: usize = 100;

impl Cloud {
    /// A cloud in this directory, to be described further. Nothing is read or made yet.
    pub fn open(directory: impl AsRef<Path>) -> Builder {
        Builder {
            directory: directory.as_ref().to_owned(),
            types: Vec::new(),
            region: None,
            account: None,
            settings: Settings {
                region: String::new(),
                account: String::new(),
                zones: Vec::new(),
                latency: Latency::default(),
                page: PAGE,
                hook: None,
                lag: Lag::default(),
                lags: BTreeMap::new(),
                found_by: BTreeMap::new(),
            },
            faults: Faults::default(),
        }
    }

    /// The provider of that name, as `aws` or `aws.west`, with a driver for each of the cloud's types whose name
    /// begins with what stands before the dot.
    pub fn provider(&self, name: &str) -> Provider {
        let wanted = name.split('.').next().unwrap_or(name);
        let types: Vec<_> = self.ledger().world.types().collect();
        types
            .into_iter()
            .filter(|known| known.name.provider() == wanted)
            .fold(Provider::new(name), |provider, known| {
                provider.with_driver(Arc::new(TypeDriver::new(self.clone(), known)))
            })
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

    /// Makes something exist beforehand, with this id: what a stack uses but did not make. Repeating it does
    /// nothing.
    ///
    /// # Errors
    /// The type is not known, the arguments break its schema or rules, or the ledger fails.
    pub fn seed(&self, type_name: &str, id: &str, arguments: Json) -> Result<Object> {
        self.behind(type_name, Operation::Create, |desk, session| desk.seed_one(session, id, &arguments))
    }

    /// Changes the arguments of something behind its provider's back. Neither immutable fields nor rules hold it.
    ///
    /// # Errors
    /// There is no such thing, the new arguments break its schema, or the ledger fails.
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

    /// Removes something behind its provider's back, whoever uses it.
    ///
    /// # Errors
    /// There is no such thing, or the ledger fails.
    pub fn vanish(&self, type_name: &str, id: &str) -> Result<()> {
        self.behind(type_name, Operation::Delete, |desk, session| desk.vanish(session, id))
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

    /// How many resources each token made, ever. A token that made two has doubled something, or was used again
    /// after the first was deleted.
    ///
    /// # Errors
    /// The ledger fails.
    pub fn created(&self) -> Result<BTreeMap<Token, usize>> {
        let count = |session: &mut Session<'_>| {
            Ok(session.world.attempts().map(|(token, made)| (token.clone(), made)).collect())
        };
        self.0.transact(false, count)
    }

    /// The nodes for which more than one resource exists now, with the ids. Where several stacks of one cloud use
    /// the same addresses, that alone is no double.
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

    /// Every effect there ever was, read from the file.
    ///
    /// # Errors
    /// The ledger fails.
    pub fn ledger_entries(&self) -> Result<Vec<Entry>, LedgerError> {
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

    /// What was called through this cloud and its clones.
    pub fn calls(&self) -> Calls {
        self.0.counter.snapshot()
    }

    /// Begins to count calls anew.
    pub fn reset_calls(&self) {
        self.0.counter.reset();
    }

    fn behind<T>(
        &self,
        type_name: &str,
        operation: Operation,
        act: impl FnOnce(&Desk<'_>, &mut Session<'_>) -> Result<T>,
    ) -> Result<T> {
        let known = self.ledger().world.resource_type(type_name);
        let resource_type = known.ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                format!("{type_name} is not a type this cloud was opened with"),
            )
        })?;
        let desk = Desk { settings: &self.0.settings, resource_type, operation, partly: false };
        self.0.transact(true, |session| act(&desk, session))
    }

    fn ledger(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.0.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloud").field("directory", &self.0.directory).field("region", &self.region()).finish()
    }
}

impl Builder {
    /// Adds types that the cloud can realise.
    pub fn types(mut self, types: impl IntoIterator<Item = &'static ResourceType>) -> Self {
        self.types.extend(types);
        self
    }

    /// Sets how long things take. A thousandth of life where nothing is said.
    pub fn latency(mut self, latency: Latency) -> Self {
        self.settings.latency = latency;
        self
    }

    /// Adds faults.
    pub fn faults(self, faults: impl IntoIterator<Item = Fault>) -> Self {
        faults.into_iter().for_each(|fault| self.faults.inject(fault));
        self
    }

    /// Sets the region; an existing cloud must be of it.
    pub fn region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }

    /// Sets the account or project; an existing cloud must be of it.
    pub fn account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    /// Sets the zones that are chosen in turn. Three of the region where nothing is said.
    pub fn zones<Z: Into<String>>(mut self, zones: impl IntoIterator<Item = Z>) -> Self {
        self.settings.zones = zones.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how many ids one read takes, at least 1.
    pub fn page(mut self, ids: usize) -> Self {
        self.settings.page = ids.max(1);
        self
    }

    /// Sets how far reads lag behind creations.
    pub fn lag(mut self, lag: Lag) -> Self {
        self.settings.lag = lag;
        self
    }

    /// Sets how far reads of one type lag.
    pub fn lag_of(mut self, type_name: &str, lag: Lag) -> Self {
        self.settings.lags.insert(type_name.to_owned(), lag);
        self
    }

    /// Sets how attempts of a type are found again; by token where nothing is said. By anything else, the token
    /// does not keep a repeated creation from making a second resource either.
    pub fn found_by(mut self, type_name: &str, how: FindBy) -> Self {
        self.settings.found_by.insert(type_name.to_owned(), how);
        self
    }

    /// Calls this at each [`Point`](crate::Point) of each create, update and delete. It may panic, end the process,
    /// or let the call hang.
    pub fn crash_at(mut self, hook: impl Fn(&Moment<'_>) -> Then + Send + Sync + 'static) -> Self {
        self.settings.hook = Some(Box::new(hook));
        self
    }

    /// Opens the cloud. The directory is made with the first effect, not before.
    ///
    /// # Errors
    /// The directory's ledger cannot be read: not one, newer, damaged, of another region, or with unknown types.
    pub fn build(self) -> Result<Cloud, LedgerError> {
        let Self { directory, types, region, account, mut settings, faults } = self;
        let mut ledger =
            Ledger { log: Log::new(&directory), world: World::new(&types), header: Header::new("", "") };
        if let Some(locked) = ledger.log.lock(false)? {
            ledger.catch_up(&locked)?;
        }
        let found = (ledger.log.lines() > 0).then(|| ledger.header.clone());
        let stored = found.clone().unwrap_or_else(|| Header::new(REGION, ACCOUNT));
        let wanted = Header::new(
            region.as_deref().unwrap_or(&stored.region),
            account.as_deref().unwrap_or(&stored.account),
        );
        ledger.same_place(found.as_ref(), &wanted)?;
        settings.region = wanted.region.clone();
        settings.account = wanted.account.clone();
        if settings.zones.is_empty() {
            settings.zones = zones_of(&settings.region);
        }
        ledger.header = wanted;
        Ok(Cloud(Arc::new(Inner {
            settings,
            counter: Counter::default(),
            faults,
            directory,
            ledger: Mutex::new(ledger),
        })))
    }
}

/// `us-east-2a` to `c` in the manner of AWS, `us-central1-a` to `c` in that of Google.
fn zones_of(region: &str) -> Vec<String> {
    let aws = region.rsplit('-').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    let dash = if aws { "" } else { "-" };
    ["a", "b", "c"].into_iter().map(|zone| format!("{region}{dash}{zone}")).collect()
}

/// One transaction: the world as it is now, and the way to change it.
pub(crate) struct Session<'a> {
    pub world: &'a mut World,
    pub now: u64,
    log: &'a mut Log,
    locked: Option<&'a Locked>,
}

impl Session<'_> {
    /// Writes an entry and takes it in.
    pub(crate) fn commit(&mut self, entry: Entry) -> Result<()> {
        if let Some(locked) = self.locked {
            self.log.append(locked, &entry).map_err(failed)?;
        }
        let line = self.log.lines();
        self.world.apply(entry).map_err(|misfit| failed(misfit.at(self.log, line)))
    }
}

impl Inner {
    /// Does something under the ledger's lock, caught up with what other processes did.
    pub(crate) fn transact<T>(
        &self,
        make: bool,
        act: impl FnOnce(&mut Session<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let ledger = &mut *ledger;
        let locked = ledger.log.lock(make).map_err(failed)?;
        if let Some(locked) = &locked {
            let wanted = ledger.header.clone();
            ledger.catch_up(locked).map_err(failed)?;
            if ledger.log.lines() == 0 && make {
                ledger.log.append(locked, &wanted).map_err(failed)?;
            }
            ledger.same_place(Some(&ledger.header), &wanted).map_err(failed)?;
        }
        let now = clock::now();
        let mut session =
            Session { world: &mut ledger.world, now, log: &mut ledger.log, locked: locked.as_ref() };
        while let Some(entity) = session.world.due(now) {
            let mut entry = Entry::new(Effect::Deleted, now, entity.resource_type.name_str(), &entity.id);
            entry.by = entity.by.clone();
            session.commit(entry)?;
        }
        act(&mut session)
    }
}

impl Ledger {
    fn catch_up(&mut self, locked: &Locked) -> Result<(), LedgerError> {
        let Self { log, world, header } = self;
        log.catch_up(locked, |log, line| match line {
            Line::Header(found) => {
                *header = found;
                Ok(())
            }
            Line::Entry(entry) => world.apply(*entry).map_err(|misfit| misfit.at(log, log.lines())),
        })
    }

    fn same_place(&self, found: Option<&Header>, wanted: &Header) -> Result<(), LedgerError> {
        let place = |header: &Header| format!("in region {}, account {}", header.region, header.account);
        match found {
            Some(found) if (&found.region, &found.account) != (&wanted.region, &wanted.account) => {
                Err(LedgerError::Elsewhere {
                    path: self.log.path().to_owned(),
                    found: place(found),
                    expected: place(wanted),
                })
            }
            _ => Ok(()),
        }
    }
}

impl Misfit {
    fn at(self, log: &Log, line: usize) -> LedgerError {
        match self {
            Self::UnknownType(type_name) => {
                LedgerError::UnknownType { path: log.path().to_owned(), line, type_name }
            }
            Self::Nothing(what) => log.damaged(line, format!("{what} is not there")),
        }
    }
}

fn failed(error: LedgerError) -> Error {
    let kind = match &error {
        LedgerError::Io { .. } => ErrorKind::Unavailable,
        _ => ErrorKind::Internal,
    };
    Error::new(kind, error.to_string())
}
