//! The command line: kops's verbs and options.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use landform::kops::create::{ApiBalancer, CloudProvider, Dns, InstanceManager, Mode, Plugin, Topology};
use landform::kops::spec::Role;

use crate::instance_selector::InstanceSelector;

#[derive(Parser)]
#[command(name = "kops", about = "Kubernetes clusters as kops has them, planned and applied by Landform")]
// The last of several values counts, as in kops.
#[command(args_override_self = true)]
pub struct Line {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub verb: Verb,
}

/// The options of every verb.
#[derive(Args, Clone)]
pub struct Common {
    /// Where clusters are kept: a directory, file:///directory, s3://bucket or gs://bucket.
    #[arg(long, global = true, env = "KOPS_STATE_STORE", value_name = "URL")]
    pub state: Option<String>,
    /// The cluster's name.
    #[arg(long, global = true, env = "KOPS_CLUSTER_NAME", value_name = "CLUSTER")]
    pub name: Option<String>,
    /// The cloud to work in: the embedded cloud, or AWS with the credentials of the environment.
    #[arg(long, global = true, env = "KOPS_PROVIDER", default_value = "sim")]
    pub provider: ProviderName,
    /// The directory of the embedded cloud. The default is a directory beside the store, or kops.cloud if the store is not
    /// a directory.
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub cloud_directory: Option<PathBuf>,
    /// The lock file of the digests of released files, in the form of sha256sum: DIGEST  URL. Without one, digests
    /// are invented in the embedded cloud, whose machines download nothing. AWS needs the file.
    #[arg(long, global = true, env = "KOPS_FILE_HASHES", value_name = "FILE")]
    pub file_hashes: Option<PathBuf>,
    /// A directory of the manifests of other projects' add-ons, as networking.projectcalico.org/k8s-1.25.yaml.
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub addon_manifests: Option<PathBuf>,
}

/// A cloud to work in.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProviderName {
    /// The embedded cloud.
    Sim,
    /// AWS.
    Aws,
}

#[derive(Subcommand)]
pub enum Verb {
    /// Adds clusters, groups of machines, keys and secrets to the store.
    Create(Create),
    /// Shows what the store has. Without the name of a kind, all documents of a cluster.
    Get(GetArguments),
    /// Changes a cluster or a group of machines: fields by --set and --unset, or the document in an editor.
    #[command(subcommand)]
    Edit(Edit),
    /// Replaces documents in the store with documents from files.
    Replace(Files),
    /// Plans the changes of a cluster's resources. With --yes, applies them.
    #[command(subcommand)]
    Update(Update),
    /// Deletes a cluster, a group of machines, a machine or a secret.
    Delete(DeleteArguments),
    /// Updates a cluster and replaces its machines, the control plane first.
    #[command(subcommand)]
    Reconcile(Reconcile),
    /// Replaces machines that do not match the current spec.
    #[command(subcommand)]
    RollingUpdate(RollingUpdate),
    /// Checks that a cluster works.
    #[command(subcommand)]
    Validate(Validate),
    /// Chooses the key of a set that signs.
    #[command(subcommand)]
    Promote(Promote),
    /// Stops trusting keys of a set.
    #[command(subcommand)]
    Distrust(Distrust),
    /// Writes what clients of a cluster need.
    #[command(subcommand)]
    Export(Export),
    /// Changes a cluster's version and images to those that its channel recommends.
    #[command(subcommand)]
    Upgrade(Upgrade),
    /// Tools for the operators of a cluster.
    #[command(subcommand)]
    Toolbox(Toolbox),
    /// Prints the version.
    Version {
        /// Prints only the number of the kops release.
        #[arg(long)]
        short: bool,
    },
}

