//! The specification of an `InstanceGroup` document: machines of one kind. Data only.

use super::values::{
    Duration, KernelParameter, NonNegative, ProfileArn, Quantity, SecurityGroupId, Taint, TargetGroupArn,
    VolumeType, Written,
};
use super::{
    ClusterSpec, Containerd, CpuCredits, FileAsset, Filesystem, Hook, HttpTokens, InterruptionBehavior,
    Kubelet, RollingUpdate, SpotAllocationStrategy, Tenancy, UpdatePolicy, UserDataType,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the machines of a group do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Role {
    /// The control plane: API server, controllers, etcd.
    #[serde(rename = "Master", alias = "ControlPlane")]
    ControlPlane,
    /// Only API servers.
    #[serde(rename = "APIServer")]
    ApiServer,
    /// The users' workloads.
    Node,
    /// The way in by SSH.
    Bastion,
}

impl Role {
    /// The name by which machines know their role.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ControlPlane => "ControlPlane",
            Self::ApiServer => "APIServer",
            Self::Node => "Node",
            Self::Bastion => "Bastion",
        }
    }

    /// The name of the role's folder in the store.
    pub fn in_paths(self) -> &'static str {
        match self {
            Self::ControlPlane => "control-plane",
            Self::ApiServer => "apiserver",
            Self::Node => "node",
            Self::Bastion => "bastion",
        }
    }

    /// Whether the machines serve the Kubernetes API.
    pub fn serves_api(self) -> bool {
        matches!(self, Self::ControlPlane | Self::ApiServer)
    }
}

words! {
    /// Who adds and removes machines.
    #[derive(Default)]
    pub enum Manager {
        /// The cloud's own groups.
        #[default]
        CloudGroup = "CloudGroup",
        /// Karpenter.
        Karpenter = "Karpenter",
    }
}

