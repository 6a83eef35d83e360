//! `aws_instance`.

#[cfg(feature = "ec2")]
mod client;
#[cfg(feature = "ec2")]
mod disks;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{
    CreditSpecification, KeyPair, LaunchTemplate, MetadataOptions, PlacementGroup, SecurityGroup, Subnet,
};
use crate::iam::IamInstanceProfile;

/// A virtual machine.
///
/// A change of its type or of its user data stops it for a while, and starts it again. What EC2 shows of one instance at
/// a time alone (user data, protection, what a shutdown does) counts as it is recorded: a read of many does not ask for
/// it. Interfaces that exist beforehand, capacity reservations, spot instances and enclaves are not covered.
#[resource("aws_instance", id = "i-{hex17}", takes(create = 30, update = 60, delete = 45))]
pub struct Instance {
    /// The image; the launch template says it where this does not.
    #[field(immutable, computed)]
    pub ami: Option<String>,
    /// The instance type; the launch template says it where this does not.
    #[field(computed)]
    pub instance_type: Option<String>,
    /// The template that says what this does not.
    #[field(immutable, unseen)]
    pub launch_template: Option<InstanceLaunchTemplate>,
    /// The zone; that of the subnet unless said.
    #[field(immutable, computed, form = "{zone}")]
    pub availability_zone: Option<String>,
    /// The subnet; one of the account's default VPC unless said.
    #[field(immutable, computed)]
    pub subnet_id: Option<Id<Subnet>>,
    /// Its security groups; the VPC's default group unless said.
    #[field(computed)]
    pub vpc_security_group_ids: BTreeSet<Id<SecurityGroup>>,
    /// Its private address.
    #[field(immutable, computed, form = "{ipv4}")]
    pub private_ip: Option<String>,
    /// Whether it has a public address; the subnet says where this does not.
    #[field(immutable, computed)]
    pub associate_public_ip_address: Option<bool>,
    /// How many IPv6 addresses it has.
    #[field(immutable, computed)]
    pub ipv6_address_count: Option<u32>,
    /// Whether traffic must come from or go to it: off where it routes for others.
    #[field(default = true)]
    pub source_dest_check: bool,
    /// The SSH key.
    #[field(immutable, computed, weak)]
    pub key_name: Option<Id<KeyPair>>,
    /// Its identity.
    #[field(computed)]
    pub iam_instance_profile: Option<Id<IamInstanceProfile>>,
    /// What it is told when it starts.
    #[field(unseen)]
    pub user_data: Option<String>,
    /// As `user_data`, in base64: for what is no text.
    #[field(unseen, same = "base64")]
    pub user_data_base64: Option<String>,
    /// Whether other user data replaces the instance, rather than stop and start it.
    #[field(unseen, default = false)]
    pub user_data_replace_on_change: bool,
    /// Whether it is optimised for EBS.
    #[field(immutable, computed)]
    pub ebs_optimized: Option<bool>,
    /// Whether it is monitored in detail.
    #[field(computed)]
    pub monitoring: Option<bool>,
    /// `default`, `dedicated` or `host`.
    #[field(immutable, computed, form = "default")]
    pub tenancy: Option<String>,
    /// The placement group.
    #[field(immutable, computed)]
    pub placement_group: Option<Id<PlacementGroup>>,
    /// Whether AWS refuses to terminate it. A deletion fails then.
    #[field(unseen)]
    pub disable_api_termination: Option<bool>,
    /// Whether AWS refuses to stop it.
    #[field(unseen)]
    pub disable_api_stop: Option<bool>,
    /// What becomes of it when its system shuts down: `stop`, or `terminate`.
    #[field(unseen)]
    pub instance_initiated_shutdown_behavior: Option<String>,
    /// Whether it can hibernate.
    #[field(immutable)]
    pub hibernation: Option<bool>,
    /// How it pays, where its type is burstable.
    #[field(unseen)]
    pub credit_specification: Option<CreditSpecification>,
    /// Its metadata service.
    #[field(computed)]
    pub metadata_options: Option<MetadataOptions>,
    /// The disk that it starts from.
    #[field(computed)]
    pub root_block_device: Option<RootBlockDevice>,
    /// Its further disks.
    #[field(immutable, computed)]
    pub ebs_block_device: BTreeSet<EbsBlockDevice>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// Which launch template an instance is made from.
#[block]
pub struct InstanceLaunchTemplate {
    /// The template's id; this or the name.
    #[field(weak)]
    pub id: Option<Id<LaunchTemplate>>,
    /// The template's name.
    pub name: Option<String>,
    /// The version: a number, `$Latest` or `$Default`.
    #[field(default = "$Default")]
    pub version: String,
}

/// The disk that an instance starts from.
#[block]
pub struct RootBlockDevice {
    /// Its size in GiB; that of the image unless said.
    #[field(computed)]
    pub volume_size: Option<u32>,
    /// Its type, as `gp3`.
    #[field(computed)]
    pub volume_type: Option<String>,
    /// Operations a second.
    #[field(computed)]
    pub iops: Option<u32>,
    /// MiB a second, for `gp3`.
    #[field(computed)]
    pub throughput: Option<u32>,
    /// Whether it is encrypted.
    #[field(immutable, computed)]
    pub encrypted: Option<bool>,
    /// The ARN of the key to encrypt it with.
    #[field(immutable, computed)]
    pub kms_key_id: Option<String>,
    /// Whether it goes with the instance.
    #[field(default = true)]
    pub delete_on_termination: bool,
}

/// A further disk of an instance.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct EbsBlockDevice {
    /// Its name, as `/dev/sdb`.
    pub device_name: String,
    /// Its size in GiB; that of the snapshot unless said.
    #[field(computed)]
    pub volume_size: Option<u32>,
    /// Its type, as `gp3`.
    #[field(computed)]
    pub volume_type: Option<String>,
    /// Operations a second.
    #[field(computed)]
    pub iops: Option<u32>,
    /// MiB a second, for `gp3`.
    #[field(computed)]
    pub throughput: Option<u32>,
    /// Whether it is encrypted.
    #[field(computed)]
    pub encrypted: Option<bool>,
    /// The ARN of the key to encrypt it with.
    #[field(computed)]
    pub kms_key_id: Option<String>,
    /// The snapshot it begins as.
    #[field(computed)]
    pub snapshot_id: Option<String>,
    /// Whether it goes with the instance.
    #[field(default = true)]
    pub delete_on_termination: bool,
}

/// What AWS computes of an [`Instance`].
#[attributes]
pub struct InstanceAttributes {
    /// The instance's id.
    pub id: Id<Instance>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:instance/{id}")]
    pub arn: String,
    /// `running` or `stopped`, or what is between.
    #[field(volatile, form = "running")]
    pub instance_state: String,
    /// Its network interface.
    #[field(form = "eni-{hex17}")]
    pub primary_network_interface_id: Option<String>,
    /// Its private host name.
    #[field(form = "{dns}")]
    pub private_dns: String,
    /// Its public address, if it has one. It changes when the instance is stopped and started.
    #[field(volatile)]
    pub public_ip: Option<String>,
    /// Its public host name, if it has one.
    #[field(volatile)]
    pub public_dns: Option<String>,
}
