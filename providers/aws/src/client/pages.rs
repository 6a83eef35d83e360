//! Tests of pages and refusals with scripted answers, because moto has no pages and refuses nobody.
#![allow(clippy::unwrap_used)]

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use landform_core::{DataSource, ErrorKind};

use crate::{
    client::{Client, rates::Speed},
    data::Subnets,
};

/// A client whose requests get these answers one after the other, and the record of its requests.
pub(super) fn replay(answers: impl IntoIterator<Item = (u16, String)>) -> (Client, StaticReplayClient) {
    let events = answers.into_iter().map(|(status, body)| {
        let mut answer = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
        answer.headers_mut().insert("x-amzn-requestid", "r-9");
        ReplayEvent::new(HttpRequest::empty(), answer)
    });
    let replay = StaticReplayClient::new(events.collect());
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-2"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            "emulator", "emulator", None, None, "landform",
        )))
        .http_client(replay.clone())
        .build();
    (Client::with_speed(&config, Speed::Unlimited).unwrap(), replay)
}

/// The bodies of the requests.
fn bodies(replay: &StaticReplayClient) -> Vec<String> {
    let bodies = replay.actual_requests().map(|request| request.body().bytes().unwrap().to_vec());
    bodies.map(|body| String::from_utf8(body).unwrap()).collect()
}

fn page(id: &str, next: &str) -> (u16, String) {
    let set = format!("<subnetSet><item><subnetId>{id}</subnetId></item></subnetSet>");
    let body = format!("{set}<nextToken>{next}</nextToken>");
    (200, format!("<DescribeSubnetsResponse>{body}</DescribeSubnetsResponse>"))
}

#[tokio::test]
async fn every_page_is_read() {
    let (client, replay) = replay([page("subnet-c", "two"), page("subnet-a", "three"), page("subnet-b", "")]);
    let answer = client.read(&Subnets { tags: [].into(), filter: [].into() }).await.unwrap();
    let ids: Vec<&str> = answer.ids.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["subnet-a", "subnet-b", "subnet-c"]);
    let asked = bodies(&replay);
    let next: Vec<_> = asked.iter().map(|body| body.split("NextToken=").nth(1)).collect();
    assert_eq!(next, [None, Some("two"), Some("three")]);
    assert!(asked.iter().all(|body| !body.contains("Filter")), "{asked:?}");
}

#[tokio::test]
async fn a_refusal_says_what_was_asked_and_by_what_name_aws_knows_it() {
    let error = "<Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error>";
    let body = format!("<Response><Errors>{error}</Errors></Response>");
    let (client, _) = replay([(403, body)]);
    let error = client.read(&Subnets { tags: [].into(), filter: [].into() }).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Denied, "no"));
    let expected = "DescribeSubnets: denied: no (UnauthorizedOperation, HTTP 403, request r-9)";
    assert_eq!(error.to_string(), expected);
}
