//! Errors say where, what, and what was expected, before anything is created or written.

use std::{fs, path::Path, path::PathBuf};

use landform::{
    Engine, Error, Handle, Id, Input, OnConflict, Plan, PlanOptions, Stack, expr::Expr, store::LocalStore,
};
use serde_json::{Value as Json, json};

use landform_testkit::{
    bed::{self, Bed, at},
    demo::{Key, Network, Note, Part, cidr},
};

/// An engine with its state in a directory, and the directory.
fn local() -> (Bed, tempfile::TempDir) {
    (Bed::new(), bed::directory())
}

fn engine(bed: &Bed, directory: &Path) -> Engine {
    bed.builder().store(std::sync::Arc::new(LocalStore::new(directory.join("state")))).open().unwrap()
}

/// Every file below a directory with its content.
fn files(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// A stack read from its stored form, which no compiler checked.
fn stored(nodes: Json) -> Stack {
    let mut stack: Stack = serde_json::from_value(json!({ "name": "bad", "nodes": nodes })).unwrap();
    stack.bind(&|name| landform_testkit::demo::types().into_iter().find(|known| known.name_str() == name));
    stack
}

fn node(address: &str, arguments: Json) -> (String, Json) {
    let origin = json!({ "file": "stack.yaml", "line": 7 });
    (address.to_owned(), json!({ "address": address, "arguments": arguments, "origin": origin }))
}

fn nodes<const N: usize>(nodes: [(String, Json); N]) -> Stack {
    stored(Json::Object(nodes.into_iter().collect()))
}

/// Checks that a stack is refused with all of these words, and that nothing is read, created or written.
async fn refused(stack: &Stack, expected: &[&str]) {
    let (bed, directory) = local();
    let error = engine(&bed, directory.path()).plan(stack).await.unwrap_err().to_string();
    for expected in expected {
        assert!(error.contains(expected), "{expected:?} is missing in {error}");
    }
    assert_eq!(bed.cloud.calls().total(), 0);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "a file changed");
    assert!(!bed.cloud.directory().join(landform::sim::PATH).exists());
}

#[tokio::test]
async fn arguments_that_their_type_does_not_have_or_allow() {
    let place = "demo_note.a (stack.yaml:7): ";
    let unknown = nodes([node("demo_note.a", json!({ "text": "a", "tezt": 1 }))]);
    refused(&unknown, &[place, "tezt: unknown field", "did you mean \"text\"?"]).await;
    let wrong = nodes([node("demo_note.a", json!({ "text": ["a"] }))]);
    refused(&wrong, &[place, "text: ", "expected text"]).await;
    refused(&nodes([node("demo_note.a", json!({}))]), &[place, "text: missing, expected text"]).await;
    let deep = json!({ "name": "g", "ways": [{ "network": "n" }, { "network": "n", "width": "wide" }] });
    refused(&nodes([node("demo_group.g", deep)]), &["ways[1].width: ", "expected a whole number"]).await;
    let bits = nodes([node("demo_network.n", json!({ "range": "10.0.0.1/16" }))]);
    refused(&bits, &["range: \"10.0.0.1/16\"", "without host bits; did you mean 10.0.0.0/16?"]).await;
}

#[tokio::test]
async fn secrets_stay_out_of_errors() {
    let code = Expr::Secret(Box::new(Expr::Literal(json!({ "hunter2": true }))));
    let mut stack = Stack::new("bad");
    stack.add("key", Key::new("key").code(Input::<String>::from_expr(code)));
    let (bed, directory) = local();
    let error = engine(&bed, directory.path()).plan(&stack).await.unwrap_err();
    assert!(error.to_string().contains("code: (sensitive)"), "{error}");
    assert!(!format!("{error}{error:?}").contains("hunter2"), "{error:?}");
}

#[tokio::test]
async fn references_to_nothing_and_to_each_other() {
    let reference = |node: &str, path: &str| json!({ "$ref": [node, path] });
    let lost = nodes([
        node("demo_note.paper", json!({ "text": "a" })),
        node("demo_note.a", json!({ "text": reference("demo_note.papre", "id") })),
    ]);
    refused(
        &lost,
        &["demo_note.a (stack.yaml:7)", "demo_note.papre, which is not declared", "demo_note.paper?"],
    )
    .await;
    let field = nodes([
        node("demo_note.b", json!({ "text": "b" })),
        node("demo_note.a", json!({ "text": reference("demo_note.b", "colour") })),
    ]);
    refused(&field, &["text: refers to demo_note.b.colour, but demo_note has no such field"]).await;
    let cycle = nodes([
        node("demo_note.a", json!({ "text": reference("demo_note.b", "id") })),
        node("demo_note.b", json!({ "text": "b", "paper": reference("demo_note.a", "id") })),
    ]);
    let edges = ["demo_note.a --[text]--> demo_note.b", "demo_note.b --[paper]--> demo_note.a"];
    refused(&cycle, &[edges[0], edges[1], "wait for each other"]).await;
}

