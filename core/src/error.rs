//! Errors of a provider, as data: the kind, whether to retry, and whether the call may have had an effect.

mod cause;
mod kind;

use std::{error::Error as StdError, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use cause::Cause;
pub use kind::{Effect, ErrorKind, Retry};

use crate::{Diagnostic, Path, Printable, Severity};

/// The result of a provider's work.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A provider's error. It is small and built step by step.
///
/// ```
/// use landform_core::{Error, ErrorKind, Retry};
/// let error = Error::new(ErrorKind::Throttled, "RequestLimitExceeded: slow down")
///     .operation("CreateSubnet")
///     .status(503)
///     .request_id("7f3e");
/// assert_eq!(error.retry(), Retry::Backoff);
/// assert_eq!(error.to_string(), "CreateSubnet: throttled: RequestLimitExceeded: slow down (HTTP 503, request 7f3e)");
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Inner {
    kind: ErrorKind,
    message: String,
    retry: Retry,
    effect: Effect,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// The field with the problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<Path>,
    /// Further messages of the provider.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    more: Vec<Diagnostic>,
    /// The number of attempts, if more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    /// For people and logs. A stored error has no causes.
    #[serde(skip)]
    source: Option<Cause>,
}

impl Error {
    /// An error of a kind. Retry and effect follow from the kind by default: throttling and outages are retried; only
    /// an outage, a time-out or an internal error leaves the effect unknown.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        use ErrorKind as K;
        let retry = match kind {
            K::Throttled | K::Unavailable | K::Timeout | K::Conflict => Retry::Backoff,
            _ => Retry::Never,
        };
        let effect = match kind {
            K::Unavailable | K::Timeout | K::Internal => Effect::Unknown,
            _ => Effect::None,
        };
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            retry,
            effect,
            operation: None,
            resource: None,
            status: None,
            code: None,
            request_id: None,
            path: None,
            more: Vec::new(),
            attempts: None,
            source: None,
        }))
    }

    /// The error for an HTTP answer. The status decides the kind:
    ///
    /// | status | kind |
    /// |---|---|
    /// | 404, 410 | NotFound |
    /// | 401, 403, 407 | Denied |
    /// | 409, 412, 423 | Conflict; where a 409 to a create means that the name is taken, say so by [`Error::with_kind`] |
    /// | 429 | Throttled |
    /// | 402, 507 | Quota |
    /// | 408, 504 | Timeout |
    /// | 501 | Unsupported |
    /// | other 4xx | Invalid |
    /// | other 5xx | Unavailable |
    /// | all others | Internal: this is not the status of a failed call |
    ///
    /// ```
    /// use std::time::Duration;
    /// use landform_core::{Error, ErrorKind, Retry};
    /// let error = Error::from_http_status(429, "slow down").with_retry(Retry::After(Duration::from_secs(7)));
    /// assert_eq!(error.kind(), ErrorKind::Throttled);
    /// assert_eq!(error.to_string(), "throttled: slow down (HTTP 429)");
    /// ```
    pub fn from_http_status(status: u16, message: impl Into<String>) -> Self {
        use ErrorKind as K;
        let kind = match status {
            404 | 410 => K::NotFound,
            401 | 403 | 407 => K::Denied,
            409 | 412 | 423 => K::Conflict,
            429 => K::Throttled,
            402 | 507 => K::Quota,
            408 | 504 => K::Timeout,
            501 => K::Unsupported,
            400..=499 => K::Invalid,
            500..=599 => K::Unavailable,
            _ => K::Internal,
        };
        Self::new(kind, message).status(status)
    }

    /// The error of a provider that answers with a list. Its first error is the message; the other errors and the
    /// warnings are attached. `None` if the list has no error.
    ///
    /// ```
    /// use landform_core::{Diagnostic, Error, ErrorKind};
    /// let said = [
    ///     Diagnostic::warning("size is deprecated").at("size"),
    ///     Diagnostic::error("must not be empty").at("name"),
    /// ];
    /// let error = Error::from_diagnostics(ErrorKind::Invalid, said).unwrap();
    /// assert_eq!(error.to_string(), "invalid: name: must not be empty; warning: size: size is deprecated");
    /// assert_eq!(error.diagnostics().len(), 2);
    /// ```
    pub fn from_diagnostics(
        kind: ErrorKind,
        diagnostics: impl IntoIterator<Item = Diagnostic>,
    ) -> Option<Self> {
        let mut said: Vec<Diagnostic> = diagnostics.into_iter().collect();
        let first = said.iter().position(|said| said.severity == Severity::Error)?;
        let Diagnostic { summary, detail, path, .. } = said.remove(first);
        let message = Diagnostic::error(summary).detail(detail).to_string();
        let mut error = Self::new(kind, message);
        (error.0.path, error.0.more) = (path, said);
        Some(error)
    }

    /// The error for an ability that the provider did not declare.
    pub fn unsupported(type_name: &str, ability: &'static str) -> Self {
        Self::new(ErrorKind::Unsupported, format!("{type_name} cannot {ability}"))
    }

    /// Sets the kind, and with it the defaults for retry and effect, as [`Error::new`] does.
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        let usual = Self::new(kind, String::new());
        (self.0.kind, self.0.retry, self.0.effect) = (kind, usual.0.retry, usual.0.effect);
        self
    }

    /// Keeps the cause of this error, for [`source`](StdError::source). It is not stored with the error.
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Cause(Arc::new(source)));
        self
    }

    /// Sets whether to try again.
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.0.retry = retry;
        self
    }

    /// Sets whether the call may have had an effect.
    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.0.effect = effect;
        self
    }

    /// Names the operation of the API, such as `CreateSubnet`.
    pub fn operation(mut self, operation: impl Into<String>) -> Self {
        self.0.operation = Some(operation.into());
        self
    }

    /// Names the field with the problem, such as `cidr_block` or `disk[0].size`. A text that is not a path names none.
    pub fn at(mut self, path: impl AsRef<str>) -> Self {
        self.0.path = path.as_ref().parse().ok();
        self
    }

    /// Attaches further messages.
    pub fn with_diagnostic(mut self, diagnostic: Diagnostic) -> Self {
        self.0.more.push(diagnostic);
        self
    }

    /// Sets the number of attempts.
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = Some(attempts).filter(|attempts| *attempts > 1);
        self
    }

    /// Names the resource, by its id or address.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.0.resource = Some(resource.into());
        self
    }

    /// Replaces a text in the provider's message, which may repeat a secret that the provider was given. Drops a cause
    /// that shows the text.
    pub fn replace(mut self, text: &str, by: &str) -> Self {
        let inner = &mut *self.0;
        let others = [&mut inner.resource, &mut inner.operation, &mut inner.code, &mut inner.request_id];
        for said in [&mut inner.message].into_iter().chain(others.into_iter().flatten()) {
            if said.contains(text) {
                *said = said.replace(text, by);
            }
        }
        let more = std::mem::take(&mut inner.more).into_iter();
        inner.more = more.map(|said| said.replace(text, by)).collect();
        if inner.source.as_ref().is_some_and(|source| source.shows(text)) {
            inner.source = None;
        }
        self
    }

    /// Sets the HTTP status.
    pub fn status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Sets the provider's own code, such as `InvalidSubnet.Range`.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Sets the provider's request id, which its support asks for.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message without the context around it.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Whether to try again.
    pub fn retry(&self) -> Retry {
        self.0.retry
    }

    /// Whether something may have happened.
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// The field with the problem.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_ref()
    }

    /// The number of attempts.
    pub fn attempts(&self) -> u32 {
        self.0.attempts.unwrap_or(1)
    }

    /// All messages, with the error itself first.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut own = Diagnostic::error(self.message());
        own.path = self.0.path.clone();
        std::iter::once(own).chain(self.0.more.iter().cloned()).collect()
    }

    /// The provider's own code.
    pub fn provider_code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }
}

