//! Statements of IAM policies inside a spec.

use super::{Notation, NotationError};
use serde_json::{Map, Value};

/// A list of policy statements, which the user writes as JSON. Each has the effect `Allow` or `Deny`.
#[derive(Debug, Clone, PartialEq)]
pub struct Statements(Vec<Map<String, Value>>);

impl Statements {
    /// The statements.
    pub fn as_slice(&self) -> &[Map<String, Value>] {
        &self.0
    }
}

impl Notation for Statements {
    const EXPECTED: &'static str = "a JSON list of policy statements";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    fn parse(text: &str) -> Result<Self, NotationError> {
        let wrong = || NotationError(format!("expected {}", Self::EXPECTED));
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            NotationError(format!("not JSON at {place} of the text; expected {}", Self::EXPECTED))
        })?;
        let Value::Array(list) = value else { return Err(wrong()) };
        let statement = |(index, statement): (usize, Value)| match statement {
            Value::Object(statement) => match statement.get("Effect").and_then(Value::as_str) {
                Some("Allow" | "Deny") => Ok(statement),
                _ => Err(NotationError(format!("statement {index}: expected Effect to be Allow or Deny"))),
            },
            _ => Err(wrong()),
        };
        list.into_iter().enumerate().map(statement).collect::<Result<_, _>>().map(Self)
    }
}
