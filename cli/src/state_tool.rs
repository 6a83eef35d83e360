//! A tool for the state of any stack.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use landform_engine::Engine;

use crate::{
    Failure, Place,
    arguments::{Past, State},
    commands::{look_back, state as kept},
    key,
    tool::told,
};

/// Shows or edits a state. An encrypted one needs LANDFORM_PASSPHRASE or LANDFORM_KEY_COMMAND.
#[derive(Parser)]
#[command(name = "state")]
struct Line {
    /// Where the state is kept: a directory, s3://bucket/prefix, gs://…, az://…, postgres://user@host/database#place.
    #[arg(long, global = true, value_name = "URL", env = "LANDFORM_STATE")]
    state: Option<String>,
    /// Prints JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    State(State),
    #[command(flatten)]
    Past(Past),
}

/// Runs the command line of a tool that shows or edits any state. It needs no provider and calls no cloud.
pub fn state() -> ExitCode {
    let line = Line::parse();
    let json = line.json;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(run(line)));
    done.unwrap_or_else(|error| told(&error, json))
}

async fn run(line: Line) -> Result<ExitCode, Failure> {
    let state = line.state.ok_or("expected --state URL, or LANDFORM_STATE to be set")?;
    let place = Place { state };
    let engine = key::with(Engine::builder().state(&*place.state))?.open()?;
    match line.command {
        Command::State(wanted) => {
            kept::run(&kept::Kept { engine: &engine, stack: None, json: line.json }, wanted, &place).await
        }
        Command::Past(wanted) => look_back(&engine, None, wanted, line.json).await,
    }
}
