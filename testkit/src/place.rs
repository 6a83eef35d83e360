//! A state, a ledger and the processes that work on them, with checks of the two.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use landform::{
    Address,
    journal::{IntentAction, Journal, JournalError, Lease, ObjectKey, State, holder},
    store::{self, LocalStore, Store},
};
use tempfile::TempDir;

use crate::examples::example;

/// The amount of work, and its speed.
#[derive(Clone, Copy)]
pub struct Size {
    /// The number of resources.
    pub resources: usize,
    /// The duration of each half of an effect, in milliseconds.
    pub latency: u64,
    /// The number of concurrent steps.
    pub parallelism: usize,
}

/// The time limit for each operation on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The user that every process works for.
pub const USER: &str = "somebody";

/// A state and a ledger, and the program that works on them.
pub struct Place {
    /// The amount of work.
    pub size: Size,
    /// The directory of the state, if it is in one.
    pub state: PathBuf,
    remote: Option<Remote>,
    /// The directory of the ledger: one file for each resource that exists.
    pub ledger: PathBuf,
    /// The directory that holds all of it.
    pub directory: TempDir,
}

/// A remote state: its URL and the environment variables for it.
struct Remote {
    url: String,
    environment: Vec<(&'static str, String)>,
}

impl Place {
    /// A new place, with the state in a directory.
    pub fn new(size: Size) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let [state, ledger] = ["state", "ledger"].map(|name| directory.path().join(name));
        Self { size, state, remote: None, ledger, directory }
    }

    /// A new place with the state at a URL. Only the ledger is in a directory.
    pub fn remote(size: Size, url: String, environment: Vec<(&'static str, String)>) -> Self {
        Self { remote: Some(Remote { url, environment }), ..Self::new(size) }
    }

    /// The store of the state.
    pub fn store(&self) -> Arc<dyn Store> {
        match &self.remote {
            None => Arc::new(LocalStore::new(&self.state)),
            Some(Remote { url, environment }) => store::open_with(url, environment.clone()).unwrap(),
        }
    }

    /// Runs the program on this place with arguments such as `apply --revision 1`.
    pub fn command(&self, operation: &str) -> Command {
        self.command_of(&example("scale"), operation)
    }

    /// Another program on this place.
    pub fn command_of(&self, program: &Path, operation: &str) -> Command {
        let mut command = Command::new(program);
        command
            .arg("--op")
            .args(operation.split(' '))
            .args(["--resources", &self.size.resources.to_string()])
            .args(["--latency-ms", &self.size.latency.to_string()])
            .args(["--parallelism", &self.size.parallelism.to_string()])
            .arg("--ledger")
            .arg(&self.ledger)
            .env("USER", USER)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .arg("--state");
        match &self.remote {
            None => command.arg(&self.state),
            Some(Remote { url, environment }) => command.arg(url).envs(environment.clone()),
        };
        command
    }

    /// Starts an operation.
    pub fn start(&self, operation: &str) -> Running {
        Running::new(self.command(operation))
    }

    /// Runs an operation that must succeed.
    pub fn run(&self, operation: &str) {
        let ended = self.start(operation).wait();
        assert!(ended.succeeded(), "{operation}: {ended:?}");
    }

    /// The state, read without a lease.
    pub fn read(&self) -> Result<State, JournalError> {
        let state = block_on(Journal::read(self.store(), "scale"))?.state().clone();
        state.verify().unwrap();
        Ok(state)
    }

    /// The lease on the stack, if somebody holds it.
    pub fn holder(&self) -> Option<Lease> {
        block_on(async { holder(&*self.store()).await }).unwrap()
    }

    /// Waits until a resource exists.
    pub fn wait_for_effects(&self, count: usize) {
        wait_until("effects", || self.made().len() >= count);
    }

    /// The existing resources, by the ledger alone.
    pub fn made(&self) -> Vec<Made> {
        let entries = match fs::read_dir(&self.ledger) {
            Ok(entries) => entries,
            Err(_) => return Vec::new(),
        };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        // A name that starts with a dot is a partial file of a killed process. It never counted.
        names.filter(|name| !name.starts_with('.')).map(Made::new).collect()
    }

    /// Checks a state after any interruption: every existing resource is recorded or has a pending attempt, none exists
    /// twice, and every recorded one exists or is being deleted.
    pub fn assert_explained(&self) {
        let state = self.read().unwrap_or_else(|error| panic!("the state cannot be read: {error}"));
        let made = self.made();
        assert_single(&made);
        for made in &made {
            let key = ObjectKey::new(made.address());
            let known = state.object(&key).is_some_and(|object| object.id == made.id);
            let sought = state.pending_on(&key).is_some_and(|open| open.intent.token.as_str() == made.token);
            assert!(known || sought, "lost: {} exists, and the state knows nothing of it", made.id);
        }
        for (key, object) in state.objects() {
            let exists = made.iter().any(|made| made.id == object.id);
            let going = state.pending_on(&key).is_some_and(|open| open.intent.action == IntentAction::Delete);
            assert!(exists || going, "imagined: {} is known and does not exist", object.id);
        }
    }

    /// Checks a complete state: exactly the recorded resources exist, each once, and nothing is left to do.
    pub fn assert_complete(&self, revision: u64) {
        self.assert_same(self.size.resources);
        self.run(&format!("noop --revision {revision}"));
        for made in self.made() {
            let text = fs::read_to_string(self.ledger.join(&made.id)).unwrap();
            let found: serde_json::Value = serde_json::from_str(&text).unwrap();
            let wanted = match revision {
                0 => format!("input-{}", made.number),
                _ => format!("input-{}.{revision}", made.number),
            };
            assert_eq!(found["input"], wanted, "{}", made.id);
        }
    }

    /// Checks that no resource exists and none is recorded.
    pub fn assert_gone(&self) {
        self.assert_same(0);
    }

    fn assert_same(&self, count: usize) {
        let state = self.read().unwrap();
        assert_eq!(state.pending().count(), 0, "a step is still pending");
        let made = self.made();
        assert_single(&made);
        let known: BTreeMap<String, Address> =
            state.objects().map(|(key, object)| (object.id.clone(), key.address)).collect();
        let exists: BTreeMap<String, Address> =
            made.iter().map(|made| (made.id.clone(), made.address())).collect();
        assert_eq!(known, exists, "the state and the ledger differ");
        assert_eq!(exists.len(), count);
        assert!(self.holder().is_none(), "a lease is left: {:?}", self.holder());
    }

    /// The runs in the order of their writes, from the segments. A run that wrote again after another run had started
    /// would appear twice.
    pub fn runs(&self) -> Vec<String> {
        block_on(async {
            let store = self.store();
            let mut runs: Vec<String> = Vec::new();
            for number in store.list().await.unwrap().segments {
                let text = String::from_utf8(store.read(number).await.unwrap()).unwrap();
                let (_checksum, header) = text.lines().next().unwrap().split_once(' ').unwrap();
                let header: serde_json::Value = serde_json::from_str(header).unwrap();
                runs.push(header["run"].as_str().unwrap().to_owned());
            }
            runs.dedup();
            runs
        })
    }
}

/// An existing resource, by the name of its file: `n7.lf-…`.
pub struct Made {
    /// Its id, which is the name of its file.
    pub id: String,
    /// Its number.
    pub number: usize,
    /// The token of the attempt that made it.
    pub token: String,
}

impl Made {
    fn new(id: String) -> Self {
        let (number, token) = id.strip_prefix('n').and_then(|rest| rest.split_once('.')).unwrap();
        Self { number: number.parse().unwrap(), token: token.to_owned(), id }
    }

