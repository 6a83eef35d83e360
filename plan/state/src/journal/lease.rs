//! The lease tells others who writes, so that they do not waste their time. It protects nothing; the append does.
//!
//! A lease ends when its time has passed without a heartbeat, or at once when its process is known to be dead. The
//! clock of another machine is not trusted: an expired lease from another machine is watched for one heartbeat before
//! it is taken.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use landform_core::Printable;
use serde::{Deserialize, Serialize};
use tokio::{sync::oneshot, task::JoinHandle, time::Instant};

use super::{JournalError, Who, who};
use crate::{
    store::{LeaseVersion, Store, StoreErrorKind},
    token::now,
};

/// Who writes, and until when others wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Who.
    pub who: Who,
    /// The run's id.
    pub run: String,
    /// The purpose.
    pub operation: String,
    /// When the run started, in seconds since 1970.
    pub since: u64,
    /// The last heartbeat, in seconds since 1970.
    pub heartbeat_at: u64,
    /// When the lease ends without another heartbeat, in seconds since 1970.
    pub expires: u64,
}

/// When a lease ends. Times are cut to whole seconds, so one more second guarantees the length.
fn end(now: u64, length: Duration) -> u64 {
    now + length.as_secs().max(1) + 1
}

impl Lease {
    pub(super) fn new(who: Who, run: String, operation: String, length: Duration) -> Self {
        let now = now();
        Self { who, run, operation, since: now, heartbeat_at: now, expires: end(now, length) }
    }

    fn beat(&mut self, length: Duration) {
        self.heartbeat_at = now();
        self.expires = end(self.heartbeat_at, length);
    }

    /// Whether the holder is known to have ended without releasing the lease.
    pub fn is_abandoned(&self) -> bool {
        who::is_over(&self.who, &self.run)
    }

    /// Whether its time has passed, by the clock of this machine.
    pub fn is_expired(&self) -> bool {
        now() >= self.expires
    }
}

impl fmt::Display for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {} since {}, last seen at {}",
            self.who,
            Printable(&self.operation).in_a_line(),
            show_time(self.since),
            show_time(self.heartbeat_at)
        )
    }
}

/// Somebody else writes, and is not known to have ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{store} is in use by {lease}. Wait for it to finish; if it is gone, its lease ends by itself at {}, or at once \
     with `unlock`", show_time(lease.expires)
)]
pub struct Held {
    /// The store.
    pub store: String,
    /// Who holds it.
    pub lease: Lease,
}

/// Reads the lease. A malformed lease counts as none, because it protects nobody.
async fn read(store: &dyn Store) -> Result<Option<(LeaseVersion, Option<Lease>)>, JournalError> {
    let found = store.read_lease().await?;
    Ok(found.map(|(version, bytes)| (version, serde_json::from_slice(&bytes).ok())))
}

/// The current writer of a store, if there is one.
///
/// Fails only if the store fails.
///
/// - **Cancel safety**: it only reads, so dropping it leaves nothing behind.
pub async fn holder(store: &dyn Store) -> Result<Option<Lease>, JournalError> {
    Ok(read(store).await?.and_then(|(_, lease)| lease))
}

/// Removes the lease, whoever holds it, and returns the removed lease.
///
/// - **Guarantees**: it cannot harm the journal. If the holder is still alive, it stops at its next heartbeat, and once
///   another writer has begun, the store refuses every append of the holder.
/// - **Assumptions**: the caller has looked at [`holder`] and knows that the holder has died.
/// - **Caveats**: running effects of the holder in the cloud go on; the next run settles them.
/// - **Cancel safety**: if it is dropped, the lease is either there or removed.
pub async fn unlock(store: &dyn Store) -> Result<Option<Lease>, JournalError> {
    let Some((version, lease)) = read(store).await? else { return Ok(None) };
    store.remove_lease(&version).await?;
    Ok(lease)
}

/// Our lease, and the previous holder if its run has ended.
pub(super) struct Acquired {
    pub lease: Lease,
    pub version: LeaseVersion,
    pub from: Option<Lease>,
}

/// The right to replace the lease that was found, or why there is none.
pub(super) struct Turn {
    previous: Option<LeaseVersion>,
    from: Option<Lease>,
}

/// Waits for the lease to be free. Only reads, so the caller may stop waiting at any time.
pub(super) struct Waiting {
    store: Arc<dyn Store>,
    length: Duration,
    deadline: Instant,
    watched: Option<(LeaseVersion, Instant)>,
}

impl Waiting {
    /// Waits at most `wait` for a holder to finish. `length` is the length of the lease to take.
    pub(super) fn new(store: Arc<dyn Store>, length: Duration, wait: Duration) -> Self {
        Self { store, length, deadline: Instant::now() + wait, watched: None }
    }