impl fmt::Display for Error {
    /// The provider's text is shown without characters that steer a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printable(fmt::from_fn(|f| self.say(f))).fmt(f)
    }
}

impl Error {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = &inner.operation {
            write!(f, "{operation}: ")?;
        }
        if let Some(resource) = &inner.resource {
            write!(f, "{resource}: ")?;
        }
        write!(f, "{}: ", inner.kind.as_str())?;
        if let Some(path) = &inner.path {
            write!(f, "{path}: ")?;
        }
        f.write_str(&inner.message)?;
        for said in &inner.more {
            let severity = if said.severity == Severity::Warning { "warning: " } else { "" };
            write!(f, "; {severity}{said}")?;
        }
        let details: Vec<String> = [
            inner.code.as_ref().filter(|code| !inner.message.contains(*code)).cloned(),
            inner.status.map(|status| format!("HTTP {status}")),
            inner.request_id.as_ref().map(|id| format!("request {id}")),
            inner.attempts.map(|attempts| format!("tried {attempts} times")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if details.is_empty() { Ok(()) } else { write!(f, " ({})", details.join(", ")) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|cause| &*cause.0 as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn causes_are_kept_by_clones_and_left_out_of_what_is_stored() {
        let cause = "x".parse::<u32>().unwrap_err();
        let error = Error::new(ErrorKind::Internal, "no number").with_source(cause.clone());
        assert_eq!(error.clone().source().unwrap().to_string(), cause.to_string());
        let stored = serde_json::to_string(&error).unwrap();
        let read: Error = serde_json::from_str(&stored).unwrap();
        assert!(read.source().is_none() && !stored.contains("source"), "{stored}");
    }

    #[test]
    fn a_cause_that_shows_a_secret_is_left_out() {
        let cause = std::io::Error::other("password hunter2 refused");
        let error = Error::new(ErrorKind::Denied, "hunter2 refused").with_source(cause);
        let hidden = error.replace("hunter2", "(sensitive)");
        assert_eq!(hidden.to_string(), "denied: (sensitive) refused");
        assert!(!format!("{hidden:?}").contains("hunter2"), "{hidden:?}");
        let cause = std::io::Error::other("connection reset");
        let kept = Error::new(ErrorKind::Unavailable, "no answer").with_source(cause);
        assert!(kept.replace("hunter2", "(sensitive)").source().is_some());
    }

    #[test]
    fn the_kind_decides_anew_whether_to_try_again() {
        let taken = Error::from_http_status(409, "the name is taken").with_kind(ErrorKind::AlreadyExists);
        assert_eq!((taken.retry(), taken.effect()), (Retry::Never, Effect::None));
        let lost = Error::from_http_status(503, "try later");
        assert_eq!((lost.retry(), lost.effect()), (Retry::Backoff, Effect::Unknown));
    }
}
