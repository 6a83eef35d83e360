//! The command line of every tool. What the commands do is in [`commands`](crate::commands).

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;
use landform_core::Address;
use landform_engine::{ApplyOptions, PlanOptions, Refresh, journal::ObjectKey};

/// The options of all commands.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Where to keep the state: a directory, s3://bucket/prefix, gs://…, az://…, postgres://user@host/database#place.
    #[arg(long, global = true, value_name = "URL", env = "LANDFORM_STATE")]
    pub state: Option<String>,
    /// The cloud to work in; "sim" is the embedded cloud, kept in a directory beside the state.
    #[arg(long, global = true, value_name = "CLOUD", env = "LANDFORM_CLOUD", value_delimiter = ',')]
    pub cloud: Vec<String>,
    /// Print one JSON object for each event, and the result last.
    #[arg(long, global = true)]
    pub json: bool,
    /// Wait so many seconds for another run that holds the state.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 0)]
    pub lock_timeout: u64,
}

/// The commands that every tool has.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what would change. Changes nothing.
    Plan(Plan),
    /// Create, change and delete resources so that they are as declared.
    Apply(Apply),
    /// Delete every resource in the state.
    Destroy(Destroy),
    /// Read every resource and record what differs from the state. Changes nothing in the cloud.
    Refresh(Consent),
    /// Import an existing resource under a declared address.
    Import(Import),
    /// Show a saved plan; with --json in the form of `terraform show -json`.
    Show {
        /// The file that `plan --out` wrote.
        plan: PathBuf,
    },
    /// Print all outputs with secrets masked, or the value of one output in the clear.
    Output {
        /// The output.
        name: Option<String>,
    },
    /// Draw what is declared, or what would change, for Graphviz or for a browser.
    Graph(Graph),
    /// Print the IAM policy that lets somebody plan and apply, with no rights beyond these.
    #[cfg(feature = "aws")]
    Permissions(Permissions),
    /// Show or edit the state. Calls no cloud.
    #[command(subcommand)]
    State(State),
    #[command(flatten)]
    Past(Past),
    /// Restore the resources as an earlier run left them.
    Restore(Restore),
    /// Print a script that lets a shell complete this command line.
    Completion {
        /// The shell.
        shell: Shell,
    },
}

/// The options of every plan.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Planning {
    #[command(flatten)]
    pub selection: Selection,
    /// Replace this resource even if nothing differs; may be given several times.
    #[arg(long, value_name = "ADDRESS")]
    pub replace: Vec<Address>,
    /// Read nothing from the cloud: trust the state.
    #[arg(long)]
    pub no_refresh: bool,
}

/// The part of a stack to plan.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Selection {
    /// Only this resource and its dependencies; may be given several times.
    #[arg(long = "target", value_name = "ADDRESS")]
    pub targets: Vec<Address>,
    /// All but this resource and its dependents; may be given several times.
    #[arg(long = "exclude", value_name = "ADDRESS")]
    pub excludes: Vec<Address>,
}

/// Options of `plan`.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub planning: Planning,
    /// Plan to delete every resource in the state.
    #[arg(long, conflicts_with_all = ["replace", "refresh_only"])]
    pub destroy: bool,
    /// Plan no change; show what differs between the cloud and the state.
    #[arg(long, conflicts_with_all = ["replace", "no_refresh"])]
    pub refresh_only: bool,
    /// Save the plan in this file, for `apply FILE`.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the plan as a page for a browser.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Exit with 0 if nothing would change, 2 if something would, 1 on an error.
    #[arg(long)]
    pub detailed_exitcode: bool,
}

/// Options of `apply`.
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

/// Options of `destroy`.
#[derive(Debug, Args)]
pub(crate) struct Destroy {
    #[command(flatten)]
    pub selection: Selection,
    #[command(flatten)]
    pub consent: Consent,
}

/// How to apply a plan.
#[derive(Debug, Clone, Args)]
pub struct Consent {
    /// Apply without asking.
    #[arg(long, visible_alias = "auto-approve")]
    pub yes: bool,
    /// How many steps may run at a time.
    #[arg(long, value_name = "N", default_value_t = ApplyOptions::default().parallelism, value_parser = at_least_one)]
    pub parallelism: usize,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The address where it is declared, such as aws_vpc.main.
    pub address: Address,
    /// The cloud's id, in the form that the documentation of the type describes.
    pub id: String,
    #[command(flatten)]
    pub consent: Consent,
}

/// Options of `graph`.
#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// Draw what would change instead of what is declared.
    #[arg(long)]
    pub plan: bool,
    /// Write a page for a browser instead of printing Graphviz text.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// Which run `permissions` is about.
#[cfg(feature = "aws")]
#[derive(Debug, Args)]
pub(crate) struct Permissions {
    /// The apply of a saved plan, as `plan --out` writes it.
    #[arg(long, value_name = "FILE", conflicts_with = "destroy")]
    pub plan: Option<PathBuf>,
    /// A destroy.
    #[arg(long)]
    pub destroy: bool,
}

/// The commands of `state`.
#[derive(Debug, Subcommand)]
pub(crate) enum State {
    /// List the resources: address, id.
    List,
    /// Show everything about one resource, as JSON.
    Show {
        /// The resource.
        address: Address,
    },
    /// Give a resource another address. The stack must declare it there, or the next apply destroys it.
    Mv {
        /// The current address.
        from: Address,
        /// The new address.
        to: Address,
    },
    /// Remove resources from the state and leave them in the cloud. Needs no provider.
    Rm {
        /// Addresses, or keys of objects that replacements left behind, as `list` shows them.
        #[arg(required = true, value_name = "ADDRESS")]
        what: Vec<ObjectKey>,
    },
    /// Print the whole state as one JSON document.
    Export {
        /// Print the private data of providers too, which may be secret. An import elsewhere needs it.
        #[arg(long)]
        private: bool,
    },
    /// Import an exported state into an empty place.
    Import {
        /// The document; - reads it from standard input.
        file: PathBuf,
    },
    /// Start to use a new data key; LANDFORM_NEW_PASSPHRASE or LANDFORM_NEW_KEY_COMMAND also changes the user's key.
    Rotate,
}

/// Options of `history`.
#[derive(Debug, Subcommand)]
pub(crate) enum Past {
    /// List the runs by their numbers, or show what differs between the states after two of them.
    History {
        /// The number of the earlier run; 0 is before all runs.
        #[arg(requires = "to")]
        from: Option<u64>,
        /// The number of the later run.
        to: Option<u64>,
    },
    /// Remove the lease of a run that has died.
    Unlock,
}

/// Options of `restore`.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The number of the run, as `history` shows it; 0 is before all runs.
    #[arg(long, value_name = "N")]
    pub revision: u64,
    /// The secrets of that time, as YAML, `aws_x.name: {argument: value}`; - is standard input. A state stores no
    /// secrets.
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
