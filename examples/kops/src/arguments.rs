//! The command line: kops's verbs and options. What has no effect in a combination is refused.

mod create;
mod documents;
mod keys;
mod machines;
mod tools;
mod update;

use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use landform::kops::spec::Role;

pub use create::{Create, CreateWhat, NewCluster, NewGroup};
pub use documents::{
    Changes, CopyArguments, Delete, DeleteArguments, DeleteCluster, Edit, Files, Get, GetArguments,
    SecretType,
};
pub use keys::{Distrust, Keypair, Promote, Secret, SecretFile, SshKey, Trust};
pub use machines::{
    Conduct, DeleteInstance, Reach, Reconcile, ReconcileCluster, Rolling, RollingUpdate,
    RollingUpdateCluster, Validate,
};
pub use tools::{Export, Template, Toolbox};
pub use update::{Outcome, Phase, Target, Update, UpdateCluster, Upgrade};

#[derive(Parser)]
#[command(name = "kops", about = "Runs Kubernetes clusters with kops's commands; Landform makes the changes")]
// The last of several values counts, as in kops.
#[command(args_override_self = true)]
pub struct Line {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub verb: Verb,
}

/// The options of every verb. They say where things are, so a verb that does not need one accepts it too.
#[derive(Args, Clone)]
pub struct Common {
    /// The state store: a directory, file:///DIRECTORY, s3://BUCKET or gs://BUCKET.
    #[arg(long, global = true, env = "KOPS_STATE_STORE", value_name = "URL")]
    pub state: Option<String>,
    /// The cluster's name.
    #[arg(long, global = true, env = "KOPS_CLUSTER_NAME", value_name = "CLUSTER")]
    pub name: Option<String>,
    /// The cloud to work in.
    #[arg(long, global = true, env = "KOPS_PROVIDER", default_value = "sim")]
    pub provider: ProviderName,
    /// The directory of the embedded cloud. The default is a directory beside the state store, or kops.cloud if the
    /// store is not a directory.
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub cloud_directory: Option<PathBuf>,
    /// The lock file with the hashes of released files. Each line is "SHA-256  URL", as sha256sum writes it. Real clouds
    /// need this file. Without it, the embedded cloud uses invented hashes, because its machines download nothing.
    #[arg(long, global = true, env = "KOPS_FILE_HASHES", value_name = "FILE")]
    pub file_hashes: Option<PathBuf>,
    /// A directory with the manifests of other projects' add-ons, such as networking.projectcalico.org/k8s-1.25.yaml.
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub addon_manifests: Option<PathBuf>,
}

/// A cloud to work in.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProviderName {
    /// The embedded cloud.
    Sim,
    /// AWS, with the credentials of the environment.
    Aws,
    /// Google Cloud, with the credentials and the project of the environment.
    Gce,
}

#[derive(Subcommand)]
pub enum Verb {
    /// Adds a cluster, an instance group, a key or a secret to the state store.
    Create(Create),
    /// Shows what the state store has. Without a kind, it shows a cluster and its instance groups.
    Get(GetArguments),
    /// Changes a cluster or an instance group, with --set and --unset or in an editor.
    #[command(subcommand)]
    Edit(Edit),
    /// Replaces documents in the state store with documents from files.
    Replace(Files),
    /// Shows the changes that a cluster's resources need. With --yes, makes them.
    #[command(subcommand)]
    Update(Update),
    /// Deletes a cluster, an instance group, a machine, a secret or a key.
    Delete(DeleteArguments),
    /// Updates a cluster and replaces its machines. The control plane comes first.
    #[command(subcommand)]
    Reconcile(Reconcile),
    /// Replaces machines that do not match the current spec.
    #[command(subcommand)]
    RollingUpdate(RollingUpdate),
    /// Checks whether a cluster matches its spec and works.
    #[command(subcommand)]
    Validate(Validate),
    /// Makes a key of a set sign new certificates.
    #[command(subcommand)]
    Promote(Promote),
    /// Stops trusting keys of a set.
    #[command(subcommand)]
    Distrust(Distrust),
    /// Trusts keys of a set again. This undoes "distrust".
    #[command(subcommand)]
    Trust(Trust),
    /// Writes the kubeconfig of a cluster.
    #[command(subcommand)]
    Export(Export),
    /// Changes a cluster to the version and the images that its channel recommends.
    #[command(subcommand)]
    Upgrade(Upgrade),
    /// Tools for people who operate clusters.
    #[command(subcommand)]
    Toolbox(Toolbox),
    /// Prints a script that completes commands in a shell.
    Completion { shell: clap_complete::Shell },
    /// Prints the version.
    Version {
        /// Prints only the number of the kops release.
        #[arg(long)]
        short: bool,
    },
}

