//! Blocks of an instance that say which hardware it gets, and how EC2 treats it.

use landform_core::block;

use crate::ec2::HostnameType;

/// The cores of an instance, and what they can do. EC2 stops and starts the instance for a change.
#[block]
pub struct CpuOptions {
    /// The number of cores. By default the type's.
    #[field(computed, minimum = 1)]
    pub core_count: Option<u32>,
    /// The threads of a core. 1 turns hyperthreading off.
    #[field(computed, minimum = 1)]
    pub threads_per_core: Option<u32>,
    /// Whether the memory is encrypted by AMD SEV-SNP.
    #[field(immutable, computed)]
    pub amd_sev_snp: Option<Switch>,
    /// Whether virtual machines can run inside the instance.
    #[field(computed)]
    pub nested_virtualization: Option<Switch>,
}

/// Whether a feature is on, in EC2's words.
#[block]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// It is on.
    Enabled,
    /// It is off.
    Disabled,
}

/// Whether an instance can host an AWS Nitro enclave.
#[block]
pub struct EnclaveOptions {
    /// Whether it can.
    #[field(immutable)]
    pub enabled: bool,
}

/// The capacity reservations that an instance may use. EC2 stops and starts the instance for a change.
#[block(one_of("capacity_reservation_preference", "capacity_reservation_target"))]
pub struct CapacityReservationSpecification {
    /// Which ones, by a rule.
    pub capacity_reservation_preference: Option<CapacityReservationPreference>,
    /// A certain one.
    pub capacity_reservation_target: Option<CapacityReservationTarget>,
}

/// Which capacity reservations an instance may use.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum CapacityReservationPreference {
    /// Any open one that fits.
    Open,
    /// None.
    None,
    /// Only a reservation: without one, the instance does not start.
    CapacityReservationsOnly,
}

/// A certain capacity reservation, or a group of them.
#[block(one_of("capacity_reservation_id", "capacity_reservation_resource_group_arn"))]
pub struct CapacityReservationTarget {
    /// The id of the reservation.
    pub capacity_reservation_id: Option<String>,
    /// The ARN of the resource group of reservations.
    pub capacity_reservation_resource_group_arn: Option<String>,
}

/// What EC2 does when the hardware of an instance fails.
#[block]
pub struct MaintenanceOptions {
    /// Whether EC2 moves the instance to other hardware.
    pub auto_recovery: AutoRecovery,
}

/// Whether EC2 moves an instance whose hardware fails.
#[block]
#[serde(rename_all = "lowercase")]
pub enum AutoRecovery {
    /// EC2 moves it if its type allows this.
    Default,
    /// EC2 does not move it.
    Disabled,
}

/// The host name of an instance in its VPC. By default as the subnet is set.
#[block]
pub struct PrivateDnsNameOptions {
    /// What the name is made of. EC2 stops and starts the instance for a change.
    #[field(computed)]
    pub hostname_type: Option<HostnameType>,
    /// Whether the name of the instance's id has an A record.
    #[field(computed)]
    pub enable_resource_name_dns_a_record: Option<bool>,
    /// Whether the name of the instance's id has an AAAA record.
    #[field(computed)]
    pub enable_resource_name_dns_aaaa_record: Option<bool>,
}
