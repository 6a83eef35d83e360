//! Equality by meaning: another spelling by the cloud is not a change, and a real change is one.

use landform::{Stack, view};
use serde_json::{Value as Json, json};

use super::bed;
use super::types::{Part, Text, TextBuilder};
use landform_testkit::{bed::at, demo::Note};

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"*"}]}"#;

fn stack(change: impl Fn(TextBuilder) -> TextBuilder) -> Stack {
    let mut stack = Stack::new("t");
    let text = Text::new("*.Example.com")
        .policy(POLICY)
        .document(r#"{"a": 1, "b": [2]}"#)
        .lasts("1h")
        .sizes(["1Gi", "512Mi"])
        .links([("network", "default")])
        .parts([Part::new("10.1.2.3/8").code(r#"{"k": "v"}"#), Part::new("2001:DB8::/32")]);
    let text = stack.add("it", change(text));
    stack.add("beside", Note::new(text.name()));
    stack
}

/// The cloud's spelling.
fn spelled() -> [(&'static str, Json); 7] {
    let policy = r#"{"Statement":{"Resource":["*"],"Action":"SQS:SendMessage","Effect":"Allow"},"Version":"2012-10-17"}"#;
    [
        ("name", json!("\\052.example.com.")),
        ("policy", json!(policy)),
        ("document", json!(r#"{"b":[2.0],"a":1}"#)),
        ("lasts", json!("3600s")),
        ("sizes", json!(["536870912", "1024Mi"])),
        (
            "links",
            json!({ "network": "https://www.googleapis.com/compute/v1/projects/p/global/networks/default" }),
        ),
        (
            "parts",
            json!([{ "network": "2001:db8::/32" }, { "network": "10.0.0.0/8", "code": r#"{"k":"v"}"# }]),
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn another_spelling_is_no_change() {
    let bed = bed();
    let stack = stack(|text| text);
    bed.apply(&stack).await;
    for (field, value) in spelled() {
        bed.tamper("it", field, value).await;
    }
    let plan = bed.plan(&stack).await;
    assert!(plan.is_empty() && plan.drift.is_empty(), "{plan}");
    assert_eq!(bed.state(&stack).await.objects().count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_real_change_is_one() {
    let bed = bed();
    bed.apply(&stack(|text| text)).await;
    for (field, value) in spelled() {
        bed.tamper("it", field, value).await;
    }
    type Change = fn(TextBuilder) -> TextBuilder;
    let changes: [(&str, Change); 6] = [
        ("policy", |text| text.policy(POLICY.replace("Allow", "Deny"))),
        ("document", |text| text.document(r#"{"a": 1, "b": [3]}"#)),
        ("lasts", |text| text.lasts("61m")),
        ("sizes", |text| text.sizes(["1Gi", "512M"])),
        ("links.network", |text| text.link("network", "other")),
        ("parts", |text| text.parts([Part::new("10.0.0.0/8").code("{}"), Part::new("2001:db8::/32")])),
    ];
    for (path, change) in changes {
        let plan = bed.plan(&stack(change)).await;
        let changed = plan.change("demo_text.it").unwrap_or_else(|| panic!("{path}: {plan}"));
        let paths: Vec<String> = changed.fields.iter().map(|field| field.path.to_string()).collect();
        assert_eq!(paths, [path]);
        assert_eq!(changed.fields[0].replaces, path == "document");
    }
}

#[tokio::test(start_paused = true)]
async fn what_exists_and_means_the_same_is_taken_over_as_it_is() {
    let bed = bed();
    let mut arguments = json!({});
    spelled().into_iter().for_each(|(field, value)| arguments[field] = value);
    bed.cloud.seed("demo_text", "text-000000aa", arguments).unwrap();
    let mut stack = stack(|text| text);
    stack.import([(at("demo_text.it"), "text-000000aa".into())]);
    let plan = bed.plan(&stack).await;
    assert!(plan.change("demo_text.it").unwrap().fields.is_empty(), "{plan}");
}

#[test]
fn names_that_mean_the_same_are_not_unique() {
    let mut stack = Stack::new("t");
    stack.add("a", Text::new("a.example.com"));
    stack.add("b", Text::new("A.example.com."));
    let text = stack.check().unwrap_err().to_string();
    assert!(text.contains("name A.example.com. is already used by demo_text.a"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn what_is_write_only_is_used_and_kept_nowhere() {
    let bed = bed();
    let once = |once: &str| {
        let mut stack = Stack::new("t");
        stack.add("it", Text::new("a").once(once).lasts("1h"));
        stack
    };
    let (plan, report) = bed.apply(&once("hunter2")).await;
    assert_eq!(bed.made("it").arguments["once"], "hunter2", "the cloud got the value");
    assert!(bed.plan(&once("another")).await.is_empty(), "no read shows the value");
    let state = bed.state(&once("x")).await;
    let args = state.get(&at("demo_text.it")).unwrap().args.as_str().to_owned();
    assert!(!args.contains("once"), "{args}");
    let shown = format!(
        "{}{plan:?}{report:?}{:?}{state:?}{}",
        view::text(&plan),
        bed.events(),
        state.to_json().unwrap()
    );
    assert!(!shown.contains("hunter2"), "{shown}");
    let mut stack = once("hunter2");
    stack.output("once", landform::Handle::<Text>::named("it").once());
    let text = stack.check().unwrap_err().to_string();
    assert!(text.contains("which is write_only"), "{text}");
}

#[test]
fn lists_of_a_size_are_checked() {
    let mut stack = Stack::new("t");
    stack.add("it", Text::new("a").few(["a", "b", "c"]));
    let text = stack.check().unwrap_err().to_string();
    assert!(text.contains("few: a list, expected at most 2 of them, not 3"), "{text}");
}
