//! The machines of Auto Scaling groups: reads them, and takes single ones out of service. Makes no machines. Groups do.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use aws_sdk_autoscaling::types::{AutoScalingGroup, Filter as GroupFilter, Instance as Member};
use aws_sdk_ec2::types::{Filter, Instance, InstanceStateName, LaunchTemplate, Tag};
use aws_sdk_elasticloadbalancingv2::types::{TargetDescription, TargetHealthStateEnum};

use landform_kit::Pace;

use crate::client::prelude::*;

/// The longest wait for a load balancer to stop sending traffic to a machine, and the pause between looks.
const DRAINED: Duration = Duration::from_secs(400);
const LOOK: Duration = Duration::from_secs(5);

/// An Auto Scaling group with its machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineGroup {
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The least number of machines.
    pub min: u32,
    /// The number of machines that the group keeps now.
    pub desired: u32,
    /// The greatest number of machines.
    pub max: u32,
    /// Its machines, with those in its warm pool.
    pub machines: Vec<Machine>,
}

/// An instance that a group has, or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The instance's id.
    pub id: String,
    /// The zone that it is in.
    pub zone: String,
    /// Its type, such as `m5.large`.
    pub machine_type: String,
    /// Whether it is in the group's warm pool.
    pub warm: bool,
    /// Whether it was made from the version of the launch template that the group uses now.
    pub current: bool,
    /// Its private address, if it has one.
    pub private_ip: Option<String>,
    /// Its public address, if it has one.
    pub public_ip: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// The machines with a tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Machines {
    /// The Auto Scaling groups with the tag, with their machines.
    pub groups: Vec<MachineGroup>,
    /// The machines with the tag that are in none of these groups, such as detached ones.
    pub ungrouped: Vec<Machine>,
}

