//! A kill at any point costs nothing. Whatever the journal and the cloud hold at that moment, the next run loses
//! nothing, doubles nothing, and ends with the result of an undisturbed run.
//!
//! The test watches one run of each operation. It copies the store and the cloud before and after each write, in the
//! middle of each segment, and at each point of each call to the cloud. A new engine recovers from each copy.

mod dropped;
mod faults;
mod killed;
mod stacks;
mod watch;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use landform::{
    ApplyOptions, Engine, Stack,
    journal::State,
    sim::{Builder, Cloud, Lag},
    store::{MemoryStore, Store},
};

use self::{
    stacks::Version,
    watch::{Moment, Recorder, Watched},
};
use landform_testkit::bed::{assert_same, cloud, directory, options};

/// An operation, and the state before it.
struct Operation {
    name: &'static str,
    before: Option<Version>,
    after: Version,
    destroy: bool,
    parallelism: usize,
    /// The settings of the cloud, in addition to its types.
    describe: fn(Builder) -> Builder,
    /// The minimum number of points for an exhaustive test.
    at_least: usize,
}

impl Operation {
    fn new(name: &'static str, before: Option<Version>, after: Version) -> Self {
        Self {
            name,
            before,
            after,
            destroy: false,
            parallelism: 256,
            describe: |builder| builder,
            at_least: 60,
        }
    }
}

#[test]
fn creates() {
    exhaust(Operation { parallelism: 1, at_least: 150, ..Operation::new("create", None, Version::Base) });
}

#[test]
fn creates_many_at_a_time() {
    exhaust(Operation::new("create at once", None, Version::Base));
}

#[test]
fn creates_where_reads_lag_and_names_identify() {
    let describe = |builder: Builder| {
        let named = ["demo_group", "demo_path"].into_iter();
        let builder = named.fold(builder, |builder, name| builder.found_by(name, landform::FindBy::Identity));
        builder.lag(Lag { reads: 2, time: std::time::Duration::from_secs(3) })
    };
    exhaust(Operation { parallelism: 4, describe, ..Operation::new("create, lagging", None, Version::Base) });
}

#[test]
fn updates() {
    exhaust(Operation { parallelism: 1, ..Operation::new("update", Some(Version::Base), Version::Changed) });
}

#[test]
fn replaces_destroying_first() {
    let operation = Operation::new("destroy-first", Some(Version::Base), Version::DestroyFirst);
    exhaust(Operation { parallelism: 2, ..operation });
}

#[test]
fn replaces_creating_first() {
    let operation = Operation::new("create-first", Some(Version::Base), Version::CreateFirst);
    exhaust(Operation { parallelism: 2, ..operation });
}

#[test]
fn renames_and_replaces() {
    let operation = Operation::new("rename", Some(Version::Base), Version::Renamed);
    exhaust(Operation { parallelism: 2, ..operation });
}

#[test]
fn replaces_and_retains() {
    let operation = Operation::new("retain", Some(Version::Base), Version::Retained);
    exhaust(Operation { parallelism: 2, at_least: 30, ..operation });
}

#[test]
fn deletes() {
    exhaust(Operation { parallelism: 2, ..Operation::new("delete", Some(Version::Base), Version::Half) });
}

#[test]
fn imports() {
    exhaust(Operation { parallelism: 2, at_least: 40, ..Operation::new("import", None, Version::Imported) });
}

#[test]
fn destroys() {
    let operation = Operation::new("destroy", Some(Version::Base), Version::Base);
    exhaust(Operation { parallelism: 2, destroy: true, at_least: 150, ..operation });
}

/// Watches an operation and recovers from every moment of it.
fn exhaust(operation: Operation) {
    let (before, moments) = on_its_own(watched(&operation));
    assert!(moments.len() >= operation.at_least, "{}: {} points only", operation.name, moments.len());
    println!("{}: {} points", operation.name, moments.len());
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(moment) = moments.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run = || on_its_own(recover(&operation, &before, moment));
                    if let Err(panic) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) {
                        let text = panic.downcast_ref::<String>().cloned();
                        failed.lock().unwrap().push(format!("{}: {}", moment.name, text.unwrap_or_default()));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    let (count, of) = (failed.len(), moments.len());
    assert!(
        failed.is_empty(),
        "{}: {count} of {of} points:\n{}",
        operation.name,
        failed[..count.min(5)].join("\n")
    );
}

