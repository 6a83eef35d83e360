//! `replace_triggered_by`: it fires for changes only, and stays due until the replacement is done.

use landform::{PlanOptions, Reason, Stack, sim::Operation};
use serde_json::json;

use super::{go, names, refuse_next, targets, try_with};
use landform_testkit::{
    bed::{Bed, at},
    demo::Note,
};

const IT: &str = "demo_note.it";

/// A cause with this text, and a node that it replaces.
fn stack(text: &str) -> Stack {
    let mut stack = Stack::new("faults");
    let cause = stack.add("cause", Note::new(text));
    let it = stack.add("it", Note::new("it"));
    stack.adjust(&it, |node| node.lifecycle.replace_triggered_by = vec![cause.address().clone()]);
    stack
}

/// The same with an existing cause.
fn imported(text: &str) -> Stack {
    let mut stack = stack(text);
    stack.import([(at("demo_note.cause"), "note-000000aa".into())]);
    stack
}

fn alone() -> Stack {
    let mut stack = Stack::new("faults");
    stack.add("it", Note::new("it"));
    stack
}

fn due() -> Option<Reason> {
    Some(Reason::Due(at("demo_note.cause")))
}

async fn reason(bed: &Bed, stack: &Stack) -> Option<Reason> {
    bed.plan(stack).await.change(IT).map(|change| change.reason.clone())
}

