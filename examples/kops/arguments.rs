//! The command line: kops's verbs and options.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use landform::kops::create::{ApiBalancer, CloudProvider, Dns, InstanceManager, Mode, Plugin, Topology};

#[derive(Parser)]
#[command(name = "kops", about = "Kubernetes clusters as kops has them, planned and applied by Landform")]
pub struct Line {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub verb: Verb,
}

/// What every verb is told.
#[derive(Args, Clone)]
pub struct Common {
    /// Where clusters are kept: a directory, file:///directory, s3://bucket or gs://bucket.
    #[arg(long, global = true, env = "KOPS_STATE_STORE", value_name = "URL")]
    pub state: Option<String>,
    /// The cluster's name.
    #[arg(long, global = true, env = "KOPS_CLUSTER_NAME", value_name = "CLUSTER")]
    pub name: Option<String>,
    /// The directory of the embedded cloud; beside a store in a directory, or else kops.cloud.
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub cloud_directory: Option<PathBuf>,
    /// The lock file of the digests of released files, in the form of sha256sum: DIGEST  URL. Without one, digests are made
    /// up: the machines of the embedded cloud load nothing.
    #[arg(long, global = true, env = "KOPS_FILE_HASHES", value_name = "FILE")]
    pub file_hashes: Option<PathBuf>,
    /// A directory of the manifests of other projects' add-ons, as networking.projectcalico.org/k8s-1.25.yaml.
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub addon_manifests: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum Verb {
    /// Adds clusters, groups of machines, keys and secrets to the store.
    Create(Create),
    /// Shows what the store has.
    #[command(subcommand)]
    Get(Get),
    /// Changes fields of a cluster or of a group of machines.
    #[command(subcommand)]
    Edit(Edit),
    /// Replaces documents in the store by those of files.
    Replace(Files),
    /// Plans what a cluster needs, and with --yes does it.
    #[command(subcommand)]
    Update(Update),
    /// Deletes a cluster, a group of machines or a secret.
    #[command(subcommand)]
    Delete(Delete),
    /// Checks that the cloud is as the cluster's spec says.
    #[command(subcommand)]
    Validate(Validate),
    /// Lets another key of a set sign.
    #[command(subcommand)]
    Promote(Promote),
    /// Trusts keys of a set no more.
    #[command(subcommand)]
    Distrust(Distrust),
    /// Writes what clients of a cluster need.
    #[command(subcommand)]
    Export(Export),
    /// Takes over the versions and images that a cluster's channel recommends.
    #[command(subcommand)]
    Upgrade(Upgrade),
    /// Tools for who looks after a cluster.
    #[command(subcommand)]
    Toolbox(Toolbox),
}

/// Files of documents.
#[derive(Args)]
pub struct Files {
    /// A file of documents; once per file.
    #[arg(short = 'f', long = "filename", value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Adds groups of machines that are not there yet.
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Create {
    /// A file of documents; once per file.
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
    /// A key in a set, which is trusted from now on.
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
    /// The user; kops knows admin alone.
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
    /// Replaces a secret that is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct Keypair {
    /// The set of keys, such as kubernetes-ca, or all.
    pub keyset: String,
    /// A certificate to add rather than a new one.
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,
    /// Its private key.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// Lets the key sign at once.
    #[arg(long)]
    pub primary: bool,
}

#[derive(Subcommand)]
pub enum Promote {
    /// Lets a key of a set sign; the newest if none is named.
    Keypair {
        /// The set of keys, or all.
        keyset: String,
        /// The key's id.
        id: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum Distrust {
    /// Trusts keys of a set no more; all that are older than the one that signs if none is named.
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
        /// Those that are trusted no more, too.
        #[arg(long)]
        distrusted: bool,
        #[command(flatten)]
        form: Form,
    },
    /// The files and images that machines load.
    Assets {
        /// Puts the digests of the files into the lock file that --file-hashes names. They are those of a mirror's files:
        /// DIRECTORY/HOST/PATH, each with its .sha256 beside it or without.
        #[arg(long, value_name = "DIRECTORY", requires = "file_hashes")]
        refresh: Option<PathBuf>,
        #[command(flatten)]
        form: Form,
    },
}

/// What is changed.
#[derive(Args)]
pub struct Changes {
    /// A field to set, as spec.kubernetesVersion=1.34.1; once per field.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub sets: Vec<String>,
    /// A field to take away; once per field.
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
    /// Does what is planned; without it, it is only shown.
    #[arg(short, long)]
    pub yes: bool,
    /// Where it is done.
    #[arg(long, default_value = "direct")]
    pub target: Target,
    /// The directory that Terraform's files are written to.
    #[arg(long, default_value = "out/terraform", value_name = "DIRECTORY")]
    pub out: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    Direct,
    Terraform,
}

#[derive(Subcommand)]
pub enum Delete {
    /// A cluster: all that was made for it, and its documents.
    Cluster {
        cluster: Option<String>,
        /// Does it; without it, it is only shown.
        #[arg(short, long)]
        yes: bool,
    },
    /// A group of machines. Its machines go with the next update.
    #[command(alias = "ig", alias = "instancegroups")]
    Instancegroup {
        group: String,
        /// Does it.
        #[arg(short, long)]
        yes: bool,
    },
    /// A secret.
    Secret { secret: String },
}

#[derive(Subcommand)]
pub enum Validate {
    /// A cluster.
    Cluster {
        cluster: Option<String>,
        #[command(flatten)]
        form: Form,
    },
}

#[derive(Subcommand)]
pub enum Upgrade {
    /// A cluster: its version of Kubernetes and the images of its machines.
    Cluster {
        cluster: Option<String>,
        /// Another channel, from now on: a name, or file:///FILE.
        #[arg(long)]
        channel: Option<String>,
        /// Does it; without it, it is only shown.
        #[arg(short, long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
pub enum Toolbox {
    /// What the cloud has for a cluster.
    Dump {
        cluster: Option<String>,
        #[command(flatten)]
        form: Form,
    },
}

#[derive(Subcommand)]
pub enum Export {
    /// The file by which kubectl reaches the cluster.
    #[command(alias = "kubecfg")]
    Kubeconfig {
        cluster: Option<String>,
        /// With a certificate of an administrator, for so many hours.
        #[arg(long, num_args = 0..=1, default_missing_value = "18", value_name = "HOURS")]
        admin: Option<u64>,
        /// The file; standard output if none is named.
        #[arg(long, value_name = "FILE")]
        kubeconfig: Option<PathBuf>,
        /// The API's URL, if it is another one than the spec says.
        #[arg(long, value_name = "URL")]
        api_server: Option<String>,
    },
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
    /// The zones of the control plane; those of nodes if not given.
    #[arg(long, value_delimiter = ',', alias = "master-zones")]
    pub control_plane_zones: Vec<String>,
    /// The machines of the control plane.
    #[arg(long, alias = "master-count", default_value_t)]
    pub control_plane_count: u32,
    /// Machines that serve the API alone.
    #[arg(long, default_value_t)]
    pub api_server_count: u32,
    /// Nodes; one for each zone if not given.
    #[arg(long, default_value_t)]
    pub node_count: u32,
    /// The types of the control plane's machines.
    #[arg(long, value_delimiter = ',', alias = "master-size")]
    pub control_plane_size: Vec<String>,
    /// The type of machines that serve the API alone.
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
    /// Where the cluster's files are kept; in the state store if not given.
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
    /// Existing subnets, one a zone.
    #[arg(long, value_delimiter = ',')]
    pub subnets: Vec<String>,
    /// Existing subnets for load balancers, one a zone.
    #[arg(long, value_delimiter = ',')]
    pub utility_subnets: Vec<String>,
    /// How traffic leaves subnets.
    #[arg(long, default_value_t)]
    pub egress: String,
    /// Gives pods and services IPv6 addresses.
    #[arg(long)]
    pub ipv6: bool,
    /// Leaves subnets untagged.
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
    /// Encrypts etcd's volumes, or not.
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
    /// Tags of all resources, as "Owner=John Doe,Team=a".
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
    #[command(flatten)]
    pub changes: Changes,
}
