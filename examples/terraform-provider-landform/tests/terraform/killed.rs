//! An engine that hosts a plugin under a holder, killed at random moments. What exists is counted in the file of the
//! plugin's cloud, which neither engine nor holder writes.
#![cfg(unix)]

mod files;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use landform::serde_json::{self, Value as Json};
use landform_testkit::random::{Random, number};

use crate::bench::BINARY;

const PROGRAM: &str = env!("CARGO_BIN_EXE_landform-hosted");

/// How many resources there are.
const COUNT: usize = 20;

/// The approximate duration of an undisturbed operation, from its first effect on.
const LONGEST: Duration = Duration::from_millis(300);

/// How long the end of a process may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with a cloud, a state, and the programs that work on them. The programs are copies, so that their processes
/// are told from all others.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(plugin: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (from, name) in [(Path::new(PROGRAM), "program"), (plugin, "plugin")] {
            let to = folder.path().join(name);
            fs::hard_link(from, &to).or_else(|_| fs::copy(from, &to).map(drop)).unwrap();
        }
        Self { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, count: usize, revision: usize) -> Command {
        let mut command = Command::new(self.at("program"));
        command.args([self.at("plugin"), self.folder.path().to_owned()]);
        command.args([count.to_string(), revision.to_string()]);
        command
    }

    /// Applies and is killed at a random moment after the first effect may have begun. Returns whether it was.
    fn interrupt(&self, count: usize, revision: usize, random: &mut Random) -> bool {
        let mut running = self.command(count, revision).stdout(Stdio::piped()).spawn().unwrap();
        // It stays open, so that the program can go on printing.
        let mut said = BufReader::new(running.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert_eq!(line, "applying\n");
        thread::sleep(random.time(LONGEST));
        kill(&mut running)
    }

    /// Applies to the end, and returns how many changes there were.
    fn run(&self, count: usize, revision: usize) -> Result<usize, Output> {
        let output = self.command(count, revision).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let changes = said.lines().find_map(|line| line.strip_suffix(" changes")?.parse().ok());
        changes.filter(|_| output.status.success()).ok_or(output)
    }

    /// The resources of the cloud: how many have each name, and their revisions.
    fn resources(&self) -> BTreeMap<String, Vec<Json>> {
        let text = fs::read_to_string(self.at("cloud/ledger.log")).unwrap_or_default();
        let mut by_id = BTreeMap::new();
        for line in text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok()) {
            let id = line["id"].clone().to_string();
            match line["effect"].as_str() {
                Some("created" | "updated") => drop(by_id.insert(id, line["arguments"].clone())),
                Some("deleted") => drop(by_id.remove(&id)),
                _ => {}
            }
        }
        let mut by_name: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        for arguments in by_id.into_values() {
            let name = arguments["name"].as_str().unwrap().to_owned();
            by_name.entry(name).or_default().push(arguments["labels"]["revision"].clone());
        }
        by_name
    }

    /// Everything exists once with this revision, a further apply changes nothing, and nothing else is left.
    fn assert_complete(&self, count: usize, revision: usize) {
        let resources = self.resources();
        let wanted = Json::from(revision.to_string());
        assert_eq!(resources.len(), count, "lost: {resources:?}");
        assert!(resources.values().all(|one| *one == [wanted.clone()]), "doubled or old: {resources:?}");
        assert_eq!(self.run(count, revision).unwrap(), 0);
        self.assert_nobody();
    }

    /// No process of this place runs any more.
    fn assert_nobody(&self) {
        let began = Instant::now();
        loop {
            let left = self.processes();
            if left.is_empty() {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "these processes are left: {left:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn processes(&self) -> Vec<String> {
        let all = fs::read_dir("/proc").unwrap().flatten();
        let ours = all.filter(|process| {
            fs::read_link(process.path().join("exe")).is_ok_and(|exe| exe.starts_with(self.folder.path()))
        });
        ours.map(|process| process.file_name().to_string_lossy().into_owned()).collect()
    }

    /// The text of all logs of holders.
    fn logs(&self) -> String {
        let folders = fs::read_dir(self.at("held")).unwrap().flatten();
        folders.filter_map(|folder| fs::read_to_string(folder.path().join("log")).ok()).collect()
    }
}

/// Whether it still ran.
fn kill(running: &mut Child) -> bool {
    running.kill().unwrap();
    running.wait().unwrap().signal().is_some()
}

#[test]
fn an_engine_that_is_killed_while_it_hosts_a_plugin_loses_and_doubles_nothing() {
    println!("LANDFORM_SEED={} repeats this", number("LANDFORM_SEED", 1));
    let (kills, wanted) = (AtomicUsize::new(0), number("LANDFORM_KILLS", 100) as usize);
    thread::scope(|scope| {
        for lane in 0..4 {
            let kills = &kills;
            scope.spawn(move || {
                let mut random = Random::new(lane);
                while kills.load(Ordering::Relaxed) < wanted {
                    kills.fetch_add(life(&mut random), Ordering::Relaxed);
                }
            });
        }
    });
    println!("{} processes were killed", kills.into_inner());
}

/// Creates, changes and deletes everything, with kills. Returns how many processes were killed.
fn life(random: &mut Random) -> usize {
    let place = Place::new(Path::new(BINARY));
    let mut kills = 0;
    for (count, revision) in [(COUNT, 0), (COUNT, 1), (0, 0)] {
        for _ in 0..1 + random.below(if revision == 0 && count > 0 { 14 } else { 4 }) {
            kills += usize::from(place.interrupt(count, revision, random));
        }
        if let Err(output) = place.run(count, revision) {
            panic!("{output:?}");
        }
        place.assert_complete(count, revision);
    }
    assert!(!place.logs().contains("answered\":["), "answers are left: {}", place.logs());
    kills
}

/// Waits until the cloud has begun to create, and ends the holder and the plugin, and then the engine.
#[test]
fn a_creation_whose_holder_was_killed_is_reported_and_not_repeated() {
    let place = Place::new(Path::new(BINARY));
    let mut running = place.command(COUNT, 0).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = BufReader::new(running.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let began = Instant::now();
    while !place.logs().contains("begun") {
        assert!(began.elapsed() < PATIENCE, "no creation begins");
        thread::sleep(Duration::from_millis(2));
    }
    let engine = running.id().to_string();
    for process in place.processes().iter().filter(|process| **process != engine) {
        Command::new("kill").args(["-9", process]).status().unwrap();
    }
    kill(&mut running);
    place.assert_nobody();
    let before = place.resources();
    assert!(before.values().all(|one| one.len() == 1), "{before:?}");
    let refused = place.run(COUNT, 0).unwrap_err();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("landform_network.n") && said.contains("was interrupted"), "{said}");
    let after = place.resources();
    assert_eq!(before, after, "nothing is created until a person has decided");
}
