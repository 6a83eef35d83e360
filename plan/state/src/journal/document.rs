//! A whole state as one JSON document, for export and import, and for people to read.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{JournalError, ObjectKey, ObjectState, Pending, Record, Revision, State, segment::FORMAT};

/// The name of the document's format.
const NAME: &str = "state";

#[derive(Serialize, Deserialize)]
struct Document {
    landform: String,
    format: u32,
    stack: String,
    lineage: String,
    seq: u64,
    objects: BTreeMap<ObjectKey, Arc<ObjectState>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pending: Vec<Pending>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    outputs: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    revisions: Vec<Revision>,
}

impl State {
    /// The state as a JSON document. [`State::from_json`] builds the same state from it.
    ///
    /// Private bytes and identities of providers are masked, because they may be secret. A document with masked data
    /// can be shown and compared, but not read back: see [`State::to_json_with_private`].
    pub fn to_json(&self) -> Result<String, JournalError> {
        self.document(|object| match object.private.is_empty() && object.identity.is_none() {
            true => object,
            false => object.masked().into(),
        })
    }

    /// Like [`State::to_json`], with private bytes and identities in the clear. Whoever reads the document may read
    /// secrets of providers.
    pub fn to_json_with_private(&self) -> Result<String, JournalError> {
        self.document(|object| object)
    }

    fn document(&self, shown: impl Fn(Arc<ObjectState>) -> Arc<ObjectState>) -> Result<String, JournalError> {
        Ok(serde_json::to_string(&Document {
            landform: NAME.into(),
            format: FORMAT,
            stack: self.stack().into(),
            lineage: self.lineage().into(),
            seq: self.seq(),
            objects: self.entries().into_iter().map(|(key, object)| (key, shown(object))).collect(),
            pending: self.pending().cloned().collect(),
            outputs: self.outputs().clone(),
            revisions: self.revisions().to_vec(),
        })?)
    }

    /// Reads a JSON document and checks it as [`State::verify`] does.
    pub fn from_json(text: &str) -> Result<Self, JournalError> {
        let place = || String::from("the state document");
        let promised = super::segment::header::<Value>(text, 0, NAME);
        promised.map_err(|unreadable| unreadable.at(place()))?;
        let document: Document = serde_json::from_str(text)?;
        let mut state = Self::new(document.stack, document.lineage);
        state.set_seq(document.seq);
        state.set_revisions(document.revisions);
        let objects = document.objects.into_iter().map(|(key, object)| Record::observed(key, object));
        let intents = document.pending.into_iter().flat_map(|pending| {
            let ticket = pending.ticket.map(|ticket| Record::Ticket((*ticket).clone()));
            std::iter::once(Record::Intent(pending.intent)).chain(ticket)
        });
        let wrong = |error| JournalError::Integrity { place: place(), error };
        for record in objects.chain(intents).chain([Record::Outputs(document.outputs)]) {
            state.apply(record).map_err(wrong)?;
        }
        state.verify().map_err(wrong)?;
        Ok(state)
    }
}
