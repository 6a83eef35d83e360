//! What happens, as it happens: one event a step, for progress displays and logs. Never holds a secret.

use std::{fmt, sync::Arc, time::Duration};

use landform_core::Address;
use serde::{Deserialize, Serialize, Serializer};

use crate::plan::{Counts, Verb};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// Resources are being read.
    Reading {
        /// How many.
        resources: usize,
        /// In how many calls.
        calls: usize,
    },
    /// They were read.
    Read {
        /// How many differ from what was recorded, or are gone.
        drifted: usize,
    },
    /// A plan is made.
    Planned {
        /// How many changes it holds.
        changes: usize,
    },
    /// An apply begins.
    Applying {
        /// How many steps.
        steps: usize,
    },
    /// An interrupted attempt of an earlier run is settled.
    Recovered {
        /// The node.
        address: Address,
        /// What was found out.
        outcome: String,
    },
    /// A step begins.
    Started {
        /// The node.
        address: Address,
        /// What is done.
        verb: Verb,
        /// How long it takes in life, in seconds.
        expected: f64,
    },
    /// A step goes on.
    Waiting {
        /// The node.
        address: Address,
        /// What is waited for.
        note: String,
        /// Since its start.
        #[serde(serialize_with = "seconds", deserialize_with = "duration")]
        elapsed: Duration,
    },
    /// A call is tried again.
    Retrying {
        /// The node.
        address: Address,
        /// Why.
        error: String,
        /// After how long.
        #[serde(serialize_with = "seconds", deserialize_with = "duration")]
        pause: Duration,
    },
    /// A step is done.
    Finished {
        /// The node.
        address: Address,
        /// What was done.
        verb: Verb,
        /// The cloud's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// Since its start.
        #[serde(serialize_with = "seconds", deserialize_with = "duration")]
        elapsed: Duration,
    },
    /// A step failed; others go on.
    Failed {
        /// The node.
        address: Address,
        /// What was tried.
        verb: Verb,
        /// Why.
        error: String,
    },
    /// A step was skipped.
    Skipped {
        /// The node.
        address: Address,
        /// What would have been done.
        verb: Verb,
        /// The node that failed before it; none if the apply was cancelled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<Address>,
    },
    /// An apply ended.
    Applied {
        /// What was done.
        counts: Counts,
        /// How many steps failed.
        failed: usize,
        /// How many steps were skipped.
        skipped: usize,
        /// In all.
        #[serde(serialize_with = "seconds", deserialize_with = "duration")]
        elapsed: Duration,
    },
}

fn seconds<S: Serializer>(duration: &Duration, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_f64((duration.as_secs_f64() * 1000.0).round() / 1000.0)
}

fn duration<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(d)?;
    Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
}

/// Where events go. Called from the engine's own task: a listener that takes long holds everything up, so it sends
/// them on.
#[derive(Clone, Default)]
pub struct Sink(Option<Arc<dyn Fn(Event) + Send + Sync>>);

impl Sink {
    /// Events go to a closure.
    pub fn new(listen: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listen)))
    }

    /// Events go nowhere, and are not even made.
    pub fn none() -> Self {
        Self(None)
    }

    pub(crate) fn send(&self, event: impl FnOnce() -> Event) {
        if let Some(listen) = &self.0 {
            listen(event());
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Sink(listening)" } else { "Sink(none)" })
    }
}