impl Client {
    /// The Auto Scaling groups and the instances with a tag. Reads each instance once: it takes one call for each page of
    /// groups and of instances, one for launch templates, and one for each warm pool.
    ///
    /// # Errors
    /// Those of `autoscaling:DescribeAutoScalingGroups`, `autoscaling:DescribeWarmPool`, `ec2:DescribeInstances` and
    /// `ec2:DescribeLaunchTemplates`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn machines(&self, key: &str, value: &str) -> Result<Machines> {
        let filter = GroupFilter::builder().name(format!("tag:{key}")).values(value).build();
        let pages = self.autoscaling.describe_auto_scaling_groups().filters(filter).into_paginator();
        let (groups, tagged): (Vec<AutoScalingGroup>, Vec<Instance>) =
            tokio::try_join!(async { pages.items().send().try_collect().await.map_err(failed) }, async {
                self.instances(&format!("tag:{key}"), &[value.to_owned()]).await
            },)?;
        let pooled = groups.iter().filter(|group| group.warm_pool_configuration.is_some());
        let pools = each(pooled, async |group| {
            let name = group.auto_scaling_group_name.clone().unwrap_or_default();
            let pages = self.autoscaling.describe_warm_pool().auto_scaling_group_name(&name).into_paginator();
            let members: Vec<Member> = pages.items().send().try_collect().await.map_err(failed)?;
            Ok(Some((name, members)))
        });
        let pools: HashMap<String, Vec<Member>> = pools.await?.into_iter().collect();
        let templates = self.templates(&groups).await?;
        let members = || groups.iter().flat_map(AutoScalingGroup::instances).chain(pools.values().flatten());
        let mut instances: BTreeMap<String, Instance> =
            tagged.into_iter().map(|one| (id(&one), one)).collect();
        // A group may leave its tags to itself.
        let untagged: Vec<String> = members()
            .filter_map(|member| member.instance_id.clone())
            .filter(|id| !instances.contains_key(id))
            .collect();
        instances
            .extend(self.instances("instance-id", &untagged).await?.into_iter().map(|one| (id(&one), one)));
        let mut found = Vec::new();
        for group in &groups {
            let name = group.auto_scaling_group_name.clone().unwrap_or_default();
            let current = current(group, &templates);
            let machine = |member: &Member, warm: bool| {
                let template = member.launch_template.as_ref();
                let made_from =
                    template.and_then(|of| Some((of.launch_template_id.clone()?, of.version.clone()?)));
                // Auto Scaling may name a version by its alias.
                let made_from = made_from.map(|(id, version)| (numbered(&templates, &id, &version), id));
                let instance = member.instance_id.as_ref().and_then(|id| instances.get(id));
                let mut machine = machine(instance?);
                machine.warm = warm;
                machine.current = made_from.is_some() && made_from == current;
                Some(machine)
            };
            let pool = pools.get(&name).into_iter().flatten();
            let machines = group.instances().iter().map(|member| machine(member, false));
            let tags = group.tags().iter();
            found.push(MachineGroup {
                tags: tags
                    .filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default())))
                    .collect(),
                min: size(group.min_size),
                desired: size(group.desired_capacity),
                max: size(group.max_size),
                machines: machines.chain(pool.map(|member| machine(member, true))).flatten().collect(),
                name,
            });
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        for member in members().filter_map(|member| member.instance_id.as_ref()) {
            instances.remove(member);
        }
        Ok(Machines { groups: found, ungrouped: instances.values().map(machine).collect() })
    }

    /// Detaches a machine from its group, which starts another one. Marks the machine with a tag first, so that a later
    /// run finds it also if this one is interrupted.
    ///
    /// # Errors
    /// Those of `ec2:CreateTags` and `autoscaling:DetachInstances`. NotFound if the machine is gone.
    ///
    /// # Cancel safety
    /// Dropping the future may leave the machine marked and in its group. Repeating the call continues.
    pub async fn detach_machine(&self, group: &str, id: &str, mark: (&str, &str)) -> Result<()> {
        let tag = Tag::builder().key(mark.0).value(mark.1).build();
        self.ec2.create_tags().resources(id).tags(tag).send().await.map_err(failed)?;
        let call = self.autoscaling.detach_instances().auto_scaling_group_name(group).instance_ids(id);
        call.should_decrement_desired_capacity(false).send().await.map_err(failed)?;
        Ok(())
    }

    /// Removes a machine from the load balancers of its group, and waits until they send it no traffic.
    ///
    /// # Errors
    /// Those of `autoscaling:DescribeAutoScalingGroups`, `elasticloadbalancing:DeregisterTargets`,
    /// `elasticloadbalancing:DescribeTargetHealth` and `elasticloadbalancing:DeregisterInstancesFromLoadBalancer`.
    /// Timeout if a load balancer still sends traffic after some minutes.
    ///
    /// # Cancel safety
    /// Dropping the future stops the wait. The load balancers go on. Repeating the call waits again.
    pub async fn deregister_machine(&self, group: &str, id: &str) -> Result<()> {
        let groups = crate::autoscaling::client::groups(self, &[group]).await?;
        for name in groups.iter().flat_map(AutoScalingGroup::load_balancer_names) {
            let instance = aws_sdk_elasticloadbalancing::types::Instance::builder().instance_id(id).build();
            let call = self.elb.deregister_instances_from_load_balancer().load_balancer_name(name);
            match call.instances(instance).send().await.map_err(failed) {
                Err(error) if error.provider_code() != Some("InvalidInstance") => return Err(error),
                _ => {}
            }
        }
        let target = TargetDescription::builder().id(id).build();
        let arns: Vec<&String> = groups.iter().flat_map(AutoScalingGroup::target_group_arns).collect();
        for arn in &arns {
            let call = self.elbv2.deregister_targets().target_group_arn(*arn).targets(target.clone());
            match call.send().await.map_err(failed) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        let pause = match self.pace {
            Pace::Usual => LOOK,
            Pace::AtMost(most) => LOOK.min(most),
        };
        let mut waited = Duration::ZERO;
        for arn in arns {
            while self.is_target(arn, &target).await? {
                if waited >= DRAINED {
                    let message = format!("{arn} still sends traffic to {id} after {} s", waited.as_secs());
                    return Err(Error::new(ErrorKind::Timeout, message).resource(id));
                }
                tokio::time::sleep(pause).await;
                waited += pause;
            }
        }
        Ok(())
    }

    /// Terminates a machine. A machine that is gone is not an error.
    ///
    /// # Errors
    /// Those of `ec2:TerminateInstances`.
    ///
    /// # Cancel safety
    /// Dropping the future may leave the machine or terminate it. Repeating the call does no harm.
    pub async fn terminate_machine(&self, id: &str) -> Result<()> {
        match self.ec2.terminate_instances().instance_ids(id).send().await.map_err(failed) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            ended => ended.map(drop),
        }
    }

    /// Whether a target group still sends traffic to a target.
    async fn is_target(&self, arn: &str, target: &TargetDescription) -> Result<bool> {
        let call = self.elbv2.describe_target_health().target_group_arn(arn).targets(target.clone());
        let answer = match call.send().await.map_err(failed) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            answer => answer?,
        };
        let states = answer.target_health_descriptions.unwrap_or_default();
        Ok(states.iter().filter_map(|one| one.target_health()?.state()).any(|state| {
            matches!(
                state,
                TargetHealthStateEnum::Healthy
                    | TargetHealthStateEnum::Initial
                    | TargetHealthStateEnum::Draining
            )
        }))
    }

    /// The instances that exist, by a filter.
    async fn instances(&self, filter: &str, values: &[String]) -> Result<Vec<Instance>> {
        /// How many values a filter takes.
        const VALUES: usize = 200;
        let found = each(values.chunks(VALUES), async |values| {
            let filter = Filter::builder().name(filter).set_values(Some(values.to_vec())).build();
            let pages = self.ec2.describe_instances().filters(filter).into_paginator();
            let found: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
            Ok(Some(found))
        });
        let found = found.await?.into_iter().flatten().flat_map(|of| of.instances.unwrap_or_default());
        let is_past = |one: &Instance| {
            let state = one.state().and_then(|state| state.name());
            matches!(state, Some(InstanceStateName::Terminated | InstanceStateName::ShuttingDown))
        };
        Ok(found.filter(|one| !is_past(one)).collect())
    }

    /// The launch templates of groups, by id.
    async fn templates(&self, groups: &[AutoScalingGroup]) -> Result<HashMap<String, LaunchTemplate>> {
        let mut ids: Vec<String> = groups.iter().filter_map(|group| Some(template(group)?.0)).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = each(ids.chunks(200), async |ids| {
            let call = self.ec2.describe_launch_templates().set_launch_template_ids(Some(ids.to_vec()));
            Ok(Some(call.send().await.map_err(failed)?.launch_templates.unwrap_or_default()))
        });
        let found = found.await?.into_iter().flatten();
        Ok(found.filter_map(|one| Some((one.launch_template_id.clone()?, one))).collect())
    }
}

