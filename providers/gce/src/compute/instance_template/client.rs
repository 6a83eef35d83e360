//! The calls for instance templates.

use super::InstanceTemplate;
use crate::client::prelude::*;

/// The fields with another spelling on the wire, for both kinds of templates.
pub(crate) const RENAMED: Renamed = &[
    ("machine_type", "properties.machineType"),
    ("can_ip_forward", "properties.canIpForward"),
    ("disk", "properties.disks"),
    ("disk.disk_size_gb", "initializeParams.diskSizeGb"),
    ("disk.disk_type", "initializeParams.diskType"),
    ("disk.source_image", "initializeParams.sourceImage"),
    ("disk.provisioned_iops", "initializeParams.provisionedIops"),
    ("disk.provisioned_throughput", "initializeParams.provisionedThroughput"),
    ("network_interface", "properties.networkInterfaces"),
    ("network_interface.access_config", "accessConfigs"),
    ("network_interface.alias_ip_range", "aliasIpRanges"),
    ("metadata", "properties.metadata.items"),
    ("tags", "properties.tags.items"),
    ("labels", "properties.labels"),
    ("scheduling", "properties.scheduling"),
    ("service_account", "properties.serviceAccounts"),
    ("guest_accelerator", "properties.guestAccelerators"),
    ("guest_accelerator.type", "acceleratorType"),
    ("guest_accelerator.count", "acceleratorCount"),
];

impl Entry for InstanceTemplate {
    const TABLE: Table =
        Table { collection: "instanceTemplates", scope: Scope::Global, renamed: RENAMED, changes: &[] };

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        to_wire(body);
    }

    fn shown(answer: &mut Map<String, Json>) {
        from_wire(answer);
    }
}

/// Writes a template's properties as Compute Engine takes them.
pub(crate) fn to_wire(body: &mut Map<String, Json>) {
    let Some(Json::Object(properties)) = body.get_mut("properties") else { return };
    if let Some(metadata) = properties.get_mut("metadata") {
        as_items(metadata);
    }
    // On the wire the service account is a list of one.
    if let Some(account) = properties.get_mut("serviceAccounts").filter(|account| account.is_object()) {
        *account = json!([account.take()]);
    }
}

/// Writes a template's properties as declarations do.
pub(crate) fn from_wire(answer: &mut Map<String, Json>) {
    let Some(Json::Object(properties)) = answer.get_mut("properties") else { return };
    if let Some(metadata) = properties.get_mut("metadata") {
        as_map(metadata);
    }
    if let Some(Json::Array(accounts)) = properties.get_mut("serviceAccounts") {
        let first = accounts.drain(..).next();
        properties.insert("serviceAccounts".to_owned(), first.unwrap_or_default());
    }
}

/// Writes the map in `metadata.items` as a list of entries, as Compute Engine takes it.
pub(crate) fn as_items(metadata: &mut Json) {
    if let Some(entries) = metadata["items"].as_object() {
        let items = entries.iter().map(|(key, value)| json!({ "key": key, "value": value }));
        metadata["items"] = items.collect();
    }
}

/// Writes the list of entries in `metadata.items` as a map, as declarations have it.
pub(crate) fn as_map(metadata: &mut Json) {
    if let Some(items) = metadata["items"].as_array() {
        let entries = items.iter().filter_map(|item| Some((item["key"].as_str()?, &item["value"])));
        let entries: Map<_, _> = entries.map(|(key, value)| (key.to_owned(), value.clone())).collect();
        metadata["items"] = entries.into();
    }
}

calls!(InstanceTemplate);
