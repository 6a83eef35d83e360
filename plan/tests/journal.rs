//! The journal and its stores: what is promised, and what happens when bytes, processes and disks fail.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use landform_core::{Address, Token};
use landform_plan::{
    journal::{
        Claim, IntegrityError, Intent, IntentAction, Journal, JournalError, Json, Notice, ObjectKey,
        ObjectState, Options, OutcomeResult, Record, State, Ticket, Who, Writer,
    },
    store::{
        self, CrashPoint, FaultyStore, LocalStore, MemoryStore, Store, StoreError, StoreErrorKind, contract,
    },
};
use serde_json::{Value, json};

fn key(name: &str) -> ObjectKey {
    format!("aws_vpc.{name}").parse().unwrap()
}

fn token(text: &str) -> Token {
    text.parse().unwrap()
}

fn object(id: &str) -> Arc<ObjectState> {
    Arc::new(ObjectState {
        type_name: "aws_vpc".parse().unwrap(),
        provider: "aws".into(),
        id: id.into(),
        schema_version: 1,
        args: json!({ "cidr_block": "10.0.0.0/16", "tags": { "Name": "größer" } }).into(),
        attributes: json!({ "id": id, "arn": format!("arn:{id}") }).into(),
        depends_on: vec!["aws_region.home".parse().unwrap()],
        tainted: false,
        create_before_destroy: true,
        retain_on_delete: false,
        token: token(&format!("t-{id}")),
        read_at: Some(1_800_000_000),
    })
}

fn intent(name: &str, action: IntentAction, attempt: &str) -> Record {
    Record::Intent(Arc::new(Intent {
        key: key(name),
        action,
        type_name: "aws_vpc".parse().unwrap(),
        token: token(attempt),
        provider: "aws".into(),
        id: None,
        inputs: json!({ "cidr_block": "10.0.0.0/16" }).into(),
        inputs_hash: "f00".into(),
        depends_on: vec!["aws_region.home".parse().unwrap()],
        create_before_destroy: true,
        retain_on_delete: false,
    }))
}

fn ticket(name: &str, attempt: &str) -> Record {
    Record::Ticket(Ticket { key: key(name), token: token(attempt), ticket: json!({ "op": 7 }).into() })
}

fn settled(name: &str, attempt: &str, result: OutcomeResult) -> Record {
    Record::outcome(key(name), token(attempt), result)
}

/// A little of everything; after it `a`, deposed `b` and `d` exist, and a creation is pending.
fn story() -> Vec<Record> {
    let old_b = ObjectKey::deposed(key("b").address, token("t-b"));
    vec![
        intent("a", IntentAction::Create, "1"),
        ticket("a", "1"),
        settled("a", "1", OutcomeResult::Exists(object("a"))),
        intent("b", IntentAction::Create, "2"),
        settled("b", "2", OutcomeResult::Exists(object("b"))),
        Record::moved(key("b"), old_b),
        intent("b", IntentAction::Create, "3"),
        settled("b", "3", OutcomeResult::Nothing),
        intent("c", IntentAction::Import, "4"),
        settled("c", "4", OutcomeResult::Exists(object("c"))),
        Record::observed(key("c"), object("c")),
        intent("c", IntentAction::Delete, "5"),
        settled("c", "5", OutcomeResult::Gone),
        Record::observed(key("d"), object("d")),
        intent("d", IntentAction::Update, "6"),
        settled(
            "d",
            "6",
            OutcomeResult::Failed { error: json!("throttled").into(), exists: Some(object("d")) },
        ),
        Record::observed(key("e"), object("e")),
        Record::vanished(key("e")),
        Record::Outputs(json!({ "vpc": "a" }).as_object().unwrap().clone()),
        intent("f", IntentAction::Create, "7"),
        ticket("f", "7"),
    ]
}

/// A writer that commits each append alone and leaves no time to chance.
fn options() -> Options {
    Options { group: Duration::from_secs(3600), retry_for: Duration::from_secs(5), ..Options::default() }
}

fn who() -> Who {
    Who { user: "ada".into(), host: "here".into(), pid: 7, boot: None, started: None }
}

fn claim(operation: &str) -> Claim {
    Claim { who: who(), ..Claim::new(operation) }
}

async fn write(store: Arc<dyn Store>) -> Writer {
    Journal::write_with(store, "base", claim("apply"), options()).await.unwrap()
}

async fn read(store: &MemoryStore) -> Result<Journal, JournalError> {
    Journal::read(Arc::new(store.clone()), "base").await
}

/// The story in a store, one record a segment or all in one.
async fn told(alone: bool) -> (MemoryStore, State) {
    let store = MemoryStore::new();
    let writer = write(Arc::new(store.clone())).await;
    for record in story() {
        if alone {
            writer.append(record).await.unwrap();
        } else {
            writer.enqueue(record).unwrap();
        }
    }
    let state = writer.close().await.unwrap();
    (store, state)
}

// ---- the fold

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

// ---- writing and reading

#[tokio::test]
async fn what_is_written_is_read() {
    for alone in [true, false] {
        let (store, state) = told(alone).await;
        let journal = read(&store).await.unwrap();
        assert_eq!(journal.state(), &state);
        assert_eq!(journal.notices(), []);
        let segments = store.list().await.unwrap().segments.len();
        assert_eq!(segments, if alone { story().len() + 2 } else { 2 }, "records share a commit");
        let run = &journal.revisions()[0];
        assert_eq!((run.seq, run.ended, run.begin.who.clone()), (1, true, who()));
    }
}

