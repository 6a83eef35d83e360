//! The same for Google: settings of the provider instead of each resource, links and names instead of ids, and fields that
//! kops writes even if they are not set.
//!
//! One thing changes: kops's Terraform output leaves the size of every instance group to others once it exists. The layer
//! does so only where an autoscaler has a choice.

use serde_json::{Map, Value, json};

/// The settings that kops writes once, in the provider's block.
const SETTINGS: [&str; 2] = ["project", "region"];
/// The types on which kops writes a setting too.
const WITH_SETTING: [(&str, &str); 3] = [
    ("google_compute_subnetwork", "region"),
    ("google_compute_router_nat", "region"),
    ("google_service_account", "project"),
];
/// The prefix of all types on Google, and that of grants, whose project is no setting.
const GOOGLE: &str = "google_";
const GRANTS: &str = "google_project_iam_";
/// How kops refers to a resource as a whole. By default by its id.
const REFERRED_BY: [(&str, &str); 6] = [
    ("google_compute_network", "name"),
    ("google_compute_subnetwork", "name"),
    ("google_compute_router", "name"),
    ("google_compute_instance_template", "self_link"),
    ("google_compute_target_pool", "self_link"),
    ("google_compute_http_health_check", "self_link"),
];

/// Rewrites a configuration in Terraform's JSON syntax.
pub fn rewrite(main: &mut Value) {
    hoist(main);
    let Some(types) = main["resource"].as_object_mut() else { return };
    for (of_type, named) in types.iter_mut().filter(|(of_type, _)| of_type.starts_with(GOOGLE)) {
        for resource in named.as_object_mut().into_iter().flat_map(Map::values_mut) {
            refer(resource);
            match of_type.as_str() {
                "google_compute_instance_template" => template(resource),
                "google_compute_forwarding_rule" => {
                    if let Some(port) = resource["port_range"].as_str().filter(|ports| !ports.contains('-')) {
                        resource["port_range"] = format!("{port}-{port}").into();
                    }
                }
                "google_compute_instance_group_manager" => {
                    resource["lifecycle"] = json!({ "ignore_changes": ["target_size"] });
                }
                _ => {}
            }
        }
    }
}

/// Moves the project and the region of all resources to the provider's block.
fn hoist(main: &mut Value) {
    let Some(types) = main["resource"].as_object_mut() else { return };
    let mut settings = Map::new();
    for (of_type, named) in types.iter_mut().filter(|(of_type, _)| of_type.starts_with(GOOGLE)) {
        for fields in
            named.as_object_mut().into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut)
        {
            for setting in SETTINGS.into_iter().filter(|_| !of_type.starts_with(GRANTS)) {
                let Some(value) = fields.get(setting).cloned() else { continue };
                if settings.entry(setting).or_insert_with(|| value.clone()) == &value
                    && !WITH_SETTING.contains(&(of_type.as_str(), setting))
                {
                    fields.remove(setting);
                }
            }
        }
    }
    if !settings.is_empty() {
        main["provider"]["google"] = settings.into();
    }
}

/// Writes references to whole resources as kops does.
fn refer(value: &mut Value) {
    match value {
        Value::String(text) => {
            let inner = text.strip_prefix("${").and_then(|text| text.strip_suffix(".id}"));
            let named = inner.and_then(|inner| Some((inner, inner.split_once('.')?.0)));
            let found = named.and_then(|(inner, of_type)| {
                let by = REFERRED_BY.iter().find(|(known, _)| *known == of_type)?;
                Some(format!("${{{inner}.{}}}", by.1))
            });
            if let Some(reference) = found {
                *text = reference;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(refer),
        Value::Object(fields) => fields.values_mut().for_each(refer),
        _ => {}
    }
}

/// Lets Terraform choose the end of a template's name, and writes what is not set.
fn template(resource: &mut Value) {
    let Some(fields) = resource.as_object_mut() else { return };
    if let Some((prefix, _)) =
        fields.remove("name").as_ref().and_then(Value::as_str).and_then(|name| name.rsplit_once('-'))
    {
        fields.insert("name_prefix".into(), format!("{prefix}-").into());
    }
    let unset = [
        ("disk_name", json!("")),
        ("interface", json!("")),
        ("source", json!("")),
        ("provisioned_iops", json!(0)),
        ("provisioned_throughput", json!(0)),
    ];
    for disk in fields
        .get_mut("disk")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        for (field, value) in &unset {
            disk.entry(*field).or_insert_with(|| value.clone());
        }
    }
}
