//! Compaction: writes a snapshot in the background and removes what the snapshot replaces, never more.
//!
//! Safe at every point. The snapshot appears completely or not at all. Only then older ones are removed, and segments
//! in ascending order. A writer that has been fenced meanwhile does no harm, because its snapshot covers segments that
//! it had won.

use std::sync::{Arc, atomic::Ordering};

use tokio::task::JoinHandle;

use super::{Hash, JournalError, Notice, Options, State, snapshot};
use crate::store::Store;

/// Each segment since the last snapshot pays for this much of the next one.
const BYTES_PER_SEGMENT: u64 = 64 << 10;

/// Decides when a snapshot is due, so that it costs O(1) for each record. The journal must have grown by half of the
/// last snapshot in bytes, or by a proportional number of segments.
#[derive(Debug)]
pub(super) struct Compaction {
    min_segments: u64,
    min_bytes: u64,
    keep: usize,
    snapshot_bytes: u64,
    segments: u64,
    bytes: u64,
    task: Option<JoinHandle<Result<u64, JournalError>>>,
}

impl Compaction {
    pub(super) fn new(options: &Options, snapshot_bytes: u64, segments: u64, bytes: u64) -> Self {
        Self {
            min_segments: options.compact_segments,
            min_bytes: options.compact_bytes,
            keep: options.keep_snapshots.max(1),
            snapshot_bytes,
            segments,
            bytes,
            task: None,
        }
    }

    /// Whether a snapshot is due after another segment of this size.
    pub(super) fn is_due(&self, next: u64) -> bool {
        let segments = self.min_segments.max(self.snapshot_bytes / BYTES_PER_SEGMENT);
        let bytes = self.min_bytes.max(self.snapshot_bytes / 2);
        self.task.is_none() && (self.segments + 1 >= segments || self.bytes + next >= bytes)
    }

    /// A segment was committed.
    pub(super) fn grew(&mut self, bytes: u64) {
        self.segments += 1;
        self.bytes += bytes;
    }

    /// Starts to write the snapshot of a state. The last segment of the state is durable and has this hash.
    pub(super) fn start(&mut self, store: Arc<dyn Store>, state: State, hash: Hash) {
        self.segments = 0;
        self.bytes = 0;
        self.task = Some(tokio::spawn(compact(store, state, hash, self.keep)));
    }

    /// Collects the result of the last snapshot, if it has ended.
    pub(super) async fn result(&mut self) -> Option<Notice> {
        let ended = self.task.as_ref().is_some_and(JoinHandle::is_finished);
        if ended { self.finish().await } else { None }
    }

    /// Waits for the running snapshot.
    pub(super) async fn finish(&mut self) -> Option<Notice> {
        let what = match self.task.take()?.await {
            Ok(Ok(bytes)) => {
                self.snapshot_bytes = bytes;
                return None;
            }
            Ok(Err(error)) => error.to_string(),
            Err(stopped) => stopped.to_string(),
        };
        Some(Notice::NotCompacted { what })
    }
}

async fn compact(store: Arc<dyn Store>, state: State, hash: Hash, keep: usize) -> Result<u64, JournalError> {
    let seq = state.seq();
    let (parts, written) = snapshot::encode(&state, hash)?;
    drop(state);
    store.put_snapshot(seq, parts).await?;
    let snapshots = store.list().await?.snapshots;
    if let Some(oldest_kept) = snapshots.iter().rev().nth(keep - 1) {
        store.prune(*oldest_kept).await?;
    }
    Ok(written.load(Ordering::Relaxed))
}
