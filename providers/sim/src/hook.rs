//! Where a crash can be asked for.

use landform_core::{Address, Token};

use crate::calls::Operation;

/// A moment of a call that changes something.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Where in the call.
    pub point: Point,
    /// The operation: create, update or delete.
    pub operation: Operation,
    /// The type.
    pub type_name: &'a str,
    /// The node for which the call is made.
    pub address: &'a Address,
    /// The attempt's identity.
    pub token: &'a Token,
}

/// Where in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// The request has arrived, nothing is done.
    BeforeEffect,
    /// The effect is durable, the answer is not on its way.
    AfterEffect,
    /// The answer is about to be handed over: the last thing before the call returns.
    AfterAnswer,
}

impl Point {
    /// All of them, in order.
    pub const ALL: [Point; 3] = [Self::BeforeEffect, Self::AfterEffect, Self::AfterAnswer];
}

/// What happens after a hook, if the hook itself does not panic or end the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The call goes on.
    Proceed,
    /// The call never returns; its caller must drop it, as a killed process would.
    Hang,
}

/// A hook as the cloud keeps it.
pub(crate) type Hook = dyn Fn(&Moment<'_>) -> Then + Send + Sync;
