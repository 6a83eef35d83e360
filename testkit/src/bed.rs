//! A cloud, a store and an engine on both, and the checks after every apply.

use std::{collections::BTreeSet, path::Path, sync::Arc, sync::Mutex, time::Duration};

use landform::{
    Address, Engine, EngineBuilder, Event, Plan, Report, Sink, Stack,
    journal::{Options, State},
    sim::{Builder, Cloud, Existing, Latency},
    store::MemoryStore,
};
use tempfile::TempDir;

use crate::demo;

/// A cloud and a state.
pub struct Bed {
    /// The cloud.
    pub cloud: Cloud,
    /// The store of the state.
    pub store: MemoryStore,
    /// The events so far.
    pub heard: Arc<Mutex<Vec<Event>>>,
    _directory: TempDir,
}

/// A cloud with the demo types. It answers at once, except for tickets.
pub fn cloud(directory: &Path) -> Builder {
    Cloud::open(directory).types(demo::types()).latency(Latency::none())
}

/// A directory, in memory if possible.
pub fn directory() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// The journal options of a test: nothing waits for other records.
pub fn options() -> Options {
    Options { group: Duration::ZERO, ..Options::default() }
}

impl Default for Bed {
    fn default() -> Self {
        Self::new()
    }
}

impl Bed {
    /// A bed with the demo types and an empty state.
    pub fn new() -> Self {
        Self::with(|builder| builder)
    }

    /// A bed whose cloud has further settings.
    pub fn with(describe: impl FnOnce(Builder) -> Builder) -> Self {
        let directory = directory();
        let cloud = describe(cloud(directory.path())).build().unwrap();
        Self { cloud, store: MemoryStore::new(), heard: Arc::default(), _directory: directory }
    }

    /// The same cloud with an empty state.
    pub fn with_new_state(self) -> Self {
        Self { store: MemoryStore::new(), ..self }
    }

    /// A builder of engines on this cloud and state.
    pub fn builder(&self) -> EngineBuilder {
        let heard = self.heard.clone();
        Engine::builder()
            .provider(self.cloud.provider("demo"))
            .store(Arc::new(self.store.clone()))
            .journal(options())
            .lag(Duration::ZERO)
            .events(Sink::new(move |event| heard.lock().unwrap().push(event)))
    }

    /// An engine on this cloud and state.
    pub fn engine(&self) -> Engine {
        self.builder().open().unwrap()
    }

    /// Plans a stack.
    pub async fn plan(&self, stack: &Stack) -> Plan {
        self.engine().plan(stack).await.unwrap()
    }

    /// Reads a stack's state.
    pub async fn state(&self, stack: &Stack) -> State {
        self.engine().state(stack.name()).await.unwrap()
    }

    /// Plans and applies. Every step must succeed, and nothing may be left to do.
    pub async fn apply(&self, stack: &Stack) -> (Plan, Report) {
        let done = self.go(stack).await;
        self.settled(stack).await;
        done
    }

    /// Plans and applies. Every step must succeed. Does not check what is left to do.
    pub async fn go(&self, stack: &Stack) -> (Plan, Report) {
        let plan = self.plan(stack).await;
        let report = self.engine().apply(&plan).await.unwrap().complete().unwrap();
        (plan, report)
    }

    /// The single object that was created for a node with this name.
    pub fn made(&self, name: &str) -> Existing {
        let objects = self.cloud.objects().unwrap();
        let named = |object: &Existing| object.by.as_ref().is_some_and(|by| by.name() == name);
        objects.into_iter().find(named).unwrap_or_else(|| panic!("{name} does not exist"))
    }

    /// Changes an argument in the cloud, without the engine.
    pub async fn tamper(&self, name: &str, field: &str, value: serde_json::Value) {
        let Existing { type_name, id, .. } = self.made(name);
        self.cloud
            .tamper(type_name.as_str(), &id, |arguments| drop(arguments.insert(field.into(), value)))
            .unwrap();
    }

    /// Destroys everything. Nothing that the stack created may be left.
    pub async fn destroy(&self, stack: &Stack) -> Report {
        let plan = self.engine().plan_destroy(stack).await.unwrap();
        let report = self.engine().apply(&plan).await.unwrap().complete().unwrap();
        let state = self.state(stack).await;
        assert!(state.is_empty() && state.pending().next().is_none(), "{state:?}");
        assert_same(&self.cloud, &state);
        report
    }

    /// Checks that nothing is left to do, nothing is lost, and nothing is doubled.
    pub async fn settled(&self, stack: &Stack) -> State {
        let plan = self.plan(stack).await;
        assert!(plan.is_empty() && plan.drift.is_empty(), "something is left to do:\n{plan}\n{plan:?}");
        let state = self.state(stack).await;
        state.verify().unwrap();
        assert_eq!(state.pending().count(), 0);
        assert_same(&self.cloud, &state);
        state
    }

    /// The id at an address.
    pub async fn id(&self, stack: &Stack, address: &Address) -> String {
        self.state(stack).await.get(address).unwrap_or_else(|| panic!("{address} does not exist")).id.clone()
    }

    /// The events so far. Empties the list.
    pub fn events(&self) -> Vec<Event> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

/// Checks that the state has exactly the objects that the cloud created, each once.
pub fn assert_same(cloud: &Cloud, state: &State) {
    let existing = cloud.objects().unwrap();
    let made = existing.iter().filter(|object| object.by.is_some() && !object.deleting);
    let made: Vec<(String, String)> =
        made.map(|object| (object.type_name.to_string(), object.id.clone())).collect();
    let made_once: BTreeSet<_> = made.iter().cloned().collect();
    assert_eq!(made.len(), made_once.len());
    let known: BTreeSet<(String, String)> =
        state.objects().map(|(_, object)| (object.type_name.to_string(), object.id.clone())).collect();
    let lost: Vec<_> = made_once.difference(&known).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    let existing: BTreeSet<(String, String)> =
        existing.iter().map(|object| (object.type_name.to_string(), object.id.clone())).collect();
    let imagined: Vec<_> = known.difference(&existing).collect();
    assert!(imagined.is_empty(), "in the state, but not in the cloud: {imagined:?}");
    let doubles = cloud.doubles().unwrap();
    assert!(doubles.is_empty(), "doubled: {doubles:?}");
}

/// An address.
pub fn at(text: &str) -> Address {
    text.parse().unwrap()
}
