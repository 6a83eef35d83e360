//! One error reports all problems.

use std::sync::Arc;

use landform::{Change, ChangeKind, Error, PlanOptions, Policy, Stack};

use super::{go, notes};
use landform_testkit::{
    bed::{Bed, at},
    demo::{Network, Part, cidr},
};

#[tokio::test(start_paused = true)]
async fn policies_and_lifecycles_tell_all_that_they_refuse() {
    let bed = Bed::new();
    let stack = |kind: &str| {
        let mut stack = notes(&[("a", kind), ("b", kind), ("c", "c")]);
        stack.adjust_at(&at("demo_note.b"), |node| node.lifecycle.prevent_destroy = true);
        stack
    };
    go(&bed, &stack("old")).await;
    let nothing_goes = |change: &Change| match change.kind {
        ChangeKind::Replace(_) => Err(format!("{} is in use", change.address.name())),
        _ => Ok(()),
    };
    let no_fridays = |change: &Change| match change.address.name() {
        "a" => Err("not on Fridays".to_owned()),
        _ => Ok(()),
    };
    let policies: Vec<Policy> = vec![Arc::new(nothing_goes), Arc::new(no_fridays)];
    let options = PlanOptions { policies, ..PlanOptions::default() };
    let error = bed.engine().plan_with(&stack("new"), &options).await.unwrap_err();
    let Error::Several(all) = &error else { panic!("{error}") };
    assert_eq!(all.len(), 4);
    for said in [
        "4 problems:",
        "demo_note.a: refused by policy: a is in use",
        "demo_note.a: refused by policy: not on Fridays",
        "demo_note.b must not be destroyed (prevent_destroy)",
        "demo_note.b: refused by policy: b is in use",
    ] {
        assert!(error.to_string().contains(said), "{said:?} is missing in {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_check_tells_every_problem() {
    let mut stack = Stack::new("faults");
    let network = stack.add("net", Network::new(cidr("10.0.0.0/16")));
    stack.add("a", Part::new(&network, cidr("10.0.0.0/20")));
    stack.add("b", Part::new(&network, cidr("10.0.8.0/24")));
    stack.add("b", Part::new(&network, cidr("10.9.8.0/24")));
    stack.moved(at("demo_part.x"), at("demo_note.x"));
    stack.removed(at("demo_part.a"));
    let lost = stack.add("lost", Part::new(&network, cidr("10.0.32.0/24")));
    stack.depend(&lost, [at("demo_part.nowhere")]);
    let error = Bed::new().engine().plan(&stack).await.unwrap_err().to_string();
    for said in [
        "5 problems:",
        "declared twice",
        "overlaps 10.0.0.0/20",
        "it cannot move to demo_note.x",
        "it is declared and removed",
        "demo_part.nowhere, which is not declared",
    ] {
        assert!(error.contains(said), "{said:?} is missing in {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn rules_that_cannot_hold_together_are_all_told() {
    let mut stack = notes(&[("a", "a"), ("b", "b")]);
    for name in ["demo_note.a", "demo_note.b"] {
        stack.adjust_at(&at(name), |node| {
            node.lifecycle.ignore_changes = ["nothing".parse().unwrap(), "nowhere".parse().unwrap()].into();
        });
    }
    let error = Bed::new().engine().plan(&stack).await.unwrap_err().to_string();
    assert_eq!(error.matches("has no such argument").count(), 4, "{error}");
}
