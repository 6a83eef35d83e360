//! What is wrong with one field of a document, as an error of serde. Its words are for users, never serde's own.

use crate::problem::{Kind, not_supported};
use serde::de::{self, Expected, Unexpected};
use serde_saphyr::Location;
use std::fmt;

/// A fault of a field: its path, its position and what is wrong.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) path: String,
    pub(super) at: Option<Location>,
    pub(super) kind: Kind,
    pub(super) detail: String,
    /// The field is empty, which means its default.
    pub(super) empty: bool,
}

/// A Rust type in words that users know.
pub(super) fn in_words(expected: &str) -> String {
    match expected {
        "bool" | "a boolean" => "true or false".into(),
        "f32" | "f64" => "a number".into(),
        "u8" | "u16" | "u32" | "u64" => "a whole number that is not negative".into(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".into(),
        "a string" | "a borrowed string" => "text".into(),
        "a sequence" => "a list".into(),
        "a map" => "a section".into(),
        other if other.starts_with("struct ") => "a section of fields".into(),
        other => other.into(),
    }
}

impl Fault {
    fn without_place(kind: Kind, detail: String) -> Self {
        Self { path: String::new(), at: None, kind, detail, empty: false }
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::without_place(Kind::Invalid, message.to_string())
    }

    fn invalid_type(found: Unexpected, expected: &dyn Expected) -> Self {
        let expected = in_words(&expected.to_string());
        Self::without_place(Kind::WrongType, format!("{}: expected {expected}", shown(found)))
    }

    fn invalid_value(found: Unexpected, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(word: &str, expected: &'static [&'static str]) -> Self {
        Self::without_place(Kind::NotSupported, not_supported(word, expected))
    }
}

/// A value as the user wrote it.
fn shown(found: Unexpected) -> String {
    match found {
        Unexpected::Bool(truth) => truth.to_string(),
        Unexpected::Signed(number) => number.to_string(),
        Unexpected::Unsigned(number) => number.to_string(),
        Unexpected::Float(number) => number.to_string(),
        Unexpected::Str(text) => format!("{text:?}"),
        Unexpected::Unit | Unexpected::Option => "an empty value".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "a section".into(),
        other => other.to_string(),
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Fault {}
