//! Names of files that are being written: each says whose it is, so that what a killed process left is told from what
//! another is at work on. Names only.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sha2::{Digest as _, Sha256};

use crate::journal::Who;

const PREFIX: &str = ".tmp-";

/// A temporary file this old belongs to nobody any more, whoever it says.
const ABANDONED: Duration = Duration::from_secs(3600);

/// A name that no other process and no other file of this one has.
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

/// Whether a file is a temporary one on which nobody is at work any more. `age` is asked where its name does not tell.
pub(super) fn is_abandoned(name: &str, age: impl FnOnce() -> Option<Duration>) -> bool {
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    let owner = rest.rsplit_once('-').map_or("", |(owner, _)| owner);
    is_dead(owner) || age().is_some_and(|age| age > ABANDONED)
}

/// Boot, process and its start, as they stand in a name.
fn owner_of(who: &Who) -> String {
    format!("{}-{}-{}", boot(who), who.pid, who.started.unwrap_or(0))
}

/// Whether the owner is known to be over; what is not known to be of this machine is not.
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
    digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
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
        assert!(!is_abandoned("00000000000000000001.seg", || Some(ABANDONED * 2)));
    }
}