/// Runs a future on a runtime with a paused clock, which advances only when all tasks wait.
fn on_its_own<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(work)
}

/// How long the engine treats its writes as recent, by the real clock: longer than a busy machine needs for all
/// moments. Waiting costs nothing on a paused clock.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(600);

fn engine(cloud: &Cloud, store: impl Store + 'static) -> Engine {
    let builder = Engine::builder().provider(cloud.provider("demo")).store(Arc::new(store));
    builder.journal(options()).lag(PATIENCE).open().unwrap()
}

async fn plan_and_apply(engine: &Engine, stack: &Stack, destroy: bool, parallelism: usize) {
    let plan = if destroy { engine.plan_destroy(stack).await } else { engine.plan(stack).await }.unwrap();
    let options = ApplyOptions { parallelism, ..ApplyOptions::default() };
    engine.apply_with(&plan, &options).await.unwrap().complete().unwrap();
}

/// Runs an operation without a crash and copies every moment of it. Also returns the state before.
async fn watched(operation: &Operation) -> (State, Vec<Moment>) {
    let place = directory();
    let store = MemoryStore::new();
    let recorder = Arc::new(Recorder::new(store.clone(), place.path()));
    let hooked = recorder.clone();
    let cloud = (operation.describe)(cloud(place.path()))
        .crash_at(move |moment| {
            hooked.note(&format!("{:?} of {} {}", moment.point, moment.operation, moment.address))
        })
        .build()
        .unwrap();
    stacks::seed(&cloud);
    if let Some(before) = operation.before {
        plan_and_apply(&engine(&cloud, store.clone()), &before.stack(), false, 256).await;
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
    let before = engine(&cloud, store.clone()).state("crash").await.unwrap();
    recorder.begin();
    let engine = engine(&cloud, Watched::new(store, recorder.clone()));
    plan_and_apply(&engine, &operation.after.stack(), operation.destroy, operation.parallelism).await;
    (before, recorder.take())
}

/// Starts a new engine on the copy of one moment. It must reach the result of an undisturbed run.
async fn recover(operation: &Operation, before: &State, moment: &Moment) {
    let place = directory();
    moment.restore(place.path()).await;
    let cloud = (operation.describe)(cloud(place.path())).build().unwrap();
    let engine = engine(&cloud, moment.store.fork());
    let stack = operation.after.stack();
    plan_and_apply(&engine, &stack, operation.destroy, 256).await;
    let state = engine.state(stack.name()).await.unwrap();
    state.verify().unwrap();
    assert_eq!(state.pending().count(), 0, "a step is still pending");
    if operation.after == Version::Retained {
        retained(&cloud, before, &state);
    } else {
        assert_same(&cloud, &state);
    }
    if operation.destroy {
        assert!(state.is_empty(), "something is left");
    } else {
        let plan = engine.plan(&stack).await.unwrap();
        assert!(plan.is_empty(), "something is left to do:\n{plan}");
        assert_eq!(state.len(), stack.len());
        renewed(before, &state);
    }
}

/// Checks that the run replaced exactly the nodes whose cause changed.
fn renewed(before: &State, after: &State) {
    for (key, due) in before.objects().filter(|(key, _)| key.address.name().starts_with("due-")) {
        let cause = key.address.as_str().replace("due-", "cause-").parse().unwrap();
        let (Some(is), Some(cause_is)) = (after.get(&key.address), after.get(&cause)) else { continue };
        let changed = before.get(&cause).unwrap().edition() != cause_is.edition();
        assert_eq!(is.id != due.id, changed, "{key} and its cause");
    }
}

/// Checks that only the state's objects and the retained old ones exist.
fn retained(cloud: &Cloud, before: &State, after: &State) {
    let existing = cloud.objects().unwrap();
    let made = existing.iter().filter(|object| object.by.is_some()).count();
    assert_eq!(made, after.len() + stacks::HOUSES, "something is lost, or more than was to be is left");
    for (key, old) in before.objects().filter(|(key, _)| key.address.name().starts_with("last-")) {
        assert!(existing.iter().any(|object| object.id == old.id), "{key} was deleted");
        assert_ne!(after.get(&key.address).unwrap().id, old.id, "{key} was not replaced");
    }
}
