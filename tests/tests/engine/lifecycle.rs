//! Every action and every lifecycle rule, each with the reason that its plan gives.

use landform::{
    ChangeKind, EngineError, ErrorKind, Event, FindBy, Handle, OnConflict, Plan, PlanOptions, Reason,
    Refresh, ReplaceOrder, Secret, Stack, Verb, input,
    sim::{Fault, Operation},
};
use serde_json::json;

use crate::{
    bed::{Bed, at},
    demo::{Door, Group, Key, Network, Note, Part, Stone, Track, Way, cidr},
};

fn kinds(plan: &Plan) -> Vec<(String, ChangeKind)> {
    plan.changes.iter().map(|change| (change.address.to_string(), change.kind)).collect()
}

fn only(plan: &Plan) -> (ChangeKind, Reason) {
    assert_eq!(plan.changes.len(), 1, "{plan}");
    (plan.changes[0].kind, plan.changes[0].reason.clone())
}

fn note(text: &str) -> Stack {
    let mut stack = Stack::new("life");
    stack.add("it", Note::new(text));
    stack
}

/// A stack of one note, adjusted.
fn adjusted(text: &str, change: impl FnOnce(&mut landform::Lifecycle)) -> Stack {
    let mut stack = Stack::new("life");
    let it = stack.add("it", Note::new(text));
    stack.adjust(&it, |node| change(&mut node.lifecycle));
    stack
}

const IT: &str = "demo_note.it";
const DESTROY_FIRST: ChangeKind = ChangeKind::Replace(ReplaceOrder::DestroyFirst);
const CREATE_FIRST: ChangeKind = ChangeKind::Replace(ReplaceOrder::CreateFirst);

