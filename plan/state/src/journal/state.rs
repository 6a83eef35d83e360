//! The known objects: the fold of a journal's records. Pure data; reads and writes nothing.

use std::{collections::BTreeMap, sync::Arc};

use indexmap::IndexMap;
use landform_core::{Address, Token};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    Intent, IntentAction, ObjectKey, ObjectState, OutcomeResult, Record,
    object::Entry,
    record::{Begin, Keyed, Move, ObservedRecord, Outcome, TicketRecord},
};

/// How many runs a state remembers.
const REVISIONS: usize = 256;

/// What is known after some prefix of a journal.
///
/// A clone shares everything and costs nothing, so a planner can keep one while more records are applied. The first
/// record that is applied while a clone is alive copies the table of pointers (milliseconds for 100,000 objects), never
/// the objects.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    stack: Arc<str>,
    lineage: Arc<str>,
    seq: u64,
    current: Arc<IndexMap<Address, Arc<ObjectState>, foldhash::fast::RandomState>>,
    deposed: Arc<BTreeMap<ObjectKey, Arc<ObjectState>>>,
    pending: Arc<BTreeMap<ObjectKey, Pending>>,
    outputs: Arc<Map<String, Value>>,
    revisions: Arc<Vec<Revision>>,
}

/// An effect with an unknown result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// What was about to be tried.
    pub intent: Arc<Intent>,
    /// The latest ticket, if the cloud accepted the effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Arc<TicketRecord>>,
}

/// One run of a writer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The number of the run's first segment.
    pub seq: u64,
    /// Who, what for, when.
    pub begin: Begin,
    /// Whether the run finished normally.
    #[serde(default)]
    pub ended: bool,
}

/// A record that contradicts the state. It changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntegrityError {
    /// The object is known already.
    #[error("{record} of {key}: an object is known by this key already, with id {id:?}")]
    Exists {
        /// The record's name.
        record: &'static str,
        /// The key.
        key: ObjectKey,
        /// The cloud's id of the object there.
        id: String,
    },
    /// The object is not known.
    #[error("{record} of {key}: no object is known by this key")]
    Missing {
        /// The record's name.
        record: &'static str,
        /// The key.
        key: ObjectKey,
    },
    /// Another effect on the object is pending.
    #[error("{record} of {key}: attempt {token} on it is not settled")]
    Unsettled {
        /// The record's name.
        record: &'static str,
        /// The key.
        key: ObjectKey,
        /// The attempt.
        token: Token,
    },
    /// No such effect is pending.
    #[error("{record} of {key}: no attempt {token} is pending")]
    NotPending {
        /// The record's name.
        record: &'static str,
        /// The key.
        key: ObjectKey,
        /// The attempt.
        token: Token,
    },
    /// The object's type is not the address's.
    #[error("{record} of {key}: the object is of type {found}")]
    Type {
        /// The record's name.
        record: &'static str,
        /// The key.
        key: ObjectKey,
        /// The object's type.
        found: String,
    },
    /// Two keys stand for the same creation.
    #[error("{first} and {second} both come from attempt {token}")]
    Twice {
        /// One key.
        first: ObjectKey,
        /// The other.
        second: ObjectKey,
        /// The attempt.
        token: Token,
    },
}

impl State {
    /// An empty state.
    pub fn new(stack: impl Into<Arc<str>>, lineage: impl Into<Arc<str>>) -> Self {
        Self {
            stack: stack.into(),
            lineage: lineage.into(),
            seq: 0,
            current: Arc::default(),
            deposed: Arc::default(),
            pending: Arc::default(),
            outputs: Arc::default(),
            revisions: Arc::default(),
        }
    }

    /// The stack's name.
    pub fn stack(&self) -> &str {
        &self.stack
    }

    /// The random id that this history got with its first segment; empty before that.
    pub fn lineage(&self) -> &str {
        &self.lineage
    }

    /// The number of the last segment in it, 0 if there is none.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The object at an address. O(1).
    pub fn get(&self, address: &Address) -> Option<&Arc<ObjectState>> {
        self.current.get(address)
    }

    /// The object by a key. O(1), O(log n) for a deposed one.
    pub fn object(&self, key: &ObjectKey) -> Option<&Arc<ObjectState>> {
        match key.deposed {
            None => self.current.get(&key.address),
            Some(_) => self.deposed.get(key),
        }
    }

    /// The objects that wait for deletion after a replacement at this address.
    pub fn deposed(&self, address: &Address) -> impl Iterator<Item = (&ObjectKey, &Arc<ObjectState>)> {
        let first = ObjectKey::new(address.clone());
        self.deposed.range(first..).take_while(move |(key, _)| key.address == *address)
    }

