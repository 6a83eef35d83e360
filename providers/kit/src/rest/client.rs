//! The HTTP client: one request, one answer or one error. It never repeats a request and never waits.

use std::time::Duration;

use async_trait::async_trait;
use landform_core::{Effect, Error, ErrorKind, Result, Retry, Secret};
use reqwest::{
    Method, Response, Url,
    header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};
use serde_json::Value as Json;

use crate::{Classes, Cloud, chain, error::kind_of_status, refused};

/// The time limits for a connection, and for a request with its answer.
const CONNECT: Duration = Duration::from_secs(5);
const REQUEST: Duration = Duration::from_secs(60);

/// How many characters of an answer an error repeats at most, if the answer is not JSON.
const TOLD: usize = 300;

/// The headers in which services send the id of a request.
const REQUEST_IDS: [&str; 3] = ["x-request-id", "request-id", "x-correlation-id"];

/// A client of one HTTP/JSON service. It uses no proxy. It follows redirections as `reqwest` does by default.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    headers: HeaderMap,
    classes: Classes,
}

#[async_trait]
impl Cloud for Client {}

/// The answer of a service to a request that succeeded.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status, from 200 to 299.
    pub status: u16,
    pub(super) headers: HeaderMap,
    /// The body. Null if it is empty.
    pub body: Json,
}

