//! The command line that every tool has. What the commands do is in [`commands`](crate::commands).

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;
use landform_core::Address;
use landform_engine::{ApplyOptions, PlanOptions, Refresh, journal::ObjectKey};

/// The options of all commands.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Where the state is kept: a directory, s3://bucket/prefix, gs://…, az://…, postgres://user@host/database#place.
    #[arg(long, global = true, value_name = "URL", env = "LANDFORM_STATE")]
    pub state: Option<String>,
    /// In which cloud it is done; "sim" is the embedded cloud, kept in a directory beside the state.
    #[arg(long, global = true, value_name = "CLOUD", env = "LANDFORM_CLOUD", value_delimiter = ',')]
    pub cloud: Vec<String>,
    /// Prints one JSON object per event and a last one with the result.
    #[arg(long, global = true)]
    pub json: bool,
    /// Waits so many seconds for another run that holds the state.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 0)]
    pub lock_timeout: u64,
}

/// The commands that every tool has.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows what would change. Nothing is touched.
    Plan(Plan),
    /// Makes the world as it is declared.
    Apply(Apply),
    /// Deletes everything that the state knows.
    Destroy(Destroy),
    /// Reads the world and records what differs from the state. Changes nothing in the cloud.
    Refresh(Consent),
    /// Takes over what exists already.
    Import(Import),
    /// Shows a saved plan; with --json in the form of `terraform show -json`.
    Show {
        /// The file, as `plan --out` writes it.
        plan: PathBuf,
    },
    /// Prints the outputs, or the value of one, secret or not.
    Output {
        /// The output.
        name: Option<String>,
    },
    /// Draws what is declared, or what would change, for Graphviz or for a browser.
    Graph(Graph),
    /// Prints the IAM policy that lets somebody plan and apply, with the rights that this takes and no others.
    #[cfg(feature = "aws")]
    Permissions(Permissions),
    /// Looks at the state and looks after it. Asks no cloud.
    #[command(subcommand)]
    State(State),
    #[command(flatten)]
    Past(Past),
    /// Makes the world again as an earlier run left it.
    Restore(Restore),
    /// Prints a script that lets a shell complete this command line.
    Completion {
        /// The shell.
        shell: Shell,
    },
}

/// What a plan is of.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Planning {
    #[command(flatten)]
    pub selection: Selection,
    /// Replaces this even if nothing differs; once per address.
    #[arg(long, value_name = "ADDRESS")]
    pub replace: Vec<Address>,
    /// Takes the state's word for what exists and reads nothing.
    #[arg(long)]
    pub no_refresh: bool,
}

/// Which part of a stack.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Selection {
    /// Only this, with what it depends on; once per address.
    #[arg(long = "target", value_name = "ADDRESS")]
    pub targets: Vec<Address>,
    /// Not this, nor what depends on it; once per address.
    #[arg(long = "exclude", value_name = "ADDRESS")]
    pub excludes: Vec<Address>,
}

/// What is planned, and where it is written.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub planning: Planning,
    /// Plans the end of everything that the state knows.
    #[arg(long, conflicts_with_all = ["replace", "refresh_only"])]
    pub destroy: bool,
    /// Plans no change, and shows what differs between the world and the state.
    #[arg(long, conflicts_with_all = ["replace", "no_refresh"])]
    pub refresh_only: bool,
    /// Saves the plan in this file, for `apply FILE`.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Writes the plan as a page for a browser.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Exits with 0 if nothing would change, with 2 if something would, with 1 on an error.
    #[arg(long)]
    pub detailed_exitcode: bool,
}

/// What is applied.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// A saved plan, which is applied as it was shown, without asking.
    #[arg(conflicts_with_all = ["targets", "excludes", "replace", "no_refresh"])]
    pub plan: Option<PathBuf>,
    #[command(flatten)]
    pub planning: Planning,
    #[command(flatten)]
    pub consent: Consent,
}

/// What is destroyed.
#[derive(Debug, Args)]
pub(crate) struct Destroy {
    #[command(flatten)]
    pub selection: Selection,
    #[command(flatten)]
    pub consent: Consent,
}

