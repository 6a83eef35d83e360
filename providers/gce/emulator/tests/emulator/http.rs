//! A client that sends JSON and gets JSON.

use reqwest::Method;
use serde_json::Value as Json;

/// Sends requests to one server.
pub struct Http {
    base: String,
    client: reqwest::Client,
}

impl Http {
    pub fn new(base: String) -> Self {
        Self { base, client: reqwest::Client::new() }
    }

    /// Sends a request to a path. Returns the status and the body, which is null if it is empty.
    pub async fn send(&self, verb: &str, path: &str, body: Option<&Json>) -> (u16, Json) {
        let method: Method = verb.parse().unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }
}
