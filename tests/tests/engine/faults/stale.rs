//! A stale saved plan is refused without any effect.

use landform::{Handle, Plan, Stack, sim::Operation};
use serde_json::json;

use super::{go, left_behind, notes, refuse_next, targets, try_with};
use landform_testkit::{
    bed::{Bed, at},
    demo::Note,
};

/// The plan as another process reads it.
fn saved(plan: &Plan) -> Plan {
    let directory = landform_testkit::bed::directory();
    let file = directory.path().join("plan");
    plan.save(&file).unwrap();
    Plan::load(&file).unwrap()
}

/// Checks that the plan is refused with these words, and that the cloud and the state do not change.
async fn refused(bed: &Bed, plan: &Plan, said: &str) {
    let before = (bed.engine().state(&plan.stack).await.unwrap(), bed.cloud.objects().unwrap().len());
    bed.cloud.reset_calls();
    let error = bed.engine().apply(&saved(plan)).await.unwrap_err().to_string();
    assert!(
        error.starts_with("this plan is stale: ") && error.contains(said),
        "{said:?} is missing in {error}"
    );
    let after = (bed.engine().state(&plan.stack).await.unwrap(), bed.cloud.objects().unwrap().len());
    assert_eq!((before, bed.cloud.calls().total()), (after, 0), "the cloud or a file changed");
}

#[tokio::test(start_paused = true)]
async fn something_has_come_to_use_what_it_deletes() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "a")])).await;
    let old = bed.plan(&notes(&[])).await;
    let mut two = notes(&[("a", "a")]);
    two.add("n", Note::new(Handle::<Note>::named("a").place()));
    go(&bed, &two).await;
    refused(&bed, &old, "demo_note.n uses demo_note.a since").await;
}

#[tokio::test(start_paused = true)]
async fn something_has_come_to_use_what_it_replaces_or_renames_and_deletes() {
    let bed = Bed::new();
    let stack = |kind: &str, extra: bool| {
        let mut stack = notes(&[("a", kind), ("b", "b")]);
        let user = stack.add("user", Note::new("user"));
        stack.depend(&user, [at("demo_note.a")]);
        if extra {
            stack.depend(Handle::<Note>::named("b"), [at("demo_note.a")]);
        }
        stack
    };
    go(&bed, &stack("a", false)).await;
    let replaces = bed.plan(&stack("z", false)).await;
    let mut gone = notes(&[]);
    gone.moved(at("demo_note.a"), at("demo_note.renamed"));
    let deletes = bed.engine().plan_with(&gone, &targets(&["demo_note.renamed"])).await.unwrap();
    go(&bed, &stack("a", true)).await;
    refused(&bed, &replaces, "demo_note.b uses demo_note.a since").await;
    refused(&bed, &deletes, "demo_note.b uses demo_note.renamed since").await;
    // The plan fits once it knows the user.
    let plan = saved(&bed.plan(&stack("z", true)).await);
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_output_is_fed_by_what_has_changed() {
    let bed = Bed::new();
    let stack = |text: &str, other: &str| {
        let mut stack = Stack::new("faults");
        let fed = stack.add("fed", Note::new(text));
        stack.add("other", Note::new(other));
        stack.output("text", fed.text());
        stack
    };
    go(&bed, &stack("a", "a")).await;
    let mut more = stack("a", "a");
    more.output("further", Handle::<Note>::named("fed").place());
    let old = bed.plan(&more).await;
    let update = bed.engine().plan_with(&stack("a", "b"), &targets(&["demo_note.other"])).await.unwrap();
    go(&bed, &stack("changed", "a")).await;
    refused(&bed, &old, "demo_note.fed has changed since").await;
    refused(&bed, &update, "demo_note.fed has changed since").await;
}

#[tokio::test(start_paused = true)]
async fn an_output_has_become_another() {
    let bed = Bed::new();
    let stack = |value: &str, kind: &str| {
        let mut stack = notes(&[("a", kind)]);
        stack.output("word", landform::expr::Expr::Literal(json!(value)));
        stack
    };
    go(&bed, &stack("first", "a")).await;
    let old = bed.plan(&stack("second", "b")).await;
    let refresh = bed.engine().plan_refresh(&stack("first", "a")).await.unwrap();
    go(&bed, &stack("third", "a")).await;
    refused(&bed, &old, "the output word has changed since").await;
    refused(&bed, &refresh, "the output word has changed since").await;
}

#[tokio::test(start_paused = true)]
async fn plans_of_parts_can_be_made_beforehand_and_applied_one_after_the_other() {
    let bed = Bed::new();
    let mut stack = notes(&[("a", "a"), ("b", "b")]);
    stack.output("a", Handle::<Note>::named("a").place());
    stack.output("b", Handle::<Note>::named("b").place());
    go(&bed, &notes(&[])).await;
    go(&bed, &notes(&[("c", "c")])).await;
    let engine = bed.engine();
    let one = engine.plan_with(&stack, &targets(&["demo_note.a"])).await.unwrap();
    let other = engine.plan_with(&stack, &targets(&["demo_note.b"])).await.unwrap();
    engine.apply(&saved(&one)).await.unwrap().complete().unwrap();
    let report = engine.apply(&saved(&other)).await.unwrap().complete().unwrap();
    assert_eq!(report.outputs.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_move_or_a_forgetting_no_longer_fits() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "a"), ("x", "x")])).await;
    let mut moved = notes(&[("b", "a"), ("x", "other")]);
    moved.moved(at("demo_note.a"), at("demo_note.b"));
    let occupied = bed.plan(&moved).await;
    let mut forgets = notes(&[("x", "other")]);
    forgets.removed(at("demo_note.a"));
    let forgets = bed.plan(&forgets).await;
    go(&bed, &notes(&[("a", "a"), ("b", "a"), ("x", "x")])).await;
    refused(&bed, &occupied, "demo_note.b was created since").await;

    let bed = Bed::new();
    go(&bed, &notes(&[("a", "a"), ("x", "x")])).await;
    let lost = bed.plan(&moved).await;
    let lineage = lost.lineage.clone();
    go(&bed, &notes(&[("x", "x")])).await;
    refused(&bed, &lost, "demo_note.a no longer exists").await;
    let mut forgets = forgets;
    (forgets.lineage, forgets.basis) = (lineage, Default::default());
    // Such a plan fails in that step, not in the journal.
    let report = bed.engine().apply(&forgets).await.unwrap();
    assert!(report.failures.iter().any(|failure| failure.error.to_string().contains("no longer has it")));
}

