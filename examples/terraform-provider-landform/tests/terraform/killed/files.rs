//! The same with a provider that others wrote: `hashicorp/local`, which knows no tokens. After each kill, the files on
//! the disk are compared with those of the state. A creation that is repeated writes its file again, which the time of
//! the file shows.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Output, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use landform::Engine;
use landform_testkit::random::{Random, number};

use super::{Place, kill};
use crate::real::binary;

/// How many files there are.
const COUNT: usize = 40;

/// The stages of a life: how many files there are, and their revision. A change of `local_file` is a replacement.
const STAGES: [(usize, usize); 3] = [(COUNT, 0), (COUNT, 1), (0, 0)];

/// How many applies are started in a stage at most.
const APPLIES: usize = 5;

/// What is killed.
#[derive(Clone, Copy, PartialEq)]
enum Victim {
    Engine,
    /// The engine, the holder and the plugin, as when the machine stops.
    All,
}

/// What was counted.
#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    /// How many of them hit the holder and the plugin too.
    of_all: usize,
    /// How many of them left a part of the files in the wanted revision.
    halfway: usize,
    /// The creations that were reported as undecided.
    undecided: usize,
}

impl Tally {
    fn add(&mut self, more: &Self) {
        self.kills += more.kills;
        self.of_all += more.of_all;
        self.halfway += more.halfway;
        self.undecided += more.undecided;
    }
}

/// The files on the disk: what each of them contains, and when it was written.
type Files = BTreeMap<String, (String, SystemTime)>;

#[test]
fn an_engine_that_is_killed_while_it_hosts_a_real_provider_loses_and_doubles_nothing() {
    let Some(plugin) = binary("local") else { return };
    println!("LANDFORM_SEED={} repeats this", number("LANDFORM_SEED", 1));
    let (kills, wanted) = (AtomicUsize::new(0), number("LANDFORM_KILLS", 16) as usize);
    let all = Mutex::new(Tally::default());
    thread::scope(|scope| {
        for lane in 0..2 {
            let (kills, all, plugin) = (&kills, &all, plugin.as_path());
            scope.spawn(move || {
                let mut random = Random::new(lane);
                let lengths = undisturbed(plugin);
                while kills.load(Ordering::Relaxed) < wanted {
                    let tally = life(plugin, &lengths, &mut random);
                    kills.fetch_add(tally.kills, Ordering::Relaxed);
                    all.lock().unwrap().add(&tally);
                }
            });
        }
    });
    let Tally { kills, of_all, halfway, undecided } = all.into_inner().unwrap();
    println!(
        "{kills} kills, {of_all} of them with the holder and the plugin; {halfway} left a part of the files; \
         {undecided} creations were reported as undecided; no file was lost or written twice"
    );
}

