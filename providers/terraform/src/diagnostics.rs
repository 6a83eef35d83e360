//! Messages for people, in Terraform's form.

use landform_core::{Diagnostic as Said, Schema, Severity};

use crate::{
    form,
    value::ValueError,
    wire::{Diagnostic, ERROR},
};

/// Why a call failed: the messages for its answer.
#[derive(Debug, Clone)]
pub(crate) struct Problem(pub Vec<Diagnostic>);

impl Problem {
    /// One message.
    pub(crate) fn new(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self(vec![error(summary, detail)])
    }
}

impl From<ValueError> for Problem {
    fn from(error: ValueError) -> Self {
        Self::new("A value cannot be read or written", error.to_string())
    }
}

/// An error about the whole.
pub(crate) fn error(summary: impl Into<String>, detail: impl Into<String>) -> Diagnostic {
    Diagnostic { severity: ERROR, summary: summary.into(), detail: detail.into(), attribute: None }
}

/// The messages of a plugin in Landform's form.
pub(crate) fn heard(schema: Option<&Schema>, said: &[Diagnostic]) -> Vec<Said> {
    let one = |said: &Diagnostic| {
        let severity = if said.severity == ERROR { Severity::Error } else { Severity::Warning };
        let message = Said::new(severity, said.summary.clone()).detail(said.detail.clone());
        let path = said.attribute.as_ref().and_then(|path| Some(form::landform_path(schema?, path)));
        match path.filter(|path| !path.is_empty()) {
            Some(path) => message.at_path(path),
            None => message,
        }
    };
    said.iter().map(one).collect()
}
