//! Targets and exclusions: a creation includes its dependencies, a deletion includes its dependents.

use landform::{PlanOptions, Stack};

use super::{excludes, go, names, targets, try_with};
use landform_testkit::{bed::Bed, demo::Note};

/// Three notes, each on the one before. Only the given ones are declared. A declared note is on the nearest declared
/// one below it.
fn tower(declared: &[&str]) -> Stack {
    let mut stack = Stack::new("faults");
    let mut below: Option<landform::Handle<Note>> = None;
    for name in ["low", "middle", "high"].into_iter().filter(|name| declared.contains(name)) {
        let note = Note::new(name).about(below.as_ref());
        below = Some(stack.add(name, note));
    }
    stack
}

const ALL: [&str; 3] = ["low", "middle", "high"];

async fn selected(declared: &[&str], options: &PlanOptions) -> Vec<String> {
    let bed = Bed::new();
    go(&bed, &tower(&ALL)).await;
    let stack = tower(declared);
    let (plan, report) = try_with(&bed, &stack, options).await;
    let names = names(&plan).iter().map(ToString::to_string).collect();
    report.complete().unwrap();
    // A later apply does the rest, and then nothing is left to do.
    go(&bed, &stack).await;
    bed.settled(&stack).await;
    names
}

#[tokio::test(start_paused = true)]
async fn a_target_that_goes_takes_what_rests_on_it_and_never_what_it_rests_on() {
    assert_eq!(selected(&[], &targets(&["demo_note.high"])).await, ["high"]);
    assert_eq!(selected(&[], &targets(&["demo_note.middle"])).await, ["high", "middle"]);
    assert_eq!(selected(&[], &targets(&["demo_note.low"])).await, ["high", "low", "middle"]);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_goes_takes_the_change_of_what_stays_and_rests_on_it() {
    assert_eq!(selected(&["low", "high"], &targets(&["demo_note.middle"])).await, ["high", "middle"]);
    // Deletions further up are not needed for that.
    assert_eq!(selected(&["middle"], &targets(&["demo_note.low"])).await, ["middle", "low"]);
}

#[tokio::test(start_paused = true)]
async fn an_exclusion_keeps_what_it_rests_on_and_nothing_that_rests_on_it() {
    assert_eq!(selected(&[], &excludes(&["demo_note.high"])).await, [""; 0]);
    assert_eq!(selected(&[], &excludes(&["demo_note.middle"])).await, ["high"]);
    assert_eq!(selected(&[], &excludes(&["demo_note.low"])).await, ["high", "middle"]);
    // An unchanged resource keeps its dependencies.
    assert_eq!(selected(&["high"], &excludes(&["demo_note.high"])).await, [""; 0]);
    assert_eq!(selected(&["low", "high"], &excludes(&["demo_note.high"])).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_exclusion_goes_before_a_target() {
    let both = |target: &str, exclude: &str| PlanOptions {
        excludes: excludes(&[exclude]).excludes,
        ..targets(&[target])
    };
    assert_eq!(selected(&[], &both("demo_note.low", "demo_note.high")).await, [""; 0]);
    assert_eq!(selected(&[], &both("demo_note.low", "demo_note.low")).await, ["high", "middle"]);
}

#[tokio::test(start_paused = true)]
async fn a_targeted_destroy_follows_what_is_recorded() {
    let bed = Bed::new();
    go(&bed, &tower(&ALL)).await;
    let destroy = |options: PlanOptions| PlanOptions { destroy: true, ..options };
    let engine = bed.engine();
    for (options, expected) in [
        (targets(&["demo_note.middle"]), vec!["high", "middle"]),
        (excludes(&["demo_note.middle"]), vec!["high"]),
        (excludes(&["demo_note.low"]), vec!["high", "middle"]),
    ] {
        let plan = engine.plan_with(&tower(&ALL), &destroy(options)).await.unwrap();
        assert_eq!(names(&plan), expected);
    }
    // The declaration no longer has a dependency, but the resource still has the old one.
    let mut apart = tower(&["low", "middle"]);
    apart.add("high", Note::new("high"));
    let plan = engine.plan_with(&apart, &destroy(targets(&["demo_note.middle"]))).await.unwrap();
    assert_eq!(names(&plan), ["high", "middle"]);
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_replace_what_is_not_selected_is_refused() {
    let bed = Bed::new();
    go(&bed, &tower(&ALL)).await;
    let wish =
        |target: &str| PlanOptions { replace: targets(&["demo_note.high"]).targets, ..targets(&[target]) };
    let error = bed.engine().plan_with(&tower(&ALL), &wish("demo_note.low")).await.unwrap_err().to_string();
    assert_eq!(error, "demo_note.high: the options replace it, but do not select it; add it to the targets");
    let plan = bed.engine().plan_with(&tower(&ALL), &wish("demo_note.high")).await.unwrap();
    assert_eq!(names(&plan), ["high"]);
}

#[tokio::test(start_paused = true)]
async fn every_target_that_names_nothing_is_told() {
    let bed = Bed::new();
    let options =
        PlanOptions { excludes: excludes(&["demo_note.lwo"]).excludes, ..targets(&["demo_note.hihg"]) };
    let error = bed.engine().plan_with(&tower(&ALL), &options).await.unwrap_err().to_string();
    for said in ["2 problems:", "target demo_note.hihg", "exclude demo_note.lwo"] {
        assert!(error.contains(said), "{said:?} is missing in {error}");
    }
}
