//! Blocks for groups with several instance types, on-demand and spot.

use std::collections::BTreeSet;

use landform_core::{Id, block};

use crate::ec2::LaunchTemplate;

/// The template of the instances, and their purchase options.
#[block]
pub struct MixedInstancesPolicy {
    /// The template and the types.
    pub launch_template: MixedLaunchTemplate,
    /// The purchase options of the instances.
    #[field(computed)]
    pub instances_distribution: Option<InstancesDistribution>,
}

/// A template, and the types that replace the template's type.
#[block]
pub struct MixedLaunchTemplate {
    /// The template.
    pub launch_template_specification: MixedTemplateSpecification,
    /// The types in order of preference.
    pub r#override: Vec<InstanceOverride>,
}

/// A version of a launch template.
#[block]
pub struct MixedTemplateSpecification {
    /// The template.
    #[field(weak)]
    pub launch_template_id: Id<LaunchTemplate>,
    /// The version: a number, `$Latest` or `$Default`.
    #[field(default = "$Default")]
    pub version: String,
}

/// A type that replaces the template's type.
#[block]
pub struct InstanceOverride {
    /// The type. Set this or `instance_requirements`.
    pub instance_type: Option<String>,
    /// The requirements for types. Set this or `instance_type`.
    pub instance_requirements: Option<InstanceRequirements>,
    /// The units of capacity that one instance provides, 1 to 999.
    pub weighted_capacity: Option<String>,
}

/// The requirements for an instance type.
#[block]
pub struct InstanceRequirements {
    /// Memory, in MiB.
    pub memory_mib: Range,
    /// The number of virtual CPUs.
    pub vcpu_count: Range,
    /// Types to exclude. `*` stands for any text.
    pub excluded_instance_types: BTreeSet<String>,
    /// `included`, `excluded` or `required`.
    pub burstable_performance: Option<String>,
    /// `current` or `previous`.
    pub instance_generations: BTreeSet<String>,
}

/// An inclusive range.
#[block]
pub struct Range {
    /// The minimum.
    pub min: u32,
    /// The maximum. By default there is none.
    pub max: Option<u32>,
}

/// The purchase options of instances.
#[block]
pub struct InstancesDistribution {
    /// How AWS chooses on-demand types: `prioritized` or `lowest-price`.
    #[field(computed)]
    pub on_demand_allocation_strategy: Option<String>,
    /// The number of on-demand instances before any spot instance.
    #[field(computed)]
    pub on_demand_base_capacity: Option<u32>,
    /// The percentage of on-demand instances among the rest.
    #[field(computed)]
    pub on_demand_percentage_above_base_capacity: Option<u32>,
    /// How AWS chooses spot types, such as `capacity-optimized`.
    #[field(computed)]
    pub spot_allocation_strategy: Option<String>,
    /// The number of pools for spot instances, with `lowest-price`.
    #[field(computed)]
    pub spot_instance_pools: Option<u32>,
    /// The maximum price of a spot instance per hour, in dollars. Empty means the on-demand price.
    #[field(same = "decimal")]
    pub spot_max_price: Option<String>,
}
