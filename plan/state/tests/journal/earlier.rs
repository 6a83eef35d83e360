//! States of earlier releases, and large states.

use super::*;

/// Every released format has a directory here, and every later release must open it.
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
