//! Reads a state from bytes: the newest snapshot, and the segments after it as one chain. Only reads.

use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    Hash, JournalError, Notice, State,
    segment::{self, Segment, Unreadable},
    sketch::Step,
    snapshot,
};
use crate::store::{Listing, Store, StoreErrorKind};

/// How many segments are fetched at once, because remote stores answer in tens of milliseconds.
const CONCURRENT: usize = 16;

/// How many times a reader starts again because another process pruned the segments that it had listed.
const ATTEMPTS: usize = 5;

/// A journal as read.
#[derive(Debug)]
pub(super) struct Loaded {
    pub state: State,
    /// The hash of the last segment.
    pub hash: Option<Hash>,
    /// The size of the snapshot, and the size of everything after it.
    pub snapshot_bytes: u64,
    pub segments: u64,
    pub segment_bytes: u64,
    pub notices: Vec<Notice>,
}

/// Reads the state of a stack, up to segment `until` if it is given.
pub(super) async fn load(store: &dyn Store, stack: &str, until: Option<u64>) -> Result<Loaded, JournalError> {
    let mut attempt = 1;
    loop {
        let listing = store.list().await?;
        match load_listed(store, stack, until, &listing).await {
            Err(JournalError::Store(error))
                if error.kind() == StoreErrorKind::NotFound && attempt < ATTEMPTS =>
            {
                attempt += 1;
            }
            result => return result,
        }
    }
}

/// Reads what came after `loaded`, or everything if that has been pruned meanwhile.
pub(super) async fn catch_up(
    store: &dyn Store,
    stack: &str,
    mut loaded: Loaded,
) -> Result<Loaded, JournalError> {
    let listing = store.list().await?;
    let base = loaded.state.seq();
    let next = listing.segments.partition_point(|seq| *seq <= base);
    let segments = &listing.segments[next..];
    let until = segments.last().max(listing.snapshots.last()).copied().unwrap_or(base);
    if check_gaps(store, base, until, segments).is_err() {
        return load(store, stack, None).await;
    }
    match follow(store, stack, segments, &mut loaded).await {
        Err(JournalError::Store(error)) if error.kind() == StoreErrorKind::NotFound => {
            load(store, stack, None).await
        }
        result => result.map(|()| loaded),
    }
}

/// The stack of the journal, from its newest part that names it.
pub(super) async fn stack_of(store: &dyn Store) -> Result<Option<String>, JournalError> {
    let mut attempt = 1;
    loop {
        let listing = store.list().await?;
        match stack_listed(store, &listing).await {
            Err(JournalError::Store(error))
                if error.kind() == StoreErrorKind::NotFound && attempt < ATTEMPTS =>
            {
                attempt += 1;
            }
            result => return result,
        }
    }
}

async fn stack_listed(store: &dyn Store, listing: &Listing) -> Result<Option<String>, JournalError> {
    for seq in listing.segments.iter().rev() {
        let place = format!("{}: segment {seq}", store.describe());
        let bytes = store.read(*seq).await?;
        let segment = segment::decode(&bytes).map_err(|unreadable| unreadable.at(place))?;
        if let Some(header) = segment.header {
            return Ok(Some(header.stack));
        }
    }
    match listing.snapshots.last() {
        Some(seq) => snapshot::stack_of(store, *seq).await.map(Some),
        None => Ok(None),
    }
}

async fn load_listed(
    store: &dyn Store,
    stack: &str,
    until: Option<u64>,
    listing: &Listing,
) -> Result<Loaded, JournalError> {
    let newest = listing.segments.last().max(listing.snapshots.last()).copied().unwrap_or(0);
    let until = match until {
        Some(seq) if seq > newest => {
            return Err(JournalError::NotReached { store: store.describe(), seq, newest });
        }
        Some(seq) => seq,
        None => newest,
    };
    let mut notices = Vec::new();
    let mut damaged = None;
    let bases = listing.snapshots.iter().rev().copied().filter(|seq| *seq <= until);
    for base in bases.chain([0]) {
        let first = listing.segments.partition_point(|seq| *seq <= base);
        let segments: Vec<u64> =
            listing.segments[first..].iter().copied().take_while(|seq| *seq <= until).collect();
        if let Err(gap) = check_gaps(store, base, until, &segments) {
            // An older start cannot stand in for a damaged or requested one, unless all segments after it are there.
            return Err(damaged.unwrap_or_else(|| match listing.snapshots.first() {
                Some(oldest) if *oldest > until => {
                    JournalError::NotRetained { store: store.describe(), seq: until, oldest: *oldest }
                }
                _ => gap,
            }));
        }
        let mut loaded = Loaded {
            state: State::new(stack, ""),
            hash: None,
            snapshot_bytes: 0,
            segments: 0,
            segment_bytes: 0,
            notices: notices.clone(),
        };
        if base > 0 {
            match snapshot::restore(store, stack, base).await {
                Ok(restored) => {
                    loaded.state = restored.state;
                    loaded.hash = Some(restored.hash);
                    loaded.snapshot_bytes = restored.bytes;
                }
                Err(error) if is_damage(&error) => {
                    notices.push(Notice::SnapshotPassedOver { seq: base, what: error.to_string() });
                    damaged.get_or_insert(error);
                    continue;
                }
                Err(error) => return Err(error),
            }
        }
        follow(store, stack, &segments, &mut loaded).await?;
        return Ok(loaded);
    }
    // The last start, 0, either returned a state or had a gap.
    Err(damaged.unwrap_or(JournalError::Gap { store: store.describe(), missing: 1, found: until }))
}

