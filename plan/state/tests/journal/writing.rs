//! Writing and reading: group commit, closing, documents, history.

use super::*;

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

#[tokio::test]
async fn a_writer_that_goes_on_from_what_was_read_reads_only_what_came_since() {
    let (store, _) = told(true).await;
    let journal = read(&store).await.unwrap();
    let other = write(Arc::new(store.clone())).await;
    other.append(Record::observed(key("x"), object("x"))).await.unwrap();
    let state = other.close().await.unwrap();
    // A reader that starts from the beginning again would miss it.
    store.damage_segment(1, None);
    assert!(matches!(read(&store).await, Err(JournalError::Gap { missing: 1, .. })));
    let writer = journal.continue_with(claim("apply"), options()).await.unwrap();
    assert!(writer.state().objects().eq(state.objects()));
    assert!(writer.state().seq() > state.seq());
    writer.close().await.unwrap();
}
