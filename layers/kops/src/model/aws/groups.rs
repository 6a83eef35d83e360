//! Autoscaling groups (kops `autoscalinggroup.go`).

use super::Model;
use super::balancer::{Joins, Made};
use super::iam::Iam;
use super::network::Network;
use super::security::Security;
use crate::populate::Group;
use crate::spec::values::{Quantity, text};
use crate::spec::{InstanceRequirements, MinMax, MixedInstances, Role};
use landform_aws as aws;
use landform_core::{Handle, Id, Input};
use std::collections::{BTreeMap, BTreeSet};

/// The resources that groups use.
pub(super) struct Parts<'p> {
    pub(super) network: &'p Network,
    pub(super) security: &'p Security,
    pub(super) balancer: &'p Option<Made>,
    pub(super) bastion: &'p Option<Made>,
    pub(super) iam: &'p Iam,
    /// What machines run when they boot, by group.
    pub(super) boot: &'p BTreeMap<String, String>,
    pub(super) key: Option<Input<Id<aws::KeyPair>>>,
}

/// The load balancers and target groups that machines join.
#[derive(Default)]
struct Joined {
    balancers: Vec<Input<Id<aws::Elb>>>,
    targets: Vec<Input<Id<aws::LbTargetGroup>>>,
}

const METRICS: [&str; 8] = [
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupMaxSize",
    "GroupMinSize",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
];
const WARM_METRICS: [&str; 8] = [
    "GroupAndWarmPoolDesiredCapacity",
    "GroupAndWarmPoolTotalCapacity",
    "WarmPoolDesiredCapacity",
    "WarmPoolMinSize",
    "WarmPoolPendingCapacity",
    "WarmPoolTerminatingCapacity",
    "WarmPoolTotalCapacity",
    "WarmPoolWarmedCapacity",
];
/// Seconds that a machine has to prepare itself for the warm pool.
const PREPARATION: u32 = 600;

impl Model<'_> {
    pub(super) fn groups(&mut self, parts: &Parts) -> BTreeMap<String, Handle<aws::AutoscalingGroup>> {
        let mut made = BTreeMap::new();
        for group in self.populated.groups.iter().filter(|group| group.is_cloud_managed()) {
            self.at_group(&group.name);
            let template = self.template(group, parts);
            let handle = self.autoscaling_group(group, &template, parts);
            if let Some(pool) = self.populated.warm_pool(group).filter(|pool| pool.enable_lifecycle_hook) {
                let hook = aws::AutoscalingLifecycleHook::new(
                    &handle,
                    "kops-warmpool",
                    "autoscaling:EC2_INSTANCE_LAUNCHING",
                )
                .default_result("ABANDON")
                .heartbeat_timeout(pool.lifecycle_hook_timeout.unwrap_or(PREPARATION));
                self.add_common(&format!("kops-warmpool-{}", group.name), hook);
            }
            made.insert(group.name.clone(), handle);
        }
        made
    }

    fn autoscaling_group(
        &mut self,
        group: &Group,
        template: &Handle<aws::LaunchTemplate>,
        parts: &Parts,
    ) -> Handle<aws::AutoscalingGroup> {
        let spec = &group.spec;
        let name = self.names.group(&group.name, group.role);
        let subnets = spec.subnets.iter().filter_map(|name| {
            let index = self.cluster().subnets.iter().position(|subnet| subnet.name == *name)?;
            Some(parts.network.subnets[index].clone())
        });
        let tags = self.group_tags(group);
        let tags = tags.into_iter().map(|(key, value)| aws::AutoscalingTag::new(key, value, true));
        let pool = self.populated.warm_pool(group);
        let metrics: BTreeSet<_> =
            METRICS.into_iter().chain(pool.iter().flat_map(|_| WARM_METRICS)).collect();
        let lifetime = spec.max_instance_lifetime.unwrap_or_default().as_seconds();
        let Joined { balancers, targets } = self.joined(group, parts);
        let mut resource = aws::AutoscalingGroup::new(
            name.as_str(),
            spec.min_size.unwrap_or_default(),
            spec.max_size.unwrap_or_default(),
        )
        .vpc_zone_identifier(subnets)
        .enabled_metrics(metrics)
        .metrics_granularity("1Minute")
        .max_instance_lifetime(u32::try_from(lifetime).unwrap_or(u32::MAX))
        .protect_from_scale_in(spec.instance_protection == Some(true))
        .tag(tags);
        if !balancers.is_empty() {
            resource = resource.load_balancers(super::in_order(balancers));
        }
        if !targets.is_empty() {
            resource = resource.target_group_arns(super::in_order(targets));
        }
        if !spec.suspend_processes.is_empty() {
            resource = resource.suspended_processes(spec.suspend_processes.iter().map(String::as_str));
        }
        resource = resource.with(spec.capacity_rebalance, |group, yes| group.capacity_rebalance(yes));
        resource = resource.with(pool, |group, pool| {
            group.warm_pool(
                aws::WarmPool::new()
                    .min_size(pool.min_size)
                    .with(pool.max_size, |pool, most| pool.max_group_prepared_capacity(most)),
            )
        });
        resource = match &spec.mixed_instances_policy {
            Some(mixed) => {
                resource.mixed_instances_policy(mixed_policy(mixed, template, text(&spec.max_price)))
            }
            None => resource.launch_template(
                aws::LaunchTemplateSpecification::of(template).version(template.latest_version()),
            ),
        };
        self.add(&name, resource)
    }

    /// The load balancers and target groups that the machines of a group join.
    fn joined(&self, group: &Group, parts: &Parts) -> Joined {
        let mut joined = Joined::default();
        let api = parts.balancer.as_ref().filter(|_| group.role.serves_api());
        let bastion = parts.bastion.as_ref().filter(|_| group.role == Role::Bastion);
        for made in [api, bastion].into_iter().flatten() {
            match &made.joins {
                Joins::Classic(id) => joined.balancers.push(id.clone()),
                Joins::TargetGroups(groups) => {
                    let for_all = group.role != Role::ApiServer;
                    let fitting = groups.iter().filter(|target| for_all || target.for_api_servers);
                    joined.targets.extend(fitting.map(|target| target.id.clone()));
                }
            }
        }
        for external in &group.spec.external_load_balancers {
            joined.balancers.extend(external.load_balancer_name.as_deref().map(Input::from));
            joined.targets.extend(external.target_group_arn.as_ref().map(|arn| arn.as_str().into()));
        }
        joined
    }
}

