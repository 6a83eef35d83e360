//! The volumes of etcd's members (kops `pkg/model/master_volumes.go`). A volume outlives the machine that it is
//! attached to.

use super::Model;
use crate::spec::values::VolumeType;
use crate::spec::{EtcdCluster, EtcdMember};
use landform_aws as aws;

impl Model<'_> {
    pub(super) fn volumes(&mut self) {
        let cluster = self.cluster();
        for (index, etcd) in cluster.etcd_clusters.iter().enumerate() {
            for (member_index, member) in etcd.etcd_members.iter().enumerate() {
                self.at(&format!("spec.etcdClusters[{index}].etcdMembers[{member_index}]"));
                let Some(zone) = self.member_zone(member) else { continue };
                let name = self.names.of(&format!("{}.etcd-{}", member.name, etcd.name()));
                let volume = self.volume(&name, zone, etcd, member);
                self.add(&name, volume);
            }
        }
    }

    /// The zone of the machine that a member runs on.
    fn member_zone(&self, member: &EtcdMember) -> Option<String> {
        let group = self.populated.spec.group(member.instance_group.as_deref()?)?;
        let subnet = self.populated.spec.subnet(group.spec.subnets.first()?)?;
        Some(subnet.zone.clone())
    }

    fn volume(
        &self,
        name: &str,
        zone: String,
        etcd: &EtcdCluster,
        member: &EtcdMember,
    ) -> aws::EbsVolumeBuilder {
        let kind = member.volume_type.as_ref().unwrap_or(&VolumeType::Gp3);
        let at_least = |value: Option<u32>, least: u32, default: u32| {
            value.filter(|value| *value >= least).unwrap_or(default)
        };
        let iops = match kind {
            VolumeType::Gp3 => Some(at_least(member.volume_iops, 3000, 3000)),
            VolumeType::Io1 | VolumeType::Io2 => Some(at_least(member.volume_iops, 100, 100)),
            _ => None,
        };
        let throughput = (*kind == VolumeType::Gp3).then(|| at_least(member.volume_throughput, 125, 125));
        let mut members: Vec<&str> = etcd.etcd_members.iter().map(|member| member.name.as_str()).collect();
        members.sort_unstable();
        // etcd-manager finds its volumes by these tags.
        aws::EbsVolume::new(zone)
            .size(at_least(member.volume_size, 1, 20))
            .r#type(kind.as_ref())
            .encrypted(member.encrypted_volume == Some(true))
            .with(iops, |volume, iops| volume.iops(iops))
            .with(throughput, |volume, throughput| volume.throughput(throughput))
            .with(member.kms_key_id.as_deref(), |volume, key| volume.kms_key_id(key))
            .tags(self.tags(name))
            .tag(format!("k8s.io/etcd/{}", etcd.name()), format!("{}/{}", member.name, members.join(",")))
            .tag("k8s.io/role/control-plane", "1")
            .tag("k8s.io/role/master", "1")
    }
}
