//! What the machines of a cluster download: files with their digests, and images. For mirrors in networks without
//! internet access.

use crate::files::File;
use crate::populate::Populated;
use crate::{addons, store};
use serde_json::Value;
use std::collections::BTreeSet;

/// What machines download.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The files.
    pub files: BTreeSet<AssetFile>,
    /// The images of pods, as machines name them.
    pub images: BTreeSet<String>,
}

/// A file that machines download.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssetFile {
    /// Its usual URL. The lock file has its digest by this URL.
    pub canonical: String,
    /// The URL that machines try first.
    pub download: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

impl Inventory {
    /// Collects what the machines of a cluster download.
    pub fn of(populated: &Populated) -> Self {
        let (_, mut images) = addons::files(populated);
        let cluster = populated.cluster();
        let components = [
            cluster.kube_api_server.as_ref().map(|of| &of.image),
            cluster.kube_controller_manager.as_ref().map(|of| &of.image),
            cluster.kube_scheduler.as_ref().map(|of| &of.image),
            cluster.kube_proxy.as_ref().filter(|of| of.enabled != Some(false)).map(|of| &of.image),
        ];
        images.extend(components.into_iter().flatten().filter(|image| !image.is_empty()).cloned());
        for file in store::common(populated).iter().filter(|file| file.name.starts_with("manifests-")) {
            if let Ok(manifest) = serde_saphyr::from_str::<Value>(&file.text) {
                collect(&manifest, &mut images);
            }
        }
        let machines = &populated.files;
        let all = machines.installed.values().flatten().chain(machines.nodeup.values());
        let files = all.map(|file: &File| AssetFile {
            canonical: file.url.clone(),
            download: file.places.first().unwrap_or(&file.url).clone(),
            sha256: file.sha256.clone(),
        });
        Self { files: files.collect(), images }
    }
}

/// Collects the images that a manifest names: those of containers, and those that are mounted.
fn collect(value: &Value, images: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, images)),
        Value::Object(fields) => {
            for (field, value) in fields {
                match value {
                    Value::String(image) if field == "image" || field == "reference" => {
                        images.insert(image.clone());
                    }
                    value => collect(value, images),
                }
            }
        }
        _ => {}
    }
}
