//! The cluster spec as kops users write it: the documents of `kops.k8s.io/v1alpha2`, typed.
//!
//! The shape follows kops `pkg/apis/kops/v1alpha2`. A field that kops does not know is an error; what is absent stays
//! absent. One place applies all defaults ([`populate`](crate::populate())).

#[macro_use]
pub(crate) mod section;
#[macro_use]
mod words;

mod addons;
mod api;
mod api_server;
mod cilium;
mod cloud;
mod cluster;
mod container;
mod containerd;
mod control_plane;
mod dns;
mod etcd;
mod group;
mod iam;
mod kubelet;
mod network;
mod plugins;
pub mod values;

pub use addons::{
    Authentication, AwsAuthentication, AwsIdentityMapping, CertManager, ClusterAutoscaler, Karpenter,
    LoadBalancerController, MetricsServer, NodeProblemDetector, NodeTerminationHandler, Ntp,
    PodIdentityWebhook, SnapshotController,
};

pub use api::{
    AccessLog, Api, LoadBalancer, LoadBalancerClass, LoadBalancerSubnet, LoadBalancerType, PresentOnly,
};
pub use api_server::KubeApiServer;
pub use cilium::{Cilium, CiliumGatewayApi, CiliumIngress, Hubble};
pub use cloud::{CloudConfig, EbsCsiDriver, PdCsiDriver};
pub use cluster::{
    Addon, Assets, Authorization, ClusterSpec, DiscoveryService, EgressProxy, ExecContainer, FileAsset, Hook,
    HttpProxy, IssuerDiscovery, RollingUpdate, Target, Terraform,
};
pub use container::{ContainerResource, ContainerVariable, EntryOf, FileEntry, PodField, VariableSource};
pub use containerd::{Containerd, DcgmExporter, GVisor, Nri, NvidiaGpu, Packages, Runc};
pub use control_plane::{
    CloudControllerManager, KubeControllerManager, KubeProxy, KubeScheduler, LeaderElection,
};
pub use dns::{ExternalDns, KubeDns, NodeLocalDns};
pub use etcd::{EnvVar, EtcdBackups, EtcdCluster, EtcdManager, EtcdMember};
pub use group::{
    Accelerator, ExternalLoadBalancer, GroupSpec, InstanceMetadata, InstanceProfile, InstanceRequirements,
    Manager, MinMax, MixedInstances, Role, UserData, Volume, VolumeMount, WarmPool,
};
pub use iam::{AwsPermission, Iam, ServiceAccountPermission};
pub use kubelet::Kubelet;
pub use network::{
    Bastion, BastionLoadBalancer, Dns, DnsType, Networking, Route, Subnet, SubnetType, Topology,
};
pub use plugins::{AmazonVpc, Calico, Cni, Flannel, Kindnet, KindnetMasquerade, KubeRouter};
pub use words::{
    AuthorizationMode, AuthorizationModes, BpfLogLevel, ChainInsertMode, Cloud, CpuCredits, DnsPublisher,
    DnsServer, Encapsulation, EncapsulationScope, Encryption, EtcdName, EtcdProvider, Expander,
    ExternalServiceMode, Filesystem, FlannelBackend, HttpTokens, IdentityStore, IngressMode,
    InterruptionBehavior, Ipam, IptablesBackend, KubeletCloud, LoadBalancingAlgorithm, LogFormat,
    MemorySwapBehavior, MonitorAggregation, NetworkPlugin, NlbSecurityGroupMode, PolicyEnforcement,
    PolicyRole, SourceCheck, SpotAllocationStrategy, Tenancy, TopologyManagerPolicy, Tunnel, UpdatePolicy,
    UserDataType, Visibility,
};

use crate::source::Place;
use std::collections::BTreeMap;

/// The contents of a spec file: one cluster, its groups of machines, its SSH keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// The `Cluster` document.
    pub cluster: Document<ClusterSpec>,
    /// The `InstanceGroup` documents, in the order of the file.
    pub groups: Vec<Document<GroupSpec>>,
    /// The `SSHCredential` documents. The SSH key is usually a separate secret instead.
    pub ssh_keys: Vec<Document<SshCredential>>,
    /// Objects of other software that kops applies, such as `KubeSchedulerConfiguration`.
    pub additional: Vec<serde_json::Value>,
}

impl Spec {
    /// The cluster's name, which is a DNS name.
    pub fn name(&self) -> &str {
        &self.cluster.metadata.name
    }

    /// The group with a name.
    pub fn group(&self, name: &str) -> Option<&Document<GroupSpec>> {
        self.groups.iter().find(|group| group.metadata.name == name)
    }

    /// The subnet with a name.
    pub fn subnet(&self, name: &str) -> Option<&Subnet> {
        self.cluster.spec.subnets.iter().find(|subnet| subnet.name == name)
    }
}

/// One document: metadata, specification, and position.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<S> {
    /// Name and labels.
    pub metadata: Metadata,
    /// The specification.
    pub spec: S,
    /// The positions of the document and of each of its fields, for messages. Empty for a document built in code.
    pub place: Place,
}

section! {
    /// The `metadata` of a document.
    pub struct Metadata {
        /// The document's name.
        pub name: String,
        /// Labels; `kops.k8s.io/cluster` on a group names the cluster it belongs to.
        pub labels: BTreeMap<String, String>,
        /// Annotations.
        pub annotations: BTreeMap<String, String>,
        /// When kops first stored the document. Ignored.
        pub creation_timestamp: Option<String>,
        /// The number of changes of the specification. Ignored.
        pub generation: Option<i64>,
        /// The namespace. Ignored.
        pub namespace: Option<String>,
        /// The version in a Kubernetes API server. Ignored.
        pub resource_version: Option<String>,
        /// The id in a Kubernetes API server. Ignored.
        pub uid: Option<String>,
    }

    /// The specification of an `SSHCredential` document.
    pub struct SshCredential {
        /// The public key, in the form of an `authorized_keys` line.
        pub public_key: String,
    }
}
