//! The engine against the embedded cloud: every action, every order, every crash.
#![allow(missing_docs, clippy::unwrap_used)]

mod bad;
mod budgets;
mod conditions;
mod configured;
mod crash;
mod data;
mod drift;
mod faults;
mod foreseen;
mod futures;
mod lifecycle;
mod order;
mod outputs;
mod properties;
mod providers;
mod recorded;
mod runtime;
mod schemas;
mod secrets;
mod shown;
mod taken;
mod traced;
mod warned;
mod whole;
