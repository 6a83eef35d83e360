//! Rate limits of AWS. Each request of an SDK waits for its turn. A throttled request waits for another turn, and this
//! module sends it again, because AWS did nothing for it. Decides nothing about other errors.

use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use landform_core::ErrorKind;
use landform_kit::{Rate, Rates};

use super::error::kind_of;

/// How long a request may wait and still be sent. AWS refuses requests that were signed more than five minutes ago.
const FRESH: Duration = Duration::from_secs(200);

/// The longest answer, in bytes, that is read to see whether it is a refusal.
const SHORT: u64 = 64 * 1024;

/// How fast a client calls AWS at first. Throttling slows it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speed {
    /// At the rates that AWS publishes.
    #[default]
    Published,
    /// Without limits, for an emulator.
    Unlimited,
}

/// Which operations take tokens from one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bucket {
    /// Each operation has its own bucket.
    Each,
    /// The operations share one bucket.
    Shared,
}

/// The rates of operations: the service, its operations, whether they share a bucket, and the rate. The first row that
/// matches counts. A row without operations matches all operations of its service. A star matches any ending.
///
/// Source: "Request throttling for the Amazon EC2 API", and the quotas of Route 53, KMS and Systems Manager. Operations
/// that match no row start without a limit.
const PUBLISHED: &[(&str, &[&str], Bucket, Rate)] = &[
    ("ec2", &["RunInstances", "StartInstances"], Bucket::Each, Rate::new(5.0, 2.0)),
    (
        "ec2",
        &["CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints"],
        Bucket::Each,
        Rate::new(4.0, 0.3),
    ),
    ("ec2", &["CreateTags", "DeleteTags"], Bucket::Each, Rate::new(100.0, 10.0)),
    (
        "ec2",
        &["CreateLaunchTemplateVersion", "CreateVolume", "TerminateInstances", "AssociateIamInstanceProfile"],
        Bucket::Each,
        Rate::new(100.0, 5.0),
    ),
    ("ec2", &["Describe*"], Bucket::Each, Rate::new(100.0, 20.0)),
    ("ec2", &[], Bucket::Each, Rate::new(50.0, 5.0)),
    ("route53", &[], Bucket::Shared, Rate::new(5.0, 5.0)),
    (
        "kms",
        &["CreateKey", "CreateAlias", "UpdateAlias", "EnableKeyRotation"],
        Bucket::Each,
        Rate::new(5.0, 5.0),
    ),
    ("kms", &["ListResourceTags", "TagResource", "UntagResource"], Bucket::Each, Rate::new(10.0, 10.0)),
    ("ssm", &["GetParameter"], Bucket::Each, Rate::new(40.0, 40.0)),
];

/// The bucket of an operation, and its rate.
fn class<'a>(service: &str, operation: &'a str, speed: Speed) -> (&'a str, Rate) {
    let fits = |names: &[&str]| {
        names.is_empty()
            || names.iter().any(|name| match name.strip_suffix('*') {
                Some(beginning) => operation.starts_with(beginning),
                None => *name == operation,
            })
    };
    let row = PUBLISHED.iter().find(|(of, names, ..)| *of == service && fits(names));
    let (class, rate) = match row {
        Some((_, _, Bucket::Shared, rate)) => ("all", *rate),
        Some((_, _, Bucket::Each, rate)) => (operation, *rate),
        None => (operation, Rate::UNKNOWN),
    };
    (class, if speed == Speed::Published { rate } else { Rate::UNKNOWN })
}

/// The HTTP client of a service: the configured one or the SDK's own, with rate limits.
pub(crate) fn paced(
    config: &SdkConfig,
    service: &'static str,
    rates: &Rates,
    speed: Speed,
) -> SharedHttpClient {
    let own = || {
        let mode = tls::rustls_provider::CryptoMode::AwsLc;
        Builder::new().tls_provider(tls::Provider::Rustls(mode)).build_https()
    };
    let inner = config.http_client().unwrap_or_else(own);
    let rates = rates.clone();
    http_client_fn(move |settings, components| {
        let inner = inner.http_connector(settings, components);
        SharedHttpConnector::new(Paced { inner, service, rates: rates.clone(), speed })
    })
}

/// Sends the requests of one service.
#[derive(Debug, Clone)]
struct Paced {
    inner: SharedHttpConnector,
    service: &'static str,
    rates: Rates,
    speed: Speed,
}

