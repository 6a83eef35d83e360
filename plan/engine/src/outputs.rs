//! The outputs of other stacks as a data source: `landform_outputs`. Reads states and writes nothing.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use landform_core::{DataSource, Error, ErrorKind, Id, Input, Provider, Result, attributes, data, input};
use serde_json::Value as Json;

use crate::{
    journal::{Journal, JournalError},
    store::{self, Store, StoreErrorKind},
};

/// The outputs of another stack after its last apply. Every engine can read them.
///
/// A state holds no secrets, so it has no secret output. A caller who may read the other stack's cloud gets secret
/// outputs by [`Engine::outputs`](crate::Engine::outputs).
///
/// ```
/// use landform_core::{Id, Stack, attributes, resource};
/// use landform_engine::outputs::StackOutputs;
/// # /// A network.
/// # #[resource("demo_network")] pub struct Network { /// Name.
/// #     pub name: Option<String> }
/// # /// Attributes.
/// # #[attributes] pub struct NetworkAttributes { /// Id.
/// #     pub id: Id<Network> }
/// # /// A part.
/// # #[resource("demo_part")] pub struct Part { /// Of what.
/// #     pub network: Id<Network> }
/// # /// Attributes.
/// # #[attributes] pub struct PartAttributes { /// Id.
/// #     pub id: Id<Part> }
///
/// let mut stack = Stack::new("apps");
/// let base = stack.read("base", StackOutputs::new("s3://states/base", "base"));
/// stack.add("part", Part::new(base.get::<Id<Network>>("network_id")));
/// # stack.check().unwrap();
/// ```
#[data("landform_outputs")]
pub struct StackOutputs {
    /// The place of the other stack's state: a URL or path, as [`store::open`] reads it, or a name given to
    /// [`Stores::with`].
    pub state: String,
    /// The other stack's name.
    pub stack: String,
}

/// The outputs of another stack.
#[attributes]
pub struct StackOutputsAttributes {
    /// The stack's name.
    pub id: Id<StackOutputs>,
    /// Its outputs, by name. Secret ones are left out.
    #[field(required)]
    pub values: BTreeMap<String, Json>,
}

impl StackOutputsAttributesRefs {
    /// One output as a value of the type that the caller expects. If there is no such output, the plan fails and lists
    /// the outputs that exist.
    pub fn get<T>(&self, name: &str) -> Input<T> {
        Input::from_expr(input::lookup(self.values(), name).into_expr())
    }
}

/// The states of other stacks. By default, each is opened by its URL, with the credentials and endpoints from the
/// environment.
///
/// Each engine has one without names. Add another one as a provider for stores without a URL, such as a store in memory
/// or an encrypted one.
///
/// ```
/// use std::sync::Arc;
/// use landform_engine::{Engine, outputs::Stores, store::MemoryStore};
///
/// let base = Arc::new(MemoryStore::new());
/// let engine = Engine::builder()
///     .store(Arc::new(MemoryStore::new()))
///     .provider(Stores::new().with("base", base.clone()).provider()) // StackOutputs::new("base", …)
///     .open()?;
/// # Ok::<(), landform_engine::EngineError>(())
/// ```
#[derive(Debug, Default)]
pub struct Stores(BTreeMap<String, Arc<dyn Store>>);

/// The name of the provider that reads the outputs of other stacks.
pub const PROVIDER: &str = "landform";

impl Stores {
    /// Stores by their URLs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a store under a name. The name can stand in place of a URL.
    pub fn with(mut self, name: impl Into<String>, store: Arc<dyn Store>) -> Self {
        self.0.insert(name.into(), store);
        self
    }

    /// The provider that reads the outputs of stacks in these stores. It replaces the built-in one.
    pub fn provider(self) -> Provider {
        Provider::new(PROVIDER).with_data::<StackOutputs, _>(&Arc::new(self))
    }

    fn open(&self, state: &str) -> Result<Arc<dyn Store>> {
        if let Some(store) = self.0.get(state) {
            return Ok(store.clone());
        }
        store::open(state).map_err(|error| Error::new(ErrorKind::Invalid, error.to_string()))
    }
}

#[async_trait]
impl DataSource<StackOutputs> for Stores {
    async fn read(&self, asked: &StackOutputs) -> Result<StackOutputsAttributes> {
        let store = self.open(&asked.state)?;
        let place = store.describe();
        let journal = Journal::read(store, &asked.stack).await.map_err(|error| failed(&error))?;
        let state = journal.state();
        if state.seq() == 0 {
            let message =
                format!("{place} has no state of the stack {:?}; apply that stack first", asked.stack);
            return Err(Error::new(ErrorKind::NotFound, message));
        }
        let values = state.outputs().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        Ok(StackOutputsAttributes { id: Id::new(asked.stack.clone()), values })
    }
}

/// An unreadable state as a provider's error. A store that is briefly unavailable is asked again.
fn failed(error: &JournalError) -> Error {
    let kind = match error {
        JournalError::Store(error) => match error.kind() {
            StoreErrorKind::Unavailable => ErrorKind::Unavailable,
            StoreErrorKind::Denied => ErrorKind::Denied,
            _ => ErrorKind::Invalid,
        },
        _ => ErrorKind::Invalid,
    };
    Error::new(kind, error.to_string())
}
