//! Errors of a store: the kind, the operation, the place, the cause, and what to do. Data only.

use std::{error::Error as StdError, fmt, io, sync::Arc};

use landform_core::Printable;

/// The kind of a store's error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Another append has used the number of the segment.
    Taken,
    /// The lease has another version than expected.
    Conflict,
    /// The segment or snapshot does not exist.
    NotFound,
    /// The user has no right to read or write.
    Denied,
    /// The disk or quota is full.
    Full,
    /// The place cannot be written to.
    ReadOnly,
    /// The place disappeared while it was in use.
    Vanished,
    /// The store does not answer, or reports an internal failure. The same call may succeed later.
    Unavailable,
    /// The connection is not safe enough: it has no TLS, or no trusted authority signed the server's certificate.
    /// Nothing was sent.
    Untrusted,
    /// The bucket or database that should hold the place does not exist.
    Missing,
    /// The place is encrypted, but no key was given.
    Encrypted,
    /// The key does not open the place.
    WrongKey,
    /// A key was given, but the place is not encrypted.
    NotEncrypted,
    /// Encrypted bytes were changed or moved.
    Damaged,
    /// The place holds something that is not a journal.
    NotOurs,
    /// The URL cannot be understood.
    BadUrl,
    /// The place cannot do something that a store needs.
    Unsupported,
    /// Any other failure.
    Other,
}

impl StoreErrorKind {
    /// What to do about it, as a sentence. Empty if the caller has to decide.
    fn advice(self) -> &'static str {
        match self {
            Self::Denied => "Give this user the right to read and write there.",
            Self::Full => "Free some space and run again: no acknowledged record is lost.",
            Self::ReadOnly => "Make it writable, or keep the state elsewhere.",
            Self::Vanished => "Bring it back, or restore it from a backup, before running again.",
            Self::Unavailable => "Run again when it answers: no acknowledged record is lost.",
            Self::Missing => "Create it first, or give the URL of another one.",
            Self::Encrypted => "Give the passphrase or key command of its creation. Nothing was changed.",
            Self::WrongKey => {
                "Give the passphrase or key command of its creation or of its last rotation. Nothing was changed."
            }
            Self::NotEncrypted => {
                "Open it without a key; to encrypt it, export it and import it into a new place with a key."
            }
            Self::Damaged => "Restore it from a backup. Nothing was changed.",
            Self::NotOurs => "Use an empty or new place for the state.",
            _ => "",
        }
    }
}

/// A store's error.
///
/// ```
/// use landform_state::store::{StoreError, StoreErrorKind};
/// let error = StoreError::new(StoreErrorKind::Full, "write", "/state/journal/7.seg").because("no space left");
/// assert!(error.to_string().starts_with("cannot write /state/journal/7.seg: no space left. Free some space"));
/// ```
#[derive(Clone)]
pub struct StoreError(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: StoreErrorKind,
    operation: &'static str,
    place: String,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

impl StoreError {
    /// An error of a kind. `operation` is a verb with its object, as in "open the state store"; `place` is a path or
    /// URL.
    pub fn new(kind: StoreErrorKind, operation: &'static str, place: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, operation, place: place.into(), cause: None }))
    }

    /// Adds the cause.
    pub fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.cause = Some(Arc::from(cause.into()));
        self
    }

    /// The error of an operation on a file. The kind follows from the system's error.
    pub fn from_io(operation: &'static str, place: impl Into<String>, error: io::Error) -> Self {
        use io::ErrorKind as E;
        let kind = match error.kind() {
            E::NotFound => StoreErrorKind::NotFound,
            E::PermissionDenied => StoreErrorKind::Denied,
            E::StorageFull | E::QuotaExceeded | E::FileTooLarge => StoreErrorKind::Full,
            E::ReadOnlyFilesystem => StoreErrorKind::ReadOnly,
            E::StaleNetworkFileHandle => StoreErrorKind::Vanished,
            E::NotADirectory | E::IsADirectory => StoreErrorKind::NotOurs,
            E::TimedOut | E::Interrupted | E::WouldBlock | E::ResourceBusy => StoreErrorKind::Unavailable,
            E::Unsupported => StoreErrorKind::Unsupported,
            _ => StoreErrorKind::Other,
        };
        Self::new(kind, operation, place).because(error)
    }

    /// The same error with another kind.
    pub fn with_kind(mut self, kind: StoreErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The kind.
    pub fn kind(&self) -> StoreErrorKind {
        self.0.kind
    }

    /// The path or URL.
    pub fn place(&self) -> &str {
        &self.0.place
    }
}

impl fmt::Display for StoreError {
    /// Names and answers come from elsewhere, so they are shown without anything that steers a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printable(fmt::from_fn(|f| self.say(f))).fmt(f)
    }
}

impl StoreError {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}", self.0.operation, self.0.place)?;
        match (&self.0.cause, self.0.kind) {
            (Some(cause), _) => write!(f, ": {cause}")?,
            (None, StoreErrorKind::Taken) => write!(f, ": another writer was faster")?,
            (None, StoreErrorKind::Conflict) => write!(f, ": it changed meanwhile")?,
            (None, StoreErrorKind::NotFound) => write!(f, ": it is not there")?,
            (None, _) => {}
        }
        match self.0.kind.advice() {
            "" => Ok(()),
            advice => write!(f, ". {advice}"),
        }
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}
