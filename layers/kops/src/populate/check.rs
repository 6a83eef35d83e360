//! Refuses valid specs from which machines could not boot. Runs once the defaults are known.

use crate::lookup::Lookup;
use crate::problem::Kind;
use crate::spec::ClusterSpec;
use crate::spec::values::Store;
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

/// Refuses stores that the layer does not write to.
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
    for (path, place) in places {
        let Some(place @ Store::Other { .. }) = place else { continue };
        // A store below configBase has the same problem as configBase, which is reported already.
        if !base.is_some_and(|base| place.is_below(base)) {
            let detail = format!(
                "\"{place}\": expected a bucket of S3 and a path, such as s3://bucket/k8s.example.com"
            );
            report.invalid(path, detail);
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
