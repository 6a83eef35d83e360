//! Runs each target of `fuzz/` with libFuzzer for a limited time. Coverage finds inputs that chance does not. Stable
//! Rust is enough, because no sanitizer is used. libFuzzer itself is C++.
//!
//! New inputs stay in the target folder, and the next run starts from them.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    thread,
};

use landform_testkit::{cargo, random::number, readers::READERS};

/// The compiler flags that cargo-fuzz uses without a sanitizer.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0 \
    --cfg fuzzing -Cdebug-assertions";

const FUZZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz");

#[test]
fn coverage_finds_no_input_that_breaks_a_reader() {
    if !has_cxx() {
        // Prints past the test harness, which hides the output of a passing test.
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

/// Not in the loop's head, which would hold the lock during the loop's body.
fn next(waiting: &Mutex<Vec<&'static str>>) -> Option<&'static str> {
    waiting.lock().unwrap().pop()
}

fn has_cxx() -> bool {
    let compiler = env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let asked = Command::new(compiler).arg("--version").stdin(Stdio::null()).output();
    asked.is_ok_and(|output| output.status.success())
}

/// Builds all targets in a folder beside the tests' folder. Returns that folder.
fn build() -> PathBuf {
    let (target, _) = cargo::folders().unwrap();
    let (target, host) = (target.join("fuzz"), host());
    let built = cargo::command()
        // The explicit target keeps build scripts and macros free of instrumentation.
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

/// Runs one target. On a finding, the error names the file with the input and the command to repeat it.
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
        // The time limit of one input on a busy machine, and the memory limit.
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
