//! The options of `create`.

use std::path::PathBuf;

use clap::{ArgAction, Args, Subcommand};
use landform::kops::create::{ApiBalancer, CloudProvider, Dns, InstanceManager, Mode, Plugin, Topology};

use super::{Changes, Keypair, Outcome, Output, RoleName, Secret, SshKey};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Create {
    /// Files of documents, or - for standard input.
    #[arg(short = 'f', long = "filename", value_name = "FILE", value_delimiter = ',')]
    pub files: Vec<PathBuf>,
    #[command(subcommand)]
    pub what: Option<CreateWhat>,
}

#[derive(Subcommand)]
pub enum CreateWhat {
    /// A cluster, made from a few options.
    Cluster(Box<NewCluster>),
    /// An instance group.
    #[command(alias = "ig", alias = "instancegroups")]
    Instancegroup(NewGroup),
    /// A secret.
    #[command(subcommand)]
    Secret(Secret),
    /// The public key for SSH.
    Sshpublickey(SshKey),
    /// A key in a set. The cluster trusts it from the next update on.
    Keypair(Keypair),
}

#[derive(Args)]
pub struct NewGroup {
    /// The group's name.
    pub group: String,
    /// The role of its machines.
    #[arg(long, default_value = "node", ignore_case = true)]
    pub role: RoleName,
    /// The subnets of its machines.
    #[arg(long = "subnet", value_delimiter = ',')]
    pub subnets: Vec<String>,
    /// The zones of its machines, on Google Cloud. The default is all zones of the subnets' region.
    #[arg(long = "zone", value_delimiter = ',')]
    pub zones: Vec<String>,
    /// Opens the group in an editor before it is stored.
    #[arg(long, action = ArgAction::Set, num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    #[arg(require_equals = true)]
    pub edit: bool,
    /// Prints the group and stores nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The form of the printed group.
    #[arg(short, long, default_value = "yaml", requires = "dry_run")]
    pub output: Output,
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
    #[arg(long, value_delimiter = ',', requires = "api_server_count")]
    pub api_server_size: Vec<String>,
    /// The types of nodes.
    #[arg(long, value_delimiter = ',')]
    pub node_size: Vec<String>,
    /// The size of the control plane's root volumes in GiB.
    #[arg(long, alias = "master-volume-size", default_value_t)]
    pub control_plane_volume_size: u32,
    /// The type of the control plane's root volumes, such as gp3.
    #[arg(long, default_value_t)]
    pub control_plane_volume_type: String,
    /// The size of nodes' root volumes in GiB.
    #[arg(long, default_value_t)]
    pub node_volume_size: u32,
    /// The type of nodes' root volumes, such as gp3.
    #[arg(long, default_value_t)]
    pub node_volume_type: String,
    /// The version of Kubernetes.
    #[arg(long, default_value_t)]
    pub kubernetes_version: String,
    /// Feature gates of Kubernetes, each with an optional + or - before it.
    #[arg(long, value_delimiter = ',')]
    pub kubernetes_feature_gates: Vec<String>,
    /// The release channel.
    #[arg(long, default_value = "stable")]
    pub channel: String,
    /// The place of the cluster's files. The default is a folder in the state store.
    #[arg(long, default_value_t, value_name = "URL")]
    pub config_base: String,
    /// The place where the documents of the service accounts' issuer are published.
    #[arg(long, default_value_t, value_name = "URL")]
    pub discovery_store: String,
    /// The network plugin.
    #[arg(long, default_value = "cilium")]
    pub networking: Plugin,
    /// The topology: public if machines have public addresses, or else private.
    #[arg(short, long)]
    pub topology: Option<Topology>,
    /// Adds a bastion.
    #[arg(long)]
    pub bastion: bool,
    /// The kind of DNS zone that has the cluster's names: public, private or none.
    #[arg(long)]
    pub dns: Option<Dns>,
    /// The DNS zone.
    #[arg(long, default_value_t)]
    pub dns_zone: String,
    /// The type of the API's load balancer: public or internal.
    #[arg(long)]
    pub api_loadbalancer_type: Option<ApiBalancer>,
    /// The ARN of a certificate that the API's load balancer serves.
    #[arg(long, default_value_t)]
    pub api_ssl_certificate: String,
    /// The DNS name at which users reach the API.
    #[arg(long, default_value_t, alias = "master-public-name")]
    pub api_public_name: String,
    /// How the API authorizes requests: rbac or alwaysallow.
    #[arg(long, default_value = "rbac")]
    pub authorization: Mode,
    /// What adds and removes nodes: cloudgroups or karpenter.
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
    /// Existing subnets for load balancers, one for each zone. Only for --topology private.
    #[arg(long, value_delimiter = ',')]
    pub utility_subnets: Vec<String>,
    /// How traffic leaves subnets, such as nat-0123456789abcdef0 or External. Only on AWS.
    #[arg(long, default_value_t)]
    pub egress: String,
    /// Gives pods and services IPv6 addresses. Only on AWS.
    #[arg(long)]
    pub ipv6: bool,
    /// Adds no tags to subnets.
    #[arg(long)]
    pub disable_subnet_tags: bool,
    /// The ranges of addresses that may reach the API. The default is everyone.
    #[arg(long, value_delimiter = ',')]
    pub admin_access: Vec<String>,
    /// The ranges of addresses that may reach SSH. The default is that of --admin-access.
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
    #[arg(long, default_value_t, alias = "master-image")]
    pub control_plane_image: String,
    /// The image of the bastion.
    #[arg(long, default_value_t, requires = "bastion")]
    pub bastion_image: String,
    /// Tags of all resources, such as "Owner=John Doe,Team=a".
    #[arg(long, default_value_t)]
    pub cloud_labels: String,
    /// Whether machines get a public address.
    #[arg(long, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    pub associate_public_ip: Option<bool>,
    /// The tenancy of the control plane's machines: default or dedicated.
    #[arg(long, alias = "master-tenancy", default_value_t)]
    pub control_plane_tenancy: String,
    /// The tenancy of nodes: default or dedicated.
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
    #[arg(long, conflicts_with_all = ["yes", "Outcome"])]
    pub dry_run: bool,
    /// The form of the printed documents.
    #[arg(short, long, default_value = "yaml", requires = "dry_run")]
    pub output: Output,
    /// Updates the new cluster at once.
    #[arg(short, long)]
    pub yes: bool,
    #[command(flatten)]
    pub outcome: Outcome,
    #[command(flatten)]
    pub changes: Changes,
}

