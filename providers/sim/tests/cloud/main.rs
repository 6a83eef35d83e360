//! The embedded cloud, behaviour by behaviour.
#![allow(clippy::unwrap_used)]

mod aws;
mod conformance;
mod demo;
mod faults;
mod ledger;
mod processes;
mod realise;
mod relations;
mod scale;
mod sources;
mod tickets;
mod tokens;
