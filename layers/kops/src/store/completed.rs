//! `cluster-completed.spec`: the cluster's document with all defaults, as kops and its machines read it.

use crate::populate::Populated;
use crate::spec::ClusterSpec;
use crate::yaml;
use serde_json::{Map, json};

/// The document.
pub(crate) fn document(populated: &Populated) -> String {
    let cluster = &populated.spec.cluster;
    let mut metadata = Map::new();
    metadata.insert("name".into(), cluster.metadata.name.as_str().into());
    if let Some(created) = &cluster.metadata.creation_timestamp {
        metadata.insert("creationTimestamp".into(), created.as_str().into());
    }
    for (field, entries) in
        [("labels", &cluster.metadata.labels), ("annotations", &cluster.metadata.annotations)]
    {
        if !entries.is_empty() {
            metadata.insert(field.into(), json!(entries));
        }
    }
    yaml::document(&json!({
        "apiVersion": "kops.k8s.io/v1alpha2",
        "kind": "Cluster",
        "metadata": metadata,
        "spec": as_stored(&cluster.spec),
    }))
}

/// A specification in the form in which kops stores it.
fn as_stored(spec: &ClusterSpec) -> ClusterSpec {
    let mut spec = spec.clone();
    if let Some(dns) = spec.external_dns.as_mut().filter(|dns| dns.provider == "none") {
        dns.disable = true;
        dns.provider.clear();
    }
    if let Some(flags) = &mut spec.kube_api_server {
        flags.oidc_required_claim.sort();
    }
    spec
}
