//! Smaller blocks of a launch template.

use std::collections::BTreeMap;

use landform_core::{Id, Input, block};

use crate::{ec2::Switch, iam::IamInstanceProfile};

/// The instance profile.
#[block(one_of("name", "arn"))]
pub struct IamInstanceProfileSpecification {
    /// The profile's name.
    #[field(weak)]
    pub name: Option<Id<IamInstanceProfile>>,
    /// The profile's ARN.
    pub arn: Option<String>,
}

impl IamInstanceProfileSpecification {
    /// A profile by its name.
    pub fn named(name: impl Into<Input<Id<IamInstanceProfile>>>) -> IamInstanceProfileSpecificationBuilder {
        Self::new().name(name)
    }
}

/// The cores of an instance, and what they can do.
#[block]
pub struct TemplateCpuOptions {
    /// The number of cores. By default the type's.
    #[field(minimum = 1)]
    pub core_count: Option<u32>,
    /// The threads of a core. 1 turns hyperthreading off.
    #[field(minimum = 1)]
    pub threads_per_core: Option<u32>,
    /// Whether the memory is encrypted by AMD SEV-SNP.
    pub amd_sev_snp: Option<Switch>,
    /// Whether virtual machines can run inside the instance.
    pub nested_virtualization: Option<Switch>,
}

/// Whether instances can host an AWS Nitro enclave.
#[block]
pub struct TemplateEnclaveOptions {
    /// Whether they can.
    pub enabled: bool,
}

/// Whether instances can hibernate.
#[block]
pub struct HibernationOptions {
    /// Whether they can.
    pub configured: bool,
}

/// A license that instances use.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct LicenseSpecification {
    /// The ARN of the license's configuration.
    pub license_configuration_arn: String,
}

/// How an instance shares its bandwidth.
#[block]
pub struct NetworkPerformanceOptions {
    /// What gets more of it.
    pub bandwidth_weighting: BandwidthWeighting,
}

/// What gets more of an instance's bandwidth.
#[block]
pub enum BandwidthWeighting {
    /// As the type has it.
    #[serde(rename = "default")]
    Default,
    /// The network.
    #[serde(rename = "vpc-1")]
    Network,
    /// The disks.
    #[serde(rename = "ebs-1")]
    Disks,
}

/// The credit option of burstable types.
#[block]
pub struct CreditSpecification {
    /// `standard` or `unlimited`.
    pub cpu_credits: String,
}

/// The purchase options of instances.
#[block]
pub struct InstanceMarketOptions {
    /// `spot`.
    pub market_type: String,
    /// The options for spot instances.
    pub spot_options: Option<SpotOptions>,
}

/// The options for spot instances.
#[block]
pub struct SpotOptions {
    /// The time without interruption in minutes, a multiple of 60.
    pub block_duration_minutes: Option<u32>,
    /// `hibernate`, `stop` or `terminate`.
    pub instance_interruption_behavior: Option<String>,
    /// The maximum price per hour, in dollars.
    #[field(same = "decimal")]
    pub max_price: Option<String>,
    /// `one-time` or `persistent`.
    pub spot_instance_type: Option<String>,
    /// When a persistent request ends, in UTC, such as `2026-12-31T23:59:59Z`.
    pub valid_until: Option<String>,
}

/// The metadata service of instances.
#[block]
pub struct MetadataOptions {
    /// `enabled` or `disabled`.
    #[field(computed)]
    pub http_endpoint: Option<String>,
    /// `required` for version 2 only, or `optional`.
    #[field(computed)]
    pub http_tokens: Option<String>,
    /// The maximum number of network hops for its answers, 1 to 64.
    #[field(computed)]
    pub http_put_response_hop_limit: Option<u32>,
    /// `enabled` or `disabled`.
    #[field(computed)]
    pub http_protocol_ipv6: Option<String>,
    /// `enabled` or `disabled`.
    #[field(computed)]
    pub instance_metadata_tags: Option<String>,
}

/// Monitoring of instances.
#[block]
pub struct Monitoring {
    /// Whether it is detailed.
    pub enabled: bool,
}

/// The placement of instances.
#[block]
pub struct Placement {
    /// `default`, `dedicated` or `host`.
    pub tenancy: Option<String>,
    /// The placement group.
    pub group_name: Option<String>,
    /// The zone, if no autoscaling group chooses one.
    pub availability_zone: Option<String>,
    /// Whether an instance on a dedicated host restarts on the same host: `default` or `host`.
    pub affinity: Option<String>,
    /// The placement group, by its id.
    pub group_id: Option<String>,
    /// The dedicated host.
    pub host_id: Option<String>,
    /// The resource group of dedicated hosts.
    pub host_resource_group_arn: Option<String>,
    /// The partition of the placement group.
    #[field(minimum = 1)]
    pub partition_number: Option<u32>,
    /// Reserved by AWS for later use.
    pub spread_domain: Option<String>,
}

/// Tags of one type of object that EC2 starts with an instance.
#[block]
pub struct TagSpecification {
    /// `instance`, `volume`, `network-interface` or `spot-instances-request`.
    pub resource_type: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}
