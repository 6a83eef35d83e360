//! What the errors of PostgreSQL mean to a store.

use std::{error::Error as StdError, io};

use tokio_postgres::Error;

use super::{StoreError, StoreErrorKind, tls};

/// A statement's error.
pub(super) fn failed(operation: &'static str, place: &str, error: Error) -> StoreError {
    if let Some(why) = tls::refusal(&error) {
        return StoreError::new(StoreErrorKind::Untrusted, operation, place).because(why);
    }
    let kind = kind(&error);
    StoreError::new(kind, operation, place).because(brief(&error))
}

/// Whether the connection failed, not the statement.
pub(super) fn is_disconnected(error: &Error) -> bool {
    let ended = error.code().is_some_and(|code| matches!(code.code(), "57P01" | "57P02"));
    error.is_closed() || ended || (error.code().is_none() && is_io(error))
}

/// The message of the server, or the innermost cause.
pub(super) fn brief(error: &Error) -> String {
    if let Some(told) = error.as_db_error() {
        let hint = told.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
        return format!("{}{hint} [{}]", told.message(), told.code().code());
    }
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn kind(error: &Error) -> StoreErrorKind {
    let Some(code) = error.code() else {
        let gone = error.is_closed() || is_io(error);
        return if gone { StoreErrorKind::Unavailable } else { StoreErrorKind::Other };
    };
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    match code.code() {
        "53100" => StoreErrorKind::Full,
        "25006" => StoreErrorKind::ReadOnly,
        "42501" => StoreErrorKind::Denied,
        "3D000" | "3F000" => StoreErrorKind::Missing,
        "42P01" => StoreErrorKind::Vanished,
        "42703" | "42804" => StoreErrorKind::NotOurs,
        "57P01" | "57P02" | "57P03" | "53300" | "40001" | "40P01" | "55P03" | "57014" => {
            StoreErrorKind::Unavailable
        }
        code if code.starts_with("08") => StoreErrorKind::Unavailable,
        code if code.starts_with("28") => StoreErrorKind::Denied,
        _ => StoreErrorKind::Other,
    }
}

fn is_io(error: &Error) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(inner) = cause {
        if inner.is::<io::Error>() {
            return true;
        }
        cause = inner.source();
    }
    // The library reports a connection timeout with this text and without a cause.
    error.to_string().contains("timed out") || error.to_string().contains("timeout")
}
