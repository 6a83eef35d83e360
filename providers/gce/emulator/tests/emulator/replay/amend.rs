//! Repairs the few recorded requests that Google refuses. Most recordings come from a mock that accepts them. Without
//! the repair, the rest of the scenario would fail.

use serde_json::{Value as Json, json};

use super::log::Exchange;

/// Changes a request's path to one that Google accepts: an instance without a machine type uses a template.
pub fn path(exchange: &Exchange, path: &str, template: Option<&str>) -> String {
    match template {
        Some(template)
            if makes(exchange, "/instances")
                && !path.contains("sourceInstanceTemplate=")
                && lacks(exchange, &["machineType"]) =>
        {
            format!("{path}?sourceInstanceTemplate={template}")
        }
        _ => path.to_owned(),
    }
}

/// Changes a request's body to one that Google accepts. The template is the one that the scenario made before, if any.
pub fn body(exchange: &Exchange, body: &mut Json, template: Option<&str>) {
    let Some(fields) = body.as_object_mut() else { return };
    let url = exchange.url.split('?').next().unwrap_or_default();
    if makes(exchange, "/instanceGroupManagers")
        && lacks(exchange, &["instanceTemplate", "versions"])
        && let Some(template) = template
    {
        fields.insert("instanceTemplate".to_owned(), json!(template));
    }
    if url.ends_with("/listInstances") {
        // The body does not repeat values of the path.
        for field in ["instanceGroup", "project", "zone"] {
            fields.remove(field);
        }
    }
    if makes(exchange, "/forwardingRules")
        && fields.get("loadBalancingScheme") == Some(&json!("INTERNAL_MANAGED"))
    {
        // A public address has no subnetwork.
        fields.remove("IPAddress");
    }
}

fn makes(exchange: &Exchange, collection: &str) -> bool {
    exchange.verb == "POST" && exchange.url.split('?').next().unwrap_or_default().ends_with(collection)
}

fn lacks(exchange: &Exchange, fields: &[&str]) -> bool {
    exchange.body.as_ref().is_some_and(|body| fields.iter().all(|field| body[field].is_null()))
}
