//! Every store against the real thing: S3 as moto serves it, PostgreSQL as Debian ships it, and encryption over any.
//!
//! `cargo test -p landform-tests --features stores --test stores`
#![allow(missing_docs, clippy::unwrap_used)]

mod command;
mod encrypted;
mod gate;
mod history;
mod journals;
mod kops;
mod postgres;
#[cfg(target_os = "linux")]
mod rivals;
mod s3;
mod tls;

use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A server that tests running side by side share; it ends with the last of them.
fn shared<T>(slot: &Mutex<Weak<T>>, start: impl FnOnce() -> T) -> Arc<T> {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    slot.upgrade().unwrap_or_else(|| {
        let started = Arc::new(start());
        *slot = Arc::downgrade(&started);
        started
    })
}
