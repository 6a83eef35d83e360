//! Files in a directory, each for its owner alone: there are keys among them.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use landform_core::Printable;
use sha2::{Digest as _, Sha256};

use super::{Content, Entries, Expect, FileVersion, Place, StoreError, StoreErrorKind, conflict};
use crate::store::{LocalStore, Store as _, temporary};

pub(super) struct Directory {
    root: Arc<Path>,
}

impl Directory {
    /// A relative path counts from the current directory, now.
    pub(super) fn new(root: &str) -> Self {
        Self { root: std::path::absolute(root).unwrap_or_else(|_| root.into()).into() }
    }

    pub(super) fn describe(&self) -> String {
        LocalStore::new(&self.root).describe()
    }

    /// Runs file operations where they may block.
    async fn blocking<T: Send + 'static>(
        &self,
        path: &[&str],
        work: impl FnOnce(PathBuf) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let path: PathBuf = std::iter::once(&*self.root).chain(path.iter().map(Path::new)).collect();
        let place = self.describe();
        tokio::task::spawn_blocking(move || work(path)).await.unwrap_or_else(|stopped| {
            Err(StoreError::new(StoreErrorKind::Unavailable, "use", place).because(stopped))
        })
    }
}

#[async_trait]
impl Place for Directory {
    async fn get(&self, path: &[&str]) -> Result<Option<Content>, StoreError> {
        self.blocking(path, |path| read(&path)).await
    }

    async fn list(&self, folder: &[&str]) -> Result<Entries, StoreError> {
        self.blocking(folder, |folder| list(&folder)).await
    }

    async fn put(
        &self,
        path: &[&str],
        bytes: Vec<u8>,
        expect: Expect<'_>,
    ) -> Result<FileVersion, StoreError> {
        let expected = match expect {
            Expect::Version(version) => Some(Some(version.clone())),
            Expect::Nothing => Some(None),
            Expect::Anything => None,
        };
        self.blocking(path, move |path| write(&path, &bytes, expected)).await
    }

    async fn remove(&self, path: &[&str]) -> Result<(), StoreError> {
        let root = self.root.clone();
        self.blocking(path, move |path| remove(&path, &root)).await
    }
}

fn read(path: &Path) -> Result<Option<Content>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(Content { version: version(&bytes), bytes })),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(StoreError::from_io("read", show(path), error)),
    }
}

fn list(folder: &Path) -> Result<Entries, StoreError> {
    let fail = |error| StoreError::from_io("list", show(folder), error);
    let mut entries = Entries::default();
    let found = match fs::read_dir(folder) {
        Err(error) if is_absent(&error) => return Ok(entries),
        found => found.map_err(fail)?,
    };
    for entry in found {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name().into_string().map_err(|name| {
            StoreError::new(StoreErrorKind::NotOurs, "list", show(folder))
                .because(format!("the name {name:?} is not UTF-8"))
        })?;
        if temporary::is_temporary(&name) {
            continue;
        }
        let is_folder = entry.path().is_dir();
        if is_folder { entries.folders.push(name) } else { entries.files.push(name) }
    }
    entries.files.sort_unstable();
    entries.folders.sort_unstable();
    Ok(entries)
}

/// `expected` is the version that must exist, or `None` inside for no file.
fn write(
    path: &Path,
    bytes: &[u8],
    expected: Option<Option<FileVersion>>,
) -> Result<FileVersion, StoreError> {
    let fail = |error| StoreError::from_io("write", show(path), error);
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(fail)?;
    // Comparing and writing are two steps. Every other thread and process waits here until both are done.
    let lock = File::open(folder).map_err(fail)?;
    lock.lock().map_err(fail)?;
    if let Some(expected) = &expected {
        let found = read(path)?.map(|found| found.version);
        if found != *expected {
            let expect = expected.as_ref().map_or(Expect::Nothing, Expect::Version);
            return Err(conflict(show(path), expect));
        }
    }
    temporary::replace_private(path, bytes).map_err(fail)?;
    Ok(version(bytes))
}

/// Removes a file, and the folders that are empty then: a bucket has no empty folders either.
fn remove(path: &Path, root: &Path) -> Result<(), StoreError> {
    let fail = |error| StoreError::from_io("remove", show(path), error);
    match fs::remove_file(path) {
        Err(error) if is_absent(&error) => return Ok(()),
        removed => removed.map_err(fail)?,
    }
    let folders = path.ancestors().skip(1).take_while(|folder| *folder != root && folder.starts_with(root));
    for folder in folders {
        // The folder has files, or another process has removed it.
        if fs::remove_dir(folder).is_err() {
            return File::open(folder)
                .and_then(|folder| folder.sync_all())
                .or_else(|error| if is_absent(&error) { Ok(()) } else { Err(fail(error)) });
        }
    }
    Ok(())
}

/// No file has this name. A folder is not a file, as in a bucket.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
    )
}

fn version(bytes: &[u8]) -> FileVersion {
    FileVersion { tag: Some(hex::encode(Sha256::digest(bytes))), generation: None }
}

fn show(path: &Path) -> String {
    Printable(path.display()).in_a_line().to_string()
}
