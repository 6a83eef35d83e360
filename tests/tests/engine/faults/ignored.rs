//! `ignore_changes`: an ignored field keeps its value, and the plan shows exactly what the apply does.

use landform::{Handle, Ignore, Stack, view};
use serde_json::json;

use super::bed;
use super::types::{Big, Gate, Slot, Vault};
use landform_testkit::{
    bed::{Bed, at},
    demo::Key,
};

fn ignoring<const N: usize>(paths: [&str; N]) -> Ignore {
    paths.map(|path| path.parse().unwrap()).into()
}

fn key(name: &str) -> Stack {
    let mut stack = Stack::new("t");
    let key = stack.add("k", Key::new(name).code("first"));
    stack.adjust(&key, |node| node.lifecycle.ignore_changes = ignoring(["code"]));
    stack
}

#[tokio::test(start_paused = true)]
async fn an_ignored_secret_stays_as_it_is() {
    let bed = bed();
    bed.go(&key("a")).await;
    bed.tamper("k", "code", json!("rotated")).await;
    let (plan, _) = bed.go(&key("b")).await;
    assert_eq!(bed.made("k").arguments["code"], "rotated");
    assert_eq!(bed.made("k").arguments["name"], "b");
    let shown = format!("{}{plan:?}{:?}", view::text(&plan), bed.state(&key("b")).await);
    assert!(!shown.contains("rotated") && !shown.contains("first"), "{shown}");
    assert!(bed.plan(&key("b")).await.is_empty());
}

/// Another process rotates it once more between the plan and the apply.
#[tokio::test(start_paused = true)]
async fn an_ignored_secret_is_read_when_the_plan_is_applied() {
    let bed = bed();
    bed.go(&key("a")).await;
    bed.tamper("k", "code", json!("rotated")).await;
    let plan = serde_json::to_string(&bed.plan(&key("b")).await).unwrap();
    bed.tamper("k", "code", json!("rotated twice")).await;
    let plan = serde_json::from_str(&plan).unwrap();
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(bed.made("k").arguments["code"], "rotated twice");
}

#[tokio::test(start_paused = true)]
async fn an_ignored_secret_that_cannot_be_read_is_not_sent() {
    let bed = Bed::with(|builder| builder.conceals(true));
    bed.go(&key("a")).await;
    let plan = bed.plan(&key("b")).await;
    bed.cloud.reset_calls();
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    assert_ne!(bed.made("k").arguments.get("code"), Some(&json!("first")));
    assert!(bed.plan(&key("b")).await.is_empty());
}

/// The secret is in a block of a map. The rest of the block is not ignored.
#[tokio::test(start_paused = true)]
async fn an_ignored_secret_in_a_block_of_a_map() {
    let bed = bed();
    let stack = |label: &str| {
        let mut stack = Stack::new("t");
        let vault = Vault::new("v").map([("k", Slot::new(label).code("first"))]);
        let vault = stack.add("v", vault);
        stack.adjust(&vault, |node| node.lifecycle.ignore_changes = ignoring(["map.k.code"]));
        stack
    };
    bed.go(&stack("a")).await;
    bed.tamper("v", "map", json!({ "k": { "label": "a", "code": "rotated" } })).await;
    bed.go(&stack("b")).await;
    assert_eq!(bed.made("v").arguments["map"]["k"], json!({ "label": "b", "code": "rotated" }));
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_ignored_also_in_what_is_taken_over() {
    let bed = bed();
    bed.cloud.seed("demo_key", "key-000000aa", json!({ "name": "theirs", "code": "rotated" })).unwrap();
    let mut stack = key("mine");
    stack.import([(at("demo_key.k"), "key-000000aa".into())]);
    let (plan, report) = bed.go(&stack).await;
    let object = bed.cloud.objects().unwrap().remove(0);
    assert_eq!((&object.arguments["name"], &object.arguments["code"]), (&json!("mine"), &json!("rotated")));
    let shown =
        format!("{}{plan:?}{report:?}{:?}{:?}", view::text(&plan), bed.events(), bed.state(&stack).await);
    assert!(!shown.contains("rotated"), "{shown}");
}

fn big(ignored: Ignore) -> Stack {
    let mut stack = Stack::new("t");
    stack.add("it", Big::new(1_u64));
    stack.adjust(Handle::<Big>::named("it"), |node| node.lifecycle.ignore_changes = ignored);
    stack
}

#[tokio::test(start_paused = true)]
async fn an_ignored_key_of_a_map_that_is_not_declared() {
    let bed = bed();
    let stack = big(ignoring(["tags.theirs"]));
    bed.go(&stack).await;
    bed.tamper("it", "tags", json!({ "theirs": "x" })).await;
    let (plan, _) = bed.go(&stack).await;
    assert!(plan.is_empty(), "{plan}");
    bed.tamper("it", "tags", json!({ "theirs": "y", "other": "z" })).await;
    let (plan, _) = bed.go(&stack).await;
    assert_eq!(plan.changes[0].fields[0].path.to_string(), "tags.other");
    assert_eq!(bed.made("it").arguments["tags"], json!({ "theirs": "y" }));
    assert!(bed.plan(&stack).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_ignored_field_of_a_block_that_is_not_declared() {
    let bed = bed();
    let stack = big(ignoring(["door.word"]));
    bed.go(&stack).await;
    bed.tamper("it", "door", json!({ "port": 1, "word": "theirs" })).await;
    assert!(bed.plan(&stack).await.is_empty(), "the port exists because the word exists");
    bed.tamper("it", "door", json!({ "port": 1, "word": "theirs", "words": ["more"] })).await;
    bed.go(&stack).await;
    assert_eq!(bed.made("it").arguments["door"], json!({ "port": 1, "word": "theirs" }));
    assert!(bed.plan(&stack).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn everything_can_be_ignored() {
    let bed = bed();
    let stack = |port: u32| {
        let mut stack = big(Ignore::All);
        stack.adjust_at(&at("demo_big.it"), |node| {
            node.arguments = landform::Input::from(Gate { port, word: None, words: Vec::new() }).into();
            node.arguments = landform::expr::Expr::map(
                [("number".to_owned(), json!(port).into()), ("door".to_owned(), node.arguments.clone())]
                    .into(),
            );
        });
        stack
    };
    bed.go(&stack(1)).await;
    bed.tamper("it", "tags", json!({ "theirs": "x" })).await;
    let plan = bed.plan(&stack(2)).await;
    assert!(plan.is_empty(), "{plan}");
    let text = serde_json::to_string(&stack(1)).unwrap();
    assert!(text.contains(r#""ignore_changes":"all""#), "{text}");
    let again: Stack = serde_json::from_str(&text).unwrap();
    assert_eq!(again.node("demo_big.it").unwrap().lifecycle.ignore_changes, Ignore::All);
    let wrong = text.replace(r#""all""#, r#""everything""#);
    let error = serde_json::from_str::<Stack>(&wrong).unwrap_err().to_string();
    assert!(error.contains("a list of paths, or \"all\""), "{error}");
}
