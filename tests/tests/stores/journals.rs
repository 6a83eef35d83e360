//! The promises of the journal on any store: one writer at a time, and refusal of writers whose lease expired.

use std::{sync::Arc, time::Duration};

use landform::{
    Token,
    journal::{
        Claim, Intent, IntentAction, Journal, JournalError, ObjectState, Options, OutcomeResult, Record,
        Sealed, Who, Writer, holder, unlock,
    },
    store::{Store, StoreErrorKind},
};
use serde_json::json;

/// Options without batching.
pub fn options() -> Options {
    Options { group: Duration::ZERO, lease: Duration::from_secs(20), ..Options::default() }
}

pub async fn write(store: &Arc<dyn Store>) -> Result<Writer, JournalError> {
    write_with(store, options()).await
}

pub async fn write_with(store: &Arc<dyn Store>, options: Options) -> Result<Writer, JournalError> {
    Journal::write_with(store.clone(), "base", Claim::new("apply"), options).await
}

/// The records of `count` creations.
pub fn creations(count: usize) -> Vec<Record> {
    (0..count)
        .flat_map(|i| {
            let key: landform::journal::ObjectKey = format!("aws_vpc.v{i}").parse().unwrap();
            let token: Token = format!("t-{i}").parse().unwrap();
            let args = json!({ "cidr_block": format!("10.{}.0.0/16", i % 256), "note": "x".repeat(200) });
            let intent = Intent {
                key: key.clone(),
                action: IntentAction::Create,
                type_name: "aws_vpc".parse().unwrap(),
                token: token.clone(),
                provider: "aws".into(),
                id: None,
                inputs: Sealed::without_secrets(&args),
                inputs_hash: String::new(),
                depends_on: Vec::new(),
                replace_triggered_by: Vec::new(),
                create_before_destroy: false,
                retain_on_delete: false,
            };
            let object = ObjectState {
                type_name: "aws_vpc".parse().unwrap(),
                provider: "aws".into(),
                id: format!("vpc-{i}"),
                schema_version: 0,
                attributes: Sealed::without_secrets(&args),
                private: Default::default(),
                identity: None,
                args: Sealed::without_secrets(&args),
                depends_on: Vec::new(),
                tainted: false,
                create_before_destroy: false,
                retain_on_delete: false,
                token: token.clone(),
                revised: None,
                triggers: Default::default(),
                read_at: None,
            };
            let outcome = Record::outcome(key, token, OutcomeResult::Exists(Arc::new(object)));
            [Record::Intent(Arc::new(intent)), outcome]
        })
        .collect()
}

/// All checks, each on a separate store.
pub async fn all(make: impl Fn() -> Arc<dyn Store>) {
    what_is_written_is_read(make()).await;
    compaction_keeps_the_state(make()).await;
    of_eight_one_writes(make()).await;
    who_was_taken_over_is_refused(make()).await;
    who_slept_through_compaction_is_refused(make()).await;
}

async fn what_is_written_is_read(store: Arc<dyn Store>) {
    assert!(Journal::read(store.clone(), "base").await.unwrap().state().is_empty());
    assert!(store.list().await.unwrap().segments.is_empty(), "reading creates nothing");
    let writer = write(&store).await.unwrap();
    let lease = holder(&*store).await.unwrap().expect("a writer holds the lease");
    assert_eq!(lease.who, Who::current());
    for record in creations(5) {
        writer.append(record).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    assert_eq!(state.len(), 5);
    assert_eq!(Journal::read(store.clone(), "base").await.unwrap().state(), &state);
    assert!(holder(&*store).await.unwrap().is_none(), "the lease is given back");
    let error = Journal::read(store, "other").await.unwrap_err();
    assert!(matches!(error, JournalError::OtherStack { .. }), "{error}");
}

async fn compaction_keeps_the_state(store: Arc<dyn Store>) {
    let compacting = Options { compact_segments: 8, compact_bytes: 4 << 10, keep_snapshots: 1, ..options() };
    let writer = write_with(&store, compacting).await.unwrap();
    for record in creations(30) {
        writer.append(record).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    assert!(writer.notices().is_empty(), "{:?}", writer.notices());
    let listing = store.list().await.unwrap();
    assert_eq!(listing.snapshots.len(), 1, "{listing:?}");
    assert!(listing.segments.len() < 60, "{listing:?}");
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

async fn of_eight_one_writes(store: Arc<dyn Store>) {
    let begun = futures(8, |_| {
        let store = store.clone();
        async move { write(&store).await }
    })
    .await;
    let (writers, refused): (Vec<_>, Vec<_>) = begun.into_iter().partition(Result::is_ok);
    for error in refused.into_iter().map(Result::unwrap_err) {
        assert!(matches!(error, JournalError::Held(_)), "{error}");
        assert!(error.to_string().contains(&Who::current().host), "it names the holder: {error}");
    }
    assert_eq!(writers.len(), 1);
    for writer in writers.into_iter().flatten() {
        writer.append(Record::Outputs(Default::default())).await.unwrap();
        writer.close().await.unwrap();
    }
    assert_eq!(Journal::read(store, "base").await.unwrap().revisions().len(), 1);
}

async fn who_was_taken_over_is_refused(store: Arc<dyn Store>) {
    let sleeper = write(&store).await.unwrap();
    let lease = unlock(&*store).await.unwrap().expect("it is held");
    assert_eq!(lease.run, sleeper.run());
    let next = write(&store).await.unwrap();
    let error = sleeper.append(Record::Outputs(Default::default())).await.unwrap_err();
    assert!(matches!(error, JournalError::Fenced { seq: 2, .. }), "{error}");
    next.append(Record::Outputs(Default::default())).await.unwrap();
    let state = next.close().await.unwrap();
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

async fn who_slept_through_compaction_is_refused(store: Arc<dyn Store>) {
    let sleeper = write(&store).await.unwrap();
    unlock(&*store).await.unwrap();
    let compacting = Options { compact_segments: 5, compact_bytes: 1 << 10, keep_snapshots: 1, ..options() };
    let next = write_with(&store, compacting).await.unwrap();
    for record in creations(10) {
        next.append(record).await.unwrap();
    }
    let state = next.close().await.unwrap();
    assert!(!store.list().await.unwrap().segments.contains(&2), "the number of the segment is free");
    let error = sleeper.append(Record::Outputs(Default::default())).await.unwrap_err();
    assert!(matches!(error, JournalError::Fenced { seq: 2, .. }), "{error}");
    assert_eq!(store.read(2).await.unwrap_err().kind(), StoreErrorKind::NotFound);
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

/// Runs tasks side by side.
pub async fn futures<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    count: usize,
    make: impl Fn(usize) -> F,
) -> Vec<T> {
    let tasks: Vec<_> = (0..count).map(|i| tokio::spawn(make(i))).collect();
    let mut done = Vec::new();
    for task in tasks {
        done.push(task.await.unwrap());
    }
    done
}
