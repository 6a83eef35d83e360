//! What an error says as data: its kind, whether to retry, and whether the call may have had an effect.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The kind of a provider's error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The requested thing does not exist.
    NotFound,
    /// Something with that name or range already exists.
    AlreadyExists,
    /// The thing cannot be deleted, because others use it (`DependencyViolation`, `resourceInUseByAnotherResource`).
    InUse,
    /// The cloud refuses the arguments.
    Invalid,
    /// The caller lacks the right.
    Denied,
    /// A limit of the account is reached.
    Quota,
    /// Too many calls.
    Throttled,
    /// The thing had changed in the meantime (a stale fingerprint, a precondition).
    Conflict,
    /// The service does not answer, or reports an internal failure.
    Unavailable,
    /// The time allowed is over.
    Timeout,
    /// The provider does not have this ability.
    Unsupported,
    /// The answer cannot be understood, or the provider itself has a fault.
    Internal,
}

impl ErrorKind {
    /// The kind in words, as messages begin: `is in use`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not found",
            Self::AlreadyExists => "already exists",
            Self::InUse => "in use",
            Self::Invalid => "invalid",
            Self::Denied => "denied",
            Self::Quota => "quota exceeded",
            Self::Throttled => "throttled",
            Self::Conflict => "changed meanwhile",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timed out",
            Self::Unsupported => "unsupported",
            Self::Internal => "internal error",
        }
    }
}

/// Whether the same call may succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// The same call fails again.
    Never,
    /// The cloud named a time.
    After(Duration),
    /// Soon, with growing pauses.
    Backoff,
}

/// Whether the failed call may have changed the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Refused before any change.
    None,
    /// The answer was lost. Only `find` can show the effect.
    Unknown,
}
