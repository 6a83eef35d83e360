//! The content of the ledger: entries of effects, and the existing resources.

use landform_core::{Address, Token, TypeName};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// The kind of effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// A resource was created.
    Created,
    /// A resource was seeded.
    Seeded,
    /// A resource was changed by its provider.
    Updated,
    /// A resource was changed without its provider.
    Tampered,
    /// The deletion of a resource has begun.
    Deleting,
    /// A resource is gone.
    Deleted,
    /// A resource was removed without its provider.
    Vanished,
    /// A read missed a new resource.
    Missed,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The kind of effect.
    pub effect: Effect,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The type of the resource.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The id of the resource.
    pub id: String,
    /// The attempt's identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// The node that the effect was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Address>,
    /// The arguments after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Map<String, Json>>,
    /// The attributes after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Map<String, Json>>,
    /// When the operation ends, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
    /// A digest of the wanted arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// How many reads will miss it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missed_reads: u32,
    /// The time at which reads begin to see it, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_until: Option<u64>,
}

impl Entry {
    pub(crate) fn new(effect: Effect, at: u64, type_name: &str, id: &str) -> Self {
        Self {
            effect,
            at,
            type_name: type_name.to_owned(),
            id: id.to_owned(),
            token: None,
            by: None,
            arguments: None,
            attributes: None,
            until: None,
            asked: None,
            missed_reads: 0,
            hidden_until: None,
        }
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// An existing resource in the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Existing {
    /// Its type.
    pub type_name: TypeName,
    /// Its id.
    pub id: String,
    /// The attempt that created it; `None` if it was seeded.
    pub token: Option<Token>,
    /// The node that it was created for; `None` if it was seeded.
    pub by: Option<Address>,
    /// Its arguments.
    pub arguments: Map<String, Json>,
    /// Its attributes.
    pub attributes: Map<String, Json>,
    /// Whether no operation on it is running.
    pub ready: bool,
    /// Whether its deletion has begun.
    pub deleting: bool,
}
