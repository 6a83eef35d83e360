//! What a plan does as it is told, and may still not go as people expect.

use std::fmt;

use landform_core::{Address, Path, words};
use serde::{Deserialize, Serialize};

use crate::{event::Notice, journal::ObjectKey};

/// Something that people should know before they apply a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// Something stays in the world, and what it was made from goes.
    LeftWithout {
        /// What stays: it is retained or forgotten.
        stays: ObjectKey,
        /// What goes.
        goes: Address,
    },
    /// What is recorded with a provider was not read: the provider could not be opened yet.
    NotRead {
        /// The provider.
        provider: String,
        /// How many resources.
        resources: usize,
    },
    /// A node says something about a field that should not be used any more.
    Deprecated {
        /// The node.
        address: Address,
        /// The field.
        path: Path,
        /// Why, as the type says.
        why: String,
    },
    /// Something that a provider says of a change.
    Provider(Notice),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftWithout { stays, goes } => write!(
                f,
                "{stays} stays in the cloud, and {goes}, from which it was made, goes: the cloud may refuse that, or \
                 what stays may break"
            ),
            Self::NotRead { provider, resources } => write!(
                f,
                "{} of provider {provider} could not be read: its configuration is known only after other changes, or it \
                 does not answer; the plan takes the state at its word",
                words::count(*resources, "resource")
            ),
            Self::Deprecated { address, path, why } => write!(f, "{address}: {path} is deprecated: {why}"),
            Self::Provider(notice) => notice.fmt(f),
        }
    }
}
