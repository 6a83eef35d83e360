//! The container runtime and what it needs of a machine. Fields have the names of the API. The description of a flag
//! names the flag. Data only.

use super::values::{Duration, IntOrString, Sha256, Url, Written};
use crate::version::Version;
use std::collections::BTreeMap;

section! {
    /// Settings of containerd.
    pub struct Containerd {
        /// The flag `--address`.
        pub address: Option<String>,
        /// `configAdditions`.
        pub config_additions: BTreeMap<String, IntOrString>,
        /// `configOverride`.
        pub config_override: Option<String>,
        /// The flag `--log-level`.
        pub log_level: Option<String>,
        /// `packages`.
        pub packages: Option<Packages>,
        /// `registryMirrors`.
        pub registry_mirrors: BTreeMap<String, Vec<String>>,
        /// The flag `--root`.
        pub root: Option<String>,
        /// `skipInstall`.
        pub skip_install: bool,
        /// The flag `--state`.
        pub state: Option<String>,
        /// `version`.
        pub version: Option<Written<Version>>,
        /// `nvidiaGPU`.
        #[serde(rename = "nvidiaGPU")]
        pub nvidia_gpu: Option<NvidiaGpu>,
        /// `gvisor`.
        pub gvisor: Option<GVisor>,
        /// `runc`.
        pub runc: Option<Runc>,
        /// `selinuxEnabled`.
        pub selinux_enabled: bool,
        /// `nri`.
        pub nri: Option<Nri>,
        /// `useECRCredentialsForMirrors`.
        #[serde(rename = "useECRCredentialsForMirrors")]
        pub use_ecr_credentials_for_mirrors: bool,
        /// `installCriCtl`.
        pub install_cri_ctl: bool,
        /// `installNerdCtl`.
        pub install_nerd_ctl: bool,
        /// `sandboxImage`.
        pub sandbox_image: Option<String>,
    }

    /// The source of an archive, instead of the usual one.
    pub struct Packages {
        /// `hashAmd64`.
        pub hash_amd64: Option<Sha256>,
        /// `hashArm64`.
        pub hash_arm64: Option<Sha256>,
        /// `urlAmd64`.
        pub url_amd64: Option<Url>,
        /// `urlArm64`.
        pub url_arm64: Option<Url>,
    }

    /// Drivers for NVIDIA's graphics processors.
    pub struct NvidiaGpu {
        /// `package`.
        pub package: String,
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `image`.
        pub image: String,
        /// `dcgmExporter`.
        pub dcgm_exporter: Option<DcgmExporter>,
    }

    /// Metrics of NVIDIA's graphics processors.
    pub struct DcgmExporter {
        /// `enabled`.
        pub enabled: bool,
    }

    /// The sandbox gVisor.
    pub struct GVisor {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `platform`.
        pub platform: String,
    }

    /// The runtime runc.
    pub struct Runc {
        /// `version`.
        pub version: Option<Written<Version>>,
        /// `packages`.
        pub packages: Option<Packages>,
    }

    /// Plugins of the node resource interface.
    pub struct Nri {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `pluginRegistrationTimeout`.
        pub plugin_registration_timeout: Option<Duration>,
        /// `pluginRequestTimeout`.
        pub plugin_request_timeout: Option<Duration>,
    }
}

impl Containerd {
    /// Whether drivers for NVIDIA's graphics processors are installed.
    pub fn has_nvidia(&self) -> bool {
        self.nvidia_gpu.as_ref().is_some_and(|nvidia| nvidia.enabled == Some(true))
    }

    /// Whether pods may run in gVisor.
    pub fn has_gvisor(&self) -> bool {
        self.gvisor.as_ref().is_some_and(|gvisor| gvisor.enabled == Some(true))
    }
}
