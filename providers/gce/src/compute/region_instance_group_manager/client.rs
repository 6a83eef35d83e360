//! The calls for managers of regional groups of instances.

use super::RegionInstanceGroupManager;
use crate::{
    client::prelude::*,
    compute::instance_group_manager::client::{with_size, without_rest},
};

impl Entry for RegionInstanceGroupManager {
    const TABLE: Table = Table {
        collection: "instanceGroupManagers",
        scope: Scope::Region,
        renamed: &[
            ("version", "versions"),
            ("named_port", "namedPorts"),
            ("distribution_policy_zones", "distributionPolicy.zones"),
            ("distribution_policy_target_shape", "distributionPolicy.targetShape"),
            ("update_policy.max_surge_fixed", "maxSurge.fixed"),
            ("update_policy.max_unavailable_fixed", "maxUnavailable.fixed"),
        ],
        changes: &[Change::Patch(
            &[
                "version",
                "target_size",
                "target_pools",
                "named_port",
                "auto_healing_policies",
                "update_policy",
                "distribution_policy_target_shape",
                "list_managed_instances_results",
            ],
            &[],
        )],
    };

    fn sent(body: &mut Map<String, Json>, place: &Place) {
        with_size(body);
        // Zones are objects with a link, and there is a list of at most one healing policy.
        if let Some(Json::Object(policy)) = body.get_mut("distributionPolicy") {
            let zones = policy.remove("zones");
            let zones = zones.iter().filter_map(Json::as_array).flatten().filter_map(Json::as_str);
            let link = |zone: &str| match zone.contains('/') {
                true => zone.to_owned(),
                false => format!("projects/{}/zones/{zone}", place.project),
            };
            let zones: Vec<_> = zones.map(|zone| json!({ "zone": link(zone) })).collect();
            if !zones.is_empty() {
                policy.insert("zones".to_owned(), zones.into());
            }
        }
        let healing = body.remove("autoHealingPolicies");
        body.insert("autoHealingPolicies".to_owned(), healing.into_iter().collect());
    }

    fn shown(answer: &mut Map<String, Json>) {
        without_rest(answer);
        if let Some(Json::Array(zones)) =
            answer.get_mut("distributionPolicy").map(|policy| &mut policy["zones"])
        {
            zones.iter_mut().for_each(|zone| *zone = zone["zone"].take());
        }
        let healing = answer.remove("autoHealingPolicies");
        let healing = healing.as_ref().and_then(|policies| policies.get(0)).cloned();
        answer.extend(healing.map(|healing| ("autoHealingPolicies".to_owned(), healing)));
    }
}

calls!(RegionInstanceGroupManager);
