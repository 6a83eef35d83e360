//! Routing policies, which select among several records of one name and type.

use landform_core::block;

/// Answers in proportion to weights.
#[block]
pub struct WeightedRouting {
    /// The weight, 0 to 255.
    pub weight: u8,
}

/// Answers from the region with the lowest latency.
#[block]
pub struct LatencyRouting {
    /// The region that it answers for.
    pub region: String,
}

/// Answers as the primary record, or while the primary record is unhealthy.
#[block]
pub struct FailoverRouting {
    /// Whether it is the primary or the secondary record.
    pub r#type: Failover,
}

/// The role of a record in a failover.
#[block]
#[serde(rename_all = "UPPERCASE")]
pub enum Failover {
    /// The record that answers while it is healthy.
    Primary,
    /// The record that answers otherwise.
    Secondary,
}

/// Answers by the location of the client.
#[block]
pub struct GeolocationRouting {
    /// A continent, such as `EU`. Set this or `country`.
    pub continent: Option<String>,
    /// A country, such as `US`. `*` means all others.
    pub country: Option<String>,
    /// A state of the United States, such as `WA`, or an oblast of Ukraine.
    pub subdivision: Option<String>,
}

/// Answers by the address of the client.
#[block]
pub struct CidrRouting {
    /// The collection of ranges.
    pub collection_id: String,
    /// The location in the collection. `*` means all others.
    pub location_name: String,
}

/// Answers from the place that is nearest to the client.
#[block(one_of("aws_region", "local_zone_group", "coordinates"))]
pub struct GeoproximityRouting {
    /// The region of the resource.
    pub aws_region: Option<String>,
    /// The local zone of the resource, such as `us-east-1-bos-1`.
    pub local_zone_group: Option<String>,
    /// The place of a resource outside of AWS.
    pub coordinates: Option<Coordinates>,
    /// How much larger or smaller its area is, -99 to 99.
    #[field(default = 0, maximum = 99)]
    pub bias: i32,
}

/// A place, in degrees.
#[block]
pub struct Coordinates {
    /// The latitude, -90 to 90. South is negative.
    #[field(same = "decimal")]
    pub latitude: String,
    /// The longitude, -180 to 180. West is negative.
    #[field(same = "decimal")]
    pub longitude: String,
}
