//! Durations. Numbers only; nothing here sleeps.

use std::{collections::BTreeMap, time::Duration};

use landform_core::{ResourceType, Takes};

use crate::calls::Operation;

/// How long the embedded cloud takes: the declared durations of each type, scaled.
///
/// Operations that take five seconds or more on a real cloud return a ticket, at any scale. Shorter ones only answer
/// late.
#[derive(Debug, Clone, PartialEq)]
pub struct Latency {
    scale: f64,
    request: Duration,
    tickets_from: f64,
    takes: BTreeMap<String, Takes>,
}

/// The duration of one operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    /// How long the call itself takes.
    pub call: Duration,
    /// How long the operation goes on after its ticket was returned; `None` without a ticket.
    pub ticket: Option<Duration>,
}

/// On a real cloud, an operation this long returns a ticket.
const LONG: f64 = 5.0;

impl Default for Latency {
    /// A thousandth of the real time: a NAT gateway's 100 s become 100 ms.
    fn default() -> Self {
        Self::scaled(0.001)
    }
}

impl Latency {
    /// The declared durations multiplied by a factor; 1 is real time.
    pub fn scaled(scale: f64) -> Self {
        let scale = if scale.is_finite() { scale.max(0.0) } else { 0.0 };
        Self { scale, request: Duration::ZERO, tickets_from: LONG, takes: BTreeMap::new() }
    }

    /// Everything at once. Tickets still have to be resumed.
    pub fn none() -> Self {
        Self::scaled(0.0)
    }

    /// Sets the cost of every call, including reads. It is not scaled.
    pub fn request(mut self, time: Duration) -> Self {
        self.request = time;
        self
    }

    /// Sets the durations of one type, in seconds before scaling.
    pub fn takes(mut self, type_name: &str, takes: Takes) -> Self {
        self.takes.insert(type_name.to_owned(), takes);
        self
    }

    /// Sets the duration in seconds, before scaling, from which an operation returns a ticket.
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

/// The lag of reads: a new resource is invisible until both limits are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lag {
    /// How many reads miss it.
    pub reads: u32,
    /// How long it is invisible.
    pub time: Duration,
}
