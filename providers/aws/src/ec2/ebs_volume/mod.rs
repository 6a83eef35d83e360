//! `aws_ebs_volume`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// A disk in one availability zone. AWS refuses to delete it while it is attached to an instance.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let volume = aws::EbsVolume::new("us-east-2a").size(100).r#type("gp3").encrypted(true);
/// stack.add("data", volume);
/// ```
#[resource(
    "aws_ebs_volume",
    id = "vol-{hex17}",
    any_of("size", "snapshot_id"),
    takes(create = 10, update = 15, delete = 10)
)]
pub struct EbsVolume {
    /// The zone.
    #[field(immutable)]
    pub availability_zone: String,
    /// Its size in GiB. The default is the snapshot's.
    #[field(computed, minimum = 1, maximum = 65536)]
    pub size: Option<u32>,
    /// Its type, such as `gp3`.
    #[field(computed, form = "gp2")]
    pub r#type: Option<String>,
    /// I/O operations per second, for types with a configurable rate.
    #[field(computed)]
    pub iops: Option<u32>,
    /// The throughput in MiB per second, for `gp3`.
    #[field(computed)]
    pub throughput: Option<u32>,
    /// Whether it is encrypted. The default is the account's setting.
    #[field(immutable, computed)]
    pub encrypted: Option<bool>,
    /// The ARN of the key to encrypt it with.
    #[field(immutable, computed)]
    pub kms_key_id: Option<String>,
    /// The snapshot that it starts from.
    #[field(immutable)]
    pub snapshot_id: Option<String>,
    /// Whether several instances can attach it, for `io1` and `io2`.
    #[field(immutable, computed)]
    pub multi_attach_enabled: Option<bool>,
    /// How fast EC2 loads the snapshot, in MiB per second.
    #[field(immutable, minimum = 100, maximum = 300)]
    pub volume_initialization_rate: Option<u32>,
    /// The Outpost that holds it.
    #[field(immutable)]
    pub outpost_arn: Option<String>,
    /// Whether a deletion makes a snapshot first. The snapshot has the tags of the volume.
    #[field(unseen, default = false)]
    pub final_snapshot: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for an [`EbsVolume`].
#[attributes]
pub struct EbsVolumeAttributes {
    /// The volume's id.
    pub id: Id<EbsVolume>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:volume/{id}")]
    pub arn: String,
    /// When AWS made it, such as `2026-01-31T12:00:00Z`.
    #[field(form = "2026-01-01T00:00:00Z")]
    pub create_time: Option<String>,
}
