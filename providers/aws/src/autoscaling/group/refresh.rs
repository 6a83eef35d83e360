//! Starts the replacement of a group's instances, and the mark that keeps it from being forgotten.

use aws_sdk_autoscaling::types::{
    AlarmSpecification, DesiredConfiguration, RefreshPreferences as SdkPreferences,
};

use super::{
    AutoscalingGroup, InstanceRefresh, ProtectedInstances, RefreshPreferences, RefreshStrategy,
    RefreshTrigger, StandbyInstances, client::template_request, mixed,
};
use crate::{autoscaling::client::group_tag, client::prelude::*};

words!(ProtectedInstances, RefreshStrategy, StandbyInstances);

/// The key of the tag of a group whose instances wait for their replacement.
pub(super) const MARK: &str = "landform:refresh";

/// Whether a replacement has to start.
pub(super) fn is_due(now: &AutoscalingGroup) -> bool {
    now.tag.iter().any(|tag| tag.key == MARK)
}

/// Marks a group before the change that the replacement follows.
pub(super) async fn mark(client: &Client, group: &str) -> Result<()> {
    let tag = group_tag(group, MARK, "after a change", false);
    client.autoscaling.create_or_update_tags().tags(tag).send().await.map_err(failed)?;
    Ok(())
}

impl InstanceRefresh {
    /// Whether a change of these fields calls for a replacement.
    pub(super) fn follows(&self, due: &Due<'_>) -> bool {
        due.has("launch_template")
            || due.has("mixed_instances_policy")
            || self.triggers.iter().any(|trigger| due.has(trigger.field()))
    }

    /// Starts the replacement, and then takes the mark away. It cancels a replacement that is still running: that one
    /// gives instances the earlier template.
    pub(super) async fn start(&self, client: &Client, group: &AutoscalingGroup) -> Result<Next> {
        let (calls, name) = (&client.autoscaling, group.name.as_str());
        let preferences = self.preferences.as_ref();
        let call = calls
            .start_instance_refresh()
            .auto_scaling_group_name(name)
            .set_strategy(self.strategy.wire())
            .set_preferences(preferences.map(RefreshPreferences::request));
        // AWS knows what to return to only if the call says what it leads to.
        let call = match preferences {
            Some(RefreshPreferences { auto_rollback: true, .. }) => {
                call.desired_configuration(configuration(group))
            }
            _ => call,
        };
        match call.send().await.map_err(failed) {
            Ok(_) => {}
            Err(error) if error.provider_code() == Some("InstanceRefreshInProgress") => {
                match calls
                    .cancel_instance_refresh()
                    .auto_scaling_group_name(name)
                    .send()
                    .await
                    .map_err(failed)
                {
                    Err(error) if error.provider_code() != Some("ActiveInstanceRefreshNotFound") => {
                        return Err(error);
                    }
                    _ => return Ok(Next::wait("waiting for the earlier instance refresh to stop")),
                }
            }
            Err(error) => return Err(error.at("instance_refresh")),
        }
        let tag = group_tag(name, MARK, "after a change", false);
        calls.delete_tags().tags(tag).send().await.map_err(failed)?;
        Ok(Next::Changed)
    }
}

impl RefreshPreferences {
    fn request(&self) -> SdkPreferences {
        let alarms = self.alarm_specification.as_ref().map(|of| {
            AlarmSpecification::builder().set_alarms(Some(of.alarms.iter().cloned().collect())).build()
        });
        let checkpoints =
            self.checkpoint_percentages.iter().map(|percent| percent.wire()).collect::<Option<Vec<_>>>();
        SdkPreferences::builder()
            .set_min_healthy_percentage(self.min_healthy_percentage.wire())
            .set_max_healthy_percentage(self.max_healthy_percentage.wire())
            .set_instance_warmup(self.instance_warmup.wire())
            .skip_matching(self.skip_matching)
            .auto_rollback(self.auto_rollback)
            .set_checkpoint_percentages(checkpoints.filter(|all| !all.is_empty()))
            .set_checkpoint_delay(self.checkpoint_delay.wire())
            .set_scale_in_protected_instances(self.scale_in_protected_instances.wire())
            .set_standby_instances(self.standby_instances.wire())
            .set_alarm_specification(alarms)
            .build()
    }
}

fn configuration(group: &AutoscalingGroup) -> DesiredConfiguration {
    DesiredConfiguration::builder()
        .set_launch_template(group.launch_template.as_ref().map(template_request))
        .set_mixed_instances_policy(group.mixed_instances_policy.as_ref().map(mixed::request))
        .build()
}

impl RefreshTrigger {
    fn field(&self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::VpcZoneIdentifier => "vpc_zone_identifier",
            Self::LoadBalancers => "load_balancers",
            Self::TargetGroupArns => "target_group_arns",
            Self::DesiredCapacity => "desired_capacity",
            Self::MinSize => "min_size",
            Self::MaxSize => "max_size",
            Self::HealthCheckType => "health_check_type",
            Self::HealthCheckGracePeriod => "health_check_grace_period",
            Self::DefaultInstanceWarmup => "default_instance_warmup",
            Self::MaxInstanceLifetime => "max_instance_lifetime",
            Self::ProtectFromScaleIn => "protect_from_scale_in",
            Self::ServiceLinkedRoleArn => "service_linked_role_arn",
        }
    }
}
