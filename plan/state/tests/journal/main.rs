//! The journal and its stores: their promises, and failures of bytes, processes and disks.
#![allow(clippy::unwrap_used)]

mod compaction;
mod damage;
mod earlier;
mod failing;
mod fold;
mod local;
mod sketches;
mod two_writers;
mod writing;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use landform_core::{Address, Token};
use landform_state::{
    journal::{
        Claim, IntegrityError, Intent, IntentAction, Journal, JournalError, Json, Notice, ObjectKey,
        ObjectState, Options, OutcomeResult, Record, Sealed, State, TicketRecord, Who, Writer,
    },
    store::{self, LocalStore, MemoryStore, Store, StoreError, StoreErrorKind, contract},
};
use landform_testkit::faults::{CrashPoint, FaultyStore};
use serde_json::{Value, json};

fn key(name: &str) -> ObjectKey {
    format!("aws_vpc.{name}").parse().unwrap()
}

fn token(text: &str) -> Token {
    text.parse().unwrap()
}

fn object(id: &str) -> Arc<ObjectState> {
    Arc::new(ObjectState {
        type_name: "aws_vpc".parse().unwrap(),
        provider: "aws".into(),
        id: id.into(),
        schema_version: 1,
        args: Sealed::without_secrets(&json!({ "cidr_block": "10.0.0.0/16", "tags": { "Name": "größer" } })),
        attributes: Sealed::without_secrets(&json!({ "id": id, "arn": format!("arn:{id}") })),
        private: Default::default(),
        identity: None,
        depends_on: vec!["aws_region.home".parse().unwrap()],
        tainted: false,
        create_before_destroy: true,
        retain_on_delete: false,
        token: token(&format!("t-{id}")),
        revised: None,
        triggers: Default::default(),
        read_at: Some(1_800_000_000),
    })
}

fn intent(name: &str, action: IntentAction, attempt: &str) -> Record {
    Record::Intent(Arc::new(Intent {
        key: key(name),
        action,
        type_name: "aws_vpc".parse().unwrap(),
        token: token(attempt),
        provider: "aws".into(),
        id: None,
        inputs: Sealed::without_secrets(&json!({ "cidr_block": "10.0.0.0/16" })),
        inputs_hash: "f00".into(),
        depends_on: vec!["aws_region.home".parse().unwrap()],
        replace_triggered_by: Vec::new(),
        create_before_destroy: true,
        retain_on_delete: false,
    }))
}

fn ticket(name: &str, attempt: &str) -> Record {
    Record::Ticket(TicketRecord { key: key(name), token: token(attempt), ticket: json!({ "op": 7 }).into() })
}

fn settled(name: &str, attempt: &str, result: OutcomeResult) -> Record {
    Record::outcome(key(name), token(attempt), result)
}

/// One record of each kind. At the end `a`, a deposed `b` and `d` exist, and a creation is pending.
fn story() -> Vec<Record> {
    let old_b = ObjectKey::deposed(key("b").address, token("t-b"));
    vec![
        intent("a", IntentAction::Create, "1"),
        ticket("a", "1"),
        settled("a", "1", OutcomeResult::Exists(object("a"))),
        intent("b", IntentAction::Create, "2"),
        settled("b", "2", OutcomeResult::Exists(object("b"))),
        Record::moved(key("b"), old_b),
        intent("b", IntentAction::Create, "3"),
        settled("b", "3", OutcomeResult::Nothing),
        intent("c", IntentAction::Import, "4"),
        settled("c", "4", OutcomeResult::Exists(object("c"))),
        Record::observed(key("c"), object("c")),
        intent("c", IntentAction::Delete, "5"),
        settled("c", "5", OutcomeResult::Gone),
        Record::observed(key("d"), object("d")),
        intent("d", IntentAction::Update, "6"),
        settled(
            "d",
            "6",
            OutcomeResult::Failed { error: json!("throttled").into(), exists: Some(object("d")) },
        ),
        Record::observed(key("e"), object("e")),
        Record::vanished(key("e")),
        Record::Outputs(json!({ "vpc": "a" }).as_object().unwrap().clone()),
        intent("f", IntentAction::Create, "7"),
        ticket("f", "7"),
    ]
}

/// A writer that commits each append separately, without timing effects.
fn options() -> Options {
    Options { group: Duration::from_secs(3600), retry_for: Duration::from_secs(5), ..Options::default() }
}

fn who() -> Who {
    Who { user: "ada".into(), host: "here".into(), pid: 7, boot: None, started: None }
}

fn claim(operation: &str) -> Claim {
    Claim { who: who(), ..Claim::new(operation) }
}

async fn write(store: Arc<dyn Store>) -> Writer {
    Journal::write_with(store, "base", claim("apply"), options()).await.unwrap()
}

async fn read(store: &MemoryStore) -> Result<Journal, JournalError> {
    Journal::read(Arc::new(store.clone()), "base").await
}

/// Writes the story to a store, with one record per segment or with all in one segment.
async fn told(alone: bool) -> (MemoryStore, State) {
    let store = MemoryStore::new();
    let writer = write(Arc::new(store.clone())).await;
    for record in story() {
        if alone {
            writer.append(record).await.unwrap();
        } else {
            writer.enqueue(record).unwrap();
        }
    }
    let state = writer.close().await.unwrap();
    (store, state)
}

/// A writer that compacts continuously.
fn compacting() -> Options {
    Options { compact_segments: 3, keep_snapshots: 2, lease: Duration::from_secs(3600), ..options() }
}

fn local() -> (tempfile::TempDir, Arc<LocalStore>) {
    let directory = tempfile::tempdir().unwrap();
    let store = Arc::new(LocalStore::new(directory.path().join("deep/er/base")));
    (directory, store)
}
