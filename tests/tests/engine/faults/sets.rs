//! Sets: each item once, in any order, compared by meaning.

use landform::Stack;
use proptest::prelude::*;
use serde_json::json;

use super::bed;
use super::types::{Big, Gate, Rack, Slot, Unit, Vault};
use landform_testkit::demo::Note;

#[tokio::test(start_paused = true)]
async fn a_set_has_each_thing_once() {
    let bed = bed();
    let mut stack = Stack::new("t");
    let (a, b) = (stack.add("a", Note::new("x")), stack.add("b", Note::new("x")));
    stack.add("it", Big::new(1_u64).words([a.text(), b.text()]));
    // Their places differ and are known only after their creation.
    stack.add("other", Big::new(1_u64).words([a.place(), b.place(), a.place()]));
    bed.apply(&stack).await;
    assert_eq!(bed.made("it").arguments["words"], json!(["x"]));
    assert_eq!(bed.made("other").arguments["words"].as_array().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_the_cloud_chose_inside_a_block_of_a_set_is_no_change() {
    let bed = bed();
    let rack = |sizes: [u32; 2]| {
        let mut stack = Stack::new("t");
        let units = [Unit::new("l").size(sizes[0]), Unit::new("m").size(sizes[1])];
        stack.add("r", Rack::new("r").set(units));
        stack
    };
    bed.apply(&rack([3, 3])).await;
    let chosen =
        json!([{ "label": "m", "size": 3, "place": "y" }, { "label": "l", "size": 3, "place": "x" }]);
    bed.tamper("r", "set", chosen).await;
    assert!(bed.plan(&rack([3, 3])).await.is_empty());
    let plan = bed.plan(&rack([3, 4])).await;
    assert_eq!(plan.changes[0].fields[0].path.to_string(), "set");
    bed.apply(&rack([3, 4])).await;
    let set = &bed.made("r").arguments["set"];
    assert!(set.as_array().unwrap().contains(&json!({ "label": "l", "size": 3, "place": "x" })), "{set}");
}

#[tokio::test(start_paused = true)]
async fn a_secret_by_reference_inside_a_set_is_compared() {
    let bed = bed();
    let mut stack = Stack::new("t");
    let key = stack.add("k", landform_testkit::demo::Key::new("k").code("hunter2"));
    stack.add("v", Vault::new("v").set([Slot::new("a").code(key.code()), Slot::new("b").code("other")]));
    let (plan, _) = bed.apply(&stack).await;
    assert!(!format!("{plan:?}").contains("hunter2"));
}

#[tokio::test(start_paused = true)]
async fn an_empty_list_where_the_cloud_chooses_means_none() {
    let bed = bed();
    let big = |chosen: Option<Vec<&str>>| {
        let mut stack = Stack::new("t");
        stack.add("it", Big::new(1_u64).with(chosen, |big, chosen| big.chosen(chosen)));
        stack
    };
    bed.apply(&big(None)).await;
    bed.tamper("it", "chosen", json!(["by the cloud"])).await;
    assert!(bed.plan(&big(None)).await.is_empty(), "the declaration does not set it");
    let (plan, _) = bed.go(&big(Some(Vec::new()))).await;
    assert_eq!(plan.changes[0].fields[0].path.to_string(), "chosen");
    assert_ne!(bed.made("it").arguments.get("chosen"), Some(&json!(["by the cloud"])));
    assert!(bed.plan(&big(Some(Vec::new()))).await.is_empty());
}

fn gates() -> impl Strategy<Value = Vec<(u32, Option<String>, Vec<String>)>> {
    let word = || proptest::sample::select(vec!["a".to_owned(), "b".to_owned(), String::new()]);
    proptest::collection::vec(
        (0..3_u32, proptest::option::of(word()), proptest::collection::vec(word(), 0..3)),
        0..5,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any order and any repetition of the items: after an apply there is nothing to do.
    #[test]
    fn sets_and_numbers_round_trip(
        gates in gates(),
        words in proptest::collection::vec("[a-c]{0,2}", 0..6),
        number in any::<u64>(),
        real in proptest::num::f64::NORMAL | proptest::num::f64::ZERO | proptest::num::f64::SUBNORMAL,
        turn in any::<prop::sample::Index>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let bed = bed();
            let stack = |turn: usize| {
                let mut gates: Vec<_> = gates
                    .iter()
                    .map(|(port, word, words)| {
                        Gate::new(*port).words(words.clone()).with(word.clone(), |gate, word| gate.word(word))
                    })
                    .collect();
                if !gates.is_empty() {
                    let turn = turn % gates.len();
                    gates.rotate_left(turn);
                }
                let mut stack = Stack::new("t");
                stack.add("it", Big::new(number).real(real).words(words.clone()).gates(gates));
                stack
            };
            bed.apply(&stack(0)).await;
            let plan = bed.plan(&stack(turn.index(5))).await;
            assert!(plan.is_empty(), "{plan}");
        });
    }
}
