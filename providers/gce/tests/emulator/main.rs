//! The provider against the emulated Google Cloud, over the wire, and its types on the embedded cloud.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used)]

mod cases;
mod contract;
mod embedded;
mod mistakes;
mod plans;
mod provider;
mod reads;
mod refusals;
mod world;
