//! Converts mixed policies between the declaration and the wire.

use aws_sdk_autoscaling::types::{
    self as sdk, InstancesDistribution as SdkDistribution, LaunchTemplate, LaunchTemplateOverrides,
    LaunchTemplateSpecification as SdkTemplate,
};

use super::{mixed_instances::*, requirements_wire};
use crate::client::prelude::*;

pub(super) fn request(policy: &MixedInstancesPolicy) -> sdk::MixedInstancesPolicy {
    let mixed = &policy.launch_template;
    let overrides: Vec<_> = mixed.r#override.iter().map(override_request).collect();
    let template = LaunchTemplate::builder()
        .launch_template_specification(template_request(&mixed.launch_template_specification))
        .set_overrides((!overrides.is_empty()).then_some(overrides));
    let distribution = policy.instances_distribution.as_ref().map(|how| {
        SdkDistribution::builder()
            .set_on_demand_allocation_strategy(how.on_demand_allocation_strategy.wire())
            .set_on_demand_base_capacity(how.on_demand_base_capacity.wire())
            .set_on_demand_percentage_above_base_capacity(how.on_demand_percentage_above_base_capacity.wire())
            .set_spot_allocation_strategy(how.spot_allocation_strategy.wire())
            .set_spot_instance_pools(how.spot_instance_pools.wire())
            .set_spot_max_price(how.spot_max_price.wire())
            .build()
    });
    sdk::MixedInstancesPolicy::builder()
        .launch_template(template.build())
        .set_instances_distribution(distribution)
        .build()
}

fn override_request(one: &InstanceOverride) -> LaunchTemplateOverrides {
    LaunchTemplateOverrides::builder()
        .set_instance_type(one.instance_type.wire())
        .set_weighted_capacity(one.weighted_capacity.wire())
        .set_instance_requirements(one.instance_requirements.as_ref().map(requirements_wire::request))
        .set_launch_template_specification(one.launch_template_specification.as_ref().map(template_request))
        .build()
}

/// AWS takes the id or the name, and shows both.
fn template_request(template: &MixedTemplateSpecification) -> SdkTemplate {
    SdkTemplate::builder()
        .set_launch_template_id(template.launch_template_id.wire())
        .set_launch_template_name(template.launch_template_name.wire())
        .version(&template.version)
        .build()
}

fn template(template: SdkTemplate) -> Result<MixedTemplateSpecification> {
    Ok(read!(template => MixedTemplateSpecification {
        launch_template_id, launch_template_name,
        version = template.version.unwrap_or_else(|| "$Default".to_owned()),
    }))
}

pub(super) fn policy(policy: sdk::MixedInstancesPolicy) -> Result<MixedInstancesPolicy> {
    let (specification, overrides) =
        policy.launch_template.map_or((None, None), |one| (one.launch_template_specification, one.overrides));
    let specification = specification.unwrap_or_else(|| SdkTemplate::builder().build());
    let overrides = overrides.unwrap_or_default().into_iter().map(|one| {
        let needs = one.instance_requirements.map(requirements_wire::requirements).transpose()?;
        let own = one.launch_template_specification.map(template).transpose()?;
        Ok(read!(one => InstanceOverride {
            instance_type, instance_requirements = needs, launch_template_specification = own, weighted_capacity,
        }))
    });
    Ok(MixedInstancesPolicy {
        launch_template: MixedLaunchTemplate {
            launch_template_specification: template(specification)?,
            r#override: overrides.collect::<Result<_>>()?,
        },
        instances_distribution: policy.instances_distribution.map(distribution).transpose()?,
    })
}

fn distribution(how: SdkDistribution) -> Result<InstancesDistribution> {
    Ok(read!(how => InstancesDistribution {
        on_demand_allocation_strategy, on_demand_base_capacity, on_demand_percentage_above_base_capacity,
        spot_allocation_strategy, spot_instance_pools, spot_max_price,
    }))
}
