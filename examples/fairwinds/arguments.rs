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
    /// Draws what is declared and what would change: graph.dot, and graph.html for a browser.
    Graph,
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
