//! `aws_launch_template`.

#[cfg(feature = "ec2")]
mod client;
#[cfg(feature = "ec2")]
mod data;
mod devices;
mod options;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, resource};

pub use devices::*;
pub use options::*;

use super::{KeyPair, SecurityGroup};

/// What an autoscaling group starts instances from. A change makes a new version and leaves the older ones.
///
/// What it names (key, profile, security groups) may be deleted while it exists; starting instances fails then.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let disk = aws::BlockDeviceMapping::new("/dev/xvda").ebs(aws::Ebs::new().volume_size(64));
/// let template = aws::LaunchTemplate::new("nodes").image_id("ami-0123456789abcdef0").instance_type("m5.large");
/// stack.add("nodes", template.block_device_mappings([disk]));
/// ```
#[resource(
    "aws_launch_template",
    id = "lt-{hex17}",
    unique("name"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LaunchTemplate {
    /// Its name, unique in the region.
    #[field(immutable, min_length = 3, max_length = 128, pattern = "^[a-zA-Z0-9()./_-]+$")]
    pub name: String,
    /// What this version is for.
    pub description: Option<String>,
    /// The image.
    pub image_id: Option<String>,
    /// The instance type; a group's overrides may say otherwise.
    pub instance_type: Option<String>,
    /// The SSH key.
    #[field(weak)]
    pub key_name: Option<Id<KeyPair>>,
    /// What instances are told when they start, in base64.
    #[field(same = "base64")]
    pub user_data: Option<String>,
    /// Whether instances are optimised for EBS.
    pub ebs_optimized: Option<bool>,
    /// Security groups, where no network interface is described.
    #[field(weak)]
    pub vpc_security_group_ids: BTreeSet<Id<SecurityGroup>>,
    /// Disks.
    pub block_device_mappings: Vec<BlockDeviceMapping>,
    /// Network interfaces.
    pub network_interfaces: Vec<NetworkInterface>,
    /// The identity of instances.
    pub iam_instance_profile: Option<IamInstanceProfileSpecification>,
    /// How instances of burstable types pay.
    pub credit_specification: Option<CreditSpecification>,
    /// On what market instances are bought; on demand unless said.
    pub instance_market_options: Option<InstanceMarketOptions>,
    /// The metadata service.
    pub metadata_options: Option<MetadataOptions>,
    /// Monitoring.
    pub monitoring: Option<Monitoring>,
    /// Where instances are put.
    pub placement: Option<Placement>,
    /// Tags of what is started.
    pub tag_specifications: Vec<TagSpecification>,
    /// Whether every change becomes the default version.
    #[field(unseen, default = false)]
    pub update_default_version: bool,
    /// Tags of the template.
    pub tags: BTreeMap<String, String>,
}

/// What AWS computes of a [`LaunchTemplate`].
#[attributes]
pub struct LaunchTemplateAttributes {
    /// The template's id.
    pub id: Id<LaunchTemplate>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:launch-template/{id}")]
    pub arn: String,
    /// The number of its newest version. Text, as every argument that takes a version is.
    #[field(volatile, form = "1")]
    pub latest_version: String,
    /// The number of its default version.
    #[field(volatile, form = "1")]
    pub default_version: String,
}
