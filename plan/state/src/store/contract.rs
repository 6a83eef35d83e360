//! The contract of [`Store`] as checks for any store, including your own.
//!
//! Each function takes an **empty** store and panics if the contract is broken. If it is dropped, its writes so far
//! stay. [`all`] runs them on stores from a maker:
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use landform_state::store::{MemoryStore, contract};
//! contract::all(|| std::sync::Arc::new(MemoryStore::new())).await;
//! # });
//! ```

use std::sync::Arc;

use futures::{TryStreamExt as _, future::join_all};

use super::{
    Content, Entries, Expect, Files, LeaseVersion, Listing, Parts, Store, StoreError, StoreErrorKind,
};

/// Runs every check, each on a new store from `make`.
pub async fn all(make: impl Fn() -> Arc<dyn Store>) {
    reading_creates_nothing(make()).await;
    segments_are_kept(make()).await;
    a_number_is_won_once(make()).await;
    a_race_has_one_winner(make()).await;
    snapshots_are_kept_and_replaced(make()).await;
    pruning_keeps_what_readers_need(make()).await;
    a_pruned_number_stays_taken(make()).await;
    the_lease_changes_hands_in_order(make()).await;
    a_race_for_the_lease_has_one_winner(make()).await;
}

/// An empty store lists as empty, has no lease, and answers `NotFound`.
pub async fn reading_creates_nothing(store: Arc<dyn Store>) {
    assert_eq!(good(store.list().await), Listing::default(), "an empty store lists as empty");
    assert_eq!(good(store.read_lease().await), None, "an empty store has no lease");
    assert_eq!(kind(store.read(1).await), StoreErrorKind::NotFound);
    assert_eq!(kind(store.read_snapshot(1).await.map(drop)), StoreErrorKind::NotFound);
    assert_eq!(kind(store.prune(1).await), StoreErrorKind::NotFound);
    assert_eq!(good(store.list().await), Listing::default(), "reading creates nothing");
}

/// What is appended is listed in order and read back byte for byte.
pub async fn segments_are_kept(store: Arc<dyn Store>) {
    let contents: Vec<Vec<u8>> = (0..12u8).map(|i| vec![i; usize::from(i) * 1000]).collect();
    for (seq, content) in (1..).zip(&contents) {
        good(store.append(seq, content.as_slice().into()).await);
    }
    assert_eq!(good(store.list().await).segments, (1..=12).collect::<Vec<u64>>());
    for (seq, content) in (1..).zip(&contents) {
        assert_eq!(&good(store.read(seq).await), content, "segment {seq} has the appended bytes");
    }
}

/// A second append of a number fails and changes nothing.
pub async fn a_number_is_won_once(store: Arc<dyn Store>) {
    good(store.append(1, b"first".as_slice().into()).await);
    assert_eq!(kind(store.append(1, b"second".as_slice().into()).await), StoreErrorKind::Taken);
    assert_eq!(kind(store.append(1, b"first".as_slice().into()).await), StoreErrorKind::Taken);
    assert_eq!(good(store.read(1).await), b"first", "the loser changes nothing");
}

/// Of eight concurrent appends of one number, one succeeds, and readers get its bytes.
pub async fn a_race_has_one_winner(store: Arc<dyn Store>) {
    for seq in 1..=20u64 {
        let racers = (0..8u8).map(|racer| {
            let store = store.clone();
            tokio::spawn(async move { (racer, store.append(seq, vec![racer; 100].into()).await) })
        });
        let mut winners = Vec::new();
        for answer in join_all(racers).await {
            let (racer, result) = answer.unwrap_or_else(|error| panic!("a racer stopped: {error}"));
            match result {
                Ok(()) => winners.push(racer),
                Err(error) => assert_eq!(error.kind(), StoreErrorKind::Taken, "{error}"),
            }
        }
        assert_eq!(winners.len(), 1, "segment {seq} has one winner, not {winners:?}");
        assert_eq!(good(store.read(seq).await), vec![winners[0]; 100], "the winner's bytes are there");
    }
}

