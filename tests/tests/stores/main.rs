//! Every store against the real thing: S3 as moto serves it, PostgreSQL as Debian ships it, and encryption over any.
//!
//! `cargo test -p landform-tests --features stores --test stores`
#![allow(missing_docs, clippy::unwrap_used)]

mod gate;
mod journals;
#[path = "../../support/moto.rs"]
mod moto;
mod s3;
