//! The calls for instance templates.

use super::InstanceTemplate;
use crate::client::prelude::*;

impl Entry for InstanceTemplate {
    const TABLE: Table = Table {
        collection: "instanceTemplates",
        scope: Scope::Global,
        renamed: &[
            ("machine_type", "properties.machineType"),
            ("can_ip_forward", "properties.canIpForward"),
            ("disk", "properties.disks"),
            ("disk.disk_size_gb", "initializeParams.diskSizeGb"),
            ("disk.disk_type", "initializeParams.diskType"),
            ("disk.source_image", "initializeParams.sourceImage"),
            ("network_interface", "properties.networkInterfaces"),
            ("network_interface.access_config", "accessConfigs"),
            ("network_interface.alias_ip_range", "aliasIpRanges"),
            ("metadata", "properties.metadata.items"),
            ("tags", "properties.tags.items"),
            ("labels", "properties.labels"),
            ("scheduling", "properties.scheduling"),
            ("service_account", "properties.serviceAccounts"),
        ],
        changes: &[],
    };

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        let Some(Json::Object(properties)) = body.get_mut("properties") else { return };
        // On the wire a map is a list of entries, and the service account is a list of one.
        if let Some(Json::Object(metadata)) = properties.get_mut("metadata")
            && let Some(Json::Object(entries)) = metadata.get("items")
        {
            let items = entries.iter().map(|(key, value)| json!({ "key": key, "value": value }));
            let items: Json = items.collect();
            metadata.insert("items".to_owned(), items);
        }
        if let Some(account) = properties.get_mut("serviceAccounts").filter(|account| account.is_object()) {
            *account = json!([account.take()]);
        }
    }

    fn shown(answer: &mut Map<String, Json>) {
        let Some(Json::Object(properties)) = answer.get_mut("properties") else { return };
        if let Some(Json::Object(metadata)) = properties.get_mut("metadata")
            && let Some(Json::Array(items)) = metadata.get("items")
        {
            let entries = items.iter().filter_map(|item| Some((item["key"].as_str()?, &item["value"])));
            let entries: Map<_, _> = entries.map(|(key, value)| (key.to_owned(), value.clone())).collect();
            metadata.insert("items".to_owned(), entries.into());
        }
        if let Some(Json::Array(accounts)) = properties.get_mut("serviceAccounts") {
            let first = accounts.drain(..).next();
            properties.insert("serviceAccounts".to_owned(), first.unwrap_or_default());
        }
    }
}

calls!(InstanceTemplate);
