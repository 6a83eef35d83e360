//! The list of add-ons that the control plane applies: their manifests, their digests, and what to remove.

use super::Addon;
use crate::yaml;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The kinds of objects that are removed when an add-on no longer has them, in the order of the channel. kops never
/// removes namespaces and custom resource definitions, because that would delete other objects.
const PRUNED: [(&str, &str); 13] = [
    ("", "ConfigMap"),
    ("", "Service"),
    ("", "ServiceAccount"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apps", "DaemonSet"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("policy", "PodDisruptionBudget"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io", "Role"),
    ("rbac.authorization.k8s.io", "RoleBinding"),
];
/// The further kinds of Karpenter.
const PRUNED_OF_KARPENTER: [(&str, &str); 2] =
    [("karpenter.k8s.aws", "EC2NodeClass"), ("karpenter.sh", "NodePool")];

/// The channel's text.
pub(super) fn document(entries: Vec<Value>) -> String {
    yaml::document(&json!({
        "kind": "Addons",
        "metadata": { "name": "bootstrap" },
        "spec": { "addons": entries },
    }))
}

/// An add-on in the channel, with its manifest's text.
pub(super) fn entry(addon: &Addon, text: &str) -> Value {
    let mut entry = json!({
        "name": addon.name,
        "selector": addon.selector.map(|(label, value)| json!({ label: value })),
        "manifest": addon.manifest,
        "manifestHash": format!("{:x}", Sha256::digest(text)),
    });
    if !addon.id.is_empty() {
        entry["id"] = addon.id.into();
    }
    if let Some(machines) = addon.rolls {
        entry["needsRollingUpdate"] = machines.into();
    }
    if addon.needs_keys {
        entry["needsPKI"] = true.into();
    }
    if addon.prunes {
        entry["prune"] = json!({ "kinds": pruned(addon) });
    }
    entry
}

fn pruned(addon: &Addon) -> Vec<Value> {
    let mut kinds = PRUNED.to_vec();
    if addon.name == "karpenter.sh" {
        kinds.extend(PRUNED_OF_KARPENTER);
    }
    kinds.sort();
    let labels = format!("addon.kops.k8s.io/name={},app.kubernetes.io/managed-by=kops", addon.name);
    let entry = |(group, kind): (&str, &str)| {
        let mut entry = json!({ "kind": kind, "labelSelector": labels });
        if !group.is_empty() {
            entry["group"] = group.into();
        }
        let namespaces = namespaces(addon, group, kind);
        if !namespaces.is_empty() {
            entry["namespaces"] = json!(namespaces);
        }
        entry
    };
    kinds.into_iter().map(entry).collect()
}

/// The namespaces in which the add-on has objects of a kind. kops searches only these.
fn namespaces<'a>(addon: &'a Addon, group: &str, kind: &str) -> BTreeSet<&'a str> {
    let objects = addon.objects.0.iter().filter(|object| {
        let version = object["apiVersion"].as_str().unwrap_or_default();
        object["kind"] == kind && version.rsplit_once('/').map_or("", |(group, _)| group) == group
    });
    let namespace = |object: &'a Value| object["metadata"]["namespace"].as_str();
    objects.filter_map(namespace).filter(|namespace| !namespace.is_empty()).collect()
}
