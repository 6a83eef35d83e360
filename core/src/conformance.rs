//! The conformance kit: tests one resource against the contract of [`Driver`], clause by clause. It works with any
//! cloud, real or embedded, and knows none. The caller provides the waiting.
//!
//! [`check`] creates the sample, so it needs the resources to which the sample refers. It leaves nothing behind unless
//! deleting fails. [`check_data`] tests a data source. [`invent`] makes samples from a schema.

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

/// The sample with which to test a driver.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The node for which the calls are made.
    pub address: Address,
    /// The prefix of the tokens in this run, at most 48 characters of `[A-Za-z0-9-]`. Use another one each time, or a
    /// real cloud takes the calls for repetitions.
    pub run: String,
    /// The arguments to create with.
    pub arguments: Json,
    /// The arguments to change to. They differ only in mutable fields. `None` tests no update.
    pub changed: Option<Json>,
    /// The arguments to change to after that, without an optional field that was given before. `None` skips this test.
    pub without: Option<Json>,
    /// How long to wait altogether for an operation to end or a read to catch up.
    pub patience: Duration,
}

impl Sample {
    /// A sample that is created and deleted, waiting at most ten minutes.
    pub fn new(address: Address, run: impl Into<String>, arguments: impl Into<Json>) -> Self {
        let (run, arguments) = (run.into(), arguments.into());
        Self { address, run, arguments, changed: None, without: None, patience: Duration::from_secs(600) }
    }

    /// Sets the arguments to change to.
    pub fn changed(mut self, arguments: impl Into<Option<Json>>) -> Self {
        self.changed = arguments.into();
        self
    }

    /// Sets the arguments in which an optional field is missing.
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
    /// The schema allows the sample itself.
    Sample,
    /// The abilities make sense: a page has at least 1 id.
    Abilities,
    /// `create`, resumed to its end, returns a resource with an id.
    Create,
    /// The predictions of `forecast` for a creation and for a change come true. Tested if the driver forecasts.
    Forecast,
    /// The arguments and attributes of the resource fit their schemas.
    Schema,
    /// The resource differs in nothing from the wanted arguments.
    NoDifference,
    /// If `create` returns an existing resource, it is complete: no operation on it is running, and it does not change
    /// by itself.
    Settled,
    /// `find` finds the result of the attempt.
    Find,
    /// `find` finds nothing for an unused token.
    Unused,
    /// `create` with the same token creates no second resource.
    CreateAgain,
    /// `read_many` returns one item per object, in order.
    Read,
    /// `update`, resumed to its end, keeps the id and takes effect.
    Update,
    /// `update` to the current arguments changes nothing.
    UpdateAgain,
    /// An optional field that is removed is gone.
    TakenAway,
    /// `list` shows the resource as a read does. Tested if the driver lists.
    List,
    /// `import` by the id returns the same as a read.
    Import,
    /// `delete`, resumed to its end, leaves nothing.
    Delete,
    /// `delete` of a missing resource is not an error.
    DeleteAgain,
    /// Reads say that it does not exist, `import` fails with NotFound, `find` finds nothing. Not tested if a deletion
    /// only resets the resource.
    Absent,
    /// No secret argument appears in a ticket, or in an attribute that is not secret.
    Secrets,
    /// A data source answers the question, as its schema allows.
    Answer,
    /// A data source repeats its answer.
    AnswerAgain,
    /// A data source returns NotFound if nothing matches.
    Nothing,
    /// A data source for one thing returns Invalid if several match.
    Several,
}

/// A broken clause of the contract.
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
    /// The kept clauses, in the order of the tests.
    pub kept: Vec<Clause>,
    /// The clauses that the declared abilities or the sample leave out.
    pub skipped: Vec<Clause>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} clauses kept", self.kept.len())?;
        if self.skipped.is_empty() { Ok(()) } else { write!(f, ", skipped {:?}", self.skipped) }
    }
}

/// Tests every clause on one resource. `sleep` waits as the caller's runtime does.
///
/// # Errors
/// The first broken clause. Deletes the created resources if possible.
///
/// - **Cancel safety**: if it is dropped, a resource may stay in the cloud.
pub async fn check(
    driver: &dyn Driver,
    sample: &Sample,
    sleep: impl AsyncFn(Duration),
) -> Result<Verdict, Broken> {
    trial::run(driver, sample, sleep).await
}
