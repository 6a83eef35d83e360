//! Mends the few recorded requests that only the mock took which most of the recordings come from: Google refuses them,
//! and with the request all that follows in the scenario would be lost.

use serde_json::{Value as Json, json};

use super::log::Exchange;

/// Makes of a request's path one that Google takes: an instance without a machine type comes of a template.
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

/// Makes of a request's body one that Google takes. The template is the one that the scenario made before, if any.
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
        // What the path says already is no field of the body.
        for field in ["instanceGroup", "project", "zone"] {
            fields.remove(field);
        }
    }
    if makes(exchange, "/forwardingRules")
        && fields.get("loadBalancingScheme") == Some(&json!("INTERNAL_MANAGED"))
    {
        // A public address is none of the subnetwork's.
        fields.remove("IPAddress");
    }
}

fn makes(exchange: &Exchange, collection: &str) -> bool {
    exchange.verb == "POST" && exchange.url.split('?').next().unwrap_or_default().ends_with(collection)
}

fn lacks(exchange: &Exchange, fields: &[&str]) -> bool {
    exchange.body.as_ref().is_some_and(|body| fields.iter().all(|field| body[field].is_null()))
}
