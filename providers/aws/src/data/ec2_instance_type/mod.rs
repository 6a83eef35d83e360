//! `data.aws_ec2_instance_type`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Id, attributes, data};

/// What a type of instance has.
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
    /// The type, as `m5.large`.
    pub instance_type: String,
}

/// What AWS knows of an [`Ec2InstanceType`].
#[attributes]
pub struct Ec2InstanceTypeAttributes {
    /// The type.
    #[field(form = "{instance_type}")]
    pub id: Id<Ec2InstanceType>,
    /// Whether it is a machine of one's own.
    #[field(form = "false")]
    pub bare_metal: bool,
    /// Whether it saves up what it does not use.
    #[field(form = "false")]
    pub burstable_performance_supported: bool,
    /// Whether it is of the newest generation.
    #[field(form = "true")]
    pub current_generation: bool,
    /// How many cores it has.
    #[field(form = "1")]
    pub default_cores: u32,
    /// How many threads each core has.
    #[field(form = "2")]
    pub default_threads_per_core: u32,
    /// How many virtual processors it has.
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
    /// `nitro` or `xen`; none where it is bare metal.
    #[field(form = "nitro")]
    pub hypervisor: Option<String>,
    /// Whether it has disks of its own.
    #[field(form = "false")]
    pub instance_storage_supported: bool,
    /// Whether it can have IPv6 addresses.
    #[field(form = "true")]
    pub ipv6_supported: bool,
    /// How many IPv4 addresses a network interface has.
    #[field(form = "10")]
    pub maximum_ipv4_addresses_per_interface: u32,
    /// How many IPv6 addresses a network interface has.
    #[field(form = "10")]
    pub maximum_ipv6_addresses_per_interface: u32,
    /// How many network interfaces it has.
    #[field(form = "3")]
    pub maximum_network_interfaces: u32,
    /// Its memory, in MiB.
    #[field(form = "8192")]
    pub memory_size: u64,
    /// How fast its network is, in words.
    #[field(form = "Up to 10 Gigabit")]
    pub network_performance: String,
    /// The architectures it runs, as `x86_64` and `arm64`.
    #[field(required, form = "x86_64")]
    pub supported_architectures: Vec<String>,
    /// What it can start from: `ebs`, `instance-store`.
    #[field(required, form = "ebs")]
    pub supported_root_device_types: Vec<String>,
    /// How it can be paid for: `on-demand`, `spot`.
    #[field(required, form = "on-demand")]
    pub supported_usages_classes: Vec<String>,
    /// The graphics memory of all its cards, in MiB; 0 without.
    #[field(form = "0")]
    pub total_gpu_memory: u64,
    /// The disks of its own, in GB; 0 without.
    #[field(form = "0")]
    pub total_instance_storage: u64,
}