#[tokio::test]
async fn two_of_what_can_be_only_once() {
    let mut twice = Stack::new("bad");
    twice.add("a", Note::new("a"));
    twice.add("a", Note::new("b"));
    refused(&twice, &["demo_note.a", "declared twice (first at ", "bad.rs:"]).await;
    let mut ranges = Stack::new("bad");
    let network = ranges.add("net", Network::new(cidr("10.0.0.0/16")));
    ranges.add("a", Part::new(&network, cidr("10.0.0.0/20")));
    ranges.add("b", Part::new(&network, cidr("10.0.8.0/24")));
    ranges.add("c", Part::new(&network, cidr("10.9.8.0/24")));
    refused(&ranges, &["10.0.8.0/24 overlaps 10.0.0.0/20 of demo_part.a", "outside 10.0.0.0/16"]).await;
}

#[tokio::test]
async fn rules_that_cannot_hold_together() {
    let one = || {
        let mut stack = Stack::new("bad");
        stack.add("a", Note::new("a"));
        stack
    };
    let mut stack = one();
    stack.removed(at("demo_note.a"));
    refused(&stack, &["demo_note.a: it is declared and removed"]).await;
    let mut stack = one();
    stack.moved(at("demo_note.a"), at("demo_note.b"));
    refused(&stack, &["demo_note.a: it is declared and moved to demo_note.b"]).await;
    let mut stack = one();
    stack.moved(at("demo_note.old"), at("demo_key.a"));
    refused(&stack, &["demo_note.old: it cannot move to demo_key.a, which is of another type"]).await;
    let mut stack = one();
    let a = Handle::<Note>::named("a");
    stack.adjust(&a, |node| node.lifecycle.ignore_changes = ["tezt".parse().unwrap()].into());
    refused(&stack, &["demo_note.a: ignore_changes names tezt, but demo_note has no such argument"]).await;
}

#[tokio::test]
async fn selections_that_name_nothing() {
    let (bed, directory) = local();
    let mut stack = Stack::new("bad");
    let below = stack.add("below", Note::new("a"));
    stack.add("above", Note::new("b").paper(&below));
    let engine = engine(&bed, directory.path());
    let none = || vec![at("demo_note.belov")];
    for (what, options) in [
        ("target", PlanOptions { targets: none(), ..PlanOptions::default() }),
        ("exclude", PlanOptions { excludes: none(), ..PlanOptions::default() }),
        ("replace", PlanOptions { replace: none(), ..PlanOptions::default() }),
    ] {
        let error = engine.plan_with(&stack, &options).await.unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{what} demo_note.belov: neither the stack nor the state")),
            "{error}"
        );
        assert!(error.contains("did you mean demo_note.below?"), "{error}");
    }
    assert_eq!((bed.cloud.calls().total(), fs::read_dir(directory.path()).unwrap().count()), (0, 0));
}

