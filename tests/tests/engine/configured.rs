//! Providers with a configuration from the stack, which may be known only during the apply.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use landform::{
    ChangeKind, Engine, Error, ErrorKind, Id, Opens, Plan, Provider, ProviderError, ProviderResult, Reason,
    Scope, Stack, Warning, attributes, data,
    sim::{Cloud, Operation},
    store::MemoryStore,
    view,
};

use landform_testkit::{
    bed::{Bed, at},
    demo::{Network, Note, cidr},
};

/// How to reach a service that runs in a network.
#[data("demo_access")]
pub struct Access {
    /// The network, as the cloud names it.
    pub arn: String,
    /// The allowed traffic.
    #[field(secret)]
    pub token: Option<String>,
}

/// Its attributes.
#[attributes]
pub struct AccessAttributes {
    /// The provider.
    pub id: Id<Access>,
}

/// Opens the service, and records the configuration.
struct Service {
    cloud: Cloud,
    opened: Mutex<Vec<Access>>,
    up: Mutex<bool>,
}

#[async_trait]
impl Opens<Access> for Service {
    async fn open(&self, access: &Access) -> ProviderResult<Provider> {
        if !*self.up.lock().unwrap() || !access.arn.starts_with("arn:demo:") {
            return Err(ProviderError::new(ErrorKind::Denied, format!("no service at {}", access.arn)));
        }
        self.opened.lock().unwrap().push(access.clone());
        Ok(self.cloud.provider("demo.far"))
    }
}

fn world() -> (Bed, Arc<Service>, Engine) {
    let bed = Bed::new();
    let service =
        Arc::new(Service { cloud: bed.cloud.clone(), opened: Mutex::default(), up: Mutex::new(true) });
    let engine = engine(&bed, &service);
    (bed, service, engine)
}

/// A new engine, which does not share open providers with others.
fn engine(bed: &Bed, service: &Arc<Service>) -> Engine {
    let far = bed.cloud.provider("demo.far").opened_by::<Access, _>(service);
    bed.builder().provider(far).open().unwrap()
}

fn far() -> Scope {
    Scope::new().provider("demo.far".parse().unwrap())
}

fn stack(range: &str, text: &str) -> Stack {
    let mut stack = Stack::new("configured");
    let network = stack.add("net", Network::new(cidr(range)));
    stack.within(far(), |stack| {
        stack.read("far", Access::new(network.arn()).token("open-sesame"));
        stack.add("inside", Note::new(text));
    });
    stack
}

