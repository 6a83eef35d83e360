//! `aws_instance`.

#[cfg(feature = "ec2")]
mod client;
#[cfg(feature = "ec2")]
mod disks;
#[cfg(feature = "ec2")]
mod launch;
#[cfg(feature = "ec2")]
mod offered;
mod options;
#[cfg(feature = "ec2")]
mod seen;
#[cfg(feature = "ec2")]
mod spot;
#[cfg(feature = "ec2")]
mod steps;
#[cfg(feature = "ec2")]
mod tuning;

pub use options::{
    AutoRecovery, CapacityReservationPreference, CapacityReservationSpecification, CapacityReservationTarget,
    CpuOptions, EnclaveOptions, MaintenanceOptions, PrivateDnsNameOptions, Switch,
};

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{
    CreditSpecification, KeyPair, LaunchTemplate, MetadataOptions, PlacementGroup, SecurityGroup, Subnet,
};
use crate::iam::IamInstanceProfile;

/// A virtual machine.
///
/// A change of its type, its user data, its cores, its capacity reservation or its kind of host name stops the instance
/// and starts it again. EC2 shows user data, protection and
/// the shutdown behavior of one instance a call only. A read of many instances does not ask for these, and keeps the
/// recorded values. A deletion of a spot instance also cancels its spot request.
/// Source: EC2's `RunInstances`, Terraform's `aws_instance`.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// let web = aws::Instance::new().ami("ami-0123456789abcdef0").instance_type("t3.micro").subnet_id(&subnet);
/// stack.add("web", web);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_instance",
    id = "i-{hex17}",
    any_of("ami", "launch_template"),
    any_of("instance_type", "launch_template"),
    at_most_one_of("user_data", "user_data_base64"),
    refuses(
        "associate_public_ip_address",
        "subnet_id",
        "private_ip",
        "vpc_security_group_ids",
        "ipv6_address_count",
        "ipv6_addresses",
        "secondary_private_ips",
        when("network_interface")
    ),
    at_most_one_of("host_id", "host_resource_group_arn"),
    at_most_one_of("ipv6_address_count", "ipv6_addresses"),
    takes(create = 30, update = 60, delete = 45)
)]
pub struct Instance {
    /// The image. By default the launch template's.
    #[field(immutable, computed)]
    pub ami: Option<String>,
    /// The instance type, such as `t3.micro`. By default the launch template's.
    #[field(computed)]
    pub instance_type: Option<String>,
    /// The template that gives the arguments that are not set here.
    #[field(immutable, unseen)]
    pub launch_template: Option<InstanceLaunchTemplate>,
    /// The market of the instance: spot, or a capacity block. The default is on-demand.
    #[field(immutable, computed)]
    pub instance_market_options: Option<InstanceMarket>,
    /// The zone. By default the subnet's.
    #[field(immutable, computed, form = "{zone}")]
    pub availability_zone: Option<String>,
    /// The subnet. By default one of the account's default VPC.
    #[field(immutable, computed)]
    pub subnet_id: Option<Id<Subnet>>,
    /// Its security groups. By default the VPC's default group.
    #[field(computed)]
    pub vpc_security_group_ids: BTreeSet<Id<SecurityGroup>>,
    /// Its private address.
    #[field(immutable, computed, form = "{ipv4}")]
    pub private_ip: Option<String>,
    /// Whether it has a public address. By default as the subnet is set.
    #[field(immutable, computed)]
    pub associate_public_ip_address: Option<bool>,
    /// How many IPv6 addresses it has.
    #[field(immutable, computed)]
    pub ipv6_address_count: Option<u32>,
    /// Its IPv6 addresses.
    #[field(immutable, computed, shared)]
    pub ipv6_addresses: BTreeSet<String>,
    /// Further private addresses of its first interface. Without this argument they are left to others, such as a
    /// network plugin of Kubernetes.
    #[field(computed, shared)]
    pub secondary_private_ips: BTreeSet<String>,
    /// Existing network interfaces, instead of one that EC2 makes. They give the subnet, the addresses and the security
    /// groups.
    #[field(immutable, unseen)]
    pub network_interface: BTreeSet<InstanceNetworkInterface>,
    /// Whether EC2 drops traffic that is neither from nor for the instance. False for an instance that routes. It is a
    /// setting of the first network interface.
    #[field(default = true)]
    pub source_dest_check: bool,
    /// The SSH key.
    #[field(immutable, computed, weak)]
    pub key_name: Option<Id<KeyPair>>,
    /// The profile whose role it uses.
    #[field(computed)]
    pub iam_instance_profile: Option<Id<IamInstanceProfile>>,
    /// The user data, as text.
    #[field(unseen)]
    pub user_data: Option<String>,
    /// The user data in base64, for data that are not text. Set this or `user_data`.
    #[field(unseen, same = "base64")]
    pub user_data_base64: Option<String>,
    /// Whether a change of the user data replaces the instance. By default it stops and starts the instance.
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
    /// The partition of its placement group, from 1. 0 is none, as Terraform records it.
    #[field(immutable, computed)]
    pub placement_partition_number: Option<u32>,
    /// The dedicated host that it runs on.
    #[field(immutable, computed)]
    pub host_id: Option<String>,
    /// The resource group of dedicated hosts that it may run on.
    #[field(immutable, computed)]
    pub host_resource_group_arn: Option<String>,
    /// Its cores, and what they can do.
    #[field(computed)]
    pub cpu_options: Option<CpuOptions>,
    /// Whether it can host an enclave.
    #[field(immutable, computed)]
    pub enclave_options: Option<EnclaveOptions>,
    /// The capacity reservations that it may use. By default any open one.
    #[field(computed)]
    pub capacity_reservation_specification: Option<CapacityReservationSpecification>,
    /// What EC2 does when its hardware fails.
    #[field(computed)]
    pub maintenance_options: Option<MaintenanceOptions>,
    /// Its host name in the VPC.
    #[field(computed)]
    pub private_dns_name_options: Option<PrivateDnsNameOptions>,
    /// Whether AWS refuses to terminate it. A deletion fails then.
    #[field(unseen)]
    pub disable_api_termination: Option<bool>,
    /// Whether AWS refuses to stop it.
    #[field(unseen)]
    pub disable_api_stop: Option<bool>,
    /// What EC2 does when the instance's system shuts down.
    #[field(unseen)]
    pub instance_initiated_shutdown_behavior: Option<ShutdownBehavior>,
    /// Whether it can hibernate.
    #[field(immutable)]
    pub hibernation: Option<bool>,
    /// The credit option of a burstable type.
    #[field(unseen)]
    pub credit_specification: Option<CreditSpecification>,
    /// The settings of its metadata service.
    #[field(computed)]
    pub metadata_options: Option<MetadataOptions>,
    /// The root disk.
    #[field(computed)]
    pub root_block_device: Option<RootBlockDevice>,
    /// Its further disks.
    #[field(immutable, computed)]
    pub ebs_block_device: BTreeSet<EbsBlockDevice>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What EC2 does with an instance whose system shuts down.
#[block]
#[serde(rename_all = "lowercase")]
pub enum ShutdownBehavior {
    /// EC2 stops it.
    Stop,
    /// EC2 terminates it.
    Terminate,
}

/// The market of an instance.
#[block(refuses("spot_options", when("market_type", is = "capacity-block")))]
pub struct InstanceMarket {
    /// The type of the market.
    pub market_type: MarketType,
    /// The options of a spot instance.
    #[field(computed)]
    pub spot_options: Option<InstanceSpot>,
}

/// The type of a market of instances.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum MarketType {
    /// Unused capacity, which EC2 may take back.
    Spot,
    /// A reserved block of capacity.
    CapacityBlock,
}

