//! Refuses changes that an existing cluster does not allow.
//!
//! Follows kops `pkg/apis/kops/validation/cluster.go` and `cmd/kops/replace.go`.

use crate::problem::Problems;
use crate::spec::values::text;
use crate::spec::{EtcdCluster, EtcdMember, Spec};
use crate::validate::Report;

/// Checks that a spec may replace an earlier spec of the same cluster.
///
/// # Errors
/// The new spec changes the name, the cloud, the network, etcd clusters or their members.
pub fn check_replacement(old: &Spec, new: &Spec) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let mut report = Report::of_cluster(new, &mut problems);
    if old.name() != new.name() {
        let detail = format!(
            "{:?} differs from the cluster's name {:?}, which cannot be changed",
            new.name(),
            old.name()
        );
        report.forbidden("metadata.name", detail);
    }
    let (was, is) = (&old.cluster.spec, &new.cluster.spec);
    for (path, was, is) in [
        ("spec.cloudProvider", text(&was.cloud_provider), text(&is.cloud_provider)),
        ("spec.networkID", &was.network_id, &is.network_id),
        ("spec.networkCIDR", text(&was.network_cidr), text(&is.network_cidr)),
    ] {
        if was != is && !was.is_empty() {
            report.forbidden(
                path,
                format!("{is:?} differs from the existing {was:?}, which cannot be changed"),
            );
        }
    }
    for old in &was.etcd_clusters {
        match is.etcd_clusters.iter().position(|new| new.name() == old.name()) {
            None => {
                report.forbidden("spec.etcdClusters", format!("{:?} cannot be removed", old.name().as_str()))
            }
            Some(index) => check_etcd(&mut report, index, old, &is.etcd_clusters[index]),
        }
    }
    Problems::check(problems)
}

fn check_etcd(report: &mut Report, index: usize, old: &EtcdCluster, new: &EtcdCluster) {
    let path = format!("spec.etcdClusters[{index}]");
    if old.image != new.image {
        report.forbidden(format!("{path}.image"), "the image of an existing etcd cluster cannot be changed");
    }
    if !new.image.is_empty() && old.version != new.version {
        report.forbidden(format!("{path}.version"), "the version cannot be changed if image is set");
    }
    let member = |of: &EtcdCluster, name: &str| of.etcd_members.iter().position(|member| member.name == name);
    for old in &old.etcd_members {
        let EtcdMember { name, instance_group, .. } = old;
        match member(new, name) {
            None => {
                report.forbidden(format!("{path}.etcdMembers"), format!("member {name:?} cannot be removed"))
            }
            Some(at) if new.etcd_members[at].instance_group != *instance_group => {
                let group = instance_group.as_deref().unwrap_or_default();
                let detail = format!("member {name:?} runs on {group:?} and cannot be moved");
                report.forbidden(format!("{path}.etcdMembers[{at}].instanceGroup"), detail);
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TEXT: &str = "
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata: {name: a.example.com}
spec:
  cloudProvider: aws
  networkCIDR: 10.0.0.0/16
  etcdClusters:
  - {name: main, etcdMembers: [{name: a, instanceGroup: master-a}]}
  - {name: events, etcdMembers: [{name: a, instanceGroup: master-a}]}
";

    #[test]
    fn what_cannot_be_changed() {
        let read = |text: &str| Spec::parse("cluster.yaml", text).unwrap();
        let old = read(TEXT);
        assert_eq!(
            check_replacement(
                &old,
                &read(&TEXT.replace("cloudProvider: aws", "cloudProvider: aws\n  channel: alpha"))
            ),
            Ok(())
        );
        for (from, to, expected) in [
            (
                "a.example.com",
                "b.example.com",
                "cluster.yaml:4:18: Cluster b.example.com: metadata.name: \"b.example.com\"",
            ),
            (
                "10.0.0.0/16",
                "10.1.0.0/16",
                "spec.networkCIDR: \"10.1.0.0/16\" differs from the existing \"10.0.0.0/16\"",
            ),
            ("name: events", "name: leases", "\"events\" cannot be removed"),
            (
                "[{name: a, instanceGroup: master-a}]",
                "[{name: b, instanceGroup: master-a}]",
                "member \"a\" cannot be removed",
            ),
            ("instanceGroup: master-a", "instanceGroup: master-b", "cannot be moved"),
        ] {
            let told = check_replacement(&old, &read(&TEXT.replacen(from, to, 1))).unwrap_err().to_string();
            assert!(told.contains(expected), "{told}");
        }
    }
}