impl NewCluster {
    /// Refuses options that have no effect because of another option's value.
    pub(super) fn check(&self) -> Result<(), String> {
        self.outcome.check()?;
        let on_gce = self.cloud == Some(CloudProvider::Gce);
        let is_private = self.topology.map_or(self.ipv6, |topology| topology == Topology::Private);
        let rules = [
            (!self.project.is_empty() && !on_gce, "--project", "--cloud gce"),
            (!self.gce_service_account.is_empty() && !on_gce, "--gce-service-account", "--cloud gce"),
            (!self.egress.is_empty() && on_gce, "--egress", "--cloud aws"),
            (self.ipv6 && on_gce, "--ipv6", "--cloud aws"),
            (!self.utility_subnets.is_empty() && on_gce, "--utility-subnets", "--cloud aws"),
            (!self.utility_subnets.is_empty() && !is_private, "--utility-subnets", "--topology private"),
            (
                !self.dns_zone.is_empty() && self.dns == Some(Dns::None),
                "--dns-zone",
                "--dns public or private",
            ),
            (
                !self.node_image.is_empty() && self.instance_manager == InstanceManager::Karpenter,
                "--node-image",
                "--instance-manager cloudgroups, because the channel chooses Karpenter's image",
            ),
        ];
        match rules.iter().find(|(has_no_effect, ..)| *has_no_effect) {
            Some((_, option, expected)) => Err(format!("{option}: expected {expected}")),
            None => Ok(()),
        }
    }
}
