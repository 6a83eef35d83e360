//! Accounts and roles, buckets, DNS zones.

use landform_core::Observed;
use landform_gce::{DnsManagedZone, StorageBucket};
use serde_json::{Value as Json, json};

use super::Case;
use crate::world::*;

pub async fn cases(kit: &Google, base: &Base) -> Vec<Case> {
    let (labels, others) = (json!({ "name": "a", "old": "yes" }), json!({ "name": "b", "new": "yes" }));
    let account = |more: Json| merged(json!({ "account_id": "sample" }), more);
    let bucket = |more: Json| merged(json!({ "name": "landform-sample", "location": "us-central1" }), more);
    let logs: Observed<StorageBucket> =
        create(kit, "logs", &typed(json!({ "name": "landform-logs", "location": "US" }))).await;
    let zone: Observed<DnsManagedZone> =
        create(kit, "zone", &typed(json!({ "name": "base", "dns_name": "example.com." }))).await;
    let private = |more: Json| {
        let base = json!({ "name": "sample", "dns_name": "example.internal.", "visibility": "private" });
        merged(base, more)
    };
    let record = |more: Json| {
        merged(json!({ "managed_zone": zone.id(), "name": "WWW.example.com.", "type": "A" }), more)
    };
    vec![
        Case::new(
            "google_project_iam_member",
            json!({ "project": PROJECT, "role": "roles/viewer", "member": "user:Me@example.com" }),
        ),
        Case::new(
            "google_project_iam_binding",
            json!({
                "project": PROJECT, "role": "roles/editor",
                "members": ["user:a@example.com", "user:b@example.com"],
            }),
        )
        .changed(json!({ "project": PROJECT, "role": "roles/editor", "members": ["group:c@example.com"] })),
        Case::new(
            "google_service_account",
            account(json!({ "display_name": "Nodes", "description": "old" })),
        )
        .changed(account(json!({ "display_name": "All nodes", "disabled": true })))
        .optional("display_name"),
        Case::new(
            "google_storage_bucket",
            bucket(json!({
                "labels": labels, "uniform_bucket_level_access": true,
                "lifecycle_rule": [{
                    "action": { "type": "Delete" }, "condition": { "age": 0, "matches_prefix": ["tmp/"] },
                }],
            })),
        )
        // The change removes the last rule.
        .changed(bucket(json!({
            "labels": others, "uniform_bucket_level_access": true, "versioning": { "enabled": true },
            "storage_class": "NEARLINE", "public_access_prevention": "enforced",
            "soft_delete_policy": { "retention_duration_seconds": 0 },
        })))
        .optional("labels"),
        Case::new(
            "google_storage_bucket_iam_member",
            json!({ "bucket": logs.id(), "role": "roles/storage.objectViewer", "member": "allUsers" }),
        ),
        Case::new(
            "google_storage_bucket_object",
            json!({ "bucket": logs.id(), "name": "a/sample.txt", "content": "old", "metadata": { "by": "tests" } }),
        )
        .changed(json!({
            "bucket": logs.id(), "name": "a/sample.txt", "content": "new", "metadata": { "by": "tests" },
        })),
        Case::new("google_dns_managed_zone", private(json!({ "labels": labels, "description": "old" })))
            .changed(private(json!({
                "labels": others, "description": "new",
                "private_visibility_config": { "networks": [{ "network_url": base.network.id() }] },
            })))
            .optional("private_visibility_config"),
        Case::new("google_dns_record_set", record(json!({ "rrdatas": ["192.0.2.1"], "ttl": 60 })))
            .changed(record(json!({ "rrdatas": ["192.0.2.2", "192.0.2.3"], "ttl": 600 }))),
    ]
}
