//! Messages of a provider for people, as data: severity, field, and text.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Path;

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The operation succeeded, and people should know something about it.
    Warning,
    /// The operation failed.
    Error,
}

/// One message of a provider about a resource. It never holds a secret that the provider was given.
///
/// ```
/// use landform_core::Diagnostic;
/// let old = Diagnostic::warning("this runtime is no longer supported").at("runtime").detail("Choose a newer one.");
/// assert_eq!(old.to_string(), "runtime: this runtime is no longer supported. Choose a newer one.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// It in a sentence.
    pub summary: String,
    /// More about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The field; `None` for the resource as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Path>,
}

impl Diagnostic {
    /// A message about the resource as a whole.
    pub fn new(severity: Severity, summary: impl Into<String>) -> Self {
        Self { severity, summary: summary.into(), detail: String::new(), path: None }
    }

    /// A warning.
    pub fn warning(summary: impl Into<String>) -> Self {
        Self::new(Severity::Warning, summary)
    }

    /// An error.
    pub fn error(summary: impl Into<String>) -> Self {
        Self::new(Severity::Error, summary)
    }

    /// Says more.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Names the field, such as `runtime` or `disk[0].size`. A text that is not a path names none.
    pub fn at(mut self, path: impl AsRef<str>) -> Self {
        self.path = path.as_ref().parse().ok();
        self
    }

    /// Names the field.
    pub fn at_path(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }

    /// Replaces a text in the message, which may repeat a secret that the provider was given.
    pub fn replace(mut self, text: &str, by: &str) -> Self {
        for said in [&mut self.summary, &mut self.detail] {
            if said.contains(text) {
                *said = said.replace(text, by);
            }
        }
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.summary)?;
        match self.detail.is_empty() {
            true => Ok(()),
            false if self.summary.ends_with('.') => write!(f, " {}", self.detail),
            false => write!(f, ". {}", self.detail),
        }
    }
}

/// The listener for the warnings of a call. It hears them at once.
pub trait Listener: Sync {
    /// Receives a provider's message about its work.
    fn warned(&self, warning: Diagnostic);
}
