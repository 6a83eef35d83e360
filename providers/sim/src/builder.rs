//! How a cloud is to be, before it is opened.

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
    hook::{Hook, Moment, Then},
    latency::{Lag, Latency},
    log::{Header, LedgerError},
    session::Ledger,
};

/// What was asked for when the cloud was opened.
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
    types: Vec<Arc<ResourceType>>,
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
            },
            faults: Faults::default(),
        }
    }

    /// Adds types that the cloud can realise, and data sources that it answers.
    pub fn types<T: Borrow<Arc<ResourceType>>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        let types = types.into_iter().map(|known| known.borrow().clone());
        let (sources, types): (Vec<_>, Vec<_>) = types.partition(|known| known.is_data());
        self.types.extend(types);
        self.settings.sources.extend(sources);
        self
    }

    /// Tells the cloud something of the world that a data source may be asked for: the fields of an answer and those
    /// by which it is found. What has a form in the declaration may be left out. A data source whose attributes all
    /// have one, as the region's zones, needs no telling.
    pub fn fact(mut self, source: &ResourceType, fields: Map<String, Json>) -> Self {
        self.settings.facts.entry(source.name_str().to_owned()).or_default().push(fields);
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

    /// Sets whether secret arguments are left out of every answer, as many real clouds leave them out.
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
            settings.zones = zones_of(&settings.region);
        }
        ledger.settle_in(wanted);
        Ok(Cloud::new(directory, settings, faults, ledger))
    }
}

/// `us-east-2a` to `c` in the manner of AWS, `us-central1-a` to `c` in that of Google.
fn zones_of(region: &str) -> Vec<String> {
    let aws = region.rsplit('-').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    let dash = if aws { "" } else { "-" };
    ["a", "b", "c"].into_iter().map(|zone| format!("{region}{dash}{zone}")).collect()
}
