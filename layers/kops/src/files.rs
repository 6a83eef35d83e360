//! The files that machines download while they boot, with their digests (kops `pkg/nodemodel/fileassets.go`,
//! `wellknownassets`).

use crate::assets::{kops_binary, mirrors};
use crate::lookup::Lookup;
use crate::spec::{Cloud, ClusterSpec, Packages};
use crate::validate::Report;
use crate::version::Version;
use std::collections::BTreeMap;

/// The architectures that machines may have.
pub const ARCHITECTURES: [&str; 2] = ["amd64", "arm64"];

/// A file: its digest and its sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its usual URL. The lock file has its digest by this URL.
    pub url: String,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Its URLs, in the order in which machines try them.
    pub places: Vec<String>,
}

impl File {
    /// Its form in a machine's configuration.
    pub(crate) fn compact(&self) -> String {
        format!("{}@{}", self.sha256, self.places.join(","))
    }
}

/// The files of a cluster's machines, by architecture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The files that nodeup installs.
    pub installed: BTreeMap<&'static str, Vec<File>>,
    /// nodeup itself, which a machine's script downloads.
    pub nodeup: BTreeMap<&'static str, File>,
}

/// The releases of tools that containerd is used with.
const NERDCTL: &str = "1.7.4";
const CRICTL: &str = "1.29.0";
const AWS_CREDENTIALS: &str = "https://artifacts.k8s.io/binaries/cloud-provider-aws/v1.31.7";
const GCE_CREDENTIALS: &str = "https://artifacts.k8s.io/binaries/cloud-provider-gcp/v35.0.0";

/// Finds the files of a completed spec. `release` is the version of kops. Reports files without a known digest.
pub(crate) fn find(
    cluster: &ClusterSpec,
    version: &Version,
    release: &Version,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Files {
    let mut found = Files::default();
    let assets = cluster.assets.clone().unwrap_or_default();
    let containerd = cluster.containerd.clone().unwrap_or_default();
    let mut file = |url: &str, known: Option<&str>| {
        let from = assets.file(url);
        let digest = known.map(str::to_owned).or_else(|| lookup.file_hash(url));
        if digest.is_none() {
            let detail = format!("the lock file of hashes has no SHA-256 of {url}");
            report.add(crate::problem::Kind::NotFound, "spec.kubernetesVersion", detail);
        }
        let places = mirrors(&from, release);
        File { url: url.to_owned(), sha256: digest.unwrap_or_default(), places }
    };
    for architecture in ARCHITECTURES {
        let mut files = Vec::new();
        for binary in ["kubelet", "kubectl"] {
            files.push(file(
                &format!("https://dl.k8s.io/release/v{version}/bin/linux/{architecture}/{binary}"),
                None,
            ));
        }
        match cluster.cloud_provider {
            Some(Cloud::Aws) => {
                let name = format!("ecr-credential-provider-linux-{architecture}");
                files.push(file(&format!("{AWS_CREDENTIALS}/linux/{architecture}/{name}"), None));
            }
            Some(Cloud::Gce) => {
                let path = format!("auth-provider-gcp/linux/{architecture}/auth-provider-gcp");
                files.push(file(&format!("{GCE_CREDENTIALS}/{path}"), None));
            }
            _ => {}
        }
        if cluster.installs_cni_plugins() {
            let release = cni_plugins(version);
            let name = format!("cni-plugins-linux-{architecture}-v{release}.tgz");
            let base = "https://github.com/containernetworking/plugins/releases/download";
            files.push(file(&format!("{base}/v{release}/{name}"), None));
        }
        if !containerd.skip_install {
            let release = containerd.version.as_deref().map(ToString::to_string).unwrap_or_default();
            let usual = format!(
                "https://github.com/containerd/containerd/releases/download/v{release}/containerd-{release}-linux-{architecture}.tar.gz"
            );
            files.push(package(&mut file, containerd.packages.as_ref(), architecture, &usual));
            if let Some(runc) = &containerd.runc {
                let release = runc.version.as_deref().map(ToString::to_string).unwrap_or_default();
                let usual = format!(
                    "https://github.com/opencontainers/runc/releases/download/v{release}/runc.{architecture}"
                );
                files.push(package(&mut file, runc.packages.as_ref(), architecture, &usual));
            }
            if containerd.install_nerd_ctl {
                let base = "https://github.com/containerd/nerdctl/releases/download";
                let name = format!("nerdctl-{NERDCTL}-linux-{architecture}.tar.gz");
                files.push(file(&format!("{base}/v{NERDCTL}/{name}"), None));
            }
            if containerd.install_cri_ctl {
                let base = "https://github.com/kubernetes-sigs/cri-tools/releases/download";
                let name = format!("crictl-v{CRICTL}-linux-{architecture}.tar.gz");
                files.push(file(&format!("{base}/v{CRICTL}/{name}"), None));
            }
        }
        found.installed.insert(architecture, files);
        let nodeup = kops_binary(&format!("linux/{architecture}/nodeup"), release);
        found.nodeup.insert(architecture, file(&nodeup, None));
    }
    found
}

/// The archive that the spec names for an architecture, or the usual one.
fn package(
    file: &mut impl FnMut(&str, Option<&str>) -> File,
    given: Option<&Packages>,
    architecture: &str,
    usual: &str,
) -> File {
    let given = given.and_then(|packages| match architecture {
        "amd64" => Some((packages.url_amd64.as_ref()?, packages.hash_amd64.as_ref()?)),
        _ => Some((packages.url_arm64.as_ref()?, packages.hash_arm64.as_ref()?)),
    });
    match given {
        Some((url, digest)) => file(url.as_str(), Some(digest.digits())),
        None => file(usual, None),
    }
}

/// The release of the network plugins for a version of Kubernetes.
fn cni_plugins(version: &Version) -> &'static str {
    match version.minor() {
        minor if minor >= (1, 36) => "1.9.1",
        minor if minor >= (1, 35) => "1.8.0",
        minor if minor >= (1, 34) => "1.7.1",
        _ => "1.6.2",
    }
}
