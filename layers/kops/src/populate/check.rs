//! Refuses valid specs from which machines could not boot. Runs once the defaults are known.

use crate::lookup::Lookup;
use crate::problem::Kind;
use crate::spec::values::Store;
use crate::spec::{Cloud, ClusterSpec};
use crate::store::has_etcd;
use crate::validate::Report;
use crate::version::Version;

/// Refuses a version of Kubernetes that is newer than the release of kops: machines run the binaries of that release.
pub(super) fn release(version: &Version, release: &Version, lookup: &impl Lookup, report: &mut Report) {
    if version.minor() > release.minor() && !lookup.allows_newer() {
        let (major, minor) = release.minor();
        let detail =
            format!("{version} is newer than kops {release} supports: expected at most {major}.{minor}");
        report.forbidden("spec.kubernetesVersion", detail);
    }
}

/// Refuses stores that machines of the cloud do not reach.
pub(super) fn stores(cluster: &ClusterSpec, report: &mut Report) {
    let base = cluster.config_base.as_deref();
    let mut places: Vec<(String, Option<&Store>)> = vec![
        ("spec.configBase".into(), base),
        ("spec.keyStore".into(), cluster.key_store.as_deref()),
        ("spec.secretStore".into(), cluster.secret_store.as_deref()),
    ];
    for (index, etcd) in cluster.etcd_clusters.iter().enumerate() {
        places.push((format!("spec.etcdClusters[{index}].backups.backupStore"), etcd.backup_store()));
    }
    let discovery = cluster.service_account_issuer_discovery.as_ref();
    let discovery = discovery.and_then(|discovery| discovery.discovery_store.as_deref());
    places.push(("spec.serviceAccountIssuerDiscovery.discoveryStore".into(), discovery));
    let on_google = cluster.is_on(Cloud::Gce);
    let fits = |place: &Store| match place {
        Store::S3 { .. } => !on_google,
        Store::Gs { .. } => on_google,
        Store::Memory(_) => true,
        Store::Other { .. } => false,
    };
    let expected = if on_google {
        "a bucket of Google Cloud Storage and a path, such as gs://bucket/k8s.example.com"
    } else {
        "a bucket of S3 and a path, such as s3://bucket/k8s.example.com"
    };
    for (path, place) in places {
        let Some(place) = place.filter(|place| !fits(place)) else { continue };
        // A store below configBase has the same problem as configBase, which is reported already.
        if !base.is_some_and(|base| place.is_below(base)) {
            report.invalid(path, format!("\"{place}\": expected {expected}"));
        }
    }
}

/// Refuses what etcd-manager does not support.
pub(super) fn etcd(cluster: &ClusterSpec, report: &mut Report) {
    for (index, etcd) in cluster.etcd_clusters.iter().enumerate() {
        let path = format!("spec.etcdClusters[{index}]");
        if let Some(version) =
            etcd.version.as_ref().filter(|version| etcd.image.is_empty() && !has_etcd(version))
        {
            let detail = format!(
                "{version}: etcd-manager does not have this version of etcd. Leave the field out, or name an image that has it"
            );
            report.add(Kind::NotSupported, format!("{path}.version"), detail);
        }
        for (field, given) in [
            ("leaderElectionTimeout", etcd.leader_election_timeout.is_some()),
            ("heartbeatInterval", etcd.heartbeat_interval.is_some()),
        ] {
            if given {
                report.forbidden(
                    format!("{path}.{field}"),
                    "etcd-manager does not support the field: remove it",
                );
            }
        }
    }
}