#[tokio::test(start_paused = true)]
async fn a_move_that_nobody_planned_is_refused_before_anything() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "a"), ("b", "b")])).await;
    let plan = bed.plan(&notes(&[("a", "z"), ("b", "b")])).await;
    for (from, to, said) in [
        (
            "demo_note.nothing",
            "demo_note.x",
            "demo_note.nothing no longer exists, so it cannot move to demo_note.x",
        ),
        ("demo_note.a", "demo_note.b", "demo_note.a cannot move to demo_note.b"),
        ("demo_note.a", "demo_key.x", "demo_note.a cannot move to demo_key.x"),
    ] {
        let moved = json!([{ "from": from, "to": to }]);
        let mut plan = plan.clone();
        plan.moves = serde_json::from_value(moved).unwrap();
        refused(&bed, &plan, said).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_plan_is_not_applied_to_a_state_with_a_past() {
    let bed = Bed::new();
    let plan = bed.plan(&notes(&[("a", "a")])).await;
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    bed.destroy(&notes(&[("a", "a")])).await;
    refused(&bed, &plan, "it was made before there was a state").await;
    let fresh = bed.plan(&notes(&[("a", "a")])).await;
    bed.engine().apply(&saved(&fresh)).await.unwrap().complete().unwrap();
}

#[tokio::test(start_paused = true)]
async fn two_first_plans_do_not_both_become_the_first() {
    let bed = Bed::new();
    let (one, other) = (bed.plan(&notes(&[("a", "a")])).await, bed.plan(&notes(&[("b", "b")])).await);
    bed.engine().apply(&one).await.unwrap().complete().unwrap();
    refused(&bed, &other, "it was made before there was a state").await;
}

#[tokio::test(start_paused = true)]
async fn what_a_replacement_left_behind_has_been_cleared_away() {
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    let old = bed.plan(&notes(&[("it", "new")])).await;
    go(&bed, &notes(&[("it", "new")])).await;
    refused(&bed, &old, "no longer exists").await;
}

#[tokio::test(start_paused = true)]
async fn what_it_deletes_is_to_be_retained_by_now() {
    let bed = Bed::new();
    go(&bed, &notes(&[("a", "a")])).await;
    let old = bed.plan(&notes(&[])).await;
    let mut retained = notes(&[("a", "a")]);
    retained.adjust_at(&at("demo_note.a"), |node| node.lifecycle.retain_on_delete = true);
    go(&bed, &retained).await;
    refused(&bed, &old, "demo_note.a has changed since").await;
}

#[tokio::test(start_paused = true)]
async fn what_it_takes_over_has_been_taken_over_by_another() {
    let bed = Bed::new();
    bed.cloud.seed("demo_note", "note-1", json!({ "text": "text", "kind": "k" })).unwrap();
    go(&bed, &notes(&[("z", "z")])).await;
    let taking = |name: &str| {
        let mut stack = notes(&[("z", "z"), (name, "k")]);
        stack.import([(at(&format!("demo_note.{name}")), "note-1".into())]);
        stack
    };
    let old = bed.plan(&taking("one")).await;
    go(&bed, &taking("other")).await;
    refused(&bed, &old, "demo_note.other now has note-1, which demo_note.one takes over").await;
}

#[tokio::test(start_paused = true)]
async fn a_plan_whose_attempt_was_interrupted_is_not_applied_twice() {
    let bed = Bed::new();
    go(&bed, &notes(&[("z", "z")])).await;
    let plan = bed.plan(&notes(&[("z", "z"), ("a", "a")])).await;
    refuse_next(&bed, Operation::Create);
    assert!(!bed.engine().apply(&plan).await.unwrap().is_complete());
    // Nothing has changed, so the plan still fits.
    bed.engine().apply(&saved(&plan)).await.unwrap().complete().unwrap();
    refused(&bed, &plan, "demo_note.a was created since").await;
    let (_, report) = try_with(&bed, &notes(&[("z", "z"), ("a", "a")]), &targets(&["demo_note.a"])).await;
    report.complete().unwrap();
}
