//! The options of this tool, in addition to those of every tool.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use landform::cli::clap;

/// The files with the declarations.
#[derive(Args)]
pub struct Arguments {
    /// A description of the base network, as YAML. With `region` it is on AWS, by default in three zones of us-east-2. With
    /// `regions` it is on Google Cloud.
    #[arg(long, global = true, value_name = "FILE")]
    pub network: Option<PathBuf>,
    /// A cluster's spec as YAML, or its URL in kops's state store, such as s3://state-store/k8s.example.com. Repeat it
    /// for each cluster.
    #[arg(long = "cluster", global = true, value_name = "FILE|URL")]
    pub clusters: Vec<PathBuf>,
    /// The file of the public key for SSH to the clusters' machines, such as ~/.ssh/id_ed25519.pub.
    #[arg(long, global = true, value_name = "FILE")]
    pub ssh_key: Option<PathBuf>,
}

/// The commands of this tool.
#[derive(Subcommand)]
pub enum Command {
    /// Checks that the cloud matches the declarations.
    Validate,
}
