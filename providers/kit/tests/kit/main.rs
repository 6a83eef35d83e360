//! The kit against clouds that behave as told.
#![allow(clippy::unwrap_used)]

mod put;
#[cfg(feature = "http")]
mod rest;
mod script;
mod waiting;
