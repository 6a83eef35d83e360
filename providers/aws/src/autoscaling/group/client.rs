//! The calls for autoscaling groups. One call makes a group. A later change sets the parts that need separate calls:
//! metrics, suspended processes, the warm pool.

use std::{collections::BTreeSet, time::Duration};

use aws_sdk_autoscaling::types::{
    AutoScalingGroup as Sdk, Instance, LaunchTemplateSpecification as SdkTemplate, LifecycleState, Tag,
    TrafficSourceIdentifier,
};
use landform_core::Retry;

use super::{
    AutoscalingGroup, AutoscalingGroupAttributes, AutoscalingTag, InstanceReusePolicy,
    LaunchTemplateSpecification, TrafficSource, WarmPool, mixed, options_wire, refresh,
};
use crate::{
    autoscaling::client::*,
    client::{AWS_TAGS, TOKEN_TAG, prelude::*},
};

/// The policy that AWS applies by default, and then reports.
const DEFAULT_POLICY: &str = "Default";

/// The maximum number of instances in one call.
const AT_ONCE: usize = 50;

/// Sets the parameters that the calls to create and to update a group share.
macro_rules! set {
    ($call:expr, $group:expr) => {{
        let group = $group;
        let subnets: Vec<&str> = group.vpc_zone_identifier.iter().map(Id::as_str).collect();
        $call
            .auto_scaling_group_name(&group.name)
            .set_min_size(group.min_size.wire())
            .set_max_size(group.max_size.wire())
            .set_availability_zones(subnets.is_empty().then(|| group.availability_zones.wire()).flatten())
            .set_vpc_zone_identifier((!subnets.is_empty()).then(|| subnets.join(",")))
            .set_desired_capacity_type(group.desired_capacity_type.wire())
            .set_availability_zone_distribution(
                group.availability_zone_distribution.as_ref().map(options_wire::distribution_sent),
            )
            .set_capacity_reservation_specification(
                group.capacity_reservation_specification.as_ref().map(options_wire::reservation_sent),
            )
            .set_launch_template(group.launch_template.as_ref().map(template_request))
            .set_mixed_instances_policy(group.mixed_instances_policy.as_ref().map(mixed::request))
            .capacity_rebalance(group.capacity_rebalance)
            .set_default_cooldown(group.default_cooldown.wire())
            .set_default_instance_warmup(group.default_instance_warmup.wire())
            .set_health_check_grace_period(group.health_check_grace_period.wire())
            .set_health_check_type(group.health_check_type.wire())
            .set_max_instance_lifetime(group.max_instance_lifetime.wire())
            .set_service_linked_role_arn(group.service_linked_role_arn.wire())
            .new_instances_protected_from_scale_in(group.protect_from_scale_in)
    }};
}

