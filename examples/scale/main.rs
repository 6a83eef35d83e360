//! Measures the engine on N resources: apply, no-op plan, destroy. A tool for comparing engines.
//!
//! ```text
//! cargo run --release --example scale -- --op apply --resources 2000 --shape tree --state /tmp/scale
//! ```
//!
//! State is on disk, or where a URL says; intents are durable before their effect. With `--ledger DIR` each effect
//! really happens: a file appears when a resource is made and goes when it is deleted, for an outsider to compare with
//! the state.

mod compare;
mod world;

use std::{
    error::Error, path::Path, path::PathBuf, process::ExitCode, sync::Arc, time::Duration, time::Instant,
};

use clap::{Parser, ValueEnum};
use landform::{ApplyOptions, Engine, Input, Plan, Provider, Ref, Stack, journal::Options};

use crate::world::{Node, World};

/// The measurement and its subject.
#[derive(Parser)]
#[command(about = "Measures Landform's engine on N resources")]
struct Arguments {
    /// The operation.
    #[arg(long, value_enum)]
    op: Op,
    /// The number of resources.
    #[arg(long, default_value_t = 1_000)]
    resources: usize,
    /// How they refer to each other.
    #[arg(long, value_enum, default_value = "tree")]
    shape: Shape,
    /// The state: a directory, or a URL such as s3://bucket/prefix. A comparison uses fresh directories.
    #[arg(long, required_if_eq_any = [("op", "plan"), ("op", "apply"), ("op", "noop"), ("op", "destroy")])]
    state: Option<String>,
    /// The latency of one effect.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// The maximum latency. Each resource gets its own latency between the two.
    #[arg(long)]
    latency_to_ms: Option<u64>,
    /// The directory in which effects really happen: one file for each resource.
    #[arg(long)]
    ledger: Option<PathBuf>,
    /// The version of every resource's input. Applying another version updates all resources.
    #[arg(long, default_value_t = 0, requires = "ledger")]
    revision: u64,
    /// The maximum number of concurrent steps. By default unlimited.
    #[arg(long)]
    parallelism: Option<usize>,
    /// How long the holder of the lease may be silent before another process takes over.
    #[arg(long, hide = true, value_parser = clap::value_parser!(u64).range(1..))]
    lease_seconds: Option<u64>,
    /// The number of segments after which the state is compacted.
    #[arg(long, hide = true)]
    compact_segments: Option<u64>,
    /// Prints one JSON object instead of a line.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// The state. Only a comparison works without one.
    fn state(&self) -> &str {
        self.state.as_deref().unwrap_or(".")
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Op {
    /// Plans without applying.
    Plan,
    /// Plans and applies.
    Apply,
    /// Plans an applied stack. A plan with changes is an error.
    Noop,
    /// Destroys everything.
    Destroy,
    /// Prints a table of all operations, next to `terraform` if it is installed.
    Compare,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shape {
    /// Resource i refers to i/10 and, beyond ten, to i-7 or i/7.
    Tree,
    /// No references.
    Flat,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if matches!(arguments.op, Op::Compare) {
        return compare::compare(arguments.resources);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let done = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run(&arguments)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", landform::Printable(error));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let world = Arc::new(World::new(
        arguments.ledger.clone(),
        world::Latency::new(arguments.latency_ms, arguments.latency_to_ms),
        arguments.resources,
        matches!(arguments.shape, Shape::Tree),
    )?);
    let provider = Provider::new("scale").with::<Node, World>(&world).with_concurrency(usize::MAX);
    let mut journal = Options::default();
    if let Some(seconds) = arguments.lease_seconds {
        journal.lease = Duration::from_secs(seconds);
    }
    if let Some(segments) = arguments.compact_segments {
        journal.compact_segments = segments;
    }
    // This provider shows new objects at once, so the engine need not wait.
    let engine = Engine::builder()
        .provider(provider)
        .state(arguments.state())
        .journal(journal)
        .lag(Duration::ZERO)
        .open()?;
    let stack = stack(arguments);
    let options =
        ApplyOptions { parallelism: arguments.parallelism.unwrap_or(usize::MAX), ..ApplyOptions::default() };
    match arguments.op {
        Op::Plan => report(&engine.plan(&stack).await?),
        Op::Noop => {
            let plan = engine.plan(&stack).await?;
            if !plan.is_empty() {
                return Err(format!("expected no changes, found {}", plan.changes.len()).into());
            }
        }
        Op::Apply => {
            let plan = engine.plan(&stack).await?;
            engine.apply_with(&plan, &options).await?.complete()?;
        }
        Op::Destroy => {
            let plan = engine.plan_destroy(&stack).await?;
            engine.apply_with(&plan, &options).await?.complete()?;
        }
        Op::Compare => unreachable!("compared before there is a runtime"),
    }
    print(arguments, began.elapsed(), &world)
}

fn report(plan: &Plan) {
    eprintln!("{}", landform::words::count(plan.changes.len(), "change"));
}

fn stack(arguments: &Arguments) -> Stack {
    let mut stack = Stack::new("scale");
    let mut outputs: Vec<Ref<String>> = Vec::with_capacity(arguments.resources);
    for number in 0..arguments.resources {
        let parents = match arguments.shape {
            Shape::Tree => world::parents(number),
            Shape::Flat => Vec::new(),
        };
        let parents = parents.into_iter().map(|parent| Input::from(&outputs[parent]));
        let node = Node::new(number as u64, world::input(number, arguments.revision)).parents(parents);
        outputs.push(stack.add(&format!("n{number}"), node).output());
    }
    stack
}

fn print(arguments: &Arguments, elapsed: Duration, world: &World) -> Result<(), Box<dyn Error>> {
    let op = match arguments.op {
        Op::Plan => "plan",
        Op::Apply => "apply",
        Op::Noop => "noop",
        Op::Destroy => "destroy",
        Op::Compare => "compare",
    };
    let (seconds, memory) = (elapsed.as_secs_f64(), peak_memory());
    let (journal, calls) = (journal(arguments.state())?, world.calls());
    if arguments.json {
        let line = serde_json::json!({
            "op": op,
            "resources": arguments.resources,
            "seconds": seconds,
            "peak_rss_bytes": memory,
            "journal_bytes": journal,
            "api_calls": calls,
        });
        println!("{line}");
    } else {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let journal =
            journal.map(|bytes| format!("{:.1} MB of journal, ", megabytes(bytes))).unwrap_or_default();
        println!(
            "{op} of {}: {seconds:.3} s, {:.0} MB at most, {journal}{calls} calls",
            arguments.resources,
            megabytes(memory),
        );
    }
    Ok(())
}

/// The peak memory of this process on Linux, else 0.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// The size of a journal in a directory. `None` for other stores.
fn journal(state: &str) -> std::io::Result<Option<u64>> {
    if state.contains("://") { Ok(None) } else { size(Path::new(state)).map(Some) }
}

/// The size of a directory's files. 0 if the directory does not exist.
fn size(directory: &Path) -> std::io::Result<u64> {
    let entries = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut bytes = 0;
    for entry in entries {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}
