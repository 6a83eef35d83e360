//! Data sources: questions to a cloud whose answers other nodes use. Only reads; nothing here has an effect.

use std::{marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value as Json;

use super::erased::{json, typed};
use crate::{Data, Error, ErrorKind, ResourceType, Result};

/// The call that reads one data source, implemented by a provider's client.
#[async_trait]
pub trait DataSource<R: Data>: Send + Sync + 'static {
    /// Reads what the arguments ask for.
    ///
    /// # Guarantees
    /// Has no effect. The same question gets the same answer as long as the cloud does not change.
    /// # Errors
    /// NotFound if nothing matches, Invalid if one thing was wanted and several match. Both name the question.
    async fn read(&self, arguments: &R) -> Result<R::Attributes>;
}

/// The erased twin of [`DataSource`], on JSON. Guarantees and errors are those of [`DataSource`].
#[async_trait]
pub trait DataDriver: Send + Sync + 'static {
    /// The type.
    fn resource_type(&self) -> &Arc<ResourceType>;

    /// See [`DataSource::read`].
    async fn read(&self, arguments: &Json) -> Result<Json>;
}

/// The single match for a question, which a [`DataSource`] for one thing returns at its end.
///
/// ```
/// use landform_core::{ErrorKind, only};
///
/// let asked = serde_json::json!({ "name": "logs" });
/// assert_eq!(only(&asked, vec!["b-1"]).ok(), Some("b-1"));
/// let error = only(&asked, vec!["b-1", "b-2"]).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Invalid);
/// assert_eq!(error.message(), "2 match name \"logs\", expected one; add arguments to select it");
/// ```
///
/// # Errors
/// NotFound if nothing matches, Invalid if several things match. The message names the given arguments.
pub fn only<T>(asked: &impl Serialize, mut found: Vec<T>) -> Result<T> {
    match (found.pop(), found.len()) {
        (Some(it), 0) => Ok(it),
        (None, _) => Err(Error::new(ErrorKind::NotFound, format!("nothing matches {}", said(asked)))),
        (Some(_), others) => {
            let message =
                format!("{} match {}, expected one; add arguments to select it", others + 1, said(asked));
            Err(Error::new(ErrorKind::Invalid, message))
        }
    }
}

/// The question, as people read it.
fn said(asked: &impl Serialize) -> String {
    let fields = serde_json::to_value(asked).unwrap_or_default();
    let given = fields.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let mut given: Vec<String> = given.map(|(name, value)| format!("{name} {value}")).collect();
    given.sort_unstable();
    if given.is_empty() { "a query without arguments".to_owned() } else { given.join(", ") }
}

/// A client seen as the driver of one data source.
pub(super) struct Read<R, C> {
    client: Arc<C>,
    of: PhantomData<fn() -> R>,
}

impl<R: Data, C: DataSource<R>> Read<R, C> {
    pub(super) fn new(client: Arc<C>) -> Self {
        Self { client, of: PhantomData }
    }
}

#[async_trait]
impl<R: Data, C: DataSource<R>> DataDriver for Read<R, C> {
    fn resource_type(&self) -> &Arc<ResourceType> {
        R::resource_type()
    }

    async fn read(&self, arguments: &Json) -> Result<Json> {
        json(&self.client.read(&typed::<R>(arguments)?).await?)
    }
}
