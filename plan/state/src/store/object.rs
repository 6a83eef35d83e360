//! A store in a bucket: S3, Google Cloud Storage or Azure. It uses only conditional puts and needs no database beside
//! it.
//!
//! ```text
//! PREFIX/journal/00000000000000000001.seg     segments, each created once
//! PREFIX/snapshot/00000000000000000001.snap   snapshots
//! PREFIX/lease/current                        the lease: an id, a line feed, the content; empty after a release
//! PREFIX/keys/current                         the key ring, in the same form
//! ```
//!
//! **Why an append looks at the snapshots afterwards.** "Create if absent" would let a writer that slept through a
//! pruning use its number again. A snapshot at or above the number shows that it was used before. Pruning makes the
//! snapshot durable first, and all three clouds list what they have acknowledged.
//!
//! **Why the lease has an id.** The ETag of S3 is a hash of the content, so writing the same content again would give
//! the same ETag. And after a lost answer, a writer must recognise its own write.

mod error;
mod files;
mod url;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use landform_core::Printable;
use object_store::{
    ObjectStore as Objects, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, UpdateVersion,
    buffered::BufWriter, path::Path,
};
use tokio::io::AsyncWriteExt as _;

use self::error::failed;
use super::{Chunks, LeaseVersion, Listing, Parts, Store, StoreError, StoreErrorKind};
use crate::token;

pub(super) use self::{
    files::Bucket,
    url::{SCHEMES, open},
};

const SEGMENTS: Folder = Folder { name: "journal", extension: "seg" };
const SNAPSHOTS: Folder = Folder { name: "snapshot", extension: "snap" };
const LEASE: &str = "lease";
const KEYS: &str = "keys";

/// How much of a snapshot is sent at a time. A smaller one is sent at once.
const PART: usize = 8 << 20;

/// How many objects are deleted with one call.
const BULK: usize = 1000;

/// A store in a bucket. Creating this value touches nothing.
///
/// If a process is killed while it sends a snapshot, the sent parts stay invisible in the bucket. A lifecycle rule
/// (`AbortIncompleteMultipartUpload`) can remove them.
#[derive(Clone)]
pub struct ObjectStore {
    objects: Arc<dyn Objects>,
    prefix: Path,
    url: Arc<str>,
}

struct Folder {
    name: &'static str,
    extension: &'static str,
}

/// A small object that is always replaced as a whole.
struct Register {
    version: UpdateVersion,
    id: LeaseVersion,
    content: Vec<u8>,
}

impl ObjectStore {
    /// The store under a prefix of the bucket that `objects` opens. `url` is its name in messages, without credentials.
    ///
    /// `objects` has to support [`PutMode::Create`] and [`PutMode::Update`].
    pub fn new(objects: Arc<dyn Objects>, prefix: Path, url: impl Into<String>) -> Self {
        Self { objects, prefix, url: Printable(url.into()).in_a_line().to_string().into() }
    }

    fn folder(&self, folder: &Folder) -> Path {
        self.prefix.clone().join(folder.name)
    }

    fn path(&self, folder: &Folder, number: u64) -> Path {
        self.folder(folder).join(format!("{number:020}.{}", folder.extension))
    }

    fn register(&self, name: &str) -> Path {
        self.prefix.clone().join(name).join("current")
    }

    /// A path below the prefix, for messages.
    fn place(&self, path: &Path) -> String {
        let below = path.as_ref().strip_prefix(self.prefix.as_ref()).unwrap_or(path.as_ref());
        format!("{}/{}", self.url.trim_end_matches('/'), below.trim_start_matches('/'))
    }

    async fn numbers(&self, folder: &Folder) -> Result<Vec<u64>, StoreError> {
        let path = self.folder(folder);
        let found: Vec<_> = self
            .objects
            .list(Some(&path))
            .try_filter_map(async |meta| Ok(folder.number(&meta.location)))
            .try_collect()
            .await
            .map_err(|error| failed("list", self.place(&path), error))?;
        let mut found = found;
        found.sort_unstable();
        Ok(found)
    }

