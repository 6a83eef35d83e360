//! Secrets on their way from one resource to another.

use landform::{
    ErrorKind, Secret, Stack, input,
    sim::{Fault, Operation},
    view,
};

use landform_testkit::{
    bed::Bed,
    demo::{Key, Note},
};

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
    // A new process knows only the state, and needs nothing else.
    assert!(bed.plan(&stack("first-code")).await.is_empty());
    let (plan, _) = bed.apply(&stack("second-code")).await;
    assert_eq!(plan.changes.len(), 2);
    assert!(plan.changes.iter().all(|change| change.fields.iter().all(|field| field.sensitive)));
    assert_eq!((text("key", "code"), text("copy", "code")), ("second-code".into(), "second-code".into()));
    let shown = format!("{}{plan:?}{:?}{:?}", view::text(&plan), bed.events(), bed.state(&stack("")).await);
    for secret in ["first-code", "second-code", &text("key", "material")] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn secrets_that_a_cloud_repeats_are_not_repeated() {
    let bed = Bed::new();
    let said = |kind| landform::ProviderError::new(kind, "the code first-code is weak");
    bed.cloud.inject(Fault::before(Operation::Create, said(ErrorKind::Throttled)));
    bed.cloud.inject(Fault::partial(Operation::Create, said(ErrorKind::Internal)).nth(2));
    bed.cloud.inject(Fault::before(Operation::Update, said(ErrorKind::Invalid)));
    let stack = |name: &str| {
        let mut stack = Stack::new("life");
        stack.add("key", Key::new(name).code("first-code"));
        stack
    };
    let directory = landform_testkit::bed::directory();
    let engine = bed.builder().state_dir(directory.path().join("state")).open().unwrap();
    let mut shown = String::new();
    for name in ["a", "a", "b"] {
        let plan = engine.plan(&stack(name)).await.unwrap();
        shown += &format!("{}{:?}", view::text(&plan), engine.apply(&plan).await.unwrap());
    }
    shown += &format!("{:?}", bed.events());
    for entry in std::fs::read_dir(directory.path().join("state/journal")).unwrap() {
        shown += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    assert!(shown.matches("the code (sensitive) is weak").count() >= 5, "{shown}");
    assert!(!shown.contains("first-code"), "{shown}");
}
