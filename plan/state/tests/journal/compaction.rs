//! Compaction: kept content, crashes around each write, damaged snapshots.

use super::{local::walk, *};

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
    // The chain continues after the snapshot.
    let writer = Journal::write_with(shared, "base", claim("apply"), compacting()).await.unwrap();
    writer.append(Record::forget(key("a"))).await.unwrap();
    let state = writer.close().await.unwrap();
    assert_eq!(read(&store).await.unwrap().state(), &state);
}

#[tokio::test]
async fn a_crash_around_any_write_loses_no_promise() {
    // Runs first without a crash, to count the writes.
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
            // The next run continues and compacts.
            landform_state::journal::unlock(&inner).await.unwrap();
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

/// Runs the story with one record per segment. Returns the last promised and the last submitted segment.
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
        // Lets the compaction start its next step, so that crashes hit it too.
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
        !notices.is_empty() && notices.iter().all(|n| n.to_string().contains("Free some space")),
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
    landform_state::journal::unlock(&store).await.unwrap();
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

/// On disk a pruning consists of many removals. A kill can come between any two of them.
#[tokio::test]
async fn a_pruning_cut_between_any_two_removals_loses_nothing_and_is_finished_by_the_next() {
    let (_directory, store) = local();
    let keeping = Options { keep_snapshots: 100, ..compacting() };
    let writer = Journal::write_with(store.clone(), "base", claim("apply"), keeping).await.unwrap();
    for record in story() {
        writer.append(record).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    let all = store.list().await.unwrap();
    assert!(all.snapshots.len() > 3, "{all:?}");
    let through = all.snapshots[all.snapshots.len() - 2];
    let file = |folder: &str, seq: &u64, extension: &str| format!("{folder}/{seq:020}.{extension}");
    let snapshots = all.snapshots.iter().filter(|seq| **seq < through);
    let segments = all.segments.iter().filter(|seq| **seq <= through);
    let removed: Vec<String> = snapshots
        .map(|seq| file("snapshot", seq, "snap"))
        .chain(segments.map(|seq| file("journal", seq, "seg")))
        .collect();
    for cut in 0..=removed.len() {
        let (_directory, copy) = local();
        for path in walk(store.root()) {
            let path = std::path::Path::new(&path).strip_prefix(store.root()).unwrap().to_owned();
            std::fs::create_dir_all(copy.root().join(&path).parent().unwrap()).unwrap();
            std::fs::copy(store.root().join(&path), copy.root().join(&path)).unwrap();
        }
        for file in &removed[..cut] {
            std::fs::remove_file(copy.root().join(file)).unwrap();
        }
        assert_eq!(
            Journal::read(copy.clone(), "base").await.unwrap().state(),
            &state,
            "after {cut} removals"
        );
        let writer = Journal::write_with(copy.clone(), "base", claim("apply"), compacting()).await.unwrap();
        for i in 0..4 {
            writer.append(Record::observed(key(&format!("x{i}")), object(&format!("x{i}")))).await.unwrap();
        }
        let state = writer.close().await.unwrap();
        assert_eq!(
            Journal::read(copy.clone(), "base").await.unwrap().state(),
            &state,
            "after {cut} removals"
        );
        let left = copy.list().await.unwrap();
        assert_eq!(left.snapshots.len(), 2, "after {cut} removals: {left:?}");
        assert!(left.segments.iter().all(|seq| *seq > left.snapshots[0]), "after {cut} removals: {left:?}");
    }
}