#[tokio::test(start_paused = true)]
async fn a_resource_is_made_changed_replaced_and_deleted() {
    let bed = Bed::new();
    let house = |word: &str, range: &str| {
        let mut stack = Stack::new("life");
        let network = stack.add("net", Network::new(cidr("10.0.0.0/16")));
        let part = stack.add("part", Part::new(&network, cidr(range)).word(word));
        stack.add("door", Door::new(&part));
        stack.output("zone", part.zone());
        stack
    };
    let (plan, report) = bed.apply(&house("a", "10.0.1.0/24")).await;
    assert!(plan.changes.iter().all(|change| change.reason == Reason::New));
    assert_eq!((report.counts.added, report.outputs["zone"].as_str()), (3, Some("us-east-2a")));

    let (plan, report) = bed.apply(&house("b", "10.0.1.0/24")).await;
    assert_eq!(only(&plan), (ChangeKind::Update, Reason::Differs));
    let field = &plan.changes[0].fields[0];
    assert_eq!((field.path.to_string(), &field.before, field.replaces), ("word".into(), &json!("a"), false));
    assert_eq!(report.counts.changed, 1);

    let door = bed.id(&house("b", "10.0.1.0/24"), &at("demo_door.door")).await;
    let (plan, report) = bed.apply(&house("b", "10.0.2.0/24")).await;
    let expected =
        [("demo_part.part".to_owned(), DESTROY_FIRST), ("demo_door.door".to_owned(), DESTROY_FIRST)];
    assert_eq!(kinds(&plan), expected);
    assert_eq!(plan.changes[0].reason, Reason::Immutable(vec!["range".parse().unwrap()]));
    assert_eq!(plan.changes[1].reason, Reason::Immutable(vec!["part".parse().unwrap()]));
    assert_eq!(report.counts.replaced, 2);
    assert_ne!(bed.id(&house("b", "10.0.2.0/24"), &at("demo_door.door")).await, door);

    let mut stack = Stack::new("life");
    stack.add("net", Network::new(cidr("10.0.0.0/16")));
    let (plan, report) = bed.apply(&stack).await;
    assert!(plan.changes.iter().all(|change| change.reason == Reason::NotDeclared));
    assert_eq!((report.counts.destroyed, report.outputs.len()), (2, 0));
    assert_eq!(bed.destroy(&stack).await.counts.destroyed, 1);
    assert!(bed.cloud.objects().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn create_first_is_forced_on_what_it_is_made_from() {
    let bed = Bed::new();
    let chain = |kind: &str| {
        let mut stack = Stack::new("life");
        let below = stack.add("below", Note::new("below").kind(kind));
        let above = stack.add("above", Note::new("above").paper(&below));
        stack.adjust(&above, |node| node.lifecycle.create_before_destroy = true);
        stack
    };
    bed.apply(&chain("a")).await;
    bed.events();
    let (plan, report) = bed.apply(&chain("b")).await;
    assert!(plan.changes.iter().all(|change| change.kind == CREATE_FIRST), "{plan}");
    assert_eq!(report.counts.replaced, 2);
    let finished = |event| match event {
        Event::Finished { address, verb, .. } => Some(format!("{verb:?} {}", address.name())),
        _ => None,
    };
    let done: Vec<String> = bed.events().into_iter().filter_map(finished).collect();
    assert_eq!(done, ["Create below", "Create above", "Delete above", "Delete below"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_changed_node_holds_is_made_anew_before_it_goes() {
    let bed = Bed::new();
    let stack = |kind: &str| {
        let mut stack = Stack::new("life");
        let held = stack.add("held", Note::new("held").kind(kind));
        stack.add("holder", Note::new("holder").about([held.id()]));
        stack
    };
    bed.apply(&stack("a")).await;
    let (plan, _) = bed.apply(&stack("b")).await;
    let expected =
        [("demo_note.held".to_owned(), CREATE_FIRST), ("demo_note.holder".to_owned(), ChangeKind::Update)];
    assert_eq!(kinds(&plan), expected);
}

#[tokio::test(start_paused = true)]
async fn steps_that_would_wait_for_each_other_make_the_new_one_first() {
    let bed = Bed::new();
    let before = {
        let mut stack = Stack::new("life");
        let moving = stack.add("moving", Note::new("m").kind("a"));
        let leaving = stack.add("leaving", Note::new("l").about([moving.id()]));
        stack.add("user", Note::new("u").about([leaving.id()]));
        stack
    };
    let after = {
        let mut stack = Stack::new("life");
        let moving = stack.add("moving", Note::new("m").kind("b"));
        let user = stack.add("user", Note::new("u"));
        stack.depend(&user, [moving.address().clone()]);
        stack
    };
    bed.apply(&before).await;
    let (plan, _) = bed.apply(&after).await;
    assert_eq!(plan.change("demo_note.moving").unwrap().kind, CREATE_FIRST, "{plan}");
}

#[tokio::test(start_paused = true)]
async fn a_create_first_replacement_that_fails_keeps_the_old_one() {
    let bed = Bed::new();
    let stack = |kind: &str| {
        let mut stack = Stack::new("life");
        let it = stack.add("it", Note::new("text").kind(kind));
        stack.adjust(&it, |node| node.lifecycle.create_before_destroy = true);
        stack
    };
    bed.apply(&stack("a")).await;
    let id = bed.id(&stack("a"), &at(IT)).await;
    bed.cloud.inject(Fault::before(Operation::Create, landform::Error::new(ErrorKind::Quota, "no more")));
    let plan = bed.plan(&stack("b")).await;
    let report = bed.engine().apply(&plan).await.unwrap();
    assert_eq!((report.failures.len(), report.skipped.len()), (1, 1));
    assert_eq!(bed.id(&stack("a"), &at(IT)).await, id);
    bed.settled(&stack("a")).await;
    let (plan, _) = bed.apply(&stack("b")).await;
    assert_eq!(only(&plan).0, CREATE_FIRST);
}

#[tokio::test(start_paused = true)]
async fn things_leave_the_state_and_stay_in_the_cloud() {
    let bed = Bed::new();
    let (empty, mut removed) = (Stack::new("life"), Stack::new("life"));
    removed.removed(at(IT));
    bed.apply(&adjusted("a", |life| life.retain_on_delete = true)).await;
    let (plan, report) = {
        let plan = bed.plan(&empty).await;
        let report = bed.engine().apply(&plan).await.unwrap().complete().unwrap();
        (plan, report)
    };
    assert_eq!(only(&plan), (ChangeKind::Forget, Reason::Retained));
    assert_eq!((report.counts.forgotten, bed.cloud.objects().unwrap().len()), (1, 1));

    let bed = Bed::new();
    bed.apply(&note("a")).await;
    let plan = bed.plan(&removed).await;
    assert_eq!(only(&plan), (ChangeKind::Forget, Reason::Removed));
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    assert!(bed.state(&empty).await.is_empty() && bed.cloud.objects().unwrap().len() == 1);
    assert!(bed.plan(&removed).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn renamed_nodes_keep_what_they_have_also_along_chains() {
    let bed = Bed::new();
    let mut first = Stack::new("life");
    let a = first.add("a", Note::new("a"));
    first.add("b", Note::new("b").paper(&a));
    bed.apply(&first).await;
    let (was_a, was_b) = (bed.id(&first, &at("demo_note.a")).await, bed.id(&first, &at("demo_note.b")).await);
    let mut second = Stack::new("life");
    second.moved(at("demo_note.a"), at("demo_note.b"));
    second.moved(at("demo_note.b"), at("demo_note.c"));
    let a = second.add("b", Note::new("a"));
    second.add("c", Note::new("b").paper(&a));
    let (plan, _) = bed.apply(&second).await;
    assert!(plan.changes.is_empty() && plan.moves.len() == 2, "{plan}");
    assert_eq!(bed.id(&second, &at("demo_note.b")).await, was_a);
    assert_eq!(bed.id(&second, &at("demo_note.c")).await, was_b);
    let mut third = Stack::new("life");
    third.moved(at("demo_note.b"), at("demo_note.x"));
    third.moved(at("demo_note.x"), at("demo_note.y"));
    let a = third.add("y", Note::new("changed"));
    third.add("c", Note::new("b").paper(&a));
    let (plan, _) = bed.apply(&third).await;
    assert_eq!(only(&plan).0, ChangeKind::Update);
    assert_eq!(bed.id(&third, &at("demo_note.y")).await, was_a);
}

#[tokio::test(start_paused = true)]
async fn existing_things_are_imported_and_changed_to_what_is_declared() {
    let bed = Bed::new();
    bed.cloud.seed("demo_note", "note-1", json!({ "text": "old", "kind": "k" })).unwrap();
    let stack = |kind: &str, id: &str| {
        let mut stack = Stack::new("life");
        let it = stack.add("it", Note::new("new").kind(kind));
        stack.adjust(&it, |node| node.lifecycle.import = Some(id.into()));
        stack
    };
    let refused = |result: Result<Plan, EngineError>, expected: &str| {
        let text = result.unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
    };
    refused(bed.engine().plan(&stack("k", "note-2")).await, "demo_note.it: cannot take over note-2: ");
    refused(
        bed.engine().plan(&stack("other", "note-1")).await,
        "kind differs and cannot be changed in place",
    );
    let mut both = stack("k", "note-1");
    let other = both.add("other", Note::new("new").kind("k"));
    both.adjust(&other, |node| node.lifecycle.import = Some("note-1".into()));
    refused(bed.engine().plan(&both).await, "has it already");
    let (plan, report) = bed.apply(&stack("k", "note-1")).await;
    assert_eq!(only(&plan), (ChangeKind::Adopt, Reason::Import("note-1".into())));
    assert_eq!((report.counts.adopted, bed.cloud.objects().unwrap().len()), (1, 1));
    assert_eq!(bed.cloud.objects().unwrap()[0].arguments["text"], "new");
    let mut twice = stack("k", "note-1");
    let second = twice.add("second", Note::new("new"));
    twice.adjust(&second, |node| node.lifecycle.import = Some("note-1".into()));
    refused(bed.engine().plan(&twice).await, "demo_note.it has it already");
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_way_is_reported_or_taken_over() {
    let group = |mode: OnConflict, label: &str| {
        let mut stack = Stack::new("life");
        let it = stack.add("it", Group::new("there").tag("label", label));
        stack.adjust(&it, |node| node.lifecycle.on_conflict = mode);
        stack
    };
    for (mode, label, taken) in [
        (OnConflict::Fail, "same", false),
        (OnConflict::AdoptIfEqual, "same", true),
        (OnConflict::AdoptIfEqual, "other", false),
        (OnConflict::Adopt, "other", true),
    ] {
        let bed = Bed::with(|builder| builder.found_by("demo_group", FindBy::Identity));
        bed.cloud
            .seed("demo_group", "there", json!({ "name": "there", "tags": { "label": "same" } }))
            .unwrap();
        let stack = group(mode, label);
        if taken {
            bed.apply(&stack).await;
            assert_eq!(bed.cloud.objects().unwrap()[0].arguments["tags"]["label"], label);
        } else {
            let plan = bed.plan(&stack).await;
            let report = bed.engine().apply(&plan).await.unwrap();
            assert_eq!(report.failures[0].error.kind(), ErrorKind::AlreadyExists, "{mode:?} {label}");
            assert!(bed.state(&stack).await.is_empty());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_over_keeps_what_is_ignored() {
    for mode in [OnConflict::AdoptIfEqual, OnConflict::Adopt] {
        let bed = Bed::with(|builder| builder.found_by("demo_group", FindBy::Identity));
        let there = json!({ "name": "there", "tags": { "label": "theirs" } });
        bed.cloud.seed("demo_group", "there", there).unwrap();
        let mut stack = Stack::new("life");
        let it = stack.add("it", Group::new("there").tag("label", "ours"));
        stack.adjust(&it, |node| {
            node.lifecycle.on_conflict = mode;
            node.lifecycle.ignore_changes.push("tags".parse().unwrap());
        });
        bed.apply(&stack).await;
        assert_eq!(bed.cloud.objects().unwrap()[0].arguments["tags"]["label"], "theirs");
        assert_eq!(bed.cloud.calls().of(Operation::Update), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn how_something_may_go_is_recorded_without_a_change_of_it() {
    let bed = Bed::new();
    bed.apply(&note("a")).await;
    let retained = adjusted("a", |lifecycle| lifecycle.retain_on_delete = true);
    let plan = bed.plan(&retained).await;
    assert!(plan.is_empty() && plan.records());
    assert!(plan.to_string().contains("an apply updates what is recorded of"), "{plan}");
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    assert!(!bed.plan(&retained).await.records());
    assert!(bed.state(&retained).await.get(&at(IT)).unwrap().retain_on_delete);
}

#[tokio::test(start_paused = true)]
async fn what_exists_can_be_declared_and_taken_over() {
    let bed = Bed::new();
    let mut stack = Stack::new("life");
    let network = stack.add("net", Network::new(cidr("10.0.0.0/16")).tag("a", "b"));
    let part = stack.add("part", Part::new(&network, cidr("10.0.1.0/24")).ports([80]));
    let door = stack.add("door", Door::new(&part).word("open"));
    stack.add("group", Group::new("g").doors([door.id()]).ways([Way::new(&network)]));
    stack.add("key", Key::new("k").code("a-secret-code"));
    bed.apply(&stack).await;
    let state = bed.state(&stack).await;
    let ids: Vec<_> = state.objects().map(|(key, object)| (key.address, object.id.clone())).collect();
    let bed = bed.with_new_state();
    let declared = bed.engine().declare("again", ids).await.unwrap();
    declared.check().unwrap();
    let text = serde_json::to_string(&declared).unwrap();
    assert!(!text.contains("a-secret-code") && !text.contains("\"dns\""), "{text}");
    for (from, to) in [("part", "demo_network.net"), ("door", "demo_part.part"), ("group", "demo_door.door")]
    {
        let node = declared.nodes().find(|node| node.address.name() == from).unwrap();
        let mut referred = Vec::new();
        node.each_reference(&mut |_, reference| referred.push(reference.node.to_string()));
        assert!(referred.contains(&to.to_owned()), "{from}: {referred:?}");
    }
    let plan = bed.plan(&declared).await;
    assert_eq!((plan.counts().adopted, plan.changes.len()), (5, 5), "{plan}");
    assert!(plan.changes.iter().all(|change| change.fields.is_empty()), "{plan}");
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    bed.settled(&declared).await;
    assert_eq!(bed.cloud.calls().of(Operation::Update), 0);

    let error = bed.engine().declare("again", [(at("demo_note.lost"), "note-0".to_owned())]).await;
    assert!(matches!(error.unwrap_err(), EngineError::Import { .. }));
    let error = bed.engine().declare("again", [(at("demo_nothing.lost"), "x".to_owned())]).await;
    assert!(matches!(error.unwrap_err(), EngineError::NoProvider { .. }));
}

#[tokio::test(start_paused = true)]
async fn what_must_not_be_destroyed_is_not() {
    let bed = Bed::new();
    let kept = |kind: &str| {
        let mut stack = Stack::new("life");
        let it = stack.add("it", Note::new("a").kind(kind));
        stack.adjust(&it, |node| node.lifecycle.prevent_destroy = true);
        stack
    };
    bed.apply(&kept("k")).await;
    let error = bed.engine().plan(&kept("other")).await.unwrap_err().to_string();
    assert!(error.contains("demo_note.it must not be destroyed") && error.contains("kind"), "{error}");
    let error = bed.engine().plan_destroy(&kept("k")).await.unwrap_err().to_string();
    assert!(error.contains("this plan deletes it"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn ignored_paths_keep_what_is_there_also_when_something_else_changes() {
    let bed = Bed::new();
    let stack = |cost: u32, ignore: bool| {
        let mut stack = Stack::new("life");
        let it = stack.add("it", Group::new("g").tag("mine", format!("{cost}")).tag("theirs", "declared"));
        if ignore {
            stack.adjust(&it, |node| node.lifecycle.ignore_changes = vec!["tags.theirs".parse().unwrap()]);
        }
        stack
    };
    bed.apply(&stack(1, true)).await;
    bed.cloud.tamper("demo_group", "g", |group| group["tags"]["theirs"] = "theirs".into()).unwrap();
    assert!(bed.plan(&stack(1, true)).await.is_empty());
    let (plan, _) = bed.apply(&stack(2, true)).await;
    assert_eq!(plan.changes[0].fields.len(), 1);
    assert_eq!(bed.cloud.objects().unwrap()[0].arguments["tags"], json!({ "mine": "2", "theirs": "theirs" }));
    let (plan, _) = bed.apply(&stack(2, false)).await;
    assert_eq!(plan.changes[0].fields[0].path.to_string(), "tags.theirs");
}

#[tokio::test(start_paused = true)]
async fn triggers_and_wishes_replace() {
    let bed = Bed::new();
    let stack = |text: &str| {
        let mut stack = Stack::new("life");
        let cause = stack.add("cause", Note::new(text));
        let it = stack.add("it", Note::new("it"));
        stack.adjust(&it, |node| node.lifecycle.replace_triggered_by = vec![cause.address().clone()]);
        stack
    };
    bed.apply(&stack("a")).await;
    let (plan, _) = bed.apply(&stack("b")).await;
    assert_eq!(plan.change(IT).unwrap().reason, Reason::Triggered(at("demo_note.cause")));
    let options = PlanOptions { replace: vec![at(IT)], ..PlanOptions::default() };
    let plan = bed.engine().plan_with(&stack("b"), &options).await.unwrap();
    assert_eq!(only(&plan), (DESTROY_FIRST, Reason::Asked));
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    bed.settled(&stack("b")).await;
}

#[tokio::test(start_paused = true)]
async fn targets_and_excludes_take_with_them_what_they_must() {
    let bed = Bed::new();
    let mut stack = Stack::new("life");
    let below = stack.add("below", Note::new("below"));
    let middle = stack.add("middle", Note::new("middle").paper(&below));
    stack.add("above", Note::new("above").paper(&middle));
    stack.add("apart", Note::new("apart"));
    let targets =
        |name: &str, destroy| PlanOptions { targets: vec![at(name)], destroy, ..PlanOptions::default() };
    let names =
        |plan: &Plan| plan.changes.iter().map(|change| change.address.name().to_owned()).collect::<Vec<_>>();
    let engine = bed.engine();
    let plan = engine.plan_with(&stack, &targets("demo_note.middle", false)).await.unwrap();
    assert_eq!(names(&plan), ["below", "middle"]);
    engine.apply(&plan).await.unwrap().complete().unwrap();
    let excludes = PlanOptions { excludes: vec![at("demo_note.above")], ..PlanOptions::default() };
    let plan = engine.plan_with(&stack, &excludes).await.unwrap();
    assert_eq!(names(&plan), ["apart"]);
    bed.apply(&stack).await;
    let plan = engine.plan_with(&stack, &targets("demo_note.middle", true)).await.unwrap();
    assert_eq!(names(&plan), ["above", "middle"]);
    engine.apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(bed.cloud.objects().unwrap().len(), 2);
}

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
async fn a_creation_that_ends_half_way_is_made_anew_and_a_change_is_not() {
    let bed = Bed::new();
    let problem = || landform::Error::new(ErrorKind::Internal, "half way");
    bed.cloud.inject(Fault::partial(Operation::Create, problem()));
    let plan = bed.plan(&note("a")).await;
    let report = bed.engine().apply(&plan).await.unwrap();
    assert!(report.failures[0].error.to_string().contains("half way"));
    let (plan, _) = bed.apply(&note("a")).await;
    assert_eq!(only(&plan), (DESTROY_FIRST, Reason::Tainted));
    bed.cloud.inject(Fault::partial(Operation::Update, problem()));
    let plan = bed.plan(&note("b")).await;
    assert_eq!(bed.engine().apply(&plan).await.unwrap().failures.len(), 1);
    let plan = bed.plan(&note("c")).await;
    assert_eq!(only(&plan), (ChangeKind::Update, Reason::Differs));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_changed_in_place_is_replaced_and_weak_references_hold_nothing() {
    let bed = Bed::new();
    let stack = |form: &str, stuff: &str| {
        let mut stack = Stack::new("life");
        stack.add("stone", Stone::new(form));
        let network = stack.add("net", Network::new(cidr("10.0.0.0/16")));
        let part = stack.add("part", Part::new(&network, cidr("10.0.0.0/24")));
        let door = stack.add("door", Door::new(&part).stuff(stuff));
        stack.add("path", Track::new(&network, cidr("0.0.0.0/0")).door(&door));
        stack
    };
    bed.apply(&stack("round", "wood")).await;
    let (plan, _) = bed.apply(&stack("flat", "steel")).await;
    let expected = [
        ("demo_stone.stone".to_owned(), DESTROY_FIRST),
        ("demo_door.door".to_owned(), DESTROY_FIRST),
        ("demo_path.path".to_owned(), ChangeKind::Update),
    ];
    assert_eq!(kinds(&plan), expected);
}

#[tokio::test(start_paused = true)]
async fn secrets_reach_who_needs_them_and_no_one_else() {
    let bed = Bed::new();
    let stack = |code: &str| {
        let mut stack = Stack::new("life");
        let key = stack.add("key", Key::new("key").code(Secret::new(code).expose()));
        stack.add("copy", Key::new("copy").code(key.code()));
        stack.add("made", Note::new(input::concat(["material: ".into(), key.material().into()])));
        stack
    };
    let text = |name: &str, field: &str| {
        let objects = bed.cloud.objects().unwrap();
        let object =
            objects.iter().find(|object| object.by.as_ref().is_some_and(|by| by.name() == name)).unwrap();
        object
            .arguments
            .get(field)
            .or_else(|| object.attributes.get(field))
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (plan, _) = bed.apply(&stack("first-code")).await;
    assert_eq!((text("key", "code"), text("copy", "code")), ("first-code".into(), "first-code".into()));
    assert_eq!(text("made", "text"), format!("material: {}", text("key", "material")));
    assert!(!serde_json::to_string(&plan).unwrap().contains("first-code"));
    // A new process knows the state alone, and asks for nothing it has not.
    assert!(bed.plan(&stack("first-code")).await.is_empty());
    let (plan, _) = bed.apply(&stack("second-code")).await;
    assert_eq!(plan.changes.len(), 2);
    assert!(plan.changes.iter().all(|change| change.fields.iter().all(|field| field.sensitive)));
    assert_eq!((text("key", "code"), text("copy", "code")), ("second-code".into(), "second-code".into()));
    let shown = format!("{plan}{plan:?}{:?}{:?}", bed.events(), bed.state(&stack("")).await);
    for secret in ["first-code", "second-code", &text("key", "material")] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn secrets_that_a_cloud_repeats_are_not_repeated() {
    let bed = Bed::new();
    let said = |kind| landform::Error::new(kind, "the code first-code is weak");
    bed.cloud.inject(Fault::before(Operation::Create, said(ErrorKind::Throttled)));
    bed.cloud.inject(Fault::partial(Operation::Create, said(ErrorKind::Internal)).nth(2));
    bed.cloud.inject(Fault::before(Operation::Update, said(ErrorKind::Invalid)));
    let stack = |name: &str| {
        let mut stack = Stack::new("life");
        stack.add("key", Key::new(name).code("first-code"));
        stack
    };
    let directory = crate::bed::directory();
    let engine = bed.builder().state_dir(directory.path().join("state")).open().unwrap();
    let mut shown = String::new();
    for name in ["a", "a", "b"] {
        let plan = engine.plan(&stack(name)).await.unwrap();
        shown += &format!("{plan}{:?}", engine.apply(&plan).await.unwrap());
    }
    shown += &format!("{:?}", bed.events());
    for entry in std::fs::read_dir(directory.path().join("state/journal")).unwrap() {
        shown += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    assert!(shown.matches("the code (sensitive) is weak").count() >= 5, "{shown}");
    assert!(!shown.contains("first-code"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn outputs_alone_are_a_change() {
    let bed = Bed::new();
    bed.apply(&note("a")).await;
    let mut stack = note("a");
    stack.output("place", Handle::<Note>::named("it").place());
    let plan = bed.plan(&stack).await;
    assert!(plan.changes.is_empty() && !plan.is_empty());
    let (_, report) = bed.apply(&stack).await;
    assert!(report.outputs["place"].as_str().unwrap().starts_with("shelf/note-"));
}

#[tokio::test(start_paused = true)]
async fn policies_refuse_before_anything_is_done() {
    let bed = Bed::new();
    let policy = |change: &landform::Change| match change.kind {
        ChangeKind::Create => Err("nothing new on Fridays".to_owned()),
        _ => Ok(()),
    };
    let options = PlanOptions { policies: vec![std::sync::Arc::new(policy)], ..PlanOptions::default() };
    let error = bed.engine().plan_with(&note("a"), &options).await.unwrap_err();
    assert_eq!(error.to_string(), "demo_note.it: refused by policy: nothing new on Fridays");
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

#[tokio::test(start_paused = true)]
async fn each_change_is_one_step_or_two() {
    let bed = Bed::new();
    let plan = bed.plan(&note("a")).await;
    assert_eq!(plan.actions.iter().map(|action| action.verb).collect::<Vec<_>>(), [Verb::Create]);
}
