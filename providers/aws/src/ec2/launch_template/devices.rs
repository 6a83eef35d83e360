//! Disks of a launch template.

use landform_core::block;

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
    /// How fast EC2 loads the snapshot, in MiB per second.
    #[field(minimum = 100, maximum = 300)]
    pub volume_initialization_rate: Option<u32>,
}
