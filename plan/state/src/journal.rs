//! The journal: an append-only log of intents and their results, from which the state is built.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! use std::sync::Arc;
//! use landform_state::{journal::{Claim, Intent, IntentAction, Journal, OutcomeResult, Record, Sealed}, store::MemoryStore};
//!
//! let store = Arc::new(MemoryStore::new());
//! let writer = Journal::write(store.clone(), "base", Claim::new("apply")).await?;
//! let intent = Intent {
//!     key: "aws_vpc.main".parse()?,
//!     action: IntentAction::Create,
//!     type_name: "aws_vpc".parse()?,
//!     token: "t-1".parse()?,
//!     provider: "aws".into(),
//!     id: None,
//!     inputs: Sealed::without_secrets(&serde_json::json!({ "cidr_block": "10.0.0.0/16" })),
//!     inputs_hash: String::new(),
//!     depends_on: Vec::new(),
//!     replace_triggered_by: Vec::new(),
//!     create_before_destroy: false,
//!     retain_on_delete: false,
//! };
//! writer.append(Record::Intent(Arc::new(intent.clone()))).await?;   // now the effect may start
//! drop(writer);                                                     // … and here the process dies
//!
//! let journal = Journal::read(store, "base").await?;
//! let pending = journal.state().pending().next().expect("the intent outlived the process");
//! assert_eq!(*pending.intent, intent);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! **Promises.** A record whose append was answered survives kills and power cuts. Of two writers, at most one can
//! append after any given segment; the other gets [`JournalError::Fenced`] and stops. Every altered byte, and every
//! segment that is missing or comes from elsewhere, is an error that names it. If the last segment ends in its middle,
//! its complete records count, with a [`Notice`].
//!
//! **Limits.** If the newest segments were removed as whole files, the journal looks as if it never had them.

mod commit;
mod compact;
mod difference;
mod document;
mod error;
mod json;
mod lease;
mod line;
mod load;
mod object;
mod record;
mod segment;
mod sketch;
mod snapshot;
mod state;
mod who;
mod writer;

use std::{sync::Arc, time::Duration};

use self::load::Loaded;
pub use self::{
    difference::{Changed, Difference},
    error::{JournalError, Notice},
    json::Json,
    lease::{Held, Lease, holder, unlock},
    object::{ObjectKey, ObjectState},
    record::{
        Begin, End, Intent, IntentAction, Keyed, Move, ObservedRecord, Outcome, OutcomeResult, Record,
        TicketRecord,
    },
    segment::{FORMAT, Hash},
    state::{IntegrityError, Pending, Revision, State},
    who::Who,
    writer::Writer,
};
pub use crate::seal::Sealed;
use crate::store::Store;

/// The journal of a stack at the time it was read. Needs no lease and writes nothing.
#[derive(Debug)]
pub struct Journal {
    store: Arc<dyn Store>,
    loaded: Loaded,
}

/// Why somebody wants to write.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The operation, as others will read it: `apply`, `destroy`.
    pub operation: String,
    /// Who.
    pub who: Who,
    /// How long to wait for another writer to finish.
    pub wait: Duration,
    /// The lineage to continue in an empty place: that of a state that moves here.
    pub lineage: Option<String>,
}

impl Claim {
    /// A claim of this process. It does not wait for other writers.
    pub fn new(operation: impl Into<String>) -> Self {
        Self { operation: operation.into(), who: Who::current(), wait: Duration::ZERO, lineage: None }
    }

    /// Waits for another writer to finish.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Continues the lineage of a state that moves to an empty place. The seals in the state are compared by its
    /// lineage.
    pub fn lineage(mut self, lineage: impl Into<String>) -> Self {
        self.lineage = Some(lineage.into()).filter(|lineage| !lineage.is_empty());
        self
    }
}

/// How a writer behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// The longest time that an enqueued record waits for others to share its commit.
    pub group: Duration,
    /// How long a lease is valid without a heartbeat. Four heartbeats are sent in that time. At least a second.
    pub lease: Duration,
    /// How long a commit is retried while the store is unavailable.
    pub retry_for: Duration,
    /// The smallest number of segments to compact after.
    pub compact_segments: u64,
    /// The smallest number of bytes to compact after.
    pub compact_bytes: u64,
    /// How many snapshots to keep, with all segments since the oldest of them. They are the history, and a fallback if
    /// one snapshot is damaged. At least 1.
    pub keep_snapshots: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            group: Duration::from_millis(20),
            lease: Duration::from_secs(30),
            retry_for: Duration::from_secs(60),
            compact_segments: 1024,
            compact_bytes: 16 << 20,
            keep_snapshots: 3,
        }
    }
}

