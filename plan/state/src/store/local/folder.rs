//! The folders of a store in a local directory. Each has numbered files, which are complete or missing.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use landform_core::Printable;

use crate::store::{LeaseVersion, StoreError, StoreErrorKind, temporary};

pub(super) const SEGMENTS: Folder = Folder { name: "journal", extension: "seg" };
pub(super) const SNAPSHOTS: Folder = Folder { name: "snapshot", extension: "snap" };
pub(super) const LEASES: Folder = Folder { name: "lease", extension: "json" };
pub(super) const KEYS: Folder = Folder { name: "keys", extension: "json" };

/// A folder of numbered files.
pub(super) struct Folder {
    name: &'static str,
    extension: &'static str,
}

impl Folder {
    pub(super) fn folder(&self, root: &Path) -> PathBuf {
        root.join(self.name)
    }

    pub(super) fn path(&self, root: &Path, number: u64) -> PathBuf {
        root.join(self.name).join(format!("{number:020}.{}", self.extension))
    }

    /// The numbers of the files there, ascending; empty if the folder is missing.
    pub(super) fn numbers(&self, root: &Path) -> Result<Vec<u64>, StoreError> {
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
    pub(super) fn create(&self, root: &Path) -> Result<(), StoreError> {
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
    pub(super) fn temporary(
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
    pub(super) fn link(&self, root: &Path, number: u64, bytes: &[u8]) -> Result<(), StoreError> {
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
    pub(super) fn current(&self, root: &Path) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
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

    pub(super) fn read_current(&self, root: &Path) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        let current = self.current(root)?.filter(|(_, bytes)| !bytes.is_empty());
        Ok(current.map(|(number, bytes)| (LeaseVersion::new(number.to_string()), bytes)))
    }

    /// Links the next version if the folder is at `previous`.
    pub(super) fn replace_current(
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
pub(super) fn sweep(root: &Path) {
    for folder in [SEGMENTS, SNAPSHOTS, LEASES, KEYS] {
        temporary::sweep(&folder.folder(root));
    }
}

/// Refuses a root that exists, is not empty, and is not a store.
pub(super) fn refuse_foreign(root: &Path) -> Result<(), StoreError> {
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

pub(super) fn taken(path: &Path) -> StoreError {
    StoreError::new(StoreErrorKind::Taken, "create", show(path))
}

pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::from_io("remove", show(path), error))
        }
        _ => Ok(()),
    }
}

/// Makes names in a directory durable.
#[cfg(unix)]
pub(super) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| StoreError::from_io("sync", show(path), error))
}

/// Other systems cannot sync a directory; their file systems order names themselves.
#[cfg(not(unix))]
pub(super) fn sync_directory(_: &Path) -> Result<(), StoreError> {
    Ok(())
}

pub(super) fn show(path: &Path) -> String {
    Printable(path.display()).in_a_line().to_string()
}
