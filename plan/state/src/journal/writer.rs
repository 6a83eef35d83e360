//! The writer: accepts records, commits them in groups, and stops for ever when another writer has taken over.
//!
//! A record is checked and applied to the state when it is accepted, so the caller of a wrong record gets the error. A
//! task turns the collected records into one segment at a time. Records that come during a commit share the next one.

mod queue;
mod task;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
    time::Instant,
};

use super::{
    Claim, Hash, JournalError, Lease, Notice, Options, Record, State,
    commit::begin,
    compact::Compaction,
    lease::{self, Acquired, Keeper, Turn, Waiting},
    load::Loaded,
    record::{Begin, End},
    snapshot,
    who::Living,
};
use crate::{store::Store, task::to_the_end};

use queue::{Inner, Progress, Shared};

/// Writes the records of one run. Share it by `Arc`. Dropping the last clone commits the enqueued records and releases
/// the lease in the background; [`Writer::close`] does the same and waits.
#[derive(Debug)]
pub struct Writer {
    shared: Arc<Shared>,
    progress: watch::Receiver<Progress>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts a writer at the end of the loaded journal. Fails before writing if the journal belongs to another stack
    /// or a newer release.
    pub(super) async fn claim(
        store: Arc<dyn Store>,
        loaded: Loaded,
        claim: Claim,
        options: Options,
    ) -> Result<Self, JournalError> {
        if loaded.state.seq() == 0 && store.read_keys().await?.is_some() {
            return Err(JournalError::encrypted(store.describe()));
        }
        let mut waiting = Waiting::new(store.clone(), options.lease, claim.wait);
        let mut beginning = Beginning { store, claim, options, loaded };
        loop {
            let turn = waiting.turn().await?;
            // A caller that stops waiting here must not leave a lease behind. The task runs to its end anyway, and a
            // writer that nobody takes releases the lease.
            match to_the_end(beginning.begin(turn)).await? {
                Ok(writer) => return Ok(writer),
                Err(again) => beginning = again,
            }
        }
    }

    fn start(
        store: Arc<dyn Store>,
        options: Options,
        run: String,
        living: Living,
        acquired: Acquired,
        loaded: Loaded,
        hash: Hash,
    ) -> Self {
        let seq = loaded.state.seq();
        let mut notices = loaded.notices;
        notices.extend(acquired.from.clone().map(|from| Notice::TookOver { from: Box::new(from) }));
        let (sender, progress) = watch::channel(Progress { durable: seq, failure: None });
        let compaction =
            Compaction::new(&options, loaded.snapshot_bytes, loaded.segments, loaded.segment_bytes);
        let shared = Arc::new(Shared {
            store: store.clone(),
            run,
            inner: Mutex::new(Inner {
                state: loaded.state,
                queue: VecDeque::new(),
                next_seq: seq + 1,
                due: None,
                closing: false,
                notices,
            }),
            wake: Notify::new(),
            progress: sender,
            options,
        });
        let lost = {
            let shared = shared.clone();
            move |by: Option<Lease>| {
                let seq = shared.lock().next_seq;
                let by = by.map(Box::new);
                shared.fail(JournalError::Fenced { store: shared.store.describe(), seq, by });
                shared.wake.notify_one();
            }
        };
        let keeper = Keeper::start(store, acquired, shared.options.lease, lost);
        let task = tokio::spawn(task::run(shared.clone(), keeper, compaction, hash, living));
        Self { shared, progress, task: Mutex::new(Some(task)) }
    }

    /// The run's id.
    pub fn run(&self) -> &str {
        &self.shared.run
    }

    /// The state with every record accepted so far. Cheap, but see [`State`] on clones that are kept.
    pub fn state(&self) -> State {
        self.shared.lock().state.clone()
    }

