//! Disks, instances, templates and groups.

use landform_core::Observed;
use landform_gce::{Disk, HealthCheck, InstanceGroupManager};
use serde_json::{Value as Json, json};

use super::Case;
use crate::world::*;

pub async fn cases(kit: &Google, base: &Base, group: &Group) -> Vec<Case> {
    let (labels, others) = (json!({ "name": "a", "old": "yes" }), json!({ "name": "b", "new": "yes" }));
    let subnetwork = base.subnetwork.id();
    let disk = |more: Json| merged(json!({ "name": "sample", "zone": ZONE, "type": "pd-ssd" }), more);
    let pair = |more: Json| {
        merged(json!({ "name": "sample", "replica_zones": [ZONE, "us-central1-b"], "type": "pd-ssd" }), more)
    };
    let [first, second] = [data(kit, "first").await, data(kit, "second").await];
    let check: Observed<HealthCheck> =
        create(kit, "healing", &typed(json!({ "name": "healing", "tcp_health_check": { "port": 22 } })))
            .await;
    let scaled: Observed<InstanceGroupManager> = create(
        kit,
        "scaled",
        &typed(manager("scaled", json!({ "version": [{ "instance_template": group.template.id() }] }))),
    )
    .await;
    let scaler = |more: Json| {
        merged(
            json!({ "name": "sample", "zone": ZONE, "target": scaled.id() }),
            json!({ "autoscaling_policy": more }),
        )
    };
    let regional = |more: Json| merged(json!({ "name": "sample", "base_instance_name": "sample" }), more);
    vec![
        Case::new("google_compute_disk", disk(json!({ "size": 20, "labels": labels })))
            .changed(disk(json!({ "size": 30, "labels": others })))
            .optional("labels"),
        Case::new("google_compute_region_disk", pair(json!({ "size": 20, "labels": labels })))
            .changed(pair(json!({ "size": 30, "labels": others })))
            .optional("labels"),
        Case::new(
            "google_compute_instance",
            instance(subnetwork, json!({
                "machine_type": "e2-medium", "labels": labels, "tags": ["web"], "attached_disk": [{ "source": first }],
                "metadata": { "startup-script": "#!/bin/bash\n" }, "deletion_protection": true,
                "service_account": { "email": "nodes@example.iam.gserviceaccount.com", "scopes": ["https://www.googleapis.com/auth/compute"] },
            })),
        )
        .changed(instance(subnetwork, json!({
            "machine_type": "e2-small", "labels": others, "tags": ["api", "web"], "allow_stopping_for_update": true,
            "attached_disk": [{ "source": second, "mode": "READ_ONLY" }], "metadata": { "ssh-keys": "me:ssh-ed25519" },
            "scheduling": { "automatic_restart": false },
            "shielded_instance_config": { "enable_secure_boot": true },
        })))
        .optional("metadata"),
        Case::new("google_compute_instance_template", template("sample", subnetwork)),
        Case::new("google_compute_region_instance_template", template("sample", subnetwork)),
        Case::new(
            "google_compute_instance_group_manager",
            manager(
                "sample",
                json!({
                    "target_size": 2, "version": [{ "instance_template": group.template.id() }],
                    "update_policy": { "type": "OPPORTUNISTIC", "minimal_action": "REPLACE" },
                }),
            ),
        )
        .changed(manager(
            "sample",
            json!({
                "target_size": 3, "version": [
                    { "name": "new", "instance_template": group.other.id(), "target_size": { "fixed": 1 } },
                    { "name": "old", "instance_template": group.template.id() },
                ],
                "update_policy": { "type": "PROACTIVE", "minimal_action": "REPLACE", "max_surge_fixed": 2 },
                "named_port": [{ "name": "https", "port": 443 }], "target_pools": [group.pool.id()],
                "list_managed_instances_results": "PAGINATED",
            }),
        ))
        .optional("named_port"),
        Case::new(
            "google_compute_region_instance_group_manager",
            regional(json!({
                "target_size": 2, "version": [{ "instance_template": group.template.id() }],
                "distribution_policy_zones": [ZONE, "us-central1-b"], "named_port": [{ "name": "https", "port": 443 }],
            })),
        )
        .changed(regional(json!({
            "target_size": 4, "version": [{ "instance_template": group.other.id() }],
            "distribution_policy_zones": [ZONE, "us-central1-b"], "distribution_policy_target_shape": "BALANCED",
            "auto_healing_policies": { "health_check": check.id(), "initial_delay_sec": 60 },
            "update_policy": {
                "type": "PROACTIVE", "minimal_action": "REPLACE", "max_surge_fixed": 0, "max_unavailable_fixed": 2,
                "instance_redistribution_type": "NONE",
            },
        })))
        .optional("auto_healing_policies"),
        Case::new(
            "google_compute_autoscaler",
            scaler(json!({
                "min_replicas": 1, "max_replicas": 5, "cpu_utilization": { "target": 0.5 },
                "scale_in_control": { "max_scaled_in_replicas": { "fixed": 2 }, "time_window_sec": 600 },
            })),
        )
        .changed(merged(
            scaler(json!({
                "min_replicas": 0, "max_replicas": 8, "mode": "ONLY_SCALE_OUT", "cooldown_period": 90,
                "metric": [{
                    "name": "custom.googleapis.com/queue", "target": 12.5, "type": "GAUGE",
                }],
                "scaling_schedules": [{
                    "name": "morning", "schedule": "0 8 * * MON-FRI", "duration_sec": 3600, "min_required_replicas": 4,
                    "time_zone": "Europe/Berlin",
                }],
            })),
            json!({ "description": "of the web" }),
        ))
        .optional("description"),
    ]
}

/// The id of a new disk.
async fn data(kit: &Google, name: &str) -> String {
    let disk: Observed<Disk> =
        create(kit, name, &typed(json!({ "name": name, "zone": ZONE, "size": 10 }))).await;
    disk.id().to_owned()
}
