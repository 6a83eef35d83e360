//! Applies 1,000 resources of a hosted provider with Landform, and then with the real Terraform and the same binary.
//! Run with `cargo bench -p terraform-provider-landform`; a number as its argument changes how many resources there are.
#![allow(missing_docs)]

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use landform::{
    Engine, Stack,
    serde_json::{Map, Value as Json, json},
    terraform::{Launch, Plugin, hold_plugins},
};

/// The binary of the plugin, which both run.
const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-landform");

type Failure = Box<dyn std::error::Error>;

/// How long the parts of one run took.
struct Times {
    plan: Duration,
    apply: Duration,
}

impl Times {
    fn all(&self) -> Duration {
        self.plan + self.apply
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    hold_plugins();
    let count = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000);
    let folder = tempfile::tempdir()?;
    let ours = landform(&folder.path().join("landform"), Launch::new(BINARY), count).await?;
    println!("Landform                 plan {:>7.3?}  apply {:>7.3?}", ours.plan, ours.apply);
    let held = Launch::new(BINARY).held_in(folder.path().join("holders"));
    let held = landform(&folder.path().join("held"), held, count).await?;
    println!("Landform with a holder   plan {:>7.3?}  apply {:>7.3?}", held.plan, held.apply);
    let theirs = match terraform(&folder.path().join("terraform"), count)? {
        Some(theirs) => theirs,
        None => {
            println!("terraform is not installed, so there is nothing to compare with");
            return Ok(());
        }
    };
    println!("Terraform                plan {:>7.3?}  apply {:>7.3?}", theirs.plan, theirs.apply);
    let ratio = |theirs: Duration, ours: Duration| theirs.as_secs_f64() / ours.as_secs_f64();
    for (name, ours) in [("without", ours), ("with", held)] {
        println!(
            "{count} resources, {name} a holder: the apply is {:.1} times as fast, plan and apply together {:.1} times",
            ratio(theirs.apply, ours.apply),
            ratio(theirs.all(), ours.all()),
        );
    }
    Ok(())
}

fn arguments(number: usize) -> Json {
    json!({ "name": format!("n{number}"), "range": "10.0.0.0/8" })
}

/// Starts the plugin, plans and applies. The start counts as a part of the plan.
async fn landform(folder: &Path, launch: Launch, count: usize) -> Result<Times, Failure> {
    let began = Instant::now();
    let plugin = Plugin::open(launch).await?;
    let network = plugin.types().find(|known| known.name_str() == "landform_network").cloned();
    let network = network.ok_or("the plugin has no landform_network")?;
    let provider = plugin.configure(&json!({ "directory": folder.join("cloud") })).await?;
    let mut stack = Stack::new("bench");
    for number in 0..count {
        stack.add_untyped(&format!("n{number}"), &network, arguments(number));
    }
    let engine = Engine::builder().provider(provider).state_dir(folder.join("state")).open()?;
    let plan = engine.plan(&stack).await?;
    let planned = Instant::now();
    engine.apply(&plan).await?.complete()?;
    Ok(Times { plan: planned - began, apply: planned.elapsed() })
}

/// Plans into a file and applies that file, with Terraform's usual settings. `None` if Terraform is not here.
fn terraform(folder: &Path, count: usize) -> Result<Option<Times>, Failure> {
    if !Command::new("terraform").arg("version").output().is_ok_and(|output| output.status.success()) {
        return Ok(None);
    }
    std::fs::create_dir_all(folder)?;
    let binaries = Path::new(BINARY).parent().ok_or("the binary is in no folder")?;
    let settings = format!(
        "provider_installation {{\n  dev_overrides {{ \"landform/landform\" = {binaries:?} }}\n  direct {{}}\n}}\n"
    );
    std::fs::write(folder.join("cli.tfrc"), settings)?;
    let networks: Map<String, Json> =
        (0..count).map(|number| (format!("n{number}"), arguments(number))).collect();
    let main = json!({
        "terraform": { "required_providers": { "landform": { "source": "landform/landform" } } },
        "provider": { "landform": { "directory": folder.join("cloud") } },
        "resource": { "landform_network": networks },
    });
    std::fs::write(folder.join("main.tf.json"), main.to_string())?;
    let run = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.current_dir(folder).args(arguments).arg("-no-color");
        command.env("TF_CLI_CONFIG_FILE", folder.join("cli.tfrc")).env("CHECKPOINT_DISABLE", "1");
        let began = Instant::now();
        let output = command.output()?;
        if output.status.success() {
            return Ok(began.elapsed());
        }
        Err(Failure::from(format!("terraform {arguments:?}: {}", String::from_utf8_lossy(&output.stderr))))
    };
    let plan = run(&["plan", "-input=false", "-out=plan"])?;
    Ok(Some(Times { plan, apply: run(&["apply", "-input=false", "plan"])? }))
}
