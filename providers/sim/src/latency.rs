//! How long things take. Numbers only; nothing here sleeps.

use std::{collections::BTreeMap, time::Duration};

use landform_core::{ResourceType, Takes};

use crate::calls::Operation;

/// How long the embedded cloud takes: each type's declared durations, scaled.
///
/// Operations that take five seconds or more on a real cloud answer with a ticket, at any scale; shorter ones answer late.
#[derive(Debug, Clone, PartialEq)]
pub struct Latency {
    scale: f64,
    request: Duration,
    tickets_from: f64,
    takes: BTreeMap<String, Takes>,
}

/// What one operation costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    /// How long the call itself takes.
    pub call: Duration,
    /// How long the operation goes on after its ticket was given; `None` where there is no ticket.
    pub ticket: Option<Duration>,
}

/// In life an operation this long does not keep its caller waiting.
const LONG: f64 = 5.0;

impl Default for Latency {
    /// A thousandth of life: a NAT gateway's 100 s become 100 ms.
    fn default() -> Self {
        Self::scaled(0.001)
    }
}

impl Latency {
    /// The declared durations times a factor; 1 is life.
    pub fn scaled(scale: f64) -> Self {
        let scale = if scale.is_finite() { scale.max(0.0) } else { 0.0 };
        Self { scale, request: Duration::ZERO, tickets_from: LONG, takes: BTreeMap::new() }
    }

    /// Everything at once; tickets still have to be resumed.
    pub fn none() -> Self {
        Self::scaled(0.0)
    }

    /// Sets what every call costs in any case, reads included; not scaled.
    pub fn request(mut self, time: Duration) -> Self {
        self.request = time;
        self
    }

    /// Sets the durations of one type, in seconds before scaling.
    pub fn takes(mut self, type_name: &str, takes: Takes) -> Self {
        self.takes.insert(type_name.to_owned(), takes);
        self
    }

    /// Sets from how many seconds before scaling an operation answers with a ticket.
    pub fn tickets_from(mut self, seconds: f64) -> Self {
        self.tickets_from = seconds;
        self
    }

    pub(crate) fn cost(&self, resource_type: &ResourceType, operation: Operation) -> Cost {
        let takes = self.takes.get(resource_type.name_str()).copied().unwrap_or(resource_type.takes);
        let seconds = match operation {
            Operation::Create => takes.create,
            Operation::Update => takes.update,
            Operation::Delete => takes.delete,
            _ => return Cost { call: self.request, ticket: None },
        };
        let span = Duration::try_from_secs_f64(seconds * self.scale).unwrap_or_default();
        if seconds >= self.tickets_from {
            Cost { call: self.request, ticket: Some(span) }
        } else {
            Cost { call: self.request + span, ticket: None }
        }
    }
}

/// How far reads lag behind: a new resource is invisible until both are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lag {
    /// How many reads miss it.
    pub reads: u32,
    /// For how long it cannot be seen.
    pub time: Duration,
}
