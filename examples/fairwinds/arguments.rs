//! What this tool is told beside what every tool is told.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use landform::cli::clap;

/// What is declared.
#[derive(Args)]
pub struct Arguments {
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

/// Its own commands.
#[derive(Subcommand)]
pub enum Command {
    /// Checks that the world is as it is declared.
    Validate,
}