#[tokio::test(start_paused = true)]
async fn an_import_that_changes_nothing_triggers_nothing() {
    let bed = Bed::new();
    bed.cloud.seed("demo_note", "note-000000aa", json!({ "text": "c" })).unwrap();
    go(&bed, &alone()).await;
    assert_eq!(reason(&bed, &imported("c")).await, None);
    assert_eq!(reason(&bed, &imported("d")).await, Some(Reason::Triggered(at("demo_note.cause"))));
    go(&bed, &imported("c")).await;
    assert_eq!(reason(&bed, &imported("c")).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_new_node_triggers_nothing_and_its_next_change_does() {
    let bed = Bed::new();
    go(&bed, &alone()).await;
    let (plan, _) = go(&bed, &stack("a")).await;
    assert_eq!(names(&plan), ["cause"]);
    bed.settled(&stack("a")).await;
    let (plan, _) = go(&bed, &stack("b")).await;
    assert_eq!(names(&plan), ["cause", "it"]);
    bed.settled(&stack("b")).await;
}

#[tokio::test(start_paused = true)]
async fn it_stays_due_when_the_replacement_fails_after_its_cause_has_changed() {
    for operation in [Operation::Delete, Operation::Create] {
        let bed = Bed::new();
        go(&bed, &stack("a")).await;
        let before = bed.id(&stack("a"), &at(IT)).await;
        refuse_next(&bed, operation);
        let plan = bed.plan(&stack("b")).await;
        assert_eq!(bed.engine().apply(&plan).await.unwrap().failures.len(), 1);
        if operation == Operation::Delete {
            // The next plan, in any process.
            assert_eq!(reason(&bed, &stack("b")).await, due());
            assert_eq!(reason(&bed, &stack("b")).await, due());
        }
        go(&bed, &stack("b")).await;
        bed.settled(&stack("b")).await;
        assert_ne!(bed.id(&stack("b"), &at(IT)).await, before);
    }
}

#[tokio::test(start_paused = true)]
async fn it_stays_due_when_a_create_first_replacement_fails() {
    let bed = Bed::new();
    let first = |text: &str| {
        let mut stack = stack(text);
        stack.adjust_at(&at(IT), |node| node.lifecycle.create_before_destroy = true);
        stack
    };
    go(&bed, &first("a")).await;
    bed.cloud.inject(landform::sim::Fault::before(
        Operation::Create,
        landform::ProviderError::new(landform::ErrorKind::Quota, "full"),
    ));
    let plan = bed.plan(&first("b")).await;
    assert!(!bed.engine().apply(&plan).await.unwrap().is_complete());
    assert_eq!(reason(&bed, &first("b")).await, due());
    go(&bed, &first("b")).await;
    bed.settled(&first("b")).await;
}

#[tokio::test(start_paused = true)]
async fn it_is_due_after_its_cause_alone_was_changed_replaced_or_made_again() {
    let cause = targets(&["demo_note.cause"]);
    for step in 0..3 {
        let bed = Bed::new();
        go(&bed, &stack("a")).await;
        let (text, options) = match step {
            0 => ("b", cause.clone()),
            1 => ("a", PlanOptions { replace: cause.targets.clone(), ..cause.clone() }),
            _ => {
                let id = bed.id(&stack("a"), &at("demo_note.cause")).await;
                bed.cloud.vanish("demo_note", &id).unwrap();
                ("a", cause.clone())
            }
        };
        let (plan, report) = try_with(&bed, &stack(text), &options).await;
        report.complete().unwrap();
        assert_eq!(names(&plan), ["cause"]);
        assert_eq!(reason(&bed, &stack(text)).await, due(), "step {step}");
        go(&bed, &stack(text)).await;
        bed.settled(&stack(text)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_due_when_an_import_that_changes_its_cause_has_succeeded_and_it_has_not() {
    let bed = Bed::new();
    bed.cloud.seed("demo_note", "note-000000aa", json!({ "text": "c" })).unwrap();
    go(&bed, &alone()).await;
    refuse_next(&bed, Operation::Delete);
    let plan = bed.plan(&imported("d")).await;
    assert_eq!(bed.engine().apply(&plan).await.unwrap().failures.len(), 1);
    assert_eq!(reason(&bed, &imported("d")).await, due());
    go(&bed, &imported("d")).await;
    assert_eq!(reason(&bed, &imported("d")).await, None);
}

#[tokio::test(start_paused = true)]
async fn it_is_due_when_its_cause_was_put_right_and_it_failed() {
    let bed = Bed::new();
    go(&bed, &stack("a")).await;
    let id = bed.id(&stack("a"), &at("demo_note.cause")).await;
    bed.cloud.tamper("demo_note", &id, |note| note["text"] = "drifted".into()).unwrap();
    refuse_next(&bed, Operation::Delete);
    let plan = bed.plan(&stack("a")).await;
    assert_eq!(names(&plan), ["cause", "it"]);
    assert!(!bed.engine().apply(&plan).await.unwrap().is_complete());
    assert_eq!(reason(&bed, &stack("a")).await, due());
}

#[tokio::test(start_paused = true)]
async fn a_cause_that_is_renamed_or_taken_out_has_not_changed() {
    let bed = Bed::new();
    go(&bed, &stack("a")).await;
    let mut renamed = Stack::new("faults");
    renamed.moved(at("demo_note.cause"), at("demo_note.other"));
    let other = renamed.add("other", Note::new("a"));
    let it = renamed.add("it", Note::new("it"));
    renamed.adjust(&it, |node| node.lifecycle.replace_triggered_by = vec![other.address().clone()]);
    let (plan, _) = go(&bed, &renamed).await;
    assert!(plan.changes.is_empty(), "{plan}");
    bed.settled(&renamed).await;
    let (plan, _) = go(&bed, &alone()).await;
    assert_eq!(names(&plan), ["other"]);
    assert!(bed.state(&alone()).await.get(&at(IT)).unwrap().triggers.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_due_is_known_by_whoever_takes_the_state_over() {
    let bed = Bed::new();
    go(&bed, &stack("a")).await;
    let (_, report) = try_with(&bed, &stack("b"), &targets(&["demo_note.cause"])).await;
    report.complete().unwrap();
    let exported = bed.engine().export("faults").await.unwrap();
    let bed = bed.with_new_state();
    bed.engine().import(&exported).await.unwrap();
    assert_eq!(reason(&bed, &stack("b")).await, due());
}
