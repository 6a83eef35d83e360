//! The targets of `fuzz/`, each run by libFuzzer for a bounded time from its corpus: coverage leads it to what chance
//! does not find. Stable Rust does, since no sanitizer is used; libFuzzer itself is C++.
//!
//! What it finds on the way stays in the target folder and is where the next run begins.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    thread,
};

use landform_testkit::{cargo, random::number, readers::READERS};

/// What cargo-fuzz gives to the compiler where no sanitizer is asked for.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0 \
    --cfg fuzzing -Cdebug-assertions";

const FUZZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz");

#[test]
fn coverage_finds_no_input_that_breaks_a_reader() {
    if !has_cxx() {
        // Past the test harness, which keeps to itself what a passing test prints.
        let missing = "\nNOT FUZZED: libFuzzer needs a C++ compiler, and neither $CXX nor c++ is one (apt-get install \
                       g++). The readers were fed random changes only.\n";
        std::io::stderr().write_all(missing.as_bytes()).unwrap();
        return;
    }
    let programs = build();
    let waiting = Mutex::new(READERS.map(|(name, _)| name).to_vec());
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(name) = next(&waiting) {
                    if let Err(problem) = fuzz(&programs, name) {
                        failed.lock().unwrap().push(problem);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// Not in the loop's head, where the lock would be held for the loop's body.
fn next(waiting: &Mutex<Vec<&'static str>>) -> Option<&'static str> {
    waiting.lock().unwrap().pop()
}

fn has_cxx() -> bool {
    let compiler = env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let asked = Command::new(compiler).arg("--version").stdin(Stdio::null()).output();
    asked.is_ok_and(|output| output.status.success())
}

/// Builds all targets, in a folder beside what the tests are built in; gives where they are.
fn build() -> PathBuf {
    let (target, _) = cargo::folders().unwrap();
    let (target, host) = (target.join("fuzz"), host());
    let built = cargo::command()
        // Named, so that build scripts and macros are not instrumented.
        .args(["build", "--release", "--bins", "--target", &host])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(FUZZ)
        .env("RUSTFLAGS", FLAGS)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "the fuzz targets do not build:\n{}",
        String::from_utf8_lossy(&built.stderr)
    );
    target.join(host).join("release")
}

fn host() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let told = Command::new(rustc).arg("-vV").output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.unwrap_or_else(|| panic!("rustc does not tell its host: {told}")).to_owned()
}

/// Runs one target. Where it finds something, that is in a file, and the error says which and how to see it again.
fn fuzz(programs: &Path, name: &str) -> Result<(), String> {
    let program = programs.join(name);
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz").join(name);
    let (found, broken) = (place.join("found"), place.join("broken"));
    for folder in [&found, &broken] {
        fs::create_dir_all(folder).unwrap();
    }
    let corpus = fs::canonicalize(FUZZ).unwrap().join("corpus").join(name);
    let seconds = number("LANDFORM_FUZZ_SECONDS", 8);
    let output = Command::new(&program)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", broken.display()))
        // How long one input may take, on a busy machine, until it counts as a hang; and how much memory.
        .args(["-timeout=120", "-rss_limit_mb=4096", "-print_final_stats=1"])
        .args([&found, &corpus])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        let count = said.lines().find(|line| line.contains("inline 8-bit counters"));
        return count.map(drop).ok_or_else(|| format!("{name}: not instrumented:\n{said}"));
    }
    let input = said.lines().find_map(|line| line.split_once("Test unit written to ")).map(|(_, path)| path);
    let again = match input {
        Some(input) => format!("See it again: {} {input}", program.display()),
        None => format!("See it again: {} {}", program.display(), corpus.display()),
    };
    Err(format!(
        "the reader of {name} is broken by an input.\n{said}\n{again}\nThen keep it in {}",
        corpus.display()
    ))
}
