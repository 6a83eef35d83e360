//! Outputs of stacks: other stacks read them from the state. Readers with access to the cloud also get secrets.

use std::{collections::BTreeMap, sync::Arc};

use landform::{
    Engine, Error, ErrorKind, Id, Input, Output, ProviderError, Stack,
    input::{self, lookup},
    outputs::{StackOutputs, Stores},
    sim::{Fault, Operation},
    store::{LocalStore, MemoryStore},
    view,
};
use serde_json::json;

use landform_testkit::{
    bed::{Bed, at, directory, options},
    demo::{Key, Network, Note, Part, cidr},
};

/// A network, and its outputs.
fn base(name: &str) -> Stack {
    let mut stack = Stack::new("base");
    let network = stack.add("main", Network::new(cidr("10.0.0.0/16")).tag("Name", name));
    stack.output("network_id", network.id());
    stack.output("names", input::format("{}", [network.tags().key("Name").into()]).into_expr());
    stack.output("tags", network.tags());
    stack
}

/// A part in a network that another stack declares.
fn apps(state: &str) -> Stack {
    let mut stack = Stack::new("apps");
    let base = stack.read("base", StackOutputs::new(state, "base"));
    stack.add("part", Part::new(base.get::<Id<Network>>("network_id"), cidr("10.0.1.0/24")));
    let tags: Input<BTreeMap<String, String>> = base.get("tags");
    stack.add("note", Note::new(lookup(tags, "Name")));
    stack
}

/// The engine of the second stack: the same cloud, a separate state, and access to the first one's state by name.
fn second(bed: &Bed, store: &MemoryStore) -> Engine {
    let stores = Stores::new().with("base", Arc::new(bed.store.clone()));
    bed.builder().store(Arc::new(store.clone())).provider(stores.provider()).open().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_stack_rests_on_what_another_has_put_out() {
    let (bed, store) = (Bed::new(), MemoryStore::new());
    bed.apply(&base("one")).await;
    let engine = second(&bed, &store);
    let stack = apps("base");
    let plan = engine.plan(&stack).await.unwrap();
    assert_eq!(plan.counts().added, 2, "the plan is complete:\n{plan}");
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let id = bed.id(&base("one"), &at("demo_network.main")).await;
    let state = engine.state("apps").await.unwrap();
    assert_eq!(state.get(&at("demo_part.part")).unwrap().args.value().unwrap()["network"], json!(id));
    assert!(engine.plan(&stack).await.unwrap().is_empty());

    // The second stack's objects are not the first one's, so this compares nothing.
    let plan = bed.plan(&base("two")).await;
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    let plan = engine.plan(&stack).await.unwrap();
    assert_eq!(plan.counts().changed, 1, "{plan}");
    let change = plan.change("demo_note.note").unwrap();
    assert_eq!(change.fields[0].path.to_string(), "text");
}

#[tokio::test(start_paused = true)]
async fn what_another_stack_does_not_have_is_refused_with_what_it_has() {
    let (bed, store) = (Bed::new(), MemoryStore::new());
    let engine = second(&bed, &store);
    let refused = async |stack: &Stack| engine.plan(stack).await.unwrap_err().to_string();
    let text = refused(&apps("base")).await;
    assert!(text.contains("has no state of the stack \"base\"; apply that stack first"), "{text}");
    bed.apply(&base("one")).await;

    let mut stack = Stack::new("apps");
    let read = stack.read("base", StackOutputs::new("base", "base"));
    stack.add("part", Part::new(read.get::<Id<Network>>("network_di"), cidr("10.0.1.0/24")));
    let text = refused(&stack).await;
    assert!(
        text.contains("demo_part.part: lookup: there is no network_di; did you mean network_id?"),
        "{text}"
    );
    assert!(text.contains("expected one of: names, network_id, tags"), "{text}");

    let mut stack = Stack::new("apps");
    stack.read("base", StackOutputs::new("base", "basis"));
    let text = refused(&stack).await;
    assert!(text.contains("data.landform_outputs.base") && text.contains("base"), "{text}");
    let text = refused(&apps("ftp://nowhere")).await;
    assert!(text.contains("the scheme \"ftp\" is not supported"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_state_is_found_by_its_url_without_more() {
    let (bed, place) = (Bed::new(), directory());
    let engine = bed.builder().store(Arc::new(LocalStore::new(place.path()))).open().unwrap();
    let plan = engine.plan(&base("one")).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let engine = bed.builder().store(Arc::new(MemoryStore::new())).open().unwrap();
    let plan = engine.plan(&apps(&place.path().display().to_string())).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
}

/// A key with a given secret and one that the cloud makes.
fn keys() -> Stack {
    let mut stack = Stack::new("keys");
    let key = stack.add("main", Key::new("main").code("open-sesame"));
    stack.output("id", key.id());
    stack.output("material", key.material());
    stack.output("code", key.code());
    stack.output("both", input::format("{}:{}", [key.code().into(), key.material().into()]).into_expr());
    stack.output("fixed", json!(7));
    stack
}

#[tokio::test(start_paused = true)]
async fn secret_outputs_are_fetched_by_who_may_read_the_cloud() {
    let bed = Bed::new();
    let stack = keys();
    let before = bed.engine().outputs(&stack).await.unwrap();
    assert_eq!((&before["id"], &before["material"]), (&Output::Unknown, &Output::Unknown));
    assert_eq!(before["fixed"], Output::Known(json!(7)));
    bed.apply(&stack).await;

    // A new engine: it remembers nothing, and the state holds no secret.
    let exported = bed.engine().export("keys").await.unwrap();
    let outputs = bed.engine().outputs(&stack).await.unwrap();
    let material = outputs["material"].expose().unwrap().as_str().unwrap().to_owned();
    assert!(material.starts_with("material-") && !exported.contains(&material));
    assert_eq!(outputs["material"], Output::Secret(json!(material)));
    assert_eq!(outputs["code"], Output::Secret(json!("open-sesame")));
    assert_eq!(outputs["both"], Output::Secret(json!(format!("open-sesame:{material}"))));
    assert!(matches!(outputs["id"], Output::Known(_)));
    let shown = format!("{outputs:?}");
    assert!(
        !shown.contains(&material) && !shown.contains("sesame") && shown.contains("(sensitive)"),
        "{shown}"
    );

    // A reader without access to the cloud gets nothing.
    bed.cloud.inject(Fault::before(Operation::Read, ProviderError::new(ErrorKind::Denied, "no")));
    let error = bed.engine().outputs(&stack).await.unwrap_err();
    assert!(matches!(error, Error::Provider { .. }), "{error}");

    // Another stack can use the fetched value, which stays a secret there.
    let mut other = Stack::new("other");
    let code = Input::<String>::from_expr(outputs["material"].to_expr().unwrap());
    other.add("copy", Key::new("copy").code(code));
    let store = MemoryStore::new();
    let engine = bed.builder().store(Arc::new(store)).journal(options()).open().unwrap();
    let plan = engine.plan(&other).await.unwrap();
    assert!(!view::text(&plan).to_string().contains(&material) && !format!("{plan:?}").contains(&material));
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert!(!engine.export("other").await.unwrap().contains(&material));
}
