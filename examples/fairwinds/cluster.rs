//! Where a cluster's spec comes from: a file, or kops's state store. The store is read and never written.

use std::path::Path;

use landform::{kops::Spec, store::Files};
use serde_json::json;

use crate::Failure;

/// Reads the spec that a file holds or, at a URL, a state store; `with_key` asks for the cluster's key for SSH, too.
pub async fn read(source: &Path, with_key: bool) -> Result<Spec, Failure> {
    match source.to_str().filter(|source| source.contains("://")) {
        Some(url) => Stored::open(url)?.read(with_key).await,
        None => Ok(Spec::load(source)?),
    }
}

/// A cluster as kops keeps it, one document a file:
///
/// ```text
/// CLUSTER/config                              the cluster
/// CLUSTER/instancegroup/GROUP                 its groups of machines
/// CLUSTER/pki/ssh/public/admin/FINGERPRINT    the public key for SSH
/// ```
struct Stored {
    files: Files,
    name: String,
}

impl Stored {
    /// The last part of the URL is the cluster's name.
    fn open(url: &str) -> Result<Self, Failure> {
        let (scheme, rest) = url.split_once("://").unwrap_or(("file", url));
        let rest = rest.trim_end_matches('/');
        let (store, name) = rest.rsplit_once('/').unwrap_or((rest, ""));
        let store = if store.is_empty() { "/" } else { store };
        Ok(Self { files: Files::open(&format!("{scheme}://{store}"))?, name: name.to_owned() })
    }

    async fn read(&self, with_key: bool) -> Result<Spec, Failure> {
        let config = format!("{}/config", self.name);
        let found = if self.name.is_empty() { None } else { self.text(&config).await? };
        let Some(cluster) = found else { return Err(self.lacking().await?) };
        let mut documents = vec![(self.files.url(&config), cluster)];
        documents.extend(self.folder("instancegroup").await?);
        if with_key {
            documents.extend(self.key().await?);
        }
        let texts = documents.iter().map(|(url, text)| (url.as_str(), text.as_str()));
        let spec = Spec::parse_all(texts)?;
        if spec.name() != self.name {
            let place = spec.cluster.place.of("metadata.name").map(|place| place.to_string());
            let (place, found) = (place.unwrap_or_default(), spec.name());
            return Err(format!("{place}: metadata.name: {found:?}: expected {:?}", self.name).into());
        }
        Ok(spec)
    }

    /// The files of a folder of the cluster, each with its URL.
    async fn folder(&self, folder: &str) -> Result<Vec<(String, String)>, Failure> {
        let folder = format!("{}/{folder}", self.name);
        let mut found = Vec::new();
        for name in self.files.list(&folder).await?.files {
            let path = format!("{folder}/{name}");
            // One that was deleted since is no part of the cluster any more.
            if let Some(text) = self.text(&path).await? {
                found.push((self.files.url(&path), text));
            }
        }
        Ok(found)
    }

    /// The key for SSH as a document, if there is one.
    async fn key(&self) -> Result<Option<(String, String)>, Failure> {
        let keys = self.folder("pki/ssh/public/admin").await?;
        if let [_, _, ..] = keys.as_slice() {
            let urls: Vec<&str> = keys.iter().map(|(url, _)| url.as_str()).collect();
            return Err(
                format!("expected one key for SSH, or --ssh-key FILE; found {}", urls.join(", ")).into()
            );
        }
        Ok(keys.into_iter().next().map(|(url, key)| {
            let document = json!({
                "apiVersion": "kops.k8s.io/v1alpha2",
                "kind": "SSHCredential",
                "metadata": { "name": "admin" },
                "spec": { "publicKey": key.trim() },
            });
            (url, document.to_string())
        }))
    }

    async fn text(&self, path: &str) -> Result<Option<String>, Failure> {
        let Some(found) = self.files.get(path).await? else { return Ok(None) };
        let text = String::from_utf8(found.bytes);
        text.map(Some).map_err(|error| format!("{}: not UTF-8: {error}", self.files.url(path)).into())
    }

    /// Says that there is no such cluster, and which there are.
    async fn lacking(&self) -> Result<Failure, Failure> {
        let mut clusters = Vec::new();
        for folder in self.files.list("").await?.folders {
            if self.files.get(&format!("{folder}/config")).await?.is_some() {
                clusters.push(folder);
            }
        }
        let store = self.files.describe();
        let known = match clusters.as_slice() {
            [] => "it has none".to_owned(),
            clusters => format!("it has {}", clusters.join(", ")),
        };
        Ok(match self.name.as_str() {
            "" => format!("{store}: expected a cluster's name after the state store's; {known}"),
            name => format!("{store}: no cluster {name:?} in this state store; {known}"),
        }
        .into())
    }
}
