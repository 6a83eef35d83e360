//! Two writers: who may write, which errors the other gets, and when a lease ends.

use super::*;

#[tokio::test]
async fn a_second_writer_is_told_who_holds_the_stack() {
    let store = Arc::new(MemoryStore::new());
    let first = write(store.clone()).await;
    let error = Journal::write(store.clone(), "base", claim("destroy")).await.unwrap_err();
    let JournalError::Held(held) = &error else { panic!("{error}") };
    assert_eq!((&held.lease.who, held.lease.operation.as_str()), (&who(), "apply"));
    for part in ["ada on here (process 7)", "since 2", "last seen at 2", "unlock"] {
        assert!(error.to_string().contains(part), "{error} should say {part}");
    }
    first.close().await.unwrap();
    Journal::write(store, "base", claim("destroy")).await.unwrap();
}

#[tokio::test]
async fn a_writer_that_waits_gets_its_turn() {
    let store = Arc::new(MemoryStore::new());
    let first = write(store.clone()).await;
    let second = tokio::spawn({
        let store = store.clone();
        async move { Journal::write(store, "base", claim("destroy").wait(Duration::from_secs(60))).await }
    });
    first.append(Record::observed(key("a"), object("a"))).await.unwrap();
    first.close().await.unwrap();
    assert_eq!(second.await.unwrap().unwrap().state().len(), 1);
}

#[tokio::test]
async fn a_writer_that_was_taken_over_is_refused_and_told_by_whom() {
    let store = Arc::new(MemoryStore::new());
    let sleeper = write(store.clone()).await;
    sleeper.append(Record::observed(key("a"), object("a"))).await.unwrap();
    let removed = landform_state::journal::unlock(&*store).await.unwrap().unwrap();
    assert_eq!(removed.run, sleeper.run());
    let next = Journal::write(store.clone(), "base", claim("destroy")).await.unwrap();

    let error = sleeper.append(Record::forget(key("a"))).await.unwrap_err();
    assert!(matches!(error, JournalError::Fenced { .. }), "{error}");
    assert!(error.to_string().contains("ada on here (process 7), destroy since"), "{error}");
    for _ in 0..2 {
        let again = sleeper.enqueue(Record::forget(key("a")));
        assert!(matches!(again, Err(JournalError::Fenced { .. })), "{again:?}");
    }
    let state = next.close().await.unwrap();
    assert_eq!(state.len(), 1, "what the sleeper had been promised is kept, nothing after it");
}

#[tokio::test]
async fn a_heartbeat_that_finds_another_holder_stops_the_writer() {
    let store = Arc::new(MemoryStore::new());
    let short = Options { lease: Duration::from_millis(40), ..options() };
    let writer = Journal::write_with(store.clone(), "base", claim("apply"), short).await.unwrap();
    let stolen = loop {
        let Some((version, _)) = store.read_lease().await.unwrap() else { continue };
        if let Ok(version) = store.put_lease(Some(&version), b"{}".to_vec()).await {
            break version;
        }
    };
    let error = loop {
        match writer.enqueue(Record::Outputs(Default::default())) {
            Ok(()) => tokio::time::sleep(Duration::from_millis(1)).await,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, JournalError::Fenced { .. }), "{error}");
    drop(writer);
    assert_eq!(store.read_lease().await.unwrap().unwrap().0, stolen, "another's lease is left alone");
}

