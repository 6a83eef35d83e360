//! Looks at a state and looks after it, wherever it is kept: `cargo run --example state -- --state URL list`.
//!
//! Needs no provider and asks no cloud. For a bucket, a database or an encrypted state, build it with
//! `--features object-store,postgres,encryption`.
#![allow(missing_docs)]

mod key;

use std::{
    error::Error,
    fs,
    io::{self, Read as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use landform::{Address, Engine, Printable, journal::ObjectKey, words};
use serde_json::json;

/// Looks at a state and looks after it. An encrypted one needs LANDFORM_PASSPHRASE or LANDFORM_KEY_COMMAND.
#[derive(Parser)]
struct Arguments {
    /// Where the state is kept: a directory, s3://bucket/prefix, gs://…, az://…, postgres://user@host/database#place.
    #[arg(long, value_name = "URL")]
    state: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists what exists: address, id.
    List,
    /// Shows all that is known of one resource, as JSON.
    Show { address: Address },
    /// Lists the runs, or what differs between the states that two of them left.
    History {
        /// The number of the earlier run; 0 is before all.
        #[arg(requires = "to")]
        from: Option<u64>,
        /// The number of the later run.
        to: Option<u64>,
    },
    /// Prints the whole state as one JSON document.
    Export {
        /// Prints what providers keep private too, which may be secret. It takes that to import the document elsewhere.
        #[arg(long)]
        private: bool,
    },
    /// Puts an exported state into an empty place.
    Import {
        /// The document; - reads it from the standard input.
        file: PathBuf,
    },
    /// Removes resources from the state and leaves them in the cloud. No provider has to know their types.
    Rm {
        /// Addresses, or keys of what replacements left behind, as `list` shows them.
        #[arg(required = true, value_name = "ADDRESS")]
        what: Vec<ObjectKey>,
    },
    /// Takes the lease away from a run that is gone.
    Unlock,
    /// Begins a new key; LANDFORM_NEW_PASSPHRASE or LANDFORM_NEW_KEY_COMMAND changes the user's too.
    Rotate,
}

#[tokio::main]
async fn main() -> ExitCode {
    let told = match run(Arguments::parse()).await {
        Ok(text) => {
            io::stdout().write_all(Printable(text).to_string().as_bytes()).map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", Printable(&error));
            ExitCode::FAILURE
        }
    }
}

/// Does what is asked for and gives what to print.
async fn run(arguments: Arguments) -> Result<String, Box<dyn Error>> {
    let engine = key::with(Engine::builder().state(&arguments.state))?.open()?;
    match arguments.command {
        Command::List => list(&engine).await,
        Command::Show { address } => show(&engine, &address).await,
        Command::History { from: Some(from), to: Some(to) } => {
            Ok(engine.difference(&stack(&engine).await?, from, to).await?.to_string())
        }
        Command::History { .. } => history(&engine).await,
        Command::Export { private: false } => Ok(engine.export(&stack(&engine).await?).await? + "\n"),
        Command::Export { private: true } => {
            Ok(engine.export_with_private(&stack(&engine).await?).await? + "\n")
        }
        Command::Import { file } => {
            let state = engine.import(&read(&file)?).await?;
            Ok(format!("Imported {} of stack {}.\n", words::count(state.len(), "object"), state.stack()))
        }
        Command::Rm { what } => {
            let forgotten = engine.forget(&stack(&engine).await?, &what).await?;
            Ok(forgotten.iter().map(|key| format!("Forgot {key}; it stays in the cloud.\n")).collect())
        }
        Command::Unlock => unlock(&engine).await,
        Command::Rotate => key::rotate(&arguments.state).await,
    }
}

/// The stack whose state it is.
async fn stack(engine: &Engine) -> Result<String, Box<dyn Error>> {
    Ok(engine.stack_name().await?.ok_or("there is no state yet")?)
}

async fn list(engine: &Engine) -> Result<String, Box<dyn Error>> {
    let Some(stack) = engine.stack_name().await? else {
        return Ok("There is no state yet.\n".into());
    };
    let state = engine.state(&stack).await?;
    let objects = state.objects().map(|(key, object)| {
        let tainted = if object.tainted { "  (tainted)" } else { "" };
        format!("{key}  {}{tainted}\n", Printable(&object.id).in_a_line())
    });
    let pending = state.pending().map(|pending| format!("{}  (not settled)\n", pending.intent.key));
    Ok(objects.chain(pending).collect())
}

async fn show(engine: &Engine, address: &Address) -> Result<String, Box<dyn Error>> {
    let state = engine.state(&stack(engine).await?).await?;
    let object = state.get(address).ok_or_else(|| format!("{address}: the state does not have it"))?;
    let deposed: Vec<ObjectKey> = state.deposed(address).map(|(key, _)| key.clone()).collect();
    let shown = json!({ "object": object.masked(), "deposed": deposed, "pending": state.pending_on(&address.into()) });
    Ok(serde_json::to_string_pretty(&shown)? + "\n")
}

async fn history(engine: &Engine) -> Result<String, Box<dyn Error>> {
    let runs = engine.history(&stack(engine).await?).await?;
    let lines = runs.iter().map(|run| {
        let end = if run.ended { "" } else { ", did not finish" };
        format!("{:>6}  {}  {} by {}{end}\n", run.seq, run.begin.time(), run.begin.operation, run.begin.who)
    });
    Ok(lines.collect())
}

async fn unlock(engine: &Engine) -> Result<String, Box<dyn Error>> {
    Ok(match engine.unlock().await? {
        Some(lease) => format!(
            "Took the lease from {lease}.\nShould that run live after all, the next run that begins keeps it from \
             writing.\n"
        ),
        None => "Nobody holds it.\n".into(),
    })
}

fn read(file: &PathBuf) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        io::stdin().read_to_string(&mut text)?;
    } else {
        text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(text)
}
