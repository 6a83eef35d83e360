//! The clock of the cloud: the system's time when the process first asked, continued by tokio's clock. So a paused
//! runtime moves it too, and all clouds of a process agree.

use std::{
    sync::OnceLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::time::Instant;

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    static START: OnceLock<(Duration, Instant)> = OnceLock::new();
    let (base, start) = START.get_or_init(|| {
        let base = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (base, Instant::now())
    });
    // A paused runtime may have stopped its clock before the first one was asked.
    let now = Instant::now();
    let time = match now.checked_duration_since(*start) {
        Some(since) => *base + since,
        None => base.saturating_sub(start.duration_since(now)),
    };
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// A span in whole milliseconds, rounded up.
pub(crate) fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
