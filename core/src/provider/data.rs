//! Data sources: what is asked of a cloud and used by other nodes. Reads only; nothing here has an effect.

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
    /// Has no effect. The same question gets the same answer as long as the cloud is as it is.
    /// # Errors
    /// NotFound where nothing fits, Invalid where one thing was asked for and several fit; both say what was asked.
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

/// The one thing that fits what was asked: what a [`DataSource`] of one thing ends with.
///
/// ```
/// use landform_core::{ErrorKind, only};
///
/// let asked = serde_json::json!({ "name": "logs" });
/// assert_eq!(only(&asked, vec!["b-1"]).ok(), Some("b-1"));
/// let error = only(&asked, vec!["b-1", "b-2"]).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Invalid);
/// assert_eq!(error.message(), "2 fit name \"logs\", expected one; ask for more");
/// ```
///
/// # Errors
/// NotFound where nothing fits, Invalid where several do. The message names the arguments that were given.
pub fn only<T>(asked: &impl Serialize, mut found: Vec<T>) -> Result<T> {
    match (found.pop(), found.len()) {
        (Some(it), 0) => Ok(it),
        (None, _) => Err(Error::new(ErrorKind::NotFound, format!("nothing fits {}", said(asked)))),
        (Some(_), others) => {
            let message = format!("{} fit {}, expected one; ask for more", others + 1, said(asked));
            Err(Error::new(ErrorKind::Invalid, message))
        }
    }
}

/// What was asked, as people read it.
fn said(asked: &impl Serialize) -> String {
    let fields = serde_json::to_value(asked).unwrap_or_default();
    let given = fields.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let given: Vec<String> = given.map(|(name, value)| format!("{name} {value}")).collect();
    if given.is_empty() { "a question without arguments".to_owned() } else { given.join(", ") }
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
