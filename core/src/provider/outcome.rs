//! Answers of providers. Partial success is a value here, so `?` cannot drop it.

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Attributes, Error, Id, Resource};

/// A resource in the cloud.
#[derive(Debug, Clone)]
pub struct Observed<R: Resource> {
    /// The arguments, as the cloud has them.
    pub arguments: R,
    /// The values that the cloud computed, including the id.
    pub attributes: R::Attributes,
}

impl<R: Resource> Observed<R> {
    /// The cloud's id.
    pub fn id(&self) -> &str {
        self.attributes.id()
    }
}

/// The answer of [`Manage::read_many`](super::Manage::read_many), from the results of a list or a filter: one item per
/// id in the order of the ids, and `None` for a missing one.
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

/// The progress of an effect. `T` is the resource: an [`Observed`] of a typed provider, an [`Object`](super::Object) of
/// an erased one.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress<T> {
    /// The effect is done, and this resource exists.
    Exists(T),
    /// The effect is done, and the resource is gone.
    Gone,
    /// The effect goes on. The ticket says how to poll it.
    Pending(Ticket),
    /// The effect failed, but this resource exists: it is tainted.
    Partial {
        /// What exists.
        exists: T,
        /// What went wrong.
        problem: Error,
    },
}

impl<T> Progress<T> {
    /// The same progress with another resource type.
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

/// The receipt of a long operation. The journal stores it, and another process can resume it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The id of the resource, as soon as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The data that the provider needs to resume; never a secret.
    pub payload: Json,
    /// The pause before the next poll.
    pub poll_after: Duration,
    /// What is being waited for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The result of an attempt. `T` is the resource, as in [`Progress`].
#[derive(Debug, Clone, PartialEq)]
pub enum Found<T> {
    /// Nothing; the attempt can be repeated with the same token.
    Nothing,
    /// This, complete.
    Exists(T),
    /// This resource, with steps still to do.
    Pending(Ticket),
    /// These resources may or may not be the attempt's; a person must decide. Their ids.
    Undecided(Vec<String>),
}

impl<T> Found<T> {
    /// The same result with another resource type.
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
