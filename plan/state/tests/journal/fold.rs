//! The fold: the result of records, and records that do not fit.

use super::*;

#[test]
fn records_fold_into_what_exists() {
    let mut state = State::new("base", "lineage");
    for record in story() {
        state.apply(record).unwrap();
    }
    state.verify().unwrap();
    let known: Vec<String> = state.objects().map(|(key, _)| key.to_string()).collect();
    assert_eq!(known, ["aws_vpc.a", "aws_vpc.b#t-b", "aws_vpc.d"]);
    let address: Address = "aws_vpc.b".parse().unwrap();
    assert!(state.get(&address).is_none());
    assert_eq!(state.deposed(&address).count(), 1);
    assert_eq!(state.object(&key("a")), Some(&object("a")));
    assert_eq!(state.outputs()["vpc"], "a");
    let pending: Vec<_> = state.pending().collect();
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].intent.key, key("f"));
    assert_eq!(pending[0].ticket.as_ref().unwrap().ticket.value().unwrap(), json!({ "op": 7 }));
}

#[test]
fn a_record_that_does_not_fit_is_refused_and_changes_nothing() {
    let mut state = State::new("base", "lineage");
    for record in story() {
        state.apply(record).unwrap();
    }
    let foreign = ObjectState { type_name: "aws_subnet".parse().unwrap(), ..(*object("x")).clone() };
    let wrong: Vec<(Record, &str)> = vec![
        (
            intent("a", IntentAction::Create, "9"),
            "intent of aws_vpc.a: an object is known by this key already",
        ),
        (intent("f", IntentAction::Create, "9"), "attempt 7 on it is not settled"),
        (intent("z", IntentAction::Delete, "9"), "intent of aws_vpc.z: no object is known"),
        (ticket("a", "1"), "ticket of aws_vpc.a: no attempt 1 is pending"),
        (ticket("f", "8"), "no attempt 8 is pending"),
        (settled("a", "1", OutcomeResult::Gone), "outcome of aws_vpc.a: no attempt 1 is pending"),
        (Record::forget(key("z")), "forget of aws_vpc.z: no object"),
        (Record::vanished(key("f")), "attempt 7 on it is not settled"),
        (Record::moved(key("a"), key("d")), "move of aws_vpc.d: an object is known"),
        (Record::moved(key("z"), key("y")), "move of aws_vpc.z: no object"),
        (Record::observed(key("x"), foreign), "the object is of type aws_subnet"),
    ];
    let before = state.clone();
    for (record, expected) in wrong {
        let error = state.apply(record).unwrap_err();
        assert!(error.to_string().contains(expected), "{error} should say {expected}");
        assert_eq!(state, before);
    }
}

#[test]
fn one_creation_under_two_keys_is_found() {
    let mut state = State::new("base", "lineage");
    state.apply(Record::observed(key("a"), object("x"))).unwrap();
    state.apply(Record::observed(key("b"), object("x"))).unwrap();
    assert!(matches!(state.verify(), Err(IntegrityError::Twice { .. })));
}

#[test]
fn a_clone_does_not_see_what_comes_later() {
    let mut state = State::new("base", "lineage");
    state.apply(Record::observed(key("a"), object("a"))).unwrap();
    let earlier = state.clone();
    state.apply(Record::forget(key("a"))).unwrap();
    assert_eq!((earlier.len(), state.len()), (1, 0));
}
