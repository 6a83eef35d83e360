//! `aws_ebs_volume`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// A disk of its own, in one availability zone. Deleting one is refused while it is attached to an instance.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let volume = aws::EbsVolume::new("us-east-2a").size(100).r#type("gp3").encrypted(true);
/// stack.add("data", volume);
/// ```
#[resource("aws_ebs_volume", id = "vol-{hex17}", takes(create = 10, update = 15, delete = 10))]
pub struct EbsVolume {
    /// The zone.
    #[field(immutable)]
    pub availability_zone: String,
    /// Its size in GiB; that of the snapshot unless said.
    #[field(computed, minimum = 1, maximum = 65536)]
    pub size: Option<u32>,
    /// Its type, as `gp3`.
    #[field(computed, form = "gp2")]
    pub r#type: Option<String>,
    /// Operations a second, for types that let one choose.
    #[field(computed)]
    pub iops: Option<u32>,
    /// MiB a second, for `gp3`.
    #[field(computed)]
    pub throughput: Option<u32>,
    /// Whether it is encrypted; the account says where this does not.
    #[field(immutable, computed)]
    pub encrypted: Option<bool>,
    /// The ARN of the key to encrypt it with.
    #[field(immutable, computed)]
    pub kms_key_id: Option<String>,
    /// The snapshot it begins as.
    #[field(immutable)]
    pub snapshot_id: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What AWS computes of an [`EbsVolume`].
#[attributes]
pub struct EbsVolumeAttributes {
    /// The volume's id.
    pub id: Id<EbsVolume>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:volume/{id}")]
    pub arn: String,
}
