//! Renders folders of kops's golden cases to Terraform JSON, so that the cluster layer's output can be compared with
//! kops's. A case that fails prints its reason to standard error, and the others continue.
//!
//! ```text
//! cargo run --release --example kops_golden -- update CASES_DIR OUT_DIR
//! cargo run --release --example kops_golden -- create CASES_DIR OUT_DIR
//! ```
//!
//! `CASES_DIR` is `tests/integration/update_cluster` or `create_cluster` of a checkout of kops, or of a folder laid out
//! as one. `update` makes `OUT_DIR/CASE/main.tf.json` and the files that it names of each
//! `CASES_DIR/CASE/in-v1alpha2.yaml`; `create` makes `OUT_DIR/CASE/v1alpha2.yaml` of each
//! `CASES_DIR/CASE/options.yaml`. The cloud behind the cases is kops's mock cloud: nothing is asked, and nothing is
//! made.

mod form;
mod update;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use landform_testkit::kops::{create, world::Failure};

/// The channel in a checkout of kops.
const CHANNEL: &str = "channels/stable";
/// The file for the documents of a new cluster.
const DOCUMENTS: &str = "v1alpha2.yaml";

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
    /// Render each CASE/options.yaml as `kops create cluster` does.
    Create(Folders),
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

/// Exits with 0 if every case was rendered, with 1 if one failed, and with 2 if it could not start.
fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Update(folders) => update_all(&folders),
        Command::Create(folders) => create_all(&folders),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("kops_golden: {failure}");
            ExitCode::from(2)
        }
    }
}

fn update_all(folders: &Folders) -> Result<bool, Failure> {
    let Folders { cases, kops, .. } = folders;
    let world = update::World::of(cases, kops.is_dir().then_some(kops))?;
    render(folders, update::SPEC, |case, out| world.render(case, out))
}

fn create_all(folders: &Folders) -> Result<bool, Failure> {
    let own = folders.cases.ancestors().nth(3).map(|root| root.join(CHANNEL));
    let channel = own.filter(|channel| channel.is_file()).unwrap_or_else(|| folders.kops.join(CHANNEL));
    let lookup = create::lookup(&channel)?;
    render(folders, create::OPTIONS, |case, out| {
        let documents = create::documents(&case.join(create::OPTIONS), &lookup)?;
        std::fs::create_dir_all(out)?;
        Ok(std::fs::write(out.join(DOCUMENTS), documents)?)
    })
}

/// Renders every case of a folder that contains a file with this name. Returns whether all succeeded.
fn render(
    Folders { cases, out, .. }: &Folders,
    file: &str,
    case: impl Fn(&Path, &Path) -> Result<(), Failure>,
) -> Result<bool, Failure> {
    let mut failed = 0;
    let mut found = 0;
    let entries = std::fs::read_dir(cases).map_err(|error| format!("{}: {error}", cases.display()))?;
    let mut folders = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.join(file).is_file()) {
        let Some(name) = folder.file_name() else { continue };
        found += 1;
        if let Err(failure) = case(folder, &out.join(name)) {
            failed += 1;
            eprintln!("{}: {failure}", name.display());
        }
    }
    if found == 0 {
        return Err(format!("{}: expected folders with {file}", cases.display()).into());
    }
    eprintln!("{} of {found} cases rendered", found - failed);
    Ok(failed == 0)
}