/// The launch template of a group's new machines: its id, and its version as the group names it.
fn template(group: &AutoScalingGroup) -> Option<(String, String)> {
    let mixed = || {
        let template = group.mixed_instances_policy()?.launch_template()?;
        template.launch_template_specification()
    };
    let given = group.launch_template().or_else(mixed)?;
    let version = given.version.clone().unwrap_or_else(|| "$Default".to_owned());
    Some((given.launch_template_id.clone()?, version))
}

/// The number of the version, and the id, of the launch template of a group's new machines.
fn current(
    group: &AutoScalingGroup,
    templates: &HashMap<String, LaunchTemplate>,
) -> Option<(String, String)> {
    let (id, version) = template(group)?;
    Some((numbered(templates, &id, &version), id))
}

/// The number of a version that may be named by an alias.
fn numbered(templates: &HashMap<String, LaunchTemplate>, id: &str, version: &str) -> String {
    let number = |number: fn(&LaunchTemplate) -> Option<i64>| {
        let number = templates.get(id).and_then(number);
        number.map_or_else(|| version.to_owned(), |number| number.to_string())
    };
    match version {
        "$Latest" => number(LaunchTemplate::latest_version_number),
        "$Default" => number(LaunchTemplate::default_version_number),
        version => version.to_owned(),
    }
}

fn machine(instance: &Instance) -> Machine {
    let tags = instance.tags().iter();
    Machine {
        id: id(instance),
        zone: instance.placement().and_then(|place| place.availability_zone()).unwrap_or_default().to_owned(),
        machine_type: instance.instance_type().map(|of| of.as_str().to_owned()).unwrap_or_default(),
        warm: false,
        current: false,
        private_ip: instance.private_ip_address.clone(),
        public_ip: instance.public_ip_address.clone(),
        tags: tags
            .filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default())))
            .collect(),
    }
}

fn id(instance: &Instance) -> String {
    instance.instance_id.clone().unwrap_or_default()
}

fn size(number: Option<i32>) -> u32 {
    number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}
