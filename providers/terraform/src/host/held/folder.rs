//! The folders of holders: one for each time that a plugin was opened. Locks tell who still runs, because a system
//! releases them with the process. Knows no plugin.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use super::log::{self, Entry, Kept, Open};

/// Locked by the engine's process as long as it uses the plugin.
const ENGINE: &str = "engine";
/// The log, locked by the holder as long as it runs.
const LOG: &str = "log";

/// How long a folder without answers is kept. Without it, an attempt of that time is undecided.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The folder of one holder.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

/// What is known about a creation that an earlier holder may have passed on.
#[derive(Debug, PartialEq)]
pub(in crate::host) enum Earlier {
    /// That holder still works.
    Busy,
    /// It never passed it on, or nothing came of it.
    Nothing,
    /// There is an answer.
    Answered(landform_core::Private),
    /// Nobody knows.
    Unknown,
}

impl Folder {
    /// Makes a folder that only this user can read, and locks it for this process.
    pub(super) fn make(all: &Path, name: &str) -> io::Result<(Self, File)> {
        let folder = Self(all.join(name));
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder.0)?;
        let engine = private(&folder.0.join(ENGINE))?;
        engine.lock()?;
        private(&folder.0.join(LOG))?;
        Ok((folder, engine))
    }

    pub(super) fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub(super) fn of(all: &Path, name: &str) -> Self {
        Self(all.join(name))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Locks the log for the holder, which is this process.
    pub(super) fn hold(&self) -> io::Result<File> {
        let log = OpenOptions::new().read(true).append(true).open(self.0.join(LOG))?;
        log.try_lock().map_err(io::Error::from)?;
        Ok(log)
    }

    /// Removes the folder with everything in it.
    pub(super) fn remove(&self) -> io::Result<()> {
        fs::remove_dir_all(&self.0)
    }

    /// Whether the engine is gone and its holder still works.
    pub(super) fn finishes(&self) -> bool {
        !is_locked(&self.0.join(ENGINE)) && is_locked(&self.0.join(LOG))
    }

    /// What became of a creation.
    pub(super) fn standing(&self, token: &str) -> Earlier {
        if is_locked(&self.0.join(LOG)) {
            return Earlier::Busy;
        }
        match self.open_ones() {
            Err(_) => Earlier::Unknown,
            Ok(mut open) => match open.remove(token) {
                None => Earlier::Nothing,
                Some(Kept::Begun) => Earlier::Unknown,
                Some(Kept::Answered(answer)) => Earlier::Answered(answer),
            },
        }
    }

    fn open_ones(&self) -> io::Result<Open> {
        log::read(&mut File::open(self.0.join(LOG))?)
    }

    /// Notes that a journal has the answer of a holder that has ended, and deletes it.
    pub(super) fn journalled(&self, token: &str) -> io::Result<()> {
        let mut open = self.open_ones()?;
        open.remove(token);
        self.rewrite(open)
    }

    /// Writes the log again, with these creations only.
    pub(super) fn rewrite(&self, open: Open) -> io::Result<()> {
        let fresh = self.0.join(format!("{LOG}.new"));
        // It exists if an earlier attempt was interrupted.
        let _ = fs::remove_file(&fresh);
        let mut file = private(&fresh)?;
        for (token, kept) in open {
            let entry = match kept {
                Kept::Begun => Entry::Begun(token),
                Kept::Answered(answer) => Entry::Answered(token, answer),
            };
            file.write_all(&log::line(&entry)?)?;
        }
        file.sync_all()?;
        fs::rename(fresh, self.0.join(LOG))
    }

    /// Whether nobody needs the folder any more.
    fn is_old(&self) -> bool {
        let log = self.0.join(LOG);
        let age = fs::metadata(&log).and_then(|known| known.modified()).ok().and_then(|at| at.elapsed().ok());
        let has_answers = || {
            self.open_ones().map_or(true, |open| open.values().any(|kept| matches!(kept, Kept::Answered(_))))
        };
        age.is_some_and(|age| age > KEPT)
            && !is_locked(&self.0.join(ENGINE))
            && !is_locked(&log)
            && !has_answers()
    }
}

/// The folders that exist already. Old ones without answers are removed.
pub(super) fn existing(all: &Path) -> Vec<Folder> {
    let entries = fs::read_dir(all).into_iter().flatten().flatten();
    let folders = entries.map(|entry| Folder(entry.path())).filter(|folder| folder.0.join(LOG).exists());
    let (old, kept): (Vec<Folder>, Vec<Folder>) = folders.partition(Folder::is_old);
    // If it cannot be removed now, the next run does.
    old.iter().for_each(|folder| drop(folder.remove()));
    kept
}

/// A new file that only this user can read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whether a process holds the lock of a file.
fn is_locked(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use landform_core::Private;

    use super::*;

    #[test]
    fn locks_and_the_log_tell_what_became_of_a_creation() {
        let all = tempfile::tempdir().unwrap();
        let (folder, engine) = Folder::make(all.path(), "one").unwrap();
        let mut held = folder.hold().unwrap();
        assert!(!folder.finishes(), "the engine runs");
        let log = folder.path().join(LOG);
        let begun = ["a", "b"].map(|token| Entry::Begun(token.into()));
        let answered = Entry::Answered("b".into(), Private::new(b"secret"));
        let lines = begun.iter().chain([&answered]).flat_map(|entry| log::line(entry).unwrap());
        fs::write(&log, lines.collect::<Vec<u8>>()).unwrap();
        assert_eq!(folder.standing("b"), Earlier::Busy);
        drop(engine);
        assert!(folder.finishes());
        assert_eq!(log::read(&mut held).unwrap().len(), 2);
        drop(held);
        assert_eq!(folder.standing("a"), Earlier::Unknown);
        assert_eq!(folder.standing("b"), Earlier::Answered(Private::new(b"secret")));
        assert_eq!(folder.standing("c"), Earlier::Nothing);
        assert_eq!(Folder::of(all.path(), "other").standing("c"), Earlier::Unknown);
        folder.journalled("b").unwrap();
        assert_eq!(folder.standing("b"), Earlier::Nothing);
        assert_eq!(folder.standing("a"), Earlier::Unknown);
        let left = String::from_utf8(fs::read(&log).unwrap()).unwrap();
        assert!(!left.contains("answered"), "{left}");
        assert_eq!(existing(all.path()).len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let all = tempfile::tempdir().unwrap();
        let (folder, _engine) = Folder::make(&all.path().join("deep"), "one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder.path()), 0o700);
        for name in [ENGINE, LOG] {
            assert_eq!(mode(&folder.path().join(name)), 0o600);
        }
    }
}