#[tokio::test]
async fn records_that_come_during_a_commit_share_the_next() {
    let store = Arc::new(MemoryStore::new());
    let writer = write(store.clone()).await;
    let appends =
        (0..100).map(|i| writer.append(Record::observed(key(&format!("n{i}")), object(&i.to_string()))));
    let appends: Vec<_> = appends.collect();
    for append in appends {
        append.await.unwrap();
    }
    assert!(store.list().await.unwrap().segments.len() < 10);
}

#[tokio::test]
async fn an_enqueued_record_is_committed_without_being_asked_for() {
    let store = Arc::new(MemoryStore::new());
    let quick = Options { group: Duration::from_millis(1), ..options() };
    let writer = Journal::write_with(store.clone(), "base", claim("apply"), quick).await.unwrap();
    writer.enqueue(Record::observed(key("a"), object("a"))).unwrap();
    while Journal::read(store.clone(), "base").await.unwrap().state().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn dropping_the_writer_commits_and_gives_the_lease_back() {
    let store = Arc::new(MemoryStore::new());
    let writer = write(store.clone()).await;
    writer.enqueue(Record::observed(key("a"), object("a"))).unwrap();
    drop(writer);
    while store.read_lease().await.unwrap().is_some() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let journal = Journal::read(store, "base").await.unwrap();
    assert_eq!(journal.state().len(), 1);
    assert!(!journal.revisions()[0].ended, "nobody said that the run finished");
}

#[tokio::test]
async fn a_closed_writer_refuses() {
    let store = Arc::new(MemoryStore::new());
    let writer = write(store).await;
    writer.close().await.unwrap();
    assert!(matches!(writer.append(Record::forget(key("a"))).await, Err(JournalError::Closed { .. })));
    assert!(matches!(writer.enqueue(Record::forget(key("a"))), Err(JournalError::Closed { .. })));
    assert!(matches!(writer.close().await, Err(JournalError::Closed { .. })));
}

#[tokio::test]
async fn a_record_that_does_not_fit_leaves_the_writer_at_work() {
    let (store, _) = told(true).await;
    let writer = write(Arc::new(store.clone())).await;
    let refused = writer.append(Record::forget(key("nobody"))).await;
    assert!(matches!(refused, Err(JournalError::Integrity { .. })), "{refused:?}");
    writer.append(Record::forget(key("a"))).await.unwrap();
    let state = writer.close().await.unwrap();
    assert_eq!(read(&store).await.unwrap().state(), &state);
}

#[tokio::test]
async fn a_state_travels_as_a_document() {
    let (_, state) = told(false).await;
    let text = state.to_json().unwrap();
    assert_eq!(State::from_json(&text).unwrap(), state);

    let store = Arc::new(MemoryStore::new());
    let writer = write(store.clone()).await;
    writer.import(&state).await.unwrap();
    assert!(matches!(writer.import(&state).await, Err(JournalError::NotEmpty { objects: 3, .. })));
    writer.close().await.unwrap();
    let imported = Journal::read(store, "base").await.unwrap();
    assert!(imported.state().objects().eq(state.objects()));
    assert!(imported.state().pending().eq(state.pending()));
    assert_eq!(imported.state().outputs(), state.outputs());

    let mut document: Value = serde_json::from_str(&text).unwrap();
    document["format"] = json!(99);
    let error = State::from_json(&document.to_string()).unwrap_err();
    assert!(error.to_string().contains("format 99") && error.to_string().contains("up to 1"), "{error}");
    assert!(
        State::from_json("{}").is_err() && State::from_json("[]").is_err() && State::from_json("x").is_err()
    );
}

#[tokio::test]
async fn history_can_be_read_at_every_segment() {
    let (store, state) = told(true).await;
    let journal = read(&store).await.unwrap();
    let mut expected = State::new("base", "");
    for (seq, record) in (2..).zip(story()) {
        expected.apply(record).unwrap();
        let then = journal.state_at(seq).await.unwrap();
        assert!(then.objects().eq(expected.objects()) && then.seq() == seq);
    }
    let beyond = journal.state_at(state.seq() + 1).await;
    assert!(matches!(beyond, Err(JournalError::NotReached { .. })), "{beyond:?}");
}

#[tokio::test]
async fn json_is_kept_as_text_and_compared_as_such() {
    let json = Json::new(&BTreeMap::from([("b", 1), ("a", 2)])).unwrap();
    assert_eq!(json.as_str(), r#"{"a":2,"b":1}"#);
    assert_eq!(json, Json::from_text(r#"{"a":2,"b":1}"#.into()).unwrap());
    let deep = Json::from_text("[".repeat(200) + &"]".repeat(200)).unwrap();
    assert!(deep.value().is_err(), "an error, not a crash");
    assert!(Json::from_text("{".into()).is_err());
}

// ---- damage

#[tokio::test]
async fn a_last_segment_cut_anywhere_counts_up_to_its_last_whole_record() {
    let (store, _) = told(false).await;
    let writer = write(Arc::new(store.clone())).await;
    writer.enqueue(Record::forget(key("a"))).unwrap();
    writer.enqueue(Record::forget(key("d"))).unwrap();
    writer.flush().await.unwrap();
    let before = writer.state();
    drop(writer);
    let seq = before.seq();
    let whole = store.read(seq).await.unwrap();
    let line_ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').map(|at| at + 1).collect();
    for length in 0..whole.len() {
        for zeros in [0, 512] {
            let store = store.fork();
            let mut bytes = whole[..length].to_vec();
            bytes.resize(length + zeros, 0);
            store.damage_segment(seq, Some(&bytes));
            for later in seq + 1..=seq + 2 {
                store.damage_segment(later, None);
            }
            let journal = read(&store).await.unwrap();
            let lines = line_ends.iter().filter(|end| **end <= length).count();
            let forgotten = lines.saturating_sub(1).min(2);
            assert_eq!(journal.state().len(), 3 - forgotten, "cut at {length}");
            let whole_bytes = line_ends.iter().rev().find(|end| **end <= length).copied().unwrap_or(0) as u64;
            let dropped = (length + zeros) as u64 - whole_bytes;
            assert_eq!(journal.notices(), [Notice::Torn { seq, offset: whole_bytes, dropped }]);

            if zeros == 0 {
                // The next writer goes on after the cut, and the cut stays acceptable.
                landform_plan::journal::unlock(&store).await.unwrap();
                let writer = write(Arc::new(store.clone())).await;
                writer.append(Record::observed(key("new"), object("new"))).await.unwrap();
                let state = writer.state();
                let journal = read(&store).await.unwrap();
                assert_eq!(journal.state(), &state);
                assert_eq!(journal.notices(), []);
                // What was cut comes back, as from a writer that slept in its midst: that is damage.
                store.damage_segment(seq, Some(&whole));
                let error = read(&store).await.unwrap_err();
                assert!(matches!(error, JournalError::Chain { .. }), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn every_altered_byte_is_named() {
    let (store, state) = told(true).await;
    let last = state.seq();
    for seq in [1, 2, last / 2, last] {
        let whole = store.read(seq).await.unwrap();
        for position in 0..whole.len() {
            for change in [1u8, 0x20, 0x80, whole[position] ^ b'\n', whole[position]] {
                if change == 0 {
                    continue;
                }
                let mut bytes = whole.clone();
                bytes[position] ^= change;
                store.damage_segment(seq, Some(&bytes));
                let error = read(&store).await.unwrap_err();
                match &error {
                    JournalError::Damaged { place, offset, .. } => {
                        assert!(place.contains(&format!("segment {seq}")), "{error}");
                        assert!(*offset <= position as u64, "{error} should name {position}");
                    }
                    other => panic!("byte {position} of segment {seq} as {}: {other}", bytes[position]),
                }
            }
        }
        store.damage_segment(seq, Some(&whole));
    }
    read(&store).await.unwrap();
}

#[tokio::test]
async fn a_cut_in_the_middle_of_the_journal_is_damage() {
    let (store, _) = told(true).await;
    let whole = store.read(3).await.unwrap();
    for length in 0..whole.len() {
        store.damage_segment(3, Some(&whole[..length]));
        let error = read(&store).await.unwrap_err();
        assert!(
            matches!(error, JournalError::Chain { before: 3, .. } | JournalError::Integrity { .. }),
            "{length}: {error}"
        );
    }
}

#[tokio::test]
async fn bytes_after_the_end_are_damage() {
    let (store, state) = told(true).await;
    let whole = store.read(state.seq()).await.unwrap();
    for more in [&b"x"[..], b"\0", b"\n", &whole] {
        store.damage_segment(state.seq(), Some(&[&whole, more].concat()));
        let error = read(&store).await.unwrap_err();
        assert!(matches!(error, JournalError::Damaged { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_missing_segment_is_named() {
    let (store, _) = told(true).await;
    store.damage_segment(5, None);
    store.damage_segment(6, None);
    let error = read(&store).await.unwrap_err();
    assert!(matches!(error, JournalError::Gap { missing: 5, found: 7, .. }), "{error}");
    assert!(error.to_string().contains("segment 5 is missing"), "{error}");
    assert!(Journal::write(Arc::new(store.clone()), "base", claim("apply")).await.is_err());
    assert_eq!(store.read_lease().await.unwrap(), None, "nothing was touched");
}

#[tokio::test]
async fn segments_out_of_place_are_named() {
    let (store, _) = told(true).await;
    let (third, fourth) = (store.read(3).await.unwrap(), store.read(4).await.unwrap());
    store.damage_segment(3, Some(&fourth));
    store.damage_segment(4, Some(&third));
    let error = read(&store).await.unwrap_err();
    assert!(error.to_string().contains("segment 3") && error.to_string().contains("is segment 4"), "{error}");

    let (one, _) = told(true).await;
    let (other, _) = told(true).await;
    one.damage_segment(3, Some(&other.read(3).await.unwrap()));
    let error = read(&one).await.unwrap_err();
    assert!(matches!(error, JournalError::OtherLineage { .. }), "{error}");
}

#[tokio::test]
async fn another_stacks_journal_is_refused_by_name() {
    let (store, _) = told(true).await;
    let store = Arc::new(store);
    let before = store.list().await.unwrap();
    let errors = [
        Journal::read(store.clone(), "prod").await.map(drop).unwrap_err(),
        Journal::write(store.clone(), "prod", claim("apply")).await.map(drop).unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, JournalError::OtherStack { .. }), "{error}");
        assert!(error.to_string().contains("\"prod\"") && error.to_string().contains("\"base\""), "{error}");
    }
    assert_eq!(store.list().await.unwrap(), before);
    assert_eq!(store.read_lease().await.unwrap(), None);
}

#[tokio::test]
async fn a_newer_format_is_refused_by_number() {
    let store = MemoryStore::new();
    store.damage_segment(1, Some(&checked(&[r#"{"landform":"segment","format":7,"shape":"unheard of"}"#])));
    let error = read(&store).await.unwrap_err();
    assert!(matches!(error, JournalError::Newer { found: 7, supported: 1, .. }), "{error}");
    store.damage_segment(1, None);
    store.damage_snapshot(4, Some(&checked(&[r#"{"landform":"snapshot","format":8}"#])));
    let error = read(&store).await.unwrap_err();
    assert!(matches!(error, JournalError::Newer { found: 8, supported: 1, .. }), "{error}");
}

#[tokio::test]
async fn sound_lines_of_unsound_meaning_are_errors_not_crashes() {
    let header = r#"{"landform":"segment","format":1,"stack":"base","lineage":"l","seq":1,"run":"r"}"#;
    let cases: [&[&str]; 8] = [
        &["{}"],
        &["[]", header],
        &[r#"{"landform":"snapshot","format":1}"#],
        &[header, r#"{"unheard_of":{}}"#],
        &[header, r#"{"forget":{"key":"no address"}}"#],
        &[header, r#"{"forget":{"key":"aws_vpc.a"}}"#],
        &[header, r#"{"sealed":{"records":5}}"#],
        &[header, r#"{"sealed":{"records":0}}"#, r#"{"outputs":{}}"#],
    ];
    for lines in cases {
        let store = MemoryStore::new();
        store.damage_segment(1, Some(&checked(lines)));
        let error = read(&store).await.unwrap_err();
        assert!(error.to_string().contains("memory:: segment 1"), "{lines:?}: {error}");
    }
}

#[tokio::test]
async fn no_meaning_however_bent_is_a_crash() {
    let (store, _) = told(false).await;
    let whole = store.read(2).await.unwrap();
    let lines: Vec<&[u8]> = whole.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let (mut understood, mut refused) = (0, 0);
    for (bent, line) in lines.iter().enumerate() {
        let (before, after) = (lines[..bent].join(&b'\n'), lines[bent + 1..].join(&b'\n'));
        for position in 9..line.len() {
            let json = [&line[9..position], &line[position + 1..]].concat();
            let checksum = format!("{:08x} ", crc(&json));
            let parts = [&before[..], checksum.as_bytes(), &json, &after];
            let bytes = if bent == 0 {
                [parts[1], parts[2], b"\n", parts[3], b"\n"].concat()
            } else {
                [parts[0], b"\n", parts[1], parts[2], b"\n", parts[3], b"\n"].concat()
            };
            store.damage_segment(2, Some(&bytes));
            match read(&store).await {
                Ok(_) => understood += 1,
                Err(JournalError::Damaged { what, .. }) if what.contains("checksum") => {
                    panic!("not bent: {what}")
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(understood > 0 && refused > understood, "{understood} understood, {refused} refused");
}

/// Lines with their checksums, as the format's description has them.
fn checked(lines: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines {
        bytes.extend(format!("{:08x} {line}\n", crc(line.as_bytes())).bytes());
    }
    bytes
}

/// CRC-32 bit by bit, apart from the one the journal uses.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8)
            .fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (0u32.wrapping_sub(crc & 1))))
    })
}

// ---- what earlier releases wrote

/// Every format that ever landed has a directory here and is opened by every later release.
#[tokio::test]
async fn golden_journals_still_open() {
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut expected = State::new("base", "");
    for record in story() {
        expected.apply(record).unwrap();
    }
    for name in ["journal-1", "journal-1-compacted"] {
        let journal = Journal::read(Arc::new(LocalStore::new(golden.join(name))), "base").await.unwrap();
        let state = journal.state();
        assert!(state.objects().eq(expected.objects()), "{name}");
        assert!(state.pending().eq(expected.pending()), "{name}");
        assert_eq!(state.outputs(), expected.outputs(), "{name}");
        assert_eq!(journal.revisions()[0].begin.who, who(), "{name}");
        assert_eq!(journal.notices(), [], "{name}");
    }
    let document = std::fs::read_to_string(golden.join("state-1.json")).unwrap();
    let state = State::from_json(&document).unwrap();
    assert!(state.objects().eq(expected.objects()) && state.pending().eq(expected.pending()));
    assert_eq!(state.to_json().unwrap(), document.trim_end(), "what is read is written the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_objects_are_read_from_segments_and_from_a_snapshot() {
    let (_directory, store) = local();
    let growing = Options { compact_bytes: u64::MAX, ..options() };
    let writer = Journal::write_with(store.clone(), "base", claim("fill"), growing).await.unwrap();
    for i in 0..100_000 {
        writer.enqueue(Record::observed(key(&format!("n{i}")), object(&i.to_string()))).unwrap();
    }
    let state = writer.close().await.unwrap();
    assert_eq!(Journal::read(store.clone(), "base").await.unwrap().state(), &state);

    let compacting = Options { keep_snapshots: 1, ..compacting() };
    let writer = Journal::write_with(store.clone(), "base", claim("compact"), compacting).await.unwrap();
    let state = writer.close().await.unwrap();
    assert_eq!(
        store.list().await.unwrap(),
        store::Listing { segments: vec![], snapshots: vec![state.seq()] }
    );
    let journal = Journal::read(store, "base").await.unwrap();
    assert_eq!(journal.state(), &state);
    state.verify().unwrap();
}

// ---- two writers

#[tokio::test]
async fn a_second_writer_is_told_who_holds_the_stack() {
    let store = Arc::new(MemoryStore::new());
    let first = write(store.clone()).await;
    let error = Journal::write(store.clone(), "base", claim("destroy")).await.unwrap_err();
    let JournalError::Held(held) = &error else { panic!("{error}") };
    assert_eq!((&held.lease.who, held.lease.operation.as_str()), (&who(), "apply"));
    for part in ["ada on here (process 7)", "since 2", "last heard of at 2", "unlock"] {
        assert!(error.to_string().contains(part), "{error} should say {part}");
    }
    first.close().await.unwrap();
    Journal::write(store, "base", claim("destroy")).await.unwrap();
}

#[tokio::test]
async fn a_writer_that_waits_gets_its_turn() {
    let store = Arc::new(MemoryStore::new());
    let first = write(store.clone()).await;
    let second = tokio::spawn({
        let store = store.clone();
        async move { Journal::write(store, "base", claim("destroy").wait(Duration::from_secs(60))).await }
    });
    first.append(Record::observed(key("a"), object("a"))).await.unwrap();
    first.close().await.unwrap();
    assert_eq!(second.await.unwrap().unwrap().state().len(), 1);
}

#[tokio::test]
async fn a_writer_that_was_taken_over_is_refused_and_told_by_whom() {
    let store = Arc::new(MemoryStore::new());
    let sleeper = write(store.clone()).await;
    sleeper.append(Record::observed(key("a"), object("a"))).await.unwrap();
    let removed = landform_plan::journal::unlock(&*store).await.unwrap().unwrap();
    assert_eq!(removed.run, sleeper.run());
    let next = Journal::write(store.clone(), "base", claim("destroy")).await.unwrap();

    let error = sleeper.append(Record::forget(key("a"))).await.unwrap_err();
    assert!(matches!(error, JournalError::Fenced { .. }), "{error}");
    assert!(error.to_string().contains("ada on here (process 7), destroy since"), "{error}");
    for _ in 0..2 {
        let again = sleeper.enqueue(Record::forget(key("a")));
        assert!(matches!(again, Err(JournalError::Fenced { .. })), "{again:?}");
    }
    let state = next.close().await.unwrap();
    assert_eq!(state.len(), 1, "what the sleeper had been promised is kept, nothing after it");
}

#[tokio::test]
async fn a_heartbeat_that_finds_another_holder_stops_the_writer() {
    let store = Arc::new(MemoryStore::new());
    let short = Options { lease: Duration::from_millis(40), ..options() };
    let writer = Journal::write_with(store.clone(), "base", claim("apply"), short).await.unwrap();
    let stolen = loop {
        let Some((version, _)) = store.read_lease().await.unwrap() else { continue };
        if let Ok(version) = store.put_lease(Some(&version), b"{}".to_vec()).await {
            break version;
        }
    };
    let error = loop {
        match writer.enqueue(Record::Outputs(Default::default())) {
            Ok(()) => tokio::time::sleep(Duration::from_millis(1)).await,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, JournalError::Fenced { .. }), "{error}");
    drop(writer);
    assert_eq!(store.read_lease().await.unwrap().unwrap().0, stolen, "another's lease is left alone");
}

#[tokio::test]
async fn two_writers_racing_share_no_segment() {
    for round in 0..20 {
        let store = Arc::new(MemoryStore::new());
        let first = write(store.clone()).await;
        landform_plan::journal::unlock(&*store).await.unwrap();
        let second = tokio::spawn({
            let store = store.clone();
            async move { Journal::write(store, "base", claim("b")).await.unwrap() }
        });
        let mut kept = Vec::new();
        let error = loop {
            let name = format!("a{}", kept.len());
            match first.append(Record::observed(key(&name), object(&name))).await {
                Ok(seq) => kept.push((seq, name)),
                Err(error) => break error,
            }
            // Some rounds leave the other one time to begin, some none.
            if kept.len() % (round + 1) == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        assert!(matches!(error, JournalError::Fenced { .. }), "{error}");
        let second = second.await.unwrap();
        let seq = second.append(Record::observed(key("b"), object("b"))).await.unwrap();
        assert!(kept.iter().all(|(kept, _)| *kept < seq), "every number has one winner");
        let state = Journal::read(store, "base").await.unwrap().state().clone();
        assert_eq!(state.len(), kept.len() + 1, "every promise is kept");
        assert!(kept.iter().all(|(_, name)| state.object(&key(name)).is_some()));
    }
}

#[tokio::test]
async fn a_holder_that_never_pauses_does_not_keep_the_next_one_out() {
    let store = Arc::new(MemoryStore::new());
    let short = Options { lease: Duration::from_millis(400), ..options() };
    let first = Journal::write_with(store.clone(), "base", claim("a"), short).await.unwrap();
    landform_plan::journal::unlock(&*store).await.unwrap();
    let second = tokio::spawn({
        let store = store.clone();
        async move { Journal::write(store, "base", claim("b")).await }
    });
    let error = loop {
        let appended = first.append(Record::observed(key("a"), object("a"))).await;
        if let Err(error) = appended {
            break error;
        }
    };
    assert!(matches!(error, JournalError::Fenced { .. }), "{error}");
    let state = second.await.unwrap().unwrap().close().await.unwrap();
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

#[tokio::test]
async fn the_lease_of_a_dead_process_is_taken_at_once() {
    let store = Arc::new(MemoryStore::new());
    let mut child = std::process::Command::new("true").spawn().unwrap();
    let living = Who::current();
    let dead = Who { pid: child.id(), started: Some(1), ..living };
    child.wait().unwrap();
    let lease = json!({ "who": dead, "run": "x", "operation": "apply", "since": 1, "heartbeat_at": 1,
        "expires": u64::MAX });
    store.put_lease(None, lease.to_string().into_bytes()).await.unwrap();
    let result = Journal::write(store, "base", claim("apply")).await;
    if cfg!(target_os = "linux") {
        let notices = result.unwrap().notices();
        assert!(matches!(&notices[..], [Notice::TookOver { from }] if from.run == "x"), "{notices:?}");
    } else {
        assert!(matches!(result, Err(JournalError::Held(_))), "elsewhere it is waited for");
    }
}

#[tokio::test]
async fn an_expired_lease_from_elsewhere_is_watched_and_then_taken() {
    let store = Arc::new(MemoryStore::new());
    let elsewhere = Who { user: "bob".into(), host: "elsewhere".into(), ..who() };
    let lease = json!({ "who": elsewhere, "run": "x", "operation": "apply", "since": 1, "heartbeat_at": 1,
        "expires": 2 });
    let version = store.put_lease(None, lease.to_string().into_bytes()).await.unwrap();
    let short = Options { lease: Duration::from_millis(400), ..options() };
    let claiming = tokio::spawn({
        let store = store.clone();
        async move { Journal::write_with(store, "base", claim("apply"), short).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!claiming.is_finished(), "its clock may be wrong");
    store.put_lease(Some(&version), lease.to_string().into_bytes()).await.unwrap();
    claiming.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_lease_that_cannot_be_understood_stops_nobody() {
    let store = Arc::new(MemoryStore::new());
    store.put_lease(None, b"\xff".to_vec()).await.unwrap();
    write(store).await.close().await.unwrap();
}

#[test]
fn a_run_whose_runtime_is_gone_is_over() {
    let store = Arc::new(MemoryStore::new());
    let run = |store: Arc<MemoryStore>| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let writer = runtime.block_on(Journal::write(store, "base", Claim::new("apply"))).unwrap();
        drop(runtime);
        writer
    };
    let killed = run(store.clone());
    assert_eq!(list(&store).segments, [1]);
    if cfg!(target_os = "linux") {
        let next = run(store.clone());
        assert_eq!(list(&store).segments, [1, 2]);
        drop(next);
    }
    drop(killed);
}

fn list(store: &MemoryStore) -> store::Listing {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(store.list()).unwrap()
}

// ---- a store that fails

#[tokio::test]
async fn a_lost_answer_is_neither_a_loss_nor_a_double() {
    let inner = MemoryStore::new();
    let store = FaultyStore::counting(inner.clone()).lose_answers(3);
    let writer = write(Arc::new(store)).await;
    for name in ["a", "b", "c"] {
        writer.append(Record::observed(key(name), object(name))).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    assert_eq!(read(&inner).await.unwrap().state(), &state);
    assert_eq!(inner.list().await.unwrap().segments, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_store_that_is_unavailable_for_a_while_is_waited_for() {
    let store = FaultyStore::counting(MemoryStore::new()).fail_appends(StoreErrorKind::Unavailable, 2);
    write(Arc::new(store)).await.close().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_ends_the_writer_and_the_next_goes_on() {
    let inner = MemoryStore::new();
    let store = Arc::new(FaultyStore::crashing(inner.clone(), 3, CrashPoint::Before));
    let writer = write(store.clone()).await;
    writer.append(Record::observed(key("a"), object("a"))).await.unwrap();
    let error = writer.append(Record::observed(key("b"), object("b"))).await.unwrap_err();
    assert!(matches!(error, JournalError::Store(_)), "{error}");
    assert!(writer.append(Record::observed(key("c"), object("c"))).await.is_err(), "no second chance");
    assert!(writer.flush().await.is_err() && writer.close().await.is_err());
    assert_eq!(read(&inner).await.unwrap().state().len(), 1);
}

/// A writer that compacts all the time.
fn compacting() -> Options {
    Options { compact_segments: 3, keep_snapshots: 2, lease: Duration::from_secs(3600), ..options() }
}

#[tokio::test]
async fn compaction_keeps_the_state_and_some_history() {
    let store = MemoryStore::new();
    let shared: Arc<dyn Store> = Arc::new(store.clone());
    let writer = Journal::write_with(shared.clone(), "base", claim("apply"), compacting()).await.unwrap();
    let mut states = Vec::new();
    for record in story() {
        writer.append(record).await.unwrap();
        states.push(writer.state());
        tokio::task::yield_now().await;
    }
    let state = writer.close().await.unwrap();
    let listing = store.list().await.unwrap();
    assert_eq!(listing.snapshots.len(), 2);
    assert_eq!(listing.segments.first(), Some(&(listing.snapshots[0] + 1)), "{listing:?}");
    let journal = read(&store).await.unwrap();
    assert_eq!(journal.state(), &state);
    assert_eq!(journal.revisions(), state.revisions());
    for then in &states {
        match journal.state_at(then.seq()).await {
            Ok(state) => assert_eq!(&state, then),
            Err(JournalError::NotRetained { oldest, .. }) => assert!(then.seq() < oldest),
            Err(other) => panic!("{other}"),
        }
    }
    // The chain goes on over the snapshot.
    let writer = Journal::write_with(shared, "base", claim("apply"), compacting()).await.unwrap();
    writer.append(Record::forget(key("a"))).await.unwrap();
    let state = writer.close().await.unwrap();
    assert_eq!(read(&store).await.unwrap().state(), &state);
}

#[tokio::test]
async fn a_crash_around_any_write_loses_no_promise() {
    // First without a crash, to know how many writes there are.
    let counting = Arc::new(FaultyStore::counting(MemoryStore::new()));
    live(counting.clone()).await;
    let writes = counting.writes();
    assert!(writes > 30, "appends, snapshots, prunings and leases: {writes}");
    for at in 0..writes {
        for point in [CrashPoint::Before, CrashPoint::After] {
            let inner = MemoryStore::new();
            let faulty = Arc::new(FaultyStore::crashing(inner.clone(), at, point));
            let (promised, handed_in) = live(faulty.clone()).await;
            assert!(faulty.is_dead(), "write {at} came");
            let journal = read(&inner).await.unwrap();
            let found = journal.state();
            assert!(
                promised <= found.seq() && found.seq() <= handed_in.saturating_add(1),
                "crash {point:?} write {at}: promised {promised}, found {}",
                found.seq()
            );
            let mut expected = State::new("base", "");
            for record in story().into_iter().take(found.seq().saturating_sub(1) as usize) {
                expected.apply(record).unwrap();
            }
            assert!(found.objects().eq(expected.objects()), "crash {point:?} write {at}");
            assert!(found.pending().eq(expected.pending()), "crash {point:?} write {at}");
            // And the next run goes on, compacting as it goes.
            landform_plan::journal::unlock(&inner).await.unwrap();
            let next =
                Journal::write_with(Arc::new(inner.clone()), "base", claim("apply"), compacting()).await;
            let next = next.unwrap();
            for i in 0..8 {
                next.append(Record::observed(key(&format!("x{i}")), object(&format!("x{i}")))).await.unwrap();
            }
            let state = next.close().await.unwrap();
            assert_eq!(read(&inner).await.unwrap().state(), &state, "crash {point:?} write {at}");
        }
    }
}

/// A run over the story, one record a segment; gives the last segment promised and the last handed in.
async fn live(store: Arc<dyn Store>) -> (u64, u64) {
    let Ok(writer) = Journal::write_with(store, "base", claim("apply"), compacting()).await else {
        return (0, 1);
    };
    let mut promised = 1;
    for record in story() {
        match writer.append(record).await {
            Ok(seq) => promised = seq,
            Err(_) => return (promised, promised + 1),
        }
        // Let the compaction begin its next step, so that crashes fall into it too.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
    }
    let closed = writer.close().await.is_ok();
    (promised + u64::from(closed), promised + 1)
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_written_is_told_and_does_no_harm() {
    #[derive(Debug)]
    struct NoSnapshots(MemoryStore);

    #[async_trait::async_trait]
    impl Store for NoSnapshots {
        fn describe(&self) -> String {
            self.0.describe()
        }
        async fn list(&self) -> Result<store::Listing, StoreError> {
            self.0.list().await
        }
        async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError> {
            self.0.append(seq, bytes).await
        }
        async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError> {
            self.0.read(seq).await
        }
        async fn put_snapshot(&self, _: u64, _: store::Parts) -> Result<(), StoreError> {
            Err(StoreError::new(StoreErrorKind::Full, "write", "the snapshot"))
        }
        async fn read_snapshot(&self, seq: u64) -> Result<store::Chunks, StoreError> {
            self.0.read_snapshot(seq).await
        }
        async fn prune(&self, through: u64) -> Result<(), StoreError> {
            self.0.prune(through).await
        }
        async fn read_lease(&self) -> Result<Option<(store::LeaseVersion, Vec<u8>)>, StoreError> {
            self.0.read_lease().await
        }
        async fn put_lease(
            &self,
            previous: Option<&store::LeaseVersion>,
            bytes: Vec<u8>,
        ) -> Result<store::LeaseVersion, StoreError> {
            self.0.put_lease(previous, bytes).await
        }
        async fn remove_lease(&self, version: &store::LeaseVersion) -> Result<(), StoreError> {
            self.0.remove_lease(version).await
        }
    }

    let inner = MemoryStore::new();
    let store = Arc::new(NoSnapshots(inner.clone()));
    let writer = Journal::write_with(store, "base", claim("apply"), compacting()).await.unwrap();
    for record in story() {
        writer.append(record).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    let notices = writer.notices();
    assert!(
        !notices.is_empty() && notices.iter().all(|n| n.to_string().contains("Make room")),
        "{notices:?}"
    );
    assert_eq!(read(&inner).await.unwrap().state(), &state);
}

#[tokio::test]
async fn every_altered_or_missing_byte_of_a_snapshot_is_noticed() {
    let store = MemoryStore::new();
    let keeping_one = Options { keep_snapshots: 1, ..compacting() };
    let writer =
        Journal::write_with(Arc::new(store.clone()), "base", claim("apply"), keeping_one).await.unwrap();
    for record in story() {
        writer.append(record).await.unwrap();
        tokio::task::yield_now().await;
    }
    let state = writer.close().await.unwrap();
    let seq = store.list().await.unwrap().snapshots[0];
    let chunks = store.read_snapshot(seq).await.unwrap();
    let whole: Vec<u8> = futures::TryStreamExt::try_collect::<Vec<_>>(chunks).await.unwrap().concat();
    for position in 0..whole.len() {
        let mut altered = whole.clone();
        altered[position] ^= 1;
        let longer = [&whole[..], &whole[position..]].concat();
        for bytes in [&altered[..], &whole[..position], &longer] {
            store.damage_snapshot(seq, Some(bytes));
            let error = read(&store).await.unwrap_err();
            assert!(matches!(error, JournalError::Damaged { .. }), "{position}: {error}");
            assert!(error.to_string().contains(&format!("snapshot {seq}")), "{error}");
        }
    }
    store.damage_snapshot(seq, Some(&whole));
    assert_eq!(read(&store).await.unwrap().state(), &state);
}

#[tokio::test]
async fn a_damaged_snapshot_is_passed_over_while_the_older_way_is_kept() {
    let store = MemoryStore::new();
    let writer =
        Journal::write_with(Arc::new(store.clone()), "base", claim("apply"), compacting()).await.unwrap();
    for record in story() {
        writer.append(record).await.unwrap();
        tokio::task::yield_now().await;
    }
    let state = writer.close().await.unwrap();
    let snapshots = store.list().await.unwrap().snapshots;
    store.damage_snapshot(snapshots[1], Some(b"rubbish"));
    let journal = read(&store).await.unwrap();
    assert_eq!(journal.state(), &state);
    assert!(matches!(journal.notices(), [Notice::SnapshotPassedOver { seq, .. }] if *seq == snapshots[1]));
    store.damage_snapshot(snapshots[0], None);
    let error = read(&store).await.unwrap_err();
    assert!(matches!(error, JournalError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn a_writer_that_slept_through_compaction_is_refused() {
    let store = MemoryStore::new();
    let sleeper = write(Arc::new(store.clone())).await;
    landform_plan::journal::unlock(&store).await.unwrap();
    let keeping_one = Options { keep_snapshots: 1, ..compacting() };
    let other =
        Journal::write_with(Arc::new(store.clone()), "base", claim("apply"), keeping_one).await.unwrap();
    for record in story() {
        other.append(record).await.unwrap();
        tokio::task::yield_now().await;
    }
    let state = other.close().await.unwrap();
    assert!(!store.list().await.unwrap().segments.contains(&2), "its number is free to look at");
    let error = sleeper.append(Record::Outputs(Default::default())).await.unwrap_err();
    assert!(matches!(error, JournalError::Fenced { seq: 2, .. }), "{error}");
    assert_eq!(read(&store).await.unwrap().state(), &state);
}

// ---- the local directory

fn local() -> (tempfile::TempDir, Arc<LocalStore>) {
    let directory = tempfile::tempdir().unwrap();
    let store = Arc::new(LocalStore::new(directory.path().join("deep/er/base")));
    (directory, store)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stores_keep_the_contract() {
    contract::all(|| Arc::new(MemoryStore::new())).await;
    let directory = tempfile::tempdir().unwrap();
    let count = std::sync::atomic::AtomicU32::new(0);
    contract::all(|| {
        let name = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
        Arc::new(LocalStore::new(directory.path().join(name)))
    })
    .await;
}

#[tokio::test]
async fn reading_a_missing_directory_makes_nothing() {
    let (directory, store) = local();
    let journal = Journal::read(store, "base").await.unwrap();
    assert!(journal.state().is_empty() && journal.state().seq() == 0);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_directory_holds_the_journal() {
    let (_directory, store) = local();
    let writer = Journal::write_with(store.clone(), "base", claim("apply"), compacting()).await.unwrap();
    for record in story() {
        writer.append(record).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    let again = store::open(&store.describe()).unwrap();
    assert_eq!(Journal::read(again, "base").await.unwrap().state(), &state);
    let left: Vec<_> = walk(store.root()).into_iter().filter(|path| path.contains(".tmp-")).collect();
    assert_eq!(left, Vec::<String>::new(), "no temporary files stay");
}

fn walk(root: &std::path::Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path.display().to_string()) }
    }
    files
}

#[tokio::test]
async fn places_that_cannot_hold_a_journal_say_so_and_stay_as_they_are() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let foreign = directory.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("main.tf"), "x").unwrap();
    for (place, part) in [(&file, "Name an empty or new place"), (&foreign, "\"main.tf\"")] {
        let store = Arc::new(LocalStore::new(place));
        for error in [
            Journal::read(store.clone(), "base").await.map(drop).unwrap_err(),
            Journal::write(store.clone(), "base", claim("apply")).await.map(drop).unwrap_err(),
        ] {
            assert!(error.to_string().contains(part), "{error}");
            assert!(error.to_string().contains(&place.display().to_string()), "{error}");
        }
    }
    assert_eq!(walk(directory.path()).len(), 2);
}

#[tokio::test]
async fn a_directory_that_vanishes_in_mid_run_is_named() {
    let (_directory, store) = local();
    let writer = write(store.clone()).await;
    std::fs::remove_dir_all(store.root()).unwrap();
    let error = writer.append(Record::Outputs(Default::default())).await.unwrap_err();
    let JournalError::Store(cause) = &error else { panic!("{error}") };
    assert_eq!(cause.kind(), StoreErrorKind::Vanished, "{error}");
    assert!(error.to_string().contains("base/journal"), "{error}");
    drop(writer);
}

#[tokio::test]
async fn leftovers_of_killed_processes_do_no_harm() {
    let (_directory, store) = local();
    write(store.clone()).await.close().await.unwrap();
    let journal = store.root().join("journal");
    for name in [".tmp-1-0", "00000000000000000009.seg.bak", "README", "9.seg"] {
        std::fs::write(journal.join(name), "half").unwrap();
    }
    assert_eq!(store.list().await.unwrap().segments, [1, 2]);
    write(store).await.close().await.unwrap();
}
