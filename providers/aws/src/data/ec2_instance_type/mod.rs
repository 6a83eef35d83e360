//! `data.aws_ec2_instance_type`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Id, attributes, data};

/// The properties of an instance type.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let large = stack.read("large", data::Ec2InstanceType::new("m5.large"));
/// stack.output("memory", large.memory_size());
/// ```
#[data("aws_ec2_instance_type")]
pub struct Ec2InstanceType {
    /// The type, such as `m5.large`.
    pub instance_type: String,
}

/// The attributes that AWS reports for an [`Ec2InstanceType`].
#[attributes]
pub struct Ec2InstanceTypeAttributes {
    /// The type.
    #[field(form = "{instance_type}")]
    pub id: Id<Ec2InstanceType>,
    /// Whether it is bare metal.
    #[field(form = "false")]
    pub bare_metal: bool,
    /// Whether its performance is burstable.
    #[field(form = "false")]
    pub burstable_performance_supported: bool,
    /// Whether it belongs to the current generation.
    #[field(form = "true")]
    pub current_generation: bool,
    /// How many cores it has.
    #[field(form = "1")]
    pub default_cores: u32,
    /// How many threads each core has.
    #[field(form = "2")]
    pub default_threads_per_core: u32,
    /// How many virtual CPUs it has.
    #[field(form = "2")]
    pub default_vcpus: u32,
    /// `default`, `supported` or `unsupported`.
    #[field(form = "default")]
    pub ebs_optimized_support: String,
    /// `required`, `supported` or `unsupported`.
    #[field(form = "required")]
    pub ebs_nvme_support: String,
    /// `required`, `supported` or `unsupported`.
    #[field(form = "required")]
    pub ena_support: String,
    /// `nitro` or `xen`. `None` for bare metal.
    #[field(form = "nitro")]
    pub hypervisor: Option<String>,
    /// Whether it has local disks.
    #[field(form = "false")]
    pub instance_storage_supported: bool,
    /// Whether it can have IPv6 addresses.
    #[field(form = "true")]
    pub ipv6_supported: bool,
    /// The maximum number of IPv4 addresses of a network interface.
    #[field(form = "10")]
    pub maximum_ipv4_addresses_per_interface: u32,
    /// The maximum number of IPv6 addresses of a network interface.
    #[field(form = "10")]
    pub maximum_ipv6_addresses_per_interface: u32,
    /// The maximum number of network interfaces.
    #[field(form = "3")]
    pub maximum_network_interfaces: u32,
    /// Its memory, in MiB.
    #[field(form = "8192")]
    pub memory_size: u64,
    /// The speed of its network, in words.
    #[field(form = "Up to 10 Gigabit")]
    pub network_performance: String,
    /// The supported architectures, such as `x86_64` and `arm64`.
    #[field(required, form = "x86_64")]
    pub supported_architectures: Vec<String>,
    /// The supported root devices: `ebs`, `instance-store`.
    #[field(required, form = "ebs")]
    pub supported_root_device_types: Vec<String>,
    /// The supported purchase options: `on-demand`, `spot`.
    #[field(required, form = "on-demand")]
    pub supported_usages_classes: Vec<String>,
    /// The memory of all its GPUs, in MiB. 0 if it has none.
    #[field(form = "0")]
    pub total_gpu_memory: u64,
    /// The size of its local disks, in GB. 0 if it has none.
    #[field(form = "0")]
    pub total_instance_storage: u64,
}
