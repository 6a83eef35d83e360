//! From the SDK's errors to Landform's: the kind by AWS's code, the effect by whether an answer came.

use std::error::Error as StdError;

use aws_sdk_ec2::{
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use landform_core::{Effect, Error, ErrorKind, Retry};

/// What became of a call: for `map_err(failed("CreateVpc"))`.
pub(super) fn failed<E>(operation: &'static str) -> impl Fn(SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    move |error| {
        let request_id = error.request_id().map(str::to_owned);
        let status = error.raw_response().map(|response| response.status().as_u16());
        let mut mapped = match &error {
            SdkError::ServiceError(answer) => {
                let code = answer.err().code().unwrap_or_default();
                let message = answer.err().message().unwrap_or("AWS gave no reason");
                refused(code, status.unwrap_or_default(), message)
            }
            SdkError::ConstructionFailure(_) => Error::new(ErrorKind::Invalid, chain(&error)),
            SdkError::TimeoutError(_) => Error::new(ErrorKind::Timeout, chain(&error)),
            SdkError::DispatchFailure(failure) if failure.is_user() => {
                Error::new(ErrorKind::Invalid, chain(&error))
            }
            _ => Error::new(ErrorKind::Unavailable, chain(&error)),
        };
        mapped = mapped.operation(operation);
        if let Some(status) = status {
            mapped = mapped.status(status);
        }
        if let Some(id) = request_id {
            mapped = mapped.request_id(id);
        }
        mapped
    }
}

/// An answer that makes no sense.
pub(super) fn senseless(operation: &'static str, what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Internal, what).operation(operation)
}

/// An error with all its causes, outermost first.
pub(super) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn refused(code: &str, status: u16, message: &str) -> Error {
    let kind = kind(code, status);
    let error = Error::new(kind, message);
    let error = if code.is_empty() { error } else { error.code(code) };
    match kind {
        // Others may not know yet what was just made, and hold for a while what was just deleted.
        ErrorKind::NotFound | ErrorKind::InUse => error.with_retry(Retry::Backoff),
        // The limiter stands before the service.
        ErrorKind::Throttled => error.with_effect(Effect::None),
        _ => error,
    }
}

/// The kind of an error of EC2's, by its code and the HTTP status.
pub(super) fn kind(code: &str, status: u16) -> ErrorKind {
    match code {
        "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "EC2ThrottledException" => ErrorKind::Throttled,
        "UnauthorizedOperation"
        | "AuthFailure"
        | "AccessDenied"
        | "AccessDeniedException"
        | "InvalidClientTokenId"
        | "ExpiredToken"
        | "RequestExpired"
        | "SignatureDoesNotMatch"
        | "OptInRequired"
        | "Blocked"
        | "PendingVerification"
        | "OperationNotPermitted" => ErrorKind::Denied,
        "DependencyViolation" | "ResourceInUse" => ErrorKind::InUse,
        "Resource.AlreadyAssociated" | "InvalidSubnet.Conflict" => ErrorKind::AlreadyExists,
        "InsufficientAddressCapacity" | "InsufficientFreeAddressesInSubnet" => ErrorKind::Quota,
        "IncorrectState" | "InvalidState" | "ConcurrentTagAccess" | "RequestAlreadyInProgress" => {
            ErrorKind::Conflict
        }
        "InternalError" | "InternalFailure" | "ServiceUnavailable" | "Unavailable" => ErrorKind::Unavailable,
        _ if code.ends_with("NotFound") => ErrorKind::NotFound,
        _ if code.ends_with("InUse") => ErrorKind::InUse,
        _ if code.ends_with("LimitExceeded") => ErrorKind::Quota,
        _ if code.ends_with("AlreadyExists") || code.ends_with("Duplicate") => ErrorKind::AlreadyExists,
        _ if status == 429 => ErrorKind::Throttled,
        _ if status >= 500 => ErrorKind::Unavailable,
        _ if status == 401 || status == 403 => ErrorKind::Denied,
        _ => ErrorKind::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_to_do() {
        let cases = [
            ("InvalidVpcID.NotFound", 400, ErrorKind::NotFound, Retry::Backoff, Effect::None),
            ("NatGatewayNotFound", 400, ErrorKind::NotFound, Retry::Backoff, Effect::None),
            ("DependencyViolation", 400, ErrorKind::InUse, Retry::Backoff, Effect::None),
            ("InvalidIPAddress.InUse", 400, ErrorKind::InUse, Retry::Backoff, Effect::None),
            ("RequestLimitExceeded", 503, ErrorKind::Throttled, Retry::Backoff, Effect::None),
            ("VpcLimitExceeded", 400, ErrorKind::Quota, Retry::Never, Effect::None),
            ("RouteAlreadyExists", 400, ErrorKind::AlreadyExists, Retry::Never, Effect::None),
            ("UnauthorizedOperation", 403, ErrorKind::Denied, Retry::Never, Effect::None),
            ("InvalidParameterValue", 400, ErrorKind::Invalid, Retry::Never, Effect::None),
            ("InternalError", 500, ErrorKind::Unavailable, Retry::Backoff, Effect::Unknown),
            ("", 502, ErrorKind::Unavailable, Retry::Backoff, Effect::Unknown),
        ];
        for (code, status, kind, retry, effect) in cases {
            let error = refused(code, status, "why");
            assert_eq!((error.kind(), error.retry(), error.effect()), (kind, retry, effect), "{code}");
        }
    }
}
