//! kops's command line on Landform: clusters in a state store, planned, applied and deleted in the embedded cloud.
//!
//! ```text
//! export KOPS_STATE_STORE=file:///tmp/store
//! cargo run --example kops -- create -f cluster_spec.yml
//! cargo run --example kops -- create secret --name NAME sshpublickey admin -i ~/.ssh/id_ed25519.pub
//! cargo run --example kops -- update cluster NAME
//! cargo run --example kops -- update cluster NAME --yes
//! ```
//!
//! Verbs, options and the files of the store are kops's. What a cluster consists of comes from the cluster layer; what is
//! done to it, and how it is remembered, is the engine's. docs/kops.md lists the verbs.
#![allow(missing_docs)]

mod arguments;
mod assets;
mod create;
mod edit;
mod export;
mod get;
mod secrets;
mod store;
mod toolbox;
mod update;
mod upgrade;
mod validate;
mod world;

use std::process::ExitCode;

use arguments::{Line, Verb};
use clap::Parser as _;

pub use landform::cli::Failure;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Line::parse()).await {
        Ok(status) => status,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(Line { common, verb }: Line) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Create(what) => create::run(&common, what).await?,
        Verb::Get(what) => get::run(&common, what).await?,
        Verb::Edit(what) => edit::run(&common, what).await?,
        Verb::Replace(what) => edit::replace(&common, what).await?,
        Verb::Update(what) => return update::run(&common, what).await,
        Verb::Delete(what) => return update::delete(&common, what).await,
        Verb::Validate(what) => return validate::run(&common, what).await,
        Verb::Promote(what) => secrets::promote(&common, what).await?,
        Verb::Distrust(what) => secrets::distrust(&common, what).await?,
        Verb::Export(what) => export::run(&common, what).await?,
        Verb::Upgrade(what) => upgrade::run(&common, what).await?,
        Verb::Toolbox(what) => toolbox::run(&common, what).await?,
    }
    Ok(ExitCode::SUCCESS)
}
