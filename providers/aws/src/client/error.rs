//! Converts the SDKs' errors to Landform's. AWS's code determines the kind. Whether an answer came determines the
//! effect. The error's type gives the operation and the service, so that no call names them.

use std::{any::type_name, error::Error as StdError};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
#[cfg(any(feature = "elb", feature = "events", feature = "route53", feature = "s3"))]
use aws_smithy_types::error::operation::BuildError;
use aws_types::request_id::RequestId;
use landform_core::{
    Error,
    ErrorKind::{self, *},
};
#[cfg(any(feature = "ec2", feature = "events", feature = "s3"))]
use landform_kit::refused;
use landform_kit::{Class, Classes, chain};

/// The text for a reason that AWS does not give.
pub(crate) const NO_REASON: &str = "AWS gave no reason";

/// The meaning of codes in all services.
const COMMON: Classes = Classes(&[
    Class(
        Throttled,
        &[
            "Throttling*",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "EC2ThrottledException",
            "SlowDown",
            "BandwidthLimitExceeded",
        ],
    ),
    Class(
        Denied,
        &[
            "UnauthorizedOperation",
            "AuthFailure",
            "AccessDenied*",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "ExpiredToken*",
            "RequestExpired",
            "SignatureDoesNotMatch",
            "OptInRequired",
            "Blocked",
            "PendingVerification",
            "OperationNotPermitted",
        ],
    ),
    Class(
        Unavailable,
        &["InternalError", "InternalFailure", "ServiceUnavailable*", "Unavailable", "ServiceFailure"],
    ),
]);

/// The meaning of codes in EC2.
const EC2: Classes = Classes(&[
    Class(
        AlreadyExists,
        &["Resource.AlreadyAssociated", "InvalidSubnet.Conflict", "*AlreadyExists", "*Duplicate"],
    ),
    Class(AlreadyExists, &["*AlreadyExistsException"]),
    Class(
        Quota,
        &["InsufficientAddressCapacity", "InsufficientFreeAddressesInSubnet", "InsufficientInstanceCapacity"],
    ),
    Class(
        Conflict,
        &[
            "IncorrectState",
            "IncorrectModificationState",
            "IncorrectInstanceState",
            "InvalidState",
            "ConcurrentTagAccess",
            "RequestAlreadyInProgress",
            "VolumeModificationRateExceeded",
        ],
    ),
    Class(InUse, &["DependencyViolation", "ResourceInUse", "*InUse"]),
    // EC2 does not know a new profile for a while. Only the text says so.
    Class(
        NotFound,
        &[
            "InvalidParameterValue~iamInstanceProfile",
            "InvalidPlacementGroup.Unknown",
            "*NotFound",
            "*NotFoundException",
        ],
    ),
    Class(Throttled, &["RequestLimitExceeded"]),
    Class(Quota, &["*LimitExceeded"]),
]);

/// The meaning of codes in IAM.
const IAM: Classes = Classes(&[
    Class(NotFound, &["NoSuchEntity*", "MalformedPolicyDocument~Invalid principal"]),
    Class(AlreadyExists, &["EntityAlreadyExists*"]),
    Class(InUse, &["DeleteConflict*"]),
    Class(Conflict, &["ConcurrentModification*", "EntityTemporarilyUnmodifiable*"]),
    Class(Quota, &["LimitExceeded*"]),
]);

/// The meaning of codes in Elastic Load Balancing.
const ELB: Classes = Classes(&[
    Class(NotFound, &["*NotFound", "*NotFoundException", "InvalidTarget~does not exist"]),
    Class(AlreadyExists, &["Duplicate*", "PriorityInUse"]),
    Class(InUse, &["ResourceInUse*"]),
    Class(Conflict, &["OperationNotPermitted~in progress"]),
    Class(Quota, &["TooMany*"]),
]);

