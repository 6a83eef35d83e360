//! The change of one resource, and its reason.

use std::fmt;

use landform_core::{Address, Budget, Forecast, Ignore, OnConflict, Path, Token, TypeName, expr::Expr};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::journal::ObjectKey;

/// What changes about one resource.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Change {
    /// The node.
    pub address: Address,
    /// Its type.
    pub type_name: TypeName,
    /// The provider that does it.
    pub provider: String,
    /// The action.
    pub kind: ChangeKind,
    /// Why.
    pub reason: Reason,
    /// The current arguments; `None` if the resource does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Json>,
    /// The planned arguments; `None` if the resource will not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Expr>,
    /// What differs between the two.
    pub fields: Vec<FieldChange>,
    /// The cloud's id of the existing resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Which of the old objects at the address it concerns; `None` for the current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposed: Option<Token>,
    /// What to do when the resource to create already exists.
    #[serde(default)]
    pub on_conflict: OnConflict,
    /// The dependencies of the node, to be recorded with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Address>,
    /// Whether a replacement creates the new resource first.
    #[serde(default)]
    pub create_before_destroy: bool,
    /// Whether the resource stays in the cloud when it leaves the stack or is replaced.
    #[serde(default)]
    pub retain_on_delete: bool,
    /// Seconds after which an operation is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// The limits for the retries of its calls.
    #[serde(default, skip_serializing_if = "Budget::is_open")]
    pub budget: Budget,
    /// The nodes whose changes replace this one, to be recorded with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replace_triggered_by: Vec<Address>,
    /// The fields that stay as they are, in an adopted resource too.
    #[serde(default, skip_serializing_if = "Ignore::is_empty")]
    pub ignore_changes: Ignore,
    /// The provider's prediction of the change. Boxed, because most providers predict nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Box<Forecast>>,
}

impl Change {
    /// The key of the object in the state, after the moves of the plan.
    pub fn key(&self) -> ObjectKey {
        ObjectKey { address: self.address.clone(), deposed: self.deposed.clone() }
    }

    /// Whether the change removes something from the cloud: a deletion, or a replacement without retaining the old
    /// object.
    pub fn takes_away(&self) -> bool {
        match self.kind {
            ChangeKind::Delete => true,
            ChangeKind::Replace(_) => !self.retain_on_delete,
            _ => false,
        }
    }
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Made.
    Create,
    /// Changed in place.
    Update,
    /// Replaced.
    Replace(ReplaceOrder),
    /// Deleted.
    Delete,
    /// Taken over.
    Adopt,
    /// Removed from the state only.
    Forget,
    /// A data source, read.
    Read,
}

/// Which of the two steps of a replacement comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplaceOrder {
    /// The old object is deleted first.
    DestroyFirst,
    /// The new object is created first.
    CreateFirst,
}

/// Why a change is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Declared and not there yet.
    New,
    /// The state has it, but the cloud does not.
    Vanished,
    /// Arguments differ.
    Differs,
    /// These arguments differ and cannot be changed in place.
    Immutable(Vec<Path>),
    /// The provider cannot change anything of this type in place.
    NoUpdate,
    /// Its creation did not complete.
    Tainted,
    /// Asked for by address.
    Asked,
    /// Something that replaces it changes.
    Triggered(Address),
    /// A node that triggers the replacement has changed since this one was created.
    Due(Address),
    /// No longer declared.
    NotDeclared,
    /// The plan destroys everything.
    Destroy,
    /// Declared as an import of this id.
    Import(String),
    /// Declared as forgotten.
    Removed,
    /// No longer declared, and declared as retained before.
    Retained,
    /// An old object that a replacement left behind.
    Deposed,
    /// Another provider manages it now.
    Provider {
        /// The recorded provider.
        from: String,
        /// The declared provider.
        to: String,
    },
    /// A data source whose arguments are known only while applying.
    Unknown,
    /// A data source that waits for a change of this node.
    Waits(Address),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New => f.write_str("not there yet"),
            Self::Vanished => f.write_str("it is gone from the cloud"),
            Self::Differs => f.write_str("arguments differ"),
            Self::Immutable(paths) => {
                let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
                write!(f, "{} cannot be changed in place", paths.join(", "))
            }
            Self::NoUpdate => f.write_str("this type cannot be changed in place"),
            Self::Tainted => f.write_str("its creation did not complete"),
            Self::Asked => f.write_str("its replacement was asked for"),
            Self::Triggered(by) => write!(f, "a change of {by} triggers it"),
            Self::Due(by) => write!(f, "{by} has changed since it was made"),
            Self::NotDeclared => f.write_str("no longer declared"),
            Self::Destroy => f.write_str("everything is destroyed"),
            Self::Import(id) => write!(f, "takes over {id}"),
            Self::Removed => f.write_str("declared as removed; it stays in the cloud"),
            Self::Retained => f.write_str("no longer declared, but retained; it stays in the cloud"),
            Self::Deposed => f.write_str("left behind by a replacement"),
            Self::Provider { from, to } => write!(f, "it moves from provider {from} to {to}"),
            Self::Unknown => f.write_str("its arguments are known only after other changes"),
            Self::Waits(on) => write!(f, "it waits for changes to {on}"),
        }
    }
}

/// What changes about one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub path: Path,
    /// The value; null if there is none.
    pub before: Json,
    /// The new value.
    pub after: Expr,
    /// Whether this forces a replacement.
    pub replaces: bool,
    /// Whether both values must stay hidden.
    pub sensitive: bool,
}

/// A difference between the cloud and the state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// The node.
    pub address: Address,
    /// Whether it is gone altogether.
    pub gone: bool,
    /// The differences: recorded before, observed after.
    pub fields: Vec<FieldChange>,
}
