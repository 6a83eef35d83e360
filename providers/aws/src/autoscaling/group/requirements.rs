//! The requirements for instance types, by which a group chooses them.

use std::collections::BTreeSet;

use landform_core::{Number, block};

/// The requirements for an instance type.
#[block(
    at_most_one_of("allowed_instance_types", "excluded_instance_types"),
    at_most_one_of(
        "spot_max_price_percentage_over_lowest_price",
        "max_spot_price_as_percentage_of_optimal_on_demand_price"
    )
)]
pub struct InstanceRequirements {
    /// Memory, in MiB.
    pub memory_mib: Range,
    /// The number of virtual CPUs.
    pub vcpu_count: Range,
    /// Memory for each virtual CPU, in GiB.
    pub memory_gib_per_vcpu: Option<DecimalBounds>,
    /// The number of network interfaces.
    pub network_interface_count: Option<Bounds>,
    /// The bandwidth of the network, in Gbit/s.
    pub network_bandwidth_gbps: Option<DecimalBounds>,
    /// The steady bandwidth to volumes, in Mbit/s.
    pub baseline_ebs_bandwidth_mbps: Option<Bounds>,
    /// The size of all local disks, in GB.
    pub total_local_storage_gb: Option<DecimalBounds>,
    /// The number of accelerators. A maximum of 0 excludes types with accelerators.
    pub accelerator_count: Option<Bounds>,
    /// The memory of all accelerators, in MiB.
    pub accelerator_total_memory_mib: Option<Bounds>,
    /// Types without a hypervisor: `included`, `excluded` or `required`.
    #[field(pattern = "^(included|excluded|required)$")]
    pub bare_metal: Option<String>,
    /// Types whose CPU can burst: `included`, `excluded` or `required`.
    #[field(pattern = "^(included|excluded|required)$")]
    pub burstable_performance: Option<String>,
    /// Types with local disks: `included`, `excluded` or `required`.
    #[field(pattern = "^(included|excluded|required)$")]
    pub local_storage: Option<String>,
    /// The makers of the CPU: `intel`, `amd`, `amazon-web-services` or `apple`.
    pub cpu_manufacturers: BTreeSet<String>,
    /// `current` or `previous`.
    pub instance_generations: BTreeSet<String>,
    /// The kinds of local disks: `hdd` or `ssd`.
    pub local_storage_types: BTreeSet<String>,
    /// The kinds of accelerators: `gpu`, `fpga`, `inference` or `media`.
    pub accelerator_types: BTreeSet<String>,
    /// The makers of the accelerators, such as `nvidia`.
    pub accelerator_manufacturers: BTreeSet<String>,
    /// The accelerators, such as `a100`.
    pub accelerator_names: BTreeSet<String>,
    /// The only types to consider. `*` stands for any text.
    #[field(max_items = 400)]
    pub allowed_instance_types: BTreeSet<String>,
    /// Types to exclude. `*` stands for any text.
    #[field(max_items = 400)]
    pub excluded_instance_types: BTreeSet<String>,
    /// Whether types must support hibernation.
    pub require_hibernate_support: Option<bool>,
    /// The highest price of an on-demand instance, in percent above the cheapest current type.
    pub on_demand_max_price_percentage_over_lowest_price: Option<u32>,
    /// The highest price of a spot instance, in percent above the cheapest current type.
    pub spot_max_price_percentage_over_lowest_price: Option<u32>,
    /// The highest price of a spot instance, in percent of the cheapest on-demand price.
    pub max_spot_price_as_percentage_of_optimal_on_demand_price: Option<u32>,
}

/// An inclusive range.
#[block]
pub struct Range {
    /// The minimum.
    pub min: u32,
    /// The maximum. By default there is none.
    pub max: Option<u32>,
}

/// An inclusive range without a fixed end.
#[block]
pub struct Bounds {
    /// The minimum. By default there is none.
    pub min: Option<u32>,
    /// The maximum. By default there is none.
    pub max: Option<u32>,
}

/// An inclusive range of numbers with a fraction.
#[block]
pub struct DecimalBounds {
    /// The minimum. By default there is none.
    pub min: Option<Number>,
    /// The maximum. By default there is none.
    pub max: Option<Number>,
}
