//! A directory with specs, runs of the program in it, and checks of the result.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
};

use landform::{
    aws, gce,
    journal::{Journal, State},
    sim::{Cloud, Existing},
    store::{LocalStore, Store},
};
use serde_json::Value as Json;
use tempfile::TempDir;

use landform_testkit::examples::example;

pub const WORKING: &str = include_str!("../../../examples/fairwinds/working.yml");
pub const PRODUCTION: &str = include_str!("../../../examples/fairwinds/production.yml");

/// The objects that existed in the cloud before: a zone, and a bucket of each cloud.
pub const BEFORE: [&str; 3] = ["/hostedzone/Z1FAIRWINDS", "fairwinds-state", "fairwinds-state"];

pub struct Desk {
    directory: TempDir,
}

/// The output of a process and its exit status.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub errors: String,
}

impl Desk {
    /// A directory with both clusters' specs.
    pub fn new() -> Self {
        let desk = Self { directory: tempfile::tempdir().unwrap() };
        desk.write("working.yml", WORKING);
        desk.write("production.yml", PRODUCTION);
        desk
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Writes a text with one replacement. The replaced part must occur in it.
    pub fn write_changed(&self, name: &str, text: &str, from: &str, to: &str) {
        assert!(text.contains(from), "{from:?} is not in the text");
        self.write(name, text.replace(from, to));
    }

    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(example("fairwinds"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.path())
            .env("TMPDIR", self.path())
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &str) -> Ran {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let [out, errors] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ran { code: status.code(), out, errors }
    }

    /// Runs a command that must succeed.
    pub fn succeed(&self, arguments: &str) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments}: {ran:?}");
        ran
    }

    /// All files in the directory with their contents.
    pub fn listing(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let (mut found, mut open) = (BTreeMap::new(), vec![self.path().to_owned()]);
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    found.insert(path.clone(), None);
                    open.push(path);
                } else {
                    found.insert(path.clone(), Some(fs::read(path).unwrap()));
                }
            }
        }
        found
    }

    /// Runs a command that must be refused: status 1, an error with all of these words, nothing created or written.
    pub fn refuse(&self, arguments: &str, said: &[&str]) -> Ran {
        let before = self.listing();
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments}: {ran:?}");
        for said in said {
            assert!(ran.errors.contains(said), "{arguments}: expected {said:?} in: {}", ran.errors);
        }
        assert!(ran.errors.contains("error: ") && !ran.errors.contains("panicked"), "{ran:?}");
        let after = self.listing();
        let names = |listing: &BTreeMap<PathBuf, _>| listing.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&before), names(&after), "{arguments}: the cloud changed");
        assert!(before == after, "{arguments}: a file changed");
        ran
    }

    /// The embedded cloud beside a state, opened separately.
    pub fn cloud(&self, state: &str) -> Cloud {
        let cloud = Cloud::open(self.path().join(state).with_extension("cloud"));
        cloud.types(aws::types()).types(gce::types()).build().unwrap()
    }

    /// The objects that the program made in the cloud.
    pub fn made(&self, state: &str) -> Vec<Existing> {
        let mut objects = self.cloud(state).objects().unwrap();
        objects.retain(|object| !BEFORE.contains(&&*object.id) && !object.deleting);
        objects
    }

    /// The ids of a type, in order.
    pub fn ids(&self, state: &str, type_name: &str) -> Vec<String> {
        let made = self.made(state).into_iter().filter(|object| object.type_name == type_name);
        let mut ids: Vec<String> = made.map(|object| object.id).collect();
        ids.sort();
        ids
    }

    pub fn state(&self, state: &str) -> State {
        let store: Arc<dyn Store> = Arc::new(LocalStore::new(self.path().join(state)));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let journal = runtime.block_on(Journal::read(store, "fairwinds")).unwrap();
        journal.state().verify().unwrap();
        journal.state().clone()
    }

    /// Checks that the cloud has exactly the objects of the state, each once.
    pub fn assert_same(&self, state: &str, count: usize) {
        let known = self.state(state);
        assert_eq!(known.pending().count(), 0, "a step is still pending");
        let mut ids: Vec<(String, String)> =
            known.objects().map(|(_, object)| (object.type_name.to_string(), object.id.clone())).collect();
        ids.sort();
        let made = self.made(state).into_iter().map(|object| (object.type_name.to_string(), object.id));
        let mut made: Vec<(String, String)> = made.collect();
        made.sort();
        assert_eq!(ids, made, "the state and the cloud differ");
        assert_eq!(made.len(), count);
        let doubles = self.cloud(state).doubles().unwrap();
        assert!(doubles.is_empty(), "doubled: {doubles:?}");
    }
}

impl Ran {
    pub fn assert_says(&self, said: &[&str]) {
        for said in said {
            assert!(self.out.contains(said), "expected {said:?} in: {}", self.out);
        }
    }

    /// Every line of the output. Each must be a JSON object.
    pub fn lines(&self) -> Vec<Json> {
        let parse = |line: &str| match serde_json::from_str(line) {
            Ok(object @ Json::Object(_)) => object,
            other => panic!("{line:?} is not a JSON object: {other:?}"),
        };
        self.out.lines().map(parse).collect()
    }

    /// The last line: its event, and the counts of added, changed, replaced and destroyed resources.
    pub fn counts(&self) -> (String, [u64; 4]) {
        let last = self.lines().pop().unwrap();
        let count = |name: &str| last[name].as_u64().unwrap_or_else(|| panic!("no {name} in {last}"));
        let event = last["event"].as_str().unwrap().to_owned();
        (event, ["added", "changed", "replaced", "destroyed"].map(count))
    }
}
