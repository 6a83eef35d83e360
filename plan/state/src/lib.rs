//! What a run leaves behind: the journal of intents and outcomes, the stores that keep it, and the seals that stand in the
//! place of secrets. Plans nothing, calls no provider, knows no cloud.

pub mod journal;
pub mod seal;
pub mod store;
pub mod task;
pub mod token;