section! {
    /// The specification of a group of machines.
    pub struct GroupSpec {
        /// Who adds and removes machines.
        pub manager: Option<Manager>,
        /// What the machines do. Required.
        pub role: Option<Role>,
        /// The image: an id, a name, `owner/name`, or `ssm:` and a parameter.
        pub image: String,
        /// The least number of machines.
        pub min_size: Option<u32>,
        /// The greatest number of machines.
        pub max_size: Option<u32>,
        /// Whether the cluster autoscaler may change the size.
        pub autoscale: Option<bool>,
        /// The group's rank for the cluster autoscaler.
        pub autoscale_priority: i16,
        /// The type of machine; several may be separated by commas.
        pub machine_type: String,
        /// The form of later API versions, which kops ignores in this one.
        #[serde(skip_serializing)]
        pub root_volume: Option<Value>,
        /// The root volume's size in GiB.
        pub root_volume_size: Option<u32>,
        /// The root volume's type.
        pub root_volume_type: Option<VolumeType>,
        /// The root volume's operations per second.
        pub root_volume_iops: Option<u32>,
        /// The root volume's throughput in MiB per second.
        pub root_volume_throughput: Option<u32>,
        /// Whether the machine is optimised for its volumes.
        pub root_volume_optimization: Option<bool>,
        /// Unused by kops.
        #[serde(skip_serializing)]
        pub root_volume_delete_on_termination: Option<bool>,
        /// Whether the root volume is encrypted. The default is yes.
        pub root_volume_encryption: Option<bool>,
        /// The key that encrypts the root volume.
        pub root_volume_encryption_key: Option<String>,
        /// Further volumes.
        pub volumes: Vec<Volume>,
        /// Where volumes are mounted.
        pub volume_mounts: Vec<VolumeMount>,
        /// The names of the subnets that machines are placed in.
        pub subnets: Vec<String>,
        /// The zones that machines are placed in, where subnets are regional.
        pub zones: Vec<String>,
        /// Units to run.
        pub hooks: Vec<Hook>,
        /// The highest price for spot machines.
        pub max_price: Option<Written<NonNegative>>,
        /// How long spot machines are reserved.
        pub spot_duration_in_minutes: Option<u32>,
        /// The credit option of burstable machines.
        pub cpu_credits: Option<CpuCredits>,
        /// Whether machines get a public address.
        pub associate_public_ip: Option<bool>,
        /// Further existing security groups to attach.
        pub additional_security_groups: Vec<SecurityGroupId>,
        /// Tags for the group's resources.
        pub cloud_labels: BTreeMap<String, String>,
        /// Labels of the Kubernetes nodes.
        pub node_labels: BTreeMap<String, String>,
        /// Files to write.
        pub file_assets: Vec<FileAsset>,
        /// Whether machines share their hardware with other customers.
        pub tenancy: Option<Tenancy>,
        /// Flags of the kubelet.
        pub kubelet: Option<Kubelet>,
        /// Taints of the Kubernetes nodes.
        pub taints: Vec<Taint>,
        /// Machines of several types, on demand and spot.
        pub mixed_instances_policy: Option<MixedInstances>,
        /// Replaces spot machines at risk before they go.
        pub capacity_rebalance: Option<bool>,
        /// Scripts to add to the machine's own.
        pub additional_user_data: Vec<UserData>,
        /// Processes of the autoscaling group to suspend.
        pub suspend_processes: Vec<String>,
        /// Existing load balancers to join.
        pub external_load_balancers: Vec<ExternalLoadBalancer>,
        /// Whether metrics are taken every minute.
        pub detailed_instance_monitoring: Option<bool>,
        /// An existing instance profile to use instead of a new one.
        pub iam: Option<InstanceProfile>,
        /// An existing security group to use instead of a new one.
        pub security_group_override: Option<SecurityGroupId>,
        /// Protects machines from being removed when the group shrinks.
        pub instance_protection: Option<bool>,
        /// Kernel parameters, `name=value`.
        pub sysctl_parameters: Vec<KernelParameter>,
        /// How machines are replaced step by step.
        pub rolling_update: Option<RollingUpdate>,
        /// What happens to an interrupted spot machine.
        pub instance_interruption_behavior: Option<InterruptionBehavior>,
        /// Compresses parts of the machine's script.
        pub compress_user_data: Option<bool>,
        /// The instance metadata service.
        pub instance_metadata: Option<InstanceMetadata>,
        /// Who updates the machines' software. The default is the cluster's policy.
        pub update_policy: Option<UpdatePolicy>,
        /// The warm pool.
        pub warm_pool: Option<WarmPool>,
        /// Settings of containerd.
        pub containerd: Option<Containerd>,
        /// Packages to install.
        pub packages: Vec<String>,
        /// Accelerators to attach, on GCE.
        pub guest_accelerators: Vec<Accelerator>,
        /// The maximum lifetime of a machine, as `48h20m`. Zero means no limit.
        pub max_instance_lifetime: Option<Duration>,
        /// The provisioning model, on GCE.
        pub gcp_provisioning_model: Option<String>,
    }
}

impl GroupSpec {
    /// Who adds and removes machines.
    pub fn managed_by(&self) -> Manager {
        self.manager.unwrap_or_default()
    }

    /// The type of machine that comes first: `machineType` may be a list with commas between the types.
    pub fn first_machine_type(&self) -> &str {
        self.machine_type.split(',').next().unwrap_or_default()
    }

    /// Whether its machines may wait in a warm pool: those of nodes and of API servers may.
    pub fn may_have_warm_pool(&self) -> bool {
        matches!(self.role, Some(Role::Node | Role::ApiServer))
    }

    /// Its own warm pool, with the cluster's pool as default for groups that may have one. A pool with a `max_size` of
    /// 0 is off.
    pub fn warm_pool_in(&self, cluster: &ClusterSpec) -> Option<WarmPool> {
        let of_cluster = cluster.warm_pool.as_ref().filter(|_| self.may_have_warm_pool());
        match (&self.warm_pool, of_cluster) {
            (Some(own), Some(of_cluster)) => Some(WarmPool {
                max_size: own.max_size.or(of_cluster.max_size),
                min_size: if own.min_size == 0 { of_cluster.min_size } else { own.min_size },
                enable_lifecycle_hook: own.enable_lifecycle_hook || of_cluster.enable_lifecycle_hook,
                ..own.clone()
            }),
            (own, of_cluster) => own.as_ref().or(of_cluster).cloned(),
        }
    }
}

