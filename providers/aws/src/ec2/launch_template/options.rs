//! Smaller blocks of a launch template.

use std::collections::BTreeMap;

use landform_core::{Id, block};

use crate::iam::IamInstanceProfile;

/// The instance profile.
#[block]
pub struct IamInstanceProfileSpecification {
    /// The profile's name.
    #[field(weak)]
    pub name: Id<IamInstanceProfile>,
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
}

/// Tags of one type of object that EC2 starts with an instance.
#[block]
pub struct TagSpecification {
    /// `instance`, `volume`, `network-interface` or `spot-instances-request`.
    pub resource_type: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}