#[tokio::test]
async fn types_that_nobody_offers() {
    let directory = bed::directory();
    let cloud = landform::sim::Cloud::open(directory.path())
        .types([landform_testkit::demo::types()[0]])
        .build()
        .unwrap();
    let engine = Engine::builder().provider(cloud.provider("demo")).state_dir(directory.path().join("state"));
    let mut stack = Stack::new("bad");
    stack.add("a", Note::new("a"));
    let error = engine.open().unwrap().plan(&stack).await.unwrap_err().to_string();
    assert!(error.contains("demo_note.a: no provider for the type demo_note"), "{error}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn states_of_others_and_of_the_future() {
    let (bed, directory) = local();
    let engine = engine(&bed, directory.path());
    let mut stack = Stack::new("mine");
    stack.add("a", Note::new("a"));
    let plan = engine.plan(&stack).await.unwrap();
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let before = files(directory.path());
    bed.cloud.reset_calls();
    let mut other = Stack::new("other");
    other.add("a", Note::new("a"));
    let error = engine.plan(&other).await.unwrap_err().to_string();
    assert!(error.contains("mine") && error.contains("other"), "{error}");
    assert_eq!((files(directory.path()), bed.cloud.calls().total()), (before.clone(), 0));

    let (newest, bytes) =
        before.iter().rfind(|(path, _)| path.extension().is_some_and(|end| end == "seg")).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let newer = text.replacen("\"format\":1", "\"format\":99", 1);
    assert_ne!(text, newer);
    fs::write(newest, newer).unwrap();
    let damaged = files(directory.path());
    let error = engine.plan(&stack).await.unwrap_err().to_string();
    assert!(error.contains(newest.file_stem().unwrap().to_str().unwrap().trim_start_matches('0')), "{error}");
    assert_eq!((files(directory.path()), bed.cloud.calls().total()), (damaged, 0));
}

/// Checks that a plan is refused before anything changes.
async fn not_applied(bed: &Bed, directory: &Path, plan: &Plan, expected: &str) {
    let before = files(directory);
    bed.cloud.reset_calls();
    let error = engine(bed, directory).apply(plan).await.unwrap_err();
    assert!(error.to_string().contains(expected), "{expected:?} is missing in {error}");
    assert_eq!((files(directory), bed.cloud.calls().total()), (before, 0), "the cloud or a file changed");
}

#[tokio::test]
async fn plans_that_no_longer_fit() {
    let (bed, directory) = local();
    let engine = engine(&bed, directory.path());
    let stack = |text: &str| {
        let mut stack = Stack::new("bad");
        stack.add("a", Note::new(text));
        stack
    };
    let first = engine.plan(&stack("a")).await.unwrap();
    let mut newer = first.clone();
    newer.format = 99;
    not_applied(&bed, directory.path(), &newer, "it has format 99, and this release applies format 1").await;
    let mut foreign = first.clone();
    foreign.changes[0].type_name = "demo_other".parse().unwrap();
    not_applied(&bed, directory.path(), &foreign, "demo_note.a: no provider").await;
    engine.apply(&first).await.unwrap().complete().unwrap();
    not_applied(&bed, directory.path(), &first, "demo_note.a was created since").await;
    let update = engine.plan(&stack("b")).await.unwrap();
    let another = engine.plan(&stack("c")).await.unwrap();
    engine.apply(&another).await.unwrap().complete().unwrap();
    not_applied(&bed, directory.path(), &update, "demo_note.a has changed since; make a new one").await;
    let mut elsewhere = engine.plan(&stack("d")).await.unwrap();
    elsewhere.lineage = Some("somebody-elses".into());
    not_applied(&bed, directory.path(), &elsewhere, "it was made from another state").await;
    let empty = tempfile::tempdir().unwrap();
    let gone = "the state that this plan was made from is gone. Bring it back, or restore it from a backup";
    not_applied(&bed, empty.path(), &update, gone).await;
}

#[tokio::test]
async fn a_stored_plan_is_applied_as_it_was_and_without_its_secrets_not_at_all() {
    let (bed, directory) = local();
    let engine = engine(&bed, directory.path());
    let stack = |code: Option<&str>| {
        let mut stack = Stack::new("bad");
        let key = Key::new("key");
        let key = stack.add(
            "key",
            match code {
                Some(code) => key.code(code),
                None => key,
            },
        );
        stack.add("note", Note::new(key.name()));
        stack
    };
    let through_a_file =
        |plan: &Plan| -> Plan { serde_json::from_str(&serde_json::to_string(plan).unwrap()).unwrap() };
    let plan = engine.plan(&stack(Some("hunter2"))).await.unwrap();
    assert!(!serde_json::to_string(&plan).unwrap().contains("hunter2"));
    not_applied(&bed, directory.path(), &through_a_file(&plan), "a secret is not stored with a plan").await;
    let plan = through_a_file(&engine.plan(&stack(None)).await.unwrap());
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert!(engine.plan(&stack(None)).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_left_out_cannot_be_referred_to() {
    let (bed, directory) = local();
    let mut stack = Stack::new("bad");
    let below = stack.add("below", Note::new("a"));
    stack.add("above", Note::new("b").paper(&below));
    stack.adjust(&below, |node| node.lifecycle.on_conflict = OnConflict::Fail);
    let options = PlanOptions { excludes: vec![at("demo_note.below")], ..PlanOptions::default() };
    let plan = engine(&bed, directory.path()).plan_with(&stack, &options).await;
    assert!(plan.unwrap().is_empty(), "its dependents are left out too");
    let lost = Expr::reference(at("demo_note.nowhere"), "id".parse().unwrap());
    let mut stack = Stack::new("bad");
    stack.add("a", Note::new("a").paper(Input::<Id<Note>>::from_expr(lost)));
    let error = engine(&bed, directory.path()).plan(&stack).await.unwrap_err();
    assert!(matches!(error, Error::Stack(_)), "{error}");
}
