//! Disks and network interfaces of a launch template.

use std::collections::BTreeSet;

use landform_core::{Id, block};

use crate::ec2::{SecurityGroup, Subnet};

/// A disk.
#[block]
pub struct BlockDeviceMapping {
    /// Its name, as `/dev/xvda`.
    pub device_name: String,
    /// An EBS volume.
    pub ebs: Option<Ebs>,
    /// A disk of the instance's own, as `ephemeral0`.
    pub virtual_name: Option<String>,
    /// Anything here leaves out the image's disk of that name.
    pub no_device: Option<String>,
}

/// An EBS volume that comes with an instance.
#[block]
pub struct Ebs {
    /// Its size in GiB.
    pub volume_size: Option<u32>,
    /// Its type, as `gp3`.
    pub volume_type: Option<String>,
    /// Operations a second.
    pub iops: Option<u32>,
    /// MiB a second, for `gp3`.
    pub throughput: Option<u32>,
    /// Whether it is encrypted.
    pub encrypted: Option<bool>,
    /// The key to encrypt it with.
    pub kms_key_id: Option<String>,
    /// Whether it goes with the instance.
    pub delete_on_termination: Option<bool>,
    /// The snapshot it begins as.
    pub snapshot_id: Option<String>,
}

/// A network interface that comes with an instance.
#[block]
pub struct NetworkInterface {
    /// Whether it gets a public IPv4 address; the subnet says where this does not.
    pub associate_public_ip_address: Option<bool>,
    /// Whether it goes with the instance.
    pub delete_on_termination: Option<bool>,
    /// Its place, counted from 0.
    pub device_index: Option<u32>,
    /// How many IPv6 addresses it gets.
    pub ipv6_address_count: Option<u32>,
    /// Its security groups.
    #[field(weak)]
    pub security_groups: BTreeSet<Id<SecurityGroup>>,
    /// Its subnet, where no autoscaling group chooses.
    #[field(weak)]
    pub subnet_id: Option<Id<Subnet>>,
}
