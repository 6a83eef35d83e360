//! Clusters in kops's state store, read as specs. Never writes to the store.

use std::str::Utf8Error;

use landform_engine::store::{Files, StoreError};
use landform_kops::{Problems, Spec};
use serde_json::json;

/// kops's state store: a directory or a bucket that holds clusters, one document a file.
///
/// ```text
/// CLUSTER/config                              the cluster
/// CLUSTER/instancegroup/GROUP                 its groups of machines
/// CLUSTER/pki/ssh/public/admin/FINGERPRINT    the public key for SSH
/// ```
#[derive(Debug, Clone)]
pub struct KopsStore {
    files: Files,
}

/// Why a cluster cannot be read from a state store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KopsStoreError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document is not one of kops's.
    #[error(transparent)]
    Spec(#[from] Problems),
    /// A file is not text.
    #[error("{url}: not UTF-8: {cause}")]
    NotText {
        /// The file.
        url: String,
        /// Where the text ends.
        #[source]
        cause: Utf8Error,
    },
    /// The store has no such cluster.
    #[error("{}", no_cluster(.store, .cluster, .known))]
    NoCluster {
        /// The store.
        store: String,
        /// The name that was asked for. It may be empty.
        cluster: String,
        /// The clusters that the store has.
        known: Vec<String>,
    },
    /// A cluster's document names another cluster.
    #[error("{place}: metadata.name: {found:?}: expected {expected:?}")]
    OtherName {
        /// The place of the name in the document.
        place: String,
        /// The name in the document.
        found: String,
        /// The name of the cluster's folder.
        expected: String,
    },
    /// A cluster has several public keys for SSH, and its machines take one.
    #[error("expected one public key for SSH, found {}", .urls.join(", "))]
    SeveralKeys {
        /// The keys' files.
        urls: Vec<String>,
    },
}

impl KopsStore {
    /// The store in these files. Reads nothing yet.
    pub fn new(files: Files) -> Self {
        Self { files }
    }

    /// The names of the clusters, ascending.
    ///
    /// # Errors
    /// The store cannot be read.
    ///
    /// # Cancel safety
    /// Dropping the future stops the reading.
    pub async fn clusters(&self) -> Result<Vec<String>, KopsStoreError> {
        let mut clusters = Vec::new();
        for folder in self.files.list("").await?.folders {
            if self.files.get(&format!("{folder}/config")).await?.is_some() {
                clusters.push(folder);
            }
        }
        Ok(clusters)
    }

    /// A cluster's spec, with its public key for SSH if it has one.
    ///
    /// # Errors
    /// The store has no such cluster or cannot be read, a document is not one of kops's, or there are several keys.
    ///
    /// # Cancel safety
    /// Dropping the future stops the reading.
    pub async fn spec(&self, cluster: &str) -> Result<Spec, KopsStoreError> {
        let mut documents = self.documents(cluster).await?;
        documents.extend(self.key(cluster).await?);
        parse(cluster, &documents)
    }

    /// A cluster's spec without the public key for SSH, for a caller that brings another key.
    ///
    /// # Errors
    /// The errors of [`KopsStore::spec`].
    ///
    /// # Cancel safety
    /// Dropping the future stops the reading.
    pub async fn spec_without_key(&self, cluster: &str) -> Result<Spec, KopsStoreError> {
        parse(cluster, &self.documents(cluster).await?)
    }

    /// The documents of the cluster and of its groups, each with its URL.
    async fn documents(&self, cluster: &str) -> Result<Vec<(String, String)>, KopsStoreError> {
        let config = format!("{cluster}/config");
        let found = if cluster.is_empty() { None } else { self.text(&config).await? };
        let Some(text) = found else {
            let (store, known) = (self.files.describe().to_owned(), self.clusters().await?);
            return Err(KopsStoreError::NoCluster { store, cluster: cluster.to_owned(), known });
        };
        let mut documents = vec![(self.files.url(&config), text)];
        documents.extend(self.folder(&format!("{cluster}/instancegroup")).await?);
        Ok(documents)
    }

    /// The public key for SSH as a document.
    async fn key(&self, cluster: &str) -> Result<Option<(String, String)>, KopsStoreError> {
        let keys = self.folder(&format!("{cluster}/pki/ssh/public/admin")).await?;
        if keys.len() > 1 {
            let urls = keys.into_iter().map(|(url, _)| url).collect();
            return Err(KopsStoreError::SeveralKeys { urls });
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

    /// The files of a folder, each with its URL.
    async fn folder(&self, folder: &str) -> Result<Vec<(String, String)>, KopsStoreError> {
        let mut found = Vec::new();
        for name in self.files.list(folder).await?.files {
            let path = format!("{folder}/{name}");
            // Somebody may delete a file after it was listed. Then it belongs to the cluster no longer.
            if let Some(text) = self.text(&path).await? {
                found.push((self.files.url(&path), text));
            }
        }
        Ok(found)
    }

    async fn text(&self, path: &str) -> Result<Option<String>, KopsStoreError> {
        let Some(found) = self.files.get(path).await? else { return Ok(None) };
        let text = String::from_utf8(found.bytes).map_err(|error| KopsStoreError::NotText {
            url: self.files.url(path),
            cause: error.utf8_error(),
        })?;
        Ok(Some(text))
    }
}

fn parse(cluster: &str, documents: &[(String, String)]) -> Result<Spec, KopsStoreError> {
    let spec = Spec::parse_all(documents.iter().map(|(url, text)| (url.as_str(), text.as_str())))?;
    if spec.name() != cluster {
        let place = spec.cluster.place.of("metadata.name").map(|place| place.to_string());
        return Err(KopsStoreError::OtherName {
            place: place.unwrap_or_default(),
            found: spec.name().to_owned(),
            expected: cluster.to_owned(),
        });
    }
    Ok(spec)
}

fn no_cluster(store: &str, cluster: &str, known: &[String]) -> String {
    let known = match known {
        [] => "it has none".to_owned(),
        known => format!("it has {}", known.join(", ")),
    };
    match cluster {
        "" => format!("{store}: expected a cluster's name after the state store's; {known}"),
        name => format!("{store}: no cluster {name:?} in this state store; {known}"),
    }
}
