//! Prints a table: every operation in a separate process, next to Terraform's figures if it is installed. It is for
//! people. No test depends on it.

use std::{
    error::Error,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value as Json;

use crate::world::{self, Latency};

type Answer<T> = Result<T, Box<dyn Error>>;

/// The numbers of resources that show the growth.
const LARGE: usize = 100_000;
const SMALL: usize = 1_000;

/// The latencies of the makespan test in milliseconds, and its number of resources.
const SPAN: (u64, u64) = (10, 2_000);
const SPANNED: usize = 500;

/// Prints the table.
pub fn compare(resources: usize) -> ExitCode {
    match table(resources) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn table(resources: usize) -> Answer<()> {
    let place = std::env::temp_dir().join(format!("landform-compare-{}", std::process::id()));
    fs::create_dir_all(&place)?;
    println!("{:44}{:>14}{:>20}{:>10}", "", "Landform", "Terraform", "ratio");
    let ours = measure(&place.join("tree"), resources)?;
    let theirs = terraform(&place.join("terraform"), resources)?;
    for (row, (name, ours)) in ours.iter().enumerate() {
        let theirs = theirs.as_ref().map(|theirs| &theirs[row]);
        line(&format!("{name}, tree, {resources}"), ours, theirs)?;
    }
    let small = measure(&place.join("small"), SMALL)?;
    let large = measure(&place.join("large"), LARGE)?;
    for (name, measured) in &large {
        line(&format!("{name}, tree, {LARGE}"), measured, None)?;
    }
    for ((name, small), (_, large)) in small.iter().zip(&large) {
        let exponent = (large.seconds / small.seconds).ln() / (LARGE as f64 / SMALL as f64).ln();
        println!("{:44}{exponent:>14.2}", format!("growth of {name}, {SMALL} to {LARGE}: exponent"));
    }
    let (took, path) = makespan(&place.join("makespan"))?;
    let name = format!("makespan of {SPANNED}, {} ms to {} s each", SPAN.0, SPAN.1 / 1_000);
    println!("{name:44}{took:>12.2} s   {:.3} x the critical path", took / path);
    let pages = large.iter().find(|(name, _)| *name == "no-op plan").map_or(0, |(_, noop)| noop.calls);
    println!("{:44}{pages:>14} calls in pages of 1000", format!("refresh of {LARGE}"));
    fs::remove_dir_all(&place)?;
    Ok(())
}

/// The cost of one operation.
struct Measured {
    seconds: f64,
    megabytes: f64,
    calls: u64,
}

fn measure(state: &Path, resources: usize) -> Answer<Vec<(&'static str, Measured)>> {
    let operations = [("apply", "apply"), ("no-op plan", "noop"), ("destroy", "destroy")];
    let measured = |(name, op)| Ok((name, median(times(op), || own(op, state, resources, &[]))?));
    operations.into_iter().map(measured).collect()
}

/// An operation that changes nothing can be measured several times.
fn times(op: &str) -> usize {
    if matches!(op, "noop" | "plan") { 3 } else { 1 }
}

/// The median measurement.
fn median(times: usize, mut measure: impl FnMut() -> Answer<Measured>) -> Answer<Measured> {
    let mut measured = (0..times).map(|_| measure()).collect::<Answer<Vec<_>>>()?;
    measured.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    Ok(measured.swap_remove(times / 2))
}

/// Runs this program again.
fn own(op: &str, state: &Path, resources: usize, more: &[String]) -> Answer<Measured> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--op", op, "--json", "--resources", &resources.to_string(), "--state"])
        .arg(state)
        .args(more)
        .stderr(Stdio::inherit())
        .output()?;
    let line: Json = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{op} of {resources} printed no figures: {error}"))?;
    let number = |key: &str| line[key].as_f64().unwrap_or(f64::NAN);
    Ok(Measured {
        seconds: number("seconds"),
        megabytes: number("peak_rss_bytes") / 1e6,
        calls: line["api_calls"].as_u64().unwrap_or(0),
    })
}

fn makespan(state: &Path) -> Answer<(f64, f64)> {
    let more =
        ["--latency-ms", &SPAN.0.to_string(), "--latency-to-ms", &SPAN.1.to_string()].map(String::from);
    let took = own("apply", state, SPANNED, &more)?.seconds;
    let latency = Latency::new(SPAN.0, Some(SPAN.1));
    let mut ready: Vec<Duration> = Vec::with_capacity(SPANNED);
    for number in 0..SPANNED {
        let after = world::parents(number).into_iter().map(|parent| ready[parent]).max().unwrap_or_default();
        ready.push(after + latency.of(number as u64));
    }
    let path = ready.into_iter().max().unwrap_or_default();
    Ok((took, path.as_secs_f64()))
}

/// The same tree of `terraform_data`. `None` if Terraform is not installed.
fn terraform(place: &Path, resources: usize) -> Answer<Option<Vec<Measured>>> {
    if Command::new("terraform").arg("version").stdout(Stdio::null()).status().is_err() {
        eprintln!("terraform is not installed: its column stays empty");
        return Ok(None);
    }
    fs::create_dir_all(place)?;
    let mut nodes = serde_json::Map::new();
    for number in 0..resources {
        let mut input = vec![Json::from(world::input(number, 0))];
        let parents = world::parents(number).into_iter();
        input.extend(parents.map(|parent| Json::from(format!("${{terraform_data.n{parent}.output[0]}}"))));
        nodes.insert(format!("n{number}"), serde_json::json!({ "input": input }));
    }
    let main = serde_json::json!({ "resource": { "terraform_data": nodes } });
    fs::write(place.join("main.tf.json"), main.to_string())?;
    run(place, &["init", "-input=false"])?;
    let steps: [&[&str]; 3] = [
        &["apply", "-auto-approve", "-input=false", "-no-color"],
        &["plan", "-input=false", "-no-color"],
        &["destroy", "-auto-approve", "-input=false", "-no-color"],
    ];
    let measured = |step: &[&str]| median(times(step[0]), || run(place, step));
    steps.into_iter().map(measured).collect::<Answer<Vec<_>>>().map(Some)
}

/// Runs Terraform and records its peak memory.
fn run(place: &Path, arguments: &[&str]) -> Answer<Measured> {
    let log: PathBuf = place.join("log");
    let began = Instant::now();
    let mut child = Command::new("terraform")
        .args(arguments)
        .current_dir(place)
        .stdout(fs::File::create(&log)?)
        .stderr(Stdio::inherit())
        .spawn()?;
    let mut kilobytes = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        kilobytes = kilobytes.max(peak(child.id()));
        std::thread::sleep(Duration::from_millis(20));
    };
    if !status.success() {
        return Err(format!("terraform {} failed: see {}", arguments.join(" "), log.display()).into());
    }
    Ok(Measured { seconds: began.elapsed().as_secs_f64(), megabytes: kilobytes as f64 / 1e3, calls: 0 })
}

fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok()).unwrap_or(0)
}

fn line(name: &str, ours: &Measured, theirs: Option<&Measured>) -> io::Result<()> {
    let shown = |measured: &Measured| format!("{:.3} s/{:.0} MB", measured.seconds, measured.megabytes);
    let (other, ratio) = match theirs {
        Some(theirs) => (shown(theirs), format!("{:.0} x", theirs.seconds / ours.seconds)),
        None => (String::new(), String::new()),
    };
    let mut out = io::stdout();
    writeln!(out, "{name:44}{:>14}{other:>20}{ratio:>10}", shown(ours))?;
    out.flush()
}