/// The options of a spot instance.
#[block]
pub struct InstanceSpot {
    /// What EC2 does when it takes the capacity back.
    #[field(computed)]
    pub instance_interruption_behavior: Option<SpotInterruption>,
    /// The maximum price per hour, in dollars. The default is the on-demand price.
    #[field(computed, same = "decimal")]
    pub max_price: Option<String>,
    /// Whether EC2 starts an instance again after an interruption.
    #[field(computed)]
    pub spot_instance_type: Option<SpotRequestType>,
    /// The end of a persistent request, such as `2030-01-31T12:00:00Z`.
    #[field(computed, pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
    pub valid_until: Option<String>,
}

/// What EC2 does with a spot instance when it takes the capacity back.
#[block]
#[serde(rename_all = "lowercase")]
pub enum SpotInterruption {
    /// EC2 hibernates it.
    Hibernate,
    /// EC2 stops it.
    Stop,
    /// EC2 terminates it.
    Terminate,
}

/// Whether a spot request ends with its first instance.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum SpotRequestType {
    /// The request ends with its first instance.
    OneTime,
    /// EC2 starts an instance again after an interruption.
    Persistent,
}

/// An existing network interface of an instance.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct InstanceNetworkInterface {
    /// Its index, counted from 0. The instance needs an interface with index 0.
    pub device_index: u32,
    /// The interface's id, such as `eni-0123456789abcdef0`.
    pub network_interface_id: String,
    /// The index of the network card.
    #[field(default = 0)]
    pub network_card_index: u32,
    /// Whether EC2 deletes the interface with the instance.
    #[field(default = false)]
    pub delete_on_termination: bool,
}

