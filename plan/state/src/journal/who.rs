//! Identifies a writer: the user, the machine and the process. Tells whether that process still runs.

use std::{
    collections::BTreeMap,
    fmt, fs,
    process::Command,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use landform_core::Printable;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// A process, and the user for whom it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The user's name.
    pub user: String,
    /// The machine's name.
    pub host: String,
    /// The process's id there.
    pub pid: u32,
    /// The machine's boot and the process namespace. Only where both are equal does `pid` mean the same process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<String>,
    /// When the process started, in the kernel's ticks since boot, because ids of processes are reused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<u64>,
}

impl Who {
    /// This process.
    pub fn current() -> Self {
        static CURRENT: OnceLock<Who> = OnceLock::new();
        let who = CURRENT.get_or_init(|| Self {
            user: first_variable(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "unknown user".into()),
            host: host(),
            pid: std::process::id(),
            boot: boot(),
            started: started(std::process::id()),
        });
        // A value that was computed before a fork has another id.
        Self { pid: std::process::id(), started: started(std::process::id()), ..who.clone() }
    }

    /// Whether the process is on this machine, as far as can be told.
    pub fn is_here(&self) -> bool {
        self.boot.is_some() && self.boot == boot()
    }

    /// Whether the process is known to have ended. False if unknown: on another machine, or on a system that does not
    /// say.
    pub fn is_dead(&self) -> bool {
        self.is_here() && self.started.is_some() && started(self.pid) != self.started
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (user, host) = (Printable(&self.user).in_a_line(), Printable(&self.host).in_a_line());
        write!(f, "{user} on {host} (process {})", self.pid)
    }
}

/// The runs of this process that have a living writer. A run whose writer was dropped has ended, although the process
/// lives.
fn living() -> MutexGuard<'static, BTreeMap<String, Arc<Run>>> {
    static LIVING: Mutex<BTreeMap<String, Arc<Run>>> = Mutex::new(BTreeMap::new());
    LIVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A run of this process.
#[derive(Debug)]
struct Run {
    /// The store that the run writes to, as the store describes itself.
    place: String,
    stage: watch::Sender<Stage>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The run records changes.
    Writes,
    /// The run accepts nothing more. It commits what it has, and then releases the lease.
    Ends,
    /// It writes nothing any more.
    Over,
}

/// Keeps a run among the living ones until dropped.
#[derive(Debug)]
pub(super) struct Living(String);

impl Living {
    pub(super) fn new(run: &str, place: String) -> Self {
        living().insert(run.to_owned(), Arc::new(Run { place, stage: watch::Sender::new(Stage::Writes) }));
        Self(run.to_owned())
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        if let Some(run) = living().remove(&self.0) {
            run.stage.send_replace(Stage::Over);
        }
    }
}

/// Notes that a run accepts nothing more.
pub(super) fn ends(run: &str) {
    if let Some(run) = living().get(run) {
        run.stage.send_replace(Stage::Ends);
    }
}

/// Waits until the ending runs of this process that write to `place` have ended. Waits at most `patience`, and not at
/// all if there are none.
pub(super) async fn let_end(place: &str, patience: Duration) {
    let ends = |run: &&Arc<Run>| run.place == place && *run.stage.borrow() == Stage::Ends;
    let ending: Vec<Arc<Run>> = living().values().filter(ends).cloned().collect();
    if ending.is_empty() {
        return;
    }
    let over = async {
        for run in ending {
            // The sender lives as long as `run`, so waiting cannot fail.
            let _ = run.stage.subscribe().wait_for(|stage| *stage == Stage::Over).await;
        }
    };
    let _ = tokio::time::timeout(patience, over).await;
}

/// Whether a run of that process is known to have ended.
pub(super) fn is_over(who: &Who, run: &str) -> bool {
    who.is_dead() || (*who == Who::current() && who.is_here() && !living().contains_key(run))
}

fn first_variable(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| std::env::var(name).ok()).filter(|value| !value.is_empty())
}

fn host() -> String {
    let trimmed = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let ask = || String::from_utf8(Command::new("hostname").output().ok()?.stdout).ok();
    fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .and_then(trimmed)
        .or_else(|| first_variable(&["HOSTNAME", "COMPUTERNAME"]))
        .or_else(|| ask().and_then(trimmed))
        .unwrap_or_else(|| "unknown host".into())
}

fn boot() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), namespace.display()))
}

/// The start of a process as the kernel reports it; `None` if there is no such process, or if it only waits to be
/// reaped.
fn started(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the command's name in parentheses and may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let status = fields.next()?;
    if matches!(status, "Z" | "X") { None } else { fields.nth(18)?.parse().ok() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_process_is_dead_when_its_id_is_free_or_used_again() {
        let me = Who::current();
        assert!(!me.is_dead());
        let Some(start) = me.started else { return assert_ne!(std::env::consts::OS, "linux") };
        assert!(Who { started: Some(start + 1), ..me.clone() }.is_dead());
        assert!(Who { pid: 4_194_305, ..me.clone() }.is_dead());
        assert!(!Who { pid: 4_194_305, boot: Some("another".into()), ..me }.is_dead());
    }

    #[test]
    fn a_killed_child_is_dead_before_and_after_it_is_reaped() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let who = Who { pid: child.id(), started: started(child.id()), ..Who::current() };
        assert!(!who.is_dead());
        child.kill().unwrap();
        while !who.is_dead() {
            std::thread::yield_now();
        }
        child.wait().unwrap();
        assert!(who.is_dead());
    }
}
