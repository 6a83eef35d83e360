//! Error classes: a table from a service's error codes to the kind of error that the caller sees.

use std::error::Error as StdError;

use landform_core::{Effect, Error, ErrorKind, Retry};

/// The error classes of one service, in the order in which the kit tries them. A later table counts only if the earlier
/// tables do not match.
///
/// ```
/// use landform_core::ErrorKind::*;
/// use landform_kit::{Class, Classes};
///
/// const COMMON: Classes = Classes(&[Class(Throttled, &["Throttling*", "RequestLimitExceeded"])]);
/// const IAM: Classes = Classes(&[
///     Class(NotFound, &["NoSuchEntity"]),
///     Class(InUse, &["DeleteConflict"]),
///     Class(Conflict, &["ValidationError~is being modified"]), // by code and text
/// ]);
/// let kind = |code, text| IAM.kind(code, text).or(COMMON.kind(code, text));
/// assert_eq!(kind("NoSuchEntity", ""), Some(NotFound));
/// assert_eq!(kind("ThrottlingException", ""), Some(Throttled));
/// assert_eq!(kind("ValidationError", "the role is being modified"), Some(Conflict));
/// assert_eq!(kind("ValidationError", "no such field"), None);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Classes(
    /// The rows.
    pub &'static [Class],
);

/// The codes of one kind. A `*` at the start or the end of a code stands for any text. A text after a `~` must occur in
/// the message, for services whose code alone does not decide.
#[derive(Debug, Clone, Copy)]
pub struct Class(
    /// The kind.
    pub ErrorKind,
    /// The codes.
    pub &'static [&'static str],
);

impl Classes {
    /// The kind of an error with this code and message.
    pub fn kind(&self, code: &str, message: &str) -> Option<ErrorKind> {
        self.0.iter().find(|class| class.1.iter().any(|row| matches(row, code, message))).map(|class| class.0)
    }
}

fn matches(row: &str, code: &str, message: &str) -> bool {
    let (pattern, text) = row.split_once('~').map_or((row, None), |(code, text)| (code, Some(text)));
    let fits = match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => code.ends_with(end),
        (None, Some(begin)) => code.starts_with(begin),
        (None, None) => code == pattern,
    };
    fits && text.is_none_or(|text| message.contains(text))
}

/// The kind by the HTTP status, if the code does not decide.
pub(crate) fn kind_of_status(status: u16) -> ErrorKind {
    match status {
        401 | 403 => ErrorKind::Denied,
        404 | 410 => ErrorKind::NotFound,
        408 => ErrorKind::Timeout,
        412 => ErrorKind::Conflict,
        429 => ErrorKind::Throttled,
        500.. => ErrorKind::Unavailable,
        _ => ErrorKind::Invalid,
    }
}

impl Classes {
    /// Turns a refusal into an error. The tables decide its kind in their order, else the HTTP status. See [`refused`].
    pub fn refusal(tables: &[Classes], code: &str, status: u16, message: &str) -> Error {
        let kind = tables.iter().find_map(|table| table.kind(code, message));
        refused(kind.unwrap_or_else(|| kind_of_status(status)), code, status, message)
    }
}

/// Turns a refusal of a known kind into an error. NotFound and InUse may be tried again: other services may not see a
/// new object yet, and may use a deleted object for a while. An empty code and a status of 0 count as missing.
pub fn refused(kind: ErrorKind, code: &str, status: u16, message: &str) -> Error {
    let error = Error::new(kind, message);
    let error = if code.is_empty() { error } else { error.code(code) };
    let error = if status == 0 { error } else { error.status(status) };
    match kind {
        ErrorKind::NotFound | ErrorKind::InUse => error.with_retry(Retry::Backoff),
        // The cloud's rate limiter refuses a call before the service sees it.
        ErrorKind::Throttled => error.with_effect(Effect::None),
        _ => error,
    }
}

/// The error for an answer that does not make sense.
pub fn senseless(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Internal, what)
}

/// An error with all its causes, outermost first.
pub fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        // Some errors repeat their cause.
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_whether_to_try_again() {
        const TABLE: Classes = Classes(&[
            Class(ErrorKind::NotFound, &["*NotFound"]),
            Class(ErrorKind::InUse, &["DependencyViolation"]),
        ]);
        for (code, status, kind, retry, effect) in [
            ("InvalidVpcID.NotFound", 400, ErrorKind::NotFound, Retry::Backoff, Effect::None),
            ("DependencyViolation", 400, ErrorKind::InUse, Retry::Backoff, Effect::None),
            ("Other", 400, ErrorKind::Invalid, Retry::Never, Effect::None),
            ("", 429, ErrorKind::Throttled, Retry::Backoff, Effect::None),
            ("", 502, ErrorKind::Unavailable, Retry::Backoff, Effect::Unknown),
            ("", 412, ErrorKind::Conflict, Retry::Backoff, Effect::None),
        ] {
            let error = Classes::refusal(&[TABLE], code, status, "why");
            assert_eq!(
                (error.kind(), error.retry(), error.effect()),
                (kind, retry, effect),
                "{code} {status}"
            );
        }
    }
}
