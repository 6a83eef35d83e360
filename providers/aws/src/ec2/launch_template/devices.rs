//! Disks and network interfaces of a launch template.

use std::collections::BTreeSet;

use landform_core::{Id, block};

use crate::ec2::{SecurityGroup, Subnet};

/// A disk.
#[block]
pub struct BlockDeviceMapping {
    /// Its name, such as `/dev/xvda`.
    pub device_name: String,
    /// An EBS volume.
    pub ebs: Option<Ebs>,
    /// A local disk of the instance, such as `ephemeral0`.
    pub virtual_name: Option<String>,
    /// Any value omits the image's disk of that name.
    pub no_device: Option<String>,
}

/// The EBS volume of an instance.
#[block]
pub struct Ebs {
    /// Its size in GiB.
    pub volume_size: Option<u32>,
    /// Its type, such as `gp3`.
    pub volume_type: Option<String>,
    /// I/O operations per second.
    pub iops: Option<u32>,
    /// The throughput in MiB per second, for `gp3`.
    pub throughput: Option<u32>,
    /// Whether it is encrypted.
    pub encrypted: Option<bool>,
    /// The key to encrypt it with.
    pub kms_key_id: Option<String>,
    /// Whether EC2 deletes it with the instance.
    pub delete_on_termination: Option<bool>,
    /// The snapshot that it starts from.
    pub snapshot_id: Option<String>,
}

/// The network interface of an instance.
#[block]
pub struct NetworkInterface {
    /// Whether it gets a public IPv4 address. The default is the subnet's setting.
    pub associate_public_ip_address: Option<bool>,
    /// Whether EC2 deletes it with the instance.
    pub delete_on_termination: Option<bool>,
    /// Its index, counted from 0.
    pub device_index: Option<u32>,
    /// How many IPv6 addresses it gets.
    pub ipv6_address_count: Option<u32>,
    /// Its security groups.
    #[field(weak)]
    pub security_groups: BTreeSet<Id<SecurityGroup>>,
    /// Its subnet, if no autoscaling group chooses one.
    #[field(weak)]
    pub subnet_id: Option<Id<Subnet>>,
}
