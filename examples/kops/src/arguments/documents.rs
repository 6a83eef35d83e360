//! The options of verbs that read, change and delete documents in the state store.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{DeleteInstance, Form, Reach};

/// Files of documents.
#[derive(Args)]
pub struct Files {
    /// Files of documents, or - for standard input.
    #[arg(short = 'f', long = "filename", value_name = "FILE", value_delimiter = ',', required = true)]
    pub files: Vec<PathBuf>,
    /// Also adds instance groups that the cluster does not have.
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct GetArguments {
    pub cluster: Option<String>,
    #[command(flatten)]
    pub form: Form,
    #[command(subcommand)]
    pub what: Option<Get>,
}

#[derive(Subcommand)]
pub enum Get {
    /// Clusters. The default is all of them.
    #[command(alias = "clusters")]
    Cluster {
        #[arg(value_name = "CLUSTER")]
        clusters: Vec<String>,
        /// Shows all defaults too.
        #[arg(long)]
        full: bool,
        #[command(flatten)]
        form: Form,
    },
    /// A cluster and its instance groups.
    All {
        cluster: Option<String>,
        #[command(flatten)]
        form: Form,
    },
    /// The instance groups of a cluster. The default is all of them.
    #[command(alias = "ig", alias = "instancegroups")]
    Instancegroup {
        #[arg(value_name = "GROUP")]
        groups: Vec<String>,
        #[command(flatten)]
        form: Form,
    },
    /// The machines of a cluster.
    #[command(alias = "instance")]
    Instances {
        cluster: Option<String>,
        #[command(flatten)]
        reach: Reach,
        #[command(flatten)]
        form: Form,
    },
    /// The names of secrets. The default is all of them.
    #[command(alias = "secret")]
    Secrets {
        #[arg(value_name = "SECRET")]
        secrets: Vec<String>,
        /// The type of the secrets. The verbs sshpublickeys and keypairs show what is not secret.
        #[arg(long = "type", value_name = "TYPE", default_value = "secret", ignore_case = true)]
        of_type: SecretType,
        #[command(flatten)]
        form: Form,
    },
    /// The public keys for SSH.
    #[command(alias = "sshpublickey")]
    Sshpublickeys {
        cluster: Option<String>,
        #[command(flatten)]
        form: Form,
    },
    /// The keys of sets. The default is all sets.
    #[command(alias = "keypair")]
    Keypairs {
        #[arg(value_name = "KEYSET")]
        keysets: Vec<String>,
        /// Also shows keys that are no longer trusted.
        #[arg(long)]
        distrusted: bool,
        #[command(flatten)]
        form: Form,
    },
    /// The files and images that machines download.
    #[command(alias = "asset")]
    Assets {
        cluster: Option<String>,
        /// Adds the hashes of a mirror's files to the lock file that --file-hashes names. The mirror has each file at
        /// DIRECTORY/HOST/PATH. If PATH.sha256 is beside it, the hash must match it.
        #[arg(long, value_name = "DIRECTORY", requires = "file_hashes")]
        #[arg(conflicts_with = "output")]
        refresh: Option<PathBuf>,
        #[command(flatten)]
        copy: CopyArguments,
        #[command(flatten)]
        form: Form,
    },
}

/// A type of secrets. The other types of kops have verbs of their own.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SecretType {
    /// What `create secret` adds.
    Secret,
}

/// The copies of what machines download.
#[derive(Args)]
pub struct CopyArguments {
    /// Copies the files to spec.assets.fileRepository and the images to spec.assets.containerRegistry. Skips what is
    /// already there. Checks each file against the lock file that --file-hashes names.
    #[arg(long, requires = "file_hashes", conflicts_with_all = ["refresh", "output"])]
    pub copy: bool,
    /// Takes the files from DIRECTORY/HOST/PATH instead of their usual places.
    #[arg(long, value_name = "DIRECTORY", requires = "copy")]
    pub mirror: Option<PathBuf>,
    /// Pulls the images through another registry: registry.k8s.io/pause:3.10 from
    /// HOST/PATH/registry.k8s.io/pause:3.10.
    #[arg(long, value_name = "HOST/PATH", requires = "copy")]
    pub pull_through: Option<String>,
}

/// The changes of a document.
#[derive(Args)]
pub struct Changes {
    /// A field to set, such as spec.kubernetesVersion=1.34.1. Repeat the option for several fields.
    #[arg(long = "set", value_name = "PATH=VALUE", alias = "override")]
    pub sets: Vec<String>,
    /// A field to remove. Repeat the option for several fields.
    #[arg(long = "unset", value_name = "PATH")]
    pub unsets: Vec<String>,
}

#[derive(Subcommand)]
pub enum Edit {
    /// A cluster.
    Cluster {
        cluster: Option<String>,
        #[command(flatten)]
        changes: Changes,
    },
    /// An instance group.
    #[command(alias = "ig", alias = "instancegroups")]
    Instancegroup {
        group: String,
        #[command(flatten)]
        changes: Changes,
    },
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DeleteArguments {
    /// Files of the documents to delete, or - for standard input.
    #[arg(short = 'f', long = "filename", value_name = "FILE", value_delimiter = ',')]
    pub files: Vec<PathBuf>,
    /// Deletes them. Without this option, the command only shows what it would delete.
    #[arg(short, long, requires = "files")]
    pub yes: bool,
    #[command(subcommand)]
    pub what: Option<Delete>,
}

#[derive(Subcommand)]
pub enum Delete {
    /// A cluster: its resources and its documents.
    Cluster(DeleteCluster),
    /// An instance group. The next update deletes its machines.
    #[command(alias = "ig", alias = "instancegroups")]
    Instancegroup {
        group: String,
        /// Deletes the group.
        #[arg(short, long)]
        yes: bool,
    },
    /// Secrets.
    Secret {
        #[arg(value_name = "SECRET", required = true)]
        secrets: Vec<String>,
    },
    /// All public keys for SSH.
    Sshpublickey { cluster: Option<String> },
    /// A machine. The command detaches it, so that its group starts another one. Then it drains and terminates it.
    Instance(DeleteInstance),
}

#[derive(Args, Default)]
pub struct DeleteCluster {
    pub cluster: Option<String>,
    /// Deletes the cluster. Without this option, the command only shows what it would delete.
    #[arg(short, long)]
    pub yes: bool,
    /// Deletes only the documents. The resources stay in the cloud.
    #[arg(long, conflicts_with = "external")]
    pub unregister: bool,
    /// Deletes a cluster that the state store does not have. The command finds its resources by tags and names.
    #[arg(long, requires = "region")]
    pub external: bool,
    /// The region of a cluster that the state store does not have.
    #[arg(long, requires = "external")]
    pub region: Option<String>,
}