impl HttpConnector for Paced {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let paced = self.clone();
        HttpConnectorFuture::new(async move { paced.send(request).await })
    }
}

impl Paced {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let operation = operation(&request);
        let (class, rate) = class(self.service, &operation, self.speed);
        let class = format!("{}:{class}", self.service);
        let begin = Instant::now();
        loop {
            let wait = self.rates.turn(&class, rate, Instant::now());
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            let again = request.try_clone();
            let answer = self.inner.call(request).await?;
            let (answer, refused) = self.is_refused(answer).await?;
            let now = Instant::now();
            if !refused {
                self.rates.taken(&class, rate, now);
                return Ok(answer);
            }
            self.rates.refused(&class, rate, now);
            match again {
                Some(again) if begin.elapsed() < FRESH => request = again,
                _ => return Ok(answer),
            }
        }
    }

    /// Whether AWS throttled a request. Answers the response again, because it reads the body.
    async fn is_refused(&self, mut answer: HttpResponse) -> Result<(HttpResponse, bool), ConnectorError> {
        let status = answer.status().as_u16();
        let short = answer.body().content_length().is_none_or(|length| length <= SHORT);
        if !matches!(status, 400 | 429 | 503) || !short {
            return Ok((answer, false));
        }
        let named = answer.headers().get("x-amzn-errortype").map(str::to_owned);
        let body = ByteStream::new(answer.take_body()).collect().await;
        let body = body.map_err(|error| ConnectorError::io(error.into()))?.into_bytes();
        let text = String::from_utf8_lossy(&body);
        let code = named.as_deref().or_else(|| code(&text)).unwrap_or_default();
        let code = code.split(':').next().unwrap_or_default();
        let code = code.rsplit('#').next().unwrap_or_default();
        let refused = status == 429 || kind_of(self.service, code) == Some(ErrorKind::Throttled);
        *answer.body_mut() = SdkBody::from(body);
        Ok((answer, refused))
    }
}

/// The operation of a request: its action, its target, or its HTTP method where the service names no operations.
fn operation(request: &HttpRequest) -> String {
    if let Some(target) = request.headers().get("x-amz-target") {
        return target.rsplit('.').next().unwrap_or_default().to_owned();
    }
    let body = request.body().bytes().and_then(|body| std::str::from_utf8(body).ok()).unwrap_or_default();
    match body.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
        Some(action) => action.to_owned(),
        None => request.method().to_owned(),
    }
}

/// The code in a refusal, in XML or JSON.
fn code(text: &str) -> Option<&str> {
    if let Some((_, rest)) = text.split_once("<Code>") {
        return rest.split("</Code>").next();
    }
    let (_, rest) = text.split_once("\"__type\"").or_else(|| text.split_once("\"code\""))?;
    rest.split('"').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_of_calls_has_the_rate_that_aws_publishes() {
        let cases = [
            ("ec2", "RunInstances", "RunInstances", 2.0),
            ("ec2", "CreateVpcEndpoint", "CreateVpcEndpoint", 0.3),
            ("ec2", "DescribeVpcs", "DescribeVpcs", 20.0),
            ("ec2", "CreateVpc", "CreateVpc", 5.0),
            ("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupIngress", 5.0),
            ("route53", "POST", "all", 5.0),
            ("iam", "CreateRole", "CreateRole", Rate::UNKNOWN.per_second),
        ];
        for (service, operation, expected, speed) in cases {
            let (class, rate) = class(service, operation, Speed::Published);
            assert_eq!((class, rate.per_second), (expected, speed), "{service} {operation}");
        }
        assert_eq!(class("ec2", "CreateVpc", Speed::Unlimited), ("CreateVpc", Rate::UNKNOWN));
    }

    #[test]
    fn a_refusal_is_read_in_every_protocol() {
        let cases = [
            ("<Response><Errors><Error><Code>RequestLimitExceeded</Code>", "RequestLimitExceeded"),
            ("<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code>", "Throttling"),
            ("{\"__type\":\"ThrottlingException\",\"message\":\"x\"}", "ThrottlingException"),
            ("{\"message\":\"x\", \"code\": \"Throttling\"}", "Throttling"),
        ];
        for (text, expected) in cases {
            assert_eq!(code(text), Some(expected), "{text}");
        }
        assert_eq!(code("<html>"), None);
    }
}
