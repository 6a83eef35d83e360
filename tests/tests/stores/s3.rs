//! S3 by moto: the contract, the journal, and a bucket's failures.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use landform::{
    journal::{Journal, JournalError, Options, Record},
    store::{self, Expect, Files, Store, StoreError, StoreErrorKind, contract},
};

use crate::{
    gate::{Fate, Gate},
    journals::{self, creations, options, write, write_with},
};
use landform_testkit::moto::Moto;

/// A moto server that concurrent tests share.
pub struct S3 {
    moto: Arc<Moto>,
}

impl S3 {
    pub fn new() -> Self {
        static MOTO: Mutex<Weak<Moto>> = Mutex::new(Weak::new());
        Self { moto: crate::shared(&MOTO, Moto::start) }
    }

    /// A bucket that no other test uses, by its name.
    pub fn bucket(&self) -> String {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("state-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.put(&name, "");
        name
    }

    /// Puts a bucket or an object without any client.
    fn put(&self, path: &str, body: &str) {
        let url = self.moto.url();
        let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
        let length = body.len();
        write!(stream, "PUT /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n").unwrap();
        write!(stream, "Connection: close\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// The environment variables for it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        self.moto.environment()
    }

    /// A Python that has boto3.
    pub fn python(&self) -> PathBuf {
        self.moto.python()
    }

    fn open_at(&self, url: &str, endpoint: &str) -> Result<Arc<dyn Store>, StoreError> {
        let mut environment = self.moto.environment();
        environment.push(("AWS_ENDPOINT_URL_S3", endpoint.into()));
        store::open_with(url, environment)
    }

    pub fn open(&self, url: &str) -> Arc<dyn Store> {
        self.open_at(url, &self.moto.url()).unwrap()
    }

    pub fn files(&self, url: &str) -> Files {
        Files::open_with(url, self.environment()).unwrap()
    }

    /// A gate in front of it.
    pub fn gate(&self) -> Gate {
        Gate::before(&self.moto.url())
    }

    /// A store behind a gate.
    fn gated(&self) -> (Arc<dyn Store>, Gate) {
        let gate = self.gate();
        (self.open_at(&format!("s3://{}/base", self.bucket()), &gate.url()).unwrap(), gate)
    }
}

#[tokio::test]
async fn s3_keeps_the_contract() {
    let s3 = S3::new();
    contract::all(|| s3.open(&format!("s3://{}/deep/er/base", s3.bucket()))).await;
    contract::a_number_is_won_once(s3.open(&format!("s3://{}", s3.bucket()))).await;
}

#[tokio::test]
async fn a_journal_on_s3_keeps_its_promises() {
    let s3 = S3::new();
    journals::all(|| s3.open(&format!("s3://{}/base", s3.bucket()))).await;
}

#[tokio::test]
async fn a_large_snapshot_goes_in_parts() {
    let s3 = S3::new();
    let store = s3.open(&format!("s3://{}/base", s3.bucket()));
    let writer = write_with(&store, Options { compact_segments: 1, ..options() }).await.unwrap();
    for record in creations(20_000) {
        writer.enqueue(record).unwrap();
    }
    writer.flush().await.unwrap();
    writer.append(Record::Outputs(Default::default())).await.unwrap();
    let state = writer.close().await.unwrap();
    assert!(writer.notices().is_empty(), "{:?}", writer.notices());
    assert!(!store.list().await.unwrap().snapshots.is_empty());
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

#[tokio::test]
async fn two_stacks_share_a_bucket_and_no_more() {
    let s3 = S3::new();
    let bucket = s3.bucket();
    for stack in ["base", "base-2"] {
        let store = s3.open(&format!("s3://{bucket}/{stack}"));
        write(&store).await.unwrap().close().await.unwrap();
    }
    let error = s3.open(&format!("s3://{bucket}")).list().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotOurs, "{error}");
    s3.put(&format!("{bucket}/site/index.html"), "<p>");
    let error = Journal::read(s3.open(&format!("s3://{bucket}/site/")), "base").await.unwrap_err();
    assert!(error.to_string().contains("index.html"), "{error}");
    assert_eq!(s3.open(&format!("s3://{bucket}/sit")).list().await.unwrap(), Default::default());
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_named() {
    let s3 = S3::new();
    let store = s3.open("s3://no-such-bucket/base");
    for error in [
        store.list().await.unwrap_err(),
        store.read_lease().await.unwrap_err(),
        store.append(1, b"x".as_slice().into()).await.unwrap_err(),
        store.put_lease(None, b"x".to_vec()).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), StoreErrorKind::Missing, "{error}");
        let text = error.to_string();
        assert!(text.contains("s3://no-such-bucket/base") && text.contains("Create it first"), "{text}");
    }
}

#[tokio::test]
async fn nobody_there_is_unavailable() {
    let s3 = S3::new();
    let store = s3.open_at("s3://bucket/base", "http://127.0.0.1:1").unwrap();
    let error = store.list().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn what_a_bucket_refuses_is_said_in_its_words() {
    let s3 = S3::new();
    let (store, gate) = s3.gated();
    for (status, code, kind) in [
        (403, "AccessDenied", StoreErrorKind::Denied),
        (401, "InvalidToken", StoreErrorKind::Denied),
        (400, "AuthorizationHeaderMalformed", StoreErrorKind::Other),
        (501, "NotImplemented", StoreErrorKind::Unavailable),
    ] {
        gate.judge(move |_, _| Fate::Answer(status, code));
        for error in [
            store.list().await.unwrap_err(),
            store.append(1, b"x".as_slice().into()).await.unwrap_err(),
            store.put_lease(None, b"x".to_vec()).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains(code) && error.to_string().contains("s3://"), "{error}");
        }
    }
    gate.open();
    contract::reading_creates_nothing(store).await;
}

#[tokio::test]
async fn a_busy_bucket_is_waited_for() {
    let s3 = S3::new();
    let (store, gate) = s3.gated();
    let writer = write(&store).await.unwrap();
    let mut count = 0;
    gate.judge(move |_, _| {
        count += 1;
        if count % 3 == 0 { Fate::Pass } else { Fate::Answer(503, "SlowDown") }
    });
    for record in creations(3) {
        writer.append(record).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    gate.open();
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

#[tokio::test]
async fn a_bucket_that_stays_busy_is_an_error_that_loses_nothing() {
    let s3 = S3::new();
    let (store, gate) = s3.gated();
    let writer =
        write_with(&store, Options { retry_for: Duration::from_secs(1), ..options() }).await.unwrap();
    let mut records = creations(2).into_iter();
    writer.append(records.next().unwrap()).await.unwrap();
    gate.judge(|_, _| Fate::Answer(503, "SlowDown"));
    let error = writer.append(records.next().unwrap()).await.unwrap_err();
    let JournalError::Store(error) = error else { panic!("{error}") };
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    assert!(error.to_string().contains("503 SlowDown"), "{error}");
    drop(writer);
    gate.open();
    let journal = Journal::read(store, "base").await.unwrap();
    assert_eq!(journal.state().pending().count(), 1, "the acknowledged record is there");
}

#[tokio::test]
async fn an_answer_that_got_lost_is_asked_for_again() {
    let s3 = S3::new();
    let (store, gate) = s3.gated();
    let writer = write(&store).await.unwrap();
    for fate in [Fate::Lose(503, "SlowDown"), Fate::Lose(412, "PreconditionFailed"), Fate::Drop] {
        let mut lost = Some(fate);
        gate.judge(
            move |method, _| if method == "PUT" { lost.take().unwrap_or(Fate::Pass) } else { Fate::Pass },
        );
        writer.append(Record::Outputs(Default::default())).await.unwrap();
    }
    let mut lost = Some(Fate::Lose(412, "PreconditionFailed"));
    let (version, _) = store.read_lease().await.unwrap().unwrap();
    gate.judge(move |method, _| if method == "PUT" { lost.take().unwrap_or(Fate::Pass) } else { Fate::Pass });
    let version = store.put_lease(Some(&version), b"{}".to_vec()).await.unwrap();
    assert_eq!(store.read_lease().await.unwrap().unwrap().0, version);
    gate.open();
    assert_eq!(store.list().await.unwrap().segments, [1, 2, 3, 4]);
    Journal::read(store, "base").await.unwrap();
}

#[tokio::test]
async fn a_late_writer_that_misses_the_refusal_is_refused_when_it_asks_again() {
    let s3 = S3::new();
    let (store, gate) = s3.gated();
    let sleeper = write(&store).await.unwrap();
    landform::journal::unlock(&*store).await.unwrap();
    let compacting = Options { compact_segments: 5, compact_bytes: 1 << 10, keep_snapshots: 1, ..options() };
    let next = write_with(&store, compacting).await.unwrap();
    for record in creations(10) {
        next.append(record).await.unwrap();
    }
    let state = next.close().await.unwrap();
    // The segment is written, and the listing of snapshots fails as long as the client retries.
    let mut failures = 4;
    gate.judge(move |method, path| {
        if method == "GET" && path.contains("snapshot") && failures > 0 {
            failures -= 1;
            return Fate::Answer(503, "SlowDown");
        }
        Fate::Pass
    });
    let error = sleeper.append(Record::Outputs(Default::default())).await.unwrap_err();
    assert!(matches!(error, JournalError::Fenced { seq: 2, .. }), "{error}");
    gate.open();
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

#[test]
fn a_bad_url_says_what_was_expected() {
    let s3 = S3::new();
    for bad in
        ["s3://", "s3:///prefix", "s3://user:word@bucket/x", "s3://bucket/x?y", "gs://bücket/", "s3://b/a//b"]
    {
        let error = s3.open_at(bad, "http://127.0.0.1:1").unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::BadUrl, "{bad}: {error}");
        assert!(error.to_string().contains("s3://bucket/prefix"), "{error}");
        assert!(!error.to_string().contains("word"), "{error}");
        let error = Files::open_with(bad, s3.environment()).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::BadUrl, "{bad}: {error}");
    }
}

#[tokio::test]
async fn s3_keeps_the_contract_of_files() {
    let s3 = S3::new();
    for prefix in ["", "/deep/er"] {
        let files = s3.files(&format!("s3://{}{prefix}", s3.bucket()));
        contract::files_are_kept(&files).await;
    }
    let files = s3.files("s3://no-such-bucket");
    for error in [
        files.get("a/config").await.unwrap_err(),
        files.list("").await.unwrap_err(),
        files.put("a/config", Vec::new(), Expect::Nothing).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), StoreErrorKind::Missing, "{error}");
        assert!(error.to_string().contains("s3://no-such-bucket"), "{error}");
    }
}

#[tokio::test]
async fn a_file_whose_answer_got_lost_is_looked_for() {
    let s3 = S3::new();
    let gate = s3.gate();
    let mut environment = s3.environment();
    environment.push(("AWS_ENDPOINT_URL_S3", gate.url()));
    let files = Files::open_with(&format!("s3://{}", s3.bucket()), environment).unwrap();
    let lose_one = |fate: Fate| {
        let mut lost = Some(fate);
        gate.judge(move |method, _| match method {
            "PUT" => lost.take().unwrap_or(Fate::Pass),
            _ => Fate::Pass,
        });
    };
    lose_one(Fate::Lose(503, "SlowDown"));
    let version = files.put("a/config", b"one".to_vec(), Expect::Nothing).await.unwrap();
    assert_eq!(files.get("a/config").await.unwrap().unwrap().version, version);
    lose_one(Fate::Lose(412, "PreconditionFailed"));
    files.put("a/config", b"two".to_vec(), Expect::Version(&version)).await.unwrap();
    lose_one(Fate::Answer(403, "AccessDenied"));
    let error = files.put("a/config", b"three".to_vec(), Expect::Anything).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Denied, "{error}");
    assert_eq!(files.get("a/config").await.unwrap().unwrap().bytes, b"two");
}
