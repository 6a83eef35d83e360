//! The calls for lifecycle hooks. An id names the group and the hook. A put creates or replaces a hook.

use std::collections::BTreeMap;

use super::{AutoscalingLifecycleHook, AutoscalingLifecycleHookAttributes};
use crate::client::prelude::*;

calls_by_put!(Client; AutoscalingLifecycleHook);

#[async_trait]
impl Put<Client> for AutoscalingLifecycleHook {
    /// The group and the name, which identify a hook in AWS.
    fn identity(&self) -> String {
        format!("{}/{}", self.autoscaling_group_name, self.name)
    }

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let asked = which.ids_or(|hook| hook.identity().into());
        let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (group, name) in asked.iter().filter_map(|id| id.rsplit_once('/')) {
            groups.entry(group).or_default().push(name.to_owned());
        }
        let found = each(groups, async |(group, names)| {
            let call = client.autoscaling.describe_lifecycle_hooks().auto_scaling_group_name(group);
            let call = call.set_lifecycle_hook_names(Some(names));
            Ok(call.send().await.map_err(failed)?.lifecycle_hooks)
        });
        let seen = found.await?.into_iter().flatten().map(|hook| {
            let arguments = read!(hook => AutoscalingLifecycleHook {
                autoscaling_group_name: auto_scaling_group_name,
                name: lifecycle_hook_name,
                lifecycle_transition, default_result, heartbeat_timeout, notification_metadata,
                notification_target_arn, role_arn,
            });
            let attributes = AutoscalingLifecycleHookAttributes { id: Id::new(arguments.identity()) };
            Ok(Seen::new(arguments, attributes))
        });
        seen.collect()
    }

    async fn put(&self, client: &Client) -> Result<()> {
        // AWS keeps a parameter that a call leaves out. An empty target removes the old one.
        let target = self.notification_target_arn.clone().unwrap_or_default();
        let call = client
            .autoscaling
            .put_lifecycle_hook()
            .set_auto_scaling_group_name(self.autoscaling_group_name.wire())
            .lifecycle_hook_name(&self.name)
            .lifecycle_transition(&self.lifecycle_transition)
            .set_default_result(self.default_result.wire())
            .set_heartbeat_timeout(self.heartbeat_timeout.wire())
            .set_notification_metadata(self.notification_metadata.wire())
            .notification_target_arn(target)
            .set_role_arn(self.role_arn.wire());
        call.send().await.map_err(failed)?;
        Ok(())
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<Next> {
        let AutoscalingLifecycleHook { autoscaling_group_name, name, .. } = &prior.arguments;
        let call = client.autoscaling.delete_lifecycle_hook().lifecycle_hook_name(name);
        call.set_auto_scaling_group_name(autoscaling_group_name.wire()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}
