//! The form of a snapshot: a state as the shortest journal that leads to it. It is written and read in parts, so
//! neither side holds it twice.
//!
//! A header, then `observed`, `intent`, `ticket` and `outputs` records, then a seal, in the lines of a segment.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use futures::{TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};

use super::{
    Hash, JournalError, Record, Revision, State,
    line::{self, Damage, Lines, Piece},
    load::check_identity,
    segment::{self, FORMAT, Seal, Unreadable},
};
use crate::store::{ENCRYPTED, Parts, Store};

/// About how many bytes are encoded at a time.
const BLOCK: usize = 1 << 20;

/// A snapshot's first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Header {
    landform: String,
    format: u32,
    stack: String,
    lineage: String,
    seq: u64,
    /// The hash of segment `seq`, which continues the chain.
    hash: Hash,
    /// How many objects there are.
    objects: u64,
    #[serde(default)]
    revisions: Vec<Revision>,
}

/// A snapshot that was read.
pub(super) struct Restored {
    pub state: State,
    pub hash: Hash,
    pub bytes: u64,
}

/// A state as records that build it from nothing.
pub(super) fn records(state: &State) -> impl Iterator<Item = Record> + Send + use<> {
    let objects = state.entries().into_iter().map(|(key, object)| Record::observed(key, object));
    let pending: Vec<_> = state.pending().cloned().collect();
    let pending = pending.into_iter().flat_map(|pending| {
        let ticket = pending.ticket.map(|ticket| Record::Ticket((*ticket).clone()));
        std::iter::once(Record::Intent(pending.intent)).chain(ticket)
    });
    let outputs = Some(state.outputs().clone()).filter(|outputs| !outputs.is_empty()).map(Record::Outputs);
    objects.chain(pending).chain(outputs)
}

/// The bytes of a snapshot, made on demand, and their count so far.
pub(super) fn encode(state: &State, hash: Hash) -> Result<(Parts, Arc<AtomicU64>), JournalError> {
    let header = Header {
        landform: "snapshot".into(),
        format: FORMAT,
        stack: state.stack().into(),
        lineage: state.lineage().into(),
        seq: state.seq(),
        hash,
        objects: state.len() as u64,
        revisions: state.revisions().to_vec(),
    };
    let mut first = Vec::new();
    line::push(&mut first, &header)?;

    let mut records = records(state);
    let mut count = 0;
    let mut sealed = false;
    let blocks = std::iter::from_fn(move || {
        if sealed {
            return None;
        }
        let mut block = Vec::with_capacity(BLOCK + BLOCK / 8);
        while block.len() < BLOCK {
            // Records serialise: their keys are strings and their values came from JSON. If one did not, the seal
            // would not fit and readers would skip the snapshot.
            let Some(record) = records.next() else {
                let _ = line::push(&mut block, &Seal::Sealed { records: count });
                sealed = true;
                break;
            };
            let _ = line::push(&mut block, &record);
            count += 1;
        }
        Some(block)
    });
    let written = Arc::new(AtomicU64::new(0));
    let counter = written.clone();
    let parts = std::iter::once(first).chain(blocks).inspect(move |block| {
        counter.fetch_add(block.len() as u64, Ordering::Relaxed);
    });
    Ok((Box::new(parts), written))
}