    /// The next free lease, as soon as nobody holds it.
    pub(super) async fn turn(&mut self) -> Result<Turn, JournalError> {
        loop {
            // A run that this process has dropped does not count: it releases the lease in a moment.
            who::let_end(&self.store.describe(), self.length).await;
            let Some((version, from)) = read(&*self.store).await? else {
                return Ok(Turn { previous: None, from: None });
            };
            if !self.may_replace(&version, from.as_ref())? {
                tokio::time::sleep(heartbeat(self.length).min(Duration::from_millis(500))).await;
                continue;
            }
            return Ok(Turn { previous: Some(version), from });
        }
    }

    /// Whether the holder of a lease has ended. Fails if it has not and the time to wait is over.
    fn may_replace(&mut self, version: &LeaseVersion, lease: Option<&Lease>) -> Result<bool, JournalError> {
        let Some(lease) = lease.filter(|lease| !lease.is_abandoned()) else { return Ok(true) };
        if lease.is_expired() {
            // The holder's clock may be behind ours. A heartbeat would show that.
            let seen = match &self.watched {
                Some((seen, since)) if seen == version => *since,
                _ => Instant::now(),
            };
            self.watched = Some((version.clone(), seen));
            let silent = if lease.who.is_here() { Duration::ZERO } else { heartbeat(self.length) * 2 };
            return Ok(seen.elapsed() >= silent);
        }
        if Instant::now() >= self.deadline {
            let held = Held { store: self.store.describe(), lease: lease.clone() };
            return Err(JournalError::Held(Box::new(held)));
        }
        Ok(false)
    }
}

/// Takes the lease when it is free; `None` if somebody was faster.
pub(super) async fn take(
    store: &dyn Store,
    turn: Turn,
    lease: Lease,
) -> Result<Option<Acquired>, JournalError> {
    let Turn { previous, from } = turn;
    let bytes = serde_json::to_vec(&lease)?;
    match store.put_lease(previous.as_ref(), bytes).await {
        Ok(version) => Ok(Some(Acquired { lease, version, from })),
        Err(error) if error.kind() == StoreErrorKind::Conflict => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The time between two heartbeats.
fn heartbeat(length: Duration) -> Duration {
    length / 4
}

/// Keeps a lease alive until told to release it, or dropped.
pub(super) struct Keeper {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Calls `lost` once if somebody else has taken the lease.
    pub(super) fn start(
        store: Arc<dyn Store>,
        acquired: Acquired,
        length: Duration,
        lost: impl FnOnce(Option<Lease>) + Send + 'static,
    ) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(keep(store, acquired, length, stopped, lost));
        Self { stop, task }
    }

    /// Ends the lease, if it is still ours.
    pub(super) async fn release(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

async fn keep(
    store: Arc<dyn Store>,
    acquired: Acquired,
    length: Duration,
    mut stopped: oneshot::Receiver<()>,
    lost: impl FnOnce(Option<Lease>) + Send + 'static,
) {
    let Acquired { mut lease, mut version, .. } = acquired;
    loop {
        tokio::select! {
            _ = &mut stopped => {
                if store.remove_lease(&version).await.is_err()
                    && let Ok(Some((found, Some(held)))) = read(&*store).await
                    && held.run == lease.run
                {
                    // The answer to a heartbeat was lost. If this fails too, the lease ends by its time.
                    let _ = store.remove_lease(&found).await;
                }
                return;
            }
            () = tokio::time::sleep(heartbeat(length)) => {}
        }
        lease.beat(length);
        let Ok(bytes) = serde_json::to_vec(&lease) else { return };
        match store.put_lease(Some(&version), bytes).await {
            Ok(next) => version = next,
            Err(error) if error.kind() == StoreErrorKind::Conflict => match read(&*store).await {
                Ok(Some((found, Some(held)))) if held.run == lease.run => version = found,
                Ok(found) => return lost(found.and_then(|(_, lease)| lease)),
                Err(_) => {}
            },
            // The store may be back at the next heartbeat. Until then, the append decides who may write.
            Err(_) => {}
        }
    }
}

/// Seconds since 1970 as `2026-11-21 09:13:36 UTC`.
pub(super) fn show_time(seconds: u64) -> String {
    // The library can show the years 1970 to 9999.
    let time = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).filter(|_| seconds < 253_402_300_800);
    time.map_or_else(
        || format!("{seconds} s after 1970"),
        |time| humantime::format_rfc3339_seconds(time).to_string().replace('T', " ").replace('Z', " UTC"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_dates() {
        assert_eq!(show_time(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(show_time(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(show_time(1_795_252_416), "2026-11-21 09:13:36 UTC");
        assert_eq!(show_time(4_107_542_399), "2100-02-28 23:59:59 UTC");
        assert_eq!(show_time(u64::MAX), "18446744073709551615 s after 1970");
    }
}
