//! Types known only at run time: a provider learns them when it opens, and a stack declares nodes without a Rust type.

use std::{borrow::Cow, sync::Arc};

use landform::{
    Address, ChangeKind, Engine, ResourceType, Rule, Schema, Secret, Secrets, Stack,
    expr::Expr,
    schema::{Field, Kind},
    sim::{Cloud, Latency},
    store::MemoryStore,
};
use serde_json::{Value as Json, json};

use landform_testkit::bed::{at, directory, options};

/// A service's description of its types.
fn discovery() -> Json {
    json!({
        "demo_bucket": {
            "arguments": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": { "type": "string", "x-immutable": true },
                    "size": { "type": "integer", "default": 1 },
                    "key": { "type": "string", "x-secret": true },
                    "labels": { "type": "object", "additionalProperties": { "type": "string" } },
                },
            },
            "attributes": {
                "type": "object",
                "required": ["id", "url"],
                "properties": {
                    "id": { "type": "string" },
                    "url": { "type": "string", "x-form": "https://{name}.{region}.test" },
                },
            },
        },
    })
}

/// The types, built from the service's description and by hand.
fn types() -> Vec<Arc<ResourceType>> {
    let told = discovery();
    let mut types: Vec<Arc<ResourceType>> = Vec::new();
    for (name, schemas) in told.as_object().unwrap() {
        let schema = |part: &str| Schema::from_json_schema(&schemas[part]).unwrap();
        let known = ResourceType::new(name.parse().unwrap(), schema("arguments"), schema("attributes"));
        types.push(Arc::new(ResourceType { rules: vec![Rule::unique([String::from("name")])], ..known }));
    }
    let bucket =
        Kind::Text { format: None, one_of: Vec::new(), refers_to: Some("demo_bucket".parse().unwrap()) };
    let arguments = [
        Field { required: true, immutable: true, ..Field::new("bucket", bucket) },
        Field { required: true, ..Field::new("text", Kind::text()) },
    ];
    let id = Field { required: true, ..Field::new("id", Kind::text()) };
    let thing = ResourceType::new(
        "demo_thing".parse().unwrap(),
        Schema::new(arguments).unwrap(),
        Schema::new([id]).unwrap(),
    );
    types.push(Arc::new(ResourceType { id_form: Cow::Owned("thing-{hex8}".to_owned()), ..thing }));
    types
}

/// A cloud with these types.
struct Service {
    cloud: Cloud,
    types: Vec<Arc<ResourceType>>,
    store: MemoryStore,
    _directory: tempfile::TempDir,
}

impl Service {
    fn open() -> Self {
        let (directory, types) = (directory(), types());
        let cloud = Cloud::open(directory.path()).types(&types).latency(Latency::none()).build().unwrap();
        Self { cloud, types, store: MemoryStore::new(), _directory: directory }
    }

    fn engine(&self) -> Engine {
        let store = Arc::new(self.store.clone());
        Engine::builder()
            .provider(self.cloud.provider("demo"))
            .store(store)
            .journal(options())
            .open()
            .unwrap()
    }

    fn of(&self, name: &str) -> &Arc<ResourceType> {
        self.types.iter().find(|known| known.name == name).unwrap()
    }

    /// A bucket and an object in it that refers to the bucket's address.
    fn stack(&self, size: u32, text: &str) -> (Stack, Address) {
        let mut stack = Stack::new("runtime");
        let key = Expr::Secret(Box::new(Secret::new("hunter2-key").expose().into()));
        let arguments = Expr::map(
            [
                ("name".to_owned(), "logs".into()),
                ("size".to_owned(), json!(size).into()),
                ("key".to_owned(), key),
            ]
            .into(),
        );
        let bucket = stack.add_untyped("logs", self.of("demo_bucket"), arguments);
        let thing = Expr::map(
            [
                ("bucket".to_owned(), Expr::reference(&bucket, "id".parse().unwrap())),
                ("text".to_owned(), text.into()),
            ]
            .into(),
        );
        let thing = stack.add_untyped("first", self.of("demo_thing"), thing);
        stack.output("url", Expr::reference(&bucket, "url".parse().unwrap()));
        (stack, thing.address().clone())
    }

