//! Rules of the etcd clusters.

use super::Report;
use crate::problem::{Kind, not_supported};
use crate::spec::values::VolumeType;
use crate::spec::{EtcdMember, EtcdName, Role, Spec};
use std::collections::HashSet;

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let clusters = &spec.cluster.spec.etcd_clusters;
    if clusters.is_empty() {
        return report.required("spec.etcdClusters", "expected the etcd clusters main and events");
    }
    let mut names = HashSet::new();
    for (index, etcd) in clusters.iter().enumerate() {
        let path = format!("spec.etcdClusters[{index}]");
        match etcd.name {
            None => {
                report.add(Kind::NotSupported, format!("{path}.name"), not_supported("", EtcdName::WORDS));
            }
            Some(name) if !names.insert(name) => {
                let detail = format!("another etcd cluster is named {:?}, too", name.as_str());
                report.add(Kind::Duplicate, format!("{path}.name"), detail);
            }
            Some(_) => {}
        }
        if let Some(version) = &etcd.version
            && clusters[0].version.as_deref() != Some(&**version)
        {
            let first = clusters[0].version.as_ref().map_or("no version", |first| first.as_str());
            let detail =
                format!("{version}, but the first etcd cluster has {first}: expected one version for all");
            report.forbidden(format!("{path}.version"), detail);
        }
        if !etcd.image.is_empty() && etcd.version.is_none() {
            report.required(format!("{path}.version"), "expected the version of the image");
        }
        match etcd.etcd_members.len() {
            0 => report.required(format!("{path}.etcdMembers"), "expected an odd number of members"),
            even if even % 2 == 0 => {
                let detail = format!("{even} members: expected an odd number, which can have a majority");
                report.invalid(format!("{path}.etcdMembers"), detail);
            }
            _ => {}
        }
        let mut members = HashSet::new();
        for (index, member) in etcd.etcd_members.iter().enumerate() {
            let path = format!("{path}.etcdMembers[{index}]");
            if member.name.is_empty() {
                report.required(format!("{path}.name"), "expected the member's name");
            } else if !members.insert(&member.name) {
                report.add(
                    Kind::Duplicate,
                    format!("{path}.name"),
                    format!("another member is named {:?}, too", member.name),
                );
            }
            check_member(spec, member, &path, report);
        }
    }
}

fn check_member(spec: &Spec, member: &EtcdMember, path: &str, report: &mut Report) {
    let group_path = format!("{path}.instanceGroup");
    match member.instance_group.as_deref().unwrap_or_default() {
        "" => report.required(group_path, "expected the control-plane group that the member runs on"),
        name => match spec.group(name) {
            None => report.add(Kind::NotFound, group_path, format!("no InstanceGroup is named {name:?}")),
            Some(group) if group.spec.role.is_some_and(|role| role != Role::ControlPlane) => {
                report.forbidden(group_path, format!("{name} is not a control-plane group (role Master)"));
            }
            Some(group) => {
                let subnets = group.spec.subnets.iter().filter_map(|name| spec.subnet(name));
                let zones: HashSet<&str> = subnets.map(|subnet| subnet.zone.as_str()).collect();
                if zones.len() > 1 {
                    let detail = format!(
                        "{name} is in several zones, but the member's volume is in one: expected a group in one zone"
                    );
                    report.forbidden(group_path, detail);
                }
            }
        },
    }
    if member.kms_key_id.is_some() && member.encrypted_volume != Some(true) {
        report.forbidden(format!("{path}.kmsKeyId"), "a key has no effect unless encryptedVolume is true");
    }
    check_performance(member, path, report);
}

/// Checks the limits that AWS puts on operations and throughput.
fn check_performance(member: &EtcdMember, path: &str, report: &mut Report) {
    let size = f64::from(member.volume_size.filter(|size| *size > 0).unwrap_or(20));
    let given = f64::from(member.volume_iops.unwrap_or(0));
    // The free operations of a gp3 volume do not depend on its size.
    let (usual, free, per_gib) = match member.volume_type.as_ref().unwrap_or(&VolumeType::Gp3) {
        VolumeType::Io1 => (100.0, 0.0, 50.0),
        VolumeType::Io2 => (100.0, 0.0, 500.0),
        VolumeType::Gp3 => (3000.0, 3000.0, 500.0),
        _ => return,
    };
    let iops = given.max(usual);
    if iops > free && iops / size > per_gib {
        report.invalid(
            format!("{path}.volumeIops"),
            format!("{iops} on {size} GiB: expected at most {per_gib} for each GiB"),
        );
    }
    let throughput = f64::from(member.volume_throughput.unwrap_or(0));
    if free > 0.0 && throughput > iops * 0.25 {
        report.invalid(
            format!("{path}.volumeThroughput"),
            format!("{throughput}: expected at most a quarter of volumeIops"),
        );
    }
}
