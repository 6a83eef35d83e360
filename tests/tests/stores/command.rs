//! `examples/state` as its users run it, on every kind of store.

use std::process::Command;

use crate::{
    journals::{creations, write},
    postgres::{self, unique},
    s3::S3,
};
use landform_testkit::examples::example;

/// The output of one run of the program.
struct Said {
    good: bool,
    out: String,
    err: String,
}

fn state(url: &str, environment: &[(&str, String)], arguments: &[&str]) -> Said {
    let mut command = Command::new(example("state"));
    for name in ["LANDFORM_PASSPHRASE", "LANDFORM_KEY_COMMAND", "PGPASSWORD"] {
        command.env_remove(name);
    }
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    let output = command.args(["--state", url]).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { good: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
}

fn good(url: &str, environment: &[(&str, String)], arguments: &[&str]) -> String {
    let said = state(url, environment, arguments);
    assert!(said.good, "{arguments:?} on {url}: {}", said.err);
    said.out
}

fn refused(url: &str, environment: &[(&str, String)], arguments: &[&str], why: &str) {
    let said = state(url, environment, arguments);
    assert!(!said.good && said.out.is_empty() && said.err.contains(why), "{url}: {}{}", said.out, said.err);
}

#[tokio::test]
async fn a_state_moves_from_a_directory_to_a_bucket_to_a_database_under_keys() {
    let (s3, server) = (S3::new(), postgres::shared());
    let directory = tempfile::tempdir().unwrap();
    let local = directory.path().join("base").display().to_string();
    assert_eq!(good(&local, &[], &["list"]), "There is no state yet.\n");
    assert!(!directory.path().join("base").exists(), "looking creates no state");
    refused(&local, &[], &["export"], "there is no state yet");

    let store = landform::store::open(&local).unwrap();
    let writer = write(&store).await.unwrap();
    for record in creations(3) {
        writer.append(record).await.unwrap();
    }
    let held = good(&local, &[], &["unlock"]);
    assert!(held.contains("Removed the lease of") && held.contains("apply since"), "{held}");
    assert_eq!(good(&local, &[], &["unlock"]), "Nobody holds the lease.\n");
    let listed = "aws_vpc.v0  vpc-0\naws_vpc.v1  vpc-1\naws_vpc.v2  vpc-2\n";
    assert_eq!(good(&local, &[], &["list"]), listed);
    assert!(good(&local, &[], &["show", "aws_vpc.v1"]).contains("10.1.0.0/16"));
    refused(&local, &[], &["show", "aws_vpc.v9"], "aws_vpc.v9");
    assert!(good(&local, &[], &["history"]).contains("did not finish"));
    assert!(good(&local, &[], &["history", "0", "1"]).contains("+ aws_vpc.v2 (vpc-2)"));
    refused(&local, &[], &["history", "0", "7"], "no recorded run began with segment 7");
    refused(&local, &[], &["rotate"], "LANDFORM_PASSPHRASE");

    let document = directory.path().join("state.json").display().to_string();
    std::fs::write(&document, good(&local, &[], &["export"])).unwrap();
    let mut s3_key = s3.environment();
    let bucket = format!("s3://{}/base", s3.bucket());
    refused("s3://nowhere/base", &s3_key, &["list"], "NoSuchBucket");
    s3_key.push(("LANDFORM_PASSPHRASE", "open sesame".into()));
    good(&bucket, &s3_key, &["import", &document]);
    assert_eq!(good(&bucket, &s3_key, &["list"]), listed);
    refused(&bucket, &s3.environment(), &["list"], "it is encrypted");
    s3_key.push(("LANDFORM_NEW_PASSPHRASE", "open barley".into()));
    good(&bucket, &s3_key, &["rotate"]);
    refused(&bucket, &s3_key, &["list"], "this key does not open it");
    s3_key.push(("LANDFORM_PASSPHRASE", "open barley".into()));
    let again = good(&bucket, &s3_key, &["export"]);
    std::fs::write(&document, again).unwrap();

    let database = format!("{}#{}", server.url("postgres"), unique());
    let key = [("LANDFORM_KEY_COMMAND", "printf %064d 7".to_owned())];
    good(&database, &key, &["import", &document]);
    refused(&database, &key, &["import", &document], "already has 3 objects");
    assert_eq!(good(&database, &key, &["list"]), listed);
    refused(&local, &key, &["list"], "Open it without a key");
}

#[tokio::test]
async fn of_eight_processes_one_imports() {
    let (s3, server) = (S3::new(), postgres::shared());
    let directory = tempfile::tempdir().unwrap();
    let source = landform::store::open(&directory.path().join("source").display().to_string()).unwrap();
    let writer = write(&source).await.unwrap();
    for record in creations(50) {
        writer.enqueue(record).unwrap();
    }
    let document = directory.path().join("state.json").display().to_string();
    std::fs::write(&document, writer.close().await.unwrap().to_json().unwrap()).unwrap();
    let places = [
        (directory.path().join("base").display().to_string(), Vec::new()),
        (format!("s3://{}/base", s3.bucket()), s3.environment()),
        (format!("{}#{}", server.url("postgres"), unique()), Vec::new()),
    ];
    for (url, mut environment) in places {
        environment.push(("LANDFORM_KEY_COMMAND", "printf %064d 7".to_owned()));
        let said: Vec<Said> = std::thread::scope(|scope| {
            let runs: Vec<_> =
                (0..8).map(|_| scope.spawn(|| state(&url, &environment, &["import", &document]))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert_eq!(said.iter().filter(|said| said.good).count(), 1, "{url}");
        for said in said.iter().filter(|said| !said.good) {
            let why = ["is in use by", "already has 50 objects", "was taken over"];
            assert!(why.iter().any(|why| said.err.contains(why)), "{url}: {}", said.err);
        }
        assert_eq!(good(&url, &environment, &["list"]).lines().count(), 50);
    }
}