section! {
    /// A further volume of a machine.
    pub struct Volume {
        /// Whether it is deleted with the machine. The default is true.
        pub delete_on_termination: Option<bool>,
        /// The device's name.
        pub device: String,
        /// Whether it is encrypted. The default is true.
        pub encrypted: Option<bool>,
        /// Operations per second.
        pub iops: Option<u32>,
        /// Throughput in MiB per second.
        pub throughput: Option<u32>,
        /// The key that encrypts it.
        pub key: Option<String>,
        /// Size in GiB.
        pub size: u32,
        /// Type. The default is `gp3`.
        pub r#type: Option<VolumeType>,
    }

    /// Where a volume is mounted.
    pub struct VolumeMount {
        /// The device's name.
        pub device: String,
        /// The filesystem.
        pub filesystem: Option<Filesystem>,
        /// Options for making it.
        pub format_options: Vec<String>,
        /// Options for mounting it.
        pub mount_options: Vec<String>,
        /// Where it is mounted.
        pub path: String,
    }

    /// Machines of several types, on demand and spot.
    pub struct MixedInstances {
        /// The types, by name.
        pub instances: Vec<String>,
        /// The types, by what they must have.
        pub instance_requirements: Option<InstanceRequirements>,
        /// How on-demand machines are chosen.
        pub on_demand_allocation_strategy: Option<String>,
        /// How many machines are on demand before any is spot.
        pub on_demand_base: Option<u32>,
        /// The percentage on demand beyond the base.
        pub on_demand_above_base: Option<u32>,
        /// How spot machines are chosen.
        pub spot_allocation_strategy: Option<SpotAllocationStrategy>,
        /// Across how many spot pools.
        pub spot_instance_pools: Option<u32>,
    }

    /// What a type of machine must have.
    pub struct InstanceRequirements {
        /// Processors.
        pub cpu: Option<MinMax>,
        /// Memory, in bytes or with a unit such as `2G` or `4Gi`.
        pub memory: Option<MinMax>,
        /// Types that are left out.
        pub excluded_instance_types: Vec<String>,
    }

    /// A range of Kubernetes quantities, as numbers or text.
    pub struct MinMax {
        /// At most.
        pub max: Option<Quantity>,
        /// At least.
        pub min: Option<Quantity>,
    }

    /// A script to add to the machine's own.
    pub struct UserData {
        /// Its name.
        pub name: String,
        /// Its MIME type.
        pub r#type: Option<UserDataType>,
        /// Its text.
        pub content: String,
    }

    /// An existing load balancer to join: by name (Classic) or by target group.
    pub struct ExternalLoadBalancer {
        /// The name of a classic load balancer.
        pub load_balancer_name: Option<String>,
        /// The ARN of a target group.
        pub target_group_arn: Option<TargetGroupArn>,
    }

    /// An existing instance profile.
    pub struct InstanceProfile {
        /// Its ARN.
        pub profile: Option<ProfileArn>,
    }

    /// The instance metadata service.
    pub struct InstanceMetadata {
        /// The maximum number of hops of an answer. The default is 1.
        pub http_put_response_hop_limit: Option<u32>,
        /// Whether the service asks for a token. The default is `required`.
        pub http_tokens: Option<HttpTokens>,
    }

    /// The warm pool of a group: stopped machines that are ready to start.
    pub struct WarmPool {
        /// The least number.
        pub min_size: u32,
        /// The greatest number; 0 for none.
        pub max_size: Option<u32>,
        /// Waits until a machine is prepared.
        pub enable_lifecycle_hook: bool,
        /// For how many seconds.
        pub lifecycle_hook_timeout: Option<u32>,
        /// Images to pull in advance.
        pub additional_images: Vec<String>,
    }

    /// An accelerator on GCE.
    pub struct Accelerator {
        /// How many.
        pub accelerator_count: i64,
        /// Of which type.
        pub accelerator_type: String,
    }
}