/// Reads a snapshot of a stack, several blocks at once.
pub(super) async fn restore(store: &dyn Store, stack: &str, seq: u64) -> Result<Restored, JournalError> {
    let place = format!("{}: snapshot {seq}", store.describe());
    let blocks = Blocks { chunks: store.read_snapshot(seq).await?, rest: Vec::new(), at: 0 };
    let blocks = stream::try_unfold(blocks, |mut blocks| async move {
        Ok::<_, JournalError>(blocks.next().await?.map(|block| (block, blocks)))
    });
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let at = place.clone();
    let decoded = blocks
        .map_ok(move |(start, bytes)| {
            let place = at.clone();
            async move {
                let length = bytes.len() as u64;
                let block = tokio::task::spawn_blocking(move || decode(start, &bytes))
                    .await
                    .map_err(|stopped| JournalError::Damaged {
                        place: place.clone(),
                        offset: start as u64,
                        what: format!("reading stopped: {stopped}"),
                    })?
                    .map_err(|unreadable| unreadable.at(place))?;
                Ok((length, block))
            }
        })
        .try_buffered(threads + 1);
    let mut decoded = std::pin::pin!(decoded);

    let damaged = |offset, what: &str| Unreadable::from(Damage::new(offset, what)).at(place.clone());
    let mut restored: Option<Restored> = None;
    let mut records = 0;
    let mut sealed = None;
    let mut bytes = 0;
    while let Some((length, block)) = decoded.try_next().await? {
        if sealed.is_some() {
            return Err(damaged(bytes as usize, "lines after the snapshot's end"));
        }
        bytes += length;
        if let Some(header) = block.header {
            check_identity(&place, stack, None, &header.stack, &header.lineage)?;
            if header.seq != seq {
                return Err(damaged(0, &format!("it says that it is snapshot {}", header.seq)));
            }
            let mut state = State::new(header.stack, header.lineage);
            state.set_seq(seq);
            state.set_revisions(header.revisions);
            // A number in a file must not make the reader allocate all memory.
            state.reserve(header.objects.min(1 << 20) as usize);
            restored = Some(Restored { state, hash: header.hash, bytes: 0 });
        }
        let Some(restored) = &mut restored else { return Err(damaged(0, "it has no first line")) };
        records += block.records.len() as u64;
        for record in block.records {
            let wrong = |error| JournalError::Integrity { place: place.clone(), error };
            restored.state.apply(record).map_err(wrong)?;
        }
        sealed = block.sealed;
    }
    let Some((expected, offset)) = sealed else {
        return Err(damaged(bytes as usize, "it ends before its seal"));
    };
    segment::check_count(expected, records, offset)
        .map_err(|damage| Unreadable::from(damage).at(place.clone()))?;
    restored.map(|restored| Restored { bytes, ..restored }).ok_or_else(|| damaged(0, "it has no first line"))
}

/// The stack of a snapshot, from its first lines.
pub(super) async fn stack_of(store: &dyn Store, seq: u64) -> Result<String, JournalError> {
    let place = format!("{}: snapshot {seq}", store.describe());
    let mut blocks = Blocks { chunks: store.read_snapshot(seq).await?, rest: Vec::new(), at: 0 };
    let (start, bytes) = blocks.next().await?.unwrap_or_default();
    let block = decode(start, &bytes).map_err(|unreadable| unreadable.at(place.clone()))?;
    let damage = || Unreadable::from(Damage::new(0, "it has no first line")).at(place.clone());
    block.header.map(|header| header.stack).ok_or_else(damage)
}

/// Complete lines of a snapshot, about a chunk at a time.
struct Blocks {
    chunks: crate::store::Chunks,
    rest: Vec<u8>,
    at: usize,
}

impl Blocks {
    async fn next(&mut self) -> Result<Option<(usize, Vec<u8>)>, JournalError> {
        while let Some(chunk) = self.chunks.try_next().await? {
            let end = chunk.iter().rposition(|byte| *byte == b'\n').map(|end| self.rest.len() + end + 1);
            if self.rest.is_empty() {
                self.rest = chunk;
            } else {
                self.rest.extend_from_slice(&chunk);
            }
            if let Some(end) = end {
                let tail = self.rest.split_off(end);
                return Ok(Some(self.cut(tail)));
            }
        }
        Ok(if self.rest.is_empty() { None } else { Some(self.cut(Vec::new())) })
    }

    fn cut(&mut self, tail: Vec<u8>) -> (usize, Vec<u8>) {
        let block = std::mem::replace(&mut self.rest, tail);
        let start = self.at;
        self.at += block.len();
        (start, block)
    }
}

#[derive(Default)]
struct Block {
    header: Option<Header>,
    records: Vec<Record>,
    /// The number in the seal and the seal's offset.
    sealed: Option<(u64, usize)>,
}

fn decode(start: usize, bytes: &[u8]) -> Result<Block, Unreadable> {
    if start == 0 && bytes.starts_with(ENCRYPTED) {
        return Err(Unreadable::Encrypted);
    }
    let shift = |damage: Damage| Damage::new(start + damage.offset, damage.what);
    let mut block = Block::default();
    for piece in Lines::new(bytes) {
        let (offset, json) = match piece.map_err(shift)? {
            Piece::Line(offset, json) => (start + offset, json),
            Piece::Torn(offset) => return Err(Damage::new(start + offset, "it ends before its seal").into()),
        };
        if block.sealed.is_some() {
            return Err(Damage::new(offset, "a line after the snapshot's end").into());
        }
        if offset == 0 {
            block.header = Some(segment::header(json, offset, "snapshot")?);
        } else if let Some(records) = segment::seal(json) {
            block.sealed = Some((records, offset));
        } else {
            block.records.push(segment::record(json, offset)?);
        }
    }
    Ok(block)
}
