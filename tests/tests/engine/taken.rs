//! What exists already: imported, in the way, declared anew, and taken over.

use landform::{ChangeKind, EngineError, ErrorKind, FindBy, OnConflict, Plan, Reason, Stack, sim::Operation};
use serde_json::json;

use crate::{
    bed::{Bed, at},
    demo::{Door, Group, Key, Network, Note, Part, Way, cidr},
    lifecycle::only,
};

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
