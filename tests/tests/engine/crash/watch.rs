//! Copies of every moment of a run: the store's bytes and the cloud's ledger.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use landform::{
    sim::{self, Then},
    store::{Chunks, LeaseVersion, Listing, MemoryStore, Parts, Store, StoreError},
};
use tokio::time::Instant;

/// The remains of a kill at one moment.
pub struct Moment {
    pub name: String,
    pub store: MemoryStore,
    ledger: Vec<u8>,
    at: Instant,
}

impl Moment {
    /// Restores the cloud and the clock.
    pub async fn restore(&self, directory: &Path) {
        tokio::time::sleep_until(self.at).await;
        if !self.ledger.is_empty() {
            std::fs::write(directory.join(sim::PATH), &self.ledger).unwrap();
        }
    }
}

/// Collects moments. Equal moments count once.
pub struct Recorder {
    store: MemoryStore,
    ledger: PathBuf,
    writes: AtomicU64,
    on: AtomicBool,
    seen: Mutex<HashSet<(u64, usize)>>,
    moments: Mutex<Vec<Moment>>,
}

impl Recorder {
    pub fn new(store: MemoryStore, cloud: &Path) -> Self {
        Self {
            store,
            ledger: cloud.join(sim::PATH),
            writes: AtomicU64::new(0),
            on: AtomicBool::new(false),
            seen: Mutex::default(),
            moments: Mutex::default(),
        }
    }

    /// Starts to collect.
    pub fn begin(&self) {
        self.on.store(true, Ordering::SeqCst);
    }

    /// Stops, and returns the collected moments.
    pub fn take(&self) -> Vec<Moment> {
        self.on.store(false, Ordering::SeqCst);
        std::mem::take(&mut self.moments.lock().unwrap())
    }

    /// Copies this moment.
    pub fn note(&self, name: &str) -> Then {
        if self.on.load(Ordering::SeqCst) {
            let ledger = std::fs::read(&self.ledger).unwrap_or_default();
            let key = (self.writes.load(Ordering::SeqCst), ledger.len());
            if self.seen.lock().unwrap().insert(key) {
                let (name, store) = (name.to_owned(), self.store.fork());
                let moment = Moment { name, store, ledger, at: Instant::now() };
                self.moments.lock().unwrap().push(moment);
            }
        }
        Then::Proceed
    }

    /// Copies this moment with a segment that ends in its middle.
    fn torn(&self, seq: u64, bytes: &[u8]) {
        if self.on.load(Ordering::SeqCst) && seq > 1 {
            let ledger = std::fs::read(&self.ledger).unwrap_or_default();
            let store = self.store.fork();
            store.damage_segment(seq, Some(&bytes[..bytes.len() * 2 / 3]));
            let name = format!("in the middle of segment {seq}");
            self.moments.lock().unwrap().push(Moment { name, store, ledger, at: Instant::now() });
        }
    }

    fn wrote(&self, name: &str) {
        self.writes.fetch_add(1, Ordering::SeqCst);
        self.note(name);
    }
}

/// A store whose writes are watched.
#[derive(Clone)]
pub struct Watched {
    inner: MemoryStore,
    recorder: Arc<Recorder>,
}

impl Watched {
    pub fn new(inner: MemoryStore, recorder: Arc<Recorder>) -> Self {
        Self { inner, recorder }
    }
}

impl std::fmt::Debug for Watched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inner.fmt(f)
    }
}

#[async_trait]
impl Store for Watched {
    fn describe(&self) -> String {
        self.inner.describe()
    }

    async fn list(&self) -> Result<Listing, StoreError> {
        self.inner.list().await
    }

    async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError> {
        self.recorder.note(&format!("before segment {seq}"));
        self.recorder.torn(seq, &bytes);
        let done = self.inner.append(seq, bytes).await;
        self.recorder.wrote(&format!("after segment {seq}"));
        done
    }

    async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError> {
        self.inner.read(seq).await
    }

    async fn put_snapshot(&self, seq: u64, parts: Parts) -> Result<(), StoreError> {
        let done = self.inner.put_snapshot(seq, parts).await;
        self.recorder.wrote(&format!("after snapshot {seq}"));
        done
    }

    async fn read_snapshot(&self, seq: u64) -> Result<Chunks, StoreError> {
        self.inner.read_snapshot(seq).await
    }

    async fn prune(&self, through: u64) -> Result<(), StoreError> {
        let done = self.inner.prune(through).await;
        self.recorder.wrote(&format!("after pruning through {through}"));
        done
    }

    async fn read_lease(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        self.inner.read_lease().await
    }

    async fn put_lease(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        let done = self.inner.put_lease(previous, bytes).await;
        self.recorder.wrote("after writing the lease");
        done
    }

    async fn remove_lease(&self, version: &LeaseVersion) -> Result<(), StoreError> {
        let done = self.inner.remove_lease(version).await;
        self.recorder.wrote("after removing the lease");
        done
    }
}
