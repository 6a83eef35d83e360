//! The specification of a `Cluster` document. Data only.

use super::values::{
    AccessSource, KernelParameter, PolicyArn, PortRange, Share, Statements, Store, Url, Written, text,
};
use super::{
    Api, Authentication, CertManager, Cilium, Cloud, CloudConfig, CloudControllerManager, ClusterAutoscaler,
    Containerd, DnsServer, DnsType, EtcdCluster, ExternalDns, Iam, Karpenter, KubeApiServer,
    KubeControllerManager, KubeDns, KubeProxy, KubeScheduler, Kubelet, LoadBalancerController, MetricsServer,
    Networking, NodeProblemDetector, NodeTerminationHandler, Ntp, PodIdentityWebhook, PolicyRole, Role,
    SnapshotController, Subnet, Topology, UpdatePolicy, WarmPool,
};
use crate::version::Version;
use landform_core::Cidr;
use serde_json::Value;
use std::collections::BTreeMap;

section! {
    /// The specification of a cluster.
    pub struct ClusterSpec {
        /// The release channel that gives default versions and images.
        pub channel: String,
        /// Manifests to install beside kops's own.
        pub addons: Vec<Addon>,
        /// Where the cluster's configuration is kept: `s3://bucket/path`.
        pub config_base: Option<Written<Store>>,
        /// The cloud. Required.
        pub cloud_provider: Option<Cloud>,
        /// Settings of gossip DNS, which kops no longer supports.
        #[serde(skip_serializing)]
        pub gossip_config: Option<Value>,
        /// Settings of gossip DNS, which kops no longer supports.
        #[serde(skip_serializing)]
        pub dns_controller_gossip_config: Option<Value>,
        /// The container runtime; only containerd is left.
        #[serde(skip_serializing)]
        pub container_runtime: String,
        /// The version of Kubernetes, with or without a leading `v`.
        pub kubernetes_version: Option<Written<Version>>,
        /// The subnets that the cluster makes or uses.
        pub subnets: Vec<Subnet>,
        /// The project, on GCE.
        pub project: String,
        /// The DNS name under which users reach the API.
        pub master_public_name: String,
        /// Unused by kops.
        #[serde(skip_serializing)]
        pub master_internal_name: String,
        /// The address range of the network, a CIDR.
        #[serde(rename = "networkCIDR")]
        pub network_cidr: Option<Written<Cidr>>,
        /// Further address ranges of the network.
        #[serde(rename = "additionalNetworkCIDRs")]
        pub additional_network_cidrs: Vec<Written<Cidr>>,
        /// An existing network to use instead of a new one: `vpc-…` on AWS.
        #[serde(rename = "networkID")]
        pub network_id: String,
        /// Public or private machines, DNS, bastion.
        pub topology: Option<Topology>,
        /// Where secrets are kept.
        pub secret_store: Option<Written<Store>>,
        /// Where keys and certificates are kept.
        pub key_store: Option<Written<Store>>,
        /// Unused by kops.
        #[serde(skip_serializing)]
        pub config_store: String,
        /// The DNS zone, by name or by id.
        pub dns_zone: String,
        /// Further names in the API server's certificate.
        pub additional_sans: Vec<String>,
        /// The suffix of names inside the cluster.
        #[serde(rename = "clusterDNSDomain")]
        pub cluster_dns_domain: String,
        /// The address range of services.
        #[serde(rename = "serviceClusterIPRange")]
        pub service_cluster_ip_range: Option<Written<Cidr>>,
        /// The address range of pods.
        #[serde(rename = "podCIDR")]
        pub pod_cidr: Option<Written<Cidr>>,
        /// The range inside the cluster for which machines do not masquerade traffic.
        #[serde(rename = "nonMasqueradeCIDR")]
        pub non_masquerade_cidr: Option<Written<Cidr>>,
        /// Who may reach SSH: CIDRs or prefix lists.
        pub ssh_access: Vec<AccessSource>,
        /// Who may reach node ports: CIDRs or prefix lists.
        pub node_port_access: Vec<AccessSource>,
        /// A proxy for outgoing traffic.
        pub egress_proxy: Option<EgressProxy>,
        /// An existing key pair to use. An empty name means no key pair.
        pub ssh_key_name: Option<String>,
        /// Who may reach the Kubernetes API: CIDRs or prefix lists.
        pub kubernetes_api_access: Vec<AccessSource>,
        /// Keeps the control plane off the pod network.
        pub isolate_masters: Option<bool>,
        /// Who updates the machines' software. The default is `automatic`.
        pub update_policy: Option<UpdatePolicy>,
        /// ARNs of managed policies to attach, by role.
        pub external_policies: BTreeMap<PolicyRole, Vec<PolicyArn>>,
        /// Policy statements to add, as JSON, by role.
        pub additional_policies: BTreeMap<PolicyRole, Written<Statements>>,
        /// Files to write on machines.
        pub file_assets: Vec<FileAsset>,
        /// The etcd clusters.
        pub etcd_clusters: Vec<EtcdCluster>,
        /// Settings of Docker, which kops no longer supports.
        #[serde(skip_serializing)]
        pub docker: Option<Value>,
        /// Settings of containerd.
        pub containerd: Option<Containerd>,
        /// Settings of the cluster's DNS service.
        #[serde(rename = "kubeDNS")]
        pub kube_dns: Option<KubeDns>,
        /// Flags of kube-apiserver.
        #[serde(rename = "kubeAPIServer")]
        pub kube_api_server: Option<KubeApiServer>,
        /// Flags of kube-controller-manager.
        pub kube_controller_manager: Option<KubeControllerManager>,
        /// Flags of the cloud controller manager.
        pub cloud_controller_manager: Option<CloudControllerManager>,
        /// Flags of kube-scheduler.
        pub kube_scheduler: Option<KubeScheduler>,
        /// Flags of kube-proxy.
        pub kube_proxy: Option<KubeProxy>,
        /// Flags of the kubelet on nodes.
        pub kubelet: Option<Kubelet>,
        /// Flags of the kubelet on the control plane.
        pub master_kubelet: Option<Kubelet>,
        /// Settings of the cloud provider's integration.
        pub cloud_config: Option<CloudConfig>,
        /// The controller that publishes DNS records.
        pub external_dns: Option<ExternalDns>,
        /// Time synchronisation.
        pub ntp: Option<Ntp>,
        /// Packages to install on machines.
        pub packages: Vec<String>,
        /// The node termination handler.
        pub node_termination_handler: Option<NodeTerminationHandler>,
        /// The node problem detector.
        pub node_problem_detector: Option<NodeProblemDetector>,
        /// The metrics server.
        pub metrics_server: Option<MetricsServer>,
        /// cert-manager.
        pub cert_manager: Option<CertManager>,
        /// The AWS load balancer controller.
        pub aws_load_balancer_controller: Option<LoadBalancerController>,
        /// The network plugin.
        pub networking: Option<Networking>,
        /// How the API is reached.
        pub api: Option<Api>,
        /// How users are authenticated.
        pub authentication: Option<Authentication>,
        /// How requests are authorized.
        pub authorization: Option<Authorization>,
        /// Node authorization, which kops no longer supports.
        pub node_authorization: Option<Value>,
        /// Tags for every cloud resource of the cluster.
        pub cloud_labels: BTreeMap<String, String>,
        /// Units to run on machines.
        pub hooks: Vec<Hook>,
        /// Other places for images and files.
        pub assets: Option<Assets>,
        /// Identity and access settings.
        pub iam: Option<Iam>,
        /// Whether secrets are encrypted at rest by a key of the user's.
        pub encryption_config: Option<bool>,
        /// Leaves subnets untagged.
        #[serde(rename = "DisableSubnetTags")]
        pub disable_subnet_tags: Option<bool>,
        /// Settings of kops's own outputs. Ignored.
        pub target: Option<Target>,
        /// Mounts the host's certificates into containers.
        pub use_host_certificates: Option<bool>,
        /// Kernel parameters, `name=value`.
        pub sysctl_parameters: Vec<KernelParameter>,
        /// Defaults for replacing machines step by step.
        pub rolling_update: Option<RollingUpdate>,
        /// The cluster autoscaler.
        pub cluster_autoscaler: Option<ClusterAutoscaler>,
        /// Default warm pool of the groups.
        pub warm_pool: Option<WarmPool>,
        /// Where the OIDC issuer's documents are published.
        pub service_account_issuer_discovery: Option<IssuerDiscovery>,
        /// The volume snapshot controller.
        pub snapshot_controller: Option<SnapshotController>,
        /// Karpenter.
        pub karpenter: Option<Karpenter>,
        /// A section of early releases, which kops ignores.
        #[serde(rename = "serviceOIDCProvider")]
        #[serde(skip_serializing)]
        pub service_oidc_provider: Option<Value>,
        /// The pod identity webhook.
        pub pod_identity_webhook: Option<PodIdentityWebhook>,
    }
}

