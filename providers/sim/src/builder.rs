//! The settings of a cloud before it is opened.

use std::{
    borrow::Borrow,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use landform_core::{FindBy, ResourceType};
use serde_json::{Map, Value as Json};

use crate::{
    cloud::Cloud,
    faults::{Fault, Faults},
    fleet::Fleet,
    hook::{Hook, Moment, Then},
    latency::{Lag, Latency},
    log::{Header, LedgerError},
    place,
    session::Ledger,
};

/// The settings with which the cloud was opened.
pub(crate) struct Settings {
    pub region: String,
    pub account: String,
    pub zones: Vec<String>,
    pub latency: Latency,
    pub page: usize,
    pub hook: Option<Box<Hook>>,
    pub conceals: bool,
    lag: Lag,
    lags: BTreeMap<String, Lag>,
    found_by: BTreeMap<String, FindBy>,
    pub facts: BTreeMap<String, Vec<Map<String, Json>>>,
    pub sources: Vec<Arc<ResourceType>>,
    pub fleets: Vec<Box<dyn Fleet>>,
}

impl Settings {
    pub(crate) fn lag(&self, type_name: &str) -> Lag {
        self.lags.get(type_name).copied().unwrap_or(self.lag)
    }

    pub(crate) fn found_by(&self, type_name: &str) -> FindBy {
        self.found_by.get(type_name).copied().unwrap_or(FindBy::Token)
    }
}

/// The settings of a cloud.
#[must_use]
pub struct Builder {
    directory: PathBuf,
    types: Vec<Arc<ResourceType>>,
    region: Option<String>,
    account: Option<String>,
    settings: Settings,
    faults: Faults,
}

/// The default region and account. The account belongs to nobody.
const REGION: &str = "us-east-2";
const ACCOUNT: &str = "000000000000";

/// The default number of ids in one read.
const PAGE: usize = 100;

impl Builder {
    pub(crate) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
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
                conceals: false,
                lag: Lag::default(),
                lags: BTreeMap::new(),
                found_by: BTreeMap::new(),
                facts: BTreeMap::new(),
                sources: Vec::new(),
                fleets: Vec::new(),
            },
            faults: Faults::default(),
        }
    }

    /// Adds types that the cloud can create, and data sources that it answers.
    pub fn types<T: Borrow<Arc<ResourceType>>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        let types = types.into_iter().map(|known| known.borrow().clone());
        let (sources, types): (Vec<_>, Vec<_>) = types.partition(|known| known.is_data());
        self.types.extend(types);
        self.settings.sources.extend(sources);
        self
    }

    /// Adds a fact for data sources: the fields of an answer, and the fields by which a query finds it. Fields
    /// with a form in the declaration may be left out. A data source needs no facts if all its attributes have a form,
    /// such as the zones of the region.
    pub fn fact(mut self, source: &ResourceType, fields: Map<String, Json>) -> Self {
        self.settings.facts.entry(source.name_str().to_owned()).or_default().push(fields);
        self
    }

    /// Lets the groups of a type make and remove members by themselves. Without this, a group has no members.
    pub fn fleet(mut self, fleet: impl Fleet + 'static) -> Self {
        self.settings.fleets.push(Box::new(fleet));
        self
    }

    /// Sets how long operations take. By default a thousandth of the time on a real cloud.
    pub fn latency(mut self, latency: Latency) -> Self {
        self.settings.latency = latency;
        self
    }

    /// Adds faults.
    pub fn faults(self, faults: impl IntoIterator<Item = Fault>) -> Self {
        faults.into_iter().for_each(|fault| self.faults.inject(fault));
        self
    }

    /// Sets the region. An existing cloud must have the same one.
    pub fn region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }

    /// Sets the account or project. An existing cloud must have the same one.
    pub fn account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    /// Sets the zones, which are used in turn. By default three of the region.
    pub fn zones<Z: Into<String>>(mut self, zones: impl IntoIterator<Item = Z>) -> Self {
        self.settings.zones = zones.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how many ids one read accepts, at least 1.
    pub fn page(mut self, ids: usize) -> Self {
        self.settings.page = ids.max(1);
        self
    }

    /// Sets whether answers leave out secret arguments, as many real clouds do.
    pub fn conceals(mut self, conceals: bool) -> Self {
        self.settings.conceals = conceals;
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

    /// Sets how attempts of a type are found again; by default by token. With any other way, a repeated creation with
    /// the same token makes a second resource.
    pub fn found_by(mut self, type_name: &str, how: FindBy) -> Self {
        self.settings.found_by.insert(type_name.to_owned(), how);
        self
    }

    /// Calls this at each [`Point`](crate::Point) of each create, update and delete. It may panic, end the process, or
    /// make the call hang.
    pub fn crash_at(mut self, hook: impl Fn(&Moment<'_>) -> Then + Send + Sync + 'static) -> Self {
        self.settings.hook = Some(Box::new(hook));
        self
    }

    /// Opens the cloud. The first effect creates the directory, not this call.
    ///
    /// # Errors
    /// The ledger in the directory cannot be read: it is not a ledger, is newer, is damaged, belongs to another region,
    /// or has unknown types.
    pub fn build(self) -> Result<Cloud, LedgerError> {
        let Self { directory, types, region, account, mut settings, faults } = self;
        let mut ledger = Ledger::open(&directory, &types)?;
        let stored = ledger.header().cloned().unwrap_or_else(|| Header::new(REGION, ACCOUNT));
        let wanted = Header::new(
            region.as_deref().unwrap_or(&stored.region),
            account.as_deref().unwrap_or(&stored.account),
        );
        ledger.belongs_to(&wanted)?;
        settings.region = wanted.region.clone();
        settings.account = wanted.account.clone();
        if settings.zones.is_empty() {
            settings.zones = place::zones_of(&settings.region);
        }
        ledger.settle_in(wanted);
        Ok(Cloud::new(directory, settings, faults, ledger))
    }
}
