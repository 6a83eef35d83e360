//! Kinds of faults that users of other tools have reported, each with the right behaviour.

mod depth;
mod forgotten;
mod ignored;
mod lifecycle;
mod meaning;
mod moves;
mod numbers;
mod refusals;
mod secrets;
mod sets;
mod stale;
mod stored;
mod targets;
mod triggers;
pub mod types;

use landform::{
    ErrorKind, Plan, PlanOptions, ProviderError, Report, Stack,
    sim::{Existing, Fault, Operation},
};

use landform_testkit::{
    bed::{Bed, at},
    demo::Note,
};

/// A bed whose cloud also has the types of this module.
pub fn bed() -> Bed {
    Bed::with(|builder| builder.types(types::types()))
}

/// A stack of notes, each with its text and kind.
pub fn notes(notes: &[(&str, &str)]) -> Stack {
    let mut stack = Stack::new("faults");
    for (name, kind) in notes {
        stack.add(name, Note::new("text").kind(*kind));
    }
    stack
}

/// Plans and applies. Every step must succeed.
pub async fn go(bed: &Bed, stack: &Stack) -> (Plan, Report) {
    bed.go(stack).await
}

/// Plans and applies a selection, in which steps may fail.
pub async fn try_with(bed: &Bed, stack: &Stack, options: &PlanOptions) -> (Plan, Report) {
    let plan = bed.engine().plan_with(stack, options).await.unwrap();
    let report = bed.engine().apply(&plan).await.unwrap();
    (plan, report)
}

pub fn targets(names: &[&str]) -> PlanOptions {
    PlanOptions { targets: names.iter().map(|name| at(name)).collect(), ..PlanOptions::default() }
}

pub fn excludes(names: &[&str]) -> PlanOptions {
    PlanOptions { excludes: names.iter().map(|name| at(name)).collect(), ..PlanOptions::default() }
}

/// Refuses the next call of this kind, before any effect.
pub fn refuse_next(bed: &Bed, operation: Operation) {
    bed.cloud.inject(Fault::before(operation, ProviderError::new(ErrorKind::Denied, "not now")));
}

/// The names of the nodes that a plan changes, in the order of the plan.
pub fn names(plan: &Plan) -> Vec<&str> {
    plan.changes.iter().map(|change| change.address.name()).collect()
}

/// The kinds of the notes that exist, in order.
pub fn existing(bed: &Bed) -> Vec<String> {
    let objects = bed.cloud.objects().unwrap();
    let kind = |object: &Existing| object.arguments["kind"].as_str().unwrap_or_default().to_owned();
    let mut kinds: Vec<String> = objects.iter().map(kind).collect();
    kinds.sort_unstable();
    kinds
}

/// A note `it` whose replacement created the new one first and left the old one.
pub async fn left_behind(bed: &Bed, adjust: impl Fn(&mut landform::Lifecycle) + Copy) {
    let stack = |kind: &str| {
        let mut stack = notes(&[("it", kind)]);
        stack.adjust_at(&at("demo_note.it"), |node| {
            node.lifecycle.create_before_destroy = true;
            adjust(&mut node.lifecycle);
        });
        stack
    };
    go(bed, &stack("old")).await;
    refuse_next(bed, Operation::Delete);
    let plan = bed.plan(&stack("new")).await;
    assert!(!bed.engine().apply(&plan).await.unwrap().is_complete());
    assert_eq!(bed.state(&stack("new")).await.deposed(&at("demo_note.it")).count(), 1);
    assert_eq!(existing(bed), ["new", "old"]);
}