    /// Looks at the state without a clone. Records wait meanwhile, so be brief.
    pub fn with_state<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.shared.lock().state)
    }

    /// The notices for the user so far.
    pub fn notices(&self) -> Vec<Notice> {
        self.shared.lock().notices.clone()
    }

    /// Accepts a record, and returns the number of its segment once it is durable.
    ///
    /// - **Guarantees**: records are kept in the order of the calls of this and [`Writer::enqueue`], whether or not the
    ///   future is awaited.
    /// - **Errors**: [`JournalError::Integrity`] if the record does not fit. It changes nothing, and the writer goes
    ///   on. Any other error is final: the record may or may not be kept, and the writer refuses all later ones.
    /// - **Cancel safety**: the call accepts the record; dropping the future does not take it back.
    pub fn append(
        &self,
        record: Record,
    ) -> impl Future<Output = Result<u64, JournalError>> + Send + 'static + use<> {
        let accepted = self.shared.accept(record, true);
        let progress = self.progress.clone();
        let shared = self.shared.clone();
        async move { shared.wait(progress, accepted?).await }
    }

    /// Accepts a record. It is committed with the next group, at the latest after [`Options::group`].
    ///
    /// Errors are those of [`Writer::append`]. If a commit fails, the next call reports it.
    pub fn enqueue(&self, record: Record) -> Result<(), JournalError> {
        self.shared.accept(record, false).map(drop)
    }

    /// Waits until every accepted record is durable.
    ///
    /// - **Cancel safety**: it only waits.
    pub async fn flush(&self) -> Result<u64, JournalError> {
        let last = {
            let mut inner = self.shared.lock();
            if !inner.queue.is_empty() {
                inner.due = Some(Instant::now());
            }
            inner.next_seq - 1
        };
        self.shared.wake.notify_one();
        self.shared.wait(self.progress.clone(), last).await
    }

    /// Accepts every record of an exported state into an empty journal, completely or not at all.
    ///
    /// [`JournalError::NotEmpty`] if something is.
    ///
    /// - **Cancel safety**: if it is dropped, the whole state is accepted or nothing of it.
    pub async fn import(&self, state: &State) -> Result<(), JournalError> {
        let (objects, pending) = self.with_state(|state| (state.len(), state.pending().count()));
        if objects + pending > 0 {
            return Err(JournalError::NotEmpty { store: self.shared.store.describe(), objects });
        }
        let seq = self.shared.accept_together(snapshot::records(state))?;
        self.shared.wait(self.progress.clone(), seq).await.map(drop)
    }

    /// Ends the run: commits everything, waits for a running compaction, releases the lease.
    ///
    /// Returns the state. A second call fails with [`JournalError::Closed`].
    ///
    /// - **Cancel safety**: once it was polled, the run ends, whether or not anybody waits for it.
    pub async fn close(&self) -> Result<State, JournalError> {
        let ended = self.append(Record::End(End { run: self.shared.run.clone() }));
        self.shared.close();
        let result = ended.await;
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // The task reports by the progress. How the task itself ended adds nothing.
            let _ = task.await;
        }
        result.map(|_| self.state())
    }
}

/// The settings for the start of a run.
struct Beginning {
    store: Arc<dyn Store>,
    claim: Claim,
    options: Options,
    loaded: Loaded,
}

impl Beginning {
    /// Takes the lease and writes the first record. Returns itself if somebody else was faster.
    async fn begin(self, turn: Turn) -> Result<Result<Writer, Self>, JournalError> {
        let Self { store, claim, options, loaded } = self;
        let Claim { operation, who, lineage, .. } = &claim;
        let run = crate::token::random();
        let living = Living::new(&run, store.describe());
        let lease = Lease::new(who.clone(), run.clone(), operation.clone(), options.lease);
        let Some(acquired) = lease::take(&*store, turn, lease).await? else {
            return Ok(Err(Self { store, claim, options, loaded }));
        };
        let stack = loaded.state.stack().to_owned();
        let (who, operation) = (who.clone(), operation.clone());
        let began = Begin { run: run.clone(), who, operation, at: crate::token::now() };
        match begin(&*store, &stack, lineage.clone(), &began, loaded, &options).await {
            Ok((loaded, hash)) => Ok(Ok(Writer::start(store, options, run, living, acquired, loaded, hash))),
            Err(error) => {
                // The lease would also end by its time; this is sooner.
                let _ = store.remove_lease(&acquired.version).await;
                Err(error)
            }
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.close();
    }
}
