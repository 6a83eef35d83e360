//! Several providers of one kind: each resource belongs to one, and the engine never calls the wrong one.

use std::sync::Arc;

use landform::{
    ChangeKind, Engine, EngineBuilder, Error, ErrorKind, ProviderError, Reason, ReplaceOrder, Scope, Stack,
    sim::{Cloud, Fault, Operation},
};

use landform_testkit::{
    bed::{Bed, at, cloud, options},
    demo::{KnownNetwork, Network, Note, Part, cidr},
};

/// Two regions and a state.
struct Regions {
    bed: Bed,
    west: Cloud,
    _directory: tempfile::TempDir,
}

impl Regions {
    fn new() -> Self {
        let directory = landform_testkit::bed::directory();
        let west = cloud(directory.path()).region("us-west-2").build().unwrap();
        Self { bed: Bed::new(), west, _directory: directory }
    }

    fn builder(&self) -> EngineBuilder {
        self.bed.builder().provider(self.west.provider("demo.west"))
    }

    fn engine(&self) -> Engine {
        self.builder().open().unwrap()
    }

    async fn apply(&self, stack: &Stack) -> landform::Plan {
        let plan = self.engine().plan(stack).await.unwrap();
        self.engine().apply(&plan).await.unwrap().complete().unwrap();
        let next = self.engine().plan(stack).await.unwrap();
        assert!(next.is_empty(), "{next}");
        plan
    }

    fn here_and_there(&self) -> (usize, usize) {
        (self.bed.cloud.objects().unwrap().len(), self.west.objects().unwrap().len())
    }
}

fn west() -> Scope {
    Scope::new().provider("demo.west".parse().unwrap())
}

/// A layer that knows nothing of regions.
fn layer(stack: &mut Stack, name: &str) {
    let network = stack.add(&format!("{name}-net"), Network::new(cidr("10.0.0.0/16")));
    stack.add(&format!("{name}-part"), Part::new(&network, cidr("10.0.1.0/24")));
}

fn both() -> Stack {
    let mut stack = Stack::new("regions");
    layer(&mut stack, "east");
    stack.within(west(), |stack| layer(stack, "west"));
    stack
}

