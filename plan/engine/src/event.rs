//! Events of a run as they happen, for progress displays and logs. An event never holds a secret.

use std::{fmt, sync::Arc, time::Duration};

use landform_core::{Address, Diagnostic};
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
        /// How many resources differ from the state or no longer exist.
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
    /// The run settles an interrupted attempt of an earlier run.
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
        /// The action.
        verb: Verb,
        /// How long the step takes on a real cloud, in seconds.
        expected: f64,
    },
    /// A step continues.
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
        /// The number of the attempt that failed, from 1.
        #[serde(default)]
        attempt: u32,
        /// Why.
        error: String,
        /// After how long.
        #[serde(serialize_with = "seconds", deserialize_with = "duration")]
        pause: Duration,
    },
    /// A provider has a message about a node.
    Warned(Notice),
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
    /// A step failed. Other steps go on.
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
        /// The node whose failure stops this one; `None` if the apply was cancelled.
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

/// A message from a provider about a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The node.
    pub address: Address,
    /// What.
    pub diagnostic: Diagnostic,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.address, self.diagnostic)
    }
}

fn seconds<S: Serializer>(duration: &Duration, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_f64((duration.as_secs_f64() * 1000.0).round() / 1000.0)
}

fn duration<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(d)?;
    Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
}

/// An event and the stack in which it happened. In JSON, the field of the stack stands beside the fields of the event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The stack's name.
    pub stack: Arc<str>,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// Where events go. The engine calls the listener from its own task. A slow listener delays the engine, so it should
/// pass events on.
#[derive(Clone, Default)]
pub struct Sink {
    listen: Option<Arc<dyn Fn(Told) + Send + Sync>>,
    stack: Arc<str>,
}

impl Sink {
    /// Events go to a closure.
    pub fn new(listen: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self::with_stack(move |told| listen(told.event))
    }

    /// Sends events to a closure that also gets the name of their stack.
    pub fn with_stack(listen: impl Fn(Told) + Send + Sync + 'static) -> Self {
        Self { listen: Some(Arc::new(listen)), stack: Arc::default() }
    }

    /// Drops events. They are not even made.
    pub fn none() -> Self {
        Self::default()
    }

    /// The same listener, for the events of one stack.
    pub(crate) fn of(&self, stack: &str) -> Self {
        Self { listen: self.listen.clone(), stack: stack.into() }
    }

    pub(crate) fn send(&self, event: impl FnOnce() -> Event) {
        if let Some(listen) = &self.listen {
            listen(Told { stack: self.stack.clone(), event: event() });
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.listen.is_some() { "Sink(listening)" } else { "Sink(none)" })
    }
}
