//! Runs that really end: the test drops the future while calls hang, or the store fails under the writer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use landform::{Stack, sim::Then, store::MemoryStore};
use tokio::sync::Notify;

use super::{engine, on_its_own, plan_and_apply, stacks::Version};
use landform_testkit::bed::{assert_same, cloud, directory};
use landform_testkit::faults::{CrashPoint, FaultyStore};

/// After any number of killed runs, a complete run reaches the result of an undisturbed one.
async fn ends_well(place: &std::path::Path, store: MemoryStore, stack: &Stack) {
    let cloud = cloud(place).build().unwrap();
    let engine = engine(&cloud, store);
    plan_and_apply(&engine, stack, false, 256).await;
    let state = engine.state(stack.name()).await.unwrap();
    state.verify().unwrap();
    assert_same(&cloud, &state);
    assert_eq!(state.len(), stack.len());
    assert!(engine.plan(stack).await.unwrap().is_empty());
}

/// Applies until the n-th moment of the calls to the cloud. From then on no call returns, and the test drops
/// everything.
async fn dropped_at(place: &std::path::Path, store: MemoryStore, stack: &Stack, at: usize) -> bool {
    let (seen, over) = (AtomicUsize::new(0), Arc::new(Notify::new()));
    let told = over.clone();
    let hook = move |_: &landform::sim::Moment<'_>| {
        if seen.fetch_add(1, Ordering::SeqCst) < at {
            return Then::Proceed;
        }
        told.notify_one();
        Then::Hang
    };
    let cloud = cloud(place).crash_at(hook).build().unwrap();
    let engine = engine(&cloud, store);
    let plan = engine.plan(stack).await.unwrap();
    let dropped = tokio::select! {
        biased;
        () = over.notified() => true,
        report = engine.apply(&plan) => {
            report.unwrap().complete().unwrap();
            false
        }
    };
    // The writer releases the lease in the background.
    tokio::time::sleep(Duration::from_secs(1)).await;
    dropped
}

#[test]
fn runs_dropped_again_and_again_get_there() {
    on_its_own(async {
        let (place, store) = (directory(), MemoryStore::new());
        for version in [Version::Base, Version::Changed, Version::CreateFirst, Version::DestroyFirst] {
            let mut runs = 0;
            while dropped_at(place.path(), store.clone(), &version.stack(), 3 + runs % 11).await {
                runs += 1;
                assert!(runs < 500, "no progress");
            }
            assert!(runs > 3, "only {runs} runs were dropped");
            ends_well(place.path(), store.clone(), &version.stack()).await;
        }
    });
}

#[test]
fn a_store_that_dies_at_any_write_loses_nothing() {
    on_its_own(async {
        for point in [CrashPoint::Before, CrashPoint::After] {
            for (before, after) in [(None, Version::Base), (Some(Version::Base), Version::CreateFirst)] {
                let mut died = 0;
                for at in (0..).step_by(5) {
                    let (place, store) = (directory(), MemoryStore::new());
                    let cloud = cloud(place.path()).build().unwrap();
                    if let Some(before) = before {
                        plan_and_apply(&engine(&cloud, store.clone()), &before.stack(), false, 256).await;
                    }
                    let dying = engine(&cloud, FaultyStore::crashing(store.clone(), at, point));
                    let plan = dying.plan(&after.stack()).await.unwrap();
                    let result = dying.apply(&plan).await;
                    drop(dying);
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    ends_well(place.path(), store, &after.stack()).await;
                    if result.is_ok() {
                        break;
                    }
                    died += 1;
                }
                assert!(died > 2, "died {died} times only");
            }
        }
    });
}