/// The launch template of an instance.
#[block(one_of("id", "name"))]
pub struct InstanceLaunchTemplate {
    /// The template's id. Set this or `name`.
    #[field(weak)]
    pub id: Option<Id<LaunchTemplate>>,
    /// The template's name.
    pub name: Option<String>,
    /// The version: a number, `$Latest` or `$Default`.
    #[field(default = "$Default")]
    pub version: String,
}

/// The root disk of an instance.
#[block]
pub struct RootBlockDevice {
    /// Its size in GiB. By default the image's.
    #[field(computed)]
    pub volume_size: Option<u32>,
    /// Its type, such as `gp3`.
    #[field(computed)]
    pub volume_type: Option<String>,
    /// Its I/O operations per second.
    #[field(computed)]
    pub iops: Option<u32>,
    /// Its throughput in MiB per second, for `gp3`.
    #[field(computed)]
    pub throughput: Option<u32>,
    /// Whether it is encrypted.
    #[field(immutable, computed)]
    pub encrypted: Option<bool>,
    /// The ARN of the key to encrypt it with.
    #[field(immutable, computed)]
    pub kms_key_id: Option<String>,
    /// Whether EC2 deletes it with the instance.
    #[field(default = true)]
    pub delete_on_termination: bool,
}

/// A further disk of an instance.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct EbsBlockDevice {
    /// Its name, such as `/dev/sdb`.
    pub device_name: String,
    /// Its size in GiB. By default the snapshot's.
    #[field(computed)]
    pub volume_size: Option<u32>,
    /// Its type, such as `gp3`.
    #[field(computed)]
    pub volume_type: Option<String>,
    /// Its I/O operations per second.
    #[field(computed)]
    pub iops: Option<u32>,
    /// Its throughput in MiB per second, for `gp3`.
    #[field(computed)]
    pub throughput: Option<u32>,
    /// Whether it is encrypted.
    #[field(computed)]
    pub encrypted: Option<bool>,
    /// The ARN of the key to encrypt it with.
    #[field(computed)]
    pub kms_key_id: Option<String>,
    /// The snapshot that it is a copy of.
    #[field(computed)]
    pub snapshot_id: Option<String>,
    /// Whether EC2 deletes it with the instance.
    #[field(default = true)]
    pub delete_on_termination: bool,
}

/// The attributes that AWS computes for an [`Instance`].
#[attributes]
pub struct InstanceAttributes {
    /// The instance's id.
    pub id: Id<Instance>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:instance/{id}")]
    pub arn: String,
    /// Its state, such as `running` or `stopped`.
    #[field(volatile, form = "running")]
    pub instance_state: String,
    /// `spot`, `scheduled` or `capacity-block`. An on-demand instance has none.
    #[field(form = "spot", only_with = "instance_market_options")]
    pub instance_lifecycle: Option<String>,
    /// The request of a spot instance.
    #[field(form = "sir-{hex8}", only_with = "instance_market_options")]
    pub spot_instance_request_id: Option<String>,
    /// Its first network interface.
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
