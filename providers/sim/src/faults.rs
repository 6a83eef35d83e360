//! Injected faults: the call that each affects, and what happens to it. Deterministic; nothing here is random.

use std::sync::{Mutex, PoisonError};

use landform_core::{Error, ErrorKind};

use crate::calls::Operation;

/// One injected fault. Calls are counted per fault, from the moment it is injected.
///
/// ```
/// use landform_sim::{Fault, Operation};
/// let second_subnet = Fault::lost_reply(Operation::Create).of("aws_subnet").nth(2);
/// let storm = Fault::throttled(Operation::Read).times(3);
/// # let _ = (second_subnet, storm);
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    operation: Operation,
    type_name: Option<String>,
    first: usize,
    times: usize,
    every: usize,
    what: What,
}

/// The effect of a fault on a call.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// Refused before any effect.
    Before(Error),
    /// The effect happens, but the answer is an error.
    After(Error),
    /// The request arrives twice.
    Twice,
    /// The effect happens in part.
    Partial(Error),
}

impl Fault {
    fn new(operation: Operation, what: What) -> Self {
        Self { operation, type_name: None, first: 1, times: 1, every: 1, what }
    }

    /// The call fails with this error, without an effect.
    pub fn before(operation: Operation, error: Error) -> Self {
        Self::new(operation, What::Before(error))
    }

    /// The call has its effect and then fails. The error says that the effect is unknown, whatever it said before.
    pub fn after(operation: Operation, error: Error) -> Self {
        Self::new(operation, What::After(error.with_effect(landform_core::Effect::Unknown)))
    }

    /// The call has its effect, but the answer never arrives.
    pub fn lost_reply(operation: Operation) -> Self {
        Self::after(
            operation,
            Error::new(ErrorKind::Unavailable, "connection reset before the answer arrived"),
        )
    }

    /// The call has its effect and answers 500.
    pub fn failed_after_success(operation: Operation) -> Self {
        let error = Error::new(ErrorKind::Unavailable, "an internal error has occurred");
        Self::after(operation, error.status(500).code("InternalError"))
    }

    /// The call exceeds the rate limit.
    pub fn throttled(operation: Operation) -> Self {
        let error = Error::new(ErrorKind::Throttled, "request limit exceeded");
        Self::before(operation, error.status(503).code("RequestLimitExceeded"))
    }

    /// The request is delivered twice. The answer is that to the second delivery.
    pub fn delivered_twice(operation: Operation) -> Self {
        Self::new(operation, What::Twice)
    }

    /// The effect is partial: the resource of a create or resume exists, an update makes every second change, and the
    /// answer is partial success with this problem. A call that returns a ticket still does so; make the resume partial
    /// instead. Other operations fail with the problem, without an effect.
    pub fn partial(operation: Operation, problem: Error) -> Self {
        Self::new(operation, What::Partial(problem))
    }

    /// Restricts it to one type.
    pub fn of(mut self, type_name: &str) -> Self {
        self.type_name = Some(type_name.to_owned());
        self
    }

    /// Affects the n-th matching call, counted from 1. The default is 1.
    pub fn nth(mut self, call: usize) -> Self {
        self.first = call.max(1);
        self
    }

    /// Affects this many matching calls, in a row by default.
    pub fn times(mut self, calls: usize) -> Self {
        self.times = calls;
        self
    }

    /// Affects only every n-th matching call from the first one on. It goes on without end, unless [`Fault::times`] is
    /// called afterwards.
    pub fn every(mut self, calls: usize) -> Self {
        self.every = calls.max(1);
        self.times = usize::MAX;
        self
    }

    fn befalls(&self, call: usize) -> bool {
        call.checked_sub(self.first)
            .is_some_and(|later| later % self.every == 0 && later / self.every < self.times)
    }
}

/// The faults of a cloud, with the number of matching calls so far.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<(Fault, usize)>>);

impl Faults {
    pub(crate) fn inject(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((fault, 0));
    }

    /// Counts a call and returns the fault that affects it. The fault injected first wins.
    pub(crate) fn next(&self, operation: Operation, type_name: &str) -> Option<What> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut befalls = None;
        for (fault, seen) in faults.iter_mut() {
            let of_type = fault.type_name.as_deref().is_none_or(|only| only == type_name);
            if fault.operation != operation || !of_type {
                continue;
            }
            *seen += 1;
            if fault.befalls(*seen) && befalls.is_none() {
                befalls = Some(fault.what.clone());
            }
        }
        befalls
    }
}
