//! Instances of several types, on demand and spot, in one autoscaling group.

use std::collections::BTreeSet;

use landform_core::{Id, block};

use crate::ec2::LaunchTemplate;

/// What instances are started from, and how many of each kind.
#[block]
pub struct MixedInstancesPolicy {
    /// The template and the types.
    pub launch_template: MixedLaunchTemplate,
    /// How many are bought how.
    #[field(computed)]
    pub instances_distribution: Option<InstancesDistribution>,
}

/// A template, and the types that stand in for the template's own.
#[block]
pub struct MixedLaunchTemplate {
    /// The template.
    pub launch_template_specification: MixedTemplateSpecification,
    /// The types, the most wanted first.
    pub r#override: Vec<InstanceOverride>,
}

/// A launch template in a version.
#[block]
pub struct MixedTemplateSpecification {
    /// The template.
    #[field(weak)]
    pub launch_template_id: Id<LaunchTemplate>,
    /// The version: a number, `$Latest` or `$Default`.
    #[field(default = "$Default")]
    pub version: String,
}

/// A type that stands in for the template's own.
#[block]
pub struct InstanceOverride {
    /// The type; this or requirements.
    pub instance_type: Option<String>,
    /// What any type must have; this or a type.
    pub instance_requirements: Option<InstanceRequirements>,
    /// How much of the capacity one makes, 1 to 999.
    pub weighted_capacity: Option<String>,
}

/// What an instance type must have.
#[block]
pub struct InstanceRequirements {
    /// Memory, in MiB.
    pub memory_mib: Range,
    /// Virtual processors.
    pub vcpu_count: Range,
    /// Types left out, `*` standing for any text.
    pub excluded_instance_types: BTreeSet<String>,
    /// `included`, `excluded` or `required`.
    pub burstable_performance: Option<String>,
    /// `current` or `previous`.
    pub instance_generations: BTreeSet<String>,
}

/// A range, both ends in it.
#[block]
pub struct Range {
    /// The least.
    pub min: u32,
    /// The most; any number unless said.
    pub max: Option<u32>,
}

/// How many instances are bought how.
#[block]
pub struct InstancesDistribution {
    /// How on-demand types are chosen: `prioritized` or `lowest-price`.
    #[field(computed)]
    pub on_demand_allocation_strategy: Option<String>,
    /// How many are on demand before any is spot.
    #[field(computed)]
    pub on_demand_base_capacity: Option<u32>,
    /// How many of the rest are on demand, in per cent.
    #[field(computed)]
    pub on_demand_percentage_above_base_capacity: Option<u32>,
    /// How spot types are chosen, as `capacity-optimized`.
    #[field(computed)]
    pub spot_allocation_strategy: Option<String>,
    /// Over how many pools spot instances are spread, with `lowest-price`.
    #[field(computed)]
    pub spot_instance_pools: Option<u32>,
    /// The most to pay an hour for a spot instance, in dollars; the on-demand price if empty.
    #[field(same = "decimal")]
    pub spot_max_price: Option<String>,
}