    /// All objects in the order of their keys.
    pub fn objects(&self) -> impl Iterator<Item = (ObjectKey, &Arc<ObjectState>)> {
        self.sorted().into_iter()
    }

    /// All objects in any order, without the cost of sorting.
    pub fn unordered(&self) -> impl Iterator<Item = (ObjectKey, &Arc<ObjectState>)> {
        let current = self.current.iter().map(|(address, object)| (ObjectKey::new(address.clone()), object));
        current.chain(self.deposed.iter().map(|(key, object)| (key.clone(), object)))
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.current.len() + self.deposed.len()
    }

    /// Whether there is no object.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The effects with an unknown result, in the order of their keys.
    pub fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.pending.values()
    }

    /// The effect with an unknown result on an object.
    pub fn pending_on(&self, key: &ObjectKey) -> Option<&Pending> {
        self.pending.get(key)
    }

    /// The stack's outputs.
    pub fn outputs(&self) -> &Map<String, Value> {
        &self.outputs
    }

    /// The latest runs (at most 256), the newest last.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Applies one record. O(1), apart from the copy that a living clone costs.
    pub fn apply(&mut self, record: Record) -> Result<(), IntegrityError> {
        let name = record.name();
        match record {
            Record::Begin(begin) => {
                let revisions = Arc::make_mut(&mut self.revisions);
                if revisions.len() == REVISIONS {
                    revisions.remove(0);
                }
                revisions.push(Revision { seq: self.seq, begin, ended: false });
            }
            Record::End(end) => {
                let position = self.revisions.iter().rposition(|revision| revision.begin.run == end.run);
                if let Some(position) = position {
                    Arc::make_mut(&mut self.revisions)[position].ended = true;
                }
            }
            Record::Intent(intent) => self.intend(name, intent)?,
            Record::Ticket(ticket) => {
                self.attempt(name, &ticket.key, &ticket.token)?;
                if let Some(pending) = Arc::make_mut(&mut self.pending).get_mut(&ticket.key) {
                    pending.ticket = Some(Arc::new(ticket));
                }
            }
            Record::Outcome(outcome) => self.settle(name, outcome)?,
            Record::Observed(ObservedRecord { key, object }) => {
                self.settled(name, &key)?;
                check_type(name, &key, &object)?;
                self.insert(key, object);
            }
            Record::Vanished(Keyed { key }) | Record::Forget(Keyed { key }) => {
                self.settled(name, &key)?;
                self.existing(name, &key)?;
                self.remove(&key);
            }
            Record::Move(Move { from, to }) => {
                self.settled(name, &from)?;
                self.settled(name, &to)?;
                self.absent(name, &to)?;
                let object = self.existing(name, &from)?.clone();
                check_type(name, &to, &object)?;
                self.remove(&from);
                self.insert(to, object);
            }
            Record::Outputs(outputs) => self.outputs = Arc::new(outputs),
        }
        Ok(())
    }

    /// The same state without pending attempts.
    pub fn without_pending(&self) -> Self {
        Self { pending: Arc::default(), ..self.clone() }
    }

    /// Checks the whole state: types fit addresses, no two objects come from one creation, and pending effects fit the
    /// existing objects. O(n).
    pub fn verify(&self) -> Result<(), IntegrityError> {
        let mut seen = std::collections::HashMap::with_capacity(self.len());
        for (key, object) in self.sorted() {
            check_type("object", &key, object)?;
            if let Some(first) = seen.insert(object.token.clone(), key.clone()) {
                return Err(IntegrityError::Twice { first, second: key, token: object.token.clone() });
            }
        }
        for pending in self.pending.values() {
            self.fits("pending intent", &pending.intent)?;
        }
        Ok(())
    }

    fn intend(&mut self, name: &'static str, intent: Arc<Intent>) -> Result<(), IntegrityError> {
        self.settled(name, &intent.key)?;
        self.fits(name, &intent)?;
        let key = intent.key.clone();
        Arc::make_mut(&mut self.pending).insert(key, Pending { intent, ticket: None });
        Ok(())
    }

    /// Makes the checks of [`State::apply`] for an intent whose type is that of its address, without applying it. Its
    /// outcome follows before anything else on the object and goes to [`State::settle_attempt`].
    pub(super) fn check_attempt(&self, key: &ObjectKey, action: IntentAction) -> Result<(), IntegrityError> {
        self.settled("intent", key)?;
        self.possible("intent", key, action)
    }

    /// Applies the outcome of an attempt that was checked and is not among the pending ones.
    pub(super) fn settle_attempt(&mut self, outcome: Outcome) -> Result<(), IntegrityError> {
        self.end("outcome", outcome.key, outcome.result)
    }

    fn settle(&mut self, name: &'static str, outcome: Outcome) -> Result<(), IntegrityError> {
        let Outcome { key, token, result } = outcome;
        self.attempt(name, &key, &token)?;
        let pending = key.clone();
        self.end(name, key, result)?;
        Arc::make_mut(&mut self.pending).remove(&pending);
        Ok(())
    }

    fn end(
        &mut self,
        name: &'static str,
        key: ObjectKey,
        result: OutcomeResult,
    ) -> Result<(), IntegrityError> {
        if let OutcomeResult::Exists(object) | OutcomeResult::Failed { exists: Some(object), .. } = &result {
            check_type(name, &key, object)?;
        }
        match result {
            OutcomeResult::Exists(object) | OutcomeResult::Failed { exists: Some(object), .. } => {
                self.insert(key, object);
            }
            OutcomeResult::Gone => self.remove(&key),
            OutcomeResult::Failed { exists: None, .. } | OutcomeResult::Nothing => {}
        }
        Ok(())
    }

    fn insert(&mut self, key: ObjectKey, object: Arc<ObjectState>) {
        if key.deposed.is_some() {
            Arc::make_mut(&mut self.deposed).insert(key, object);
        } else {
            Arc::make_mut(&mut self.current).insert(key.address, object);
        }
    }

    fn remove(&mut self, key: &ObjectKey) {
        if key.deposed.is_some() {
            Arc::make_mut(&mut self.deposed).remove(key);
        } else {
            Arc::make_mut(&mut self.current).swap_remove(&key.address);
        }
    }

    fn existing(&self, record: &'static str, key: &ObjectKey) -> Result<&Arc<ObjectState>, IntegrityError> {
        self.object(key).ok_or_else(|| IntegrityError::Missing { record, key: key.clone() })
    }

    fn absent(&self, record: &'static str, key: &ObjectKey) -> Result<(), IntegrityError> {
        match self.object(key) {
            None => Ok(()),
            Some(object) => Err(IntegrityError::Exists { record, key: key.clone(), id: object.id.clone() }),
        }
    }

    /// No effect on the object is pending.
    fn settled(&self, record: &'static str, key: &ObjectKey) -> Result<(), IntegrityError> {
        match self.pending.get(key) {
            None => Ok(()),
            Some(pending) => Err(IntegrityError::Unsettled {
                record,
                key: key.clone(),
                token: pending.intent.token.clone(),
            }),
        }
    }

    /// This very effect is pending.
    fn attempt(&self, record: &'static str, key: &ObjectKey, token: &Token) -> Result<(), IntegrityError> {
        match self.pending.get(key) {
            Some(pending) if pending.intent.token == *token => Ok(()),
            _ => Err(IntegrityError::NotPending { record, key: key.clone(), token: token.clone() }),
        }
    }

    /// The effect is possible with the existing objects.
    fn fits(&self, record: &'static str, intent: &Intent) -> Result<(), IntegrityError> {
        if intent.key.address.type_str() != intent.type_name.as_str() {
            let found = intent.type_name.to_string();
            return Err(IntegrityError::Type { record, key: intent.key.clone(), found });
        }
        self.possible(record, &intent.key, intent.action)
    }

    fn possible(
        &self,
        record: &'static str,
        key: &ObjectKey,
        action: IntentAction,
    ) -> Result<(), IntegrityError> {
        if action.makes() { self.absent(record, key) } else { self.existing(record, key).map(drop) }
    }

    fn sorted(&self) -> Vec<(ObjectKey, &Arc<ObjectState>)> {
        let mut all = Vec::with_capacity(self.len());
        all.extend(self.current.iter().map(|(address, object)| (ObjectKey::new(address.clone()), object)));
        all.extend(self.deposed.iter().map(|(key, object)| (key.clone(), object)));
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    /// The objects in order, for callers that cannot hold a borrow.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.sorted().into_iter().map(|(key, object)| (key, object.clone())).collect()
    }

    pub(super) fn set_seq(&mut self, seq: u64) {
        self.seq = seq;
    }

    pub(super) fn set_revisions(&mut self, revisions: Vec<Revision>) {
        self.revisions = Arc::new(revisions);
    }

    /// Reserves room for that many more objects.
    pub(super) fn reserve(&mut self, objects: usize) {
        Arc::make_mut(&mut self.current).reserve(objects);
    }
}

fn check_type(record: &'static str, key: &ObjectKey, object: &ObjectState) -> Result<(), IntegrityError> {
    if key.address.type_str() == object.type_name.as_str() {
        Ok(())
    } else {
        Err(IntegrityError::Type { record, key: key.clone(), found: object.type_name.to_string() })
    }
}
