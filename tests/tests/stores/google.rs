//! `gs://` by the emulated Cloud Storage: the contract, the journal, files, and two writers of one number. gcloud and
//! recordings check the emulator.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use landform::{
    journal::{Journal, Options, Record},
    store::{self, Expect, Files, Store, StoreErrorKind, contract},
};
use landform_gce_emulator::{Emulator, Fault, Settings, What};
use serde_json::json;

use crate::journals::{self, creations, options, write, write_with};

const BUCKET: &str = "landform-states";

struct Gs {
    emulator: Emulator,
    places: AtomicUsize,
}

impl Gs {
    async fn new() -> Self {
        let emulator = Emulator::start(Settings::default()).await.unwrap();
        let address = emulator.address();
        let make = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            let body = format!("{{\"name\":\"{BUCKET}\"}}");
            let (path, length) = ("/storage/v1/b?project=landform-test", body.len());
            write!(stream, "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
                .unwrap();
            write!(stream, "Content-Length: {length}\r\nConnection: close\r\n\r\n{body}").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        };
        tokio::task::spawn_blocking(make).await.unwrap();
        Self { emulator, places: AtomicUsize::new(0) }
    }

    /// A key without a private key: the library then sends no credentials.
    fn environment(&self) -> [(&'static str, String); 2] {
        let key = json!({
            "private_key": "", "private_key_id": "", "client_email": "", "disable_oauth": true,
        });
        [("GOOGLE_BASE_URL", self.emulator.url()), ("GOOGLE_SERVICE_ACCOUNT_KEY", key.to_string())]
    }

    fn open(&self, url: &str) -> Arc<dyn Store> {
        store::open_with(url, self.environment()).unwrap()
    }

    fn files(&self, url: &str) -> Files {
        Files::open_with(url, self.environment()).unwrap()
    }

    /// A store at a place that no other store has.
    fn fresh(&self) -> Arc<dyn Store> {
        let place = self.places.fetch_add(1, Ordering::Relaxed);
        self.open(&format!("gs://{BUCKET}/deep/er/place-{place}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn google_keeps_the_contract() {
    let gs = Gs::new().await;
    contract::all(|| gs.fresh()).await;
    contract::reading_creates_nothing(gs.fresh()).await;
    contract::a_number_is_won_once(gs.open(&format!("gs://{BUCKET}"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_on_google_keeps_its_promises() {
    let gs = Gs::new().await;
    journals::all(|| gs.fresh()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_snapshot_goes_to_google_in_parts() {
    let gs = Gs::new().await;
    let store = gs.fresh();
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

/// The answer to an append is lost, and the client sends it again: the second one is refused, and the store finds out
/// that its own append won.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_google_loses_and_doubles_nothing() {
    let gs = Gs::new().await;
    let store = gs.fresh();
    let writer = write(&store).await.unwrap();
    gs.emulator.inject(Fault::new("storage.xml.put", What::LoseAnswer).times(2));
    for record in creations(3) {
        writer.append(record).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    assert_eq!(state.len(), 3);
    assert_eq!(Journal::read(store, "base").await.unwrap().state(), &state);
}

#[tokio::test(flavor = "multi_thread")]
async fn google_keeps_the_contract_of_files() {
    let gs = Gs::new().await;
    contract::files_are_kept(&gs.files(&format!("gs://{BUCKET}/deep/er"))).await;
    let files = gs.files("gs://no-such-bucket");
    for error in [
        files.get("a/config").await.unwrap_err(),
        files.list("").await.unwrap_err(),
        files.put("a/config", Vec::new(), Expect::Nothing).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), StoreErrorKind::Missing, "{error}");
    }
}

/// Real processes on one stack whose state is at Google: raced, and stopped until another one has done their work.
#[cfg(target_os = "linux")]
mod rivals {
    use landform_testkit::{
        contest,
        place::{Place, Size},
        random::Random,
    };
    use tokio::runtime::Runtime;

    use super::*;

    const SIZE: Size = Size { resources: 24, latency: 40, parallelism: 4 };

    /// Slow enough for others to find it running.
    const SLOW: Size = Size { resources: 20, latency: 1_000, parallelism: 3 };

    /// The duration of a lease that its holder sleeps through.
    const LEASE: u64 = 4;

    /// A place, with its server and what runs the server.
    fn place(size: Size) -> (Runtime, Gs, Place) {
        let runtime = Runtime::new().unwrap();
        let gs = runtime.block_on(Gs::new());
        let place = Place::remote(size, format!("gs://{BUCKET}/base"), gs.environment().into());
        (runtime, gs, place)
    }

    #[test]
    fn eight_at_once_on_google() {
        let (_runtime, _gs, place) = place(SIZE);
        contest::at_once(&place, 8);
        contest::by_turns(&place, 8);
    }

    #[test]
    fn who_slept_past_its_lease_on_google_finds_its_work_done_and_stops() {
        let (_runtime, _gs, place) = place(SLOW);
        contest::sleeper_finds_its_work_done(&place, LEASE);
    }

    #[test]
    fn kills_at_any_time_lose_nothing_on_google() {
        let (_runtime, _gs, place) = place(SIZE);
        let mut random = Random::new(7);
        let mut kills = 0;
        for operation in ["apply", "apply --revision 1", "destroy"] {
            for _ in 0..8 {
                let running = place.start(operation);
                std::thread::sleep(random.time(std::time::Duration::from_millis(500)));
                kills += usize::from(running.kill().signal.is_some());
                place.assert_explained();
            }
            place.run(operation);
        }
        place.assert_gone();
        assert!(kills > 0, "every process ended before its kill");
    }
}
