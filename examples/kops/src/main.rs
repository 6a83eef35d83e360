//! kops's command line on Landform: clusters in a state store, planned, applied and deleted in the embedded cloud.
//!
//! ```text
//! export KOPS_STATE_STORE=file:///tmp/store
//! cargo run -p kops -- create -f cluster_spec.yml
//! cargo run -p kops -- create secret --name NAME sshpublickey admin -i ~/.ssh/id_ed25519.pub
//! cargo run -p kops -- update cluster NAME
//! cargo run -p kops -- update cluster NAME --yes
//! ```
//!
//! Verbs, options and the files of the store are kops's. The cluster layer makes a cluster's resources from its spec. The
//! engine plans and applies them, and keeps the state. docs/kops.md lists the verbs.
#![allow(missing_docs)]

mod arguments;
mod assets;
mod copy;
mod create;
mod delete;
mod edit;
mod export;
mod fleet;
mod get;
mod health;
mod instance_selector;
mod instances;
mod kubernetes;
mod machines;
mod owned;
mod question;
mod reconcile;
mod replacing;
mod rolling_update;
mod secrets;
mod selection;
mod store;
mod template;
mod toolbox;
mod update;
mod upgrade;
mod validate;
mod world;

use std::io::Write as _;
use std::process::ExitCode;

use arguments::{Line, Verb};

pub use landform::cli::Failure;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Line::of_process()).await {
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
        Verb::Delete(what) => return delete::run(&common, what).await,
        Verb::Reconcile(what) => return reconcile::run(&common, what).await,
        Verb::RollingUpdate(what) => return rolling_update::run(&common, what).await,
        Verb::Validate(what) => return validate::run(&common, what).await,
        Verb::Promote(what) => secrets::promote(&common, what).await?,
        Verb::Distrust(what) => secrets::distrust(&common, what).await?,
        Verb::Trust(what) => secrets::trust(&common, what).await?,
        Verb::Export(what) => export::run(&common, what).await?,
        Verb::Upgrade(what) => upgrade::run(&common, what).await?,
        Verb::Toolbox(what) => toolbox::run(&common, what).await?,
        Verb::Completion { shell } => std::io::stdout().write_all(&Line::completion(shell))?,
        Verb::Version { short } => version(short),
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the release of kops whose clusters these are, and Landform's version.
fn version(short: bool) {
    let release = landform::kops::Lookup::release(&landform::kops::FixedLookup::region("us-east-2"));
    match short {
        true => println!("{release}"),
        false => println!("Client version: {release} (Landform {})", env!("CARGO_PKG_VERSION")),
    }
}
