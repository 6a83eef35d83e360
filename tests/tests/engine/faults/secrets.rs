//! Secrets at any depth: never shown, compared by their seals, and readable for providers.

use landform::{Input, Stack, view};
use serde_json::json;

use super::bed;
use super::types::{Big, Rack, Slot, Unit, Vault};
use landform_testkit::bed::Bed;

const SECRET: &str = "hunter2";

fn vault(code: &str) -> Stack {
    let mut stack = Stack::new("t");
    let slot = || Slot::new("l").code(code);
    let vault = Vault::new("v")
        .map([("k", slot())])
        .list([slot()])
        .set([slot()])
        .one(slot())
        .codes([code, "another-secret"])
        .numbers([20_261_126_u64]);
    let vault = stack.add("v", vault);
    stack.output("map", vault.map());
    stack.output("set", vault.set());
    stack
}

#[tokio::test(start_paused = true)]
async fn a_secret_in_any_block_is_shown_nowhere() {
    let bed = bed();
    let stack = vault(SECRET);
    let plan = bed.plan(&stack).await;
    let json = serde_json::to_string(&plan).unwrap();
    let state = bed.state(&stack).await;
    let export = view::terraform(&stack).unwrap();
    let shown = [
        format!("{}{plan:?}{stack:?}{json}{}", view::text(&plan), serde_json::to_string(&stack).unwrap()),
        view::terraform_json(&plan, &stack, &state).to_string(),
        view::html(&plan, &stack).to_string(),
        view::stack_html(&stack).to_string(),
        format!("{}{:?}", export.main, export.files),
    ];
    for (place, text) in shown.iter().enumerate() {
        assert!(!text.contains(SECRET) && !text.contains("20261126"), "{place}: {text}");
    }
    let (_, report) = bed.apply(&stack).await;
    let state = bed.state(&stack).await;
    let shown = format!("{report:?}{:?}{state:?}{}", bed.events(), state.to_json().unwrap());
    assert!(!shown.contains(SECRET) && !shown.contains("20261126"), "{shown}");
    assert_eq!(bed.made("v").arguments["map"]["k"]["code"], SECRET);
}

#[tokio::test(start_paused = true)]
async fn a_secret_in_any_block_can_be_told_from_another() {
    let bed = bed();
    bed.apply(&vault(SECRET)).await;
    let plan = bed.plan(&vault("other")).await;
    let mut changed: Vec<String> =
        plan.changes[0].fields.iter().map(|field| field.path.to_string()).collect();
    changed.sort_unstable();
    assert_eq!(changed, ["codes", "list[0].code", "map.k.code", "one.code", "set"]);
    bed.apply(&vault("other")).await;
    assert_eq!(bed.made("v").arguments["list"][0]["code"], "other");
}

#[tokio::test(start_paused = true)]
async fn a_block_of_a_map_has_its_defaults() {
    let bed = bed();
    let mut stack = Stack::new("t");
    stack.add("r", Rack::new("r").map([("k", Unit::new("l"))]).list([Unit::new("l")]).set([Unit::new("l")]));
    bed.apply(&stack).await;
    let rack = bed.made("r").arguments;
    let sizes = [&rack["map"]["k"], &rack["list"][0], &rack["set"][0]].map(|unit| unit["size"].clone());
    assert_eq!(sizes, [json!(3), json!(3), json!(3)]);
}

/// Most clouds accept a secret and never return it.
#[tokio::test(start_paused = true)]
async fn a_secret_that_the_cloud_does_not_show_is_as_it_was_written() {
    let bed = Bed::with(|builder| builder.types(super::types::types()).conceals(true));
    bed.apply(&vault(SECRET)).await;
    assert!(!bed.plan(&vault("other")).await.is_empty());
    bed.apply(&vault("other")).await;
    assert_eq!(bed.made("v").arguments["one"]["code"], "other");
}

/// A cloud that shows secrets and no longer shows one has lost it.
#[tokio::test(start_paused = true)]
async fn a_secret_that_is_no_longer_there_is_written_again() {
    let bed = bed();
    let stack = vault(SECRET);
    bed.apply(&stack).await;
    bed.tamper("v", "one", json!({ "label": "l" })).await;
    let (plan, _) = bed.go(&stack).await;
    assert_eq!(plan.changes[0].fields[0].path.to_string(), "one.code");
    assert_eq!(bed.made("v").arguments["one"]["code"], SECRET);
}

/// One item of a list is a secret, and the cloud returns the items in another order.
#[tokio::test(start_paused = true)]
async fn an_item_that_is_marked_as_secret_stays_one_wherever_it_stands() {
    let bed = bed();
    let mut stack = Stack::new("t");
    let words = [Input::<String>::from("zz-hunter2").secret(), "an-open-word".into()];
    stack.add("big", Big::new(1_u64).words(words));
    let (plan, report) = bed.apply(&stack).await;
    bed.tamper("big", "name", json!("drifted")).await;
    let drifted = bed.plan(&stack).await;
    bed.engine().apply(&drifted).await.unwrap();
    let state = bed.state(&stack).await;
    let shown =
        format!("{}{plan:?}{report:?}{drifted}{drifted:?}{:?}{state:?}", view::text(&plan), bed.events());
    assert!(!shown.contains(SECRET), "{shown}");
    assert!(shown.contains("an-open-word"));
    assert_eq!(bed.made("big").arguments["words"], json!(["an-open-word", "zz-hunter2"]));
}
