//! Copies images from registry to registry, with every platform and byte for byte, so that digests stay the same.
//! Credentials come from Docker's configuration.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use docker_credential::{CredentialRetrievalError, DockerCredential};
use futures::TryStreamExt as _;
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::manifest::{
    IMAGE_MANIFEST_LIST_MEDIA_TYPE, IMAGE_MANIFEST_MEDIA_TYPE, OCI_IMAGE_INDEX_MEDIA_TYPE,
    OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciManifest,
};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};

use super::Copied;
use crate::Failure;

const ACCEPTED: [&str; 4] = [
    OCI_IMAGE_INDEX_MEDIA_TYPE,
    IMAGE_MANIFEST_LIST_MEDIA_TYPE,
    OCI_IMAGE_MEDIA_TYPE,
    IMAGE_MANIFEST_MEDIA_TYPE,
];

/// The key of Docker Hub in Docker's configuration.
const HUB: &str = "https://index.docker.io/v1/";

/// The registries that images come from and go to.
pub struct Registries {
    client: Client,
    pull_through: Option<String>,
}

impl Registries {
    pub fn new(pull_through: Option<&str>, images: &[[String; 2]]) -> Self {
        let pull_through = pull_through.map(|place| place.trim_end_matches('/').to_owned());
        let names = images.iter().flatten().chain(&pull_through);
        // Like Docker: a registry on this machine needs no encryption.
        let local = names.filter_map(|name| name.split('/').next()).filter(|host| is_local(host));
        let protocol = ClientProtocol::HttpsExcept(local.map(str::to_owned).collect());
        let client = Client::new(ClientConfig { protocol, ..ClientConfig::default() });
        Self { client, pull_through }
    }

    /// Copies an image, unless the registry has it with the same digest.
    pub async fn copy(&self, usual: &str, own: &str) -> Result<Copied, Failure> {
        let usual: Reference = usual.parse()?;
        let from = match &self.pull_through {
            Some(place) => through(place, &usual).parse()?,
            None => usual,
        };
        let to: Reference = own.parse()?;
        let [reads, writes] = [credentials(&from)?, credentials(&to)?];
        let digest = self.client.fetch_manifest_digest(&from, &reads).await?;
        if self.client.fetch_manifest_digest(&to, &writes).await.is_ok_and(|there| there == digest) {
            return Ok(Copied::WasThere);
        }
        // The target gets the bytes of this digest, even if someone moves the tag meanwhile.
        self.copy_manifest(&from.clone_with_digest(digest), &to, &reads).await?;
        Ok(Copied::Anew)
    }

    /// Copies a manifest after everything that it refers to, so that the registry never shows half an image.
    fn copy_manifest<'a>(
        &'a self,
        from: &'a Reference,
        to: &'a Reference,
        reads: &'a RegistryAuth,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(async move {
            let (bytes, _) = self.client.pull_manifest_raw(from, reads, &ACCEPTED).await?;
            let manifest: OciManifest = serde_json::from_slice(&bytes)?;
            let kind = match &manifest {
                OciManifest::ImageIndex(index) => {
                    for entry in &index.manifests {
                        let from = from.clone_with_digest(entry.digest.clone());
                        // A tag of this name has the manifest's own URL.
                        let to = Reference::with_tag(
                            to.registry().to_owned(),
                            to.repository().to_owned(),
                            entry.digest.clone(),
                        );
                        self.copy_manifest(&from, &to, reads).await?;
                    }
                    index.media_type.as_deref().unwrap_or(OCI_IMAGE_INDEX_MEDIA_TYPE)
                }
                OciManifest::Image(image) => {
                    for blob in image.layers.iter().chain([&image.config]) {
                        self.copy_blob(from, to, blob).await?;
                    }
                    image.media_type.as_deref().unwrap_or(OCI_IMAGE_MEDIA_TYPE)
                }
            };
            self.client.push_manifest_raw(to, bytes.clone(), kind.parse()?).await?;
            Ok(())
        })
    }

    async fn copy_blob(&self, from: &Reference, to: &Reference, blob: &OciDescriptor) -> Result<(), Failure> {
        if self.client.blob_exists(to, &blob.digest).await? {
            return Ok(());
        }
        let bytes = self.client.pull_blob_stream(from, blob).await?.stream.map_err(Into::into);
        self.client.push_blob_stream(to, bytes, &blob.digest, u64::try_from(blob.size).ok()).await?;
        Ok(())
    }
}

/// The name of an image at a registry that passes it on.
fn through(place: &str, image: &Reference) -> String {
    let end = match (image.digest(), image.tag()) {
        (Some(digest), _) => format!("@{digest}"),
        (None, tag) => format!(":{}", tag.unwrap_or("latest")),
    };
    format!("{place}/{}/{}{end}", image.registry(), image.repository())
}

fn is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// The credentials for the registry of an image. Anonymous if Docker's configuration has none.
fn credentials(image: &Reference) -> Result<RegistryAuth, Failure> {
    let registry = image.registry();
    let key = if registry == "docker.io" { HUB } else { registry };
    match docker_credential::get_credential(key) {
        Ok(DockerCredential::UsernamePassword(name, password)) => Ok(RegistryAuth::Basic(name, password)),
        Ok(DockerCredential::IdentityToken(token)) => Ok(RegistryAuth::Bearer(token)),
        Err(CredentialRetrievalError::ConfigNotFound | CredentialRetrievalError::NoCredentialConfigured) => {
            Ok(RegistryAuth::Anonymous)
        }
        Err(CredentialRetrievalError::ConfigReadError) if !is_configured() => Ok(RegistryAuth::Anonymous),
        Err(error) => Err(format!("the credentials for {registry}: {error}").into()),
    }
}

/// Whether Docker's configuration exists.
fn is_configured() -> bool {
    let folder = std::env::var_os("DOCKER_CONFIG").map(PathBuf::from);
    let folder = folder.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".docker")));
    folder.is_some_and(|folder| folder.join("config.json").exists())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_image_comes_through_another_registry_by_its_whole_name() {
        let named = |name: &str| through("cache.example.com/all", &name.parse().unwrap());
        assert_eq!(named("registry.k8s.io/pause:3.10"), "cache.example.com/all/registry.k8s.io/pause:3.10");
        assert_eq!(named("busybox"), "cache.example.com/all/docker.io/library/busybox:latest");
        let digest = format!("sha256:{}", "0".repeat(64));
        assert_eq!(named(&format!("a.io/b@{digest}")), format!("cache.example.com/all/a.io/b@{digest}"));
    }

    #[test]
    fn a_registry_of_this_machine_is_local() {
        assert!(is_local("127.0.0.1:5000") && is_local("localhost"));
        assert!(!is_local("localhost.example.com") && !is_local("registry.k8s.io"));
    }
}