/// Whether bytes were changed, as the checksums of the journal or of an encrypted store tell.
fn is_damage(error: &JournalError) -> bool {
    match error {
        JournalError::Damaged { .. } => true,
        JournalError::Store(error) => error.kind() == StoreErrorKind::Damaged,
        _ => false,
    }
}

/// The segments must be `base + 1 ..= until` without a hole.
fn check_gaps(store: &dyn Store, base: u64, until: u64, segments: &[u64]) -> Result<(), JournalError> {
    let gap = |missing, found| Err(JournalError::Gap { store: store.describe(), missing, found });
    for (expected, found) in (base + 1..).zip(segments) {
        if expected != *found {
            return gap(expected, *found);
        }
    }
    let reached = base + segments.len() as u64;
    if reached < until { gap(reached + 1, until) } else { Ok(()) }
}

/// Applies segments in order.
async fn follow(
    store: &dyn Store,
    stack: &str,
    segments: &[u64],
    loaded: &mut Loaded,
) -> Result<(), JournalError> {
    let describe = store.describe();
    let fetched = stream::iter(segments.iter().copied())
        .map(|seq| async move { Ok::<_, JournalError>((seq, store.read(seq).await?)) })
        .buffered(CONCURRENT);
    // At most one for each processor: a segment is several times larger once it is decoded.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let decoded = fetched
        .map_ok(|(seq, bytes)| {
            let place = format!("{describe}: segment {seq}");
            async move {
                let (place, segment, hash, length) = decode(place, bytes).await?;
                Ok((seq, place, segment, hash, length))
            }
        })
        .try_buffered(threads + 1);
    let mut decoded = std::pin::pin!(decoded);
    while let Some((seq, place, segment, hash, length)) = decoded.try_next().await? {
        if let Some(offset) = segment.torn
            && segments.last() == Some(&seq)
        {
            let offset = offset as u64;
            loaded.notices.push(Notice::Torn { seq, offset, dropped: length - offset });
        }
        take(loaded, stack, seq, &place, segment)?;
        loaded.hash = Some(hash);
        loaded.segments += 1;
        loaded.segment_bytes += length;
    }
    Ok(())
}

/// Decodes on a thread that may block.
async fn decode(place: String, bytes: Vec<u8>) -> Result<(String, Segment, Hash, u64), JournalError> {
    let stopped_place = place.clone();
    let decoded = tokio::task::spawn_blocking(move || {
        let segment = segment::decode(&bytes).map_err(|unreadable| unreadable.at(place.clone()))?;
        Ok::<_, JournalError>((place, segment, Hash::of(&bytes), bytes.len() as u64))
    });
    decoded.await.map_err(|stopped| JournalError::Damaged {
        place: stopped_place,
        offset: 0,
        what: format!("reading stopped: {stopped}"),
    })?
}

/// Checks that a segment is the next one, and applies its records.
fn take(
    loaded: &mut Loaded,
    stack: &str,
    seq: u64,
    place: &str,
    segment: Segment,
) -> Result<(), JournalError> {
    if let Some(header) = segment.header {
        let lineage = Some(loaded.state.lineage()).filter(|lineage| !lineage.is_empty());
        check_identity(place, stack, lineage, &header.stack, &header.lineage)?;
        if header.seq != seq {
            let what = format!("it says that it is segment {}", header.seq);
            let damage = super::line::Damage::new(0, what);
            return Err(Unreadable::from(damage).at(place.into()));
        }
        let nothing = || Hash::of(b"");
        if header.previous != loaded.hash {
            return Err(JournalError::Chain {
                place: place.into(),
                before: seq - 1,
                expected: header.previous.unwrap_or_else(nothing),
                found: loaded.hash.clone().unwrap_or_else(nothing),
            });
        }
        if loaded.state.lineage().is_empty() {
            loaded.state = State::new(stack, header.lineage);
        }
    }
    loaded.state.set_seq(seq);
    for (index, step) in segment.steps.into_iter().enumerate() {
        let wrong =
            |error| JournalError::Integrity { place: format!("{place}, record {}", index + 1), error };
        let applied = match step {
            Step::Record(record) => loaded.state.apply(record),
            Step::Tried(key, action) => loaded.state.check_attempt(&key, action),
            Step::Settled(outcome) => loaded.state.settle_attempt(outcome),
        };
        applied.map_err(wrong)?;
    }
    Ok(())
}

pub(super) fn check_identity(
    place: &str,
    stack: &str,
    lineage: Option<&str>,
    found_stack: &str,
    found_lineage: &str,
) -> Result<(), JournalError> {
    if found_stack != stack {
        return Err(JournalError::OtherStack {
            place: place.into(),
            expected: stack.into(),
            found: found_stack.into(),
        });
    }
    match lineage {
        Some(expected) if expected != found_lineage => Err(JournalError::OtherLineage {
            place: place.into(),
            expected: expected.into(),
            found: found_lineage.into(),
        }),
        _ => Ok(()),
    }
}