/// The meaning of codes in Route 53.
const ROUTE53: Classes = Classes(&[
    Class(
        NotFound,
        &["NoSuch*", "VPCAssociationNotFound", "InvalidVPCId", "InvalidChangeBatch~it was not found"],
    ),
    Class(
        AlreadyExists,
        &["HostedZoneAlreadyExists", "ConflictingDomainExists", "InvalidChangeBatch~it already exists"],
    ),
    Class(InUse, &["HostedZoneNotEmpty"]),
    Class(Conflict, &["PriorRequestNotComplete", "ConcurrentModification"]),
    Class(Quota, &["TooMany*", "LimitsExceeded"]),
]);

/// The meaning of codes in S3. A bucket in another region answers 301: it exists, and a retry does not help.
const S3: Classes = Classes(&[
    // A policy may name a role that S3 does not know yet.
    Class(
        NotFound,
        &[
            "NoSuch*",
            "ServerSideEncryptionConfigurationNotFoundError",
            "NotFound",
            "MalformedPolicy~Invalid principal",
        ],
    ),
    Class(AlreadyExists, &["BucketAlreadyExists", "BucketAlreadyOwnedByYou"]),
    Class(InUse, &["BucketNotEmpty"]),
    Class(Conflict, &["OperationAborted", "ConditionalRequestConflict", "PreconditionFailed"]),
    Class(Quota, &["TooManyBuckets"]),
    Class(
        Invalid,
        &["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"],
    ),
    Class(Denied, &["InvalidAccessKeyId", "InvalidToken"]),
]);

/// The meaning of codes in SQS. SQS refuses the name of a deleted queue for a minute.
const SQS: Classes = Classes(&[
    Class(NotFound, &["*NonExistentQueue", "QueueDoesNotExist"]),
    Class(Conflict, &["*QueueDeletedRecently"]),
    Class(AlreadyExists, &["QueueAlreadyExists", "QueueNameExists"]),
    Class(Quota, &["*OverLimit"]),
]);

/// The meaning of codes in EventBridge.
const EVENTS: Classes = Classes(&[
    Class(NotFound, &["ResourceNotFoundException"]),
    Class(AlreadyExists, &["ResourceAlreadyExistsException"]),
    Class(InUse, &["ValidationException~has targets"]),
    Class(Conflict, &["ConcurrentModificationException", "OperationDisabledException"]),
    Class(Quota, &["LimitExceededException"]),
    Class(Denied, &["ManagedRuleException"]),
]);

/// The meaning of codes in KMS.
const KMS: Classes = Classes(&[
    Class(NotFound, &["NotFoundException", "MalformedPolicyDocumentException~invalid principal"]),
    Class(AlreadyExists, &["AlreadyExistsException"]),
    Class(Conflict, &["KMSInvalidStateException", "DependencyTimeoutException"]),
    Class(Unavailable, &["KMSInternalException", "KeyUnavailableException"]),
    Class(Quota, &["LimitExceededException"]),
]);

/// The meaning of codes in CloudWatch Logs.
const LOGS: Classes = Classes(&[
    Class(NotFound, &["ResourceNotFoundException"]),
    Class(AlreadyExists, &["ResourceAlreadyExistsException"]),
    Class(Conflict, &["OperationAbortedException"]),
    Class(Quota, &["LimitExceededException"]),
]);

/// The meaning of codes in Systems Manager.
const SSM: Classes = Classes(&[Class(NotFound, &["ParameterNotFound", "ParameterVersionNotFound"])]);

/// The meaning of codes in Auto Scaling. A missing object, or a new profile that it does not know yet, is a
/// ValidationError like any other. Only the text tells them apart.
const AUTOSCALING: Classes = Classes(&[
    Class(AlreadyExists, &["AlreadyExists*"]),
    Class(InUse, &["ResourceInUse*", "ScalingActivityInProgress*"]),
    Class(Conflict, &["ResourceContention*", "InstanceRefreshInProgress*"]),
    Class(
        NotFound,
        &[
            "ValidationError~not found",
            "ValidationError~does not exist",
            "ValidationError~IAM Instance Profile",
            "ValidationError~iamInstanceProfile",
            "ValidationError~No Lifecycle Hook",
        ],
    ),
    Class(Quota, &["LimitExceeded*"]),
]);

