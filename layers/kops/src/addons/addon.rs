//! An add-on: its objects, and how the channel applies them.

use crate::yaml;
use serde::Serialize;
use serde_json::Value;

/// The objects of a manifest, in its order.
#[derive(Debug, Default)]
pub(super) struct Objects(pub(super) Vec<Value>);

impl Objects {
    /// Adds an object.
    pub(super) fn add(&mut self, object: impl Serialize) {
        self.0.push(serde_json::to_value(object).unwrap_or_default());
    }

    /// Adds an object with some empty fields, as in kops's manifest. Kubernetes ignores them, but the manifest's digest
    /// includes them. A JSON pointer names each field.
    pub(super) fn add_with_empty(&mut self, object: impl Serialize, empty: &[&str]) {
        let mut object = serde_json::to_value(object).unwrap_or_default();
        for pointer in empty {
            let Some((parent, field)) = pointer.rsplit_once('/') else { continue };
            if let Some(Value::Object(fields)) = object.pointer_mut(parent) {
                fields.insert(field.into(), Value::Null);
            }
        }
        self.0.push(object);
    }
}

/// An add-on.
#[derive(Debug)]
pub(super) struct Addon {
    /// Its name.
    pub(super) name: &'static str,
    /// The id of one of several manifests of an add-on. Empty if it has one manifest.
    pub(super) id: &'static str,
    /// The manifest's place below the add-ons' folder.
    pub(super) manifest: String,
    /// The label of its objects. Without one, the label with the add-on's name.
    pub(super) selector: Option<(&'static str, &'static str)>,
    /// Which machines must be replaced when it changes.
    pub(super) rolls: Option<&'static str>,
    /// Whether it has a certificate authority of its own.
    pub(super) needs_keys: bool,
    /// Whether kops removes objects that the add-on no longer has.
    pub(super) prunes: bool,
    /// Whether its objects are applied unchanged.
    pub(super) as_given: bool,
    /// The service account that has a role of its own.
    pub(super) account: Option<&'static str>,
    pub(super) objects: Objects,
}

impl Addon {
    /// An add-on whose objects have the label with its name.
    pub(super) fn new(name: &'static str, id: &'static str, make: impl FnOnce(&mut Objects)) -> Self {
        let mut objects = Objects::default();
        make(&mut objects);
        Self {
            name,
            id,
            manifest: format!("{name}/{id}.yaml"),
            selector: Some(("k8s-addon", name)),
            rolls: None,
            needs_keys: false,
            prunes: false,
            as_given: false,
            account: None,
            objects,
        }
    }

    /// Replaces the label by which its objects are found.
    pub(super) fn found_by(mut self, label: &'static str, value: &'static str) -> Self {
        self.selector = Some((label, value));
        self
    }

    /// Says which machines must be replaced when it changes.
    pub(super) fn rolling(mut self, machines: &'static str) -> Self {
        self.rolls = Some(machines);
        self
    }

    /// Removes objects that it no longer has.
    pub(super) fn pruned(mut self) -> Self {
        self.prunes = true;
        self
    }

    /// Gives it keys of its own.
    pub(super) fn with_keys(mut self, needed: bool) -> Self {
        self.needs_keys = needed;
        self
    }

    /// Gives its service account an IAM role, if service accounts have IAM roles.
    pub(super) fn acting_as(mut self, account: &'static str) -> Self {
        self.account = Some(account);
        self
    }

    /// The unique name of its file.
    pub(super) fn key(&self) -> String {
        if self.id.is_empty() { self.name.to_owned() } else { format!("{}-{}", self.name, self.id) }
    }

    /// The manifest's text.
    pub(super) fn text(&self) -> String {
        let documents: Vec<String> = self.objects.0.iter().map(yaml::document).collect();
        documents.join("\n---\n\n").trim().to_owned()
    }
}
