//! Unique values: tokens of attempts, ids of runs and lineages. Also the current time.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use landform_core::Token;

/// A token that is unique.
pub fn fresh() -> Token {
    match format!("lf-{}", random()).parse() {
        Ok(token) => token,
        Err(error) => unreachable!("{error}"),
    }
}

/// A random id of 128 bits, in hexadecimal. Not a secret.
pub fn random() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let salt = (COUNT.fetch_add(1, Ordering::Relaxed), moment, std::process::id());
    // Each RandomState is keyed by the system's randomness.
    let half = || RandomState::new().hash_one(salt);
    format!("{:016x}{:016x}", half(), half())
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_differ() {
        let ids: std::collections::BTreeSet<_> = (0..1000).map(|_| super::random()).collect();
        assert_eq!(ids.len(), 1000);
    }
}