    /// Applies, and checks that nothing is left to do. Returns the kinds of changes.
    async fn apply(&self, stack: &Stack) -> Vec<ChangeKind> {
        let plan = self.engine().plan(stack).await.unwrap();
        self.engine().apply(&plan).await.unwrap().complete().unwrap();
        let next = self.engine().plan(stack).await.unwrap();
        assert!(next.is_empty() && next.drift.is_empty(), "{next}");
        plan.changes.iter().map(|change| change.kind).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_type_learnt_at_run_time_lives_as_any_other() {
    let service = Service::open();
    let (stack, _) = service.stack(1, "a");
    stack.check().unwrap();
    assert_eq!(service.apply(&stack).await, [ChangeKind::Create, ChangeKind::Create]);
    let state = service.engine().state("runtime").await.unwrap();
    let bucket = state.get(&at("demo_bucket.logs")).unwrap();
    assert_eq!(bucket.attributes.value().unwrap()["url"], json!("https://logs.us-east-2.test"));
    assert_eq!(state.outputs()["url"], json!("https://logs.us-east-2.test"));
    let thing = state.get(&at("demo_thing.first")).unwrap();
    assert!(thing.id.starts_with("thing-"), "{}", thing.id);
    assert_eq!(thing.args.value().unwrap()["bucket"], json!(bucket.id), "the reference was resolved");
    assert!(!state.to_json().unwrap().contains("hunter2"), "the schema's secret is sealed");

    let (changed, _) = service.stack(2, "b");
    assert_eq!(service.apply(&changed).await, [ChangeKind::Update, ChangeKind::Update]);

    // The state has only the seal of the secret. The engine that read the cloud knows the secret.
    let engine = service.engine();
    let (plan, restored) = engine.plan_restore("runtime", 1, &Secrets::new()).await.unwrap();
    assert!(plan.changes.iter().all(|change| change.kind == ChangeKind::Update), "{plan}");
    assert_eq!(plan.changes.len(), 2);
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert!(service.engine().plan(&restored.stack).await.unwrap().is_empty());
    assert!(service.engine().plan(&stack).await.unwrap().is_empty(), "unchanged after the first run");

    let plan = service.engine().plan_destroy(&stack).await.unwrap();
    service.engine().apply(&plan).await.unwrap().complete().unwrap();
    assert!(service.cloud.objects().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_immutable_field_replaces_and_an_existing_thing_is_taken_over() {
    let service = Service::open();
    let seeded = service.cloud.seed("demo_bucket", "b-7", json!({ "name": "old", "size": 5 })).unwrap();
    let mut stack = Stack::new("runtime");
    let arguments = json!({ "name": "old", "size": 5 });
    let bucket = stack.add_untyped("old", service.of("demo_bucket"), arguments);
    assert!(stack.adjust_at(&bucket, |node| node.lifecycle.import = Some(seeded.id.clone())));
    assert_eq!(service.apply(&stack).await, [ChangeKind::Adopt]);

    let mut stack = Stack::new("runtime");
    stack.add_untyped("old", service.of("demo_bucket"), json!({ "name": "new", "size": 5 }));
    let kinds = service.apply(&stack).await;
    assert!(matches!(kinds[..], [ChangeKind::Replace(_)]), "{kinds:?}");
    assert_eq!(service.cloud.objects().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stored_stack_is_bound_to_types_of_run_time() {
    let service = Service::open();
    let (stack, thing) = service.stack(1, "a");
    let text = serde_json::to_string(&stack).unwrap();
    let mut stored: Stack = serde_json::from_str(&text).unwrap();
    stored.check().unwrap_err();
    let provider = service.cloud.provider("demo");
    stored.bind(&|name| provider.driver(name).map(|driver| driver.resource_type()));
    stored.check().unwrap();
    assert!(Arc::ptr_eq(
        stored.node(thing.as_str()).unwrap().resource_type().unwrap(),
        service.of("demo_thing")
    ));
}

#[test]
fn untyped_nodes_are_checked_by_their_schema() {
    let types = types();
    let bucket = types.iter().find(|known| known.name == "demo_bucket").unwrap();
    let mut stack = Stack::new("runtime");
    stack.add_untyped("a", bucket, json!({ "nmae": "x", "size": "big" }));
    stack.add_untyped("b", bucket, json!({ "name": "same" }));
    stack.add_untyped("b", bucket, json!({ "name": "same" }));
    stack.output("url", Expr::reference(at("demo_bucket.c"), "url".parse().unwrap()));
    let problems = stack.check().unwrap_err().to_string();
    for said in ["nmae", "size", "declared twice", "demo_bucket.c, which is not declared", "runtime.rs"] {
        assert!(problems.contains(said), "{said} is missing in {problems}");
    }
    let error = Schema::from_json_schema(&json!({ "type": "string" })).unwrap_err();
    assert!(error.contains("expected the schema of an object"), "{error}");
}
