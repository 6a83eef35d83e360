//! Blocks for groups with several instance types, on-demand and spot.

use landform_core::{Id, Input, block};

use super::InstanceRequirements;
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
#[block(one_of("launch_template_id", "launch_template_name"))]
pub struct MixedTemplateSpecification {
    /// The template's id. Set this or `launch_template_name`.
    #[field(weak, computed)]
    pub launch_template_id: Option<Id<LaunchTemplate>>,
    /// The template's name. Set this or `launch_template_id`.
    #[field(computed)]
    pub launch_template_name: Option<String>,
    /// The version: a number, `$Latest` or `$Default`.
    #[field(default = "$Default")]
    pub version: String,
}

impl MixedTemplateSpecification {
    /// Starts the declaration of a version of this template.
    pub fn of(template: impl Into<Input<Id<LaunchTemplate>>>) -> MixedTemplateSpecificationBuilder {
        Self::new().launch_template_id(template)
    }
}

/// A type that replaces the template's type.
#[block(at_most_one_of("instance_type", "instance_requirements"))]
pub struct InstanceOverride {
    /// The type. Set this or `instance_requirements`.
    pub instance_type: Option<String>,
    /// The requirements for types. Set this or `instance_type`.
    pub instance_requirements: Option<InstanceRequirements>,
    /// The template of this type's instances. By default that of the policy.
    pub launch_template_specification: Option<MixedTemplateSpecification>,
    /// The units of capacity that one instance provides, 1 to 999.
    pub weighted_capacity: Option<String>,
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
