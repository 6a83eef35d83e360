//! The emulator, checked against what was not written for it: recorded traffic, gcloud; and for its strictness.
#![allow(clippy::unwrap_used)]

mod api;
mod gcloud;
mod http;
mod replay;
