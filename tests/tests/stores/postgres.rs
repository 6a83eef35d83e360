//! PostgreSQL on a real server: the contract, the journal, and a server that stops and restarts.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use landform::{
    ApplyOptions, Engine, Stack, aws,
    journal::{Journal, JournalError, Options, Record},
    sim::{Cloud, Latency},
    store::{self, Store, StoreErrorKind, contract},
};

use crate::journals::{self, creations, options, write, write_with};
use landform_testkit::postgres::Server;

pub fn shared() -> Arc<Server> {
    static SERVER: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    crate::shared(&SERVER, Server::start)
}

const NO_VARIABLES: [(&str, &str); 0] = [];

pub fn unique() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("d{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

fn open(url: &str) -> Arc<dyn Store> {
    store::open_with(url, NO_VARIABLES).unwrap()
}

/// A place that no other test uses, in a database whose tables may exist.
pub fn place(server: &Server) -> Arc<dyn Store> {
    open(&format!("{}#place/{}", server.url("postgres"), unique()))
}

fn tables(server: &Server, database: &str) -> String {
    server.sql(database, "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'landform%'")
}

#[tokio::test]
async fn postgres_keeps_the_contract() {
    let server = shared();
    contract::all(|| place(&server)).await;
}

#[tokio::test]
async fn a_journal_on_postgres_keeps_its_promises() {
    let server = shared();
    journals::all(|| place(&server)).await;
}

#[tokio::test]
async fn the_tables_appear_with_the_first_write() {
    let server = shared();
    let name = unique();
    let url = server.database(&name);
    contract::reading_creates_nothing(open(&url)).await;
    assert!(Journal::read(open(&url), "base").await.unwrap().state().is_empty());
    assert_eq!(tables(&server, &name), "0");
    // Eight connections find the tables missing at the same time.
    let begun = journals::futures(8, |i| {
        let store = open(&format!("{url}#{i}"));
        async move { write(&store).await.unwrap().close().await.unwrap() }
    });
    assert_eq!(begun.await.len(), 8);
    assert_eq!(tables(&server, &name), "3");
}

#[tokio::test]
async fn a_schema_can_be_chosen() {
    let server = shared();
    let name = unique();
    let url = server.database(&name);
    server.sql(&name, "CREATE SCHEMA infra");
    let store = open(&format!("{url}?options=-csearch_path%3Dinfra#base"));
    write(&store).await.unwrap().close().await.unwrap();
    assert_eq!(server.sql(&name, "SELECT count(*) FROM infra.landform_segments"), "2");
}

#[tokio::test]
async fn a_large_snapshot_goes_in_parts() {
    let server = shared();
    let store = place(&server);
    let writer = write_with(&store, Options { compact_segments: 1, ..options() }).await.unwrap();
    for record in creations(10_000) {
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
async fn what_the_server_refuses_is_said_in_its_words() {
    let server = shared();
    let there = server.url("postgres");
    let port = server.port();
    let cases = [
        (server.url("nowhere"), StoreErrorKind::Missing, "nowhere"),
        (format!("postgres://stranger@127.0.0.1:{port}/postgres"), StoreErrorKind::Denied, "stranger"),
        ("postgres://me:hush@127.0.0.1:1/db".into(), StoreErrorKind::Unavailable, "127.0.0.1:1/db#state"),
    ];
    for (url, kind, said) in cases {
        let store = open(&url);
        for error in [
            store.list().await.unwrap_err(),
            store.append(1, b"x".as_slice().into()).await.unwrap_err(),
            store.put_lease(None, b"x".to_vec()).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains(said) && !error.to_string().contains("hush"), "{error}");
        }
    }
    let store = open(&format!("{there}?options=-cdefault_transaction_read_only%3Don#reader"));
    let error = store.put_lease(None, b"x".to_vec()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::ReadOnly, "{error}");
    assert!(!format!("{store:?}").contains("hush"));
}

#[test]
fn a_bad_url_says_what_was_expected_and_no_password() {
    for bad in [
        "postgres://",
        "postgres:///db",
        "postgres://me:hush@host/db?sslmode=sometimes",
        "postgres://me:hush@host/db?sslmode=verify-ca",
        "postgres://me:hush@host/db?colour=red",
        "postgres://me:hush@host:port/db",
        "postgres://me:hush@host/db#",
        "postgres://me:hush@host/db#%zz",
        "postgres://me:hush@hush@host/db",
        "postgres://me:a?hush@host:port/db",
        "postgres://me:hush",
        "postgres://me:hush/db?sslmode=never",
    ] {
        let error = store::open_with(bad, NO_VARIABLES).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::BadUrl, "{bad}: {error}");
        let text = error.to_string();
        assert!(text.contains("postgres://user@host/database#place") && !text.contains("hush"), "{text}");
    }
}

#[tokio::test]
async fn a_server_that_was_restarted_is_found_again() {
    let mut server = Server::start();
    let store = open(&server.url("postgres"));
    let writer = write(&store).await.unwrap();
    let mut records = creations(4).into_iter();
    writer.append(records.next().unwrap()).await.unwrap();
    for crash in [false, true] {
        if crash {
            server.crash()
        } else {
            server.stop()
        }
        let waiting = writer.append(records.next().unwrap());
        let waiting = tokio::spawn(waiting);
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(!waiting.is_finished(), "it waits for the server");
        server.run();
        waiting.await.unwrap().unwrap();
    }
    let state = writer.close().await.unwrap();
    assert_eq!(Journal::read(store.clone(), "base").await.unwrap().state(), &state);

    // A reader does not wait, and needs no new store afterwards.
    server.stop();
    let error = Journal::read(store.clone(), "base").await.unwrap_err();
    let JournalError::Store(error) = error else { panic!("{error}") };
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    server.run();
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_in_mid_apply_loses_and_doubles_nothing() {
    let mut server = Server::start();
    let directory = tempfile::tempdir().unwrap();
    let cloud = Cloud::open(directory.path()).types(aws::types()).latency(Latency::none()).build().unwrap();
    let mut stack = Stack::new("base");
    for net in 0..12 {
        let range: landform::Cidr = format!("10.{net}.0.0/16").parse().unwrap();
        let vpc = stack.add(&format!("net-{net}"), aws::Vpc::new(range));
        for part in 0..16 {
            let range: landform::Cidr = format!("10.{net}.{part}.0/24").parse().unwrap();
            stack.add(&format!("part-{net}-{part}"), aws::Subnet::new(&vpc).cidr_block(range));
        }
    }
    let engine = Engine::builder()
        .provider(cloud.provider("aws"))
        .store(open(&server.url("postgres")))
        .journal(options())
        .open()
        .unwrap();
    let plan = engine.plan(&stack).await.unwrap();
    let applying = tokio::spawn({
        let (engine, plan) = (engine.clone(), plan);
        let slowly = ApplyOptions { parallelism: 2, ..ApplyOptions::default() };
        async move { engine.apply_with(&plan, &slowly).await }
    });
    for crash in [false, true, false] {
        let before = cloud.objects().unwrap().len();
        while !applying.is_finished() && cloud.objects().unwrap().len() < before + 10 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(!applying.is_finished(), "the restart comes in mid-apply: {:?}", applying.await);
        tokio::task::block_in_place(|| {
            if crash {
                server.crash()
            } else {
                server.stop()
            }
            std::thread::sleep(Duration::from_millis(200));
            server.run();
        });
    }
    let report = applying.await.unwrap().unwrap();
    assert!(report.is_complete(), "{report:?}");
    let state = engine.state("base").await.unwrap();
    assert_eq!(state.len(), 12 * 17);
    assert_eq!(state.pending().count(), 0);
    let known: BTreeSet<String> = state.objects().map(|(_, object)| object.id.clone()).collect();
    let there: BTreeSet<String> = cloud
        .objects()
        .unwrap()
        .into_iter()
        .filter(|o| o.by.is_some())
        .map(|object| object.id.clone())
        .collect();
    assert_eq!(known, there, "nothing lost, nothing doubled");
    assert!(cloud.doubles().unwrap().is_empty());
    assert!(engine.plan(&stack).await.unwrap().is_empty());
}
