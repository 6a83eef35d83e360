//! The writer: accepts records, commits them in groups, and stops for good when somebody else has taken over.
//!
//! A record is checked and applied to the state when it is accepted, so the caller of a wrong record gets the error. A
//! task turns the collected records into one segment at a time. Records that come during a commit share the next one.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
    time::Instant,
};

use super::{
    Claim, Hash, JournalError, Lease, Notice, Options, Record, State,
    commit::{begin, commit},
    compact::Compaction,
    lease::{self, Acquired, Keeper, Turn, Waiting},
    line,
    load::Loaded,
    record::{Begin, End},
    segment::{FORMAT, Header},
    snapshot,
    who::{self, Living},
};
use crate::{store::Store, task};

/// A batch of this size is closed. The next record begins another one.
const BATCH: usize = 8 << 20;

/// Writes the records of one run. Share it by `Arc`. Dropping the last clone commits the enqueued records and releases
/// the lease in the background; [`Writer::close`] does the same and waits.
#[derive(Debug)]
pub struct Writer {
    shared: Arc<Shared>,
    progress: watch::Receiver<Progress>,
    task: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    store: Arc<dyn Store>,
    options: Options,
    run: String,
    inner: Mutex<Inner>,
    wake: Notify,
    progress: watch::Sender<Progress>,
}

#[derive(Debug)]
struct Inner {
    /// The state with every accepted record, durable or not.
    state: State,
    queue: VecDeque<Batch>,
    next_seq: u64,
    /// When the first batch must be committed; `None` if there is none.
    due: Option<Instant>,
    closing: bool,
    notices: Vec<Notice>,
}

/// Records that become one segment.
#[derive(Debug)]
struct Batch {
    seq: u64,
    lines: Vec<u8>,
    records: u64,
}

#[derive(Debug, Clone)]
struct Progress {
    /// The last durable segment.
    durable: u64,
    failure: Option<JournalError>,
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
            match task::to_the_end(beginning.begin(turn)).await? {
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
        let task = tokio::spawn(run_actor(shared.clone(), keeper, compaction, hash, living));
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

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lock().closing = true;
        who::ends(&self.run);
        self.wake.notify_one();
    }

    fn closed(&self) -> JournalError {
        JournalError::Closed { store: self.store.describe() }
    }

    fn failure(&self) -> Option<JournalError> {
        self.progress.borrow().failure.clone()
    }

    /// Ends the writer, unless it has already ended.
    fn fail(&self, error: JournalError) {
        self.progress.send_if_modified(|progress| {
            let first = progress.failure.is_none();
            progress.failure.get_or_insert(error);
            first
        });
    }

    /// Applies a record and puts it in a batch. Returns the number of the batch.
    fn accept(&self, record: Record, urgent: bool) -> Result<u64, JournalError> {
        let mut encoded = Vec::with_capacity(512);
        line::push(&mut encoded, &record)?;
        let mut inner = self.lock();
        if let Some(failure) = self.failure() {
            return Err(failure);
        }
        if inner.closing {
            return Err(self.closed());
        }
        let last_seq = inner.queue.back().filter(|batch| batch.lines.len() < BATCH).map(|batch| batch.seq);
        let seq = last_seq.unwrap_or(inner.next_seq);
        let before = inner.state.seq();
        inner.state.set_seq(seq);
        if let Err(error) = inner.state.apply(record) {
            inner.state.set_seq(before);
            return Err(JournalError::Integrity { place: self.store.describe(), error });
        }
        match inner.queue.back_mut().filter(|_| last_seq.is_some()) {
            Some(batch) => {
                batch.lines.extend_from_slice(&encoded);
                batch.records += 1;
            }
            None => {
                inner.queue.push_back(Batch { seq, lines: encoded, records: 1 });
                inner.next_seq += 1;
            }
        }
        let now = Instant::now();
        let due = if urgent || inner.queue.len() > 1 { now } else { now + self.options.group };
        inner.due = Some(inner.due.map_or(due, |earlier| earlier.min(due)));
        drop(inner);
        self.wake.notify_one();
        Ok(seq)
    }

