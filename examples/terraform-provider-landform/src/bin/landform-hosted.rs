//! A program that hosts a plugin under a holder. It applies a number of networks, or none, in a folder.
//!
//! ```text
//! landform-hosted PLUGIN FOLDER COUNT REVISION
//! ```
//!
//! It prints `applying` before the first effect, and the number of changes at the end.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use landform::{
    Engine, Stack,
    serde_json::json,
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
}

fn wanted() -> Result<Wanted, Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [plugin, folder, count, revision] = arguments.as_slice() else {
        return Err("expected the arguments PLUGIN FOLDER COUNT REVISION".into());
    };
    let (count, revision) = (count.parse()?, revision.parse()?);
    Ok(Wanted { plugin: plugin.into(), folder: folder.into(), count, revision })
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
    let Wanted { plugin, folder, count, revision } = wanted;
    let plugin = Plugin::open(Launch::new(plugin).held_in(folder.join("held"))).await?;
    let network = plugin.types().find(|known| known.name_str() == "landform_network").cloned();
    let network = network.ok_or("the plugin has no landform_network")?;
    let configuration = json!({ "directory": folder.join("cloud"), "latency": LATENCY });
    let provider = plugin.configure(&configuration).await?.with_concurrency(AT_A_TIME);
    // The plugin's cloud shows at once what it creates.
    let engine = Engine::builder().provider(provider).lag(Duration::ZERO);
    let engine = engine.state_dir(folder.join("state")).open()?;

    let mut stack = Stack::new("hosted");
    for number in 0..count {
        let labels = json!({ "revision": revision.to_string() });
        let arguments = json!({ "name": format!("n{number}"), "range": "10.0.0.0/8", "labels": labels });
        stack.add_untyped(&format!("n{number}"), &network, arguments);
    }
    let plan = engine.plan(&stack).await?;
    println!("applying");
    engine.apply(&plan).await?.complete()?;
    println!("{} changes", plan.changes.len());
    Ok(())
}
