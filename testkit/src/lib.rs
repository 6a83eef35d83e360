//! Shared code of Landform's tests. Contains no tests. Only tests, benches and examples may depend on it.
//!
//! | feature | modules |
//! |---|---|
//! | none | [`moto`] and [`strict`] serve AWS's APIs, `postgres` runs a database, [`examples`] and [`cargo`] start programs, [`random`] repeats random numbers |
//! | `engine` | `demo` has resource types, `bed` an engine on an embedded cloud, `readers` all that reads the input of others; `place` and `contest` run processes that are killed and compete |
//! | `faults` | `faults` has a store that fails |
//! | `kops` | `kops` has the world of kops's golden cases |
#![allow(clippy::unwrap_used)]

#[cfg(feature = "engine")]
pub mod bed;
pub mod cargo;
#[cfg(all(feature = "engine", target_os = "linux"))]
pub mod contest;
#[cfg(feature = "engine")]
pub mod demo;
pub mod examples;
#[cfg(feature = "faults")]
pub mod faults;
#[cfg(feature = "kops")]
pub mod kops;
pub mod moto;
#[cfg(all(feature = "engine", target_os = "linux"))]
pub mod place;
#[cfg(unix)]
pub mod postgres;
pub mod random;
#[cfg(feature = "engine")]
pub mod readers;
pub mod strict;
