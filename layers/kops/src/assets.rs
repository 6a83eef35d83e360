//! The sources of images and files: the usual ones, or the user's registry and file server (kops
//! `pkg/assets/builder.go`, `mirrors.go`).

use crate::spec::Assets;
use crate::spec::values::Url;
use crate::version::Version;

/// The usual registry of Kubernetes' images.
const REGISTRY: &str = "registry.k8s.io/";
/// The first and the second source of kops's own binaries.
const KOPS_BINARIES: &str = "https://artifacts.k8s.io/binaries/kops/";
const KOPS_RELEASES: &str = "https://github.com/kubernetes/kops/releases/download/v";

impl Assets {
    /// The name under which machines pull an image.
    pub fn image(&self, image: &str) -> String {
        let mut image = image.to_owned();
        if let Some(proxy) = self.container_proxy.as_deref() {
            let proxy = proxy.trim_end_matches('/');
            let (first, rest) = image.split_once('/').unwrap_or((&image, ""));
            // The name of an image on Docker Hub has no host.
            let on_hub = !rest.contains('/') && !first.contains(['.', ':']);
            image = if on_hub || rest.is_empty() {
                format!("{proxy}/{image}")
            } else {
                format!("{proxy}/{rest}")
            };
        }
        if let Some(registry) = self.container_registry.as_deref() {
            let name = image.strip_prefix(REGISTRY).unwrap_or(&image);
            if !name.starts_with(&format!("{registry}/")) {
                // Some registries allow no nested names.
                image = format!("{registry}/{}", name.replace('/', "-"));
            }
        }
        image
    }

    /// The URL under which machines load a file.
    pub fn file(&self, url: &str) -> String {
        let Some(repository) = self.file_repository.as_ref().map(Url::as_str) else {
            return url.to_owned();
        };
        let path =
            url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
        format!("{}/{}", repository.trim_end_matches('/'), path.replace(',', "%2C"))
    }
}

/// The URLs of a file, in the order in which machines try them. `release` is the version of kops.
pub fn mirrors(url: &str, release: &Version) -> Vec<String> {
    let mut places = vec![url.to_owned()];
    if let Some(file) = url.strip_prefix(&kops_binary("", release)) {
        let name = match file.split('/').collect::<Vec<_>>().as_slice() {
            ["linux", architecture, "nodeup"] => format!("nodeup-linux-{architecture}"),
            parts => parts.join("-"),
        };
        places.push(format!("{KOPS_RELEASES}{release}/{name}"));
    }
    places
}

/// The usual place of one of kops's own binaries: `linux/amd64/nodeup`.
pub fn kops_binary(path: &str, release: &Version) -> String {
    format!("{KOPS_BINARIES}{release}/{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_come_from_the_registry_or_the_proxy() {
        let none = Assets::default();
        assert_eq!(none.image("registry.k8s.io/pause:3.10"), "registry.k8s.io/pause:3.10");
        let registry = Assets { container_registry: Some("registry.example.com/k8s".into()), ..none.clone() };
        assert_eq!(registry.image("registry.k8s.io/dns/cache:1"), "registry.example.com/k8s/dns-cache:1");
        assert_eq!(registry.image("quay.io/a/b:1"), "registry.example.com/k8s/quay.io-a-b:1");
        assert_eq!(registry.image("registry.example.com/k8s/x:1"), "registry.example.com/k8s/x:1");
        let proxy = Assets { container_proxy: Some("proxy.example.com/".into()), ..none };
        assert_eq!(proxy.image("registry.k8s.io/pause:3.10"), "proxy.example.com/pause:3.10");
        assert_eq!(proxy.image("weaveworks/weave-kube:2"), "proxy.example.com/weaveworks/weave-kube:2");
        assert_eq!(proxy.image("busybox"), "proxy.example.com/busybox");
    }

    #[test]
    fn files_come_from_the_file_server() {
        let assets =
            Assets { file_repository: "https://files.example.com/kops".parse().ok(), ..Assets::default() };
        let url = "https://dl.k8s.io/release/v1.34.0/bin/linux/amd64/kubelet";
        assert_eq!(
            assets.file(url),
            "https://files.example.com/kops/release/v1.34.0/bin/linux/amd64/kubelet"
        );
        assert_eq!(Assets::default().file(url), url);
    }

    #[test]
    fn kops_binaries_have_a_second_place() {
        let release = &Version::new(1, 34, 0).with_prerelease("beta.1");
        let nodeup = kops_binary("linux/arm64/nodeup", release);
        let second = "https://github.com/kubernetes/kops/releases/download/v1.34.0-beta.1/nodeup-linux-arm64";
        assert_eq!(mirrors(&nodeup, release), [nodeup.as_str(), second]);
        assert_eq!(mirrors("https://example.com/x", release), ["https://example.com/x"]);
    }
}
