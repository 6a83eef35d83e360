//! The result of an apply.

use std::{collections::BTreeMap, fmt, time::Duration};

use landform_core::{Address, Error};
use serde_json::Value as Json;

use crate::{
    event::Notice,
    plan::{Counts, Verb},
};

/// The result of an apply. Partial success is normal: the state records what is done, whatever else failed.
#[derive(Debug, Clone)]
pub struct Report {
    /// What was done.
    pub counts: Counts,
    /// What failed.
    pub failures: Vec<Failure>,
    /// What was skipped.
    pub skipped: Vec<Skipped>,
    /// Other messages of providers.
    pub warnings: Vec<Notice>,
    /// The outputs of the stack, as far as they are known. Secrets are left out.
    pub outputs: BTreeMap<String, Json>,
    /// Whether the apply was cancelled.
    pub cancelled: bool,
    /// How long it took.
    pub elapsed: Duration,
}

/// A step that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The node.
    pub address: Address,
    /// What was tried.
    pub verb: Verb,
    /// Why.
    pub error: Error,
}

/// A step that was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The node.
    pub address: Address,
    /// What would have been done.
    pub verb: Verb,
    /// The node whose failure stopped this one; `None` if the apply was cancelled.
    pub because: Option<Address>,
}

impl Report {
    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && self.skipped.is_empty()
    }

    /// The report if everything was done.
    ///
    /// # Errors
    /// The failed and the skipped steps.
    pub fn complete(self) -> Result<Self, Incomplete> {
        if self.is_complete() { Ok(self) } else { Err(Incomplete(Box::new(self))) }
    }
}

/// An apply that did not do everything.
#[derive(Debug, Clone)]
pub struct Incomplete(pub Box<Report>);

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { failures, skipped, cancelled, .. } = &*self.0;
        write!(f, "{} failed, {} skipped", failures.len(), skipped.len())?;
        if *cancelled {
            f.write_str(" (cancelled)")?;
        }
        failures.iter().try_for_each(|failure| write!(f, "\n  {}: {}", failure.address, failure.error))
    }
}

impl std::error::Error for Incomplete {}
