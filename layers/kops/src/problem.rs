//! The problems of a spec, each with its kind, field, position and what was expected.

use crate::source::Position;
use landform_core::Printable;
use landform_core::suggest::nearest;
use std::fmt;

/// The kind of a [`Problem`]. Those of a spec's content follow kops `pkg/apis/kops/validation`, which takes
/// them from Kubernetes' field errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The file cannot be read.
    Unreadable,
    /// The text is not YAML.
    Syntax,
    /// A document of a kind that cluster specs do not have.
    UnknownKind,
    /// A field that documents of this kind do not have.
    UnknownField,
    /// A value has another type than its field.
    WrongType,
    /// A field is missing or empty.
    Required,
    /// A value is invalid.
    Invalid,
    /// A value is invalid together with the rest of the spec.
    Forbidden,
    /// A value is not one of those that the field accepts.
    NotSupported,
    /// A value appears twice where it may appear once.
    Duplicate,
    /// A value names something that does not exist.
    NotFound,
    /// A field has no effect. This is not an error.
    Unused,
}

impl Kind {
    /// The kind's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "Unreadable",
            Self::Syntax => "Syntax",
            Self::UnknownKind => "UnknownKind",
            Self::UnknownField => "UnknownField",
            Self::WrongType => "WrongType",
            Self::Required => "Required",
            Self::Invalid => "Invalid",
            Self::Forbidden => "Forbidden",
            Self::NotSupported => "NotSupported",
            Self::Duplicate => "Duplicate",
            Self::NotFound => "NotFound",
            Self::Unused => "Unused",
        }
    }
}

/// A problem of a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its kind.
    pub kind: Kind,
    /// The document's kind and name, such as `InstanceGroup nodes`; empty for the file as a whole.
    pub document: String,
    /// The field, such as `spec.subnets[0].cidr`; empty for a document as a whole.
    pub path: String,
    /// What was found and what was expected.
    pub detail: String,
    /// Its position in a file. `None` for a spec built in code.
    pub at: Option<Position>,
}

impl Problem {
    /// The kind and the field: `Forbidden::spec.networkCIDR`.
    pub fn key(&self) -> String {
        format!("{}::{}", self.kind.as_str(), self.path)
    }
}

impl fmt::Display for Problem {
    /// Writes one line without control characters for a terminal, whatever the file and its name contain.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let line = |text| Printable(text).in_a_line();
        if let Some(at) = &self.at {
            write!(f, "{}: ", Printable(at).in_a_line())?;
        }
        if !self.document.is_empty() {
            write!(f, "{}: ", line(&self.document))?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", line(&self.path))?;
        }
        write!(f, "{}", line(&self.detail))
    }
}

/// What is wrong with a word that is not one of the supported ones.
pub(crate) fn not_supported(word: &str, supported: &[&str]) -> String {
    let hint = nearest(word, supported.iter().copied());
    let hint = hint.map_or(String::new(), |near| format!(" (did you mean {near}?)"));
    format!("{word:?}{hint}; expected one of: {}", supported.join(", "))
}

/// All problems of a spec. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Fails with the problems, if there are any.
    pub fn check(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self::of(problems)) }
    }

    /// Wraps at least one problem.
    pub(crate) fn of(problems: Vec<Problem>) -> Self {
        debug_assert!(!problems.is_empty(), "an error without a problem");
        Self(problems)
    }

    /// The problems, in the order of the file.
    pub fn as_slice(&self) -> &[Problem] {
        &self.0
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
