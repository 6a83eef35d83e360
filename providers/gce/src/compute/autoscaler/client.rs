//! The calls for autoscalers.

use super::Autoscaler;
use crate::client::prelude::*;

impl Entry for Autoscaler {
    const TABLE: Table = Table {
        collection: "autoscalers",
        scope: Scope::Zone,
        renamed: &[
            ("autoscaling_policy.min_replicas", "minNumReplicas"),
            ("autoscaling_policy.max_replicas", "maxNumReplicas"),
            ("autoscaling_policy.cooldown_period", "coolDownPeriodSec"),
            ("autoscaling_policy.stabilization_period", "stabilizationPeriodSec"),
            ("autoscaling_policy.cpu_utilization.target", "utilizationTarget"),
            ("autoscaling_policy.load_balancing_utilization.target", "utilizationTarget"),
            ("autoscaling_policy.metric", "customMetricUtilizations"),
            ("autoscaling_policy.metric.name", "metric"),
            ("autoscaling_policy.metric.target", "utilizationTarget"),
            ("autoscaling_policy.metric.type", "utilizationTargetType"),
        ],
        changes: &[Change::Put(&["target", "autoscaling_policy", "description"])],
    };
    const NAMED_BY: Option<&'static str> = Some("autoscaler");

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        // On the wire the schedules are a map by their names.
        let Some(schedules) = schedules(body) else { return };
        let items = schedules.as_array_mut().map(std::mem::take).unwrap_or_default();
        let named = items.into_iter().filter_map(|mut item| {
            let name = item.as_object_mut()?.remove("name")?;
            Some((name.as_str()?.to_owned(), item))
        });
        *schedules = Json::Object(named.collect());
    }

    fn shown(answer: &mut Map<String, Json>) {
        let Some(schedules) = schedules(answer) else { return };
        let items = schedules.as_object_mut().map(std::mem::take).unwrap_or_default();
        let named = items.into_iter().map(|(name, mut item)| {
            item["name"] = name.into();
            item
        });
        *schedules = named.collect();
    }
}

fn schedules(autoscaler: &mut Map<String, Json>) -> Option<&mut Json> {
    autoscaler.get_mut("autoscalingPolicy")?.get_mut("scalingSchedules")
}

calls!(Autoscaler);
