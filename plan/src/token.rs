//! Tokens of attempts, and the present moment.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use landform_core::Token;

/// A token that nobody else has: 128 bits keyed by the system's randomness.
pub(crate) fn fresh() -> Token {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let salt = (COUNT.fetch_add(1, Ordering::Relaxed), std::process::id());
    let half = || RandomState::new().hash_one(salt);
    let text = format!("lf-{:016x}{:016x}", half(), half());
    match text.parse() {
        Ok(token) => token,
        Err(error) => unreachable!("{error}"),
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