impl ClusterSpec {
    /// Whether the cluster runs on a cloud.
    pub fn is_on(&self, cloud: Cloud) -> bool {
        self.cloud_provider == Some(cloud)
    }

    /// Whether the network exists already.
    pub fn shares_network(&self) -> bool {
        !self.network_id.is_empty()
    }

    /// The ports on which every node serves services of type NodePort.
    pub fn node_ports(&self) -> PortRange {
        let given = self.kube_api_server.as_ref().and_then(|flags| flags.service_node_port_range.as_deref());
        given.copied().unwrap_or(PortRange { first: 30000, last: 32767 })
    }

    /// How the cluster uses DNS. The default is a public zone.
    pub fn dns_type(&self) -> DnsType {
        self.topology
            .as_ref()
            .and_then(|topology| topology.dns.as_ref())
            .map_or(DnsType::Public, |dns| dns.r#type)
    }

    /// Whether machines are named after their address rather than their id.
    pub fn names_by_ip(&self) -> bool {
        self.cloud_config.as_ref().and_then(|config| config.use_ip_based_node_names) == Some(true)
    }

    /// Whether machines get the usual network plugins.
    pub fn installs_cni_plugins(&self) -> bool {
        match self.cilium() {
            // In this mode, Cilium needs the plugin for host ports.
            Some(cilium) => cilium.chaining_mode == "portmap",
            None => !self.has_plugin(|plugins| plugins.amazonvpc.is_some() || plugins.calico.is_some()),
        }
    }

    /// Whether the spec has a network plugin of a kind, such as `|plugins| plugins.kindnet.is_some()`.
    pub fn has_plugin(&self, is: impl FnOnce(&Networking) -> bool) -> bool {
        self.networking.as_ref().is_some_and(is)
    }

    /// The settings of Cilium, if it is the network plugin.
    pub fn cilium(&self) -> Option<&Cilium> {
        self.networking.as_ref()?.cilium.as_ref()
    }

    /// Whether CoreDNS answers for the names of the cluster.
    pub fn uses_core_dns(&self) -> bool {
        self.kube_dns.as_ref().and_then(|dns| dns.provider) != Some(DnsServer::KubeDns)
    }

    /// Whether Karpenter makes machines.
    pub fn has_karpenter(&self) -> bool {
        self.karpenter.as_ref().is_some_and(|karpenter| karpenter.enabled)
    }

    /// Whether machines have IPv6 addresses only.
    pub fn is_ipv6_only(&self) -> bool {
        self.non_masquerade_cidr.as_ref().is_some_and(|range| range.addr().is_ipv6())
    }

    /// Where the cluster's files are kept, without a slash at its end. Empty if the spec does not say it.
    pub fn base(&self) -> &str {
        text(&self.config_base).trim_end_matches('/')
    }
}

section! {
    /// A manifest to install.
    pub struct Addon {
        /// Where the manifest is.
        pub manifest: String,
    }

    /// A proxy for outgoing traffic.
    pub struct EgressProxy {
        /// The proxy.
        pub http_proxy: HttpProxy,
        /// Names and ranges that bypass it, separated by commas.
        pub excludes: String,
    }

    /// The address of a proxy.
    pub struct HttpProxy {
        /// Host name or URL.
        pub host: String,
        /// TCP port.
        pub port: u16,
    }

    /// A file to write on machines.
    pub struct FileAsset {
        /// The file's short name.
        pub name: String,
        /// Where it is written.
        pub path: String,
        /// The roles that get it; all if empty.
        pub roles: Vec<Role>,
        /// What is written.
        pub content: String,
        /// Whether the content is base64.
        pub is_base64: bool,
        /// Permission bits, in octal.
        pub mode: String,
    }

    /// A unit to run on machines.
    pub struct Hook {
        /// The unit's name.
        pub name: String,
        /// Switches the unit off.
        pub disabled: Option<bool>,
        /// The roles that get it; all if empty.
        pub roles: Vec<Role>,
        /// Units that it requires.
        pub requires: Vec<String>,
        /// Units before which it runs.
        pub before: Vec<String>,
        /// A container to run.
        pub exec_container: Option<ExecContainer>,
        /// A systemd unit's text.
        pub manifest: String,
        /// Takes the manifest unchanged.
        pub use_raw_manifest: bool,
    }

    /// A container that a [`Hook`] runs.
    pub struct ExecContainer {
        /// The image.
        pub image: String,
        /// The command and its arguments.
        pub command: Vec<String>,
        /// Environment variables.
        pub environment: BTreeMap<String, String>,
    }

    /// How requests to the API are authorized.
    pub struct Authorization {
        /// Everything is allowed.
        pub always_allow: Option<super::PresentOnly>,
        /// Role-based access control.
        pub rbac: Option<super::PresentOnly>,
    }

    /// Other places for images and files.
    pub struct Assets {
        /// A registry to take images from.
        pub container_registry: Option<String>,
        /// A server to take files from.
        pub file_repository: Option<Url>,
        /// A pull-through cache for images.
        pub container_proxy: Option<String>,
    }

    /// Settings of kops's outputs.
    pub struct Target {
        /// Settings of its Terraform output.
        pub terraform: Option<Terraform>,
    }

    /// Settings of kops's Terraform output.
    pub struct Terraform {
        /// Fields to add to the provider.
        pub provider_extra_config: BTreeMap<String, String>,
        /// Fields to add to the provider that writes files.
        pub files_provider_extra_config: BTreeMap<String, String>,
    }

    /// How machines are replaced step by step.
    pub struct RollingUpdate {
        /// Whether machines are drained first.
        pub drain_and_terminate: Option<bool>,
        /// How many machines may be missing: a number, or a percentage as text.
        pub max_unavailable: Option<Share>,
        /// How many machines may be added: a number, or a percentage as text.
        pub max_surge: Option<Share>,
    }

    /// Where the OIDC issuer's documents are published.
    pub struct IssuerDiscovery {
        /// The store that the documents are written to.
        pub discovery_store: Option<Written<Store>>,
        /// A hosted service that serves them.
        pub discovery_service: Option<DiscoveryService>,
        /// Makes AWS trust the issuer.
        #[serde(rename = "enableAWSOIDCProvider")]
        pub enable_aws_oidc_provider: bool,
        /// Further audiences of the provider.
        pub additional_audiences: Vec<String>,
    }

    /// A hosted service that serves an OIDC issuer's documents.
    pub struct DiscoveryService {
        /// Its base URL.
        pub url: Option<Url>,
    }
}
