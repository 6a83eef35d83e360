//! Futures dropped at any await: the lease is released, the next engine starts at once, and nothing is lost or doubled.

use std::{future::poll_fn, path::Path, pin::pin, sync::Arc, task::Poll, time::Duration};

use landform::{
    ApplyOptions, Engine, Stack,
    journal::{self, Options},
    sim::Cloud,
    store::MemoryStore,
};

use super::{PATIENCE, on_its_own, plan_and_apply, stacks::Version};
use landform_testkit::bed::{assert_same, cloud, directory, options};
use landform_testkit::faults::FaultyStore;

/// The duration of a lease in these tests: much longer than any run, including waits.
const LEASE: Duration = Duration::from_secs(100 * 3600);

/// An engine that does not wait for others.
fn engine(cloud: &Cloud, store: &MemoryStore) -> Engine {
    let store = FaultyStore::counting(store.clone()).slow();
    let builder = Engine::builder().provider(cloud.provider("demo")).store(Arc::new(store));
    builder.journal(Options { lease: LEASE, ..options() }).lag(PATIENCE).open().unwrap()
}

/// Polls a future a number of times, then drops it. Returns its result if it was ready before.
async fn dropped_after<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut left) = (pin!(future), polls);
    let poll = poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    });
    poll.await
}

/// Waits until nobody holds the lease, as another process would see it.
async fn given_back(store: &MemoryStore) {
    while journal::holder(store).await.unwrap().is_some() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Drops an apply after a number of polls, then a plan, then completes a run. Returns whether the apply was complete.
async fn run(place: &Path, before: Option<Version>, after: Version, polls: usize) -> bool {
    let (cloud, store) = (cloud(place).build().unwrap(), MemoryStore::new());
    let stack: Stack = after.stack();
    if let Some(before) = before {
        plan_and_apply(&engine(&cloud, &store), &before.stack(), false, 256).await;
    }
    let plan = engine(&cloud, &store).plan(&stack).await.unwrap();
    let options = ApplyOptions { parallelism: 1, ..ApplyOptions::default() };
    let applied = dropped_after(polls, engine(&cloud, &store).apply_with(&plan, &options)).await;
    if polls.is_multiple_of(2) {
        given_back(&store).await;
    }
    // A plan settles the remains of the first run, and is dropped too.
    let _ = dropped_after(polls % 23, engine(&cloud, &store).plan(&stack)).await;
    let last = engine(&cloud, &store);
    plan_and_apply(&last, &stack, false, 256).await;
    assert!(last.holder().await.unwrap().is_none());
    let state = last.state(stack.name()).await.unwrap();
    state.verify().unwrap();
    assert_eq!((state.len(), state.pending().count()), (stack.len(), 0));
    assert_same(&cloud, &state);
    assert!(last.plan(&stack).await.unwrap().is_empty());
    applied.is_some()
}

/// Drops after more and more polls, `stride` more each time, until the apply completes.
fn drops(before: Option<Version>, after: Version, stride: usize, at_least: usize) {
    let (mut polls, mut points) = (0, 0);
    loop {
        let place = directory();
        // The clock is paused, so a run that waits for a lease shows up here.
        let done = on_its_own(async {
            tokio::time::timeout(LEASE / 2, run(place.path(), before, after, polls)).await
        });
        if done.unwrap_or_else(|_| panic!("dropped after {polls} polls: somebody waits for a lease")) {
            break;
        }
        (polls, points) = (polls + stride, points + 1);
    }
    println!("dropped at {points} points");
    assert!(points >= at_least, "dropped at {points} points only");
}

#[test]
fn a_create_dropped_anywhere_gives_the_lease_back() {
    drops(None, Version::Base, 3, 40);
}

#[test]
fn a_replacement_dropped_anywhere_gives_the_lease_back() {
    drops(Some(Version::Base), Version::CreateFirst, 5, 20);
}

#[test]
fn a_deletion_dropped_anywhere_gives_the_lease_back() {
    drops(Some(Version::Base), Version::Half, 5, 12);
}
