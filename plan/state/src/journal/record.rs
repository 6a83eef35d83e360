//! The records of a journal, as data. [`State`](super::State) defines what they do.

use std::sync::Arc;

use landform_core::{Address, Token, TypeName};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Json, ObjectKey, ObjectState, Who, lease::show_time, object::is_default};
use crate::seal::Sealed;

/// One entry of the journal.
///
/// In storage it is a line of JSON with one key, the name of the record: `{"forget":{"key":"aws_vpc.main"}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A writer took over.
    Begin(Begin),
    /// The writer finished. Without this record, the run was interrupted.
    End(End),
    /// An effect is about to start. The record is durable before that.
    Intent(Arc<Intent>),
    /// The cloud has accepted the effect and works on it.
    Ticket(TicketRecord),
    /// The effect is settled.
    Outcome(Outcome),
    /// The object exists as observed now: by a refresh, by an import of a state, or in a snapshot.
    Observed(ObservedRecord),
    /// The object no longer exists, and Landform did not delete it.
    Vanished(Keyed),
    /// The stack no longer manages the object. It stays in the cloud.
    Forget(Keyed),
    /// The object has another key: it was renamed, or set aside for its replacement.
    Move(Move),
    /// The stack's outputs, all of them.
    Outputs(Map<String, Value>),
}

impl Record {
    /// The record's name, as stored.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Begin(_) => "begin",
            Self::End(_) => "end",
            Self::Intent(_) => "intent",
            Self::Ticket(_) => "ticket",
            Self::Outcome(_) => "outcome",
            Self::Observed(_) => "observed",
            Self::Vanished(_) => "vanished",
            Self::Forget(_) => "forget",
            Self::Move(_) => "move",
            Self::Outputs(_) => "outputs",
        }
    }

    /// An effect ended with this result.
    pub fn outcome(key: impl Into<ObjectKey>, token: Token, result: OutcomeResult) -> Self {
        Self::Outcome(Outcome { key: key.into(), token, result })
    }

    /// An object as seen now.
    pub fn observed(key: impl Into<ObjectKey>, object: impl Into<Arc<ObjectState>>) -> Self {
        Self::Observed(ObservedRecord { key: key.into(), object: object.into() })
    }

    /// An object that no longer exists and that Landform did not delete.
    pub fn vanished(key: impl Into<ObjectKey>) -> Self {
        Self::Vanished(Keyed { key: key.into() })
    }

    /// An object that the stack no longer manages.
    pub fn forget(key: impl Into<ObjectKey>) -> Self {
        Self::Forget(Keyed { key: key.into() })
    }

    /// An object that gets another key.
    pub fn moved(from: impl Into<ObjectKey>, to: impl Into<ObjectKey>) -> Self {
        Self::Move(Move { from: from.into(), to: to.into() })
    }
}

/// A writer took over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begin {
    /// The run's id.
    pub run: String,
    /// Who runs it.
    pub who: Who,
    /// The purpose: `apply`, `destroy`, `import`.
    pub operation: String,
    /// When, in seconds since 1970.
    pub at: u64,
}

impl Begin {
    /// The time, such as `2026-11-21 09:13:36 UTC`.
    pub fn time(&self) -> String {
        show_time(self.at)
    }
}

/// The writer finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The run's id.
    pub run: String,
}

/// The kind of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentAction {
    /// Makes it.
    Create,
    /// Changes it in place.
    Update,
    /// Removes it.
    Delete,
    /// Adopts an existing object that fits.
    Adopt,
    /// Imports an object that the user named.
    Import,
}

impl IntentAction {
    /// Whether the state must not have the object before.
    pub fn makes(self) -> bool {
        matches!(self, Self::Create | Self::Adopt | Self::Import)
    }
}

/// An effect that is about to start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Which object.
    pub key: ObjectKey,
    /// What is done to it.
    pub action: IntentAction,
    /// Its resource type.
    #[serde(rename = "type")]
    pub type_name: TypeName,
    /// The identity of this attempt. The provider passes it to the cloud.
    pub token: Token,
    /// The provider that does it.
    pub provider: String,
    /// The object's id in the cloud, if it already has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The arguments, references resolved.
    #[serde(default)]
    pub inputs: Sealed,
    /// A hash of the arguments before sealing. An attempt is repeated only with the same arguments.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub inputs_hash: String,
    /// The dependencies of the object, so that an object that is found after a crash is recorded completely.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Address>,
    /// The objects whose changes replace the object.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replace_triggered_by: Vec<Address>,
    /// Whether its replacement comes first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub create_before_destroy: bool,
    /// Whether it stays in the cloud when the stack no longer wants it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub retain_on_delete: bool,
}

/// What a provider needs to ask for the result of a long operation, even from another process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRecord {
    /// Which object.
    pub key: ObjectKey,
    /// Which attempt.
    pub token: Token,
    /// The provider's own words.
    pub ticket: Json,
}

/// How an effect ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Which object.
    pub key: ObjectKey,
    /// Which attempt.
    pub token: Token,
    /// What is there now.
    pub result: OutcomeResult,
}

/// What an effect left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeResult {
    /// The object exists, like this.
    Exists(Arc<ObjectState>),
    /// The object does not exist.
    Gone,
    /// The effect failed, and it is known what exists: this object, or the one before. An effect with an unknown result
    /// has no outcome; it stays pending.
    Failed {
        /// The error, as text or structure, without secrets.
        error: Json,
        /// The object that exists now, if it differs from before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exists: Option<Arc<ObjectState>>,
    },
    /// The effect is proven not to have happened.
    Nothing,
}

/// An object as seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedRecord {
    /// Which object.
    pub key: ObjectKey,
    /// What the state knows about it.
    pub object: Arc<ObjectState>,
}

/// Says which object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyed {
    /// Which object.
    pub key: ObjectKey,
}

/// An object gets another key.
///
/// Other objects still name the old address in `depends_on`. The caller records them again with [`Record::observed`].
/// The state does not, because finding them takes O(n).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The key so far.
    pub from: ObjectKey,
    /// The new key, which must be free.
    pub to: ObjectKey,
}
