//! Tests of refusals. Each service has its own format. All become one clear error with AWS's code, message and request
//! id. A server gives scripted answers.
#![allow(clippy::unwrap_used)]

use landform_core::{DataSource, Error, ErrorKind, Id, Manage, Retry};

use super::{Client, pages::server};
use crate::{IamRole, Route53Record, S3Bucket, data};

/// The error of a call that gets this answer.
async fn refused(status: u16, body: &str, call: impl AsyncFn(Client) -> Option<Error>) -> Error {
    let (url, asked) = server(vec![(status, body.to_owned())]);
    let client = Client::emulator(&url, "us-east-2").await.unwrap();
    let error = call(client).await.unwrap();
    asked.join().unwrap();
    error
}

fn query(code: &str, message: &str) -> String {
    let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>");
    format!("<ErrorResponse>{error}<RequestId>r-9</RequestId></ErrorResponse>")
}

#[tokio::test]
async fn credentials_that_are_no_good_are_told_before_anything_is_asked() {
    for (status, code, said, expected) in [
        (
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
            "GetCallerIdentity: aws: denied: the credentials have expired, get new ones: The security token included in \
             the request is expired (ExpiredToken, HTTP 403, request r-9)",
        ),
        (
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            "GetCallerIdentity: aws: denied: AWS does not accept the credentials in us-east-2: The security token included \
             in the request is invalid. (InvalidClientTokenId, HTTP 403, request r-9)",
        ),
        (
            403,
            "SignatureDoesNotMatch",
            "Credential should be scoped to a valid region.",
            "GetCallerIdentity: aws: denied: AWS does not accept the credentials in us-east-2: Credential should be scoped \
             to a valid region. (SignatureDoesNotMatch, HTTP 403, request r-9)",
        ),
    ] {
        let error = refused(status, &query(code, said), async |client| client.verify().await.err()).await;
        assert_eq!((error.to_string().as_str(), error.retry()), (expected, Retry::Never));
    }
}

#[tokio::test]
async fn a_region_that_does_not_answer_is_named() {
    let client = Client::emulator("http://127.0.0.1:9", "us-east-9").await.unwrap();
    let error = client.verify().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let expected = "AWS does not answer in us-east-9; is that the right region?";
    assert!(error.message().starts_with(expected), "{error}");
    for name in ["useast2", "us-east", "US-EAST-2", "us east 2", ""] {
        let error = Client::emulator("http://127.0.0.1:9", name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.message().contains("expected a name such as us-east-2"), "{error}");
    }
}

#[tokio::test]
async fn a_denied_action_is_named_in_every_protocol() {
    let said = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: it";
    let xml = format!("<Error><Code>AccessDenied</Code><Message>{said}</Message></Error>");
    let json = format!(r#"{{"__type":"com.amazonaws#AccessDeniedException","message":"{said}"}}"#);
    let role = Id::<IamRole>::new("nodes");
    let bucket = Id::<S3Bucket>::new("logs");
    let record = Id::<Route53Record>::new("Z1_www_A");
    let errors = [
        (
            refused(403, &query("AccessDenied", said), async |client| {
                client.kit().read_many(std::slice::from_ref(&role)).await.err()
            })
            .await,
            "GetRole",
            "AccessDenied",
        ),
        (
            refused(403, &xml, async |client| {
                client.kit().read_many(std::slice::from_ref(&bucket)).await.err()
            })
            .await,
            "GetBucketTagging",
            "AccessDenied",
        ),
        (
            refused(403, &query("AccessDenied", said), async |client| {
                client.kit().read_many(std::slice::from_ref(&record)).await.err()
            })
            .await,
            "GetHostedZone",
            "AccessDenied",
        ),
        (
            refused(400, &json, async |client| {
                let asked = data::SsmParameter { name: "/a".into(), with_decryption: true };
                client.read(&asked).await.err()
            })
            .await,
            "GetParameter",
            "AccessDeniedException",
        ),
    ];
    for (error, operation, code) in errors {
        assert_eq!(
            (error.kind(), error.retry(), error.message()),
            (ErrorKind::Denied, Retry::Never, said),
            "{error}"
        );
        assert_eq!(error.provider_code(), Some(code), "{error}");
        let text = error.to_string();
        assert!(text.starts_with(operation) && text.contains("request r-9"), "{text}");
    }
}

#[tokio::test]
async fn a_batch_of_records_says_what_is_wrong_with_it_in_either_form() {
    let zone = "<GetHostedZoneResponse><HostedZone><Id>/hostedzone/Z1</Id><Name>a.b.</Name><CallerReference>x\
                </CallerReference></HostedZone></GetHostedZoneResponse>";
    let said = "Tried to create resource record set [name='www.a.b.', type='A'] but it already exists";
    let listed = format!(
        "<InvalidChangeBatch><Messages><Message>{said}</Message></Messages><RequestId>r-9</RequestId></InvalidChangeBatch>"
    );
    for body in [query("InvalidChangeBatch", said), listed] {
        let (url, asked) = server(vec![(200, zone.to_owned()), (400, body)]);
        let kit = Client::emulator(&url, "us-east-2").await.unwrap().kit();
        let record: Route53Record = serde_json::from_value(serde_json::json!({
            "zone_id": "Z1", "name": "www", "type": "A", "ttl": 60, "records": ["192.0.2.1"],
        }))
        .unwrap();
        let (address, token) = ("aws_route53_record.www".parse().unwrap(), "t-1".parse().unwrap());
        let error = kit.create(landform_core::Call::new(&address, &token), &record).await.unwrap_err();
        asked.join().unwrap();
        assert_eq!((error.kind(), error.message()), (ErrorKind::AlreadyExists, said), "{error}");
    }
}
