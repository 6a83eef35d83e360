//! Resources of a missing provider can be forgotten, by the stack or by hand. A recorded resource can get another
//! address.

use landform::{ChangeKind, Engine, Error, Resource, sim::Cloud, sim::Fault, sim::Operation};

use super::{go, left_behind, notes};
use landform_testkit::{
    bed::{Bed, at, options},
    demo::{Key, Note},
};

/// An engine on the same state whose provider offers notes only.
fn without_keys(bed: &Bed) -> (Engine, tempfile::TempDir) {
    let directory = landform_testkit::bed::directory();
    let cloud = Cloud::open(directory.path()).types([Note::resource_type()]).build().unwrap();
    let builder = Engine::builder().provider(cloud.provider("demo")).journal(options());
    let store = std::sync::Arc::new(bed.store.clone());
    (builder.store(store).lag(std::time::Duration::ZERO).open().unwrap(), directory)
}

async fn with_a_key() -> Bed {
    let bed = Bed::new();
    let mut stack = notes(&[]);
    stack.add("lost", Key::new("lost").code("secret"));
    stack.add("kept", Key::new("kept"));
    stack.adjust_at(&at("demo_key.kept"), |node| node.lifecycle.retain_on_delete = true);
    go(&bed, &stack).await;
    bed
}

#[tokio::test(start_paused = true)]
async fn a_type_that_nobody_offers_is_forgotten_as_the_stack_says() {
    let bed = with_a_key().await;
    let (engine, _directory) = without_keys(&bed);
    let error = engine.plan(&notes(&[])).await.unwrap_err();
    assert!(
        matches!(error, Error::NoProvider { .. }) && error.to_string().contains("Stack::removed"),
        "{error}"
    );
    let mut stack = notes(&[("a", "a")]);
    stack.removed(at("demo_key.lost"));
    let plan = engine.plan(&stack).await.unwrap();
    let kinds: Vec<_> = plan.changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Create, ChangeKind::Forget, ChangeKind::Forget], "{plan}");
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let state = engine.state("faults").await.unwrap();
    assert!(state.len() == 1 && state.get(&at("demo_note.a")).is_some());
    assert_eq!(bed.cloud.objects().unwrap().len(), 2);
    assert!(engine.plan(&stack).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn everything_else_can_be_destroyed_once_it_is_forgotten() {
    let bed = with_a_key().await;
    let (engine, _directory) = without_keys(&bed);
    let mut stack = notes(&[]);
    stack.removed(at("demo_key.lost"));
    let plan = engine.plan_destroy(&stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert!(engine.state("faults").await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_by_hand_asks_nobody_and_leaves_nothing_of_it() {
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    let engine = bed.engine();
    bed.cloud.reset_calls();
    let error =
        engine.forget("faults", &[at("demo_note.ti").into(), at("demo_note.x").into()]).await.unwrap_err();
    assert!(error.to_string().contains("did you mean demo_note.it?"), "{error}");
    assert!(matches!(error, Error::Several(_)));
    let old = bed.state(&notes(&[])).await.deposed(&at("demo_note.it")).next().unwrap().0.clone();
    assert_eq!(engine.forget("faults", std::slice::from_ref(&old)).await.unwrap(), [old]);
    assert_eq!(engine.forget("faults", &[at("demo_note.it").into()]).await.unwrap().len(), 1);
    let state = bed.state(&notes(&[])).await;
    state.verify().unwrap();
    assert!(state.is_empty() && bed.cloud.objects().unwrap().len() == 2 && bed.cloud.calls().total() == 0);
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_attempt_is_forgotten_too() {
    let bed = Bed::new();
    bed.cloud.inject(Fault::lost_reply(Operation::Create).times(usize::MAX));
    bed.cloud.inject(Fault::lost_reply(Operation::Find).times(usize::MAX));
    let stack = notes(&[("it", "k")]);
    let plan = bed.plan(&stack).await;
    assert!(!bed.engine().apply(&plan).await.unwrap().is_complete());
    assert_eq!(bed.state(&stack).await.pending().count(), 1);
    bed.engine().forget("faults", &[at("demo_note.it").into()]).await.unwrap();
    let state = bed.state(&stack).await;
    assert!(state.is_empty() && state.pending().next().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_is_renamed_by_hand_keeps_what_was_left_behind_and_asks_nobody() {
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    bed.cloud.reset_calls();
    let (engine, it, new) = (bed.engine(), at("demo_note.it"), at("demo_note.new"));
    let before = bed.state(&notes(&[])).await;
    for (from, to, said) in [
        ("demo_note.ti", "demo_note.new", "did you mean demo_note.it?"),
        ("demo_note.it", "demo_key.new", "of another type"),
        ("demo_note.it", "demo_note.it", "the state has both"),
    ] {
        let error = engine.rename("faults", &at(from), &at(to)).await.unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
    engine.rename("faults", &it, &new).await.unwrap();
    let after = bed.state(&notes(&[])).await;
    after.verify().unwrap();
    assert!(after.get(&it).is_none() && after.deposed(&it).next().is_none());
    assert_eq!(after.get(&new).unwrap().id, before.get(&it).unwrap().id);
    assert_eq!(after.deposed(&new).count(), before.deposed(&it).count());
    assert_eq!(bed.cloud.calls().total(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_an_interrupted_attempt_is_about_is_not_renamed() {
    let bed = Bed::new();
    bed.cloud.inject(Fault::lost_reply(Operation::Create).times(usize::MAX));
    bed.cloud.inject(Fault::lost_reply(Operation::Find).times(usize::MAX));
    let stack = notes(&[("it", "k")]);
    bed.engine().apply(&bed.plan(&stack).await).await.unwrap();
    let error = bed.engine().rename("faults", &at("demo_note.it"), &at("demo_note.new")).await.unwrap_err();
    assert!(error.to_string().contains("a run stopped while it changed this object"), "{error}");
    assert_eq!(bed.state(&stack).await.pending().count(), 1);
}