/// A snapshot is read back as it was written, and can be written again.
pub async fn snapshots_are_kept_and_replaced(store: Arc<dyn Store>) {
    good(store.append(1, b"one".as_slice().into()).await);
    for size in [3usize, 100_000] {
        let parts: Vec<Vec<u8>> = (0..5u8).map(|i| vec![i; size]).collect();
        let expected = parts.concat();
        good(store.put_snapshot(1, Box::new(parts.into_iter())).await);
        assert_eq!(snapshot(&store, 1).await, expected);
    }
    assert_eq!(good(store.list().await), Listing { segments: vec![1], snapshots: vec![1] });
}

/// Pruning removes what the snapshot covers, nothing else, and can be repeated.
pub async fn pruning_keeps_what_readers_need(store: Arc<dyn Store>) {
    for seq in 1..=6 {
        good(store.append(seq, b"x".as_slice().into()).await);
    }
    for seq in [2, 4] {
        good(store.put_snapshot(seq, text("snapshot")).await);
    }
    assert_eq!(kind(store.prune(3).await), StoreErrorKind::NotFound);
    assert_eq!(good(store.list().await), Listing { segments: (1..=6).collect(), snapshots: vec![2, 4] });
    for _ in 0..2 {
        good(store.prune(4).await);
        assert_eq!(good(store.list().await), Listing { segments: vec![5, 6], snapshots: vec![4] });
    }
    assert_eq!(snapshot(&store, 4).await, b"snapshot");
}

/// A writer that slept through pruning is still refused. This is its fencing.
pub async fn a_pruned_number_stays_taken(store: Arc<dyn Store>) {
    for seq in 1..=3 {
        good(store.append(seq, b"x".as_slice().into()).await);
    }
    good(store.put_snapshot(3, text("snapshot")).await);
    good(store.prune(3).await);
    for seq in 1..=3 {
        assert_eq!(kind(store.append(seq, b"late".as_slice().into()).await), StoreErrorKind::Taken);
    }
    assert_eq!(good(store.list().await).segments, Vec::<u64>::new(), "the late writer leaves nothing");
    good(store.append(4, b"next".as_slice().into()).await);
}

/// The lease is replaced and removed only at the version that was read.
pub async fn the_lease_changes_hands_in_order(store: Arc<dyn Store>) {
    let first = good(store.put_lease(None, b"a".to_vec()).await);
    assert_eq!(kind(store.put_lease(None, b"b".to_vec()).await), StoreErrorKind::Conflict);
    let second = good(store.put_lease(Some(&first), b"c".to_vec()).await);
    assert_ne!(first, second);
    assert_eq!(kind(store.put_lease(Some(&first), b"d".to_vec()).await), StoreErrorKind::Conflict);
    assert_eq!(kind(store.remove_lease(&first).await), StoreErrorKind::Conflict);
    assert_eq!(good(store.read_lease().await), Some((second.clone(), b"c".to_vec())));
    good(store.remove_lease(&second).await);
    assert_eq!(good(store.read_lease().await), None);
    assert_eq!(kind(store.remove_lease(&second).await), StoreErrorKind::Conflict);
    let third = good(store.put_lease(None, b"e".to_vec()).await);
    assert!(third != first && third != second, "a version is never used again");
}