#[async_trait]
impl Calls<Client> for AutoscalingGroup {
    /// The token is one of Auto Scaling's tags.
    const FIND: FindBy = FindBy::Token;
    /// AWS refuses a name that is taken. A look before the creation avoids this refusal after a lost answer.
    const REPEATED: Repeated = Repeated::MakesAnother;
    const PAGE: usize = PAGE;
    /// Load balancers that drain instances, and lifecycle hooks, delay the end of instances.
    const PATIENCE: Patience = Patience { held: Duration::from_secs(3600), ..Patience::USUAL };

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let names = which.ids_or(|group| group.name.as_str().into());
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        let made_by = |group: &Sdk| match which {
            Which::Ids(_) | Which::Beside(_) => true,
            Which::Attempt(token, _) => group
                .tags()
                .iter()
                .any(|tag| tag.key() == Some(TOKEN_TAG) && tag.value() == Some(token.as_str())),
        };
        groups(client, &names).await?.into_iter().filter(made_by).map(seen).collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        if self.termination_policies == [DEFAULT_POLICY] {
            let message = format!("{DEFAULT_POLICY} is what AWS applies by default: leave it out");
            return Err(Error::new(ErrorKind::Invalid, message).at("termination_policies"));
        }
        let hooks: Vec<_> = self.initial_lifecycle_hook.iter().map(options_wire::hook_sent).collect();
        let token = group_tag(&self.name, TOKEN_TAG, attempt.token().as_str(), false);
        let call = set!(client.autoscaling.create_auto_scaling_group(), self)
            .set_desired_capacity(self.desired_capacity.wire())
            .set_termination_policies(self.termination_policies.wire())
            .set_load_balancer_names(self.load_balancers.wire())
            .set_target_group_arns(self.target_group_arns.wire())
            .set_traffic_sources(sources(&self.traffic_source))
            .set_placement_group(self.placement_group.wire())
            .set_context(self.context.wire())
            .set_instance_maintenance_policy(
                self.instance_maintenance_policy
                    .as_ref()
                    .map(|how| options_wire::maintenance_sent(Some(how))),
            )
            .set_lifecycle_hook_specification_list((!hooks.is_empty()).then_some(hooks))
            .set_tags(Some(self.tag.iter().map(|tag| self.tag_request(tag)).chain([token]).collect()));
        call.send().await.map_err(failed)?;
        Ok(Made::id(&self.name))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        const OWN_CALLS: [&str; 12] = [
            "load_balancers",
            "traffic_source",
            "initial_lifecycle_hook",
            "force_delete_warm_pool",
            "target_group_arns",
            "enabled_metrics",
            "metrics_granularity",
            "suspended_processes",
            "tag",
            "warm_pool",
            "force_delete",
            "instance_refresh",
        ];
        let calls = &client.autoscaling;
        let now = &seen.object.arguments;
        if self.instance_refresh.as_ref().is_some_and(|how| how.follows(due)) && !refresh::is_due(now) {
            refresh::mark(client, &self.name).await?;
            return Ok(Next::Changed);
        }
        let mut next = Next::Done;
        if due.fields().iter().any(|field| !OWN_CALLS.contains(field)) {
            let policies = match self.termination_policies.as_slice() {
                [] => vec![DEFAULT_POLICY.to_owned()],
                some => some.to_vec(),
            };
            // AWS moves the size into new limits, and refuses a size outside of them.
            let desired = self.desired_capacity.filter(|_| due.has("desired_capacity"));
            let call = set!(calls.update_auto_scaling_group(), self)
                .set_desired_capacity(desired.wire())
                .set_placement_group(
                    due.has("placement_group").then(|| self.placement_group.wire().unwrap_or_default()),
                )
                .set_context(due.has("context").then(|| self.context.clone().unwrap_or_default()))
                .set_instance_maintenance_policy(
                    due.has("instance_maintenance_policy")
                        .then(|| options_wire::maintenance_sent(self.instance_maintenance_policy.as_ref())),
                )
                .set_termination_policies(Some(policies));
            call.send().await.map_err(failed)?;
            next = Next::Changed;
        }
        if due.has("load_balancers") {
            let (new, old) = apart(&self.load_balancers, &now.load_balancers);
            if let Some(names) = new {
                let call = calls.attach_load_balancers().auto_scaling_group_name(&self.name);
                call.set_load_balancer_names(Some(names)).send().await.map_err(failed)?;
            }
            if let Some(names) = old {
                let call = calls.detach_load_balancers().auto_scaling_group_name(&self.name);
                call.set_load_balancer_names(Some(names)).send().await.map_err(failed)?;
            }
            next = Next::Changed;
        }
        if due.has("target_group_arns") {
            let (new, old) = apart(&self.target_group_arns, &now.target_group_arns);
            if let Some(arns) = new {
                let call = calls.attach_load_balancer_target_groups().auto_scaling_group_name(&self.name);
                call.set_target_group_arns(Some(arns)).send().await.map_err(failed)?;
            }
            if let Some(arns) = old {
                let call = calls.detach_load_balancer_target_groups().auto_scaling_group_name(&self.name);
                call.set_target_group_arns(Some(arns)).send().await.map_err(failed)?;
            }
            next = Next::Changed;
        }
        if due.has("traffic_source") {
            let new = self.traffic_source.difference(&now.traffic_source).cloned().collect();
            let old = now.traffic_source.difference(&self.traffic_source).cloned().collect();
            if let Some(new) = sources(&new) {
                let call = calls.attach_traffic_sources().auto_scaling_group_name(&self.name);
                call.set_traffic_sources(Some(new)).send().await.map_err(failed)?;
            }
            if let Some(old) = sources(&old) {
                let call = calls.detach_traffic_sources().auto_scaling_group_name(&self.name);
                call.set_traffic_sources(Some(old)).send().await.map_err(failed)?;
            }
            next = Next::Changed;
        }
        if due.has("enabled_metrics") || due.has("metrics_granularity") {
            let (_, old) = apart(&self.enabled_metrics, &now.enabled_metrics);
            if let Some(metrics) = old {
                let call = calls.disable_metrics_collection().auto_scaling_group_name(&self.name);
                call.set_metrics(Some(metrics)).send().await.map_err(failed)?;
            }
            if !self.enabled_metrics.is_empty() {
                let call = calls.enable_metrics_collection().auto_scaling_group_name(&self.name);
                let call =
                    call.set_metrics(self.enabled_metrics.wire()).granularity(&self.metrics_granularity);
                call.send().await.map_err(failed)?;
            }
            next = Next::Changed;
        }
        if due.has("suspended_processes") {
            let (new, old) = apart(&self.suspended_processes, &now.suspended_processes);
            if new.is_some() {
                let call = calls.suspend_processes().auto_scaling_group_name(&self.name);
                call.set_scaling_processes(new).send().await.map_err(failed)?;
            }
            if old.is_some() {
                let call = calls.resume_processes().auto_scaling_group_name(&self.name);
                call.set_scaling_processes(old).send().await.map_err(failed)?;
            }
            next = Next::Changed;
        }
        if due.has("tag") && self.write_tags(client, now).await? {
            next = Next::Changed;
        }
        if due.has("warm_pool") {
            if let Some(pool) = &self.warm_pool {
                let call = calls
                    .put_warm_pool()
                    .auto_scaling_group_name(&self.name)
                    .set_min_size(pool.min_size.wire())
                    .set_max_group_prepared_capacity(pool.max_group_prepared_capacity.wire())
                    .set_instance_reuse_policy(
                        pool.instance_reuse_policy.as_ref().map(options_wire::reuse_sent),
                    )
                    .pool_state(pool.pool_state.as_str().into());
                call.send().await.map_err(failed)?;
            } else {
                let call = calls.delete_warm_pool().auto_scaling_group_name(&self.name);
                call.force_delete(self.force_delete_warm_pool).send().await.map_err(failed)?;
            }
            next = Next::Changed;
        }
        match &self.instance_refresh {
            // The replacement starts once a look shows the change.
            Some(how) if matches!(next, Next::Done) && refresh::is_due(now) => how.start(client, self).await,
            _ => Ok(next),
        }
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let (calls, name) = (&client.autoscaling, prior.id());
        let note = "waiting for the group to be deleted";
        if prior.arguments.force_delete {
            let call = calls.delete_auto_scaling_group().auto_scaling_group_name(name).force_delete(true);
            call.send().await.map_err(failed)?;
            return Ok(Next::wait(note));
        }
        let Some(group) = groups(client, &[name]).await?.pop() else { return Ok(Next::Done) };
        if is_leaving(&group) {
            return Ok(Next::wait(note));
        }
        if let Some(pool) = &group.warm_pool_configuration
            && group.warm_pool_size.unwrap_or_default() > 0
        {
            if pool.status.is_none() {
                let call = calls.delete_warm_pool().auto_scaling_group_name(name);
                let call = call.force_delete(prior.arguments.force_delete_warm_pool);
                call.send().await.map_err(failed)?;
            }
            return Err(busy("instances of the warm pool are still there".to_owned()));
        }
        if empty_it(client, &group).await? {
            calls.delete_auto_scaling_group().auto_scaling_group_name(name).send().await.map_err(failed)?;
            return Ok(Next::wait(note));
        }
        Err(busy(format!("{} instances are still there", group.instances().len())))
    }

    async fn holders(client: &Client, id: &str) -> Result<Vec<String>> {
        let group = groups(client, &[id]).await?.pop();
        let instances = group.and_then(|group| group.instances).unwrap_or_default().into_iter();
        let told = instances.map(|instance| {
            let state = instance.lifecycle_state.as_ref().map_or("", LifecycleState::as_str);
            format!("{} ({state})", instance.instance_id.unwrap_or_default())
        });
        Ok(told.collect())
    }
}

