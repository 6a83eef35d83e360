//! A store whose process dies at a chosen moment, or whose calls fail, for tests of its users.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

use async_trait::async_trait;

use landform_state::store::{Chunks, LeaseVersion, Listing, Parts, Store, StoreError, StoreErrorKind};

/// Where the process dies, relative to one writing call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrashPoint {
    /// The call has no effect.
    Before,
    /// The call has its effect, but its answer is lost.
    After,
}

/// Counts the writing calls (append, snapshot, prune, lease, keys) to an inner store. From a chosen one on, every call
/// fails as if the process had died. Until then, some calls can be made to fail or to lose their answers.
#[derive(Debug)]
pub struct FaultyStore<S> {
    inner: S,
    writes: AtomicU64,
    crash_at: u64,
    point: CrashPoint,
    dead: AtomicBool,
    lost_answers: AtomicI64,
    failure: Option<StoreErrorKind>,
    failures: AtomicI64,
    slow: bool,
}

impl<S: Store> FaultyStore<S> {
    /// A store that never fails and only counts.
    pub fn counting(inner: S) -> Self {
        Self::crashing(inner, u64::MAX, CrashPoint::Before)
    }

    /// A store that dies at writing call number `at`, counted from 0.
    pub fn crashing(inner: S, at: u64, point: CrashPoint) -> Self {
        Self {
            inner,
            writes: AtomicU64::new(0),
            crash_at: at,
            point,
            dead: AtomicBool::new(false),
            lost_answers: AtomicI64::new(0),
            failure: None,
            failures: AtomicI64::new(0),
            slow: false,
        }
    }

    /// Writing calls yield before and after their effect, like those of a remote store, so their futures can be dropped
    /// there.
    pub fn slow(mut self) -> Self {
        self.slow = true;
        self
    }

    /// The next `count` appends have their effect but answer `Unavailable`.
    pub fn lose_answers(self, count: u32) -> Self {
        self.lost_answers.store(count.into(), Ordering::SeqCst);
        self
    }

    /// The next `count` appends fail with this kind and have no effect.
    pub fn fail_appends(mut self, kind: StoreErrorKind, count: u32) -> Self {
        self.failure = Some(kind);
        self.failures.store(count.into(), Ordering::SeqCst);
        self
    }

    /// The number of writing calls so far.
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::SeqCst)
    }

    /// Whether the chosen moment has come.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    fn gone(&self) -> StoreError {
        StoreError::new(StoreErrorKind::Other, "use", self.inner.describe()).because("the process has died")
    }

    fn alive(&self) -> Result<(), StoreError> {
        if self.is_dead() { Err(self.gone()) } else { Ok(()) }
    }

    async fn write<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        self.alive()?;
        if self.slow {
            tokio::task::yield_now().await;
        }
        if self.writes.fetch_add(1, Ordering::SeqCst) < self.crash_at {
            let done = work.await;
            if self.slow {
                tokio::task::yield_now().await;
            }
            return done;
        }
        self.dead.store(true, Ordering::SeqCst);
        if self.point == CrashPoint::After {
            work.await.ok();
        }
        Err(self.gone())
    }
}

#[async_trait]
impl<S: Store> Store for FaultyStore<S> {
    fn describe(&self) -> String {
        self.inner.describe()
    }

    async fn list(&self) -> Result<Listing, StoreError> {
        self.alive()?;
        self.inner.list().await
    }

    async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError> {
        self.alive()?;
        if let Some(kind) = self.failure
            && self.failures.fetch_sub(1, Ordering::SeqCst) > 0
        {
            return Err(StoreError::new(kind, "append to", self.describe()).because("as the test wants it"));
        }
        self.write(self.inner.append(seq, bytes)).await?;
        if self.lost_answers.fetch_sub(1, Ordering::SeqCst) > 0 {
            let error = StoreError::new(StoreErrorKind::Unavailable, "append to", self.describe());
            return Err(error.because("the answer got lost"));
        }
        Ok(())
    }

    async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError> {
        self.alive()?;
        self.inner.read(seq).await
    }

    async fn put_snapshot(&self, seq: u64, parts: Parts) -> Result<(), StoreError> {
        self.write(self.inner.put_snapshot(seq, parts)).await
    }

    async fn read_snapshot(&self, seq: u64) -> Result<Chunks, StoreError> {
        self.alive()?;
        self.inner.read_snapshot(seq).await
    }

    async fn prune(&self, through: u64) -> Result<(), StoreError> {
        self.write(self.inner.prune(through)).await
    }

    async fn read_lease(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        self.alive()?;
        self.inner.read_lease().await
    }

    async fn put_lease(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        self.write(self.inner.put_lease(previous, bytes)).await
    }

    async fn remove_lease(&self, version: &LeaseVersion) -> Result<(), StoreError> {
        self.write(self.inner.remove_lease(version)).await
    }

    async fn read_keys(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        self.alive()?;
        self.inner.read_keys().await
    }

    async fn put_keys(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        self.write(self.inner.put_keys(previous, bytes)).await
    }
}
