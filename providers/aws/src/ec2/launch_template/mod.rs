//! `aws_launch_template`.

#[cfg(feature = "ec2")]
mod client;
#[cfg(feature = "ec2")]
mod data;
mod devices;
#[cfg(feature = "ec2")]
mod hardware;
mod interfaces;
mod options;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, resource};

pub use devices::*;
pub use interfaces::*;
pub use options::*;

use super::{
    CapacityReservationSpecification, KeyPair, MaintenanceOptions, PrivateDnsNameOptions, SecurityGroup,
    ShutdownBehavior,
};

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
    at_most_one_of("name", "name_prefix"),
    refuses("vpc_security_group_ids", when("network_interfaces")),
    refuses("security_group_names", when("vpc_security_group_ids")),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LaunchTemplate {
    /// Its name, unique in the region.
    #[field(
        immutable,
        generated = "name_prefix",
        min_length = 3,
        max_length = 128,
        pattern = "^[a-zA-Z0-9()./_-]+$"
    )]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 102, pattern = "^[a-zA-Z0-9()./_-]+$")]
    pub name_prefix: Option<String>,
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
    /// The capacity reservations that instances may use.
    pub capacity_reservation_specification: Option<CapacityReservationSpecification>,
    /// The cores of instances.
    pub cpu_options: Option<TemplateCpuOptions>,
    /// Whether EC2 refuses to stop instances by its API.
    pub disable_api_stop: Option<bool>,
    /// Whether EC2 refuses to terminate instances by its API.
    pub disable_api_termination: Option<bool>,
    /// Whether instances can host an enclave.
    pub enclave_options: Option<TemplateEnclaveOptions>,
    /// Whether instances can hibernate.
    pub hibernation_options: Option<HibernationOptions>,
    /// What EC2 does when an instance's system shuts down.
    pub instance_initiated_shutdown_behavior: Option<ShutdownBehavior>,
    /// The kernel of a paravirtual image.
    pub kernel_id: Option<String>,
    /// The RAM disk of a paravirtual image.
    pub ram_disk_id: Option<String>,
    /// The licenses that instances use.
    pub license_specification: BTreeSet<LicenseSpecification>,
    /// What EC2 does when the hardware of an instance fails.
    pub maintenance_options: Option<MaintenanceOptions>,
    /// How an instance shares its bandwidth between network and disks.
    pub network_performance_options: Option<NetworkPerformanceOptions>,
    /// The host names of instances in the VPC.
    pub private_dns_name_options: Option<PrivateDnsNameOptions>,
    /// Security groups by name, outside a VPC.
    pub security_group_names: BTreeSet<String>,
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
