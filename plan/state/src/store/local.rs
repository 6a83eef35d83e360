//! A store in a local directory. Kills, power cuts and other processes cannot damage it. It never changes a file that
//! has its final name.
//!
//! ```text
//! base/journal/00000000000000000001.seg     segments
//! base/snapshot/00000000000000000001.snap   snapshots
//! base/lease/00000000000000000007.json      the lease; only the highest counts, an empty one says "released"
//! base/keys/00000000000000000001.json       the ring of wrapped keys, if it is encrypted; the highest counts
//! ```
//!
//! **Why a segment is linked into place.** It is written under a temporary name, synced, and then given its final name
//! by `link(2)`, which fails if the name exists. Opening the final name with `O_EXCL` and writing to it would also be a
//! conditional create. But a kill in the middle would leave a number that is taken and incomplete, and a paused writer
//! could complete it after others had judged it incomplete. A plain rename would replace an existing file. With the
//! link, a segment is complete or missing, and exactly one writer gets the name.
//!
//! **Why a pruned number stays taken.** A writer that slept while others continued and pruned its number would find the
//! name free. So after linking, it looks at the snapshots: one at or above the number shows that the number was used
//! before, and the link is withdrawn. Pruning makes the snapshot durable first, so this cannot be missed.
//!
//! Lease and keys use the same primitive: their version `n + 1` is a file that only one process can link.
//!
//! **What a kill leaves.** A temporary file that nobody reads. The end of a run or a compaction removes it, if its
//! process is known to have ended; otherwise after an hour.

mod folder;

use std::{
    fs::{self, File},
    io::Read as _,
    path::Path,
    sync::Arc,
};

use async_trait::async_trait;
use futures::{StreamExt as _, stream};
use landform_core::printable::steers;

use folder::{KEYS, LEASES, SEGMENTS, SNAPSHOTS, refuse_foreign, remove, show, sweep, sync_directory, taken};

use super::{Chunks, LeaseVersion, Listing, Parts, Store, StoreError, StoreErrorKind};

/// How much of a snapshot is read at a time.
const CHUNK: usize = 1 << 20;

/// A store in a local directory. Creating this value touches nothing; the first write creates the directory.
///
/// The file system must have hard links, and its directory listings must show files that another process has just
/// linked. Every local one does, and NFS from version 4.
#[derive(Debug, Clone)]
pub struct LocalStore {
    root: Arc<Path>,
}

impl LocalStore {
    /// The store in a directory, which may be missing. A relative path counts from the current directory at this
    /// moment.
    pub fn new(root: impl AsRef<Path>) -> Self {
        let root = root.as_ref();
        Self { root: std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf()).into() }
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Runs file operations on a thread that may block.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let root = self.root.clone();
        let place = self.describe();
        tokio::task::spawn_blocking(move || work(&root)).await.unwrap_or_else(|stopped| {
            Err(StoreError::new(StoreErrorKind::Unavailable, "use", place).because(stopped))
        })
    }
}

#[async_trait]
impl Store for LocalStore {
    fn describe(&self) -> String {
        let mut url = String::from("file://");
        for character in self.root.to_string_lossy().chars() {
            match character {
                ' ' => url.push_str("%20"),
                '%' => url.push_str("%25"),
                '#' => url.push_str("%23"),
                '?' => url.push_str("%3F"),
                other if steers(other) => {
                    let bytes = other.to_string().into_bytes();
                    bytes.iter().for_each(|byte| url.push_str(&format!("%{byte:02X}")));
                }
                other => url.push(other),
            }
        }
        url
    }

    async fn list(&self) -> Result<Listing, StoreError> {
        self.blocking(|root| {
            let listing = Listing { segments: SEGMENTS.numbers(root)?, snapshots: SNAPSHOTS.numbers(root)? };
            if listing == Listing::default() {
                refuse_foreign(root)?;
            }
            Ok(listing)
        })
        .await
    }

