//! What machines cannot boot from although the spec is valid: refused once the defaults are known.

use crate::lookup::Lookup;
use crate::problem::Kind;
use crate::spec::ClusterSpec;
use crate::store::{Location, has_etcd};
use crate::validate::Report;
use crate::version::Version;

/// Refuses a version of Kubernetes that the release of kops was not made for: its machines run what that release
/// brings.
pub(super) fn release(version: &Version, lookup: &impl Lookup, report: &mut Report) {
    let release = lookup.release();
    let Some(newest) = Version::parse(&release).map(|release| release.minor()) else { return };
    if version.minor() > newest && !lookup.allows_newer() {
        let detail = format!(
            "{version}: newer than release {release} of kops supports; expected at most {}.{}",
            newest.0, newest.1
        );
        report.forbidden("spec.kubernetesVersion", detail);
    }
}

/// Refuses stores that the layer does not write to.
pub(super) fn stores(cluster: &ClusterSpec, report: &mut Report) {
    let mut places: Vec<(String, &str)> = vec![
        ("spec.configBase".into(), &cluster.config_base),
        ("spec.keyStore".into(), &cluster.key_store),
        ("spec.secretStore".into(), &cluster.secret_store),
    ];
    for (index, etcd) in cluster.etcd_clusters.iter().enumerate() {
        let backups = etcd.backups.as_ref().map_or("", |backups| backups.backup_store.as_str());
        places.push((format!("spec.etcdClusters[{index}].backups.backupStore"), backups));
    }
    if let Some(discovery) = &cluster.service_account_issuer_discovery
        && !discovery.discovery_store.is_empty()
    {
        places.push(("spec.serviceAccountIssuerDiscovery.discoveryStore".into(), &discovery.discovery_store));
    }
    for (index, (path, url)) in places.iter().enumerate() {
        // A store below configBase is wrong where configBase is, which says it already.
        let is_below = index > 0 && !cluster.config_base.is_empty() && url.starts_with(&cluster.config_base);
        if !is_below && Location::parse(url).is_none() {
            let detail =
                format!("{url:?}: expected a bucket of S3 and a path, such as s3://bucket/k8s.example.com");
            report.invalid(path.as_str(), detail);
        }
    }
}

/// Refuses what etcd-manager cannot do.
pub(super) fn etcd(cluster: &ClusterSpec, report: &mut Report) {
    for (index, etcd) in cluster.etcd_clusters.iter().enumerate() {
        let path = format!("spec.etcdClusters[{index}]");
        if etcd.image.is_empty() && !has_etcd(&etcd.version) {
            let detail = format!(
                "{:?}: etcd-manager does not have this version of etcd; leave it out, or say which image has it",
                etcd.version
            );
            report.add(Kind::NotSupported, format!("{path}.version"), detail);
        }
        for (field, given) in [
            ("leaderElectionTimeout", etcd.leader_election_timeout.is_some()),
            ("heartbeatInterval", etcd.heartbeat_interval.is_some()),
        ] {
            if given {
                report.forbidden(format!("{path}.{field}"), "etcd-manager does not take it");
            }
        }
    }
}
