//! Attempts that start and end in one segment: a partial read gives the same state as a full read.

use super::*;

/// Folds fully read records one by one. Returns the number of the first one that does not fit.
fn folded(records: &[Record]) -> Result<State, (usize, IntegrityError)> {
    let mut state = State::new("base", "l");
    for (index, record) in records.iter().enumerate() {
        state.apply(record.clone()).map_err(|error| (index + 1, error))?;
    }
    Ok(state)
}

async fn in_one_segment(records: &[Record]) -> Result<Journal, JournalError> {
    let header = r#"{"landform":"segment","format":1,"stack":"base","lineage":"l","seq":1,"run":"r"}"#;
    let lines: Vec<String> = records.iter().map(|record| serde_json::to_string(record).unwrap()).collect();
    let seal = format!(r#"{{"sealed":{{"records":{}}}}}"#, lines.len());
    let lines: Vec<&str> =
        [header].into_iter().chain(lines.iter().map(String::as_str)).chain([&seal[..]]).collect();
    let store = MemoryStore::new();
    store.damage_segment(1, Some(&crate::damage::checked(&lines)));
    read(&store).await
}

/// Every sequence of a number of these records, valid or not.
#[tokio::test]
async fn any_sequence_in_one_segment_comes_to_what_its_records_come_to_one_by_one() {
    let of_another_type = {
        let Record::Intent(intent) = intent("a", IntentAction::Create, "1") else { panic!("not an intent") };
        Record::Intent(Arc::new(Intent { type_name: "aws_eip".parse().unwrap(), ..(*intent).clone() }))
    };
    let words = [
        intent("a", IntentAction::Create, "1"),
        intent("a", IntentAction::Update, "2"),
        of_another_type,
        ticket("a", "1"),
        settled("a", "1", OutcomeResult::Exists(object("a"))),
        settled("a", "2", OutcomeResult::Nothing),
        Record::observed(key("a"), object("a")),
        Record::forget(key("a")),
        Record::moved(key("b"), key("a")),
        Record::moved(key("a"), key("b")),
        intent("b", IntentAction::Delete, "3"),
        settled("b", "3", OutcomeResult::Gone),
    ];
    let (mut fit, mut unfit) = (0, 0);
    for number in 0..words.len().pow(4) {
        let records: Vec<Record> =
            (0..4).map(|place| words[number / words.len().pow(place) % words.len()].clone()).collect();
        match (folded(&records), in_one_segment(&records).await) {
            (Ok(expected), Ok(found)) => {
                assert!(found.state().objects().eq(expected.objects()), "{records:?}");
                assert!(found.state().pending().eq(expected.pending()), "{records:?}");
                fit += 1;
            }
            (Err((at, expected)), Err(JournalError::Integrity { place, error })) => {
                assert_eq!(error, expected, "{records:?}");
                assert!(place.ends_with(&format!(", record {at}")), "{place}: {records:?}");
                unfit += 1;
            }
            (expected, found) => {
                panic!("{expected:?}, {:?}: {records:?}", found.map(|found| found.state().clone()))
            }
        }
    }
    assert!(fit > 50 && unfit > 10_000, "{fit} fit, {unfit} do not");
}

#[tokio::test]
async fn an_intent_that_cannot_be_understood_is_named_where_it_is_open() {
    let header = r#"{"landform":"segment","format":1,"stack":"base","lineage":"l","seq":1,"run":"r"}"#;
    let whole = serde_json::to_string(&intent("a", IntentAction::Create, "1")).unwrap();
    for (part, bad) in
        [("\"create\"", "\"wish\""), ("aws_vpc.a", "a"), ("\"1\"", "\"?\""), ("aws_region.home", "home")]
    {
        let store = MemoryStore::new();
        store.damage_segment(1, Some(&crate::damage::checked(&[header, &whole.replace(part, bad)])));
        let error = read(&store).await.unwrap_err();
        assert!(matches!(error, JournalError::Damaged { .. }), "{bad}: {error}");
        assert!(error.to_string().contains("a record that cannot be understood"), "{error}");
    }
}
