//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// What is asked for.
#[derive(Parser)]
#[command(about = "A three-zone VPC and Kubernetes clusters inside it. Without a command: the whole story")]
pub struct Arguments {
    /// What to do; the whole story if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub place: Place,
    /// Prints one JSON object per event and a last one with the counts.
    #[arg(long, global = true)]
    pub json: bool,
    /// Applies without asking.
    #[arg(long, global = true)]
    pub yes: bool,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Shows what would change. Nothing is touched.
    Plan,
    /// Makes the world as it is declared.
    Apply,
    /// Deletes everything that the state knows.
    Destroy,
    /// Checks that the world is as it is declared.
    Validate,
    /// Lists the runs by their numbers, or what differs between the states that two of them left.
    History {
        /// The number of the earlier run; 0 is before all.
        #[arg(requires = "to")]
        from: Option<u64>,
        /// The number of the later run.
        to: Option<u64>,
    },
    /// Makes the world again as an earlier run left it.
    Restore(Restore),
    /// Draws what is declared and what would change: graph.dot, and graph.html for a browser.
    Graph,
}

/// What is restored.
#[derive(Args)]
pub struct Restore {
    /// The number of the run, as `history` has it; 0 is before all.
    #[arg(long, value_name = "N")]
    pub revision: u64,
    /// The secrets of that time, as YAML, `aws_x.name: {argument: value}`; - is the standard input. A state keeps none.
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
}

/// Where things are.
#[derive(Args)]
pub struct Place {
    /// The directory of the state and of the embedded cloud [default: fairwinds.state].
    #[arg(long, global = true, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Which cloud.
    #[arg(long, global = true, value_enum, default_value = "sim")]
    pub cloud: CloudName,
    /// A description of the base network, as YAML; three zones of us-east-2 if not given.
    #[arg(long, global = true, value_name = "FILE")]
    pub network: Option<PathBuf>,
    /// A cluster's spec as YAML, or where kops keeps it, as s3://state-store/k8s.example.com; once per cluster.
    #[arg(long = "cluster", global = true, value_name = "FILE|URL")]
    pub clusters: Vec<PathBuf>,
    /// The public key for SSH to the clusters' machines, a file as ~/.ssh/id_ed25519.pub.
    #[arg(long, global = true, value_name = "FILE")]
    pub ssh_key: Option<PathBuf>,
}

impl Place {
    /// The directory of the state.
    pub fn directory(&self) -> PathBuf {
        self.state.clone().unwrap_or_else(|| PathBuf::from("fairwinds.state"))
    }
}

/// The clouds.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CloudName {
    /// The embedded cloud, in the state's directory.
    Sim,
    /// AWS, or whatever AWS_ENDPOINT_URL names. Needs the feature `client`.
    Aws,
}
