//! Objects are returned whole to their provider, with its private data byte for byte, which no view shows.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use async_trait::async_trait;
use landform::{
    Abilities, Call, Driver, Engine, EngineBuilder, Event, Found, Identity, Known, Object, Plan, Private,
    Progress, ProviderResult, ResourceType, Sink, Stack, Ticket,
    journal::Journal,
    sim::{Fault, Operation},
    view,
};
use serde_json::{Value as Json, json};

use landform_testkit::{
    bed::{Bed, at},
    demo::{Key, Note},
};

/// The text of the private data, for the search in places that must not have it.
const MARK: &str = "hunter2-private";

/// The private data of each object, the latest last, and the number of times it was returned.
#[derive(Default)]
struct Cellar {
    given: Mutex<HashMap<String, Vec<Private>>>,
    returned: AtomicU32,
    /// Increases when the provider changes its private data.
    edition: AtomicU32,
}

impl Cellar {
    /// Every byte value, the id and the edition.
    fn keep(&self, mut object: Object) -> Object {
        let edition = self.edition.load(Ordering::Relaxed);
        let text = format!("{MARK} {} {edition}", object.id);
        object.private = Private::new((0..=255).chain(text.bytes()).collect::<Vec<u8>>());
        object.identity = Some(Identity::new(json!({ "name": format!("{MARK} {}", object.id) })));
        self.given.lock().unwrap().entry(object.id.clone()).or_default().push(object.private.clone());
        object
    }

    fn check(&self, known: &dyn Known) {
        let given = self.given.lock().unwrap();
        assert!(given[known.id()].contains(known.private()), "never given for {}", known.id());
        let identity = known.identity().expect("it has an identity").value();
        assert_eq!(identity["name"], json!(format!("{MARK} {}", known.id())));
        assert_eq!(known.to_object().unwrap().attributes["id"], json!(known.id()));
        self.returned.fetch_add(1, Ordering::Relaxed);
    }

    fn latest(&self, id: &str) -> Private {
        self.given.lock().unwrap()[id].last().unwrap().clone()
    }

    fn returned(&self) -> u32 {
        self.returned.swap(0, Ordering::Relaxed)
    }
}

/// A driver with private data for every object.
struct Keeping {
    inner: Arc<dyn Driver>,
    cellar: Arc<Cellar>,
}

#[async_trait]
impl Driver for Keeping {
    fn resource_type(&self) -> &Arc<ResourceType> {
        self.inner.resource_type()
    }

    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    async fn read_many(&self, objects: &[&dyn Known]) -> ProviderResult<Vec<Option<Object>>> {
        objects.iter().for_each(|known| self.cellar.check(*known));
        let found = self.inner.read_many(objects).await?;
        Ok(found.into_iter().map(|found| found.map(|object| self.cellar.keep(object))).collect())
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> ProviderResult<Progress<Object>> {
        self.inner.create(call, arguments).await?.try_map(|object| Ok(self.cellar.keep(object)))
    }

    async fn update(
        &self,
        call: Call<'_>,
        prior: &dyn Known,
        arguments: &Json,
    ) -> ProviderResult<Progress<Object>> {
        self.cellar.check(prior);
        self.inner.update(call, prior, arguments).await?.try_map(|object| Ok(self.cellar.keep(object)))
    }

    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> ProviderResult<Progress<Object>> {
        self.cellar.check(prior);
        self.inner.delete(call, prior).await
    }

    async fn resume(
        &self,
        call: Call<'_>,
        ticket: &Ticket,
        arguments: &Json,
    ) -> ProviderResult<Progress<Object>> {
        self.inner.resume(call, ticket, arguments).await?.try_map(|object| Ok(self.cellar.keep(object)))
    }

    async fn find(&self, call: Call<'_>, arguments: &Json) -> ProviderResult<Found<Object>> {
        self.inner.find(call, arguments).await?.try_map(|object| Ok(self.cellar.keep(object)))
    }

    async fn import(&self, id: &str) -> ProviderResult<Object> {
        Ok(self.cellar.keep(self.inner.import(id).await?))
    }

    async fn upgrade(&self, from: u32, stored: Object) -> ProviderResult<Object> {
        self.inner.upgrade(from, stored).await
    }
}

struct House {
    bed: Bed,
    cellar: Arc<Cellar>,
}

impl House {
    fn new() -> Self {
        Self { bed: Bed::new(), cellar: Arc::default() }
    }

