//! Conditions that the apply checks, and the answers of data sources that were read while planning.

use std::fmt;

use landform_core::{Address, TypeName, expr::Expr};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// A condition on values that are known only while applying.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// The node.
    pub address: Address,
    /// Whether it must hold before or after the change.
    pub when: When,
    /// The condition.
    pub holds: Expr,
    /// The message if it does not hold.
    pub message: String,
}

/// When a condition must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before anything happens to the node.
    Before,
    /// When the node is as planned.
    After,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Before => "precondition",
            Self::After => "postcondition",
        })
    }
}

/// The answer of a data source that was read while planning. Secrets are sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The node.
    pub address: Address,
    /// Its type.
    pub type_name: TypeName,
    /// The provider that was asked.
    pub provider: String,
    /// What was asked.
    pub arguments: Json,
    /// The answer.
    pub attributes: Json,
}