#[tokio::test(start_paused = true)]
async fn each_node_is_made_read_and_deleted_by_its_own() {
    let regions = Regions::new();
    let plan = regions.apply(&both()).await;
    assert_eq!(plan.change("demo_part.west-part").unwrap().provider, "demo.west");
    assert_eq!(regions.here_and_there(), (2, 2));
    let state = regions.engine().state("regions").await.unwrap();
    assert_eq!(state.get(&at("demo_part.west-part")).unwrap().provider, "demo.west");

    regions.bed.cloud.reset_calls();
    regions.west.reset_calls();
    assert!(regions.engine().plan(&both()).await.unwrap().is_empty());
    for cloud in [&regions.bed.cloud, &regions.west] {
        assert_eq!(cloud.calls().of(Operation::Read), 2, "one page for each type");
    }
    let plan = regions.engine().plan_destroy(&both()).await.unwrap();
    regions.engine().apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(regions.here_and_there(), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_moves_to_another_provider_is_made_there_and_deleted_here() {
    let regions = Regions::new();
    let stack = |scope| {
        let mut stack = Stack::new("regions");
        stack.within(scope, |stack| stack.add("note", Note::new("any")));
        stack
    };
    regions.apply(&stack(Scope::new())).await;
    assert_eq!(regions.here_and_there(), (1, 0));
    let plan = regions.apply(&stack(west())).await;
    let change = plan.change("demo_note.note").unwrap();
    assert_eq!(change.kind, ChangeKind::Replace(ReplaceOrder::DestroyFirst));
    assert_eq!(change.reason, Reason::Provider { from: "demo".into(), to: "demo.west".into() });
    assert_eq!(regions.here_and_there(), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn what_belongs_to_a_provider_that_is_not_there_is_left_alone() {
    let regions = Regions::new();
    regions.apply(&both()).await;
    let mut stack = Stack::new("regions");
    layer(&mut stack, "east");
    layer(&mut stack, "west");
    let error = regions.bed.engine().plan(&stack).await.unwrap_err();
    assert!(matches!(error, Error::WhichProvider { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("belongs to provider demo.west") && text.contains("there is demo"), "{text}");
    assert_eq!(regions.here_and_there(), (2, 2));

    let mut named = Stack::new("named");
    let north = Scope::new().provider("demo.north".parse().unwrap());
    named.within(north, |named| named.add("note", Note::new("any")));
    let store = Arc::new(landform::store::MemoryStore::new());
    let error = regions.builder().store(store).open().unwrap().plan(&named).await.unwrap_err().to_string();
    assert!(error.contains("belongs to provider demo.north") && error.contains("demo, demo.west"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn where_several_could_be_meant_one_must_be_named() {
    let regions = Regions::new();
    let engine = Engine::builder()
        .provider(regions.west.provider("demo.west"))
        .provider(regions.bed.cloud.provider("demo.east"))
        .store(Arc::new(regions.bed.store.clone()))
        .journal(options())
        .open()
        .unwrap();
    let mut stack = Stack::new("regions");
    stack.add("note", Note::new("any"));
    let error = engine.plan(&stack).await.unwrap_err().to_string();
    assert!(error.contains("several providers offer demo_note (demo.west, demo.east)"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_called_otherwise_now_keeps_what_it_has() {
    let regions = Regions::new();
    let mut stack = Stack::new("regions");
    stack.within(west(), |stack| stack.add("note", Note::new("any")));
    regions.apply(&stack).await;
    let mut stack = Stack::new("regions");
    let oregon = Scope::new().provider("demo.oregon".parse().unwrap());
    stack.within(oregon, |stack| stack.add("note", Note::new("any")));
    let engine = regions
        .bed
        .builder()
        .provider(regions.west.provider("demo.oregon"))
        .renamed_provider("demo.west", "demo.oregon")
        .open()
        .unwrap();
    let plan = engine.plan(&stack).await.unwrap();
    assert!(plan.is_empty() && plan.records(), "{plan}");
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let state = engine.state("regions").await.unwrap();
    assert_eq!(state.get(&at("demo_note.note")).unwrap().provider, "demo.oregon");
    assert_eq!(regions.here_and_there(), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn data_sources_are_asked_of_their_own_provider() {
    let regions = Regions::new();
    let network = serde_json::json!({ "range": "10.0.0.0/8", "name": "shared", "dns": true, "tags": {} });
    regions.west.seed("demo_network", "net-00000001", network).unwrap();
    let mut stack = Stack::new("regions");
    stack.within(west(), |stack| {
        let shared = stack.read("shared", KnownNetwork::new().name("shared"));
        stack.add("part", Part::new(shared.id(), cidr("10.1.0.0/16")));
    });
    regions.apply(&stack).await;
    assert_eq!(regions.here_and_there(), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_attempt_is_settled_where_it_was_made() {
    let regions = Regions::new();
    let mut stack = Stack::new("regions");
    stack.within(west(), |stack| stack.add("note", Note::new("any")));
    let plan = regions.engine().plan(&stack).await.unwrap();
    regions.west.inject(Fault::lost_reply(Operation::Create));
    regions.west.inject(Fault::before(Operation::Find, ProviderError::new(ErrorKind::Denied, "no")));
    let report = regions.engine().apply(&plan).await.unwrap();
    assert_eq!(report.failures.len(), 1);
    let next = regions.engine().plan(&stack).await.unwrap();
    assert!(next.is_empty(), "{next}");
    assert_eq!(regions.here_and_there(), (0, 1));
    assert_eq!(regions.bed.cloud.calls().of(Operation::Find), 0);
}
