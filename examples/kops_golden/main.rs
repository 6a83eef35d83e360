//! Renders folders of kops's golden cases to Terraform JSON, so that what the cluster layer makes can be compared with
//! what kops makes. A case that fails says why on standard error, and the others go on.
//!
//! ```text
//! cargo run --release --example kops_golden -- update CASES_DIR OUT_DIR
//! ```
//!
//! `CASES_DIR` is `tests/integration/update_cluster` of a checkout of kops, or of a folder laid out as one. Each
//! `CASES_DIR/CASE/in-v1alpha2.yaml` becomes `OUT_DIR/CASE/main.tf.json` and the files that it names. The cloud behind
//! the cases is kops's mock cloud: nothing is asked, and nothing is made.

mod form;
mod update;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use landform::kops;
use world::Failure;

#[derive(Parser)]
#[command(about = "Renders kops's golden cases, to compare the cluster layer with kops")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Render each CASE/in-v1alpha2.yaml as `kops update cluster --target terraform` does.
    Update(Folders),
}

#[derive(clap::Args)]
struct Folders {
    /// The folder of cases.
    cases: PathBuf,
    /// The folder to write to. A folder of a case in it is replaced.
    out: PathBuf,
    /// A checkout of kops, or a folder laid out as one, for the keys and digests that the folder of cases lacks.
    #[arg(long, default_value = "../shared/kops")]
    kops: PathBuf,
}

/// Ends with 0 where every case was rendered, with 1 where one was not, and with 2 where nothing could begin.
fn main() -> ExitCode {
    let Command::Update(folders) = Arguments::parse().command;
    match run(&folders) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("kops_golden: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Renders every case; whether all went well.
fn run(Folders { cases, out, kops }: &Folders) -> Result<bool, Failure> {
    let world = update::World::of(cases, kops.is_dir().then_some(kops))?;
    let mut failed = 0;
    let mut found = 0;
    let entries = std::fs::read_dir(cases).map_err(|error| format!("{}: {error}", cases.display()))?;
    let mut folders = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.join(update::SPEC).is_file()) {
        let Some(name) = folder.file_name() else { continue };
        found += 1;
        if let Err(failure) = world.render(folder, &out.join(name)) {
            failed += 1;
            eprintln!("{}: {failure}", name.display());
        }
    }
    if found == 0 {
        return Err(format!("{}: expected folders with {}", cases.display(), update::SPEC).into());
    }
    eprintln!("{} of {found} cases rendered", found - failed);
    Ok(failed == 0)
}