    async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError> {
        self.blocking(move |root| {
            if seq == 1 {
                SEGMENTS.create(root)?;
            }
            SEGMENTS.link(root, seq, &bytes).map_err(|error| match error.kind() {
                StoreErrorKind::NotFound => error.with_kind(StoreErrorKind::Vanished),
                _ => error,
            })?;
            if SNAPSHOTS.numbers(root)?.last().is_some_and(|newest| *newest >= seq) {
                let path = SEGMENTS.path(root, seq);
                remove(&path)?;
                return Err(taken(&path));
            }
            Ok(())
        })
        .await
    }

    async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError> {
        self.blocking(move |root| {
            let path = SEGMENTS.path(root, seq);
            fs::read(&path).map_err(|error| StoreError::from_io("read", show(&path), error))
        })
        .await
    }

    async fn put_snapshot(&self, seq: u64, parts: Parts) -> Result<(), StoreError> {
        self.blocking(move |root| {
            SNAPSHOTS.create(root)?;
            let temporary = SNAPSHOTS.temporary(root, parts)?;
            let path = SNAPSHOTS.path(root, seq);
            fs::rename(&temporary, &path).map_err(|error| {
                let _ = fs::remove_file(&temporary);
                StoreError::from_io("write", show(&path), error)
            })?;
            sync_directory(&SNAPSHOTS.folder(root))
        })
        .await
    }

    async fn read_snapshot(&self, seq: u64) -> Result<Chunks, StoreError> {
        let (path, file) = self
            .blocking(move |root| {
                let path = SNAPSHOTS.path(root, seq);
                let file =
                    File::open(&path).map_err(|error| StoreError::from_io("read", show(&path), error))?;
                Ok((path, file))
            })
            .await?;
        let store = self.clone();
        let path = Arc::new(path);
        Ok(stream::try_unfold((store, path, file), |(store, path, file)| async move {
            let read_path = path.clone();
            let (file, chunk) = store
                .blocking(move |_| {
                    let mut chunk = Vec::with_capacity(CHUNK);
                    (&file)
                        .take(CHUNK as u64)
                        .read_to_end(&mut chunk)
                        .map_err(|error| StoreError::from_io("read", show(&read_path), error))?;
                    Ok((file, chunk))
                })
                .await?;
            Ok(if chunk.is_empty() { None } else { Some((chunk, (store, path, file))) })
        })
        .boxed())
    }

    async fn prune(&self, through: u64) -> Result<(), StoreError> {
        self.blocking(move |root| {
            let snapshots = SNAPSHOTS.numbers(root)?;
            if !snapshots.contains(&through) {
                let path = SNAPSHOTS.path(root, through);
                return Err(StoreError::new(StoreErrorKind::NotFound, "prune behind", show(&path)));
            }
            for seq in snapshots.into_iter().filter(|seq| *seq < through) {
                remove(&SNAPSHOTS.path(root, seq))?;
            }
            sync_directory(&SNAPSHOTS.folder(root))?;
            for seq in SEGMENTS.numbers(root)?.into_iter().take_while(|seq| *seq <= through) {
                remove(&SEGMENTS.path(root, seq))?;
            }
            sweep(root);
            Ok(())
        })
        .await
    }

    async fn read_lease(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        self.blocking(|root| LEASES.read_current(root)).await
    }

    async fn put_lease(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        let previous = previous.cloned();
        self.blocking(move |root| {
            if previous.is_none() {
                LEASES.create(root)?;
            }
            LEASES.replace_current(root, previous.as_ref(), &bytes)
        })
        .await
    }

    async fn remove_lease(&self, version: &LeaseVersion) -> Result<(), StoreError> {
        let version = version.clone();
        self.blocking(move |root| {
            // Every run passes this place once, at its end.
            sweep(root);
            LEASES.replace_current(root, Some(&version), b"").map(drop)
        })
        .await
    }

    async fn read_keys(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        self.blocking(|root| KEYS.read_current(root)).await
    }

    async fn put_keys(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        let previous = previous.cloned();
        self.blocking(move |root| {
            if previous.is_none() {
                KEYS.create(root)?;
            }
            KEYS.replace_current(root, previous.as_ref(), &bytes)
        })
        .await
    }
}