    /// Whether a snapshot shows that this number was used.
    async fn is_covered(&self, seq: u64) -> Result<bool, StoreError> {
        let folder = self.folder(&SNAPSHOTS);
        let before = self.path(&SNAPSHOTS, seq.saturating_sub(1));
        let mut later = self.objects.list_with_offset(Some(&folder), &before);
        while let Some(meta) = later.next().await {
            let meta = meta.map_err(|error| failed("list", self.place(&folder), error))?;
            if SNAPSHOTS.number(&meta.location).is_some_and(|found| found >= seq) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Refuses a prefix that is not empty and is not a store.
    async fn refuse_foreign(&self) -> Result<(), StoreError> {
        let ours = [SEGMENTS.name, SNAPSHOTS.name, LEASE, KEYS];
        let prefix = Some(&self.prefix).filter(|prefix| !prefix.as_ref().is_empty());
        let mut all = self.objects.list(prefix);
        // All objects of a store sort into a few folders. The first object outside of them decides.
        while let Some(meta) = all.next().await {
            let meta = meta.map_err(|error| failed("list", self.url.to_string(), error))?;
            let first = meta.location.prefix_match(&self.prefix).and_then(|mut parts| parts.next());
            if !first.as_ref().is_some_and(|first| ours.contains(&first.as_ref())) {
                let cause =
                    format!("it holds other objects, such as {:?}, and no journal", meta.location.as_ref());
                return Err(
                    StoreError::new(StoreErrorKind::NotOurs, "keep state in", &*self.url).because(cause)
                );
            }
        }
        Ok(())
    }

    async fn read_register(&self, name: &str) -> Result<Option<Register>, StoreError> {
        let path = self.register(name);
        let fail = |error| failed("read", self.place(&path), error);
        let found = match self.objects.get(&path).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { source, .. }) if !error::lacks_bucket(&*source) => {
                return Ok(None);
            }
            Err(error) => return Err(fail(error)),
        };
        let version = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
        let bytes = found.bytes().await.map_err(fail)?;
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            return Err(StoreError::new(StoreErrorKind::NotOurs, "read", self.place(&path))
                .because("it is not what a store writes there"));
        };
        let id = LeaseVersion::new(String::from_utf8_lossy(&bytes[..end]));
        Ok(Some(Register { version, id, content: bytes[end + 1..].to_vec() }))
    }

    /// Writes a register if its version is `previous`. A register without content counts as missing.
    async fn put_register(
        &self,
        name: &str,
        previous: Option<&LeaseVersion>,
        content: &[u8],
    ) -> Result<LeaseVersion, StoreError> {
        let path = self.register(name);
        let conflict = || StoreError::new(StoreErrorKind::Conflict, "write", self.place(&path));
        let found = self.read_register(name).await?;
        let held = found.as_ref().filter(|found| !found.content.is_empty()).map(|found| &found.id);
        if held != previous {
            return Err(conflict());
        }
        let mode = found.map_or(PutMode::Create, |found| PutMode::Update(found.version));
        let id = token::random();
        let bytes = [id.as_bytes(), b"\n", content].concat();
        match self.objects.put_opts(&path, bytes.into(), PutOptions::from(mode)).await {
            Ok(_) => Ok(LeaseVersion::new(id)),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                // It may be our own write, which was sent again because the answer was lost.
                let ours = self.read_register(name).await?.is_some_and(|found| found.id.as_str() == id);
                if ours { Ok(LeaseVersion::new(id)) } else { Err(conflict()) }
            }
            Err(error) => Err(failed("write", self.place(&path), error)),
        }
    }

    async fn delete(&self, paths: Vec<Path>) -> Result<(), StoreError> {
        for bulk in paths.chunks(BULK) {
            let listed = stream::iter(bulk.to_vec()).map(Ok).boxed();
            let mut deleted = self.objects.delete_stream(listed);
            while let Some(result) = deleted.next().await {
                match result {
                    Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => return Err(failed("remove old segments of", self.url.to_string(), error)),
                }
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Store for ObjectStore {
    fn describe(&self) -> String {
        self.url.to_string()
    }

    async fn list(&self) -> Result<Listing, StoreError> {
        // In this order, a snapshot that replaces segments during the listing is seen afterwards.
        let segments = self.numbers(&SEGMENTS).await?;
        let snapshots = self.numbers(&SNAPSHOTS).await?;
        let listing = Listing { segments, snapshots };
        if listing == Listing::default() {
            self.refuse_foreign().await?;
        }
        Ok(listing)
    }

    async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError> {
        let path = self.path(&SEGMENTS, seq);
        let taken = || StoreError::new(StoreErrorKind::Taken, "create", self.place(&path));
        let payload = PutPayload::from(bytes.to_vec());
        match self.objects.put_opts(&path, payload, PutOptions::from(PutMode::Create)).await {
            Ok(_) => {}
            Err(
                object_store::Error::AlreadyExists { source, .. }
                | object_store::Error::Precondition { source, .. },
            ) => {
                // S3 also says "conflict" when two tried at once and neither succeeded.
                let there = self.objects.head(&path).await.is_ok();
                if there || self.is_covered(seq).await? {
                    return Err(taken());
                }
                let error = StoreError::new(StoreErrorKind::Unavailable, "create", self.place(&path));
                return Err(error.because(error::brief(&*source)));
            }
            Err(error) => return Err(failed("create", self.place(&path), error)),
        }
        if self.is_covered(seq).await? {
            self.delete(vec![path.clone()]).await?;
            return Err(taken());
        }
        Ok(())
    }

    async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError> {
        let path = self.path(&SEGMENTS, seq);
        let fail = |error| error::of_read(self.place(&path), error);
        let found = self.objects.get(&path).await.map_err(fail)?;
        Ok(found.bytes().await.map_err(fail)?.into())
    }

    async fn put_snapshot(&self, seq: u64, parts: Parts) -> Result<(), StoreError> {
        let path = self.path(&SNAPSHOTS, seq);
        let mut writer =
            BufWriter::with_capacity(self.objects.clone(), path.clone(), PART).with_max_concurrency(2);
        for part in parts {
            if let Err(error) = writer.put(part.into()).await {
                let _ = writer.abort().await;
                return Err(failed("write", self.place(&path), error));
            }
        }
        if let Err(error) = writer.shutdown().await {
            let _ = writer.abort().await;
            return Err(error::of_io("write", self.place(&path), error));
        }
        Ok(())
    }

    async fn read_snapshot(&self, seq: u64) -> Result<Chunks, StoreError> {
        let path = self.path(&SNAPSHOTS, seq);
        let place = self.place(&path);
        let found = self.objects.get(&path).await.map_err(|error| error::of_read(place.clone(), error))?;
        let chunks = found.into_stream().map(move |chunk| match chunk {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(error::of_read(place.clone(), error)),
        });
        Ok(chunks.boxed())
    }

    async fn prune(&self, through: u64) -> Result<(), StoreError> {
        let snapshots = self.numbers(&SNAPSHOTS).await?;
        if !snapshots.contains(&through) {
            let place = self.place(&self.path(&SNAPSHOTS, through));
            return Err(StoreError::new(StoreErrorKind::NotFound, "prune behind", place));
        }
        let old = snapshots.into_iter().take_while(|seq| *seq < through);
        self.delete(old.map(|seq| self.path(&SNAPSHOTS, seq)).collect()).await?;
        let old = self.numbers(&SEGMENTS).await?.into_iter().take_while(|seq| *seq <= through);
        self.delete(old.map(|seq| self.path(&SEGMENTS, seq)).collect()).await
    }

    async fn read_lease(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        let found = self.read_register(LEASE).await?;
        Ok(found.filter(|found| !found.content.is_empty()).map(|found| (found.id, found.content)))
    }

    async fn put_lease(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        self.put_register(LEASE, previous, &bytes).await
    }

    async fn remove_lease(&self, version: &LeaseVersion) -> Result<(), StoreError> {
        self.put_register(LEASE, Some(version), b"").await.map(drop)
    }

    async fn read_keys(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        Ok(self.read_register(KEYS).await?.map(|found| (found.id, found.content)))
    }

    async fn put_keys(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        self.put_register(KEYS, previous, &bytes).await
    }
}

impl fmt::Debug for ObjectStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectStore").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Folder {
    /// The number in the name of one of the folder's own objects.
    fn number(&self, path: &Path) -> Option<u64> {
        let (stem, extension) = path.filename()?.split_once('.')?;
        if extension == self.extension && stem.len() == 20 { stem.parse().ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use object_store::memory::InMemory;

    use super::*;
    use crate::store::contract;

    /// What the clouds have in common, without one.
    #[tokio::test]
    async fn conditional_puts_keep_the_contract() {
        let make =
            || ObjectStore::new(Arc::new(InMemory::new()), Path::from("deep/er"), "s3://bucket/deep/er");
        contract::all(|| Arc::new(make())).await;
    }
}
