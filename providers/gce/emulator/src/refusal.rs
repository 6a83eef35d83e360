//! Refusals of requests, in the format of Google's services.

use serde_json::{Value as Json, json};

/// The result of a request.
pub(crate) type Result<T> = std::result::Result<T, Refusal>;

/// The format of a refusal's body.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// A list with the reason, as in Compute Engine, Cloud Storage and Cloud DNS.
    Errors,
    /// The canonical code, as in newer services.
    Code,
    /// Both, as in IAM.
    Both,
}

/// A refusal. The request had no effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The reason: `notFound`, `resourceInUseByAnotherResource`.
    pub reason: String,
    /// The message.
    pub message: String,
    /// Details, as `google.rpc` types.
    pub details: Vec<Json>,
}

impl Refusal {
    pub(crate) fn new(status: u16, reason: &str, message: impl Into<String>) -> Self {
        Self { status, reason: reason.to_owned(), message: message.into(), details: Vec::new() }
    }

    /// 404: the resource at a path does not exist.
    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(404, "notFound", format!("The resource '{path}' was not found"))
    }

    /// 409: the resource already exists.
    pub(crate) fn exists(path: &str) -> Self {
        Self::new(409, "alreadyExists", format!("The resource '{path}' already exists"))
    }

    /// 400: the value of a field is wrong.
    pub(crate) fn invalid(field: &str, value: impl std::fmt::Display, why: impl std::fmt::Display) -> Self {
        Self::new(400, "invalid", format!("Invalid value for field '{field}': '{value}'. {why}"))
    }

    /// 400: a field is missing.
    pub(crate) fn required(field: &str) -> Self {
        Self::new(400, "required", format!("Required field '{field}' not specified"))
    }

    /// 400: the request is invalid.
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, "badRequest", message)
    }

    /// 400: another operation is changing the resource.
    pub(crate) fn not_ready(path: &str) -> Self {
        Self::new(400, "resourceNotReady", format!("The resource '{path}' is not ready"))
    }

    /// 400: another resource uses the resource.
    pub(crate) fn in_use(noun: &str, path: &str, by: &str) -> Self {
        let message = format!("The {noun} resource '{path}' is already being used by '{by}'");
        Self::new(400, "resourceInUseByAnotherResource", message)
    }

    /// 412: somebody else changed the resource first.
    pub(crate) fn condition(message: impl Into<String>) -> Self {
        Self::new(412, "conditionNotMet", message)
    }

    /// 403: the service is not enabled in the project.
    pub(crate) fn disabled(title: &str, service: &str, number: u64) -> Self {
        let message = format!(
            "{title} API has not been used in project {number} before or it is disabled. Enable it by visiting \
             https://console.developers.google.com/apis/api/{service}/overview?project={number} then retry."
        );
        let details = json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SERVICE_DISABLED",
            "domain": "googleapis.com",
            "metadata": { "service": service, "consumer": format!("projects/{number}") },
        });
        Self { details: vec![details], ..Self::new(403, "accessNotConfigured", message) }
    }

    /// 501: the service has the method, the emulator does not.
    pub(crate) fn not_emulated(id: &str) -> Self {
        Self::new(501, "notImplemented", format!("{id} is not emulated"))
    }

    /// 400: the body does not fit its type.
    pub(crate) fn payload(message: String) -> Self {
        let violation = json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{ "description": &message }],
        });
        Self { details: vec![violation], ..Self::new(400, "badRequest", message) }
    }

    /// The canonical code of the status, for newer services.
    fn code(&self) -> &'static str {
        match self.status {
            400 if self.reason == "resourceInUseByAnotherResource" => "FAILED_PRECONDITION",
            400 => "INVALID_ARGUMENT",
            401 => "UNAUTHENTICATED",
            403 if self.reason == "quotaExceeded" || self.reason == "rateLimitExceeded" => {
                "RESOURCE_EXHAUSTED"
            }
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            409 if self.reason == "alreadyExists" => "ALREADY_EXISTS",
            409 => "ABORTED",
            412 => "FAILED_PRECONDITION",
            429 => "RESOURCE_EXHAUSTED",
            501 => "UNIMPLEMENTED",
            503 => "UNAVAILABLE",
            _ => "INTERNAL",
        }
    }

    /// The body of the answer.
    pub(crate) fn body(&self, form: Form) -> Json {
        let mut error = json!({ "code": self.status, "message": self.message });
        if form != Form::Code {
            error["errors"] = json!([{ "message": self.message, "domain": "global", "reason": self.reason }]);
        }
        if form != Form::Errors || !self.details.is_empty() {
            error["status"] = json!(self.code());
        }
        if !self.details.is_empty() {
            error["details"] = json!(self.details);
        }
        json!({ "error": error })
    }

    /// The code in an operation's error: the reason in capitals.
    pub(crate) fn operation_code(&self) -> String {
        let mut code = String::new();
        for letter in self.reason.chars() {
            if letter.is_ascii_uppercase() {
                code.push('_');
            }
            code.push(letter.to_ascii_uppercase());
        }
        code
    }
}
