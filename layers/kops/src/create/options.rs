//! The options of `create cluster`. Data only.

use crate::spec::Cloud;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::str::FromStr;

/// Declares an option with a fixed set of values. Each value has one or more words. Case does not matter.
macro_rules! choice {
    ($(
        $(#[$about:meta])*
        pub enum $name:ident {$( $(#[$of:meta])* $variant:ident = $first:literal $(| $other:literal)*, )*}
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub enum $name {$( $(#[$of])* $variant, )*}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(match self { $( Self::$variant => $first, )* })
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text.to_lowercase().as_str() {
                    $( $first $(| $other)* => Ok(Self::$variant), )*
                    _ => Err(format!("{text:?}: expected one of {}", [$( $first, )*].join(", "))),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

choice! {
    /// A cloud.
    pub enum CloudProvider {
        /// AWS.
        #[default]
        Aws = "aws",
        /// Google Cloud.
        Gce = "gce",
    }

    /// How requests to the API are authorized.
    pub enum Mode {
        /// By roles.
        #[default]
        Rbac = "rbac",
        /// Everything is allowed.
        AlwaysAllow = "alwaysallow",
    }

    /// Whether machines have public addresses.
    pub enum Topology {
        /// Yes.
        #[default]
        Public = "public",
        /// No.
        Private = "private",
    }

    /// Which DNS zone publishes the cluster's names.
    pub enum Dns {
        /// A public one.
        #[default]
        Public = "public",
        /// A private one.
        Private = "private",
        /// None.
        None = "none",
    }

    /// Where the API's load balancer is reached from.
    pub enum ApiBalancer {
        /// The internet.
        #[default]
        Public = "public",
        /// The network.
        Internal = "internal",
    }

    /// Who adds and removes the machines of nodes.
    pub enum InstanceManager {
        /// The cloud's own groups.
        #[default]
        CloudGroups = "cloudgroups",
        /// Karpenter.
        Karpenter = "karpenter",
    }

    /// The network plugin.
    pub enum Plugin {
        /// Cilium.
        #[default]
        Cilium = "cilium" | "",
        /// Cilium that keeps its state in etcd.
        CiliumEtcd = "cilium-etcd",
        /// Cilium with addresses of AWS's network interfaces.
        CiliumEni = "cilium-eni",
        /// kubenet.
        Kubenet = "kubenet",
        /// Someone else's networking.
        External = "external",
        /// A plugin that the user installs.
        Cni = "cni",
        /// kopeio.
        Kopeio = "kopeio" | "kopeio-vxlan",
        /// Flannel over VXLAN.
        Flannel = "flannel" | "flannel-vxlan",
        /// Flannel over UDP.
        FlannelUdp = "flannel-udp",
        /// Calico.
        Calico = "calico",
        /// kube-router.
        KubeRouter = "kube-router",
        /// The Amazon VPC plugin.
        AmazonVpc = "amazonvpc" | "amazon-vpc-routed-eni",
        /// Alias addresses on Google Cloud.
        Gcp = "gcp" | "gce",
        /// kindnet.
        Kindnet = "kindnet",
    }
}

impl From<CloudProvider> for Cloud {
    fn from(cloud: CloudProvider) -> Self {
        match cloud {
            CloudProvider::Aws => Self::Aws,
            CloudProvider::Gce => Self::Gce,
        }
    }
}

/// The options of `create cluster`. An empty field or a 0 means the default. In serialised form, fields have the names
/// of kops's own options, such as `ControlPlaneZones`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub struct NewCluster {
    /// The cluster's name, a DNS name. Required.
    pub cluster_name: String,
    /// The cloud. Required.
    pub cloud_provider: Option<CloudProvider>,
    /// How requests to the API are authorized. The default is by roles.
    pub authorization: Mode,
    /// The release channel. The default is `stable`.
    pub channel: String,
    /// Where the cluster's files are kept. The default is the folder with the cluster's name in the state store.
    pub config_base: String,
    /// Where the documents of the issuer of service accounts are published. The default is nowhere.
    pub discovery_store: String,
    /// The version of Kubernetes. The default is the version that the channel recommends.
    pub kubernetes_version: String,
    /// Feature gates of Kubernetes, each with an optional `+` or `-` before it.
    pub kubernetes_feature_gates: Vec<String>,
    /// Who may reach the API. The default is everyone.
    pub admin_access: Vec<String>,
    /// Who may reach SSH. The default is everyone who may reach the API.
    #[serde(rename = "SSHAccess")]
    pub ssh_access: Vec<String>,
    /// The ranges of the network. Every range but the first gets a subnet of its own.
    #[serde(rename = "NetworkCIDRs")]
    pub network_cidrs: Vec<String>,
    /// The zones of nodes. Required.
    pub zones: Vec<String>,
    /// The zones of the control plane. The default is the zones of nodes.
    pub control_plane_zones: Vec<String>,
    /// The project, on Google Cloud.
    pub project: String,
    /// The service account of machines, on Google Cloud.
    #[serde(rename = "GCEServiceAccount")]
    pub gce_service_account: String,
    /// An existing network. The default is the network of the first existing subnet, or else a new network.
    #[serde(rename = "NetworkID")]
    pub network_id: String,
    /// Existing subnets, one for each zone.
    #[serde(rename = "SubnetIDs")]
    pub subnet_ids: Vec<String>,
    /// Existing subnets for load balancers, one for each zone.
    #[serde(rename = "UtilitySubnetIDs")]
    pub utility_subnet_ids: Vec<String>,
    /// How traffic leaves subnets, as in [`Subnet::egress`](crate::spec::Subnet).
    pub egress: String,
    /// Whether pods and services have IPv6 addresses.
    #[serde(rename = "IPv6")]
    pub ipv6: bool,
    /// The number of machines of the control plane. The default is one for each of its zones if the options give these
    /// zones, or else one.
    pub control_plane_count: u32,
    /// The number of machines that serve only the API. The default is 0.
    #[serde(rename = "APIServerCount")]
    pub api_server_count: u32,
    /// Whether etcd's volumes are encrypted. The default on AWS is yes.
    pub encrypt_etcd_storage: Option<bool>,
    /// The type of etcd's volumes.
    pub etcd_storage_type: String,
    /// The number of nodes. The default is one for each zone.
    pub node_count: u32,
    /// Whether there is a bastion.
    pub bastion: bool,
    /// The network plugin. The default is Cilium.
    pub networking: Plugin,
    /// Whether machines have public addresses. The default is yes, or no if the cluster uses IPv6.
    pub topology: Option<Topology>,
    /// Which DNS zone publishes the cluster's names. The default is a public one if the options name a zone, or else none.
    #[serde(rename = "DNSType")]
    pub dns_type: Option<Dns>,
    /// The DNS zone.
    #[serde(rename = "DNSZone")]
    pub dns_zone: String,
    /// Where the API's load balancer is reached from. The default is the internet.
    #[serde(rename = "APILoadBalancerType")]
    pub api_load_balancer_type: Option<ApiBalancer>,
    /// The ARN of a certificate that the API's load balancer serves.
    #[serde(rename = "APISSLCertificate")]
    pub api_ssl_certificate: String,
    /// The name under which users reach the API.
    #[serde(rename = "APIPublicName")]
    pub api_public_name: String,
    /// Who adds and removes the machines of nodes. The default is the cloud's own groups.
    pub instance_manager: InstanceManager,
    /// The image of all machines. The default is the channel's image.
    pub image: String,
    /// The image of nodes.
    pub node_image: String,
    /// The image of the control plane.
    pub control_plane_image: String,
    /// The image of the bastion.
    pub bastion_image: String,
    /// The types of the control plane's machines.
    pub control_plane_sizes: Vec<String>,
    /// The type of machines that serve only the API. At most one.
    #[serde(rename = "APIServerSizes")]
    pub api_server_sizes: Vec<String>,
    /// The types of nodes.
    pub node_sizes: Vec<String>,
    /// Tags of all resources, such as `Owner=John Doe,Team=a`. Values in quotes may contain an `=`.
    pub cloud_labels: String,
    /// Whether machines get a public address.
    #[serde(rename = "AssociatePublicIP")]
    pub associate_public_ip: Option<bool>,
    /// Whether the control plane's machines share hosts.
    pub control_plane_tenancy: String,
    /// Whether nodes share hosts.
    pub node_tenancy: String,
    /// Existing security groups of nodes.
    pub node_security_groups: Vec<String>,
    /// Existing security groups of the control plane.
    pub control_plane_security_groups: Vec<String>,
    /// The size of the control plane's root volumes in GiB.
    pub control_plane_volume_size: u32,
    /// The type of the control plane's root volumes.
    pub control_plane_volume_type: String,
    /// The size of nodes' root volumes in GiB.
    pub node_volume_size: u32,
    /// The type of nodes' root volumes.
    pub node_volume_type: String,
    /// Leaves subnets untagged.
    pub disable_subnet_tags: bool,
    /// Fields to set at the end, such as `cluster.spec.nodePortAccess=10.20.30.0/24`.
    pub sets: Vec<String>,
    /// Fields to remove at the end, before others are set.
    pub unsets: Vec<String>,
}
