//! What the errors of a bucket mean to a store.

use std::{error::Error as StdError, io};

use object_store::{Error, client::HttpError};

use super::{StoreError, StoreErrorKind};

/// The error of any call except a read of one object.
pub(super) fn failed(operation: &'static str, place: String, error: Error) -> StoreError {
    let kind = kind(&error);
    let cause = brief(&error);
    let lacks_credentials = kind == StoreErrorKind::Unavailable && cause_anywhere(&error, "169.254.169.254");
    let kind = if lacks_credentials { StoreErrorKind::Denied } else { kind };
    let cause = if lacks_credentials {
        format!("the environment has no credentials, and the machine's metadata service gave none: {cause}")
    } else {
        cause
    };
    StoreError::new(kind, operation, place).because(cause)
}

/// The error of reading one object. Here a missing object is a normal answer.
pub(super) fn of_read(place: String, error: Error) -> StoreError {
    match &error {
        Error::NotFound { source, .. } if !lacks_bucket(&**source) => {
            StoreError::new(StoreErrorKind::NotFound, "read", place)
        }
        _ => failed("read", place, error),
    }
}

/// The error of a writing stream, which hides the bucket's own error.
pub(super) fn of_io(operation: &'static str, place: String, error: io::Error) -> StoreError {
    match error.downcast::<Error>() {
        Ok(error) => failed(operation, place, error),
        Err(error) => StoreError::from_io(operation, place, error),
    }
}

/// Whether an object was not found because its bucket does not exist.
pub(super) fn lacks_bucket(error: &(dyn StdError + 'static)) -> bool {
    ["NoSuchBucket", "ContainerNotFound", "bucket does not exist"]
        .iter()
        .any(|name| cause_anywhere(error, name))
}

/// The innermost cause on one line, because only that one says something.
pub(super) fn brief(error: &(dyn StdError + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let text = cause.to_string();
    let status = status(&text).map(|status| status.to_string());
    let told = [element(&text, "Code"), element(&text, "Message")].into_iter().flatten();
    let first_line = |text: &str| text.lines().next().unwrap_or_default().trim().to_owned();
    let parts: Vec<String> = status.into_iter().chain(told.map(first_line)).collect();
    if parts.len() > 1 {
        return parts.join(" ").trim_end_matches('.').to_owned();
    }
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn kind(error: &Error) -> StoreErrorKind {
    match error {
        // A list or a write needs no existing object. So the bucket itself is missing.
        Error::NotFound { .. } => StoreErrorKind::Missing,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => StoreErrorKind::Denied,
        Error::AlreadyExists { .. } | Error::Precondition { .. } => StoreErrorKind::Conflict,
        Error::NotImplemented { .. } | Error::NotSupported { .. } => StoreErrorKind::Unsupported,
        Error::JoinError { .. } => StoreErrorKind::Unavailable,
        Error::Generic { .. } => transport(error),
        _ => StoreErrorKind::Other,
    }
}

/// The kind of an error that the library calls generic: no connection, or an answer without a specific variant.
fn transport(error: &Error) -> StoreErrorKind {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<HttpError>() {
            return StoreErrorKind::Unavailable;
        }
        cause = inner.source();
    }
    let text = error.to_string();
    match status(&text) {
        Some(401 | 403) => StoreErrorKind::Denied,
        Some(404) => StoreErrorKind::Missing,
        Some(408 | 429 | 500..) => StoreErrorKind::Unavailable,
        None if text.contains("Server returned error response") => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Other,
    }
}

/// The library gives the status only as text.
fn status(text: &str) -> Option<u16> {
    let (_, after) = text.split_once("status code: ")?;
    after.get(..3)?.parse().ok()
}

/// The content of an XML element in an answer's body.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(&format!("<{name}>"))?;
    after.split_once("</").map(|(content, _)| content)
}

fn cause_anywhere(error: &(dyn StdError + 'static), text: &str) -> bool {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        if inner.to_string().contains(text) {
            return true;
        }
        cause = inner.source();
    }
    false
}
