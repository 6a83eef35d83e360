//! The state store: a cluster's documents, keys and secrets, in kops's files.
//!
//! ```text
//! CLUSTER/config                              the cluster
//! CLUSTER/instancegroup/GROUP                 its groups of machines
//! CLUSTER/pki/ssh/public/admin/FINGERPRINT    the public key for SSH
//! CLUSTER/pki/private/KEYSET/keyset.yaml      a set of keys
//! CLUSTER/secrets/SECRET                      a secret
//! landform/CLUSTER                            the engine's state of the cluster
//! ```

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use landform::KopsStore;
use landform::kops::keys::fingerprint;
use landform::kops::spec::{Document, GroupSpec};
use landform::kops::{Spec, StoredKeyset, pki};
use landform::store::{Expect, Files};
use serde_json::{Value, json};

use crate::Failure;
use crate::arguments::Common;

/// The folder of the engine's state. It does not count as a cluster, because it has no file `config`.
const STATES: &str = "landform";

/// A state store.
pub struct Store {
    files: Files,
    /// Its URL, without a slash at the end.
    url: String,
}

impl Store {
    /// The store that the command line names.
    pub fn open(common: &Common) -> Result<Self, Failure> {
        let Some(state) = common.state.as_deref().filter(|state| !state.is_empty()) else {
            return Err("expected --state or KOPS_STATE_STORE: the state store, such as s3://BUCKET".into());
        };
        if state.starts_with("memfs://") {
            return Err(format!(
                "--state {state}: memfs:// keeps files in the memory of one process, and each command is a process of \
                 its own: expected a directory, s3://BUCKET or gs://BUCKET"
            )
            .into());
        }
        let url = match state.contains("://") {
            true => state.trim_end_matches('/').to_owned(),
            false => format!("file://{}", std::path::absolute(state)?.display()),
        };
        Ok(Self { files: Files::open(&url)?, url })
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its directory, if it is in a directory.
    pub fn directory(&self) -> Option<&Path> {
        self.url.strip_prefix("file://").map(Path::new)
    }

    /// The URL of the engine's state of a cluster.
    pub fn engine_state(&self, cluster: &str) -> String {
        let place =
            self.directory().map_or_else(|| self.url.clone(), |directory| directory.display().to_string());
        format!("{place}/{STATES}/{cluster}")
    }

    /// The names of the clusters.
    pub async fn clusters(&self) -> Result<Vec<String>, Failure> {
        Ok(KopsStore::new(self.files.clone()).clusters().await?)
    }

    /// A cluster's spec, with the public key for SSH.
    pub async fn spec(&self, cluster: &str) -> Result<Spec, Failure> {
        Ok(KopsStore::new(self.files.clone()).spec(cluster).await?)
    }

    /// The text of a cluster's document.
    pub async fn cluster_text(&self, cluster: &str) -> Result<Option<(String, String)>, Failure> {
        let path = format!("{cluster}/config");
        Ok(self.text(&path).await?.map(|text| (self.files.url(&path), text)))
    }

    /// Checks that machines look for the cluster's files in this store.
    pub fn check(&self, spec: &Spec) -> Result<(), Failure> {
        let base = spec.cluster.spec.base();
        if base.is_empty() {
            return Ok(());
        }
        let here = format!("{}/{}", self.url, spec.name());
        // Machines cannot read a directory. The files in their bucket still belong to the cluster.
        let (fits, expected) = match self.directory() {
            Some(_) => (base.rsplit('/').next() == Some(spec.name()), format!("s3://BUCKET/{}", spec.name())),
            None => (base == here, here),
        };
        if fits {
            return Ok(());
        }
        let place = spec.cluster.place.of("spec.configBase").map_or_else(String::new, |at| format!("{at}: "));
        Err(format!(
            "{place}Cluster {}: spec.configBase: {base:?}: expected {expected:?}, because the cluster is in {}",
            spec.name(),
            self.url
        )
        .into())
    }

    /// Adds a cluster. It writes the cluster's document last, because earlier files do not make a cluster.
    pub async fn create(&self, spec: &Spec) -> Result<(), Failure> {
        self.check(spec)?;
        let name = spec.name();
        if self.files.get(&format!("{name}/config")).await?.is_some() {
            return Err(self.exists(name));
        }
        // Removes the remains of an interrupted creation.
        self.remove_below(name).await?;
        for group in &spec.groups {
            self.write_group(spec.name(), group).await?;
        }
        self.write_ssh_keys(spec).await?;
        let text = spec.cluster_yaml().into_bytes();
        match self.files.put(&format!("{name}/config"), text, Expect::Nothing).await {
            Err(error) if error.kind() == landform::store::StoreErrorKind::Conflict => Err(self.exists(name)),
            written => Ok(written.map(drop)?),
        }
    }

    fn exists(&self, name: &str) -> Failure {
        format!("cluster {name} already exists in {}; replace and edit change it", self.files.describe())
            .into()
    }

    /// Replaces the documents of an existing cluster. Groups that the spec lacks stay.
    pub async fn replace(&self, spec: &Spec) -> Result<(), Failure> {
        self.check(spec)?;
        for group in &spec.groups {
            self.write_group(spec.name(), group).await?;
        }
        self.write_ssh_keys(spec).await?;
        let path = format!("{}/config", spec.name());
        self.write(&path, &spec.cluster_yaml()).await
    }

    /// Writes a group of machines.
    pub async fn write_group(&self, cluster: &str, group: &Document<GroupSpec>) -> Result<(), Failure> {
        self.write(&format!("{cluster}/instancegroup/{}", group.metadata.name), &group.to_yaml()).await
    }

    async fn write_ssh_keys(&self, spec: &Spec) -> Result<(), Failure> {
        for key in &spec.ssh_keys {
            self.write_ssh_key(spec.name(), &key.spec.public_key).await?;
        }
        Ok(())
    }

    /// Adds the public key for SSH.
    pub async fn write_ssh_key(&self, cluster: &str, line: &str) -> Result<(), Failure> {
        let Some(fingerprint) = fingerprint(line) else {
            return Err("expected a public key as in authorized_keys: ssh-ed25519 AAAA… comment".into());
        };
        self.write(&format!("{cluster}/pki/ssh/public/admin/{fingerprint}"), line.trim()).await
    }

    /// The fingerprints of the public keys for SSH, each with its line.
    pub async fn ssh_keys(&self, cluster: &str) -> Result<Vec<(String, String)>, Failure> {
        self.folder(&format!("{cluster}/pki/ssh/public/admin")).await
    }

    /// Removes all public keys for SSH.
    pub async fn remove_ssh_keys(&self, cluster: &str) -> Result<(), Failure> {
        let keys = self.ssh_keys(cluster).await?;
        if keys.is_empty() {
            return Err("the cluster has no public key for SSH".into());
        }
        for (fingerprint, _) in keys {
            self.files.remove(&format!("{cluster}/pki/ssh/public/admin/{fingerprint}")).await?;
        }
        Ok(())
    }

    /// Removes a group.
    pub async fn remove_group(&self, cluster: &str, group: &str) -> Result<(), Failure> {
        Ok(self.files.remove(&format!("{cluster}/instancegroup/{group}")).await?)
    }

    /// A set of keys.
    pub async fn keyset(&self, cluster: &str, name: &str) -> Result<Option<StoredKeyset>, Failure> {
        let path = keyset(cluster, name);
        let Some(text) = self.text(&path).await? else { return Ok(None) };
        let place = self.files.url(&path);
        let set = StoredKeyset::parse(&text).map_err(|error| format!("{place}: {error}"))?;
        pki::verify(&set).map_err(|error| format!("{place}: {error}"))?;
        Ok(Some(set))
    }

    /// The names of the sets of keys.
    pub async fn keysets(&self, cluster: &str) -> Result<Vec<String>, Failure> {
        Ok(self.files.list(&format!("{cluster}/pki/private")).await?.folders)
    }

    /// Writes a set of keys.
    pub async fn write_keyset(&self, cluster: &str, set: &StoredKeyset) -> Result<(), Failure> {
        self.write(&keyset(cluster, set.name()), &set.document()).await
    }

    /// The names of secrets.
    pub async fn secrets(&self, cluster: &str) -> Result<Vec<String>, Failure> {
        Ok(self.files.list(&format!("{cluster}/secrets")).await?.files)
    }

    /// A secret's bytes.
    pub async fn secret(&self, cluster: &str, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let path = format!("{cluster}/secrets/{name}");
        let Some(text) = self.text(&path).await? else { return Ok(None) };
        // The error does not show the text, because it is a secret.
        let malformed = || format!("{}: expected a secret in kops's format", self.files.url(&path));
        let value: Value = serde_json::from_str(&text).map_err(|_| malformed())?;
        let data = value["Data"].as_str().and_then(|data| STANDARD.decode(data).ok());
        Ok(Some(data.ok_or_else(malformed)?))
    }

    /// Writes a secret. Replaces an existing one only if asked to.
    pub async fn write_secret(
        &self,
        cluster: &str,
        name: &str,
        bytes: &[u8],
        replace: bool,
    ) -> Result<(), Failure> {
        let path = format!("{cluster}/secrets/{name}");
        if !replace && self.files.get(&path).await?.is_some() {
            return Err(format!("the cluster already has a secret {name}; --force replaces it").into());
        }
        self.write(&path, &json!({ "Data": STANDARD.encode(bytes) }).to_string()).await
    }

    /// Removes a secret.
    pub async fn remove_secret(&self, cluster: &str, name: &str) -> Result<(), Failure> {
        let path = format!("{cluster}/secrets/{name}");
        if self.files.get(&path).await?.is_none() {
            return Err(format!("the cluster has no secret {name}").into());
        }
        Ok(self.files.remove(&path).await?)
    }

    /// Removes all files of a cluster, its document last, so that an interrupted removal can continue.
    pub async fn remove(&self, cluster: &str) -> Result<(), Failure> {
        self.remove_below(cluster).await?;
        Ok(self.files.remove(&format!("{cluster}/config")).await?)
    }

    /// Removes all files of a cluster except its document.
    async fn remove_below(&self, cluster: &str) -> Result<(), Failure> {
        let mut folders = vec![cluster.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = self.files.list(&folder).await?;
            for file in entries.files.iter().filter(|file| folder != cluster || *file != "config") {
                self.files.remove(&format!("{folder}/{file}")).await?;
            }
            folders.extend(entries.folders.into_iter().map(|inner| format!("{folder}/{inner}")));
        }
        Ok(())
    }

    async fn folder(&self, folder: &str) -> Result<Vec<(String, String)>, Failure> {
        let mut found = Vec::new();
        for name in self.files.list(folder).await?.files {
            if let Some(text) = self.text(&format!("{folder}/{name}")).await? {
                found.push((name, text));
            }
        }
        Ok(found)
    }

    async fn text(&self, path: &str) -> Result<Option<String>, Failure> {
        let Some(found) = self.files.get(path).await? else { return Ok(None) };
        let text = String::from_utf8(found.bytes);
        text.map(Some).map_err(|error| format!("{}: not UTF-8: {error}", self.files.url(path)).into())
    }

    async fn write(&self, path: &str, text: &str) -> Result<(), Failure> {
        self.files.put(path, text.as_bytes().to_vec(), Expect::Anything).await?;
        Ok(())
    }
}

fn keyset(cluster: &str, name: &str) -> String {
    format!("{cluster}/pki/private/{name}/keyset.yaml")
}

impl Common {
    /// The cluster of a verb: its positional argument, or --name.
    pub fn cluster(&self, named: Option<&str>) -> Result<String, Failure> {
        match (named, self.name.as_deref()) {
            (Some(named), Some(name)) if named != name => {
                Err(format!("--name is {name}, but the argument is {named}: expected the same cluster")
                    .into())
            }
            (Some(name), _) | (None, Some(name)) => Ok(name.to_owned()),
            (None, None) => Err("expected the cluster's name, or --name".into()),
        }
    }
}