/// How long each stage takes from its first effect on, when nobody is killed.
fn undisturbed(plugin: &Path) -> [Duration; STAGES.len()] {
    let place = Place::new(plugin);
    STAGES.map(|(count, revision)| {
        let mut running = place.command(count, revision).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(running.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert_eq!(line, "applying\n");
        let began = Instant::now();
        said.read_to_string(&mut line).unwrap();
        assert!(running.wait().unwrap().success());
        began.elapsed()
    })
}

/// Creates, replaces and deletes all files, with kills.
fn life(plugin: &Path, lengths: &[Duration], random: &mut Random) -> Tally {
    let place = Place::new(plugin);
    let mut tally = Tally::default();
    for ((count, revision), length) in STAGES.into_iter().zip(lengths) {
        let mut written = Files::new();
        for _ in 0..1 + random.below(APPLIES) {
            let victim = if random.below(4) == 0 { Victim::All } else { Victim::Engine };
            let killed = place.kill_during(count, revision, victim, random.time(*length));
            place.assert_nobody();
            let files = place.files();
            assert_kept(&mut written, &files, revision);
            if killed {
                let there = files.iter().filter(|(name, file)| file.0 == content(name, revision)).count();
                tally.kills += 1;
                tally.of_all += usize::from(victim == Victim::All);
                tally.halfway += usize::from(if count > 0 { there < count } else { !files.is_empty() });
            }
            let undecided = place.settle(count, revision);
            assert!(
                undecided.is_empty() || (killed && victim == Victim::All),
                "undecided although holder and plugin could finish: {undecided:?}"
            );
            written.retain(|name, _| !undecided.contains(name));
            tally.undecided += undecided.len();
        }
        if let Err(output) = place.run(count, revision) {
            panic!("{output:?}");
        }
        let files = place.files();
        assert_kept(&mut written, &files, revision);
        place.assert_like_state(&files);
        let names: BTreeSet<String> = (0..count).map(|number| format!("n{number}")).collect();
        assert_eq!(files.keys().cloned().collect::<BTreeSet<_>>(), names);
        assert!(files.iter().all(|(name, file)| file.0 == content(name, revision)), "old: {files:?}");
        assert_eq!(place.run(count, revision).unwrap(), 0);
        place.assert_nobody();
    }
    tally
}

/// What a file contains in a revision.
fn content(name: &str, revision: usize) -> String {
    format!("{name} in revision {revision}")
}

/// A file that has been written in this revision stays as it is. Notes those that are new.
fn assert_kept(written: &mut Files, now: &Files, revision: usize) {
    for (name, file) in written.iter() {
        assert_eq!(now.get(name), Some(file), "{name} was lost or written again");
    }
    let wanted = now.iter().filter(|(name, file)| file.0 == content(name, revision));
    written.extend(wanted.map(|(name, file)| (name.clone(), file.clone())));
}

impl Place {
    /// Applies, and kills at a moment after the first effect may have begun. Returns whether the engine still ran.
    fn kill_during(&self, count: usize, revision: usize, victim: Victim, moment: Duration) -> bool {
        let mut running = self.command(count, revision).stdout(Stdio::piped()).spawn().unwrap();
        // It stays open, so that the program can go on printing.
        let mut said = BufReader::new(running.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert_eq!(line, "applying\n");
        thread::sleep(moment);
        if victim == Victim::All {
            let processes = self.processes();
            // Some of them may have ended in the meantime.
            Command::new("kill").arg("-9").args(&processes).stderr(Stdio::null()).status().unwrap();
        }
        kill(&mut running)
    }

    /// Plans until nothing is open any more, and decides as a person would: deletes the file of each creation that is
    /// reported as undecided, and forgets the creation. Then the disk and the state are alike. Returns the files'
    /// names.
    fn settle(&self, count: usize, revision: usize) -> BTreeSet<String> {
        let mut undecided = BTreeSet::new();
        loop {
            let Output { status, stderr, .. } = self.command(count, revision).arg("plan").output().unwrap();
            if status.success() {
                break;
            }
            let said = String::from_utf8(stderr).unwrap();
            let (before, _) = said.split_once(": an attempt (token ").unwrap_or_else(|| panic!("{said}"));
            let address = before.rsplit(char::is_whitespace).next().unwrap();
            assert!(said.contains("it is unknown whether it took effect"), "{said}");
            let name = address.strip_prefix("local_file.").unwrap().to_owned();
            // Whether it exists is what nobody knew.
            let _ = fs::remove_file(self.at("files").join(&name));
            on_state(async {
                self.state().forget("hosted", &[address.parse().unwrap()]).await.unwrap();
            });
            assert!(undecided.insert(name), "reported again: {said}");
        }
        self.assert_nobody();
        self.assert_like_state(&self.files());
        undecided
    }

    /// Each file on the disk is in the state, and each file of the state is on the disk.
    fn assert_like_state(&self, files: &Files) {
        let state = on_state(async { self.state().state("hosted").await.unwrap() });
        let recorded: Vec<String> = state
            .objects()
            .map(|(_, object)| {
                let filename = object.args.value().unwrap()["filename"].as_str().unwrap().to_owned();
                Path::new(&filename).file_name().unwrap().to_string_lossy().into_owned()
            })
            .collect();
        let once: BTreeSet<&String> = recorded.iter().collect();
        assert_eq!(once.len(), recorded.len(), "two objects of the state have one file: {recorded:?}");
        assert_eq!(once, files.keys().collect(), "the state and the disk");
    }

    /// An engine that only reads and changes the state.
    fn state(&self) -> Engine {
        Engine::builder().state_dir(self.at("state")).open().unwrap()
    }

    fn files(&self) -> Files {
        let entries = fs::read_dir(self.at("files")).into_iter().flatten().flatten();
        let files = entries.map(|entry| {
            let written = entry.metadata().unwrap().modified().unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, (fs::read_to_string(entry.path()).unwrap(), written))
        });
        files.collect()
    }
}

fn on_state<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
