//! Existing resources: imported, in conflict, declared again, and taken over.

use landform::{
    ChangeKind, Error, ErrorKind, FindBy, OnConflict, Plan, Reason, ReplaceOrder, Stack, sim::Operation,
    view::read_tfstate,
};
use serde_json::json;

use crate::lifecycle::only;
use landform_testkit::{
    bed::{Bed, at},
    demo::{Door, Group, Key, Network, Note, Part, Way, cidr},
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
    let refused = |result: Result<Plan, Error>, expected: &str| {
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
    assert!(matches!(error.unwrap_err(), Error::Import { .. }));
    let error = bed.engine().declare("again", [(at("demo_nothing.lost"), "x".to_owned())]).await;
    assert!(matches!(error.unwrap_err(), Error::NoProvider { .. }));
}

/// A state of one note, tainted.
const TAINTED: &str = r#"{"version":4,"resources":[{"mode":"managed","type":"demo_note","name":"it",
    "instances":[{"status":"tainted","attributes":{"id":"note-1"}}]}]}"#;

#[tokio::test(start_paused = true)]
async fn what_terraform_holds_for_tainted_is_replaced() {
    let stack = |first: bool| {
        let mut stack = Stack::new("life");
        let it = stack.add("it", Note::new("new").kind("k"));
        stack.adjust(&it, |node| node.lifecycle.create_before_destroy = first);
        let taken = read_tfstate(TAINTED).unwrap().take_over(&mut stack).taken.len();
        assert_eq!((taken, &stack.node("demo_note.it").unwrap().lifecycle.import), (1, &None));
        stack
    };
    for (first, order) in [(false, ReplaceOrder::DestroyFirst), (true, ReplaceOrder::CreateFirst)] {
        let bed = Bed::new();
        bed.cloud.seed("demo_note", "note-1", json!({ "text": "half", "kind": "other" })).unwrap();
        let stack = stack(first);
        let plan = bed.plan(&stack).await;
        assert_eq!(only(&plan), (ChangeKind::Replace(order), Reason::Tainted));
        assert_eq!(plan.changes[0].id.as_deref(), Some("note-1"));
        // The plan applies as printed, also from a file.
        let directory = tempfile::tempdir().unwrap();
        plan.save(directory.path().join("plan")).unwrap();
        let plan = Plan::load(directory.path().join("plan")).unwrap();
        bed.engine().apply(&plan).await.unwrap().complete().unwrap();
        let objects = bed.cloud.objects().unwrap();
        assert_eq!((objects.len(), &objects[0].arguments["text"]), (1, &json!("new")));
        assert_ne!(objects[0].id, "note-1");
        // One run is enough.
        bed.settled(&stack).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_tainted_and_could_not_be_replaced_is_not_lost() {
    let bed = Bed::new();
    bed.cloud.seed("demo_note", "note-1", json!({ "text": "half" })).unwrap();
    let mut stack = Stack::new("life");
    stack.add("it", Note::new("new"));
    read_tfstate(TAINTED).unwrap().take_over(&mut stack);
    let denied = landform::ProviderError::new(ErrorKind::Denied, "no");
    bed.cloud.inject(landform::sim::Fault::before(Operation::Delete, denied));
    let plan = bed.plan(&stack).await;
    assert!(!bed.engine().apply(&plan).await.unwrap().is_complete());
    let state = bed.state(&stack).await;
    let known = state.get(&at("demo_note.it")).unwrap();
    assert!(known.tainted && known.id == "note-1");
    let plan = bed.plan(&stack).await;
    assert_eq!(only(&plan), (ChangeKind::Replace(ReplaceOrder::DestroyFirst), Reason::Tainted));
    bed.engine().apply(&plan).await.unwrap().complete().unwrap();
    bed.settled(&stack).await;

    let mut both = Stack::new("life");
    let it = both.add("it", Note::new("new"));
    both.adjust(&it, |node| {
        node.lifecycle.import = Some("a".into());
        node.lifecycle.import_tainted = Some("b".into());
    });
    let error = bed.engine().plan(&both).await.unwrap_err().to_string();
    assert!(error.contains("it has both import and import_tainted"), "{error}");
}
