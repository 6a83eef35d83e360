//! A store in memory, for tests and for stacks that end with the process.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use futures::StreamExt as _;

use super::{Chunks, LeaseVersion, Listing, Parts, Store, StoreError, StoreErrorKind};

/// A store in memory. Clones share its content, so two writers can compete for it.
#[derive(Debug, Clone)]
pub struct MemoryStore {
    held: Arc<Mutex<Held>>,
    number: u64,
}

#[derive(Debug, Default)]
struct Held {
    segments: BTreeMap<u64, Arc<[u8]>>,
    snapshots: BTreeMap<u64, Arc<[u8]>>,
    lease: Option<(u64, Vec<u8>)>,
    keys: Option<(u64, Vec<u8>)>,
    /// The number of writes of the lease or the keys.
    writes: u64,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::holding(Held::default())
    }

    /// Each store has a number, so that messages and the writers of this process can tell stores apart.
    fn holding(held: Held) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        Self { held: Arc::new(Mutex::new(held)), number: COUNT.fetch_add(1, Ordering::Relaxed) }
    }

    /// Overwrites the bytes of a segment, for tests of damage.
    pub fn damage_segment(&self, seq: u64, bytes: Option<&[u8]>) {
        let mut held = self.lock();
        match bytes {
            Some(bytes) => held.segments.insert(seq, bytes.into()),
            None => held.segments.remove(&seq),
        };
    }

    /// Overwrites the bytes of a snapshot, for tests of damage.
    pub fn damage_snapshot(&self, seq: u64, bytes: Option<&[u8]>) {
        let mut held = self.lock();
        match bytes {
            Some(bytes) => held.snapshots.insert(seq, bytes.into()),
            None => held.snapshots.remove(&seq),
        };
    }

    /// A new store with a copy of this one's content.
    pub fn fork(&self) -> Self {
        let held = self.lock();
        let copy = Held {
            segments: held.segments.clone(),
            snapshots: held.snapshots.clone(),
            lease: held.lease.clone(),
            keys: held.keys.clone(),
            writes: held.writes,
        };
        Self::holding(copy)
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

fn place(what: &str, seq: u64) -> String {
    format!("memory: {what} {seq}")
}

#[async_trait]
impl Store for MemoryStore {
    fn describe(&self) -> String {
        format!("memory:{}", self.number)
    }

    async fn list(&self) -> Result<Listing, StoreError> {
        let held = self.lock();
        Ok(Listing {
            segments: held.segments.keys().copied().collect(),
            snapshots: held.snapshots.keys().copied().collect(),
        })
    }

    async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError> {
        let mut held = self.lock();
        let covered = held.snapshots.last_key_value().is_some_and(|(newest, _)| *newest >= seq);
        if covered || held.segments.contains_key(&seq) {
            return Err(StoreError::new(StoreErrorKind::Taken, "append", place("segment", seq)));
        }
        held.segments.insert(seq, bytes);
        Ok(())
    }

    async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError> {
        let held = self.lock();
        held.segments
            .get(&seq)
            .map(|bytes| bytes.to_vec())
            .ok_or_else(|| StoreError::new(StoreErrorKind::NotFound, "read", place("segment", seq)))
    }

    async fn put_snapshot(&self, seq: u64, parts: Parts) -> Result<(), StoreError> {
        let bytes: Vec<u8> = parts.flatten().collect();
        self.lock().snapshots.insert(seq, bytes.into());
        Ok(())
    }

    async fn read_snapshot(&self, seq: u64) -> Result<Chunks, StoreError> {
        let bytes = self
            .lock()
            .snapshots
            .get(&seq)
            .cloned()
            .ok_or_else(|| StoreError::new(StoreErrorKind::NotFound, "read", place("snapshot", seq)))?;
        let chunks: Vec<_> = bytes.chunks(1 << 20).map(|chunk| Ok(chunk.to_vec())).collect();
        Ok(futures::stream::iter(chunks).boxed())
    }

    async fn prune(&self, through: u64) -> Result<(), StoreError> {
        let mut held = self.lock();
        if !held.snapshots.contains_key(&through) {
            return Err(StoreError::new(
                StoreErrorKind::NotFound,
                "prune behind",
                place("snapshot", through),
            ));
        }
        held.snapshots.retain(|seq, _| *seq >= through);
        held.segments.retain(|seq, _| *seq > through);
        Ok(())
    }

    async fn read_lease(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        Ok(versioned(&self.lock().lease))
    }

    async fn put_lease(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        let mut held = self.lock();
        check_version(&held.lease, previous, "write the lease of")?;
        held.writes += 1;
        held.lease = Some((held.writes, bytes));
        Ok(LeaseVersion::new(held.writes.to_string()))
    }

    async fn remove_lease(&self, version: &LeaseVersion) -> Result<(), StoreError> {
        let mut held = self.lock();
        check_version(&held.lease, Some(version), "remove the lease of")?;
        held.lease = None;
        Ok(())
    }

    async fn read_keys(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        Ok(versioned(&self.lock().keys))
    }

    async fn put_keys(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        let mut held = self.lock();
        check_version(&held.keys, previous, "write the keys of")?;
        held.writes += 1;
        held.keys = Some((held.writes, bytes));
        Ok(LeaseVersion::new(held.writes.to_string()))
    }
}

fn versioned(found: &Option<(u64, Vec<u8>)>) -> Option<(LeaseVersion, Vec<u8>)> {
    found.as_ref().map(|(version, bytes)| (LeaseVersion::new(version.to_string()), bytes.clone()))
}

fn check_version(
    found: &Option<(u64, Vec<u8>)>,
    expected: Option<&LeaseVersion>,
    operation: &'static str,
) -> Result<(), StoreError> {
    let found = found.as_ref().map(|(version, _)| LeaseVersion::new(version.to_string()));
    if found.as_ref() == expected {
        Ok(())
    } else {
        Err(StoreError::new(StoreErrorKind::Conflict, operation, "memory:"))
    }
}
