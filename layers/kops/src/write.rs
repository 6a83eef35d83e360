//! Writes a spec as text: the documents that kops stores and prints. Applies no defaults.

use crate::spec::{Document, GroupSpec, Metadata, Spec};
use crate::yaml;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The separator of two documents in a file.
const BETWEEN: &str = "\n---\n\n";

impl Spec {
    /// All documents as one file: the cluster, its groups, its SSH keys and its other objects.
    pub fn to_yaml(&self) -> String {
        let additional = self.additional.iter().map(yaml::document);
        let keys = self.ssh_keys.iter().map(|key| document("SSHCredential", &key.metadata, &key.spec));
        let documents = std::iter::once(self.cluster_yaml());
        let groups = self.groups.iter().map(Document::to_yaml);
        documents.chain(groups).chain(keys).chain(additional).collect::<Vec<_>>().join(BETWEEN)
    }

    /// The `Cluster` document.
    pub fn cluster_yaml(&self) -> String {
        document("Cluster", &self.cluster.metadata, &self.cluster.spec)
    }

    /// The documents as JSON, in the order of [`Spec::to_yaml`].
    pub fn to_json(&self) -> Vec<Value> {
        let cluster = object("Cluster", &self.cluster.metadata, &self.cluster.spec);
        let groups = self.groups.iter().map(Document::to_json);
        let keys = self.ssh_keys.iter().map(|key| object("SSHCredential", &key.metadata, &key.spec));
        let additional = self.additional.iter().cloned();
        std::iter::once(cluster).chain(groups).chain(keys).chain(additional).collect()
    }
}

impl Document<GroupSpec> {
    /// The `InstanceGroup` document.
    pub fn to_yaml(&self) -> String {
        document("InstanceGroup", &self.metadata, &self.spec)
    }

    /// The same as JSON.
    pub fn to_json(&self) -> Value {
        object("InstanceGroup", &self.metadata, &self.spec)
    }
}

/// A document of kops's API.
pub(crate) fn document(kind: &str, metadata: &Metadata, spec: &impl Serialize) -> String {
    yaml::document(&object(kind, metadata, spec))
}

pub(crate) fn object(kind: &str, metadata: &Metadata, spec: &impl Serialize) -> Value {
    let mut about = Map::new();
    about.insert("name".into(), metadata.name.as_str().into());
    if let Some(created) = &metadata.creation_timestamp {
        about.insert("creationTimestamp".into(), created.as_str().into());
    }
    if let Some(generation) = metadata.generation {
        about.insert("generation".into(), generation.into());
    }
    for (field, entries) in [("labels", &metadata.labels), ("annotations", &metadata.annotations)] {
        if !entries.is_empty() {
            about.insert(field.into(), json!(entries));
        }
    }
    json!({ "apiVersion": "kops.k8s.io/v1alpha2", "kind": kind, "metadata": about, "spec": spec })
}
