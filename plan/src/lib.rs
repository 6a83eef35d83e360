//! x

pub mod journal;
pub mod store;
