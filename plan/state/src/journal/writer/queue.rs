//! Accepted records, waiting for the task that commits them.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

use crate::{
    journal::{JournalError, Notice, Options, Record, State, line, who},
    store::Store,
};

/// A batch of this size is closed. The next record begins another one.
const BATCH: usize = 8 << 20;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) store: Arc<dyn Store>,
    pub(super) options: Options,
    pub(super) run: String,
    pub(super) inner: Mutex<Inner>,
    pub(super) wake: Notify,
    pub(super) progress: watch::Sender<Progress>,
}

#[derive(Debug)]
pub(super) struct Inner {
    /// The state with every accepted record, durable or not.
    pub(super) state: State,
    pub(super) queue: VecDeque<Batch>,
    pub(super) next_seq: u64,
    /// When the first batch must be committed; `None` if there is none.
    pub(super) due: Option<Instant>,
    pub(super) closing: bool,
    pub(super) notices: Vec<Notice>,
}

/// Records that become one segment.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) seq: u64,
    pub(super) lines: Vec<u8>,
    pub(super) records: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Progress {
    /// The last durable segment.
    pub(super) durable: u64,
    pub(super) failure: Option<JournalError>,
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn close(&self) {
        self.lock().closing = true;
        who::ends(&self.run);
        self.wake.notify_one();
    }

    pub(super) fn closed(&self) -> JournalError {
        JournalError::Closed { store: self.store.describe() }
    }

    pub(super) fn failure(&self) -> Option<JournalError> {
        self.progress.borrow().failure.clone()
    }

    /// Ends the writer, unless it has already ended.
    pub(super) fn fail(&self, error: JournalError) {
        self.progress.send_if_modified(|progress| {
            let first = progress.failure.is_none();
            progress.failure.get_or_insert(error);
            first
        });
    }

    /// Applies a record and puts it in a batch. Returns the number of the batch.
    pub(super) fn accept(&self, record: Record, urgent: bool) -> Result<u64, JournalError> {
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
    pub(super) fn accept_together(&self, records: impl Iterator<Item = Record>) -> Result<u64, JournalError> {
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

    pub(super) async fn wait(
        &self,
        mut progress: watch::Receiver<Progress>,
        seq: u64,
    ) -> Result<u64, JournalError> {
        let reached =
            progress.wait_for(|progress| progress.durable >= seq || progress.failure.is_some()).await;
        match reached {
            Ok(progress) if progress.durable >= seq => Ok(seq),
            Ok(progress) => Err(progress.failure.clone().unwrap_or_else(|| self.closed())),
            Err(_) => Err(self.closed()),
        }
    }

    /// The next batch, once it is due. Also the state at its end, if `wants` one and nothing was accepted since.
    pub(super) async fn next_batch(&self, wants: impl Fn(&Batch) -> bool) -> Option<(Batch, Option<State>)> {
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
