//! The etcd clusters of a new cluster: a member on each group of the control plane.

use super::options::{CloudProvider, NewCluster, Plugin};
use crate::spec::values::{Notation, Quantity, VolumeType};
use crate::spec::{ClusterSpec, EtcdCluster, EtcdManager, EtcdMember, EtcdName, GroupSpec, Role};

/// The number of days for which backups are kept.
const BACKUP_DAYS: u32 = 90;

/// Adds the etcd clusters.
pub(super) fn clusters(
    options: &NewCluster,
    cloud: CloudProvider,
    groups: &[(String, GroupSpec)],
    cluster: &mut ClusterSpec,
) {
    let control_plane = groups.iter().filter(|(_, spec)| spec.role == Some(Role::ControlPlane));
    let control_plane: Vec<&str> = control_plane.map(|(name, _)| name.as_str()).collect();
    let names = members(&control_plane);
    let encrypted = options.encrypt_etcd_storage.unwrap_or(cloud == CloudProvider::Aws);
    let members: Vec<EtcdMember> = control_plane
        .iter()
        .zip(names)
        .map(|(group, name)| EtcdMember {
            name,
            instance_group: Some((*group).to_owned()),
            encrypted_volume: encrypted.then_some(true),
            volume_type: VolumeType::read(&options.etcd_storage_type),
            ..EtcdMember::default()
        })
        .collect();
    let cilium = (options.networking == Plugin::CiliumEtcd).then_some(EtcdName::Cilium);
    cluster.etcd_clusters = [EtcdName::Main, EtcdName::Events]
        .into_iter()
        .chain(cilium)
        .map(|name| EtcdCluster {
            name: Some(name),
            etcd_members: members.clone(),
            cpu_request: Some(Quantity::milli(if name == EtcdName::Main { 200 } else { 100 })),
            memory_request: Some(Quantity::mebi(100)),
            manager: Some(EtcdManager { backup_retention_days: Some(BACKUP_DAYS), ..EtcdManager::default() }),
            ..EtcdCluster::default()
        })
        .collect();
}

/// The names of members: the names of their groups without the common prefix.
fn members(groups: &[&str]) -> Vec<String> {
    let mut names: Vec<&str> =
        groups.iter().map(|name| name.strip_prefix("control-plane-").unwrap_or(name)).collect();
    while let Some(first) = names.first().and_then(|first| first.chars().next())
        && names[0].len() > first.len_utf8()
        && names.iter().all(|name| name.starts_with(first))
    {
        names.iter_mut().for_each(|name| *name = name.strip_prefix(first).unwrap_or(name));
    }
    let named = |name: &&str| match name.starts_with(|first: char| first.is_ascii_digit()) {
        true => format!("etcd-{name}"),
        false => (*name).to_owned(),
    };
    names.iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::members;

    #[test]
    fn members_have_short_names() {
        assert_eq!(members(&["control-plane-us-test-1a"]), ["a"]);
        assert_eq!(members(&["control-plane-us-test-1a", "control-plane-us-test-1b"]), ["a", "b"]);
        assert_eq!(members(&["control-plane-z-1", "control-plane-z-2"]), ["etcd-1", "etcd-2"]);
        assert_eq!(members(&[]), Vec::<String>::new());
    }
}
