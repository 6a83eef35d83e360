//! Attempts that begin and end in one segment are read only as far as the fold needs. Most attempts are like this: the
//! intent is half of what an apply writes, and useless once it is settled.
//!
//! An attempt that is still open at the end of its segment is read completely. So is one with a record about its object
//! in between. So the fold reaches the same state, and the same errors.

use std::collections::HashMap;

use landform_core::Address;
use serde::{
    Deserializer as _,
    de::{IgnoredAny, MapAccess, Visitor},
};

use super::{
    IntentAction, ObjectKey, Record,
    line::Damage,
    record::{Keyed, Move, ObservedRecord, Outcome, TicketRecord},
    segment::record,
};

/// How the line of an intent begins.
const INTENT: &str = "{\"intent\":";

/// The input of the fold from one segment: one step for each record.
#[derive(Debug)]
pub(super) enum Step {
    /// A record.
    Record(Record),
    /// An intent that a later [`Step::Settled`] settles. Nothing in between is about its object.
    Tried(ObjectKey, IntentAction),
    /// The outcome of a [`Step::Tried`].
    Settled(Outcome),
}

/// Turns the lines of a segment into steps.
#[derive(Debug, Default)]
pub(super) struct Sketches<'a> {
    steps: Vec<Step>,
    /// The attempts whose outcome has not been read yet.
    open: HashMap<ObjectKey, Open<'a>, foldhash::fast::RandomState>,
}

#[derive(Debug)]
struct Open<'a> {
    token: &'a str,
    /// The index of a step, the offset of its line, and the line.
    index: usize,
    offset: usize,
    json: &'a str,
}

impl<'a> Sketches<'a> {
    /// How many records there were.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Adds the line of a record.
    pub(super) fn push(&mut self, json: &'a str, offset: usize) -> Result<(), Damage> {
        if let Some(sketch) = Sketch::read(json)
            && let Some((key, action)) = sketch.step()
        {
            self.whole(&key)?;
            let open = Open { token: sketch.token, index: self.steps.len(), offset, json };
            self.open.insert(key.clone(), open);
            self.steps.push(Step::Tried(key, action));
            return Ok(());
        }
        let step = match record(json, offset)? {
            Record::Outcome(outcome) => {
                let open = self.open.get(&outcome.key);
                if open.is_some_and(|open| open.token == outcome.token.as_str()) {
                    self.open.remove(&outcome.key);
                    Step::Settled(outcome)
                } else {
                    self.whole(&outcome.key)?;
                    Step::Record(Record::Outcome(outcome))
                }
            }
            record => {
                match &record {
                    Record::Intent(intent) => self.whole(&intent.key)?,
                    Record::Ticket(TicketRecord { key, .. })
                    | Record::Observed(ObservedRecord { key, .. })
                    | Record::Vanished(Keyed { key })
                    | Record::Forget(Keyed { key }) => self.whole(key)?,
                    Record::Move(Move { from, to }) => {
                        self.whole(from)?;
                        self.whole(to)?;
                    }
                    Record::Begin(_) | Record::End(_) | Record::Outputs(_) | Record::Outcome(_) => {}
                }
                Step::Record(record)
            }
        };
        self.steps.push(step);
        Ok(())
    }

    /// The steps of the whole segment.
    pub(super) fn finish(mut self) -> Result<Vec<Step>, Damage> {
        for open in std::mem::take(&mut self.open).into_values() {
            self.steps[open.index] = open.read()?;
        }
        Ok(self.steps)
    }

    /// Reads the open attempt on an object completely, if there is one.
    fn whole(&mut self, key: &ObjectKey) -> Result<(), Damage> {
        if let Some(open) = self.open.remove(key) {
            self.steps[open.index] = open.read()?;
        }
        Ok(())
    }
}

impl Open<'_> {
    fn read(&self) -> Result<Step, Damage> {
        record(self.json, self.offset).map(Step::Record)
    }
}

/// The start of an intent, as texts.
#[derive(Default)]
struct Sketch<'a> {
    key: &'a str,
    action: Option<IntentAction>,
    type_name: &'a str,
    token: &'a str,
}

impl<'a> Sketch<'a> {
    /// Reads the line of an intent up to the needed fields; the checksum covers the rest. `None` if it is another
    /// record, or not as simple as that.
    fn read(json: &'a str) -> Option<Self> {
        let mut sketch = Self::default();
        let mut deserializer = serde_json::Deserializer::from_str(json.strip_prefix(INTENT)?);
        // Further fields of the object are an error to this reader alone.
        let _ = deserializer.deserialize_map(&mut sketch);
        Some(sketch).filter(Sketch::is_complete)
    }

    fn is_complete(&self) -> bool {
        self.action.is_some() && [self.key, self.type_name, self.token].iter().all(|text| !text.is_empty())
    }

    /// The fields for the fold, if the type is that of the address.
    fn step(&self) -> Option<(ObjectKey, IntentAction)> {
        let key: ObjectKey = self.key.parse().ok()?;
        let _: landform_core::Token = self.token.parse().ok()?;
        let fits = |address: &Address| address.type_str() == self.type_name;
        Some((key, self.action?)).filter(|(key, _)| fits(&key.address))
    }
}

impl<'a> Visitor<'a> for &mut Sketch<'a> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an intent")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while !self.is_complete() {
            match map.next_key::<&str>()? {
                Some("key") => self.key = map.next_value()?,
                Some("action") => self.action = Some(map.next_value()?),
                Some("type") => self.type_name = map.next_value()?,
                Some("token") => self.token = map.next_value()?,
                Some(_) => drop(map.next_value::<IgnoredAny>()?),
                None => break,
            }
        }
        Ok(())
    }
}
