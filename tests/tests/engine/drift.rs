//! Drift: shown separately, recorded, corrected.

use landform::{ChangeKind, Handle, PlanOptions, Reason, Refresh, Stack};
use serde_json::json;

use crate::lifecycle::{IT, note, only};
use landform_testkit::{
    bed::{Bed, at},
    demo::Note,
};

#[tokio::test(start_paused = true)]
async fn drift_is_shown_apart_and_put_right() {
    let bed = Bed::new();
    let stack = note("declared");
    bed.apply(&stack).await;
    let id = bed.id(&stack, &at(IT)).await;
    bed.cloud.tamper("demo_note", &id, |note| note["text"] = "changed".into()).unwrap();
    let blind = PlanOptions { refresh: Refresh::None, ..PlanOptions::default() };
    let young = PlanOptions { refresh: Refresh::OlderThan(3600), ..PlanOptions::default() };
    bed.cloud.reset_calls();
    assert!(bed.engine().plan_with(&stack, &blind).await.unwrap().is_empty());
    assert!(bed.engine().plan_with(&stack, &young).await.unwrap().is_empty());
    assert_eq!(bed.cloud.calls().total(), 0);
    let plan = bed.engine().plan_refresh(&stack).await.unwrap();
    assert!(plan.changes.is_empty() && plan.is_empty());
    let drift = &plan.drift[0];
    assert_eq!(
        (drift.address.as_str(), drift.gone, drift.fields[0].path.to_string()),
        (IT, false, "text".into())
    );
    assert_eq!(drift.fields[0].before, json!("declared"));
    let (plan, _) = bed.apply(&stack).await;
    assert_eq!((plan.drift.len(), only(&plan)), (1, (ChangeKind::Update, Reason::Differs)));
    assert_eq!(bed.cloud.objects().unwrap()[0].arguments["text"], "declared");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_alone_records_what_it_read_and_keeps_the_outputs() {
    let bed = Bed::new();
    let mut stack = note("a");
    stack.output("place", Handle::<Note>::named("it").place());
    bed.apply(&stack).await;
    let outputs = bed.state(&stack).await.outputs().clone();
    let id = bed.id(&stack, &at(IT)).await;
    bed.cloud.vanish("demo_note", &id).unwrap();
    let plan = bed.engine().plan_refresh(&stack).await.unwrap();
    assert!(plan.drift[0].gone);
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    let state = bed.state(&stack).await;
    assert!(state.is_empty());
    assert_eq!(outputs.len(), 1);
    let (plan, _) = bed.apply(&stack).await;
    assert_eq!(only(&plan), (ChangeKind::Create, Reason::New));
}

#[tokio::test(start_paused = true)]
async fn what_vanished_is_made_again_with_what_refers_to_it() {
    let bed = Bed::new();
    let mut stack = Stack::new("life");
    let below = stack.add("below", Note::new("below"));
    stack.add("above", Note::new(below.place()));
    stack.add("beside", Note::new("beside"));
    bed.apply(&stack).await;
    let id = bed.id(&stack, &at("demo_note.below")).await;
    bed.cloud.vanish("demo_note", &id).unwrap();
    let (plan, report) = bed.apply(&stack).await;
    assert_eq!(plan.change("demo_note.below").unwrap().reason, Reason::Vanished);
    assert_eq!((report.counts.added, report.counts.changed), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_one_moment_does_not_overwrite_what_came_after() {
    let bed = Bed::new();
    let stack = |kind: &str, other: &str| {
        let mut stack = Stack::new("life");
        stack.add("it", Note::new("a").kind(kind));
        stack.add("other", Note::new(other));
        stack
    };
    bed.apply(&stack("k", "a")).await;
    let id = bed.id(&stack("k", "a"), &at(IT)).await;
    bed.cloud.tamper("demo_note", &id, |note| note["text"] = "b".into()).unwrap();
    let options = PlanOptions { targets: vec![at("demo_note.other")], ..PlanOptions::default() };
    let old = bed.engine().plan_with(&stack("k", "b"), &options).await.unwrap();
    bed.apply(&stack("l", "a")).await;
    let error = bed.engine().apply(&old).await.unwrap_err().to_string();
    assert!(error.contains("demo_note.it has changed since"), "{error}");
    bed.settled(&stack("l", "a")).await;
}
