//! What is wrong with a spec: each problem with its kind, field, place and what was expected.

use crate::source::Position;
use landform_core::Printable;
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
    /// A value of another type than the field's.
    WrongType,
    /// A field is missing or empty.
    Required,
    /// A value cannot be right.
    Invalid,
    /// A value may be right by itself, but not together with the rest.
    Forbidden,
    /// A value is none of those the field can have.
    NotSupported,
    /// A value stands twice where it must stand once.
    Duplicate,
    /// A value names something that is not there.
    NotFound,
    /// A field has no effect. It may stay.
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

/// One thing that is wrong with a spec.
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
    /// Where it stands, unless the spec was built in code.
    pub at: Option<Position>,
}

impl Problem {
    /// The kind and the field: `Forbidden::spec.networkCIDR`.
    pub fn key(&self) -> String {
        format!("{}::{}", self.kind.as_str(), self.path)
    }
}

impl fmt::Display for Problem {
    /// On one line, and without what would steer a terminal, whatever the file and its name hold.
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

/// All that is wrong with a spec; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// The problems as an error, if there are any.
    pub fn check(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self::of(problems)) }
    }

    /// The problems of what was found to be wrong: at least one.
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
