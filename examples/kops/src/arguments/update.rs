//! The options of `update` and `upgrade`.

use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, Subcommand, ValueEnum};

use super::{Access, GroupChoice};

/// The directory of the files for Terraform, if the command line names none.
const OUT: &str = "out/terraform";

#[derive(Subcommand)]
pub enum Update {
    /// A cluster.
    Cluster(UpdateCluster),
}

#[derive(Args, Default)]
pub struct UpdateCluster {
    pub cluster: Option<String>,
    /// Makes the changes. Without this option, the command only shows them. Files for Terraform need no --yes.
    #[arg(short, long)]
    pub yes: bool,
    #[command(flatten)]
    pub outcome: Outcome,
    #[command(flatten)]
    pub groups: GroupChoice,
    /// The part of the cluster to update.
    #[arg(long, ignore_case = true)]
    pub phase: Option<Phase>,
    /// How to treat a kind of resource, such as SecurityGroup=Ignore. The last value for a kind counts.
    #[arg(long, value_delimiter = ',', env = "KOPS_LIFECYCLE_OVERRIDES", value_name = "KIND=LIFECYCLE")]
    pub lifecycle_overrides: Vec<String>,
    /// Also deletes load balancers that the spec no longer has.
    #[arg(long)]
    pub prune: bool,
    /// Adds the cluster to the kubeconfig. The options that say how kubectl reaches the cluster do this too.
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    pub create_kube_config: Option<bool>,
    #[command(flatten)]
    pub access: Access,
    /// Adds this public key for SSH to the cluster first.
    #[arg(long, value_name = "FILE")]
    pub ssh_public_key: Option<PathBuf>,
}

impl UpdateCluster {
    /// Refuses options that have no effect.
    pub(super) fn check(&self) -> Result<(), String> {
        self.outcome.check()?;
        if self.outcome.target == Target::Terraform {
            let parts = [
                (self.phase.is_some(), "--phase"),
                (!self.lifecycle_overrides.is_empty(), "--lifecycle-overrides"),
                (self.groups.is_given(), "--instance-group and --instance-group-roles"),
                (self.prune, "--prune"),
            ];
            if let Some((_, option)) = parts.iter().find(|(is_given, _)| *is_given) {
                return Err(format!("{option}: --target terraform always writes the whole cluster"));
            }
        }
        if self.create_kube_config == Some(false) && self.access.is_given() {
            return Err(
                "--create-kube-config=false: the options --admin, --user, --internal and --api-server are \
                        for a kubeconfig"
                    .into(),
            );
        }
        Ok(())
    }
}

/// What an update becomes.
#[derive(Args, Clone, Default)]
pub struct Outcome {
    /// What the update becomes: changes in the cloud, or files for Terraform.
    #[arg(long, default_value = "direct")]
    pub target: Target,
    /// The directory of the files for Terraform. The default is out/terraform.
    #[arg(long, value_name = "DIRECTORY")]
    pub out: Option<PathBuf>,
}

impl Outcome {
    /// The directory of the files for Terraform.
    pub fn directory(&self) -> &Path {
        self.out.as_deref().unwrap_or(Path::new(OUT))
    }

    /// Refuses options that have no effect.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.target {
            Target::Direct if self.out.is_some() => Err("--out: expected --target terraform".into()),
            _ => Ok(()),
        }
    }
}

/// A part of a cluster's resources.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Phase {
    /// The network.
    Network,
    /// Roles, keys and security groups.
    #[value(alias = "iam")]
    Security,
    /// Everything else.
    Cluster,
}

/// What an update becomes.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// Changes in the cloud.
    #[default]
    Direct,
    /// Files for Terraform.
    Terraform,
}

#[derive(Subcommand)]
pub enum Upgrade {
    /// A cluster: its version of Kubernetes and the images of its machines.
    Cluster {
        cluster: Option<String>,
        /// Another channel for the cluster: a name, or file:///FILE.
        #[arg(long)]
        channel: Option<String>,
        /// The version of Kubernetes to upgrade to. The default is the version that the channel recommends.
        #[arg(long, value_name = "VERSION")]
        kubernetes_version: Option<String>,
        /// Changes the spec. Without this option, the command only shows the changes.
        #[arg(short, long)]
        yes: bool,
    },
}
