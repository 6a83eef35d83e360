//! Temporary files, which get their final name when they are complete. Each name says which process owns it, so that
//! files of killed processes can be told from those in use. Touches no other file.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sha2::{Digest as _, Sha256};

use crate::journal::Who;

const PREFIX: &str = ".tmp-";

/// A temporary file this old is abandoned, whatever process it names.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Replaces a file completely or leaves it as it is. The new content survives a power cut. A replaced file keeps its
/// permissions.
///
/// Removes temporary files of killed processes in the folder.
///
/// # Errors
/// Those of the file system.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put(path, bytes, false)
}

/// Like [`replace`]. Afterwards only the file's owner may read and write it.
pub(super) fn replace_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put(path, bytes, true)
}

fn put(path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sweep(folder);
    let aside = folder.join(name());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(&aside)?;
    let mut write = || {
        if !private && let Ok(present) = fs::metadata(path) {
            file.set_permissions(present.permissions())?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&aside, path)?;
        // Other systems cannot sync a directory; their file systems order names themselves.
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    };
    write().inspect_err(|_| {
        let _ = fs::remove_file(&aside);
    })
}

/// Removes temporary files of killed processes in a folder. Best effort; it never does harm.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_abandoned(&entry.file_name().to_string_lossy(), age) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A name that no other process and no other file of this process has.
pub(super) fn name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    static OWNER: Mutex<Option<(u32, String)>> = Mutex::new(None);
    let mut owner = OWNER.lock().unwrap_or_else(PoisonError::into_inner);
    // A fork has another id than the process that was asked first.
    if owner.as_ref().is_none_or(|(pid, _)| *pid != std::process::id()) {
        let who = Who::current();
        *owner = Some((who.pid, owner_of(&who)));
    }
    let owner = owner.as_ref().map_or("", |(_, owner)| owner);
    format!("{PREFIX}{owner}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Whether a file is one that is being written, or was.
pub(super) fn is_temporary(name: &str) -> bool {
    owner_in(name).is_some()
}

/// Whether a file is temporary and no process uses it any more. Calls `age` if the name does not decide.
fn is_abandoned(name: &str, age: impl FnOnce() -> Option<Duration>) -> bool {
    let Some(owner) = owner_in(name) else { return false };
    is_dead(owner) || age().is_some_and(|age| age > ABANDONED)
}

/// The owner in a name; `None` for a name that was not made here.
fn owner_in(name: &str) -> Option<&str> {
    let (owner, count) = name.strip_prefix(PREFIX)?.rsplit_once('-')?;
    let parts: Vec<&str> = owner.split('-').collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [boot, pid, started] => {
            let ours = boot.len() == 16 && boot.bytes().all(|byte| byte.is_ascii_hexdigit());
            (ours && digits(pid) && digits(started) && digits(count)).then_some(owner)
        }
        _ => None,
    }
}

/// Boot, process and its start, as they stand in a name.
fn owner_of(who: &Who) -> String {
    format!("{}-{}-{}", boot(who), who.pid, who.started.unwrap_or(0))
}

/// Whether the owner is known to have ended. An owner that may be on another machine is not.
fn is_dead(owner: &str) -> bool {
    let here = Who::current();
    let mut parts = owner.split('-');
    let (Some(at), Some(pid), Some(started), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    match (pid.parse(), started.parse()) {
        (Ok(pid), Ok(started)) if at == boot(&here) => Who { pid, started: Some(started), ..here }.is_dead(),
        _ => false,
    }
}

fn boot(who: &Who) -> String {
    let digest = Sha256::digest(who.boot.as_deref().unwrap_or_default());
    hex::encode(&digest[..8])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn young() -> Option<Duration> {
        Some(Duration::ZERO)
    }

    #[test]
    fn names_differ_and_those_of_the_living_stay() {
        let names = [name(), name()];
        assert_ne!(names[0], names[1]);
        for name in names {
            assert!(!is_abandoned(&name, young), "{name}");
            assert!(is_abandoned(&name, || Some(ABANDONED * 2)), "{name}");
        }
    }

    #[test]
    fn only_what_is_known_to_be_left_behind_goes() {
        let me = Who::current();
        let gone = Who { pid: 4_194_305, ..me.clone() };
        let left = format!("{PREFIX}{}-7", owner_of(&gone));
        assert_eq!(is_abandoned(&left, young), me.started.is_some(), "{left}");
        let elsewhere = Who { boot: Some("another".into()), ..gone };
        let names = [format!("{PREFIX}{}-7", owner_of(&elsewhere)), ".tmp-1-0".into(), ".tmp-".into()];
        assert!(names.iter().all(|name| !is_abandoned(name, young)), "{names:?}");
        for name in ["00000000000000000001.seg", ".tmp-notes", ".tmp-1-0"] {
            assert!(!is_temporary(name) && !is_abandoned(name, || Some(ABANDONED * 2)), "{name}");
        }
    }

    #[test]
    fn replacing_a_file_touches_no_other_in_its_folder() {
        let directory = tempfile::tempdir().unwrap();
        let list = || {
            let mut names: Vec<String> = fs::read_dir(directory.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        let others = ["plan.tmp", "plan.bak", ".plan", ".tmp-plan", ".landform-1-0", "plan~"];
        for other in others {
            fs::write(directory.path().join(other), other).unwrap();
        }
        let gone = Who { pid: 4_194_305, ..Who::current() };
        let left = format!("{PREFIX}{}-7", owner_of(&gone));
        fs::write(directory.path().join(&left), "half").unwrap();
        let before = list();
        for text in ["first", "second"] {
            replace(&directory.path().join("plan.txt"), text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(directory.path().join("plan.txt")).unwrap(), text);
        }
        let mut expected: Vec<String> = before.into_iter().filter(|name| *name != left).collect();
        expected.push("plan.txt".into());
        expected.sort();
        let mut found = list();
        // If the start of a process is unknown, its temporary file stays for an hour.
        found.retain(|name| *name != left);
        assert_eq!(found, expected);
        for other in others {
            assert_eq!(fs::read_to_string(directory.path().join(other)).unwrap(), other);
        }
        fs::create_dir(directory.path().join("folder")).unwrap();
        let before = list();
        assert!(replace(&directory.path().join("folder"), b"x").is_err());
        assert!(replace(&directory.path().join("nowhere/plan"), b"x").is_err());
        assert_eq!(list(), before);
    }
}
