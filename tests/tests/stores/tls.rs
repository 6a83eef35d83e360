//! TLS to PostgreSQL: a real server with certificates of an authority that the test makes.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use landform::{
    journal::Journal,
    store::{self, Store, StoreErrorKind, contract},
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::{
    journals::{creations, options, write_with},
    postgres::unique,
};
use landform_testkit::postgres::Server;

/// The password of `guest`, which no error shows.
const PASSWORD: &str = "hush-hush";

/// A server with TLS, the file of its authority, and the file of another authority.
struct Secure {
    server: Server,
    authority: PathBuf,
    stranger: PathBuf,
    _files: TempDir,
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut asked = CertificateParams::new(Vec::new()).unwrap();
    asked.distinguished_name.push(DnType::CommonName, name);
    asked.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(asked, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate and its key in PEM, for one name.
fn certificate(name: &str, issuer: &Issuer<'static, KeyPair>) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let asked = CertificateParams::new(vec![name.to_owned()]).unwrap();
    (asked.signed_by(&key, issuer).unwrap().pem(), key.serialize_pem())
}

fn secure() -> Arc<Secure> {
    static SECURE: Mutex<Weak<Secure>> = Mutex::new(Weak::new());
    crate::shared(&SECURE, || {
        let files = tempfile::tempdir().unwrap();
        let [authority, stranger] = ["Our authority", "Another authority"].map(authority);
        let file = |name: &str, content: String| {
            let file = files.path().join(name);
            std::fs::write(&file, content).unwrap();
            file
        };
        let mut server = Server::start();
        // The certificate does not cover the server's address.
        let (certificate, key) = certificate("localhost", &authority);
        server.secure(&certificate, &key, PASSWORD);
        Secure {
            server,
            authority: file("authority.pem", authority.pem()),
            stranger: file("stranger.pem", stranger.pem()),
            _files: files,
        }
    })
}

impl Secure {
    /// The URL of a separate place, by a name of the server and these parameters.
    fn url(&self, user: &str, host: &str, parameters: &str) -> String {
        format!("postgres://{user}@{host}:{}/postgres?{parameters}#tls/{}", self.server.port(), unique())
    }
}

fn open(url: &str) -> Arc<dyn Store> {
    store::open_with(url, [("PGPASSWORD", PASSWORD)]).unwrap()
}

/// Checks that every call is refused with this kind and these words, without delay.
async fn assert_refused(url: &str, kind: StoreErrorKind, said: &[&str]) {
    let store = open(url);
    for error in [
        store.list().await.unwrap_err(),
        store.append(1, b"x".as_slice().into()).await.unwrap_err(),
        store.put_lease(None, b"x".to_vec()).await.unwrap_err(),
        store.put_snapshot(1, Box::new(std::iter::empty())).await.unwrap_err(),
    ] {
        let text = error.to_string();
        assert_eq!(error.kind(), kind, "{url}: {text}");
        assert!(said.iter().all(|said| text.contains(said)), "{url}: {text}");
        assert!(text.contains("cannot connect to postgres://"), "{text}");
        assert!(!text.contains(PASSWORD) && !format!("{error:?}").contains(PASSWORD), "{text}");
    }
}

#[tokio::test]
async fn a_server_with_a_certificate_of_the_authority_is_trusted() {
    let secure = secure();
    let root = secure.authority.display();
    for (host, parameters) in [
        ("localhost", format!("sslmode=verify-full&sslrootcert={root}")),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={root}")),
        ("127.0.0.1", format!("sslmode=require&sslrootcert={root}")),
        ("127.0.0.1", "sslmode=require".into()),
        ("127.0.0.1", String::new()),
    ] {
        // This role needs TLS and its password.
        let url = secure.url("guest", host, &parameters);
        contract::segments_are_kept(open(&url)).await;
    }
    let environment = [
        ("PGPASSWORD", PASSWORD.to_owned()),
        ("PGSSLMODE", "verify-full".to_owned()),
        ("PGSSLROOTCERT", root.to_string()),
    ];
    let store = store::open_with(&secure.url("guest", "localhost", ""), environment).unwrap();
    contract::snapshots_are_kept_and_replaced(store).await;
}

#[tokio::test]
async fn a_journal_is_kept_over_tls() {
    let secure = secure();
    let root = secure.authority.display();
    let store = open(&secure.url("guest", "localhost", &format!("sslmode=verify-full&sslrootcert={root}")));
    let writer = write_with(&store, landform::journal::Options { compact_segments: 4, ..options() }).await;
    let writer = writer.unwrap();
    for record in creations(10) {
        writer.append(record).await.unwrap();
    }
    let spoken = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                  WHERE application_name = 'landform' AND client_addr IS NOT NULL";
    assert_eq!(secure.server.sql("postgres", spoken), "t", "every connection is encrypted");
    let state = writer.close().await.unwrap();
    assert!(writer.notices().is_empty(), "{:?}", writer.notices());
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

#[tokio::test]
async fn who_cannot_be_trusted_is_told_nothing() {
    let secure = secure();
    let (root, stranger) = (secure.authority.display(), secure.stranger.display());
    let cases = [
        (
            "localhost",
            format!("sslmode=verify-full&sslrootcert={stranger}"),
            "UnknownIssuer",
            "sslrootcert=FILE",
        ),
        (
            "localhost",
            format!("sslmode=verify-ca&sslrootcert={stranger}"),
            "UnknownIssuer",
            "sslrootcert=FILE",
        ),
        ("localhost", format!("sslmode=require&sslrootcert={stranger}"), "UnknownIssuer", "sslrootcert=FILE"),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={root}"), "127.0.0.1", "sslmode=verify-ca"),
        ("localhost", "sslmode=verify-full".into(), "UnknownIssuer", "sslrootcert=FILE"),
        ("localhost", "sslmode=verify-ca&sslrootcert=/nowhere.pem".into(), "/nowhere.pem", "No such file"),
        ("localhost", "sslmode=verify-ca&sslrootcert=/dev/null".into(), "/dev/null", "no certificate"),
    ];
    for (host, parameters, what, advice) in cases {
        let url = secure.url("guest", host, &parameters);
        assert_refused(&url, StoreErrorKind::Untrusted, &[what, advice]).await;
    }
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_it_is_required() {
    let server = crate::postgres::shared();
    let port = server.port();
    for mode in ["require", "verify-full"] {
        let url = format!("postgres://landform:{PASSWORD}@localhost:{port}/postgres?sslmode={mode}");
        assert_refused(
            &url,
            StoreErrorKind::Untrusted,
            &["does not support TLS", "ssl = on", "sslmode=disable"],
        )
        .await;
    }
    for mode in ["prefer", "disable"] {
        let url = format!("{}?sslmode={mode}#plain/{}", server.url("postgres"), unique());
        contract::segments_are_kept(open(&url)).await;
    }
}

#[tokio::test]
async fn a_wrong_password_and_a_lack_of_tls_are_said_in_the_servers_words() {
    let secure = secure();
    let port = secure.server.port();
    let url = format!("postgres://guest:{PASSWORD}-not@127.0.0.1:{port}/postgres?sslmode=require");
    assert_refused(&url, StoreErrorKind::Denied, &["password authentication failed", "guest"]).await;
    let url = secure.url("guest", "127.0.0.1", "sslmode=disable");
    assert_refused(&url, StoreErrorKind::Denied, &["no encryption"]).await;
}

#[tokio::test]
async fn a_socket_needs_no_tls_whatever_is_said() {
    let secure = secure();
    let root = secure.authority.display();
    for parameters in ["sslmode=require".to_owned(), format!("sslmode=verify-full&sslrootcert={root}")] {
        let url = format!("{}?{parameters}#socket/{}", secure.server.socket_url("postgres"), unique());
        contract::segments_are_kept(open(&url)).await;
    }
}

/// The client retries a temporary error. This one is permanent.
#[tokio::test]
async fn a_run_is_not_kept_waiting_by_a_certificate() {
    let secure = secure();
    let stranger = secure.stranger.display();
    let url = secure.url("guest", "localhost", &format!("sslmode=verify-ca&sslrootcert={stranger}"));
    let patient = landform::journal::Options { retry_for: Duration::from_secs(86_400), ..options() };
    let error = write_with(&open(&url), patient).await.unwrap_err();
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
}
