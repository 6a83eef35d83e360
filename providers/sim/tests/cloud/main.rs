//! The embedded cloud, behaviour by behaviour.
#![allow(clippy::unwrap_used)]

mod demo;
mod realise;
