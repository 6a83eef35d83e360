//! Commits one segment to the store: afterwards the segment is ours, or another writer has the number. The only place
//! that appends.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    Begin, Hash, JournalError, Options, Record, State, lease, line,
    load::{self, Loaded},
    segment::{self, FORMAT, Header},
};
use crate::store::{Store, StoreErrorKind};

/// Writes the first record of a run, which locks out the previous holder. If the loaded journal is not the newest any
/// more, the append fails, and the journal is read again.
pub(super) async fn begin(
    store: &dyn Store,
    stack: &str,
    first_lineage: Option<String>,
    begin: &Begin,
    mut loaded: Loaded,
    options: &Options,
) -> Result<(Loaded, Hash), JournalError> {
    // A previous holder that is running notices at its next heartbeat, well within this time, that it has to stop.
    let deadline = Instant::now() + options.lease;
    loop {
        let seq = loaded.state.seq() + 1;
        let lineage = Some(loaded.state.lineage().to_owned()).filter(|lineage| !lineage.is_empty());
        let header = Header {
            landform: "segment".into(),
            format: FORMAT,
            stack: stack.into(),
            lineage: lineage.clone().or_else(|| first_lineage.clone()).unwrap_or_else(crate::token::random),
            seq,
            run: begin.run.clone(),
            previous: loaded.hash.clone(),
        };
        let record = Record::Begin(begin.clone());
        let mut lines = Vec::new();
        line::push(&mut lines, &record)?;
        match commit(store, &header, &lines, 1, options.retry_for).await {
            Ok((hash, length)) => {
                if lineage.is_none() {
                    loaded.state = State::new(stack, header.lineage);
                }
                loaded.state.set_seq(seq);
                let wrong = |error| JournalError::Integrity { place: store.describe(), error };
                loaded.state.apply(record).map_err(wrong)?;
                loaded.segments += 1;
                loaded.segment_bytes += length;
                return Ok((loaded, hash));
            }
            Err(JournalError::Fenced { .. }) if Instant::now() < deadline => {
                loaded = load::catch_up(store, stack, loaded).await?;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Appends one segment. Retries if the answer was lost; the bytes of the segment tell whether it is ours.
pub(super) async fn commit(
    store: &dyn Store,
    header: &Header,
    lines: &[u8],
    records: u64,
    retry_for: Duration,
) -> Result<(Hash, u64), JournalError> {
    let bytes: Arc<[u8]> = segment::encode(header, lines, records)?.into();
    let done = || (Hash::of(&bytes), bytes.len() as u64);
    let deadline = Instant::now() + retry_for;
    let mut pause = Duration::from_millis(50);
    loop {
        let error = match store.append(header.seq, bytes.clone()).await {
            Ok(()) => return Ok(done()),
            Err(error) => error,
        };
        match error.kind() {
            StoreErrorKind::Taken => {
                // If the segment of a number cannot be read, somebody else pruned it long ago.
                if store.read(header.seq).await.is_ok_and(|found| found[..] == bytes[..])
                    && !is_covered(store, header.seq).await?
                {
                    return Ok(done());
                }
                let by = lease::holder(store).await.ok().flatten().filter(|lease| lease.run != header.run);
                let by = by.map(Box::new);
                return Err(JournalError::Fenced { store: store.describe(), seq: header.seq, by });
            }
            StoreErrorKind::Unavailable if Instant::now() + pause < deadline => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(2));
            }
            _ => return Err(error.into()),
        }
    }
}

/// Whether another writer used this number long ago. A writer that slept while the number was pruned may have just
/// written its segment there, and does not know that it must withdraw the segment.
async fn is_covered(store: &dyn Store, seq: u64) -> Result<bool, JournalError> {
    Ok(store.list().await?.snapshots.last().is_some_and(|newest| *newest >= seq))
}