impl AutoscalingGroup {
    fn tag_request(&self, tag: &AutoscalingTag) -> Tag {
        group_tag(&self.name, &tag.key, &tag.value, tag.propagate_at_launch)
    }

    /// Writes the tags that differ. Returns whether there are any. The mark of a refresh stays until the refresh starts.
    async fn write_tags(&self, client: &Client, now: &Self) -> Result<bool> {
        let new: Vec<Tag> = self.tag.difference(&now.tag).map(|tag| self.tag_request(tag)).collect();
        let keys: BTreeSet<&str> = self.tag.iter().map(|tag| tag.key.as_str()).collect();
        let stays = |key: &str| self.instance_refresh.is_some() && key == refresh::MARK;
        let old = now.tag.iter().filter(|tag| !keys.contains(tag.key.as_str()) && !stays(tag.key.as_str()));
        let old: Vec<Tag> = old.map(|tag| self.tag_request(tag)).collect();
        let any = !new.is_empty() || !old.is_empty();
        if !new.is_empty() {
            client.autoscaling.create_or_update_tags().set_tags(Some(new)).send().await.map_err(failed)?;
        }
        if !old.is_empty() {
            client.autoscaling.delete_tags().set_tags(Some(old)).send().await.map_err(failed)?;
        }
        Ok(any)
    }
}