    fn address(&self) -> Address {
        format!("scale_node.n{}", self.number).parse().unwrap()
    }
}

fn assert_single(made: &[Made]) {
    let mut by_number: BTreeMap<usize, &str> = BTreeMap::new();
    for made in made {
        if let Some(other) = by_number.insert(made.number, &made.id) {
            panic!("doubled: {other} and {}", made.id);
        }
    }
}

/// A running process. It is killed when dropped.
pub struct Running(Option<Child>);

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code, if it ended by itself.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Its standard error.
    pub errors: String,
}

impl Running {
    /// Starts a command.
    pub fn new(mut command: Command) -> Self {
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self(Some(child))
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.0.as_ref().unwrap().id()
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        self.0.as_mut().unwrap().try_wait().unwrap().is_none()
    }

    /// SIGKILL, at once.
    pub fn kill(mut self) -> Ended {
        self.0.as_mut().unwrap().kill().unwrap();
        self.wait()
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.id())]).status().unwrap();
        assert!(sent.success(), "cannot send {name}");
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Ended {
        let Output { status, stderr, .. } = self.0.take().unwrap().wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&stderr).into_owned();
        Ended { code: status.code(), signal: status.signal(), errors }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Ended {
    /// Whether it ended with status 0.
    pub fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// Checks that it failed properly: status 1 and one error with all of these words.
    pub fn assert_refused(&self, said: &[&str]) {
        assert_eq!(self.code, Some(1), "{self:?}");
        let error = self.errors.lines().next().unwrap_or_default();
        assert!(error.starts_with("error: "), "{self:?}");
        for said in said {
            assert!(self.errors.contains(said), "expected {said:?} in: {}", self.errors);
        }
        assert!(!self.errors.contains("panicked"), "{self:?}");
    }
}

/// Waits until something holds.
///
/// # Panics
/// It does not hold within [`PATIENCE`].
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Runs a future to its end on this thread.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
