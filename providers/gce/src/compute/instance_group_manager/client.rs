//! The calls for managers of groups of instances.

use super::InstanceGroupManager;
use crate::client::prelude::*;

impl Entry for InstanceGroupManager {
    const TABLE: Table = Table {
        collection: "instanceGroupManagers",
        scope: Scope::Zone,
        renamed: &[
            ("version", "versions"),
            ("named_port", "namedPorts"),
            ("update_policy.max_surge_fixed", "maxSurge.fixed"),
            ("update_policy.max_unavailable_fixed", "maxUnavailable.fixed"),
        ],
        changes: &[Change::Patch(
            &[
                "version",
                "target_size",
                "target_pools",
                "named_port",
                "update_policy",
                "list_managed_instances_results",
            ],
            &[],
        )],
    };

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        with_size(body);
    }

    fn shown(answer: &mut Map<String, Json>) {
        without_rest(answer);
    }
}

/// Adds the size that Compute Engine requires of a new group. An autoscaler changes it.
pub(crate) fn with_size(body: &mut Map<String, Json>) {
    body.entry("targetSize").or_insert_with(|| json!(0));
}

/// Removes the computed size of the version that takes the rest.
pub(crate) fn without_rest(answer: &mut Map<String, Json>) {
    let versions = answer.get_mut("versions").and_then(Json::as_array_mut).into_iter().flatten();
    for version in versions.filter_map(Json::as_object_mut) {
        let size = version.get("targetSize");
        if size.is_some_and(|size| size["fixed"].is_null() && size["percent"].is_null()) {
            version.remove("targetSize");
        }
    }
}

calls!(InstanceGroupManager);
