//! The conformance kit: what the contract of [`Driver`] promises, clause by clause, tried on one resource. It runs
//! against any cloud, real or embedded, and knows none; the waiting is the caller's.
//!
//! [`check`] creates the sample, so it needs what the sample refers to, and leaves nothing behind unless deleting
//! fails. [`check_data`] tries a data source. [`invent`] makes samples from a schema.

mod data;
mod difference;
mod invent;
mod secrets;
mod trial;

use std::{fmt, time::Duration};

use serde_json::Value as Json;

pub use data::{DataSample, check_data};
pub use difference::difference;
pub use invent::{Extent, Invented, invent};

use crate::{Address, Driver};

/// What to try a driver with.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The node for which the calls are made.
    pub address: Address,
    /// Where the tokens of this run begin, at most 48 characters of `[A-Za-z0-9-]`; another one each time, or a real
    /// cloud takes the calls for repetitions.
    pub run: String,
    /// The arguments to create with.
    pub arguments: Json,
    /// The arguments to change to; only mutable fields differ. `None` tries no update.
    pub changed: Option<Json>,
    /// The arguments to change to after that, without an optional field that was given until then. `None` tries to take
    /// nothing away.
    pub without: Option<Json>,
    /// How long to wait, in all, for an operation to end or a read to catch up.
    pub patience: Duration,
}

impl Sample {
    /// A sample that is created and deleted, with a patience of ten minutes.
    pub fn new(address: Address, run: impl Into<String>, arguments: impl Into<Json>) -> Self {
        let (run, arguments) = (run.into(), arguments.into());
        Self { address, run, arguments, changed: None, without: None, patience: Duration::from_secs(600) }
    }

    /// Sets the arguments to change to.
    pub fn changed(mut self, arguments: impl Into<Option<Json>>) -> Self {
        self.changed = arguments.into();
        self
    }

    /// Sets the arguments from which an optional field is taken away.
    pub fn without(mut self, arguments: impl Into<Option<Json>>) -> Self {
        self.without = arguments.into();
        self
    }

    /// Sets how long to wait.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

/// A promise of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Clause {
    /// The sample itself is allowed by the schema.
    Sample,
    /// The abilities make sense: a page of at least 1.
    Abilities,
    /// `create`, resumed to its end, gives a resource with an id.
    Create,
    /// What `forecast` foresees of a creation and of a change comes true. Tried where the driver forecasts.
    Forecast,
    /// What exists has arguments and attributes that their schemas allow.
    Schema,
    /// What exists differs in nothing from what was asked for.
    NoDifference,
    /// What `create` says exists is complete: no operation on it is under way, and it does not change by itself.
    Settled,
    /// `find` finds what the attempt made.
    Find,
    /// `find` finds nothing by a token that was never used.
    Unused,
    /// `create` with the same token makes no second resource.
    CreateAgain,
    /// `read_many` answers one item per object, in order.
    Read,
    /// `update`, resumed to its end, keeps the id and is in effect.
    Update,
    /// `update` to what is there already changes nothing.
    UpdateAgain,
    /// An optional field that is taken away is gone.
    TakenAway,
    /// `import` by the id gives what a read gives.
    Import,
    /// `delete`, resumed to its end, leaves nothing.
    Delete,
    /// `delete` of what is gone is no error.
    DeleteAgain,
    /// Reads say that it does not exist, `import` fails with NotFound, `find` finds nothing. Tried unless a deletion only
    /// sets back.
    Absent,
    /// No secret argument shows in a ticket or in an attribute that is no secret.
    Secrets,
    /// A data source answers what is asked, as its schema allows.
    Answer,
    /// A data source gives the same answer again.
    AnswerAgain,
    /// A data source says NotFound where nothing fits.
    Nothing,
    /// A data source of one thing says Invalid where several fit.
    Several,
}

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{type_name} breaks {clause:?}: {problem}")]
pub struct Broken {
    /// The type.
    pub type_name: String,
    /// The promise.
    pub clause: Clause,
    /// What happened instead.
    pub problem: String,
}

/// What was tried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// The promises that were kept, in the order of trying.
    pub kept: Vec<Clause>,
    /// The promises that the declared abilities or the sample leave out.
    pub skipped: Vec<Clause>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} clauses kept", self.kept.len())?;
        if self.skipped.is_empty() { Ok(()) } else { write!(f, ", skipped {:?}", self.skipped) }
    }
}

/// Tries every clause on one resource. `sleep` waits as the caller's runtime does.
///
/// # Errors
/// The first clause that is broken. What exists by then is deleted if that is possible.
///
/// - **Cancel safety**: dropped midway, it may leave a resource in the cloud.
pub async fn check(
    driver: &dyn Driver,
    sample: &Sample,
    sleep: impl AsyncFn(Duration),
) -> Result<Verdict, Broken> {
    trial::run(driver, sample, sleep).await
}