/// Of eight that replace one version of the lease, one succeeds.
pub async fn a_race_for_the_lease_has_one_winner(store: Arc<dyn Store>) {
    let mut previous: Option<LeaseVersion> = None;
    for round in 0..20 {
        let racers = (0..8u8).map(|racer| {
            let (store, previous) = (store.clone(), previous.clone());
            tokio::spawn(async move { (racer, store.put_lease(previous.as_ref(), vec![racer]).await) })
        });
        let mut winners = Vec::new();
        for answer in join_all(racers).await {
            let (racer, result) = answer.unwrap_or_else(|error| panic!("a racer stopped: {error}"));
            match result {
                Ok(version) => winners.push((version, vec![racer])),
                Err(error) => assert_eq!(error.kind(), StoreErrorKind::Conflict, "{error}"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round} has one winner, not {winners:?}");
        assert_eq!(good(store.read_lease().await).as_ref(), winners.first());
        previous = winners.pop().map(|(version, _)| version);
    }
}

/// The contract of [`Files`] in any place, which must be empty.
pub async fn files_are_kept(files: &Files) {
    let (config, nodes) = ("k8s.example.com/config", "k8s.example.com/instancegroup/nodes");
    assert_eq!(good(files.get(config).await), None);
    assert_eq!(good(files.list("").await), Entries::default());
    assert_eq!(good(files.list("k8s.example.com").await), Entries::default(), "reading creates nothing");

    let first = good(files.put(config, b"one".to_vec(), Expect::Nothing).await);
    assert_eq!(kind(files.put(config, b"two".to_vec(), Expect::Nothing).await), StoreErrorKind::Conflict);
    assert_eq!(
        good(files.get(config).await),
        Some(Content { bytes: b"one".to_vec(), version: first.clone() })
    );
    let second = good(files.put(config, b"two".to_vec(), Expect::Version(&first)).await);
    assert_ne!(first, second);
    let late = files.put(config, b"late".to_vec(), Expect::Version(&first)).await;
    assert_eq!(kind(late), StoreErrorKind::Conflict);
    let absent = files.put(nodes, b"late".to_vec(), Expect::Version(&first)).await;
    assert_eq!(kind(absent), StoreErrorKind::Conflict);
    good(files.put(nodes, b"nodes".to_vec(), Expect::Anything).await);
    good(files.put(nodes, b"more nodes".to_vec(), Expect::Anything).await);
    good(files.put("k8s.example.com-2/config", Vec::new(), Expect::Nothing).await);

    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let all = Entries { files: Vec::new(), folders: names(&["k8s.example.com", "k8s.example.com-2"]) };
    assert_eq!(good(files.list("").await), all);
    let cluster = Entries { files: names(&["config"]), folders: names(&["instancegroup"]) };
    assert_eq!(good(files.list("k8s.example.com").await), cluster, "another of a longer name is not in it");
    assert_eq!(good(files.list("k8s.example.com/instancegroup").await).files, ["nodes"]);
    assert_eq!(good(files.get("k8s.example.com").await), None, "a folder is not a file");
    assert_eq!(good(files.get(config).await).map(|found| found.bytes), Some(b"two".to_vec()));
    assert_eq!(good(files.get(nodes).await).map(|found| found.bytes), Some(b"more nodes".to_vec()));

    let other = "k8s.example.com-2/config";
    good(files.remove(other).await);
    good(files.remove(other).await);
    assert_eq!(good(files.get(other).await), None);
    assert_eq!(good(files.list("").await).folders, ["k8s.example.com"], "no folder is left without files");
    good(files.put(other, Vec::new(), Expect::Nothing).await);

    let racers = (0..8u8).map(|racer| {
        let (files, second) = (files.clone(), second.clone());
        tokio::spawn(async move { files.put(config, vec![racer; 9], Expect::Version(&second)).await })
    });
    let answers = join_all(racers).await;
    let won = answers.into_iter().filter(|answer| matches!(answer, Ok(Ok(_)))).count();
    assert_eq!(won, 1, "one of eight replaces a version");

    for bad in ["", "/config", "a//b", "../config", "a/./b", "a/", "a\\b", "a\0b"] {
        assert_eq!(kind(files.get(bad).await), StoreErrorKind::BadUrl, "{bad:?}");
        assert_eq!(kind(files.put(bad, Vec::new(), Expect::Anything).await), StoreErrorKind::BadUrl);
    }
}

fn text(text: &str) -> Parts {
    Box::new(std::iter::once(text.as_bytes().to_vec()))
}

async fn snapshot(store: &Arc<dyn Store>, seq: u64) -> Vec<u8> {
    let chunks: Vec<Vec<u8>> = good(good(store.read_snapshot(seq).await).try_collect().await);
    chunks.concat()
}

#[track_caller]
fn good<T>(result: Result<T, StoreError>) -> T {
    result.unwrap_or_else(|error| panic!("the store failed: {error}"))
}

#[track_caller]
fn kind<T>(result: Result<T, StoreError>) -> StoreErrorKind {
    match result {
        Ok(_) => panic!("the store accepted a write that it must refuse"),
        Err(error) => error.kind(),
    }
}
