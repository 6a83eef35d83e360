//! One request, checked against the schema.

use serde_json::{Map, Value as Json};

use crate::{refusal::Refusal, schema::Method, settings::Life};

/// A request whose method, parameters and body fit the schema.
pub(crate) struct Call {
    pub method: &'static Method,
    /// The decoded path without the prefix of the service.
    pub path: String,
    /// The values of the path's variables.
    pub variables: Vec<(String, String)>,
    pub query: Vec<(String, String)>,
    pub body: Map<String, Json>,
    /// The caller.
    pub user: String,
    /// How long the operation that it starts takes.
    pub life: Life,
    /// The error with which that operation ends, if any.
    pub fate: Option<Refusal>,
}

impl Call {
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn variable(&self, name: &str) -> &str {
        self.variables.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether the query turns a flag on.
    pub(crate) fn asks_for(&self, name: &str) -> bool {
        self.query(name).is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "true" | "1"))
    }

    /// Whether it changes something: its answer is then an operation.
    pub(crate) fn mutates(&self) -> bool {
        self.method.verb == "DELETE"
            || (self.method.answer == Some("Operation") && self.method.name() != "wait")
    }
}
