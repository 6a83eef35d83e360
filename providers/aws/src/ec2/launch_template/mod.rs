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

/// The template from which an autoscaling group starts instances. A change makes a new version and keeps the older
/// ones.
///
/// AWS allows the deletion of objects that it names (key, profile, security groups). The start of instances then fails.
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
    refuses("vpc_security_group_ids", when("network_interfaces")),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LaunchTemplate {
    /// Its name, unique in the region.
    #[field(immutable, min_length = 3, max_length = 128, pattern = "^[a-zA-Z0-9()./_-]+$")]
    pub name: String,
    /// A description of this version.
    pub description: Option<String>,
    /// The image.
    pub image_id: Option<String>,
    /// The instance type. A group may override it.
    pub instance_type: Option<String>,
    /// The SSH key.
    #[field(weak)]
    pub key_name: Option<Id<KeyPair>>,
    /// The user data, in base64.
    #[field(same = "base64")]
    pub user_data: Option<String>,
    /// Whether instances are optimised for EBS.
    pub ebs_optimized: Option<bool>,
    /// The security groups, if the template has no network interfaces.
    #[field(weak)]
    pub vpc_security_group_ids: BTreeSet<Id<SecurityGroup>>,
    /// Disks.
    pub block_device_mappings: Vec<BlockDeviceMapping>,
    /// Network interfaces.
    pub network_interfaces: Vec<NetworkInterface>,
    /// The instance profile.
    pub iam_instance_profile: Option<IamInstanceProfileSpecification>,
    /// The credit option of burstable types.
    pub credit_specification: Option<CreditSpecification>,
    /// The purchase options. The default is on-demand.
    pub instance_market_options: Option<InstanceMarketOptions>,
    /// The metadata service.
    pub metadata_options: Option<MetadataOptions>,
    /// Monitoring.
    pub monitoring: Option<Monitoring>,
    /// The placement of instances.
    pub placement: Option<Placement>,
    /// Tags of the objects that EC2 starts.
    pub tag_specifications: Vec<TagSpecification>,
    /// Whether each change makes its version the default.
    #[field(unseen, default = false)]
    pub update_default_version: bool,
    /// Tags of the template.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for a [`LaunchTemplate`].
#[attributes]
pub struct LaunchTemplateAttributes {
    /// The template's id.
    pub id: Id<LaunchTemplate>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:launch-template/{id}")]
    pub arn: String,
    /// The number of its newest version. It is text, like every argument that takes a version.
    #[field(volatile, form = "1")]
    pub latest_version: String,
    /// The number of its default version.
    #[field(volatile, form = "1")]
    pub default_version: String,
}
