//! Checks the emulator against independent sources, recorded traffic and gcloud, and tests its strictness.
#![allow(clippy::unwrap_used)]

mod api;
mod gcloud;
mod http;
mod replay;
