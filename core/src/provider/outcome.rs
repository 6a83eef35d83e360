//! What providers answer. Partial success is a value here, so that `?` cannot drop it.

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Attributes, Error, Id, Resource};

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

/// What [`Manage::read_many`](super::Manage::read_many) answers, from what a list or a filter found: one item per id in
/// the order of the ids, and `None` for what was not found.
///
/// ```
/// # use landform_core::{Id, Observed, attributes, in_order, resource};
/// # /// A bucket.
/// # #[resource("demo_bucket")] pub struct Bucket { /// Name.
/// #     pub name: String }
/// # /// Attributes.
/// # #[attributes] pub struct BucketAttributes { /// Id.
/// #     pub id: Id<Bucket> }
/// let bucket = |name: &str| Observed {
///     arguments: Bucket { name: name.into() },
///     attributes: BucketAttributes { id: Id::new(name) },
/// };
/// let found = vec![bucket("b"), bucket("a")];
/// let read = in_order(&[Id::new("a"), Id::new("gone"), Id::new("b")], found);
/// let names: Vec<Option<&str>> = read.iter().map(|read| read.as_ref().map(Observed::id)).collect();
/// assert_eq!(names, [Some("a"), None, Some("b")]);
/// ```
pub fn in_order<R: Resource>(ids: &[Id<R>], found: Vec<Observed<R>>) -> Vec<Option<Observed<R>>> {
    let by_id: HashMap<String, Observed<R>> =
        found.into_iter().map(|found| (found.id().to_owned(), found)).collect();
    ids.iter().map(|id| by_id.get(id.as_str()).cloned()).collect()
}

/// How far an effect is. `T` is what exists: an [`Observed`] of a typed provider, an [`Object`](super::Object) of an
/// erased one.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress<T> {
    /// It is done and this exists.
    Exists(T),
    /// It is done and nothing is left.
    Gone,
    /// It goes on; the ticket tells how to ask.
    Pending(Ticket),
    /// It ended badly and this exists: the resource is tainted.
    Partial {
        /// What exists.
        exists: T,
        /// What went wrong.
        problem: Error,
    },
}

impl<T> Progress<T> {
    /// The same progress of something else.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn try_map<U, E>(self, change: impl FnOnce(T) -> Result<U, E>) -> Result<Progress<U>, E> {
        Ok(match self {
            Self::Exists(it) => Progress::Exists(change(it)?),
            Self::Gone => Progress::Gone,
            Self::Pending(ticket) => Progress::Pending(ticket),
            Self::Partial { exists, problem } => Progress::Partial { exists: change(exists)?, problem },
        })
    }
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

/// What an attempt left behind. `T` is what exists, as in [`Progress`].
#[derive(Debug, Clone, PartialEq)]
pub enum Found<T> {
    /// Nothing; the attempt can be repeated with the same token.
    Nothing,
    /// This, complete.
    Exists(T),
    /// This, with steps still to do.
    Pending(Ticket),
    /// These may or may not be the attempt's; someone must decide. Their ids.
    Undecided(Vec<String>),
}

impl<T> Found<T> {
    /// The same answer about something else.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn try_map<U, E>(self, change: impl FnOnce(T) -> Result<U, E>) -> Result<Found<U>, E> {
        Ok(match self {
            Self::Nothing => Found::Nothing,
            Self::Exists(it) => Found::Exists(change(it)?),
            Self::Pending(ticket) => Found::Pending(ticket),
            Self::Undecided(ids) => Found::Undecided(ids),
        })
    }
}
