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

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use futures::{StreamExt as _, stream};
use landform_core::{Printable, printable::steers};

use super::{Chunks, LeaseVersion, Listing, Parts, Store, StoreError, StoreErrorKind, temporary};

const SEGMENTS: Folder = Folder { name: "journal", extension: "seg" };
const SNAPSHOTS: Folder = Folder { name: "snapshot", extension: "snap" };
const LEASES: Folder = Folder { name: "lease", extension: "json" };
const KEYS: Folder = Folder { name: "keys", extension: "json" };

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

struct Folder {
    name: &'static str,
    extension: &'static str,
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

impl Folder {
    fn folder(&self, root: &Path) -> PathBuf {
        root.join(self.name)
    }

    fn path(&self, root: &Path, number: u64) -> PathBuf {
        root.join(self.name).join(format!("{number:020}.{}", self.extension))
    }

    /// The numbers of the files there, ascending; empty if the folder is missing.
    fn numbers(&self, root: &Path) -> Result<Vec<u64>, StoreError> {
        let folder = self.folder(root);
        let fail = |error| StoreError::from_io("list", show(&folder), error);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(fail(error)),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let name = entry.map_err(fail)?.file_name();
            let number: Option<u64> =
                name.to_str().and_then(|name| name.split_once('.')).and_then(|(stem, extension)| {
                    let well_formed = extension == self.extension && stem.len() == 20;
                    if well_formed { stem.parse().ok() } else { None }
                });
            numbers.extend(number);
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Creates the folder, and the root with its parents, durably.
    fn create(&self, root: &Path) -> Result<(), StoreError> {
        let folder = self.folder(root);
        if folder.is_dir() {
            return Ok(());
        }
        refuse_foreign(root)?;
        fs::create_dir_all(&folder).map_err(|error| StoreError::from_io("create", show(&folder), error))?;
        for directory in folder.ancestors().skip(1) {
            // A parent that may not be opened existed before and needs no sync.
            if sync_directory(directory).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Writes and syncs a file under a temporary name.
    fn temporary(
        &self,
        root: &Path,
        parts: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<PathBuf, StoreError> {
        let path = self.folder(root).join(temporary::name());
        let write = || {
            let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
            for part in parts {
                file.write_all(part.as_ref())?;
            }
            file.sync_data()
        };
        match write() {
            Ok(()) => Ok(path),
            Err(error) => {
                let _ = fs::remove_file(&path);
                Err(StoreError::from_io("write", show(&path), error))
            }
        }
    }

    /// Creates a numbered file with this content, complete and durable, or fails with `Taken`.
    fn link(&self, root: &Path, number: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(root, number);
        let temporary = self.temporary(root, [bytes])?;
        let linked = fs::hard_link(&temporary, &path);
        let _ = fs::remove_file(&temporary);
        match linked {
            Ok(()) => sync_directory(&self.folder(root)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(taken(&path)),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                Err(StoreError::from_io("link", show(&path), error)
                    .because("this file system has no hard links, which the store needs"))
            }
            Err(error) => Err(StoreError::from_io("link", show(&path), error)),
        }
    }

    /// The highest file: its number and content, which is empty after a release.
    fn current(&self, root: &Path) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        loop {
            let Some(number) = self.numbers(root)?.last().copied() else { return Ok(None) };
            let path = self.path(root, number);
            match fs::read(&path) {
                Ok(bytes) => return Ok(Some((number, bytes))),
                // A higher number has come, and this file was removed.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(StoreError::from_io("read", show(&path), error)),
            }
        }
    }

    fn read_current(&self, root: &Path) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        let current = self.current(root)?.filter(|(_, bytes)| !bytes.is_empty());
        Ok(current.map(|(number, bytes)| (LeaseVersion::new(number.to_string()), bytes)))
    }

    /// Links the next version if the folder is at `previous`.
    fn replace_current(
        &self,
        root: &Path,
        previous: Option<&LeaseVersion>,
        bytes: &[u8],
    ) -> Result<LeaseVersion, StoreError> {
        let conflict =
            |number| StoreError::new(StoreErrorKind::Conflict, "write", show(&self.path(root, number)));
        let found = self.current(root)?;
        let number = found.as_ref().map_or(0, |(number, _)| *number);
        let held =
            found.filter(|(_, bytes)| !bytes.is_empty()).map(|_| LeaseVersion::new(number.to_string()));
        if held.as_ref() != previous {
            if held.is_none() && !self.folder(root).exists() {
                return Err(StoreError::new(StoreErrorKind::Vanished, "write in", show(root))
                    .because("the directory is gone"));
            }
            return Err(conflict(number));
        }
        let next = number + 1;
        self.link(root, next, bytes).map_err(|error| match error.kind() {
            StoreErrorKind::Taken => conflict(next),
            StoreErrorKind::NotFound => error.with_kind(StoreErrorKind::Vanished),
            _ => error,
        })?;
        // A process that slept between reading and linking may have linked a number that was removed.
        let numbers = self.numbers(root)?;
        if numbers.last().is_some_and(|highest| *highest > next) {
            remove(&self.path(root, next))?;
            return Err(conflict(next));
        }
        for old in numbers.into_iter().take_while(|old| *old < next) {
            remove(&self.path(root, old))?;
        }
        Ok(LeaseVersion::new(next.to_string()))
    }
}

/// Removes temporary files of killed processes.
fn sweep(root: &Path) {
    for folder in [SEGMENTS, SNAPSHOTS, LEASES, KEYS] {
        temporary::sweep(&folder.folder(root));
    }
}

/// Refuses a root that exists, is not empty, and is not a store.
fn refuse_foreign(root: &Path) -> Result<(), StoreError> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StoreError::from_io("list", show(root), error)),
    };
    let mut foreign = None;
    for entry in entries {
        let name = entry.map_err(|error| StoreError::from_io("list", show(root), error))?.file_name();
        if [SEGMENTS, SNAPSHOTS, LEASES, KEYS].iter().any(|folder| name == folder.name) {
            return Ok(());
        }
        if !name.to_string_lossy().starts_with('.') {
            foreign = Some(name);
        }
    }
    match foreign {
        Some(name) => {
            let cause = format!("it holds other files, such as {:?}, and no journal", name.to_string_lossy());
            Err(StoreError::new(StoreErrorKind::NotOurs, "keep state in", show(root)).because(cause))
        }
        None => Ok(()),
    }
}

fn taken(path: &Path) -> StoreError {
    StoreError::new(StoreErrorKind::Taken, "create", show(path))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::from_io("remove", show(path), error))
        }
        _ => Ok(()),
    }
}

/// Makes names in a directory durable.
#[cfg(unix)]
fn sync_directory(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| StoreError::from_io("sync", show(path), error))
}

/// Other systems cannot sync a directory; their file systems order names themselves.
#[cfg(not(unix))]
fn sync_directory(_: &Path) -> Result<(), StoreError> {
    Ok(())
}

fn show(path: &Path) -> String {
    Printable(path.display()).in_a_line().to_string()
}
