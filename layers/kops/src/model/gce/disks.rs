//! The disks of etcd's members (kops `pkg/model/master_volumes.go`). A disk outlives the machine that it is attached to.

use super::Model;
use crate::names::gce::etcd_disk;
use landform_gce as gce;

/// The size in GB and the type of a disk that the spec says nothing about.
const SIZE: u32 = 20;
const KIND: &str = "pd-ssd";

impl Model<'_> {
    pub(super) fn disks(&mut self) {
        for (index, etcd) in self.cluster().etcd_clusters.iter().enumerate() {
            for (member_index, member) in etcd.etcd_members.iter().enumerate() {
                self.at(&format!("spec.etcdClusters[{index}].etcdMembers[{member_index}]"));
                let group = member.instance_group.as_deref().and_then(|name| self.populated.spec.group(name));
                let Some(zone) = group.and_then(|group| group.spec.zones.first()) else { continue };
                let etcd = etcd.name().as_str();
                let name = etcd_disk(&member.name, etcd, self.names.cluster);
                let some = |number: Option<u32>| number.filter(|number| *number > 0);
                let disk = gce::Disk::new(name.as_str())
                    .project(&*self.home.project)
                    .zone(zone.as_str())
                    .size(some(member.volume_size).unwrap_or(SIZE))
                    .r#type(member.volume_type.as_ref().map_or(KIND, AsRef::as_ref))
                    .with(some(member.volume_iops), |disk, iops| disk.provisioned_iops(iops))
                    .with(some(member.volume_throughput), |disk, throughput| {
                        disk.provisioned_throughput(throughput)
                    })
                    .labels(self.disk_labels(etcd, &member.name));
                self.add(&name, disk);
            }
        }
    }
}
