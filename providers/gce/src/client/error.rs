//! The kinds of Google's error reasons, in answers (`resourceInUseByAnotherResource`) and in operations
//! (`RESOURCE_IN_USE_BY_ANOTHER_RESOURCE`).

use landform_core::{Effect, Error, ErrorKind::*, Retry};
use landform_kit::{Class, Classes};
use serde_json::Value as Json;

/// The kind of each reason. The HTTP status decides for reasons that are not listed.
pub(super) const REASONS: Classes = Classes(&[
    // Other services do not know a new service account yet. Only the text says that.
    Class(
        NotFound,
        &["badRequest~Service account ", "400~Service account ", "INVALID_ARGUMENT~Service account "],
    ),
    Class(NotFound, &["notFound", "RESOURCE_NOT_FOUND", "NOT_FOUND"]),
    Class(AlreadyExists, &["alreadyExists", "RESOURCE_ALREADY_EXISTS", "ALREADY_EXISTS"]),
    Class(
        InUse,
        &[
            "resourceInUseByAnotherResource",
            "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
            // A zone with records, a bucket with objects.
            "containerNotEmpty",
            "conflict~not empty",
        ],
    ),
    Class(
        Conflict,
        &[
            "conditionNotMet",
            "CONDITION_NOT_MET",
            "resourceNotReady",
            "RESOURCE_NOT_READY",
            "RESOURCE_OPERATION_RATE_EXCEEDED",
            // Somebody else changed a policy.
            "aborted",
            "ABORTED",
            "operationInProgress",
            "OPERATION_IN_PROGRESS",
            // Only the text says that another operation in the network blocks this one.
            "badRequest~ry again later",
            "BAD_REQUEST~ry again later",
        ],
    ),
    Class(Throttled, &["rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"]),
    Class(
        Quota,
        &[
            "quotaExceeded",
            "QUOTA_EXCEEDED",
            "limitExceeded",
            "ZONE_RESOURCE_POOL_EXHAUSTED*",
            "QUOTA_LIMIT*",
        ],
    ),
    Class(
        Denied,
        &["forbidden", "accessNotConfigured", "PERMISSION_DENIED", "PERMISSIONS_ERROR", "FORBIDDEN"],
    ),
    Class(Unavailable, &["backendError", "internalError", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE"]),
]);

/// Makes an error final if it says that the project does not exist. Other resources may only be too new.
pub(super) fn final_without_project(error: Error) -> Error {
    let project =
        error.message().split_once("The resource 'projects/").and_then(|(_, rest)| rest.split_once('\''));
    match project {
        Some((project, rest)) if !project.contains('/') && rest.starts_with(" was not found") => {
            error.with_retry(Retry::Never)
        }
        _ => error,
    }
}

/// The error of an operation, if it failed. An operation that is DONE may have failed.
pub(super) fn of_operation(operation: &Json) -> Option<Error> {
    let first = &operation["error"]["errors"][0];
    let status = operation["httpErrorStatusCode"].as_u64().and_then(|status| u16::try_from(status).ok());
    if first.is_null() && status.is_none() {
        return None;
    }
    let code = first["code"].as_str().unwrap_or_default();
    let text = first["message"].as_str().or(operation["httpErrorMessage"].as_str());
    let text = text.unwrap_or("Google gave no reason");
    let error = Classes::refusal(&[REASONS], code, status.unwrap_or_default(), text);
    let error = error.with_effect(Effect::None);
    Some(match operation["operationType"].as_str() {
        Some(name) => error.operation(name),
        None => error,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_done_operation_may_have_failed() {
        let failed = json!({
            "status": "DONE", "operationType": "delete", "httpErrorStatusCode": 400,
            "error": { "errors": [{ "code": "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE", "message": "it is used" }] },
        });
        let error = of_operation(&failed).expect("it failed");
        assert_eq!((error.kind(), error.retry(), error.effect()), (InUse, Retry::Backoff, Effect::None));
        assert!(error.to_string().starts_with("delete: "), "{error}");
        assert!(of_operation(&json!({ "status": "DONE" })).is_none());
    }

    #[test]
    fn a_project_that_does_not_exist_is_not_waited_for() {
        for (text, retry) in [
            ("The resource 'projects/p' was not found", Retry::Never),
            ("The resource 'projects/p/global/networks/n' was not found", Retry::Backoff),
        ] {
            let error = final_without_project(Classes::refusal(&[REASONS], "notFound", 404, text));
            assert_eq!((error.kind(), error.retry()), (NotFound, retry), "{text}");
        }
    }
}
