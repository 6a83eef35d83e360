//! Amazon EventBridge: what happens in the account, and who is told.

mod rule;
mod target;

pub use rule::*;
pub use target::*;