/// The meaning of a service's codes. The service's table comes first.
fn classes(service: &str) -> [Classes; 2] {
    match service {
        "ec2" => [EC2, COMMON],
        "iam" => [IAM, COMMON],
        "autoscaling" => [AUTOSCALING, COMMON],
        "elasticloadbalancing" | "elasticloadbalancingv2" => [ELB, COMMON],
        "route53" => [ROUTE53, COMMON],
        "s3" => [S3, COMMON],
        "sqs" => [SQS, COMMON],
        "eventbridge" => [EVENTS, COMMON],
        "kms" => [KMS, COMMON],
        "cloudwatchlogs" => [LOGS, COMMON],
        "ssm" => [SSM, COMMON],
        _ => [COMMON, Classes(&[])],
    }
}

/// Converts the error of a call, for `map_err(failed)`.
pub(crate) fn failed<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let (service, operation) = called::<E>();
    let request_id = error.request_id().map(str::to_owned);
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    let mapped = match &error {
        SdkError::ServiceError(answer) => {
            let code = answer.err().code().unwrap_or_default();
            let message = answer.err().message().unwrap_or(NO_REASON);
            Classes::refusal(&classes(service), code, status, message)
        }
        SdkError::ConstructionFailure(_) => Error::new(Invalid, chain(&error)),
        SdkError::TimeoutError(_) => Error::new(Timeout, chain(&error)),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Error::new(Timeout, chain(&error)),
        SdkError::DispatchFailure(failure) if failure.is_user() => Error::new(Invalid, chain(&error)),
        _ if status != 0 => Error::new(Unavailable, chain(&error)).status(status),
        _ => Error::new(Unavailable, chain(&error)),
    };
    let mapped = mapped.operation(operation);
    match request_id {
        Some(id) => mapped.request_id(id),
        None => mapped,
    }
}

/// The result of building a part of a call from a declaration.
///
/// # Errors
/// Invalid if the declaration lacks a value that the SDK requires.
#[cfg(any(feature = "elb", feature = "events", feature = "route53", feature = "s3"))]
pub(crate) fn built<T>(part: std::result::Result<T, BuildError>) -> Result<T, Error> {
    part.map_err(|error| Error::new(Invalid, chain(&error)))
}

/// The kind of a code inside a service's answer.
#[cfg(any(feature = "ec2", feature = "events", feature = "route53", feature = "s3"))]
pub(crate) fn kind(service: &str, code: &str, message: &str) -> ErrorKind {
    classes(service).iter().find_map(|classes| classes.kind(code, message)).unwrap_or(Invalid)
}

/// The kind of a service's code, if the code alone decides.
pub(crate) fn kind_of(service: &str, code: &str) -> Option<ErrorKind> {
    classes(service).iter().find_map(|classes| classes.kind(code, ""))
}

/// The refusal of one of several items of a call, which AWS reports inside a successful answer. `E` is the type of the
/// operation's errors.
#[cfg(any(feature = "ec2", feature = "events", feature = "s3"))]
pub(crate) fn inside<E>(code: Option<&str>, message: Option<&str>) -> Error {
    let (service, operation) = called::<E>();
    let (code, message) = (code.unwrap_or_default(), message.unwrap_or(NO_REASON));
    refused(kind(service, code, message), code, 0, message).operation(operation)
}

/// The only object that a data source found. The error for none or several names the operation whose errors are `E`.
#[cfg(any(feature = "ec2", feature = "elbv2", feature = "route53"))]
pub(crate) fn one<E, T>(asked: &impl serde::Serialize, found: Vec<T>) -> Result<T, Error> {
    landform_core::only(asked, found).map_err(|error| error.operation(called::<E>().1))
}