impl Answer {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A request, for providers whose types need more than a [`Collection`](super::Collection) offers.
pub struct Request {
    /// `GET`, `POST` …
    pub method: Method,
    /// The URL: see [`Client::url`].
    pub url: Url,
    /// Headers in addition to those of the client. No log shows their values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<Json>,
    /// The kind of error that a conflict (409) means.
    pub conflict: ErrorKind,
}

impl Client {
    /// A client of the service at this URL. The paths of collections are below it.
    ///
    /// # Errors
    /// Invalid if the text is not an `http` or `https` URL.
    pub fn new(base: &str) -> Result<Self> {
        let invalid = |problem: String| {
            Error::new(
                ErrorKind::Invalid,
                format!("invalid service URL {base:?}: {problem}, expected http(s)://…"),
            )
        };
        let parsed = Url::parse(base).map_err(|error| invalid(error.to_string()))?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.cannot_be_a_base() {
            return Err(invalid(format!("its scheme is {}", parsed.scheme())));
        }
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(REQUEST)
            .user_agent(concat!("landform/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Error::new(ErrorKind::Internal, chain(&error)))?;
        Ok(Self { http, base: parsed, headers: HeaderMap::new(), classes: Classes(&[]) })
    }

    /// Sends `Authorization: Bearer …` with each request.
    ///
    /// # Errors
    /// Invalid if a header cannot hold the token.
    pub fn bearer(self, token: impl Into<String>) -> Result<Self> {
        let token = Secret::new(token);
        self.header("authorization", Secret::new(format!("Bearer {}", token.expose())))
    }

    /// Sends a header with each request. No log shows its value.
    ///
    /// # Errors
    /// Invalid if a header cannot have this name or this value.
    pub fn header(mut self, name: &str, value: Secret) -> Result<Self> {
        let invalid = |what| Error::new(ErrorKind::Invalid, format!("invalid header {name:?}: {what}"));
        let key: HeaderName = name.parse().map_err(|_| invalid("this is not the name of a header"))?;
        let mut value = HeaderValue::from_str(value.expose())
            .map_err(|_| invalid("its value has characters that a header cannot hold"))?;
        value.set_sensitive(true);
        self.headers.insert(key, value);
        Ok(self)
    }

    /// Sets the meanings of the service's error codes, for errors whose HTTP status says too little.
    pub fn classes(mut self, classes: Classes) -> Self {
        self.classes = classes;
        self
    }

    /// The URL of a path below the service's URL. The client encodes the parts.
    pub fn url<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }

    /// Sends a request, once.
    ///
    /// # Errors
    /// The service refused the request (see the table of the [module](super)), or its answer did not arrive.
    ///
    /// # Cancel safety
    /// Dropping the future drops the connection. The effect of the request is then unknown.
    pub async fn send(&self, mut request: Request) -> Result<Answer> {
        let body = request.body.take().map(|body| ("application/json", body.to_string().into_bytes()));
        self.exchange(request, body).await
    }

    /// Sends a request whose body is bytes of a media type instead of JSON, once.
    ///
    /// # Errors
    /// Those of [`Client::send`].
    ///
    /// # Cancel safety
    /// Dropping the future drops the connection. The effect of the request is then unknown.
    pub async fn send_bytes(&self, request: Request, media_type: &str, bytes: Vec<u8>) -> Result<Answer> {
        self.exchange(request, Some((media_type, bytes))).await
    }

    async fn exchange(&self, request: Request, body: Option<(&str, Vec<u8>)>) -> Result<Answer> {
        let Request { method, url, headers, conflict, .. } = request;
        let operation = format!("{method} {}", url.path());
        let mut builder = self.http.request(method, url).headers(self.headers.clone());
        for (name, value) in headers {
            let value = HeaderValue::from_str(&value).map(|mut value| {
                value.set_sensitive(true);
                value
            });
            builder = match value {
                Ok(value) => builder.header(name, value),
                Err(_) => {
                    let message = format!(
                        "invalid header {name:?}: its value has characters that a header cannot hold"
                    );
                    return Err(Error::new(ErrorKind::Invalid, message).operation(operation));
                }
            };
        }
        if let Some((media_type, bytes)) = body {
            builder = builder.header("content-type", media_type).body(bytes);
        }
        let answer = async {
            let response = builder.send().await.map_err(|error| unanswered(&error))?;
            self.answer(response, conflict).await
        };
        answer.await.map_err(|error| error.operation(operation))
    }

    async fn answer(&self, response: Response, conflict: ErrorKind) -> Result<Answer> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.map_err(|error| unanswered(&error))?;
        let body = match text.trim() {
            "" => Ok(Json::Null),
            text => serde_json::from_str(text),
        };
        if (200..300).contains(&status) {
            let body = body.map_err(|error| {
                Error::new(ErrorKind::Internal, format!("the answer is not JSON: {error}")).status(status)
            })?;
            return Ok(Answer { status, headers, body });
        }
        let (code, message) = told(body.ok().as_ref(), &text);
        let kind = self.classes.kind(&code, &message);
        let kind = kind.unwrap_or_else(|| match status {
            409 => conflict,
            // The condition of a creation is that the resource does not exist.
            412 if conflict == ErrorKind::AlreadyExists => conflict,
            status => kind_of_status(status),
        });
        let error = refused(kind, &code, status, &message);
        let after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let error = match after {
            Some(seconds) if error.retry() != Retry::Never => {
                error.with_retry(Retry::After(Duration::from_secs(seconds)))
            }
            _ => error,
        };
        let id = REQUEST_IDS.iter().find_map(|name| headers.get(*name)?.to_str().ok());
        Err(match id {
            Some(id) => error.request_id(id),
            None => error,
        })
    }
}

/// The error for a request that got no answer.
fn unanswered(error: &reqwest::Error) -> Error {
    let text = chain(error);
    if error.is_builder() {
        Error::new(ErrorKind::Invalid, text)
    } else if error.is_connect() {
        Error::new(ErrorKind::Unavailable, text).with_effect(Effect::None)
    } else if error.is_timeout() {
        Error::new(ErrorKind::Timeout, text)
    } else {
        Error::new(ErrorKind::Unavailable, text)
    }
}

/// The code and the message of a refusal, in any of the usual places.
fn told(body: Option<&Json>, text: &str) -> (String, String) {
    let text_at = |pointer: &str| {
        let value = body?.pointer(pointer)?;
        value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|number| number.to_string()))
    };
    let first = |pointers: &[&str]| pointers.iter().find_map(|pointer| text_at(pointer));
    let code =
        first(&["/error/errors/0/reason", "/error/code", "/code", "/error/type", "/type", "/errors/0/code"])
            .unwrap_or_default();
    let message = first(&["/error/message", "/message", "/detail", "/error", "/errors/0/message", "/title"]);
    let message = message.unwrap_or_else(|| {
        let short: String = text.trim().chars().take(TOLD).collect();
        if short.is_empty() { "the service gave no reason".to_owned() } else { short }
    });
    (code, message)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn codes_and_messages_are_found_wherever_they_are() {
        for (body, code, message) in [
            (json!({ "error": { "code": "busy", "message": "it is" } }), "busy", "it is"),
            (
                json!({ "error": { "code": 400, "message": "it is", "errors": [{ "reason": "inUse" }] } }),
                "inUse",
                "it is",
            ),
            (json!({ "code": 7, "message": "it is" }), "7", "it is"),
            (json!({ "errors": [{ "code": "x", "message": "y" }] }), "x", "y"),
            (json!({ "error": "plain" }), "", "plain"),
            (json!({ "title": "Problem", "detail": "of a kind" }), "", "of a kind"),
        ] {
            assert_eq!(told(Some(&body), ""), (code.to_owned(), message.to_owned()), "{body}");
        }
        assert_eq!(told(None, " <html> ").1, "<html>");
        assert_eq!(told(None, "").1, "the service gave no reason");
    }

    #[test]
    fn a_url_is_checked_and_paths_are_encoded() {
        for wrong in ["", "store", "ftp://store", "mailto:a@b"] {
            assert_eq!(Client::new(wrong).unwrap_err().kind(), ErrorKind::Invalid, "{wrong}");
        }
        let client = Client::new("http://store/api/").unwrap();
        assert_eq!(client.url(["v1", "a b/c"]).as_str(), "http://store/api/v1/a%20b%2Fc");
        assert!(client.clone().bearer("a\nb").is_err());
        assert!(!format!("{:?}", client.bearer("hunter2").unwrap()).contains("hunter2"));
    }
}