/// The policy of a group whose machines are of several types.
fn mixed_policy(
    mixed: &MixedInstances,
    template: &Handle<aws::LaunchTemplate>,
    price: &str,
) -> aws::MixedInstancesPolicyBuilder {
    let distribution = aws::InstancesDistribution::new()
        .with(mixed.on_demand_allocation_strategy.as_deref(), |to, value| {
            to.on_demand_allocation_strategy(value)
        })
        .with(mixed.on_demand_base, |to, value| to.on_demand_base_capacity(value))
        .with(mixed.on_demand_above_base, |to, value| to.on_demand_percentage_above_base_capacity(value))
        .with(mixed.spot_allocation_strategy, |to, value| to.spot_allocation_strategy(value.as_str()))
        .with(mixed.spot_instance_pools, |to, value| to.spot_instance_pools(value))
        .spot_max_price(price);
    let mut overrides: Vec<_> = mixed
        .instances
        .iter()
        .map(|kind| aws::InstanceOverride::new().instance_type(kind.as_str()))
        .collect();
    if let Some(wanted) = &mixed.instance_requirements {
        overrides.push(aws::InstanceOverride::new().instance_requirements(requirements(wanted)));
    }
    let of = aws::MixedTemplateSpecification::of(template).version(template.latest_version());
    let template = aws::MixedLaunchTemplate::new(of).r#override(overrides);
    aws::MixedInstancesPolicy::new(template).instances_distribution(distribution)
}

fn requirements(wanted: &InstanceRequirements) -> aws::InstanceRequirementsBuilder {
    let range = |range: Option<&MinMax>, read: fn(&Quantity) -> Option<u32>| {
        let read = |value: Option<&Quantity>| value.and_then(read);
        let (min, max) =
            range.map(|range| (read(range.min.as_ref()), read(range.max.as_ref()))).unwrap_or_default();
        aws::Range::new(min.unwrap_or(0)).with(max, |range, max| range.max(max))
    };
    let memory = range(wanted.memory.as_ref(), Quantity::millions);
    let cpu = range(wanted.cpu.as_ref(), Quantity::whole);
    aws::InstanceRequirements::new(memory, cpu)
        .excluded_instance_types(wanted.excluded_instance_types.iter().map(String::as_str))
}