/// The name of a query's operation, for errors that do not come from a call.
#[cfg(feature = "ec2")]
pub(crate) fn operation<E>() -> &'static str {
    called::<E>().1
}

/// The service and the operation by the type of the operation's errors:
/// `aws_sdk_ec2::operation::create_subnet::CreateSubnetError` is `CreateSubnet` of `ec2`.
fn called<E>() -> (&'static str, &'static str) {
    let name = type_name::<E>();
    let service = name.split("::").next().unwrap_or_default();
    let operation = name.rsplit("::").next().unwrap_or_default();
    (
        service.strip_prefix("aws_sdk_").unwrap_or(service),
        operation.strip_suffix("Error").unwrap_or(operation),
    )
}

#[cfg(test)]
mod tests {
    use landform_core::{Effect, Retry};

    use super::*;

    #[test]
    fn codes_say_what_to_do() {
        let cases = [
            ("ec2", "InvalidVpcID.NotFound", 400, NotFound, Retry::Backoff, Effect::None),
            ("ec2", "NatGatewayNotFound", 400, NotFound, Retry::Backoff, Effect::None),
            ("ec2", "DependencyViolation", 400, InUse, Retry::Backoff, Effect::None),
            ("ec2", "InvalidIPAddress.InUse", 400, InUse, Retry::Backoff, Effect::None),
            ("ec2", "RequestLimitExceeded", 503, Throttled, Retry::Backoff, Effect::None),
            ("ec2", "VpcLimitExceeded", 400, Quota, Retry::Never, Effect::None),
            ("ec2", "RouteAlreadyExists", 400, AlreadyExists, Retry::Never, Effect::None),
            ("ec2", "UnauthorizedOperation", 403, Denied, Retry::Never, Effect::None),
            ("ec2", "InvalidParameterValue", 400, Invalid, Retry::Never, Effect::None),
            ("ec2", "InternalError", 500, Unavailable, Retry::Backoff, Effect::Unknown),
            ("ec2", "", 502, Unavailable, Retry::Backoff, Effect::Unknown),
            ("iam", "NoSuchEntity", 404, NotFound, Retry::Backoff, Effect::None),
            ("iam", "DeleteConflict", 409, InUse, Retry::Backoff, Effect::None),
            ("iam", "LimitExceeded", 409, Quota, Retry::Never, Effect::None),
            ("iam", "Throttling", 400, Throttled, Retry::Backoff, Effect::None),
            (
                "elasticloadbalancingv2",
                "DuplicateTargetGroupName",
                400,
                AlreadyExists,
                Retry::Never,
                Effect::None,
            ),
            ("elasticloadbalancingv2", "TargetGroupNotFound", 400, NotFound, Retry::Backoff, Effect::None),
            ("elasticloadbalancingv2", "ResourceInUse", 400, InUse, Retry::Backoff, Effect::None),
            ("elasticloadbalancingv2", "TooManyTargetGroups", 400, Quota, Retry::Never, Effect::None),
        ];
        for (service, code, status, kind, retry, effect) in cases {
            let error = Classes::refusal(&classes(service), code, status, "why");
            assert_eq!(
                (error.kind(), error.retry(), error.effect()),
                (kind, retry, effect),
                "{service} {code}"
            );
        }
    }

    #[test]
    #[cfg(all(feature = "ec2", feature = "iam", feature = "elbv2"))]
    fn operations_follow_from_the_types_of_their_errors() {
        use aws_sdk_elasticloadbalancingv2::operation::create_target_group::CreateTargetGroupError;
        let create_subnet = called::<aws_sdk_ec2::operation::create_subnet::CreateSubnetError>();
        assert_eq!(create_subnet, ("ec2", "CreateSubnet"));
        let get_role = called::<aws_sdk_iam::operation::get_role::GetRoleError>();
        assert_eq!(get_role, ("iam", "GetRole"));
        let create = called::<CreateTargetGroupError>();
        assert_eq!(create, ("elasticloadbalancingv2", "CreateTargetGroup"));
    }
}