    fn builder(&self) -> EngineBuilder {
        let cellar = self.cellar.clone();
        let keep = move |inner| Arc::new(Keeping { inner, cellar: cellar.clone() }) as Arc<dyn Driver>;
        self.bed.builder().provider(self.bed.cloud.provider("demo").map(keep))
    }

    fn engine(&self) -> Engine {
        self.builder().open().unwrap()
    }

    async fn apply(&self, stack: &Stack) -> Plan {
        let plan = self.engine().plan(stack).await.unwrap();
        self.engine().apply(&plan).await.unwrap().complete().unwrap();
        let next = self.engine().plan(stack).await.unwrap();
        assert!(next.is_empty() && !next.records(), "{next}");
        plan
    }
}

fn stack(text: &str) -> Stack {
    let mut stack = Stack::new("house");
    stack.add("note", Note::new(text));
    stack.add("key", Key::new("k").code("hunter2-code"));
    stack
}

#[tokio::test(start_paused = true)]
async fn what_a_provider_keeps_comes_back_byte_for_byte() {
    let house = House::new();
    house.apply(&stack("one")).await;
    assert_eq!(house.cellar.returned(), 2, "the second plan read both");
    house.apply(&stack("two")).await;
    let state = house.engine().state("house").await.unwrap();
    assert!(state.objects().all(|(_, object)| !object.private.is_empty() && object.identity.is_some()));
    assert!(house.cellar.returned() >= 4, "read, changed or replaced, read again");

    let plan = house.engine().plan_destroy(&stack("two")).await.unwrap();
    house.cellar.returned();
    house.engine().apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(house.cellar.returned(), 2, "both deletes got it");
}

#[tokio::test(start_paused = true)]
async fn a_read_may_change_what_is_kept_and_the_newest_is_handed_back() {
    let house = House::new();
    house.apply(&stack("one")).await;
    house.cellar.edition.store(1, Ordering::Relaxed);
    let plan = house.engine().plan(&stack("one")).await.unwrap();
    assert!(
        plan.is_empty() && plan.drift.is_empty() && plan.records(),
        "nothing to tell, something to record"
    );
    house.engine().apply(&plan).await.unwrap().complete().unwrap();
    let state = house.engine().state("house").await.unwrap();
    for (_, object) in state.objects() {
        assert_eq!(object.private, house.cellar.latest(&object.id));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_put_aside_or_found_again_keeps_it_too() {
    let house = House::new();
    let keyed = |name: &str| {
        let mut stack = Stack::new("house");
        let key = stack.add("key", Key::new(name));
        stack.adjust(&key, |node| node.lifecycle.create_before_destroy = true);
        stack
    };
    house.apply(&keyed("a")).await;
    house.apply(&keyed("b")).await;

    house.bed.cloud.inject(Fault::lost_reply(Operation::Create));
    let mut more = keyed("b");
    more.add("note", Note::new("found again"));
    house.apply(&more).await;
    let state = house.engine().state("house").await.unwrap();
    assert!(!state.get(&at("demo_note.note")).unwrap().private.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_leaves_it_out_and_the_apply_gets_it_again() {
    let house = House::new();
    house.apply(&stack("one")).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plan");
    for edition in [1, 2] {
        // Drift and new private data: the plan records both.
        let id = house.bed.id(&stack("one"), &at("demo_note.note")).await;
        let drift = |fields: &mut serde_json::Map<String, Json>| {
            fields.insert("text".into(), json!(format!("drift {edition}")));
        };
        house.bed.cloud.tamper("demo_note", &id, drift).unwrap();
        house.cellar.edition.store(edition, Ordering::Relaxed);
        let plan = house.engine().plan_refresh(&stack("one")).await.unwrap();
        assert_eq!(plan.drift.len(), 1);
        plan.save(&file).unwrap();
        let saved = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&saved);
        let bytes = serde_json::to_string(&house.cellar.latest(&id)).unwrap();
        assert!(!text.contains(MARK) && !text.contains(bytes.trim_matches('"')), "{text}");
        house.engine().apply(&Plan::load(&file).unwrap()).await.unwrap().complete().unwrap();
        let state = house.engine().state("house").await.unwrap();
        assert_eq!(state.get(&at("demo_note.note")).unwrap().private, house.cellar.latest(&id));
    }
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_is_stale_if_the_provider_now_tells_something_else() {
    let house = House::new();
    house.apply(&stack("one")).await;
    let id = house.bed.id(&stack("one"), &at("demo_note.note")).await;
    let tamper = |text: &str| {
        let text = json!(text);
        house.bed.cloud.tamper("demo_note", &id, |fields| drop(fields.insert("text".into(), text))).unwrap();
    };
    tamper("drift");
    house.cellar.edition.store(1, Ordering::Relaxed);
    let plan = house.engine().plan_refresh(&stack("one")).await.unwrap();
    let stored: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    tamper("more drift");
    let error = house.engine().apply(&stored).await.unwrap_err().to_string();
    assert!(error.contains("demo_note.note has changed since"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_shown_what_a_provider_keeps() {
    let house = House::new();
    let heard: Arc<Mutex<Vec<Event>>> = Arc::default();
    let listener = heard.clone();
    let engine =
        house.builder().events(Sink::new(move |event| listener.lock().unwrap().push(event))).open().unwrap();
    let plan = engine.plan(&stack("one")).await.unwrap();
    let report = engine.apply(&plan).await.unwrap();
    house.cellar.edition.store(1, Ordering::Relaxed);
    let plan = engine.plan(&stack("one")).await.unwrap();
    assert!(plan.records());
    let state = engine.state("house").await.unwrap();
    let journal = Journal::read(Arc::new(house.bed.store.clone()), "house").await.unwrap();
    let exported = engine.export("house").await.unwrap();
    let terraform = landform::view::terraform_state_json(&state, &|_| None);
    let shown = [
        format!("{}{plan:?}{report:?}{state:?}{:?}", view::text(&plan), journal.state()),
        serde_json::to_string(&plan).unwrap(),
        serde_json::to_string(&*heard.lock().unwrap()).unwrap(),
        landform::view::terraform_json(&plan, &stack("one"), &state).to_string(),
        terraform.to_string(),
        exported.clone(),
    ];
    let given = house.cellar.given.lock().unwrap().clone();
    let encoded: Vec<String> = given
        .values()
        .flatten()
        .map(|bytes| serde_json::to_string(bytes).unwrap().trim_matches('"').to_owned())
        .collect();
    for text in &shown {
        assert!(!text.contains(MARK), "{text}");
        assert!(encoded.iter().all(|bytes| !text.contains(bytes.as_str())), "{text}");
    }

    // A masked value cannot pass for the original. Other values update the state.
    let elsewhere = House { bed: Bed::new(), cellar: house.cellar.clone() };
    let error = elsewhere.engine().import(&exported).await.unwrap_err().to_string();
    assert!(error.contains("private bytes were left out"), "{error}");
    let whole = engine.export_with_private("house").await.unwrap();
    let imported = elsewhere.engine().import(&whole).await.unwrap();
    assert_eq!(imported.get(&at("demo_note.note")), state.get(&at("demo_note.note")));
}