/// How a plan is carried out.
#[derive(Debug, Clone, Args)]
pub struct Consent {
    /// Does not ask.
    #[arg(long, visible_alias = "auto-approve")]
    pub yes: bool,
    /// How many steps may be under way at a time.
    #[arg(long, value_name = "N", default_value_t = ApplyOptions::default().parallelism, value_parser = at_least_one)]
    pub parallelism: usize,
}

/// What is taken over.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Where it is declared, as aws_vpc.main.
    pub address: Address,
    /// The cloud's id, in the form that the type's documentation names.
    pub id: String,
    #[command(flatten)]
    pub consent: Consent,
}

/// What is drawn.
#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// Draws what would change, not what is declared.
    #[arg(long)]
    pub plan: bool,
    /// Writes a page for a browser, and not Graphviz's text to standard output.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// Whose rights are told.
#[cfg(feature = "aws")]
#[derive(Debug, Args)]
pub(crate) struct Permissions {
    /// Of a saved plan, as `plan --out` writes it.
    #[arg(long, value_name = "FILE", conflicts_with = "destroy")]
    pub plan: Option<PathBuf>,
    /// Of a destroy.
    #[arg(long)]
    pub destroy: bool,
}

/// What concerns the state alone.
#[derive(Debug, Subcommand)]
pub(crate) enum State {
    /// Lists what exists: address, id.
    List,
    /// Shows all that is known of one resource, as JSON.
    Show {
        /// The resource.
        address: Address,
    },
    /// Gives a resource another address. The stack has to declare it there, or the next apply destroys it.
    Mv {
        /// Where it is recorded.
        from: Address,
        /// Where it belongs.
        to: Address,
    },
    /// Removes resources from the state and leaves them in the cloud. No provider has to know their types.
    Rm {
        /// Addresses, or keys of what replacements left behind, as `list` shows them.
        #[arg(required = true, value_name = "ADDRESS")]
        what: Vec<ObjectKey>,
    },
    /// Prints the whole state as one JSON document.
    Export {
        /// Prints what providers keep private too, which may be secret. It takes that to import the document elsewhere.
        #[arg(long)]
        private: bool,
    },
    /// Puts an exported state into an empty place.
    Import {
        /// The document; - reads it from standard input.
        file: PathBuf,
    },
    /// Begins a new key; LANDFORM_NEW_PASSPHRASE or LANDFORM_NEW_KEY_COMMAND changes the user's too.
    Rotate,
}

/// The runs.
#[derive(Debug, Subcommand)]
pub(crate) enum Past {
    /// Lists the runs by their numbers, or what differs between the states that two of them left.
    History {
        /// The number of the earlier run; 0 is before all.
        #[arg(requires = "to")]
        from: Option<u64>,
        /// The number of the later run.
        to: Option<u64>,
    },
    /// Takes the lease away from a run that is gone.
    Unlock,
}

/// What is restored.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The number of the run, as `history` has it; 0 is before all.
    #[arg(long, value_name = "N")]
    pub revision: u64,
    /// The secrets of that time, as YAML, `aws_x.name: {argument: value}`; - is standard input. A state keeps none.
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    #[command(flatten)]
    pub consent: Consent,
}

impl Planning {
    pub fn options(&self) -> PlanOptions {
        let refresh = if self.no_refresh { Refresh::None } else { Refresh::default() };
        PlanOptions { refresh, replace: self.replace.clone(), ..self.selection.options() }
    }
}

impl Selection {
    pub fn options(&self) -> PlanOptions {
        let (targets, excludes) = (self.targets.clone(), self.excludes.clone());
        PlanOptions { targets, excludes, ..PlanOptions::default() }
    }
}

impl Plan {
    pub fn options(&self) -> PlanOptions {
        let options = PlanOptions { destroy: self.destroy, ..self.planning.options() };
        if self.refresh_only { PlanOptions { refresh: Refresh::Only, ..options } } else { options }
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("expected a number from 1".to_owned()),
        Ok(number) => Ok(number),
    }
}
