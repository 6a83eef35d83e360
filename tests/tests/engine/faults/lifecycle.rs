//! Lifecycle rules with replacements: retained, protected and unique resources.

use landform::{
    ChangeKind, Lifecycle, PlanOptions, Reason, ReplaceOrder, Stack, Verb, Warning, sim::Operation, view,
};

use super::{existing, go, left_behind, names, notes, refuse_next};
use landform_testkit::{
    bed::{Bed, at},
    demo::{Group, Network, Note, Part, cidr},
};

const IT: &str = "demo_note.it";
const CREATE_FIRST: ChangeKind = ChangeKind::Replace(ReplaceOrder::CreateFirst);

fn it(kind: &str, adjust: impl Fn(&mut Lifecycle)) -> Stack {
    let mut stack = notes(&[("it", kind)]);
    stack.adjust_at(&at(IT), |node| adjust(&mut node.lifecycle));
    stack
}

fn retained(kind: &str) -> Stack {
    it(kind, |lifecycle| lifecycle.retain_on_delete = true)
}

#[tokio::test(start_paused = true)]
async fn what_is_retained_is_retained_when_replaced() {
    let bed = Bed::new();
    go(&bed, &retained("a")).await;
    let (plan, report) = go(&bed, &retained("b")).await;
    assert_eq!(
        plan.actions.iter().map(|action| action.verb).collect::<Vec<_>>(),
        [Verb::Create, Verb::Forget]
    );
    assert!(view::text(&plan).to_string().contains("the old one stays in the cloud"), "{plan}");
    assert_eq!((report.counts.replaced, existing(&bed)), (1, vec!["a".to_owned(), "b".to_owned()]));
    assert!(!bed.plan(&retained("b")).await.records());
    // The present stack decides whether it is retained.
    let (plan, _) = go(&bed, &notes(&[("it", "c")])).await;
    assert_eq!(
        (plan.changes[0].kind, existing(&bed)),
        (ChangeKind::Replace(ReplaceOrder::DestroyFirst), vec!["a".to_owned(), "c".to_owned()])
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_retained_is_kept_when_its_replacement_fails() {
    let bed = Bed::new();
    go(&bed, &notes(&[("it", "a")])).await;
    let id = bed.id(&retained("a"), &at(IT)).await;
    refuse_next(&bed, Operation::Create);
    let plan = bed.plan(&retained("b")).await;
    assert!(!bed.engine().apply(&plan).await.unwrap().is_complete());
    let state = bed.state(&retained("a")).await;
    assert_eq!((&state.get(&at(IT)).unwrap().id, state.len()), (&id, 1));
    // The state now records that it is retained, even if it leaves the stack.
    let (plan, _) = go(&bed, &notes(&[])).await;
    assert_eq!((plan.changes[0].kind, existing(&bed)), (ChangeKind::Forget, vec!["a".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn what_a_replacement_left_behind_is_forgotten_if_it_is_retained() {
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    // Simulates a run that ended before it forgot the old one: the state records the old one as retained.
    let state = bed.state(&notes(&[])).await.to_json().unwrap();
    let mut state: serde_json::Value = serde_json::from_str(&state).unwrap();
    for (key, object) in state["objects"].as_object_mut().unwrap() {
        if key.contains('#') {
            object["retain_on_delete"] = true.into();
        }
    }
    let bed = bed.with_new_state();
    bed.engine().import(&state.to_string()).await.unwrap();
    for destroy in [false, true] {
        let options = PlanOptions { destroy, ..PlanOptions::default() };
        let plan = bed.engine().plan_with(&notes(&[("it", "new")]), &options).await.unwrap();
        let change = plan.changes.iter().find(|change| change.deposed.is_some()).unwrap();
        assert_eq!((change.kind, &change.reason), (ChangeKind::Forget, &Reason::Deposed), "{plan}");
    }
    go(&bed, &notes(&[("it", "new")])).await;
    assert_eq!(
        (existing(&bed), bed.state(&notes(&[])).await.len()),
        (vec!["new".to_owned(), "old".to_owned()], 1)
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_removed_is_forgotten_with_what_a_replacement_left_behind() {
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    let mut stack = notes(&[]);
    stack.removed(at(IT));
    let (plan, report) = go(&bed, &stack).await;
    assert!(plan.changes.iter().all(|change| change.kind == ChangeKind::Forget), "{plan}");
    assert_eq!((report.counts.forgotten, existing(&bed).len()), (2, 2));
    assert!(bed.state(&stack).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_must_not_be_destroyed_does_not_keep_what_a_replacement_left_behind() {
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    let protected = it("new", |lifecycle| lifecycle.prevent_destroy = true);
    let (plan, _) = go(&bed, &protected).await;
    assert_eq!((names(&plan), &plan.changes[0].reason), (vec!["it"], &Reason::Deposed));
    bed.settled(&protected).await;
    assert_eq!(existing(&bed), ["new"]);
}

#[tokio::test(start_paused = true)]
async fn what_must_not_be_destroyed_keeps_the_old_one_if_there_is_no_whole_new_one() {
    let protected = it("new", |lifecycle| lifecycle.prevent_destroy = true);
    let bed = Bed::new();
    left_behind(&bed, |_| {}).await;
    let gone = bed.state(&protected).await.get(&at(IT)).unwrap().id.clone();
    bed.cloud.vanish("demo_note", &gone).unwrap();
    let refresh = bed.engine().plan_refresh(&protected).await.unwrap();
    bed.engine().apply(&refresh).await.unwrap();
    let error = bed.engine().plan(&protected).await.unwrap_err().to_string();
    assert!(error.contains("demo_note.it must not be destroyed"), "{error}");
    let error = bed.engine().plan_destroy(&protected).await.unwrap_err().to_string();
    assert!(error.contains("demo_note.it must not be destroyed"), "{error}");
    assert_eq!(existing(&bed), ["old"]);
}

/// A network with this name and range, which a replacement creates before it deletes the old one.
fn network(name: &str, range: &str) -> Stack {
    let mut stack = Stack::new("faults");
    let network = stack.add("net", Network::new(cidr(range)).name(name));
    stack.adjust(&network, |node| node.lifecycle.create_before_destroy = true);
    stack
}

#[tokio::test(start_paused = true)]
async fn what_must_be_unique_is_not_made_before_the_old_one_goes() {
    let bed = Bed::new();
    go(&bed, &network("n", "10.0.0.0/16")).await;
    let error = bed.engine().plan(&network("n", "10.1.0.0/16")).await.unwrap_err().to_string();
    for said in ["demo_network.net: ", "create_before_destroy", "the same name"] {
        assert!(error.contains(said), "{said:?} is missing in {error}");
    }
    let wish = PlanOptions { replace: vec![at("demo_network.net")], ..PlanOptions::default() };
    assert!(bed.engine().plan_with(&network("n", "10.0.0.0/16"), &wish).await.is_err());
    // A separate name makes the replacement possible.
    let (plan, _) = go(&bed, &network("m", "10.1.0.0/16")).await;
    assert_eq!(plan.changes[0].kind, CREATE_FIRST);
    bed.settled(&network("m", "10.1.0.0/16")).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_known_by_its_name_is_not_made_beside_what_is_retained() {
    let bed = Bed::new();
    let group = || {
        let mut stack = Stack::new("faults");
        let group = stack.add("group", Group::new("g"));
        stack.adjust(&group, |node| node.lifecycle.retain_on_delete = true);
        stack
    };
    go(&bed, &group()).await;
    let wish = PlanOptions { replace: vec![at("demo_group.group")], ..PlanOptions::default() };
    let error = bed.engine().plan_with(&group(), &wish).await.unwrap_err().to_string();
    assert!(error.contains("(retain_on_delete)") && error.contains("the same name"), "{error}");
    assert_eq!(bed.cloud.objects().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_forced_to_come_first_and_cannot_is_refused_with_the_reason() {
    let bed = Bed::new();
    let house = |range: &str, part: &str| {
        let mut stack = Stack::new("faults");
        let network = stack.add("net", Network::new(cidr(range)).name("n"));
        let part = stack.add("part", Part::new(&network, cidr(part)));
        stack.adjust(&part, |node| node.lifecycle.create_before_destroy = true);
        stack
    };
    go(&bed, &house("10.0.0.0/16", "10.0.1.0/24")).await;
    let error = bed.engine().plan(&house("10.1.0.0/16", "10.1.1.0/24")).await.unwrap_err().to_string();
    let said = "demo_network.net: its replacement creates the new object first (a dependent needs it)";
    assert!(error.contains(said), "{error}");
}

/// A network with a part, with these lifecycle rules.
fn house(adjust: impl Fn(&mut Lifecycle)) -> Stack {
    let mut stack = Stack::new("faults");
    let network = stack.add("net", Network::new(cidr("10.0.0.0/16")));
    let part = stack.add("part", Part::new(&network, cidr("10.0.1.0/24")));
    stack.adjust(&part, |node| adjust(&mut node.lifecycle));
    stack
}

#[tokio::test(start_paused = true)]
async fn what_stays_above_what_goes_is_told() {
    let warning = [Warning::LeftWithout { stays: at("demo_part.part").into(), goes: at("demo_network.net") }];
    let bed = Bed::new();
    let stack = house(|lifecycle| lifecycle.retain_on_delete = true);
    go(&bed, &stack).await;
    let plan = bed.engine().plan_destroy(&stack).await.unwrap();
    assert_eq!(plan.warnings, warning, "{plan}");
    let text = view::text(&plan).to_string();
    assert!(
        text.contains(
            "demo_part.part stays in the cloud, but this plan deletes demo_network.net, which it uses"
        ),
        "{text}"
    );
    assert_eq!(bed.plan(&Stack::new("faults")).await.warnings, warning);
    let mut removed = Stack::new("faults");
    removed.removed(at("demo_part.part"));
    assert_eq!(bed.plan(&removed).await.warnings, warning);
    // No problem arises if the network does not change.
    let mut network = Stack::new("faults");
    network.add("net", Network::new(cidr("10.0.0.0/16")));
    let (plan, _) = go(&bed, &network).await;
    assert_eq!((plan.warnings.len(), bed.cloud.objects().unwrap().len()), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn what_is_retained_when_replaced_above_what_is_replaced_is_told() {
    let bed = Bed::new();
    let stack = |kind: &str| {
        let mut stack = notes(&[]);
        let below = stack.add("below", Note::new("below").kind(kind));
        let above = stack.add("above", Note::new("above").paper(&below));
        stack.adjust(&above, |node| node.lifecycle.retain_on_delete = true);
        stack
    };
    go(&bed, &stack("a")).await;
    let plan = bed.plan(&stack("b")).await;
    let warning = Warning::LeftWithout { stays: at("demo_note.above").into(), goes: at("demo_note.below") };
    assert_eq!(plan.warnings, [warning], "{plan}");
}
