//! The state of stacks: the journal of intents and outcomes, the stores that keep it, and the seals that replace
//! secrets in it. Plans nothing, calls no provider, knows no cloud.

pub mod journal;
pub mod seal;
pub mod store;
pub mod task;
pub mod token;
