//! Errors of a journal. Every message says what was found, where, and what to do.

use std::sync::Arc;

use landform_core::{Printable, words};

use super::{Hash, IntegrityError, Lease, lease::Held};
use crate::store::{StoreError, StoreErrorKind};

/// A journal's error.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Bytes were changed after they were written.
    #[error(
        "{place} is damaged at byte {offset}: {what}. Restore this file from a backup; nothing was changed"
    )]
    Damaged {
        /// The store and the segment or snapshot.
        place: String,
        /// The offset in bytes from its start.
        offset: u64,
        /// What is wrong there.
        what: String,
    },
    /// A segment is missing between others.
    #[error(
        "{store}: segment {missing} is missing, while segment {found} is there. Restore it from a backup; nothing \
         was changed"
    )]
    Gap {
        /// The store.
        store: String,
        /// The first number that is missing.
        missing: u64,
        /// The next number that is there.
        found: u64,
    },
    /// A segment does not follow the one before it: it was changed or comes from another journal.
    #[error(
        "{place} does not follow segment {before}, whose hash is {found}: it was written after {expected}. One of the \
         two was altered or comes from another journal; restore both from one backup"
    )]
    Chain {
        /// The store and the segment.
        place: String,
        /// The number of the segment before.
        before: u64,
        /// The hash that the segment names.
        expected: Hash,
        /// The hash of the segment that is there.
        found: Hash,
    },
    /// A newer release wrote this.
    #[error(
        "{place} has format {found}, and this release reads formats up to {supported}. Use a newer release"
    )]
    Newer {
        /// The store and the segment or snapshot.
        place: String,
        /// The format found.
        found: u32,
        /// The newest format supported.
        supported: u32,
    },
    /// The journal belongs to another stack.
    #[error(
        "{place} belongs to stack {found:?}, not to {expected:?}. Give each stack a separate place, or name the \
         stack {found:?}"
    )]
    OtherStack {
        /// The store and the segment or snapshot.
        place: String,
        /// The stack that was opened.
        expected: String,
        /// The stack that it belongs to.
        found: String,
    },
    /// A part belongs to another history of the stack.
    #[error(
        "{place} has lineage {found}, the parts before it have {expected}: files of two journals are mixed. Restore \
         the place from one backup"
    )]
    OtherLineage {
        /// The store and the segment or snapshot.
        place: String,
        /// The lineage so far.
        expected: String,
        /// The lineage found.
        found: String,
    },
    /// A record contradicts the state.
    #[error("{place}: {error}")]
    Integrity {
        /// The store, or also the segment and record.
        place: String,
        /// What does not fit.
        #[source]
        error: IntegrityError,
    },
    /// Somebody else writes.
    #[error(transparent)]
    Held(Box<Held>),
    /// Somebody else took over. This writer may not write any more.
    #[error(
        "{store} was taken over{}: this run can no longer write segment {seq}. Acknowledged records are kept; run \
         again to settle the rest", by.as_ref().map(|lease| format!(" by {lease}")).unwrap_or_default()
    )]
    Fenced {
        /// The store.
        store: String,
        /// The segment that was refused.
        seq: u64,
        /// The current holder of the lease, if there is one.
        by: Option<Box<Lease>>,
    },
    /// The writer was closed before.
    #[error("the journal of {store} is closed")]
    Closed {
        /// The store.
        store: String,
    },
    /// The state at this point of the history is no longer kept.
    #[error("{store} no longer has the state after segment {seq}; its history goes back to segment {oldest}")]
    NotRetained {
        /// The store.
        store: String,
        /// What was asked for.
        seq: u64,
        /// The oldest point that is kept.
        oldest: u64,
    },
    /// The history has no such point.
    #[error("{store} has no segment {seq}; the newest is {newest}")]
    NotReached {
        /// The store.
        store: String,
        /// What was asked for.
        seq: u64,
        /// The newest segment.
        newest: u64,
    },
    /// No run began with this segment.
    #[error("{store}: no recorded run began with segment {seq}; the newest began with {newest}")]
    NoRun {
        /// The store.
        store: String,
        /// What was asked for.
        seq: u64,
        /// Where the newest run began.
        newest: u64,
    },
    /// The place to import into already has a state.
    #[error("{store} already has {}; import into an empty place", words::count(*objects, "object"))]
    NotEmpty {
        /// The store.
        store: String,
        /// How many objects are known.
        objects: usize,
    },
    /// JSON that cannot be understood.
    #[error("JSON: {0}")]
    Json(Arc<serde_json::Error>),
}

impl JournalError {
    /// The place is encrypted, but was opened without a key.
    pub(super) fn encrypted(place: String) -> Self {
        Self::Store(StoreError::new(StoreErrorKind::Encrypted, "read", place).because("it is encrypted"))
    }
}

impl From<serde_json::Error> for JournalError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(Arc::new(error))
    }
}

/// A notice for the user. The work goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The last segment ends in its middle. The complete records before that are used.
    Torn {
        /// The segment.
        seq: u64,
        /// Where its whole lines end.
        offset: u64,
        /// How many bytes after that were left out.
        dropped: u64,
    },
    /// A snapshot is damaged. An older one with the segments after it gave the same state.
    SnapshotPassedOver {
        /// The snapshot.
        seq: u64,
        /// What is wrong with it.
        what: String,
    },
    /// A snapshot could not be written. The journal keeps growing until one can.
    NotCompacted {
        /// Why.
        what: String,
    },
    /// The lease of another run was taken, because that run has ended.
    TookOver {
        /// The lease.
        from: Box<Lease>,
    },
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Torn { seq, offset, dropped } => write!(
                f,
                "segment {seq} ends in its middle: {} after byte {offset} were left out, the records \
                 before them are used",
                words::count(usize::try_from(*dropped).unwrap_or(usize::MAX), "byte")
            ),
            Self::SnapshotPassedOver { seq, what } => {
                write!(f, "snapshot {seq} was skipped and an older one used: {}", Printable(what))
            }
            Self::NotCompacted { what } => write!(f, "the journal was not compacted: {}", Printable(what)),
            Self::TookOver { from } => write!(f, "took over from a run that has ended: {from}"),
        }
    }
}
