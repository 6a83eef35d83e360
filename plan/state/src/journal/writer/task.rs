//! The task of a writer: commits one batch after the other, and compacts the journal beside it.

use std::sync::Arc;

use super::queue::Shared;
use crate::journal::{
    Hash,
    commit::commit,
    compact::Compaction,
    lease::Keeper,
    segment::{FORMAT, Header},
    who::Living,
};

/// Commits batches until the writer closes or fails. Then releases the lease.
pub(super) async fn run(
    shared: Arc<Shared>,
    keeper: Keeper,
    mut compaction: Compaction,
    mut hash: Hash,
    living: Living,
) {
    let (stack, lineage) = {
        let inner = shared.lock();
        (inner.state.stack().to_owned(), inner.state.lineage().to_owned())
    };
    // After a panic or an abort, no caller must wait for a commit that never comes.
    let _stopped = Stopped(&shared);
    while let Some((batch, snapshot)) =
        shared.next_batch(|batch| compaction.is_due(batch.lines.len() as u64)).await
    {
        let header = Header {
            landform: "segment".into(),
            format: FORMAT,
            stack: stack.clone(),
            lineage: lineage.clone(),
            seq: batch.seq,
            run: shared.run.clone(),
            previous: Some(hash.clone()),
        };
        match commit(&*shared.store, &header, &batch.lines, batch.records, shared.options.retry_for).await {
            Ok((committed, length)) => {
                hash = committed;
                compaction.grew(length);
                shared.progress.send_modify(|progress| progress.durable = batch.seq);
            }
            Err(error) => {
                shared.fail(error);
                break;
            }
        }
        if let Some(failed) = compaction.result().await {
            shared.lock().notices.push(failed);
        }
        if let Some(state) = snapshot {
            compaction.start(shared.store.clone(), state, hash.clone());
        }
    }
    if let Some(failed) = compaction.finish().await {
        shared.lock().notices.push(failed);
    }
    keeper.release().await;
    drop(living);
}

struct Stopped<'a>(&'a Shared);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        let closed = self.0.closed();
        self.0.lock().closing = true;
        self.0.fail(closed);
    }
}
