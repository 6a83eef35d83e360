//! Rules of fields that both the cluster and its groups have: units, files, container runtime, rolling updates, warm
//! pools.

use super::Report;
use crate::spec::values::{Duration, Share};
use crate::spec::{Containerd, FileAsset, Hook, Packages, RollingUpdate, WarmPool};

pub(super) fn hooks(hooks: &[Hook], report: &mut Report) {
    for (index, hook) in hooks.iter().enumerate() {
        if hook.disabled == Some(true) {
            continue;
        }
        let path = format!("spec.hooks[{index}]");
        if hook.exec_container.is_none() && hook.manifest.is_empty() {
            report.required(&path, "expected a manifest or an execContainer");
        }
        if hook.exec_container.as_ref().is_some_and(|container| container.image.is_empty()) {
            report.required(format!("{path}.execContainer.image"), "expected the container's image");
        }
        if !hook.use_raw_manifest {
            continue;
        }
        let written_in_it = [
            ("execContainer", hook.exec_container.is_some()),
            ("before", !hook.before.is_empty()),
            ("requires", !hook.requires.is_empty()),
        ];
        for (field, _) in written_in_it.into_iter().filter(|(_, given)| *given) {
            let detail = "useRawManifest uses the manifest unchanged: write this in the manifest";
            report.forbidden(format!("{path}.{field}"), detail);
        }
    }
}

pub(super) fn files(files: &[FileAsset], report: &mut Report) {
    for (index, file) in files.iter().enumerate() {
        let path = format!("spec.fileAssets[{index}]");
        if file.name.is_empty() {
            report.required(format!("{path}.name"), "expected the file's short name");
        }
        if file.content.is_empty() {
            report.required(format!("{path}.content"), "expected what is written to the file");
        }
    }
}

/// The first release of containerd that machines run.
const OLDEST_CONTAINERD: (u16, u16) = (2, 1);

pub(super) fn containerd(settings: &Containerd, of_cluster: bool, report: &mut Report) {
    let path = "spec.containerd";
    if let Some(version) = settings.version.as_ref().filter(|version| version.minor() < OLDEST_CONTAINERD) {
        let detail = format!("{version}: expected a release of containerd, 2.1.0 or newer");
        report.invalid(format!("{path}.version"), detail);
    }
    if let Some(nri) = settings.nri.as_ref().filter(|nri| nri.enabled == Some(true)) {
        for (field, time) in [
            ("pluginRequestTimeout", nri.plugin_request_timeout),
            ("pluginRegistrationTimeout", nri.plugin_registration_timeout),
        ] {
            if let Some(time) = time.filter(|time| *time <= Duration::default()) {
                report.invalid(format!("{path}.nri.{field}"), format!("{time}: expected a time above 0"));
            }
        }
    }
    if let Some(archives) = &settings.packages {
        packages(&format!("{path}.packages"), archives, report);
    }
    if let Some(archives) = settings.runc.as_ref().and_then(|runc| runc.packages.as_ref()) {
        packages(&format!("{path}.runc.packages"), archives, report);
    }
    if of_cluster && settings.gvisor.is_some() {
        report.forbidden(format!("{path}.gvisor"), "expected on InstanceGroup documents only");
    }
}

/// Checks that every archive has its digest.
fn packages(path: &str, archives: &Packages, report: &mut Report) {
    let all = [
        ("Amd64", &archives.url_amd64, &archives.hash_amd64),
        ("Arm64", &archives.url_arm64, &archives.hash_arm64),
    ];
    for (architecture, url, hash) in all {
        match (url, hash) {
            (Some(_), None) => {
                let detail = format!("expected the SHA-256 of url{architecture}");
                report.required(format!("{path}.hash{architecture}"), detail);
            }
            (None, Some(_)) => {
                let detail = format!("expected the URL of the archive of hash{architecture}");
                report.required(format!("{path}.url{architecture}"), detail);
            }
            _ => {}
        }
    }
}

pub(super) fn rolling_update(settings: &RollingUpdate, of_control_plane: bool, report: &mut Report) {
    let path = "spec.rollingUpdate";
    let (unavailable, surge) = (settings.max_unavailable, settings.max_surge);
    if of_control_plane && surge.is_some_and(|surge| !surge.is_zero()) {
        let detail = "expected 0: a control-plane group cannot have a further machine";
        report.forbidden(format!("{path}.maxSurge"), detail);
    } else if surge.is_some_and(Share::is_zero) && unavailable.is_some_and(Share::is_zero) {
        report.forbidden(format!("{path}.maxSurge"), "expected more than 0, or a maxUnavailable above 0");
    }
}

/// Checks the sizes of a warm pool.
pub(super) fn warm_pool(pool: &WarmPool, of_cluster: bool, report: &mut Report) {
    let path = "spec.warmPool";
    if let Some(max) = pool.max_size.filter(|max| *max < pool.min_size) {
        let detail = format!("{max}: expected at least minSize {}", pool.min_size);
        report.invalid(format!("{path}.maxSize"), detail);
    }
    if of_cluster && !pool.additional_images.is_empty() {
        let detail = "expected on InstanceGroup documents only";
        report.forbidden(format!("{path}.additionalImages"), detail);
    }
}