/// Takes the next step towards a group without instances. Returns true once it has none. Protected and standby
/// instances do not follow the size, so it first removes the protection and the standby.
async fn empty_it(client: &Client, group: &Sdk) -> Result<bool> {
    let (calls, name) = (&client.autoscaling, group.auto_scaling_group_name().unwrap_or_default());
    let ids = |held: &dyn Fn(&Instance) -> bool| -> Vec<String> {
        let held = group.instances().iter().filter(|instance| held(instance));
        held.filter_map(|instance| instance.instance_id.clone()).collect()
    };
    for ids in ids(&|instance| instance.protected_from_scale_in == Some(true)).chunks(AT_ONCE) {
        let call =
            calls.set_instance_protection().auto_scaling_group_name(name).protected_from_scale_in(false);
        call.set_instance_ids(Some(ids.to_vec())).send().await.map_err(failed)?;
    }
    for ids in ids(&|instance| instance.lifecycle_state == Some(LifecycleState::Standby)).chunks(AT_ONCE) {
        let call = calls.exit_standby().auto_scaling_group_name(name);
        call.set_instance_ids(Some(ids.to_vec())).send().await.map_err(failed)?;
    }
    let sizes = [group.min_size, group.max_size, group.desired_capacity];
    if sizes.into_iter().flatten().any(|size| size > 0) {
        let call = calls.update_auto_scaling_group().auto_scaling_group_name(name);
        call.min_size(0).max_size(0).desired_capacity(0).send().await.map_err(failed)?;
    }
    Ok(group.instances().is_empty())
}

fn busy(message: String) -> Error {
    Error::new(ErrorKind::InUse, message).with_retry(Retry::Backoff)
}

pub(super) fn template_request(template: &LaunchTemplateSpecification) -> SdkTemplate {
    // AWS takes the id or the name, and shows both.
    SdkTemplate::builder()
        .set_launch_template_id(template.id.wire())
        .set_launch_template_name(template.name.wire())
        .version(&template.version)
        .build()
}

fn sources(all: &BTreeSet<TrafficSource>) -> Option<Vec<TrafficSourceIdentifier>> {
    (!all.is_empty()).then(|| all.iter().map(options_wire::source_sent).collect())
}

fn is_leaving(group: &Sdk) -> bool {
    group.status().is_some_and(|status| status.starts_with("Delete"))
}

