//! What providers answer, typed and erased. Partial success is a value here, so that `?` cannot drop it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Attributes, Error, Resource};

/// A resource as the cloud has it.
#[derive(Debug, Clone)]
pub struct Observed<R: Resource> {
    /// The arguments, as the cloud has them.
    pub arguments: R,
    /// What the cloud computed, the id among it.
    pub attributes: R::Attributes,
}

impl<R: Resource> Observed<R> {
    /// The cloud's id.
    pub fn id(&self) -> &str {
        self.attributes.id()
    }
}

/// How far an effect is.
#[derive(Debug, Clone)]
pub enum Progress<R: Resource> {
    /// It is done and this exists.
    Exists(Observed<R>),
    /// It is done and nothing is left.
    Gone,
    /// It goes on; the ticket tells how to ask.
    Pending(Ticket),
    /// It ended badly and this exists: the resource is tainted.
    Partial {
        /// What exists.
        exists: Observed<R>,
        /// What went wrong.
        problem: Error,
    },
}

/// A long operation's receipt. Stored in the journal; another process can go on with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The id of what is being made or changed, as soon as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What the provider needs to go on; never a secret.
    pub payload: Json,
    /// How long to wait before asking.
    pub poll_after: Duration,
    /// What is being waited for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What an attempt left behind.
#[derive(Debug, Clone)]
pub enum Found<R: Resource> {
    /// Nothing; the attempt can be repeated with the same token.
    Nothing,
    /// This, complete.
    Exists(Observed<R>),
    /// This, with steps still to do.
    Pending(Ticket),
    /// These may or may not be the attempt's; someone must decide. Their ids.
    Undecided(Vec<String>),
}

/// A resource as the cloud has it, erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// The cloud's id.
    pub id: String,
    /// The arguments, a map.
    pub arguments: Json,
    /// The attributes, a map.
    pub attributes: Json,
}

/// [`Progress`], erased.
#[derive(Debug, Clone, PartialEq)]
pub enum ErasedProgress {
    /// It is done and this exists.
    Exists(Object),
    /// It is done and nothing is left.
    Gone,
    /// It goes on.
    Pending(Ticket),
    /// It ended badly and this exists.
    Partial {
        /// What exists.
        exists: Object,
        /// What went wrong.
        problem: Error,
    },
}

/// [`Found`], erased.
#[derive(Debug, Clone, PartialEq)]
pub enum ErasedFound {
    /// Nothing.
    Nothing,
    /// This, complete.
    Exists(Object),
    /// This, with steps still to do.
    Pending(Ticket),
    /// These may or may not be the attempt's.
    Undecided(Vec<String>),
}
