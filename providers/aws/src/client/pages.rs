//! Tests of pages and refusals with a server that gives scripted answers, because moto has no pages and refuses nobody.
#![allow(clippy::unwrap_used)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread::{self, JoinHandle},
};

use landform_core::{DataSource, ErrorKind};

use crate::{client::Client, data::Subnets};

/// A server that gives these answers, one for each request, and returns the requests that it got.
///
/// The SDK's replay client is no choice: its crate turns on `preserve_order` of `serde_json`, for all tests of the workspace
/// and for none of its users.
pub(crate) fn server(answers: Vec<(u16, String)>) -> (String, JoinHandle<Vec<String>>) {
    let mut answers = answers.into_iter();
    server_by(answers.len(), move |_| answers.next().unwrap())
}

/// A server that answers so many requests by their bodies, for requests that the client sends at the same time.
pub(crate) fn server_by(
    requests: usize,
    mut answers: impl FnMut(&str) -> (u16, String) + Send + 'static,
) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serve = move || (0..requests).map(|_| answer(&listener, &mut answers)).collect();
    (url, thread::spawn(serve))
}

fn answer(listener: &TcpListener, answers: &mut impl FnMut(&str) -> (u16, String)) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let asked = body_of(&stream);
    let (status, body) = answers(&asked);
    let length = body.len();
    let told = format!("Content-Length: {length}\r\nConnection: close\r\nx-amzn-requestid: r-9");
    stream.write_all(format!("HTTP/1.1 {status} X\r\n{told}\r\n\r\n{body}").as_bytes()).unwrap();
    asked
}

fn body_of(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        length = line.strip_prefix("content-length: ").map_or(length, |text| text.parse().unwrap());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}

fn page(id: &str, next: &str) -> (u16, String) {
    let set = format!("<subnetSet><item><subnetId>{id}</subnetId></item></subnetSet>");
    let body = format!("{set}<nextToken>{next}</nextToken>");
    (200, format!("<DescribeSubnetsResponse>{body}</DescribeSubnetsResponse>"))
}

#[tokio::test]
async fn every_page_is_read() {
    let (url, asked) = server(vec![page("subnet-c", "two"), page("subnet-a", "three"), page("subnet-b", "")]);
    let client = Client::emulator(&url, "us-east-2").await.unwrap();
    let answer = client.read(&Subnets { tags: [].into(), filter: [].into() }).await.unwrap();
    let ids: Vec<&str> = answer.ids.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["subnet-a", "subnet-b", "subnet-c"]);
    let asked = asked.join().unwrap();
    let next: Vec<_> = asked.iter().map(|body| body.split("NextToken=").nth(1)).collect();
    assert_eq!(next, [None, Some("two"), Some("three")]);
    assert!(asked.iter().all(|body| !body.contains("Filter")), "{asked:?}");
}

#[tokio::test]
async fn a_refusal_says_what_was_asked_and_by_what_name_aws_knows_it() {
    let error = "<Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error>";
    let body = format!("<Response><Errors>{error}</Errors></Response>");
    let (url, asked) = server(vec![(403, body)]);
    let client = Client::emulator(&url, "us-east-2").await.unwrap();
    let error = client.read(&Subnets { tags: [].into(), filter: [].into() }).await.unwrap_err();
    asked.join().unwrap();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Denied, "no"));
    let expected = "DescribeSubnets: denied: no (UnauthorizedOperation, HTTP 403, request r-9)";
    assert_eq!(error.to_string(), expected);
}
