//! The moments at which a test can ask for a crash.

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
    /// The request has arrived, and nothing is done yet.
    BeforeEffect,
    /// The effect is durable, and the answer is not sent yet.
    AfterEffect,
    /// The answer is about to be returned. This is the last moment before the call returns.
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
    /// The call never returns. Its caller must drop it, as if the process were killed.
    Hang,
}

/// A hook in the form that the cloud keeps.
pub(crate) type Hook = dyn Fn(&Moment<'_>) -> Then + Send + Sync;
