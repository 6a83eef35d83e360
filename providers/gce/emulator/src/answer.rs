//! Requests and answers on the wire.

use std::time::Duration;

use serde_json::Value as Json;

use crate::refusal::{Form, Refusal};

/// A request as it arrived.
pub(crate) struct Request {
    pub verb: String,
    /// Not decoded.
    pub path: String,
    pub query: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The address that received it, such as `http://127.0.0.1:4500`.
    pub host: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The answer to a request.
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// How long to wait before the answer.
    pub delay: Duration,
    /// Whether to break the connection instead of answering.
    pub lost: bool,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body, delay: Duration::ZERO, lost: false }
    }

    /// A JSON answer. Null means an answer without a body.
    pub(crate) fn json(status: u16, body: &Json) -> Self {
        match body {
            Json::Null => Self {
                headers: Vec::new(),
                ..Self::new(if status == 200 { 204 } else { status }, "", Vec::new())
            },
            body => Self::new(status, "application/json; charset=UTF-8", body.to_string().into_bytes()),
        }
    }

    pub(crate) fn refused(refusal: &Refusal, form: Form) -> Self {
        Self::json(refusal.status, &refusal.body(form))
    }

    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }
}
