//! Data sources: the time of their reads, their dependents, and that they have no effect.

use landform::{
    ChangeKind, Error, Event, PlanOptions, Reason, Resource, Stack, Verb, input,
    sim::{Fault, Operation},
    view,
};
use serde_json::json;

use landform_testkit::{
    bed::{Bed, at},
    demo::{Door, Key, KnownKey, KnownNetwork, KnownParts, Network, Note, Part, Zones, cidr},
};

/// A bed whose cloud has somebody else's network and knows its zones.
fn bed() -> Bed {
    let zones = json!({ "id": "zones", "region": "here", "names": ["here-a", "here-b"] });
    let zones = zones.as_object().unwrap().clone();
    let bed = Bed::with(|builder| builder.fact(Zones::resource_type(), zones));
    let network = json!({ "range": "10.0.0.0/8", "name": "shared", "dns": true, "tags": { "team": "net" } });
    bed.cloud.seed("demo_network", "net-00000001", network).unwrap();
    bed
}

fn parts(stack: &mut Stack) {
    let network = stack.read("shared", KnownNetwork::new().name("shared"));
    let zones = stack.read("here", Zones::new("here"));
    stack.add("part", Part::new(network.id(), cidr("10.1.0.0/16")).zone(zones.names().at(1)));
    stack.output("range", network.range());
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_with_known_arguments_is_read_while_planning() {
    let bed = bed();
    let mut stack = Stack::new("data");
    parts(&mut stack);
    let (plan, report) = bed.apply(&stack).await;
    let change = plan.change("demo_part.part").unwrap();
    let after = change.after.as_ref().unwrap().expose().unwrap();
    assert_eq!((&after["network"], &after["zone"]), (&json!("net-00000001"), &json!("here-b")));
    assert_eq!((plan.changes.len(), plan.counts().read, plan.answers.len()), (1, 0, 2));
    assert_eq!(report.outputs["range"], json!("10.0.0.0/8"));
    let state = bed.state(&stack).await;
    assert_eq!(state.len(), 1, "the state does not hold answers");

    let destroyed = bed.destroy(&stack).await;
    assert_eq!(destroyed.counts.destroyed, 1);
    assert_eq!(bed.cloud.objects().unwrap().len(), 1, "the network that was only read stays");
}

#[tokio::test(start_paused = true)]
async fn what_rests_on_unknown_arguments_is_read_while_applying() {
    let bed = bed();
    let mut stack = Stack::new("data");
    let note = stack.add("note", Note::new("any"));
    let made = stack.add("made", Network::new(cidr("10.0.0.0/16")).name(note.place()));
    let found = stack.read("found", KnownNetwork::new().name(made.name()));
    stack.add("part", Part::new(found.id(), cidr("10.0.1.0/24")));
    stack.output("range", found.range());
    let plan = bed.plan(&stack).await;
    let read = plan.change("data.demo_network.found").unwrap();
    assert_eq!((read.kind, &read.reason), (ChangeKind::Read, &Reason::Unknown));
    assert_eq!((plan.counts().added, plan.counts().read), (3, 1));
    bed.events();
    let (_, report) = bed.apply(&stack).await;
    assert_eq!((report.counts.added, report.counts.read), (3, 1));
    assert_eq!(report.outputs["range"], json!("10.0.0.0/16"));
    let read = |event: &Event| matches!(event, Event::Finished { verb: Verb::Read, .. });
    assert_eq!(bed.events().iter().filter(|event| read(event)).count(), 1);
    let state = bed.state(&stack).await;
    let part = state.get(&at("demo_part.part")).unwrap();
    assert_eq!(
        part.depends_on,
        [at("demo_network.made")],
        "a user of a data source depends on what it waits for"
    );
    bed.destroy(&stack).await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_change_is_read_after_it() {
    let bed = bed();
    let stack = |text: &str| {
        let mut stack = Stack::new("data");
        let note = stack.add("note", Note::new(text));
        let network = stack.read("shared", KnownNetwork::new().name("shared"));
        stack.depend(&network, [note.address().clone()]);
        stack.add("part", Part::new(network.id(), cidr("10.1.0.0/16")));
        stack
    };
    let plan = bed.plan(&stack("a")).await;
    let reason = &plan.change("data.demo_network.shared").unwrap().reason;
    assert_eq!(*reason, Reason::Waits(at("demo_note.note")));
    bed.apply(&stack("a")).await;
    assert!(bed.plan(&stack("a")).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_question_is_asked_once_and_questions_at_a_time() {
    let bed = bed();
    let mut stack = Stack::new("data");
    for place in 0..40 {
        let network = stack.read(&format!("shared-{place}"), KnownNetwork::new().name("shared"));
        stack.add(&format!("part-{place}"), Part::new(network.id(), cidr(&format!("10.{place}.0.0/16"))));
    }
    bed.apply(&stack).await;
    bed.cloud.reset_calls();
    assert!(bed.plan(&stack).await.is_empty());
    assert_eq!(bed.cloud.calls().of_type(Operation::Read, "data.demo_network"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_source_may_rest_on_another_and_on_a_resource() {
    let bed = bed();
    let mut stack = Stack::new("data");
    let shared = stack.read("shared", KnownNetwork::new().name("shared"));
    let label = stack.add("label", Note::new(input::format("{}", [shared.id().into()])));
    let again = stack.read("again", KnownNetwork::new().tag("team", "net"));
    let _ = label;
    stack.add("part", Part::new(again.id(), cidr("10.1.0.0/16")));
    let zones = stack.read("zones", Zones::new(input::join("", ["here".into()])));
    let named = stack.read("named", KnownNetwork::new().name(input::concat(["sha".into(), "red".into()])));
    stack.output("zones", zones.names());
    stack.output("named", named.id());
    let (_, report) = bed.apply(&stack).await;
    assert_eq!(report.outputs["zones"], json!(["here-a", "here-b"]));
    assert_eq!(report.outputs["named"], json!("net-00000001"));
}

#[tokio::test(start_paused = true)]
async fn all_that_fit_are_used_and_none_is_an_answer() {
    let bed = bed();
    for place in 1..3 {
        let part = json!({ "network": "net-00000001", "range": format!("10.{place}.0.0/16") });
        bed.cloud.seed("demo_part", &format!("part-0000000{place}"), part).unwrap();
    }
    let mut stack = Stack::new("data");
    let shared = stack.read("shared", KnownNetwork::new().name("shared"));
    let parts = stack.read("shared", KnownParts::new().network(shared.id()));
    stack.add("door", Door::new(parts.ids().at(1)));
    stack.output("parts", parts.ids());
    let own = stack.add("own", Network::new(cidr("172.16.0.0/16")));
    let none = stack.read("own", KnownParts::new().network(&own));
    stack.output("none", none.ids());
    let (plan, report) = bed.apply(&stack).await;
    let door = plan.change("demo_door.door").unwrap().after.as_ref().unwrap().expose().unwrap();
    assert_eq!(door["part"], "part-00000002");
    assert_eq!(report.outputs["parts"], json!(["part-00000001", "part-00000002"]));
    assert_eq!((report.counts.read, &report.outputs["none"]), (1, &json!([])));
}

#[tokio::test(start_paused = true)]
async fn nothing_or_too_much_is_an_error_before_any_effect() {
    let bed = bed();
    let mut stack = Stack::new("data");
    let network = stack.read("lost", KnownNetwork::new().name("nowhere"));
    stack.add("part", Part::new(network.id(), cidr("10.1.0.0/16")));
    let error = bed.engine().plan(&stack).await.unwrap_err().to_string();
    assert!(error.starts_with("data.demo_network.lost: reading failed"), "{error}");
    assert!(error.contains("nothing matches name \"nowhere\""), "{error}");

    let network =
        json!({ "range": "172.16.0.0/12", "name": "second", "dns": true, "tags": { "team": "net" } });
    bed.cloud.seed("demo_network", "net-00000002", network).unwrap();
    let mut stack = Stack::new("data");
    stack.read("many", KnownNetwork::new().tag("team", "net"));
    let error = bed.engine().plan(&stack).await.unwrap_err().to_string();
    assert!(error.contains("2 match") && error.contains("expected one"), "{error}");
    assert_eq!(bed.state(&stack).await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_read_that_fails_while_applying_stops_what_rests_on_it_alone() {
    let bed = bed();
    let mut stack = Stack::new("data");
    let note = stack.add("note", Note::new("any"));
    let found = stack.read("found", KnownNetwork::new().name(note.place()));
    stack.add("part", Part::new(found.id(), cidr("10.1.0.0/16")));
    stack.add("beside", Note::new("beside"));
    let plan = bed.plan(&stack).await;
    let report = bed.engine().apply(&plan).await.unwrap();
    assert_eq!(report.failures.len(), 1);
    assert_eq!(report.failures[0].address, at("data.demo_network.found"));
    let skipped: Vec<_> = report.skipped.iter().map(|skipped| skipped.address.as_str()).collect();
    assert_eq!((skipped, report.counts.added), (vec!["demo_part.part"], 2));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_at_first_is_asked_again() {
    let bed = bed();
    bed.cloud.inject(Fault::throttled(Operation::Read).of("data.demo_network").times(2));
    let mut stack = Stack::new("data");
    parts(&mut stack);
    bed.apply(&stack).await;
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_was_read_is_used_and_never_shown() {
    let bed = bed();
    let made = {
        let mut stack = Stack::new("keys");
        stack.add("key", Key::new("front").code("1234-5678"));
        stack
    };
    bed.apply(&made).await;
    let material = {
        let objects = bed.cloud.objects().unwrap();
        let key = objects.iter().find(|object| object.type_name == "demo_key").unwrap();
        key.attributes["material"].as_str().unwrap().to_owned()
    };
    let elsewhere = bed.with_new_state();
    let mut stack = Stack::new("data");
    let key = stack.read("front", KnownKey::new("front"));
    stack.add("copy", Key::new("copy").code(key.material()));
    let plan = elsewhere.plan(&stack).await;
    let shown =
        [format!("{}", view::text(&plan)), format!("{plan:?}"), serde_json::to_string(&plan).unwrap()]
            .concat();
    assert!(!shown.contains(&material), "{shown}");
    elsewhere.engine().apply(&plan).await.unwrap().complete().unwrap();
    let state = elsewhere.engine().export("data").await.unwrap();
    assert!(!state.contains(&material));
    let objects = elsewhere.cloud.objects().unwrap();
    let codes: Vec<_> = objects.iter().filter_map(|object| object.arguments.get("code")).collect();
    assert!(codes.contains(&&json!(material)), "{codes:?}");
    assert!(elsewhere.plan(&stack).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_target_brings_the_sources_that_it_needs_and_no_others() {
    let bed = bed();
    let mut stack = Stack::new("data");
    parts(&mut stack);
    stack.read("broken", KnownNetwork::new().name("nowhere"));
    let options = PlanOptions { targets: vec![at("demo_part.part")], ..PlanOptions::default() };
    let plan = bed.engine().plan_with(&stack, &options).await.unwrap();
    assert_eq!((plan.changes.len(), plan.answers.len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn what_is_only_read_has_no_life_to_speak_of() {
    let bed = bed();
    let mut stack = Stack::new("data");
    let network = stack.read("shared", KnownNetwork::new().name("shared"));
    stack.adjust(&network, |node| node.lifecycle.prevent_destroy = true);
    let error = bed.engine().plan(&stack).await.unwrap_err();
    assert!(matches!(error, Error::Stack(_)), "{error}");
    assert!(error.to_string().contains("prevent_destroy applies to managed resources"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_reads_later_what_it_said_it_would() {
    let bed = bed();
    let mut stack = Stack::new("data");
    let note = stack.add("note", Note::new("any"));
    let made = stack.add("made", Network::new(cidr("10.0.0.0/16")).name(note.place()));
    let found = stack.read("found", KnownNetwork::new().name(made.name()));
    stack.add("part", Part::new(found.id(), cidr("10.0.1.0/24")));
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plan");
    bed.plan(&stack).await.save(&file).unwrap();
    let plan = landform::Plan::load(&file).unwrap();
    let report = bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(report.counts.read, 1);
    bed.settled(&stack).await;
}