impl Journal {
    /// Reads a stack's state.
    ///
    /// - **Guarantees**: it writes and creates nothing. A place without a journal gives an empty state.
    /// - **Errors**: [`JournalError::Damaged`], [`JournalError::Gap`], [`JournalError::Chain`],
    ///   [`JournalError::OtherStack`], [`JournalError::OtherLineage`], [`JournalError::Newer`],
    ///   [`JournalError::Integrity`], each with the place; or those of the store.
    /// - **Cancel safety**: it only reads, so dropping it leaves nothing behind.
    pub async fn read(store: Arc<dyn Store>, stack: &str) -> Result<Self, JournalError> {
        // If a writer of this process was dropped, its last records reach the journal a moment later.
        who::let_end(&store.describe(), Options::default().lease).await;
        let loaded = load::load(&*store, stack, None).await?;
        Ok(Self { store, loaded })
    }

    /// Starts writing: takes the lease, reads the state, and makes a first record durable. From then on, the store
    /// refuses every earlier writer.
    ///
    /// - **Guarantees**: after an error nothing was written, except a lease that ends by its time.
    /// - **Errors**: as [`Journal::read`], and [`JournalError::Held`] if somebody else writes.
    /// - **Cancel safety**: if it is dropped, either nothing was written, or a run that ends at once and releases its
    ///   lease.
    pub async fn write(store: Arc<dyn Store>, stack: &str, claim: Claim) -> Result<Writer, JournalError> {
        Self::write_with(store, stack, claim, Options::default()).await
    }

    /// Like [`Journal::write`], with options.
    ///
    /// - **Cancel safety**: as [`Journal::write`].
    pub async fn write_with(
        store: Arc<dyn Store>,
        stack: &str,
        claim: Claim,
        options: Options,
    ) -> Result<Writer, JournalError> {
        Self::read(store, stack).await?.continue_with(claim, options).await
    }

    /// Like [`Journal::write_with`], for callers that have read the journal already. Reads only what was written since.
    ///
    /// - **Cancel safety**: as [`Journal::write`].
    pub async fn continue_with(self, claim: Claim, options: Options) -> Result<Writer, JournalError> {
        Writer::claim(self.store, self.loaded, claim, options).await
    }

    /// The state.
    pub fn state(&self) -> &State {
        &self.loaded.state
    }

    /// Notices for the user.
    pub fn notices(&self) -> &[Notice] {
        &self.loaded.notices
    }

    /// The latest runs, the newest last.
    pub fn revisions(&self) -> &[Revision] {
        self.loaded.state.revisions()
    }

    /// The name of the stack whose journal is in a store; `None` if the store has no journal.
    ///
    /// Fails like [`Journal::read`], as far as it reads.
    ///
    /// - **Cancel safety**: it only reads, so dropping it leaves nothing behind.
    pub async fn stack_of(store: &dyn Store) -> Result<Option<String>, JournalError> {
        load::stack_of(store).await
    }

    /// The state after the run that began with segment `seq`, or up to now if the run has not ended. The empty state
    /// for `seq` 0.
    ///
    /// [`JournalError::NoRun`] if no run began there, otherwise as [`Journal::state_at`].
    ///
    /// - **Cancel safety**: it only reads, so dropping it leaves nothing behind.
    pub async fn state_after(&self, seq: u64) -> Result<State, JournalError> {
        let runs = self.revisions();
        if seq == 0 {
            return Ok(State::new(self.state().stack(), self.state().lineage()));
        }
        match runs.iter().position(|run| run.seq == seq) {
            Some(last) if last + 1 == runs.len() => Ok(self.state().clone()),
            Some(position) => self.state_at(runs[position + 1].seq - 1).await,
            None => {
                let newest = runs.last().map_or(0, |run| run.seq);
                Err(JournalError::NoRun { store: self.store.describe(), seq, newest })
            }
        }
    }

    /// The state after segment `seq`. A revision's `seq` is that of its first segment, so the run found the state
    /// before that.
    ///
    /// [`JournalError::NotRetained`] if compaction has removed it, [`JournalError::NotReached`] if it never existed.
    ///
    /// - **Cancel safety**: it only reads, so dropping it leaves nothing behind.
    pub async fn state_at(&self, seq: u64) -> Result<State, JournalError> {
        Ok(load::load(&*self.store, self.state().stack(), Some(seq)).await?.state)
    }
}
