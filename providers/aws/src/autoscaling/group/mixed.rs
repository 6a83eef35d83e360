//! Converts mixed policies between the declaration and the wire.

use std::collections::BTreeSet;

use aws_sdk_autoscaling::types::{
    self as sdk, InstancesDistribution as SdkDistribution, LaunchTemplate, LaunchTemplateOverrides,
    MemoryMiBRequest, VCpuCountRequest,
};

use super::mixed_instances::*;
use crate::client::prelude::*;

pub(super) fn request(policy: &MixedInstancesPolicy) -> sdk::MixedInstancesPolicy {
    let mixed = &policy.launch_template;
    let specification = &mixed.launch_template_specification;
    let specification = sdk::LaunchTemplateSpecification::builder()
        .launch_template_id(specification.launch_template_id.as_str())
        .version(&specification.version);
    let overrides: Vec<_> = mixed.r#override.iter().map(override_request).collect();
    let template = LaunchTemplate::builder()
        .launch_template_specification(specification.build())
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
        .set_instance_requirements(one.instance_requirements.as_ref().map(requirements_request))
        .build()
}

fn requirements_request(needs: &InstanceRequirements) -> sdk::InstanceRequirements {
    let memory = MemoryMiBRequest::builder().set_min(needs.memory_mib.min.wire());
    let cpus = VCpuCountRequest::builder().set_min(needs.vcpu_count.min.wire());
    sdk::InstanceRequirements::builder()
        .memory_mib(memory.set_max(needs.memory_mib.max.wire()).build())
        .v_cpu_count(cpus.set_max(needs.vcpu_count.max.wire()).build())
        .set_excluded_instance_types(needs.excluded_instance_types.wire())
        .set_burstable_performance(needs.burstable_performance.wire())
        .set_instance_generations(needs.instance_generations.wire())
        .build()
}

pub(super) fn policy(policy: sdk::MixedInstancesPolicy) -> Result<MixedInstancesPolicy> {
    let template = policy.launch_template;
    let (specification, overrides) =
        template.map_or((None, None), |one| (one.launch_template_specification, one.overrides));
    let (id, version) = specification.map_or((None, None), |one| (one.launch_template_id, one.version));
    let overrides = overrides.unwrap_or_default().into_iter().map(|one| {
        let needs = one.instance_requirements.map(requirements).transpose()?;
        Ok(read!(one => InstanceOverride { instance_type, instance_requirements = needs, weighted_capacity }))
    });
    Ok(MixedInstancesPolicy {
        launch_template: MixedLaunchTemplate {
            launch_template_specification: MixedTemplateSpecification {
                launch_template_id: read(id, "launch_template_id")?,
                version: version.unwrap_or_else(|| "$Default".to_owned()),
            },
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

fn requirements(needs: sdk::InstanceRequirements) -> Result<InstanceRequirements> {
    let memory = needs.memory_mib.map_or((None, None), |range| (range.min, range.max));
    let cpus = needs.v_cpu_count.map_or((None, None), |range| (range.min, range.max));
    let range = |(min, max): (Option<i32>, Option<i32>)| {
        Ok::<_, Error>(Range { min: read(min.or(Some(0)), "min")?, max: read(max, "max")? })
    };
    let generations: BTreeSet<String> = read(needs.instance_generations, "instance_generations")?;
    Ok(InstanceRequirements {
        memory_mib: range(memory)?,
        vcpu_count: range(cpus)?,
        excluded_instance_types: read(needs.excluded_instance_types, "excluded_instance_types")?,
        burstable_performance: read(needs.burstable_performance, "burstable_performance")?,
        instance_generations: generations,
    })
}