fn seen(group: Sdk) -> Result<Seen<AutoscalingGroup>> {
    let state = if is_leaving(&group) { State::Leaving } else { State::Ready };
    let subnets = group.vpc_zone_identifier.clone().unwrap_or_default();
    let subnets = subnets.split(',').filter(|id| !id.is_empty()).map(|id| Id::new(id.trim())).collect();
    let mixed_instances_policy = group.mixed_instances_policy.clone().map(mixed::policy).transpose()?;
    // AWS also reports the template of a mixed policy here.
    let template = group.launch_template.clone().filter(|_| mixed_instances_policy.is_none());
    let template = template.map(|template| {
        Ok::<_, Error>(read!(template => LaunchTemplateSpecification {
            id: launch_template_id,
            name: launch_template_name,
            version = template.version.unwrap_or_else(|| "$Default".to_owned()),
        }))
    });
    let policies = group.termination_policies.clone().unwrap_or_default();
    let metrics = group.enabled_metrics.clone().unwrap_or_default();
    let granularity = metrics.iter().find_map(|metric| metric.granularity.clone());
    let suspended = group.suspended_processes.clone().unwrap_or_default();
    let pool = group.warm_pool_configuration.clone().filter(|pool| pool.status.is_none());
    let pool = pool.map(|pool| {
        Ok::<_, Error>(WarmPool {
            min_size: read(pool.min_size.or(Some(0)), "min_size")?,
            // AWS reports -1 for the group's maximum size.
            max_group_prepared_capacity: read(
                pool.max_group_prepared_capacity.filter(|most| *most >= 0),
                "max_group_prepared_capacity",
            )?,
            instance_reuse_policy: pool
                .instance_reuse_policy
                .and_then(|how| how.reuse_on_scale_in)
                .map(|reuse_on_scale_in| InstanceReusePolicy { reuse_on_scale_in }),
            pool_state: pool.pool_state.map_or_else(|| "Stopped".to_owned(), |state| state.to_string()),
        })
    });
    let tags = group.tags.clone().unwrap_or_default().into_iter().filter_map(|tag| {
        let key = tag.key.filter(|key| key != TOKEN_TAG && !key.starts_with(AWS_TAGS))?;
        let (value, propagated) = (tag.value.unwrap_or_default(), tag.propagate_at_launch);
        Some(AutoscalingTag { key, value, propagate_at_launch: propagated.unwrap_or_default() })
    });
    let arguments = read!(group => AutoscalingGroup { name_prefix = None,
        name: auto_scaling_group_name,
        min_size, max_size, desired_capacity,
        vpc_zone_identifier = subnets,
        availability_zones, desired_capacity_type, placement_group, context,
        availability_zone_distribution =
            group.availability_zone_distribution.map(options_wire::distribution).transpose()?,
        capacity_reservation_specification =
            group.capacity_reservation_specification.map(options_wire::reservation).transpose()?,
        instance_maintenance_policy =
            group.instance_maintenance_policy.map(options_wire::maintenance).transpose()?.flatten(),
        traffic_source = options_wire::sources(group.traffic_sources)?,
        initial_lifecycle_hook = Default::default(),
        launch_template = template.transpose()?,
        mixed_instances_policy = mixed_instances_policy,
        load_balancers: load_balancer_names,
        target_group_arns, capacity_rebalance, default_cooldown, default_instance_warmup,
        enabled_metrics = metrics.into_iter().filter_map(|metric| metric.metric).collect(),
        metrics_granularity = granularity.unwrap_or_else(|| "1Minute".to_owned()),
        health_check_grace_period = read(group.health_check_grace_period.or(Some(0)), "health_check_grace_period")?,
        health_check_type,
        max_instance_lifetime = read(group.max_instance_lifetime.or(Some(0)), "max_instance_lifetime")?,
        protect_from_scale_in: new_instances_protected_from_scale_in,
        suspended_processes = suspended.into_iter().filter_map(|process| process.process_name).collect(),
        termination_policies = if policies == [DEFAULT_POLICY] { Vec::new() } else { policies },
        service_linked_role_arn,
        force_delete = false,
        force_delete_warm_pool = false,
        instance_refresh = None,
        warm_pool = pool.transpose()?,
        tag = tags.collect(),
    });
    let attributes = AutoscalingGroupAttributes {
        id: Id::new(&arguments.name),
        arn: read(group.auto_scaling_group_arn, "auto_scaling_group_arn")?,
        predicted_capacity: read(group.predicted_capacity, "predicted_capacity")?,
        warm_pool_size: read(group.warm_pool_size.or(Some(0)), "warm_pool_size")?,
    };
    Ok(Seen::new(arguments, attributes).state(state))
}
