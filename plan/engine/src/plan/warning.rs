//! Warnings about a plan: it does what it was told, but people may expect something else.

use std::fmt;

use landform_core::{Address, Path, words};
use serde::{Deserialize, Serialize};

use crate::{event::Notice, journal::ObjectKey};

/// Something that people should know before they apply a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// A resource stays in the cloud, but the plan deletes one that it uses.
    LeftWithout {
        /// The resource that stays: it is retained or forgotten.
        stays: ObjectKey,
        /// The deleted resource.
        goes: Address,
    },
    /// Recorded objects of a provider were not read, because the provider could not be opened yet.
    NotRead {
        /// The provider.
        provider: String,
        /// How many resources.
        resources: usize,
    },
    /// A node uses a deprecated field.
    Deprecated {
        /// The node.
        address: Address,
        /// The field.
        path: Path,
        /// The reason that the type gives.
        why: String,
    },
    /// A warning of a provider about a change.
    Provider(Notice),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftWithout { stays, goes } => write!(
                f,
                "{stays} stays in the cloud, but this plan deletes {goes}, which it uses: the cloud may refuse that, \
                 or {stays} may break"
            ),
            Self::NotRead { provider, resources } => write!(
                f,
                "{} of provider {provider} could not be read: its configuration is known only after other changes, or it \
                 does not answer; the plan trusts the state",
                words::count(*resources, "resource")
            ),
            Self::Deprecated { address, path, why } => write!(f, "{address}: {path} is deprecated: {why}"),
            Self::Provider(notice) => notice.fmt(f),
        }
    }
}