#[tokio::test]
async fn two_writers_racing_share_no_segment() {
    for round in 0..20 {
        let store = Arc::new(MemoryStore::new());
        let first = write(store.clone()).await;
        landform_state::journal::unlock(&*store).await.unwrap();
        let second = tokio::spawn({
            let store = store.clone();
            async move { Journal::write(store, "base", claim("b")).await.unwrap() }
        });
        let mut kept = Vec::new();
        let error = loop {
            let name = format!("a{}", kept.len());
            match first.append(Record::observed(key(&name), object(&name))).await {
                Ok(seq) => kept.push((seq, name)),
                Err(error) => break error,
            }
            // Some rounds give the other writer time to start, some do not.
            if kept.len() % (round + 1) == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        assert!(matches!(error, JournalError::Fenced { .. }), "{error}");
        let second = second.await.unwrap();
        let seq = second.append(Record::observed(key("b"), object("b"))).await.unwrap();
        assert!(kept.iter().all(|(kept, _)| *kept < seq), "every number has one winner");
        let state = Journal::read(store, "base").await.unwrap().state().clone();
        assert_eq!(state.len(), kept.len() + 1, "every promise is kept");
        assert!(kept.iter().all(|(_, name)| state.object(&key(name)).is_some()));
    }
}

#[tokio::test]
async fn a_holder_that_never_pauses_does_not_keep_the_next_one_out() {
    let store = Arc::new(MemoryStore::new());
    let short = Options { lease: Duration::from_millis(400), ..options() };
    let first = Journal::write_with(store.clone(), "base", claim("a"), short).await.unwrap();
    landform_state::journal::unlock(&*store).await.unwrap();
    let second = tokio::spawn({
        let store = store.clone();
        async move { Journal::write(store, "base", claim("b")).await }
    });
    let error = loop {
        let appended = first.append(Record::observed(key("a"), object("a"))).await;
        if let Err(error) = appended {
            break error;
        }
    };
    assert!(matches!(error, JournalError::Fenced { .. }), "{error}");
    let state = second.await.unwrap().unwrap().close().await.unwrap();
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

#[tokio::test]
async fn the_lease_of_a_dead_process_is_taken_at_once() {
    let store = Arc::new(MemoryStore::new());
    let mut child = std::process::Command::new("true").spawn().unwrap();
    let living = Who::current();
    let dead = Who { pid: child.id(), started: Some(1), ..living };
    child.wait().unwrap();
    let lease = json!({ "who": dead, "run": "x", "operation": "apply", "since": 1, "heartbeat_at": 1,
        "expires": u64::MAX });
    store.put_lease(None, lease.to_string().into_bytes()).await.unwrap();
    let result = Journal::write(store, "base", claim("apply")).await;
    if cfg!(target_os = "linux") {
        let notices = result.unwrap().notices();
        assert!(matches!(&notices[..], [Notice::TookOver { from }] if from.run == "x"), "{notices:?}");
    } else {
        assert!(matches!(result, Err(JournalError::Held(_))), "elsewhere it is waited for");
    }
}

#[tokio::test]
async fn an_expired_lease_from_elsewhere_is_watched_and_then_taken() {
    let store = Arc::new(MemoryStore::new());
    let elsewhere = Who { user: "bob".into(), host: "elsewhere".into(), ..who() };
    let lease = json!({ "who": elsewhere, "run": "x", "operation": "apply", "since": 1, "heartbeat_at": 1,
        "expires": 2 });
    let version = store.put_lease(None, lease.to_string().into_bytes()).await.unwrap();
    let short = Options { lease: Duration::from_millis(400), ..options() };
    let claiming = tokio::spawn({
        let store = store.clone();
        async move { Journal::write_with(store, "base", claim("apply"), short).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!claiming.is_finished(), "its clock may be wrong");
    store.put_lease(Some(&version), lease.to_string().into_bytes()).await.unwrap();
    claiming.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_lease_that_cannot_be_understood_stops_nobody() {
    let store = Arc::new(MemoryStore::new());
    store.put_lease(None, b"\xff".to_vec()).await.unwrap();
    write(store).await.close().await.unwrap();
}

#[test]
fn a_run_whose_runtime_is_gone_is_over() {
    let store = Arc::new(MemoryStore::new());
    let run = |store: Arc<MemoryStore>| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let writer = runtime.block_on(Journal::write(store, "base", Claim::new("apply"))).unwrap();
        drop(runtime);
        writer
    };
    let killed = run(store.clone());
    assert_eq!(list(&store).segments, [1]);
    if cfg!(target_os = "linux") {
        let next = run(store.clone());
        assert_eq!(list(&store).segments, [1, 2]);
        drop(next);
    }
    drop(killed);
}

fn list(store: &MemoryStore) -> store::Listing {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(store.list()).unwrap()
}