async fn apply(engine: &Engine, plan: &Plan) {
    engine.apply(plan).await.unwrap().complete().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_provider_is_opened_with_what_the_same_apply_makes() {
    let (bed, service, engine) = world();
    let plan = engine.plan(&stack("10.0.0.0/16", "a")).await.unwrap();
    assert!(service.opened.lock().unwrap().is_empty(), "nothing is there to be opened");
    let access = plan.change("data.demo_access.far").unwrap();
    assert_eq!((access.kind, &access.reason), (ChangeKind::Read, &Reason::Unknown));
    assert!(
        !format!("{}{plan:?}{}", view::text(&plan), serde_json::to_string(&plan).unwrap()).contains("sesame")
    );
    apply(&engine, &plan).await;
    let opened = service.opened.lock().unwrap().clone();
    assert_eq!((opened.len(), opened[0].token.as_deref()), (1, Some("open-sesame")));
    let state = bed.state(&stack("10.0.0.0/16", "a")).await;
    let note = state.get(&at("demo_note.inside")).unwrap();
    assert_eq!(note.provider, "demo.far");
    assert_eq!(note.depends_on, [at("demo_network.net")], "it depends on what its provider needs");

    // A known configuration opens the provider during planning, also in an engine of another process.
    let other = self::engine(&bed, &service);
    let plan = other.plan(&stack("10.0.0.0/16", "a")).await.unwrap();
    assert!(plan.is_empty() && plan.warnings.is_empty(), "{plan}");
    let plan = other.plan(&stack("10.0.0.0/16", "b")).await.unwrap();
    assert_eq!(plan.changes.len(), 1, "{plan}");
    apply(&self::engine(&bed, &service), &plan).await;
    assert!(other.plan(&stack("10.0.0.0/16", "b")).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_opens_the_provider_with_the_secrets_of_the_stack() {
    let (bed, service, engine) = world();
    let declared = |text: &str| stack("10.0.0.0/16", text);
    apply(&engine, &engine.plan(&declared("a")).await.unwrap()).await;
    let plan = engine.plan(&declared("b")).await.unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    assert!(!text.contains("sesame"), "{text}");
    let saved: Plan = serde_json::from_str(&text).unwrap();
    let error = self::engine(&bed, &service).apply(&saved).await.unwrap_err().to_string();
    assert!(error.starts_with("data.demo_access.far: "), "{error}");
    apply(&self::engine(&bed, &service), &saved.with_secrets_of(&declared("b"))).await;
    assert!(engine.plan(&declared("b")).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_behind_a_provider_goes_before_what_the_provider_needs() {
    let (bed, service, engine) = world();
    let stack = stack("10.0.0.0/16", "a");
    apply(&engine, &engine.plan(&stack).await.unwrap()).await;
    let other = self::engine(&bed, &service);
    let plan = other.plan_destroy(&stack).await.unwrap();
    let place = |address: &str| {
        plan.actions
            .iter()
            .position(|step| plan.address_of(step).is_some_and(|at| at.as_str() == address))
            .unwrap()
    };
    let (note, network) = (place("demo_note.inside"), place("demo_network.net"));
    assert!(plan.actions[network].after.contains(&(note as u32)), "{plan}");
    apply(&self::engine(&bed, &service), &plan).await;
    assert!(bed.cloud.objects().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_yet_is_taken_at_its_word_and_the_plan_says_so() {
    let (_, service, engine) = world();
    apply(&engine, &engine.plan(&stack("10.0.0.0/16", "a")).await.unwrap()).await;
    // The network is replaced, so the address of the service is unknown.
    let next = stack("10.1.0.0/16", "b");
    *service.up.lock().unwrap() = false;
    let plan = engine.plan(&next).await.unwrap();
    let expected = Warning::NotRead { provider: "demo.far".into(), resources: 1 };
    assert_eq!(plan.warnings, [expected]);
    assert_eq!(plan.change("data.demo_access.far").unwrap().kind, ChangeKind::Read);
    *service.up.lock().unwrap() = true;
    apply(&engine, &plan).await;
    assert!(engine.plan(&next).await.unwrap().is_empty());
    let opened = service.opened.lock().unwrap().clone();
    assert_ne!(opened[0].arn, opened.last().unwrap().arn);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_does_not_open_is_told_before_anything_is_done() {
    let (bed, service, engine) = world();
    let first = stack("10.0.0.0/16", "a");
    apply(&engine, &engine.plan(&first).await.unwrap()).await;
    let plan = engine.plan(&stack("10.0.0.0/16", "b")).await.unwrap();
    let destroy = engine.plan_destroy(&first).await.unwrap();
    *service.up.lock().unwrap() = false;
    let before = bed.cloud.calls();
    for error in [
        engine.plan(&first).await.unwrap_err(),
        engine.plan_destroy(&first).await.unwrap_err(),
        engine.apply(&plan).await.unwrap_err(),
        engine.apply(&destroy).await.unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(
            text.starts_with("data.demo_access.far: ") && text.contains("denied: no service at"),
            "{text}"
        );
    }
    let after = bed.cloud.calls();
    for operation in [Operation::Create, Operation::Update, Operation::Delete] {
        assert_eq!(before.of(operation), after.of(operation));
    }
}

#[tokio::test(start_paused = true)]
async fn a_configuration_that_cannot_be_is_refused_with_its_place() {
    let (_, _, engine) = world();
    let refused = async |stack: &Stack| engine.plan(stack).await.unwrap_err().to_string();

    let mut none = Stack::new("configured");
    none.within(far(), |stack| drop(stack.add("inside", Note::new("a"))));
    let expected = "demo_note.inside: its provider demo.far is opened with a configuration; add a data.demo_access to the \
                    stack with Stack::read";
    assert_eq!(refused(&none).await, expected);

    let mut two = stack("10.0.0.0/16", "a");
    two.within(far(), |stack| drop(stack.read("more", Access::new("arn:demo:x"))));
    let text = refused(&two).await;
    assert!(
        text.contains("data.demo_access.more") && text.contains("and so does data.demo_access.far"),
        "{text}"
    );

    let mut own = Stack::new("configured");
    own.within(far(), |stack| {
        let network = stack.add("net", Network::new(cidr("10.0.0.0/16")));
        stack.read("far", Access::new(network.arn()));
    });
    let text = refused(&own).await;
    assert!(text.contains("these wait for each other") && text.contains("--[provider]-->"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn two_stacks_never_share_an_opened_provider() {
    let (bed, service, _) = world();
    let announced = bed.cloud.provider("demo.far").opened_by::<Access, _>(&service);
    let engine = || {
        let store = Arc::new(MemoryStore::new());
        bed.builder().store(store).provider(announced.clone()).open().unwrap()
    };
    let (engine, other) = (engine(), engine());
    let named = |name: &str, range: &str| {
        let mut stack = Stack::new(name);
        let network = stack.add("net", Network::new(cidr(range)));
        stack.within(far(), |stack| {
            stack.read("far", Access::new(network.arn()));
            stack.add("inside", Note::new("a"));
        });
        stack
    };
    let (one, two) = (named("one", "10.0.0.0/16"), named("two", "10.1.0.0/16"));
    let first = engine.plan(&one).await.unwrap();
    apply(&engine, &first).await;
    // A provider that another stack opened is not open for this one.
    let plan = other.plan(&two).await.unwrap();
    assert_eq!(plan.change("data.demo_access.far").unwrap().kind, ChangeKind::Read);
    assert_eq!(service.opened.lock().unwrap().len(), 1);
    assert!(matches!(engine.plan(&one).await, Ok::<_, Error>(plan) if plan.is_empty()));
}
