//! Tests of the kit against clouds that follow a script.
#![allow(clippy::unwrap_used)]

mod put;
#[cfg(feature = "http")]
mod rest;
mod script;
mod waiting;
