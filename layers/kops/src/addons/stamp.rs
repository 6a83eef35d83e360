//! Additions to every object of an add-on: labels, the IAM role of its service account, the user's registry.

use super::{Addon, Objects};
use crate::objects::SYSTEM;
use crate::populate::Populated;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The user that may read the token if the pod names none.
const TOKEN_GROUP: i64 = 10001;
const TOKEN_DIR: &str = "/var/run/secrets/amazonaws.com/";

/// Adds the common fields to the objects of an add-on.
pub(super) fn stamp(populated: &Populated, addon: &mut Addon) {
    let assets = populated.cluster().assets.clone().unwrap_or_default();
    let role = addon.account.filter(|_| populated.service_account_roles());
    for object in &mut addon.objects.0 {
        let is_workload = object["apiVersion"] == "apps/v1"
            && (object["kind"] == "Deployment" || object["kind"] == "DaemonSet");
        if let Some(metadata) = object.get_mut("metadata") {
            drop_empty(metadata);
            let mut labels =
                json!({ "app.kubernetes.io/managed-by": "kops", "addon.kops.k8s.io/name": addon.name });
            if let Some((label, value)) = addon.selector {
                labels[label] = value.into();
            }
            add_labels(metadata, labels);
        }
        if is_workload && let Some(metadata) = object.pointer_mut("/spec/template/metadata") {
            drop_empty(metadata);
            add_labels(metadata, json!({ "kops.k8s.io/managed-by": "kops" }));
        }
        if is_workload && let Some(account) = role {
            let acts = |field: &str| object["spec"]["template"]["spec"][field] == account;
            let acts = acts("serviceAccountName") || acts("serviceAccount");
            if let Some(pod) = object.pointer_mut("/spec/template/spec").filter(|_| acts) {
                give_role(pod, &populated.account_role(SYSTEM, account));
            }
        }
        visit_images(object, &mut |image| *image = assets.image(image));
    }
}

/// Collects the images that an add-on's pods run.
pub(super) fn images(objects: &mut Objects, images: &mut BTreeSet<String>) {
    for object in &mut objects.0 {
        visit_images(object, &mut |image| {
            images.insert(image.clone());
        });
    }
}

fn add_labels(metadata: &mut Value, labels: Value) {
    let Value::Object(metadata) = metadata else { return };
    let all = metadata.entry("labels").or_insert_with(|| Map::new().into());
    if let (Value::Object(all), Value::Object(labels)) = (all, labels) {
        all.extend(labels);
    }
}

/// Removes empty fields at any depth.
fn drop_empty(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(drop_empty);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_empty),
        _ => {}
    }
}

/// Lets a pod assume a role with the token of its service account. Its containers find the token by their environment.
fn give_role(pod: &mut Value, role: &str) {
    drop_empty(pod);
    let Value::Object(pod) = pod else { return };
    push(
        pod,
        "volumes",
        json!({
            "name": "token-amazonaws-com",
            "projected": {
                "defaultMode": 0o644,
                "sources": [{
                    "serviceAccountToken": { "audience": "amazonaws.com", "expirationSeconds": 86400, "path": "token" },
                }],
            },
        }),
    );
    for (kind, gets_role) in [("initContainers", false), ("containers", true)] {
        let Some(Value::Array(containers)) = pod.get_mut(kind) else { continue };
        for container in containers {
            let Value::Object(container) = container else { continue };
            container.entry("resources").or_insert_with(|| Map::new().into());
            if gets_role {
                let mount =
                    json!({ "mountPath": TOKEN_DIR, "name": "token-amazonaws-com", "readOnly": true });
                push(container, "volumeMounts", mount);
                push(container, "env", json!({ "name": "AWS_ROLE_ARN", "value": role }));
                let file = format!("{TOKEN_DIR}token");
                push(container, "env", json!({ "name": "AWS_WEB_IDENTITY_TOKEN_FILE", "value": file }));
            }
        }
    }
    let context = pod.entry("securityContext").or_insert_with(|| Map::new().into());
    if let Value::Object(context) = context {
        context.entry("fsGroup").or_insert(TOKEN_GROUP.into());
    }
}

fn push(fields: &mut Map<String, Value>, list: &str, item: Value) {
    if let Value::Array(items) = fields.entry(list).or_insert_with(|| Value::Array(Vec::new())) {
        items.push(item);
    }
}

/// Calls a function for the image of every container of an object.
fn visit_images(value: &mut Value, visit: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let ("containers" | "initContainers", Value::Array(containers)) =
                    (name.as_str(), &mut *value)
                {
                    for image in containers.iter_mut().filter_map(|container| container.get_mut("image")) {
                        if let Value::String(image) = image {
                            visit(image);
                        }
                    }
                }
                visit_images(value, visit);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit_images(item, visit)),
        _ => {}
    }
}
