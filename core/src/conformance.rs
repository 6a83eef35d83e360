//! The conformance kit: what the contract of [`Driver`] promises, clause by clause, tried on one resource. It runs
//! against any cloud, real or embedded, and knows none; the waiting is the caller's.
//!
//! [`check`] creates the sample, so it needs what the sample refers to, and leaves nothing behind unless deleting
//! fails. [`invent`] makes samples from a schema.

mod difference;
mod invent;
mod secrets;
mod trial;

use std::{fmt, time::Duration};

use serde_json::Value as Json;

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
    /// How long to wait, in all, for an operation to end or a read to catch up.
    pub patience: Duration,
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
    /// What exists has arguments and attributes that their schemas allow.
    Schema,
    /// What exists differs in nothing from what was asked for.
    NoDifference,
    /// `find` finds what the attempt made.
    Find,
    /// `create` with the same token makes no second resource.
    CreateAgain,
    /// `read_many` answers one item per object, in order.
    Read,
    /// `update`, resumed to its end, keeps the id and is in effect.
    Update,
    /// `update` to what is there already changes nothing.
    UpdateAgain,
    /// `import` by the id gives what a read gives.
    Import,
    /// `delete`, resumed to its end, leaves nothing.
    Delete,
    /// `delete` of what is gone is no error.
    DeleteAgain,
    /// Reads say that it does not exist, `import` fails with NotFound, `find` finds nothing.
    Absent,
    /// No secret argument shows in a ticket or in an attribute that is no secret.
    Secrets,
}

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{type_name} breaks {clause:?}: {problem}")]
pub struct Failure {
    /// The type.
    pub type_name: String,
    /// The promise.
    pub clause: Clause,
    /// What happened instead.
    pub problem: String,
}

/// What was tried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The promises that were kept, in the order of trying.
    pub kept: Vec<Clause>,
    /// The promises that the declared abilities or the sample leave out.
    pub skipped: Vec<Clause>,
}

impl fmt::Display for Report {
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
) -> Result<Report, Failure> {
    trial::run(driver, sample, sleep).await
}
