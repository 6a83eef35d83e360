//! Every action and every lifecycle rule, each with the reason that its plan gives.

use landform::{
    ChangeKind, ErrorKind, Event, Handle, Plan, PlanOptions, Reason, ReplaceOrder, Stack, Verb,
    sim::{Fault, Operation},
    view,
};
use serde_json::json;

use landform_testkit::{
    bed::{Bed, at},
    demo::{Door, Group, Network, Note, Part, Stone, Track, cidr},
};

pub fn kinds(plan: &Plan) -> Vec<(String, ChangeKind)> {
    plan.changes.iter().map(|change| (change.address.to_string(), change.kind)).collect()
}

pub fn only(plan: &Plan) -> (ChangeKind, Reason) {
    assert_eq!(plan.changes.len(), 1, "{plan}");
    (plan.changes[0].kind, plan.changes[0].reason.clone())
}

pub fn note(text: &str) -> Stack {
    let mut stack = Stack::new("life");
    stack.add("it", Note::new(text));
    stack
}

/// A stack of one note, adjusted.
pub fn adjusted(text: &str, change: impl FnOnce(&mut landform::Lifecycle)) -> Stack {
    let mut stack = Stack::new("life");
    let it = stack.add("it", Note::new(text));
    stack.adjust(&it, |node| change(&mut node.lifecycle));
    stack
}

pub const IT: &str = "demo_note.it";
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
    bed.cloud
        .inject(Fault::before(Operation::Create, landform::ProviderError::new(ErrorKind::Quota, "no more")));
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
async fn how_something_may_go_is_recorded_without_a_change_of_it() {
    let bed = Bed::new();
    bed.apply(&note("a")).await;
    let retained = adjusted("a", |lifecycle| lifecycle.retain_on_delete = true);
    let plan = bed.plan(&retained).await;
    assert!(plan.is_empty() && plan.records());
    assert!(view::text(&plan).to_string().contains("an apply records that in the state"), "{plan}");
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    assert!(!bed.plan(&retained).await.records());
    assert!(bed.state(&retained).await.get(&at(IT)).unwrap().retain_on_delete);
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
            stack.adjust(&it, |node| node.lifecycle.ignore_changes = ["tags.theirs".parse().unwrap()].into());
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
async fn a_creation_that_ends_half_way_is_made_anew_and_a_change_is_not() {
    let bed = Bed::new();
    let problem = || landform::ProviderError::new(ErrorKind::Internal, "half way");
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
async fn each_change_is_one_step_or_two() {
    let bed = Bed::new();
    let plan = bed.plan(&note("a")).await;
    assert_eq!(plan.actions.iter().map(|action| action.verb).collect::<Vec<_>>(), [Verb::Create]);
}
