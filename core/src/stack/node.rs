//! The nodes of a stack, and where they were declared.

use std::{borrow::Cow, collections::BTreeSet, fmt, panic::Location, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Condition, Lifecycle};
use crate::{
    Address, ProviderName, ResourceType,
    expr::{Expr, Reference},
    path::Trail,
};

/// One declared node.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Node {
    /// Its address.
    pub address: Address,
    /// Its arguments, a map of fields.
    pub arguments: Expr,
    /// What else must be done before it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub depends_on: BTreeSet<Address>,
    /// The rules for its changes.
    #[serde(default, skip_serializing_if = "Lifecycle::is_usual")]
    pub lifecycle: Lifecycle,
    /// The provider that manages it; `None` for the default one of its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderName>,
    /// Where it was declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    #[serde(skip)]
    pub(super) resource_type: Option<Arc<ResourceType>>,
}

impl Node {
    /// The type, unless the stack was read from a file and not bound yet.
    pub fn resource_type(&self) -> Option<&Arc<ResourceType>> {
        self.resource_type.as_ref()
    }

    /// Calls `visit` with each reference in the arguments and its path.
    pub fn each_reference<'a>(&'a self, visit: &mut dyn FnMut(&Trail<'_>, &'a Reference)) {
        self.arguments.each_reference(visit);
    }

    /// The preconditions and postconditions.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.lifecycle.preconditions.iter().chain(&self.lifecycle.postconditions)
    }
}

/// A node that had another address before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The old address.
    pub from: Address,
    /// The new address.
    pub to: Address,
    /// The place of this declaration in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// A node to forget. Its resource stays in the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredRemoved")]
pub struct Removed {
    /// The old address.
    pub address: Address,
    /// The place of this declaration in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// How a stored stack names a removed node. The older form is only an address.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredRemoved {
    Address(Address),
    Whole {
        address: Address,
        #[serde(default)]
        origin: Option<Origin>,
    },
}

impl From<StoredRemoved> for Removed {
    fn from(stored: StoredRemoved) -> Self {
        match stored {
            StoredRemoved::Address(address) => Self { address, origin: None },
            StoredRemoved::Whole { address, origin } => Self { address, origin },
        }
    }
}

/// The file and line where something was declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file, as it was named.
    pub file: Cow<'static, str>,
    /// The line, counted from 1.
    pub line: u32,
}

impl Origin {
    /// The place of a caller.
    pub fn of(location: &'static Location<'static>) -> Self {
        Self { file: Cow::Borrowed(location.file()), line: location.line() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
