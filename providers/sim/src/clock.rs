//! The cloud's clock: the system's time at the start, carried on by tokio's, so that a paused runtime moves it too.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Milliseconds since 1970, the same for all processes on a directory.
pub(crate) struct Clock {
    base: Duration,
    start: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let base = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { base, start: Instant::now() }
    }

    pub(crate) fn now(&self) -> u64 {
        milliseconds(self.base + self.start.elapsed())
    }
}

/// A span in whole milliseconds, rounded up.
pub(crate) fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
