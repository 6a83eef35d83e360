//! The main job: a three-zone VPC and Kubernetes clusters inside it, planned, applied and destroyed.
//!
//! ```text
//! cargo run --example fairwinds                 the whole story on the embedded cloud, in a fresh directory
//! cargo run --example fairwinds -- apply        the base network alone; --cluster FILE adds a cluster
//! … --cluster s3://state-store/k8s.example.com  with the spec that kops keeps there (--features object-store)
//! ```

mod arguments;
mod cluster;
mod commands;
mod progress;
mod project;
mod restore;
mod story;
mod validate;
mod world;

use std::{error::Error, process::ExitCode};

use clap::Parser;
use landform::Printable;

use crate::arguments::{Arguments, Command};

/// Whatever went wrong, in words.
pub type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        None => story::tell(&arguments).await,
        Some(Command::Plan) => commands::plan(&arguments).await,
        Some(Command::Apply) => commands::apply(&arguments).await,
        Some(Command::Destroy) => commands::destroy(&arguments).await,
        Some(Command::Validate) => commands::validate(&arguments).await,
        Some(Command::History { from: Some(from), to: Some(to) }) => {
            restore::difference(&arguments, *from, *to).await
        }
        Some(Command::History { .. }) => restore::history(&arguments).await,
        Some(Command::Restore(wanted)) => restore::restore(&arguments, wanted).await,
        Some(Command::Graph) => commands::graph(&arguments).await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            if arguments.json {
                let event = serde_json::json!({ "event": "error", "message": error.to_string() });
                println!("{}", Printable(event));
            }
            eprintln!("error: {}", Printable(&error));
            ExitCode::FAILURE
        }
    }
}
