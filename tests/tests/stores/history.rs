//! A state as a whole: its history, an earlier one restored, taken out and put in elsewhere.

use std::{collections::BTreeSet, sync::Arc};

use landform::{
    Cidr, Engine, EngineError, Stack, aws,
    journal::{Journal, JournalError, ObjectKey, Record},
    sim::{Cloud, Latency},
    store::{CrashPoint, FaultyStore, MemoryStore, Store},
};
use tempfile::TempDir;

use crate::journals::{creations, options, write};

struct Bed {
    cloud: Cloud,
    store: MemoryStore,
    _directory: TempDir,
}

impl Bed {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let cloud = Cloud::open(directory.path()).types(aws::types()).latency(Latency::none());
        Self { cloud: cloud.build().unwrap(), store: MemoryStore::new(), _directory: directory }
    }

    fn engine(&self) -> Engine {
        self.engine_on(self.store.clone())
    }

    fn engine_on(&self, store: impl Store + 'static) -> Engine {
        let builder = Engine::builder().provider(self.cloud.provider("aws")).store(Arc::new(store));
        builder.journal(options()).open().unwrap()
    }

    async fn apply(&self, stack: &Stack) {
        let plan = self.engine().plan(stack).await.unwrap();
        self.engine().apply(&plan).await.unwrap().complete().unwrap();
    }
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

/// A network with a subnet for each of these numbers, and a word on the network.
fn stack(parts: &[u8], word: &str) -> Stack {
    let mut stack = Stack::new("base");
    let vpc = stack.add("main", aws::Vpc::new(cidr("10.0.0.0/16")).tag("Word", word));
    for part in parts {
        let range = cidr(&format!("10.0.{part}.0/24"));
        stack.add(&format!("part-{part}"), aws::Subnet::new(&vpc).cidr_block(range));
    }
    stack.output("vpc", vpc.id());
    stack
}

fn key(text: &str) -> ObjectKey {
    text.parse().unwrap()
}

#[tokio::test]
async fn two_revisions_are_compared() {
    let bed = Bed::new();
    let engine = bed.engine();
    assert_eq!(engine.stack_name().await.unwrap(), None);
    bed.apply(&stack(&[1, 2], "one")).await;
    bed.apply(&stack(&[2, 3], "two")).await;
    assert_eq!(engine.stack_name().await.unwrap().as_deref(), Some("base"));
    let runs = engine.history("base").await.unwrap();
    assert!(
        runs.len() == 2 && runs.iter().all(|run| run.ended && run.begin.operation == "apply"),
        "{runs:?}"
    );

    let difference = engine.difference("base", runs[0].seq, runs[1].seq).await.unwrap();
    assert_eq!(difference.added.keys().collect::<Vec<_>>(), [&key("aws_subnet.part-3")]);
    assert_eq!(difference.removed.keys().collect::<Vec<_>>(), [&key("aws_subnet.part-1")]);
    let vpc = &difference.changed[&key("aws_vpc.main")]["tags"];
    assert_eq!(vpc.before.as_ref().unwrap()["Word"], "one");
    assert_eq!(vpc.after.as_ref().unwrap()["Word"], "two");
    assert_eq!(difference.changed.len(), 1);
    let text = difference.to_string();
    assert!(text.contains("+ aws_subnet.part-3 (subnet-") && text.contains("~ aws_vpc.main"), "{text}");

    let all = engine.difference("base", 0, runs[1].seq).await.unwrap();
    assert_eq!((all.added.len(), all.removed.len(), all.outputs.len()), (3, 0, 1));
    assert!(engine.difference("base", runs[1].seq, runs[1].seq).await.unwrap().is_empty());
    let error = engine.difference("base", 0, runs[1].seq + 1).await.unwrap_err();
    assert!(matches!(error, EngineError::Journal(JournalError::NoRun { .. })), "{error}");
}

#[tokio::test]
async fn an_earlier_revision_is_restored_by_a_plan() {
    let bed = Bed::new();
    bed.apply(&stack(&[1, 2], "one")).await;
    let first = bed.engine().history("base").await.unwrap()[0].seq;
    bed.apply(&stack(&[2, 3], "two")).await;
    bed.apply(&Stack::new("base")).await;
    assert!(bed.engine().state("base").await.unwrap().is_empty());

    // The network is made anew with another id, and the subnets lie in it.
    let earlier = bed.engine().stack_after("base", first).await.unwrap();
    bed.apply(&earlier).await;
    assert!(bed.engine().plan(&stack(&[1, 2], "one")).await.unwrap().changes.is_empty());
}

#[tokio::test]
async fn a_state_moves_as_one_document() {
    let bed = Bed::new();
    bed.apply(&stack(&[1, 2], "one")).await;
    let document = bed.engine().export("base").await.unwrap();
    let elsewhere = bed.engine_on(MemoryStore::new());
    let imported = elsewhere.import(&document).await.unwrap();
    let before = bed.engine().state("base").await.unwrap();
    assert_eq!(imported.lineage(), before.lineage(), "secrets sealed in it stay comparable");
    assert!(before.difference(&imported).unwrap().is_empty());
    assert!(elsewhere.plan(&stack(&[1, 2], "one")).await.unwrap().is_empty());
    let error = elsewhere.import(&document).await.unwrap_err();
    assert!(matches!(error, EngineError::Journal(JournalError::NotEmpty { objects: 3, .. })), "{error}");
    assert_eq!(elsewhere.history("base").await.unwrap().len(), 1, "nothing was written");
    for bad in
        ["", "{}", "[1]", &document[..document.len() - 1], &document.replace("\"format\":1", "\"format\":9")]
    {
        elsewhere.import(bad).await.unwrap_err();
    }
}

#[tokio::test]
async fn an_import_that_is_killed_left_all_or_nothing() {
    let source: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let writer = write(&source).await.unwrap();
    for record in creations(200) {
        writer.enqueue(record).unwrap();
    }
    writer.enqueue(Record::Outputs(Default::default())).unwrap();
    let state = writer.close().await.unwrap();
    let document = state.to_json().unwrap();
    let mut seen = BTreeSet::new();
    for point in [CrashPoint::Before, CrashPoint::After] {
        for at in 0.. {
            let held = MemoryStore::new();
            let dying = Arc::new(FaultyStore::crashing(held.clone(), at, point));
            let engine = Engine::builder().store(dying.clone()).journal(options()).open().unwrap();
            let done = engine.import(&document).await;
            let left = Journal::read(Arc::new(held), "base").await.unwrap().state().len();
            assert!(left == 0 || left == 200, "{left} at {at}");
            seen.insert(left);
            if !dying.is_dead() {
                assert!(done.is_ok() && left == 200);
                break;
            }
        }
    }
    assert_eq!(seen.len(), 2);
}
