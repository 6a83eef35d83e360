//! Preconditions and postconditions: checked during planning if the values are known, else during the apply.

use landform::{
    Address, Error, Plan, Stack, Verb, When,
    input::{all, at_least, at_most, contains, equal, has, length, matches, not},
};

use landform_testkit::{
    bed::{Bed, at},
    demo::{Group, KnownNetwork, Network, Note, Part, cidr},
};

fn unmet(error: Error) -> Vec<(Address, When, String)> {
    match error {
        Error::Conditions(unmet) => {
            unmet.into_iter().map(|unmet| (unmet.address, unmet.when, unmet.message)).collect()
        }
        other => panic!("{other}"),
    }
}

fn checks(plan: &Plan) -> Vec<&str> {
    plan.checks.iter().map(|check| check.message.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_known_not_to_hold_keeps_a_plan_from_being_made() {
    let bed = Bed::new();
    let mut stack = Stack::new("conditions");
    let network = stack.add("net", Network::new(cidr("10.0.0.0/16")).name("main"));
    let part = stack.add("part", Part::new(&network, cidr("10.0.1.0/24")).ports([80, 443]));
    stack.require(&part, equal::<String>(network.name(), "other"), "wrong net");
    stack.ensure(&part, not(has::<u16>(vec![80, 443], 80)), "80 is closed");
    stack.ensure(&network, matches("main", "m.*"), "a name with m");
    let error = bed.engine().plan(&stack).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("2 conditions do not hold:\n  demo_part.part ("), "{text}");
    assert!(text.contains("conditions.rs:") && text.contains("wrong net (precondition)"), "{text}");
    let expected = [
        (at("demo_part.part"), When::Before, "wrong net".to_owned()),
        (at("demo_part.part"), When::After, "80 is closed".to_owned()),
    ];
    assert_eq!(unmet(error), expected);
    assert!(bed.cloud.objects().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_known_later_is_decided_before_anything_rests_on_it() {
    let bed = Bed::new();
    let stack = |wanted: &str| {
        let mut stack = Stack::new("conditions");
        let note = stack.add("note", Note::new("any"));
        let above = stack.add("above", Note::new(note.place()));
        stack.add("top", Note::new(above.place()));
        stack.add("beside", Note::new("beside"));
        stack.require(&above, contains(note.place(), wanted), "the place is as wanted");
        stack.ensure(&above, contains(above.place(), "shelf"), "it lies on a shelf");
        stack
    };
    let good = stack("shelf/");
    let plan = bed.plan(&good).await;
    assert_eq!(checks(&plan), ["the place is as wanted", "it lies on a shelf"]);
    assert_eq!(plan.actions.iter().filter(|action| action.verb == Verb::Check).count(), 2);
    let bad = stack("cellar/");
    let report = bed.engine().apply(&bed.plan(&bad).await).await.unwrap();
    assert_eq!((report.counts.added, report.failures.len()), (2, 1));
    let failure = &report.failures[0];
    assert_eq!((&failure.address, failure.verb), (&at("demo_note.above"), Verb::Check));
    assert!(failure.error.to_string().contains("the place is as wanted"), "{}", failure.error);
    let skipped: Vec<_> = report.skipped.iter().map(|skipped| skipped.address.as_str()).collect();
    assert_eq!(skipped, ["demo_note.above", "demo_note.top"]);
    let state = bed.state(&bad).await;
    assert!(
        state.get(&at("demo_note.above")).is_none(),
        "the resource with the failed condition does not exist"
    );

    // Now the place is known, so the plan itself is refused.
    let error = bed.engine().plan(&bad).await.unwrap_err();
    assert_eq!(unmet(error).len(), 1);
    bed.apply(&good).await;
    assert!(checks(&bed.plan(&good).await).is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_fails_afterwards_keeps_what_was_made_and_stops_what_rests_on_it() {
    let bed = Bed::new();
    let mut stack = Stack::new("conditions");
    let note = stack.add("note", Note::new("any"));
    stack.add("above", Note::new(note.place()));
    stack.ensure(&note, contains(note.place(), "cellar"), "it lies in the cellar");
    let report = bed.engine().apply(&bed.plan(&stack).await).await.unwrap();
    assert_eq!((report.counts.added, report.failures.len(), report.skipped.len()), (1, 1, 1));
    let state = bed.state(&stack).await;
    assert!(state.get(&at("demo_note.note")).is_some_and(|note| !note.tainted));
    assert_eq!(unmet(bed.engine().plan(&stack).await.unwrap_err()).len(), 1);
    bed.destroy(&stack).await;
}

#[tokio::test(start_paused = true)]
async fn conditions_hold_for_data_sources_and_for_what_stays() {
    let bed = Bed::new();
    let network = serde_json::json!({ "range": "10.0.0.0/8", "name": "shared", "dns": true, "tags": {} });
    bed.cloud.seed("demo_network", "net-00000001", network).unwrap();
    let stack = |limit: u64| {
        let mut stack = Stack::new("conditions");
        let shared = stack.read("shared", KnownNetwork::new().name("shared"));
        let range = landform::Input::<String>::from_expr(shared.range().into());
        stack.ensure(&shared, contains(range, "10."), "a private network");
        let group = stack.add("group", Group::new("g").tag("a", "b"));
        let part = stack.add("part", Part::new(shared.id(), cidr("10.1.0.0/16")).ports([1, 2, 3]));
        let ports = landform::Input::<Vec<u16>>::from_expr(part.ports().into());
        stack.require(
            &group,
            all([at_least::<u64>(length(ports.clone()), 1), at_most::<u64>(length(ports), limit)]),
            "few ports",
        );
        stack
    };
    bed.apply(&stack(3)).await;
    assert_eq!(unmet(bed.engine().plan(&stack(2)).await.unwrap_err()).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_condition_that_cannot_be_decided_says_so() {
    let bed = Bed::new();
    let mut stack = Stack::new("conditions");
    let note = stack.add("note", Note::new("any"));
    stack.require(&note, matches("any", "("), "broken");
    let error = bed.engine().plan(&stack).await.unwrap_err().to_string();
    assert!(error.starts_with("demo_note.note: matches: "), "{error}");

    let mut stack = Stack::new("conditions");
    let note = stack.add("note", Note::new("any"));
    stack.require(&note, contains(note.place(), "x"), "of itself, before it is there");
    let error = bed.engine().plan(&stack).await.unwrap_err().to_string();
    assert!(error.contains("demo_note.note --[precondition]--> demo_note.note"), "{error}");

    let mut stack = Stack::new("conditions");
    let note = stack.add("note", Note::new("any"));
    let lost = landform::Handle::<Note>::named("lost");
    stack.ensure(&note, contains(lost.place(), "x"), "of what is not there");
    let error = bed.engine().plan(&stack).await.unwrap_err().to_string();
    assert!(error.contains("the condition \"of what is not there\": refers to demo_note.lost"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_decides_what_it_left_open() {
    let bed = Bed::new();
    let mut stack = Stack::new("conditions");
    let note = stack.add("note", Note::new("any"));
    let above = stack.add("above", Note::new("above"));
    stack.require(&above, contains(note.place(), "cellar"), "it lies in the cellar");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plan");
    bed.plan(&stack).await.save(&file).unwrap();
    let report = bed.engine().apply(&Plan::load(&file).unwrap()).await.unwrap();
    assert_eq!((report.counts.added, report.failures.len()), (1, 1));
}
