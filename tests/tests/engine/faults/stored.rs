//! Every stored form can be read back.

use std::collections::BTreeMap;

use landform::{Path, Plan, Stack, expr::Expr, journal::State};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::bed;
use super::types::Any;
use landform_testkit::demo::Note;

fn nested(depth: usize) -> Json {
    (0..depth).fold(json!(1), |value, _| json!([value]))
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_back_is_refused_when_it_is_declared() {
    for depth in [20, 56, 57, 100, 127, 200] {
        let mut output = Stack::new("t");
        output.add("a", Note::new("a"));
        output.output("o", Expr::Literal(nested(depth)));
        let mut argument = Stack::new("u");
        argument.add("a", Any::new(nested(depth - 1)));
        for stack in [output, argument] {
            let bed = bed();
            assert_eq!(stack.check().is_ok(), depth <= 56, "{depth}");
            if let Ok(plan) = bed.engine().plan(&stack).await {
                bed.engine().apply(&plan).await.unwrap().complete().unwrap();
            }
            let state = bed.engine().state(stack.name()).await.unwrap();
            assert_eq!(State::from_json(&state.to_json().unwrap()).unwrap().outputs(), state.outputs());
        }
    }
}

/// JSON with strange keys and texts.
fn value() -> impl Strategy<Value = Json> {
    let text = || prop_oneof!["[a-z$.\\[\\]\"\\\\ ]{0,6}", any::<String>(), Just("$ref".to_owned())];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Json::from),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::btree_map(text(), inner, 0..4)
                .prop_map(|fields: BTreeMap<String, Json>| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_stored_form_reads_back(value in value().prop_filter("given", |value| !value.is_null()), key in any::<String>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let bed = bed();
            let mut stack = Stack::new("t");
            let note = stack.add("n", Note::new("n"));
            stack.add("it", Any::new(value.clone()));
            let open = BTreeMap::from([(key.clone(), Expr::from(note.place())), ]);
            stack.output("open", Expr::Map(open));
            stack.output("value", Expr::Literal(value.clone()));
            let text = serde_json::to_string(&stack).unwrap();
            let again: Stack = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string(&again).unwrap(), text);
            assert_eq!(again.outputs(), stack.outputs());
            let plan = bed.plan(&stack).await;
            let text = serde_json::to_string(&plan).unwrap();
            let again: Plan = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string(&again).unwrap(), text);
            bed.engine().apply(&again).await.unwrap().complete().unwrap();
            let state = bed.state(&stack).await;
            assert_eq!(state.outputs()["value"], value);
            assert_eq!(State::from_json(&state.to_json().unwrap()).unwrap(), state);
        });
        let path = Path::field("a").key(&key).index(3).key(&key);
        prop_assert_eq!(path.to_string().parse::<Path>().unwrap(), path);
    }
}
