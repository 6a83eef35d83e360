//! A whole state: its history, the restoration of an earlier run, export and import.

use std::{collections::BTreeSet, sync::Arc};

use landform::{
    Cidr, Engine, Error, Plan, Restored, Secret, Secrets, Stack, aws,
    expr::Expr,
    journal::{Journal, JournalError, ObjectKey, Record},
    sim::{Cloud, Latency},
    store::{MemoryStore, Store},
    view,
};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::journals::{creations, options, write};
use landform_testkit::faults::{CrashPoint, FaultyStore};

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
        let engine = self.engine();
        let plan = engine.plan(stack).await.unwrap();
        engine.apply(&plan).await.unwrap().complete().unwrap();
    }
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

/// A network with a subnet for each of these numbers, and a tag on the network.
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
    assert!(matches!(error, Error::Journal(JournalError::NoRun { .. })), "{error}");
}

#[tokio::test]
async fn an_earlier_revision_is_restored_by_a_plan() {
    let bed = Bed::new();
    bed.apply(&stack(&[1, 2], "one")).await;
    let first = bed.engine().history("base").await.unwrap()[0].seq;
    bed.apply(&stack(&[2, 3], "two")).await;
    bed.apply(&Stack::new("base")).await;
    assert!(bed.engine().state("base").await.unwrap().is_empty());

    // The network has a new id, and the subnets are in it.
    let earlier = bed.engine().stack_after("base", first, &Secrets::new()).await.unwrap();
    assert_eq!(earlier.kept, []);
    bed.apply(&earlier.stack).await;
    let plan = bed.engine().plan(&stack(&[1, 2], "one")).await.unwrap();
    assert!(plan.changes.is_empty());
    let state = bed.engine().state("base").await.unwrap();
    assert_eq!(state.outputs()["vpc"], state.object(&key("aws_vpc.main")).unwrap().id, "the output follows");
}

/// A network with a secret tag, and a subnet with the same secret.
fn with_secret(secret: &str, word: &str) -> Stack {
    let mut stack = Stack::new("base");
    let vpc = stack.add("main", aws::Vpc::new(cidr("10.0.0.0/16")));
    let part = stack.add("part", aws::Subnet::new(&vpc).cidr_block(cidr("10.0.1.0/24")));
    for (address, name) in [(vpc.address(), "Key"), (part.address(), "Copy")] {
        stack.adjust_at(address, |node| {
            let mut arguments = match &node.arguments {
                Expr::Map(fields) => fields.clone(),
                Expr::Literal(Json::Object(fields)) => {
                    fields.iter().map(|(name, field)| (name.clone(), Expr::Literal(field.clone()))).collect()
                }
                other => panic!("{other:?}"),
            };
            let hidden = Expr::Secret(Box::new(Expr::Literal(secret.into())));
            let tags = [(name.to_owned(), hidden), ("Word".to_owned(), Expr::Literal(word.into()))];
            arguments.insert("tags".to_owned(), Expr::map(tags.into()));
            node.arguments = Expr::map(arguments);
        });
    }
    stack
}

/// Plans the restoration of a run in a new process, which knows no secret, and applies it.
async fn restore(bed: &Bed, run: u64, secrets: &Secrets) -> Result<(Plan, Restored), Error> {
    let engine = bed.engine();
    let (plan, restored) = engine.plan_restore("base", run, secrets).await?;
    engine.apply(&plan).await?.complete().unwrap();
    Ok((plan, restored))
}

/// The tags of a resource in the cloud.
fn tags(bed: &Bed, type_name: &str) -> Json {
    let objects = bed.cloud.objects().unwrap();
    objects.iter().find(|object| object.type_name == type_name).unwrap().arguments["tags"].clone()
}

#[tokio::test]
async fn a_secret_stays_as_it_is_or_is_what_the_user_says() {
    let bed = Bed::new();
    bed.apply(&with_secret("first-secret", "one")).await;
    let first = bed.engine().history("base").await.unwrap()[0].seq;
    let none = Secrets::new();
    let is = |type_name: &str, tag: &str| tags(&bed, type_name)[tag].as_str().unwrap().to_owned();

    // The secret is unchanged, so only the other tag is restored.
    bed.apply(&with_secret("first-secret", "two")).await;
    let (plan, restored) = restore(&bed, first, &none).await.unwrap();
    assert_eq!((plan.changes.len(), restored.kept.len()), (2, 0));
    let fields = plan.changes.iter().flat_map(|change| &change.fields);
    assert!(fields.clone().all(|field| field.path.to_string() == "tags.Word"), "{plan}");
    assert_eq!((is("aws_vpc", "Word"), is("aws_vpc", "Key")), ("one".into(), "first-secret".into()));

    // The secret has changed. Its old value is unknown, so it stays.
    bed.apply(&with_secret("second-secret", "two")).await;
    let (_, restored) = restore(&bed, first, &none).await.unwrap();
    let kept: Vec<String> =
        restored.kept.iter().map(|(address, path)| format!("{address}: {path}")).collect();
    assert_eq!(kept, ["aws_subnet.part: tags.Copy", "aws_vpc.main: tags.Key"]);
    assert_eq!((is("aws_vpc", "Word"), is("aws_vpc", "Key")), ("one".into(), "second-secret".into()));

    // With the secret given again, the old value is restored.
    let said = |secrets: Secrets, (address, path): (&str, &str)| {
        secrets.with(address.parse().unwrap(), path.parse().unwrap(), Secret::new("first-secret"))
    };
    let secrets = [("aws_vpc.main", "tags.Key"), ("aws_subnet.part", "tags.Copy")]
        .into_iter()
        .fold(Secrets::new(), said);
    let (plan, restored) = restore(&bed, first, &secrets).await.unwrap();
    assert_eq!((plan.changes.len(), restored.kept.len()), (2, 0));
    assert_eq!(
        (is("aws_vpc", "Key"), is("aws_subnet", "Copy")),
        ("first-secret".into(), "first-secret".into())
    );
    assert!(bed.engine().plan(&with_secret("first-secret", "one")).await.unwrap().changes.is_empty());

    // A deleted resource cannot be recreated without the secret.
    bed.apply(&Stack::new("base")).await;
    let error = restore(&bed, first, &none).await.unwrap_err();
    let Error::Sealed { missing } = &error else { panic!("{error}") };
    assert_eq!(missing.len(), 2);
    assert!(error.to_string().contains("aws_vpc.main: tags.Key"), "{error}");
    assert!(bed.engine().state("base").await.unwrap().is_empty(), "nothing was touched");
    let (plan, restored) = restore(&bed, first, &secrets).await.unwrap();
    assert_eq!(
        (is("aws_vpc", "Key"), is("aws_subnet", "Copy")),
        ("first-secret".into(), "first-secret".into())
    );
    let document = bed.engine().export("base").await.unwrap();
    let shown = format!("{}{plan:?}{secrets:?}{restored:?}{document}", view::text(&plan));
    assert!(!shown.contains("-secret"), "{shown}");
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
    assert!(matches!(error, Error::Journal(JournalError::NotEmpty { objects: 3, .. })), "{error}");
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
