//! Every store against a real server: S3 by moto, Google's by its emulator, PostgreSQL from Debian, and encryption over
//! each.
//!
//! `cargo test -p landform-tests --features stores --test stores`
#![allow(missing_docs, clippy::unwrap_used)]

mod command;
mod encrypted;
mod gate;
#[cfg(feature = "gce-client")]
mod google;
mod history;
mod journals;
mod kops;
mod postgres;
#[cfg(target_os = "linux")]
mod rivals;
mod s3;
mod tls;

use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A server that concurrent tests share. It stops with the last of them.
fn shared<T>(slot: &Mutex<Weak<T>>, start: impl FnOnce() -> T) -> Arc<T> {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    slot.upgrade().unwrap_or_else(|| {
        let started = Arc::new(start());
        *slot = Arc::downgrade(&started);
        started
    })
}