/// Files of documents.
#[derive(Args)]
pub struct Files {
    /// A file of documents, or - for standard input. Repeat the option for several files.
    #[arg(short = 'f', long = "filename", value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Adds groups of machines that the cluster does not have yet.
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Create {
    /// A file of documents, or - for standard input. Repeat the option for several files.
    #[arg(short = 'f', long = "filename", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(subcommand)]
    pub what: Option<CreateWhat>,
}

#[derive(Subcommand)]
pub enum CreateWhat {
    /// A cluster from a few options.
    Cluster(Box<NewCluster>),
    /// A group of machines.
    #[command(alias = "ig", alias = "instancegroups")]
    Instancegroup(NewGroup),
    /// A secret, or the public key for SSH.
    #[command(subcommand)]
    Secret(Secret),
    /// The public key for SSH.
    Sshpublickey(SshKey),
    /// A key in a set. It is trusted from now on.
    Keypair(Keypair),
}

#[derive(Args)]
pub struct NewGroup {
    /// The group's name.
    pub group: String,
    /// What its machines do.
    #[arg(long, default_value = "node", ignore_case = true)]
    pub role: RoleName,
    /// The subnets that its machines are placed in.
    #[arg(long = "subnet", value_delimiter = ',')]
    pub subnets: Vec<String>,
    /// Opens the group in an editor before it is stored.
    #[arg(long, action = ArgAction::Set, num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    #[arg(require_equals = true)]
    pub edit: bool,
    /// Prints the group and stores nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The form of what is printed.
    #[arg(short, long, default_value = "yaml")]
    pub output: Output,
}

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

#[derive(Subcommand)]
pub enum Secret {
    /// The public key for SSH.
    Sshpublickey(SshKey),
    /// How secrets are encrypted at rest.
    Encryptionconfig(SecretFile),
    /// The credentials of registries.
    Dockerconfig(SecretFile),
    /// The key of Cilium's encryption.
    Ciliumpassword(SecretFile),
}

#[derive(Args)]
pub struct SshKey {
    /// The user. kops has only admin.
    #[arg(default_value = "admin")]
    pub user: String,
    /// The file of the public key.
    #[arg(short = 'i', long, value_name = "FILE")]
    pub ssh_public_key: PathBuf,
}

#[derive(Args)]
pub struct SecretFile {
    /// The file that holds the secret.
    #[arg(short = 'f', value_name = "FILE")]
    pub file: PathBuf,
    /// Replaces an existing secret.
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct Keypair {
    /// The set of keys, such as kubernetes-ca, or all.
    pub keyset: String,
    /// A certificate to add instead of a new one.
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,
    /// Its private key.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// Makes the new key sign at once.
    #[arg(long)]
    pub primary: bool,
}

#[derive(Subcommand)]
pub enum Promote {
    /// Makes a key of a set sign. The default is the newest.
    Keypair {
        /// The set of keys, or all.
        keyset: String,
        /// The key's id.
        id: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum Distrust {
    /// Stops trusting keys of a set. The default is all keys that are older than the one that signs.
    Keypair {
        /// The set of keys, or all.
        keyset: String,
        /// The keys' ids.
        ids: Vec<String>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    Table,
    Yaml,
    Json,
}

/// The form of what is printed.
#[derive(Args)]
pub struct Form {
    /// The form.
    #[arg(short, long, default_value = "table")]
    pub output: Output,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct GetArguments {
    /// The cluster.
    pub cluster: Option<String>,
    #[command(flatten)]
    pub form: Form,
    #[command(subcommand)]
    pub what: Option<Get>,
}

#[derive(Subcommand)]
pub enum Get {
    /// Clusters: all of them, or one.
    #[command(alias = "clusters")]
    Cluster {
        cluster: Option<String>,
        /// With all defaults.
        #[arg(long)]
        full: bool,
        #[command(flatten)]
        form: Form,
    },
    /// A cluster and its groups.
    All {
        #[command(flatten)]
        form: Form,
    },
    /// Groups of machines: all of a cluster, or some.
    #[command(alias = "ig", alias = "instancegroups")]
    Instancegroup {
        groups: Vec<String>,
        #[command(flatten)]
        form: Form,
    },
    /// Machines.
    #[command(alias = "instance")]
    Instances {
        cluster: Option<String>,
        #[command(flatten)]
        reach: Reach,
        #[command(flatten)]
        form: Form,
    },
    /// The names of secrets.
    #[command(alias = "secret")]
    Secrets {
        #[command(flatten)]
        form: Form,
    },
    /// The public keys for SSH.
    #[command(alias = "sshpublickey")]
    Sshpublickeys {
        #[command(flatten)]
        form: Form,
    },
    /// The keys of all sets, or of some.
    #[command(alias = "keypair")]
    Keypairs {
        keysets: Vec<String>,
        /// Also shows keys that are no longer trusted.
        #[arg(long)]
        distrusted: bool,
        #[command(flatten)]
        form: Form,
    },
    /// The files and images that machines download.
    Assets {
        /// Adds the digests of a mirror's files to the lock file that --file-hashes names. The mirror has each file at
        /// DIRECTORY/HOST/PATH. If PATH.sha256 is beside it, the digest must match it.
        #[arg(long, value_name = "DIRECTORY", requires = "file_hashes")]
        refresh: Option<PathBuf>,
        #[command(flatten)]
        form: Form,
    },
}

/// The changes of a document.
#[derive(Args)]
pub struct Changes {
    /// A field to set, such as spec.kubernetesVersion=1.34.1. Repeat the option for several fields.
    #[arg(long = "set", value_name = "PATH=VALUE")]
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
    /// A group of machines.
    #[command(alias = "ig", alias = "instancegroups")]
    Instancegroup {
        group: String,
        #[command(flatten)]
        changes: Changes,
    },
}

#[derive(Subcommand)]
pub enum Update {
    /// A cluster.
    Cluster(UpdateCluster),
}

#[derive(Args)]
pub struct UpdateCluster {
    pub cluster: Option<String>,
    /// Applies the plan. Without this option, the command only shows it.
    #[arg(short, long)]
    pub yes: bool,
    /// What the plan becomes: changes in the cloud, or files for Terraform.
    #[arg(long, default_value = "direct")]
    pub target: Target,
    /// The directory of the files for Terraform.
    #[arg(long, default_value = "out/terraform", value_name = "DIRECTORY")]
    pub out: PathBuf,
    /// The groups to update. The default is all groups.
    #[arg(long, value_delimiter = ',', aliases = ["ig", "instance-groups"])]
    pub instance_group: Vec<String>,
    /// The roles of the groups to update. The default is all roles.
    #[arg(long, value_delimiter = ',', ignore_case = true, aliases = ["role", "roles", "instance-group-role"])]
    pub instance_group_roles: Vec<RoleName>,
    /// The part to update.
    #[arg(long, ignore_case = true)]
    pub phase: Option<Phase>,
    /// How to treat a kind of resource, such as SecurityGroup=Ignore. Repeat the option for several kinds.
    #[arg(long, value_delimiter = ',', env = "KOPS_LIFECYCLE_OVERRIDES", value_name = "KIND=LIFECYCLE")]
    pub lifecycle_overrides: Vec<String>,
    /// Also deletes load balancers that only an older revision of the cluster needed.
    #[arg(long)]
    pub prune: bool,
    /// Adds the cluster to kubectl's file.
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    pub create_kube_config: Option<bool>,
    /// Also writes an administrator's certificate there, which is valid for this time.
    #[arg(long, num_args = 0..=1, default_missing_value = "18h", value_parser = humantime::parse_duration)]
    #[arg(value_name = "DURATION")]
    pub admin: Option<Duration>,
    /// An existing user in kubectl's file. kubectl reaches the cluster as this user.
    #[arg(long, value_name = "USER", conflicts_with = "admin")]
    pub user: Option<String>,
    /// Uses the cluster's internal name.
    #[arg(long)]
    pub internal: bool,
    /// The API's URL, if it differs from the URL in the spec.
    #[arg(long, value_name = "URL")]
    pub api_server: Option<String>,
    /// The file of a public key for SSH to add first.
    #[arg(long, value_name = "FILE")]
    pub ssh_public_key: Option<PathBuf>,
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

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    Direct,
    Terraform,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DeleteArguments {
    /// A file of the documents to delete, or - for standard input. Repeat the option for several files.
    #[arg(short = 'f', long = "filename", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Deletes them. Without this option, the command only shows what it would delete.
    #[arg(short, long)]
    pub yes: bool,
    #[command(subcommand)]
    pub what: Option<Delete>,
}

#[derive(Subcommand)]
pub enum Delete {
    /// A cluster: its resources and its documents.
    Cluster(DeleteCluster),
    /// A group of machines. The next update deletes its machines.
    #[command(alias = "ig", alias = "instancegroups")]
    Instancegroup {
        group: String,
        /// Deletes the group.
        #[arg(short, long)]
        yes: bool,
    },
    /// A secret.
    Secret { secret: String },
    /// All public keys for SSH.
    Sshpublickey,
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
    /// Deletes a cluster that the store does not have. Its resources are found by their tags.
    #[arg(long)]
    pub external: bool,
    /// The region of a cluster that the store does not have.
    #[arg(long, requires = "external")]
    pub region: Option<String>,
}

#[derive(Args)]
pub struct DeleteInstance {
    /// The machine's id, or its node's name.
    #[arg(value_name = "INSTANCE|NODE")]
    pub instance: String,
    /// Makes the changes. Without this option, the command only shows them.
    #[arg(short, long)]
    pub yes: bool,
    /// Does not use the Kubernetes API: drains no machine and checks no node.
    #[arg(long)]
    pub cloudonly: bool,
    /// Detaches the machine first, so that its group starts another one.
    #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    pub surge: bool,
    #[command(flatten)]
    pub conduct: Conduct,
    #[command(flatten)]
    pub reach: Reach,
}

/// How to reach the Kubernetes API. By default, the URL follows from the spec, and the command makes a certificate.
#[derive(Args, Clone)]
pub struct Reach {
    /// The API's URL, if it differs from the URL in the spec.
    #[arg(long, value_name = "URL")]
    pub api_server: Option<String>,
    /// Uses kubectl's file: its context with the cluster's name.
    #[arg(long)]
    pub use_kubeconfig: bool,
    /// The file to use instead of kubectl's default file.
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// How long the new certificate is valid.
    #[arg(long, default_value = "18h", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub admin: Duration,
}

impl Reach {
    /// Whether the command line says how to reach the API.
    pub fn is_given(&self) -> bool {
        self.api_server.is_some() || self.use_kubeconfig || self.kubeconfig.is_some()
    }
}

/// How carefully the command replaces machines.
#[derive(Args, Clone)]
pub struct Conduct {
    /// Stops if it cannot drain a machine.
    #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    pub fail_on_drain_error: bool,
    /// Stops if the cluster is not healthy in time.
    #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    pub fail_on_validate_error: bool,
    /// The time limit for draining a machine.
    #[arg(long, default_value = "15m", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub drain_timeout: Duration,
    /// The pause after draining a machine.
    #[arg(long, default_value = "5s", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub post_drain_delay: Duration,
    /// The time limit for the cluster to be healthy again.
    #[arg(long, default_value = "15m", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub validation_timeout: Duration,
    /// The number of successful checks in a row before the next machine.
    #[arg(long, default_value_t = 2)]
    pub validate_count: u32,
}

#[derive(Subcommand)]
pub enum RollingUpdate {
    /// A cluster.
    Cluster(RollingUpdateCluster),
}

#[derive(Args)]
pub struct RollingUpdateCluster {
    pub cluster: Option<String>,
    /// Makes the changes. Without this option, the command only shows them.
    #[arg(short, long)]
    pub yes: bool,
    /// Also replaces machines that are up to date.
    #[arg(long)]
    pub force: bool,
    /// Asks after each machine whether to continue.
    #[arg(short, long)]
    pub interactive: bool,
    /// The groups to replace. The default is all groups.
    #[arg(long, value_delimiter = ',', aliases = ["ig", "instance-groups"])]
    pub instance_group: Vec<String>,
    /// The roles of the groups to replace. The default is all roles.
    #[arg(long, value_delimiter = ',', ignore_case = true, aliases = ["role", "roles", "instance-group-role"])]
    pub instance_group_roles: Vec<RoleName>,
    #[command(flatten)]
    pub rolling: Rolling,
}

/// How the command replaces groups of machines.
#[derive(Args, Clone)]
pub struct Rolling {
    /// Does not use the Kubernetes API: drains no machine and checks no node.
    #[arg(long)]
    pub cloudonly: bool,
    /// The pause after a machine of the control plane.
    #[arg(long, default_value = "15s", value_parser = humantime::parse_duration, alias = "master-interval")]
    #[arg(value_name = "DURATION")]
    pub control_plane_interval: Duration,
    /// The pause after a node, and after a machine that serves only the API.
    #[arg(long, default_value = "15s", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub node_interval: Duration,
    /// The pause after a bastion.
    #[arg(long, default_value = "15s", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub bastion_interval: Duration,
    #[command(flatten)]
    pub conduct: Conduct,
    #[command(flatten)]
    pub reach: Reach,
}

#[derive(Subcommand)]
pub enum Reconcile {
    /// A cluster.
    Cluster(ReconcileCluster),
}

#[derive(Args)]
pub struct ReconcileCluster {
    pub cluster: Option<String>,
    /// Makes the changes. Without this option, the command only shows them.
    #[arg(short, long)]
    pub yes: bool,
    #[command(flatten)]
    pub rolling: Rolling,
}

#[derive(Subcommand)]
pub enum Validate {
    /// A cluster.
    Cluster {
        cluster: Option<String>,
        /// How long to wait for the cluster to be healthy.
        #[arg(long, value_parser = humantime::parse_duration, value_name = "DURATION")]
        wait: Option<Duration>,
        /// The number of successful checks in a row.
        #[arg(long, default_value_t = 0)]
        count: u32,
        /// The pause between checks.
        #[arg(long, default_value = "10s", value_parser = humantime::parse_duration, value_name = "DURATION")]
        interval: Duration,
        /// The number of nodes that may be unready.
        #[arg(long, default_value_t = 0)]
        max_unready_nodes: usize,
        #[command(flatten)]
        reach: Reach,
        #[command(flatten)]
        form: Form,
    },
}

#[derive(Subcommand)]
pub enum Upgrade {
    /// A cluster: its version of Kubernetes and the images of its machines.
    Cluster {
        cluster: Option<String>,
        /// Another channel for the cluster: a name, or file:///FILE.
        #[arg(long)]
        channel: Option<String>,
        /// The version of Kubernetes to upgrade to. The default is what the channel recommends.
        #[arg(long, value_name = "VERSION")]
        kubernetes_version: Option<String>,
        /// Changes the spec. Without this option, the command only shows the changes.
        #[arg(short, long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
pub enum Toolbox {
    /// Documents from templates, in the language of Go's templates with sprig's functions.
    Template(Template),
    /// A group of machines from what they must have, such as processors and memory.
    InstanceSelector(Box<InstanceSelector>),
    /// The cloud's resources of a cluster.
    Dump {
        cluster: Option<String>,
        #[command(flatten)]
        form: Form,
    },
}

#[derive(Args)]
pub struct Template {
    /// A file of values, or a directory of such files. A later file replaces values of an earlier one.
    #[arg(long, value_delimiter = ',', value_name = "FILE")]
    pub values: Vec<PathBuf>,
    /// Values to set, such as a=1,b.c=text,list={x,y}. Numbers, true, false and null are read as such.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
    /// Values to set as texts, before those of --set.
    #[arg(long = "set-string", value_name = "KEY=VALUE")]
    pub set_strings: Vec<String>,
    /// A template, or a directory of templates.
    #[arg(long = "template", value_delimiter = ',', value_name = "FILE")]
    pub templates: Vec<PathBuf>,
    /// A template that others include by the name of its file, or a directory of such templates.
    #[arg(long, value_delimiter = ',', value_name = "FILE")]
    pub snippets: Vec<PathBuf>,
    /// The file to write. The default is standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Prints this value, and no document.
    #[arg(long, value_name = "KEY")]
    pub config_value: Option<String>,
    /// Refuses templates that use a value which is not there.
    #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    #[arg(require_equals = true)]
    pub fail_on_missing: bool,
    /// Reads the documents and writes them in a uniform layout.
    #[arg(long, default_value_t = false, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    #[arg(require_equals = true)]
    pub format_yaml: bool,
    /// The channel of the functions that tell what it recommends: a name, or file:///FILE.
    #[arg(long, default_value = "stable")]
    pub channel: String,
}

#[derive(Subcommand)]
pub enum Export {
    /// Adds clusters to the file of kubectl, whose other entries stay.
    #[command(alias = "kubecfg")]
    Kubeconfig(ExportKubeconfig),
}

#[derive(Args)]
pub struct ExportKubeconfig {
    pub cluster: Option<String>,
    /// All clusters of the store.
    #[arg(long, conflicts_with_all = ["cluster", "api_server"])]
    pub all: bool,
    /// Adds an administrator's certificate that is valid for this time.
    #[arg(long, num_args = 0..=1, default_missing_value = "18h", value_parser = humantime::parse_duration)]
    #[arg(value_name = "DURATION")]
    pub admin: Option<Duration>,
    /// An existing user in the file. kubectl reaches the cluster as this user.
    #[arg(long, value_name = "USER", conflicts_with = "admin")]
    pub user: Option<String>,
    /// Uses the cluster's internal name.
    #[arg(long)]
    pub internal: bool,
    /// The file, or - for standard output. The default is kubectl's file.
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// The API's URL, if it differs from the URL in the spec.
    #[arg(long, value_name = "URL")]
    pub api_server: Option<String>,
}

/// The options of `create cluster`.
#[derive(Args)]
pub struct NewCluster {
    pub cluster: Option<String>,
    /// The cloud.
    #[arg(long)]
    pub cloud: Option<CloudProvider>,
    /// The zones of nodes.
    #[arg(long, value_delimiter = ',')]
    pub zones: Vec<String>,
    /// The zones of the control plane. The default is the zones of nodes.
    #[arg(long, value_delimiter = ',', alias = "master-zones")]
    pub control_plane_zones: Vec<String>,
    /// The number of machines of the control plane.
    #[arg(long, alias = "master-count", default_value_t)]
    pub control_plane_count: u32,
    /// The number of machines that serve only the API.
    #[arg(long, default_value_t)]
    pub api_server_count: u32,
    /// The number of nodes. The default is one for each zone.
    #[arg(long, default_value_t)]
    pub node_count: u32,
    /// The types of the control plane's machines.
    #[arg(long, value_delimiter = ',', alias = "master-size")]
    pub control_plane_size: Vec<String>,
    /// The type of machines that serve only the API.
    #[arg(long, value_delimiter = ',')]
    pub api_server_size: Vec<String>,
    /// The types of nodes.
    #[arg(long, value_delimiter = ',')]
    pub node_size: Vec<String>,
    /// The size of the control plane's root volumes in GiB.
    #[arg(long, alias = "master-volume-size", default_value_t)]
    pub control_plane_volume_size: u32,
    /// The size of nodes' root volumes in GiB.
    #[arg(long, default_value_t)]
    pub node_volume_size: u32,
    /// The version of Kubernetes.
    #[arg(long, default_value_t)]
    pub kubernetes_version: String,
    /// Feature gates of Kubernetes, each with an optional + or - before it.
    #[arg(long, value_delimiter = ',')]
    pub kubernetes_feature_gates: Vec<String>,
    /// The release channel.
    #[arg(long, default_value = "stable")]
    pub channel: String,
    /// Where the cluster's files are kept. The default is the state store.
    #[arg(long, default_value_t, value_name = "URL")]
    pub config_base: String,
    /// Where the documents of the issuer of service accounts are published.
    #[arg(long, default_value_t, value_name = "URL")]
    pub discovery_store: String,
    /// The network plugin.
    #[arg(long, default_value = "cilium")]
    pub networking: Plugin,
    /// Whether machines have public addresses: public or private.
    #[arg(long)]
    pub topology: Option<Topology>,
    /// Adds a bastion.
    #[arg(long)]
    pub bastion: bool,
    /// Which DNS zone publishes the cluster's names: public, private or none.
    #[arg(long)]
    pub dns: Option<Dns>,
    /// The DNS zone.
    #[arg(long, default_value_t)]
    pub dns_zone: String,
    /// Where the API's load balancer is reached from: public or internal.
    #[arg(long)]
    pub api_loadbalancer_type: Option<ApiBalancer>,
    /// The ARN of a certificate that the API's load balancer serves.
    #[arg(long, default_value_t)]
    pub api_ssl_certificate: String,
    /// The name under which users reach the API.
    #[arg(long, default_value_t)]
    pub api_public_name: String,
    /// How requests to the API are authorized.
    #[arg(long, default_value = "rbac")]
    pub authorization: Mode,
    /// Who adds and removes the machines of nodes: cloudgroups or karpenter.
    #[arg(long, default_value = "cloudgroups")]
    pub instance_manager: InstanceManager,
    /// An existing network.
    #[arg(long, default_value_t, alias = "vpc")]
    pub network_id: String,
    /// The ranges of the network.
    #[arg(long, value_delimiter = ',')]
    pub network_cidr: Vec<String>,
    /// Existing subnets, one for each zone.
    #[arg(long, value_delimiter = ',')]
    pub subnets: Vec<String>,
    /// Existing subnets for load balancers, one for each zone.
    #[arg(long, value_delimiter = ',')]
    pub utility_subnets: Vec<String>,
    /// How traffic leaves subnets.
    #[arg(long, default_value_t)]
    pub egress: String,
    /// Gives pods and services IPv6 addresses.
    #[arg(long)]
    pub ipv6: bool,
    /// Adds no tags to subnets.
    #[arg(long)]
    pub disable_subnet_tags: bool,
    /// Who may reach the API.
    #[arg(long, value_delimiter = ',')]
    pub admin_access: Vec<String>,
    /// Who may reach SSH.
    #[arg(long, value_delimiter = ',')]
    pub ssh_access: Vec<String>,
    /// The file of the public key for SSH.
    #[arg(long, value_name = "FILE")]
    pub ssh_public_key: Option<PathBuf>,
    /// Whether etcd's volumes are encrypted.
    #[arg(long, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    pub encrypt_etcd_storage: Option<bool>,
    /// The type of etcd's volumes.
    #[arg(long, default_value_t)]
    pub etcd_storage_type: String,
    /// The image of all machines.
    #[arg(long, default_value_t)]
    pub image: String,
    /// The image of nodes.
    #[arg(long, default_value_t)]
    pub node_image: String,
    /// The image of the control plane.
    #[arg(long, default_value_t)]
    pub control_plane_image: String,
    /// The image of the bastion.
    #[arg(long, default_value_t)]
    pub bastion_image: String,
    /// Tags of all resources, such as "Owner=John Doe,Team=a".
    #[arg(long, default_value_t)]
    pub cloud_labels: String,
    /// Whether machines get a public address.
    #[arg(long, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    pub associate_public_ip: Option<bool>,
    /// Whether the control plane's machines share hosts.
    #[arg(long, alias = "master-tenancy", default_value_t)]
    pub control_plane_tenancy: String,
    /// Whether nodes share hosts.
    #[arg(long, default_value_t)]
    pub node_tenancy: String,
    /// Existing security groups of nodes.
    #[arg(long, value_delimiter = ',')]
    pub node_security_groups: Vec<String>,
    /// Existing security groups of the control plane.
    #[arg(long, value_delimiter = ',', alias = "master-security-groups")]
    pub control_plane_security_groups: Vec<String>,
    /// The project, on Google Cloud.
    #[arg(long, default_value_t)]
    pub project: String,
    /// The service account of machines, on Google Cloud.
    #[arg(long, default_value_t)]
    pub gce_service_account: String,
    /// Prints the documents and stores nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The form of what is printed.
    #[arg(short, long, default_value = "yaml")]
    pub output: Output,
    /// Updates the new cluster at once.
    #[arg(short, long)]
    pub yes: bool,
    /// What the update becomes: changes in the cloud, or files for Terraform.
    #[arg(long, default_value = "direct")]
    pub target: Target,
    /// The directory of the files for Terraform.
    #[arg(long, default_value = "out/terraform", value_name = "DIRECTORY")]
    pub out: PathBuf,
    #[command(flatten)]
    pub changes: Changes,
}
