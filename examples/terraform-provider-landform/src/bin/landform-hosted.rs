//! A program that hosts a plugin under a holder. It applies a number of resources, or none, in a folder: networks of this
//! example's plugin, or files of `hashicorp/local`.
//!
//! ```text
//! landform-hosted PLUGIN FOLDER COUNT REVISION [plan]
//! ```
//!
//! It prints `applying` before the first effect, and the number of changes at the end. With `plan` it only settles what
//! an earlier run left open, and plans.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use landform::{
    Engine, Stack,
    serde_json::{Value as Json, json},
    terraform::{Launch, Plugin, hold_plugins},
};

/// How many calls of the plugin run at a time.
const AT_A_TIME: usize = 8;

/// How long each call of the plugin's cloud takes, in milliseconds.
const LATENCY: u64 = 20;

type Failure = Box<dyn std::error::Error>;

struct Wanted {
    plugin: PathBuf,
    folder: PathBuf,
    count: usize,
    revision: u64,
    applies: bool,
}

/// What the resources are.
#[derive(Clone, Copy)]
enum Kind {
    Network,
    File,
}

impl Kind {
    fn type_name(self) -> &'static str {
        match self {
            Self::Network => "landform_network",
            Self::File => "local_file",
        }
    }

    /// The configuration of the plugin.
    fn configuration(self, folder: &Path) -> Json {
        match self {
            Self::Network => json!({ "directory": folder.join("cloud"), "latency": LATENCY }),
            Self::File => json!({}),
        }
    }

    /// The arguments of a resource.
    fn arguments(self, folder: &Path, name: &str, revision: u64) -> Json {
        match self {
            Self::Network => {
                let labels = json!({ "revision": revision.to_string() });
                json!({ "name": name, "range": "10.0.0.0/8", "labels": labels })
            }
            Self::File => {
                let content = format!("{name} in revision {revision}");
                json!({ "filename": folder.join("files").join(name), "content": content })
            }
        }
    }
}

fn wanted() -> Result<Wanted, Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (arguments, applies) = match arguments.as_slice() {
        [arguments @ .., last] if last == "plan" => (arguments, false),
        arguments => (arguments, true),
    };
    let [plugin, folder, count, revision] = arguments else {
        return Err("expected the arguments PLUGIN FOLDER COUNT REVISION [plan]".into());
    };
    let (count, revision) = (count.parse()?, revision.parse()?);
    Ok(Wanted { plugin: plugin.into(), folder: folder.into(), count, revision, applies })
}

#[tokio::main]
async fn main() -> ExitCode {
    // If Landform started this program as a holder, it does that work here and ends.
    hold_plugins();
    let ended = match wanted() {
        Ok(wanted) => run(wanted).await,
        Err(problem) => Err(problem),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(wanted: Wanted) -> Result<(), Failure> {
    let Wanted { plugin, folder, count, revision, applies } = wanted;
    let plugin = Plugin::open(Launch::new(plugin).held_in(folder.join("held"))).await?;
    let known = [Kind::Network, Kind::File].into_iter().find_map(|kind| {
        let known = plugin.types().find(|known| known.name_str() == kind.type_name())?;
        Some((kind, known.clone()))
    });
    let (kind, known) = known.ok_or("the plugin has no landform_network and no local_file")?;
    let provider = plugin.configure(&kind.configuration(&folder)).await?.with_concurrency(AT_A_TIME);
    // The plugin shows at once what it creates.
    let engine = Engine::builder().provider(provider).lag(Duration::ZERO);
    let engine = engine.state_dir(folder.join("state")).open()?;

    let mut stack = Stack::new("hosted");
    for number in 0..count {
        let name = format!("n{number}");
        stack.add_untyped(&name, &known, kind.arguments(&folder, &name, revision));
    }
    let plan = engine.plan(&stack).await?;
    if applies {
        println!("applying");
        engine.apply(&plan).await?.complete()?;
    }
    println!("{} changes", plan.changes.len());
    Ok(())
}