    /// Applies records and puts them in a separate batch, all or none. Returns the number of the batch.
    fn accept_together(&self, records: impl Iterator<Item = Record>) -> Result<u64, JournalError> {
        let mut inner = self.lock();
        if let Some(failure) = self.failure() {
            return Err(failure);
        }
        if inner.closing {
            return Err(self.closed());
        }
        let seq = inner.next_seq;
        let mut state = inner.state.clone();
        state.set_seq(seq);
        let mut batch = Batch { seq, lines: Vec::new(), records: 0 };
        for record in records {
            line::push(&mut batch.lines, &record)?;
            batch.records += 1;
            let place = || self.store.describe();
            state.apply(record).map_err(|error| JournalError::Integrity { place: place(), error })?;
        }
        inner.state = state;
        inner.queue.push_back(batch);
        inner.next_seq += 1;
        inner.due = Some(Instant::now());
        drop(inner);
        self.wake.notify_one();
        Ok(seq)
    }

    async fn wait(&self, mut progress: watch::Receiver<Progress>, seq: u64) -> Result<u64, JournalError> {
        let reached =
            progress.wait_for(|progress| progress.durable >= seq || progress.failure.is_some()).await;
        match reached {
            Ok(progress) if progress.durable >= seq => Ok(seq),
            Ok(progress) => Err(progress.failure.clone().unwrap_or_else(|| self.closed())),
            Err(_) => Err(self.closed()),
        }
    }

    /// The next batch, once it is due. Also the state at its end, if `wants` one and nothing was accepted since.
    async fn next_batch(&self, wants: impl Fn(&Batch) -> bool) -> Option<(Batch, Option<State>)> {
        loop {
            let due = {
                let mut inner = self.lock();
                if self.failure().is_some() {
                    return None;
                }
                let now = Instant::now();
                if (inner.closing || inner.due.is_some_and(|due| due <= now))
                    && let Some(batch) = inner.queue.pop_front()
                {
                    let snapshot =
                        Some(&inner.state).filter(|state| state.seq() == batch.seq && wants(&batch));
                    let snapshot = snapshot.cloned();
                    inner.due = inner.queue.front().map(|_| now);
                    return Some((batch, snapshot));
                }
                if inner.closing {
                    return None;
                }
                inner.due
            };
            match due {
                None => self.wake.notified().await,
                Some(due) => {
                    tokio::select! {
                        () = self.wake.notified() => {}
                        () = tokio::time::sleep_until(due) => {}
                    }
                }
            }
        }
    }
}

async fn run_actor(
    shared: Arc<Shared>,
    keeper: Keeper,
    mut compaction: Compaction,
    mut hash: Hash,
    living: Living,
) {
    let (stack, lineage) = {
        let inner = shared.lock();
        (inner.state.stack().to_owned(), inner.state.lineage().to_owned())
    };
    // After a panic or an abort, no caller must wait for a commit that never comes.
    let _stopped = Stopped(&shared);
    while let Some((batch, snapshot)) =
        shared.next_batch(|batch| compaction.is_due(batch.lines.len() as u64)).await
    {
        let header = Header {
            landform: "segment".into(),
            format: FORMAT,
            stack: stack.clone(),
            lineage: lineage.clone(),
            seq: batch.seq,
            run: shared.run.clone(),
            previous: Some(hash.clone()),
        };
        match commit(&*shared.store, &header, &batch.lines, batch.records, shared.options.retry_for).await {
            Ok((committed, length)) => {
                hash = committed;
                compaction.grew(length);
                shared.progress.send_modify(|progress| progress.durable = batch.seq);
            }
            Err(error) => {
                shared.fail(error);
                break;
            }
        }
        if let Some(failed) = compaction.result().await {
            shared.lock().notices.push(failed);
        }
        if let Some(state) = snapshot {
            compaction.start(shared.store.clone(), state, hash.clone());
        }
    }
    if let Some(failed) = compaction.finish().await {
        shared.lock().notices.push(failed);
    }
    keeper.release().await;
    drop(living);
}

struct Stopped<'a>(&'a Shared);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        let closed = self.0.closed();
        self.0.lock().closing = true;
        self.0.fail(closed);
    }
}
