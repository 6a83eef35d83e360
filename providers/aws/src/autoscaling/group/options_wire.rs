//! Converts the options of groups between the declaration and the wire.

use std::collections::BTreeSet;

use aws_sdk_autoscaling::types::{self as sdk, LifecycleHookSpecification, TrafficSourceIdentifier};

use super::options::*;
use crate::client::prelude::*;

pub(super) fn distribution_sent(how: &AvailabilityZoneDistribution) -> sdk::AvailabilityZoneDistribution {
    sdk::AvailabilityZoneDistribution::builder()
        .set_capacity_distribution_strategy(how.capacity_distribution_strategy.wire())
        .build()
}

pub(super) fn distribution(how: sdk::AvailabilityZoneDistribution) -> Result<AvailabilityZoneDistribution> {
    Ok(read!(how => AvailabilityZoneDistribution { capacity_distribution_strategy }))
}

pub(super) fn source_sent(source: &TrafficSource) -> TrafficSourceIdentifier {
    TrafficSourceIdentifier::builder().identifier(&source.identifier).set_type(source.r#type.wire()).build()
}

pub(super) fn sources(all: Option<Vec<TrafficSourceIdentifier>>) -> Result<BTreeSet<TrafficSource>> {
    let all = all.unwrap_or_default().into_iter();
    all.map(|one| {
        Ok(TrafficSource {
            identifier: read(one.identifier, "identifier")?,
            r#type: read(one.r#type, "type")?,
        })
    })
    .collect()
}

pub(super) fn reservation_sent(how: &GroupCapacityReservation) -> sdk::CapacityReservationSpecification {
    let target = how.capacity_reservation_target.as_ref().map(|target| {
        sdk::CapacityReservationTarget::builder()
            .set_capacity_reservation_ids(target.capacity_reservation_ids.wire())
            .set_capacity_reservation_resource_group_arns(
                target.capacity_reservation_resource_group_arns.wire(),
            )
            .build()
    });
    sdk::CapacityReservationSpecification::builder()
        .set_capacity_reservation_preference(how.capacity_reservation_preference.wire())
        .set_capacity_reservation_target(target)
        .build()
}

pub(super) fn reservation(how: sdk::CapacityReservationSpecification) -> Result<GroupCapacityReservation> {
    let target = how.capacity_reservation_target.map(|target| {
        Ok::<_, Error>(read!(target => GroupCapacityReservationTarget {
            capacity_reservation_ids, capacity_reservation_resource_group_arns,
        }))
    });
    Ok(read!(how => GroupCapacityReservation {
        capacity_reservation_preference, capacity_reservation_target = target.transpose()?,
    }))
}

/// A policy for the wire. -1 removes a limit.
pub(super) fn maintenance_sent(how: Option<&InstanceMaintenancePolicy>) -> sdk::InstanceMaintenancePolicy {
    let limit = |limit: Option<u32>| Some(limit.and_then(|limit| limit.wire()).unwrap_or(-1));
    sdk::InstanceMaintenancePolicy::builder()
        .set_min_healthy_percentage(limit(how.map(|how| how.min_healthy_percentage)))
        .set_max_healthy_percentage(limit(how.map(|how| how.max_healthy_percentage)))
        .build()
}

pub(super) fn maintenance(how: sdk::InstanceMaintenancePolicy) -> Result<Option<InstanceMaintenancePolicy>> {
    let limit = |limit: Option<i32>| limit.filter(|limit| *limit >= 0);
    let (Some(least), Some(most)) = (limit(how.min_healthy_percentage), limit(how.max_healthy_percentage))
    else {
        return Ok(None);
    };
    Ok(Some(InstanceMaintenancePolicy {
        min_healthy_percentage: read(Some(least), "min_healthy_percentage")?,
        max_healthy_percentage: read(Some(most), "max_healthy_percentage")?,
    }))
}

pub(super) fn hook_sent(hook: &InitialLifecycleHook) -> LifecycleHookSpecification {
    LifecycleHookSpecification::builder()
        .lifecycle_hook_name(&hook.name)
        .lifecycle_transition(&hook.lifecycle_transition)
        .set_default_result(hook.default_result.wire())
        .set_heartbeat_timeout(hook.heartbeat_timeout.wire())
        .set_notification_metadata(hook.notification_metadata.wire())
        .set_notification_target_arn(hook.notification_target_arn.wire())
        .set_role_arn(hook.role_arn.wire())
        .build()
}

pub(super) fn reuse_sent(how: &InstanceReusePolicy) -> sdk::InstanceReusePolicy {
    sdk::InstanceReusePolicy::builder().reuse_on_scale_in(how.reuse_on_scale_in).build()
}
