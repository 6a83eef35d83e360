//! Smaller blocks of a launch template.

use std::collections::BTreeMap;

use landform_core::{Id, block};

use crate::iam::IamInstanceProfile;

/// The identity of instances.
#[block]
pub struct IamInstanceProfileSpecification {
    /// The profile's name.
    #[field(weak)]
    pub name: Id<IamInstanceProfile>,
}

/// How instances of burstable types pay.
#[block]
pub struct CreditSpecification {
    /// `standard` or `unlimited`.
    pub cpu_credits: String,
}

/// On what market instances are bought.
#[block]
pub struct InstanceMarketOptions {
    /// `spot`.
    pub market_type: String,
    /// How they are bought there.
    pub spot_options: Option<SpotOptions>,
}

/// How spot instances are bought.
#[block]
pub struct SpotOptions {
    /// Minutes for which they are not interrupted, a multiple of 60.
    pub block_duration_minutes: Option<u32>,
    /// `hibernate`, `stop` or `terminate`.
    pub instance_interruption_behavior: Option<String>,
    /// The most to pay an hour, in dollars.
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
    /// `required` for version 2 alone, or `optional`.
    #[field(computed)]
    pub http_tokens: Option<String>,
    /// How many hops its answers travel, 1 to 64.
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

/// Where instances are put.
#[block]
pub struct Placement {
    /// `default`, `dedicated` or `host`.
    pub tenancy: Option<String>,
    /// The placement group.
    pub group_name: Option<String>,
    /// The zone, where no autoscaling group chooses.
    pub availability_zone: Option<String>,
}

/// Tags of what is started along with an instance.
#[block]
pub struct TagSpecification {
    /// `instance`, `volume`, `network-interface` or `spot-instances-request`.
    pub resource_type: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}