/// The form of the output.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    Table,
    Yaml,
    Json,
}

/// The form of the output of a verb that shows things.
#[derive(Args)]
pub struct Form {
    /// The form of the output.
    #[arg(short, long, default_value = "table")]
    pub output: Output,
}

/// A role of an instance group.
#[derive(Clone, Copy, ValueEnum)]
pub enum RoleName {
    #[value(alias = "master")]
    ControlPlane,
    Node,
    Bastion,
    Apiserver,
}

impl RoleName {
    /// The role in a spec.
    pub fn role(self) -> Role {
        match self {
            Self::ControlPlane => Role::ControlPlane,
            Self::Node => Role::Node,
            Self::Bastion => Role::Bastion,
            Self::Apiserver => Role::ApiServer,
        }
    }
}

/// The instance groups that a verb works on: those that match the names and the roles.
#[derive(Args, Clone, Default)]
pub struct GroupChoice {
    /// The instance groups to work on. The default is all of them.
    #[arg(long = "instance-group", value_delimiter = ',', aliases = ["ig", "instance-groups"], value_name = "GROUP")]
    pub names: Vec<String>,
    /// The roles of the instance groups to work on. The default is all roles.
    #[arg(long = "instance-group-roles", value_delimiter = ',', ignore_case = true, value_name = "ROLE")]
    #[arg(aliases = ["role", "roles", "instance-group-role"])]
    pub roles: Vec<RoleName>,
}

impl GroupChoice {
    /// The groups with one of these roles.
    pub fn of_roles(roles: &[RoleName]) -> Self {
        Self { names: Vec::new(), roles: roles.to_vec() }
    }

    /// Whether the command line chooses groups.
    pub fn is_given(&self) -> bool {
        !self.names.is_empty() || !self.roles.is_empty()
    }
}

/// How kubectl reaches a cluster, as a kubeconfig says it.
#[derive(Args, Clone, Default)]
pub struct Access {
    /// Adds an administrator's certificate. The value says how long it is valid.
    #[arg(long, num_args = 0..=1, default_missing_value = "18h", value_parser = humantime::parse_duration)]
    #[arg(value_name = "DURATION", conflicts_with = "user")]
    pub admin: Option<Duration>,
    /// A user that the kubeconfig already has. kubectl uses this user for the cluster.
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// Uses the cluster's internal DNS name.
    #[arg(long, conflicts_with = "api_server")]
    pub internal: bool,
    /// The URL of the API. The default follows from the spec.
    #[arg(long, value_name = "URL")]
    pub api_server: Option<String>,
}

impl Access {
    /// Whether the command line says how kubectl reaches the cluster.
    pub fn is_given(&self) -> bool {
        self.admin.is_some() || self.user.is_some() || self.internal || self.api_server.is_some()
    }

    /// The URL that the command line gives for a cluster's API.
    pub fn server(&self, cluster: &str) -> Option<String> {
        let internal = self.internal.then(|| format!("https://api.internal.{cluster}"));
        self.api_server.clone().or(internal)
    }
}

impl Line {
    /// The script that completes this command line in a shell.
    pub fn completion(shell: clap_complete::Shell) -> Vec<u8> {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Self::command(), "kops", &mut script);
        script
    }

    /// Reads the command line of this process. Ends the process if the line is wrong, as clap does.
    pub fn of_process() -> Self {
        let line = Self::parse();
        if let Err(message) = line.check() {
            Self::command().error(ErrorKind::ArgumentConflict, message).exit();
        }
        line
    }

    /// Refuses options that have no effect because of another option's value. clap refuses the rest.
    fn check(&self) -> Result<(), String> {
        if self.common.provider != ProviderName::Sim && self.common.cloud_directory.is_some() {
            return Err(
                "--cloud-directory is for --provider sim: a real cloud keeps nothing in a directory".into()
            );
        }
        match &self.verb {
            Verb::Create(Create { what: Some(CreateWhat::Cluster(cluster)), .. }) => cluster.check(),
            Verb::Update(Update::Cluster(update)) => update.check(),
            _ => Ok(()),
        }
    }
}
