//! What other stacks have put out, as a data source: `landform_outputs`. Reads states; writes nothing.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use landform_core::{DataSource, Error, ErrorKind, Id, Input, Provider, Result, attributes, data, input};
use serde_json::Value as Json;

use crate::{
    journal::{Journal, JournalError},
    store::{self, Store, StoreErrorKind},
};

/// The outputs of another stack, as its last apply left them. Every engine can read it.
///
/// A state holds no secrets, so a secret output is none of these; who may read the other stack's cloud gets it by
/// [`Engine::outputs`](crate::Engine::outputs).
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
    /// Where the other stack's state is kept: a URL or path, as [`store::open`] takes it, or a name given to
    /// [`Stores::with`].
    pub state: String,
    /// The other stack's name.
    pub stack: String,
}

/// What is known of another stack.
#[attributes]
pub struct StackOutputsAttributes {
    /// The stack's name.
    pub id: Id<StackOutputs>,
    /// Its outputs, by name; secret ones are left out.
    #[field(required)]
    pub values: BTreeMap<String, Json>,
}

impl StackOutputsAttributesRefs {
    /// One output, as a value of the type that the caller knows it to have. If there is no such output, a plan fails and
    /// says which there are.
    pub fn get<T>(&self, name: &str) -> Input<T> {
        Input::from_expr(input::lookup(self.values(), name).into_expr())
    }
}

/// Where the states of other stacks are. Without more, each is opened by its URL, with the credentials and endpoints of
/// the process's environment.
///
/// Each engine has one that knows no names. Add another as a provider for stores that no URL names: one in memory, one
/// that is encrypted.
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

/// The name of the provider that reads other stacks' outputs.
pub const PROVIDER: &str = "landform";

impl Stores {
    /// Stores by their URLs.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more, under a name that stands for it where a URL would.
    pub fn with(mut self, name: impl Into<String>, store: Arc<dyn Store>) -> Self {
        self.0.insert(name.into(), store);
        self
    }

    /// The provider that reads the outputs of stacks in these stores. It takes the place of the one that an engine has.
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

/// A state that cannot be read, as the engine takes what a provider says: a store that is away for a moment is asked
/// again.
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
