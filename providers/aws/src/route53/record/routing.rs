//! Routing policies: which of several records of one name and type answers.

use landform_core::block;

/// Answers in proportion to weights.
#[block]
pub struct WeightedRouting {
    /// The weight, 0 to 255.
    pub weight: u8,
}

/// Answers from where the latency is lowest.
#[block]
pub struct LatencyRouting {
    /// The region that it answers for.
    pub region: String,
}

/// Answers as the first choice, or while the first choice is ill.
#[block]
pub struct FailoverRouting {
    /// Which of both it is.
    pub r#type: Failover,
}

/// Which of two answers.
#[block]
#[serde(rename_all = "UPPERCASE")]
pub enum Failover {
    /// The first choice.
    Primary,
    /// The other one.
    Secondary,
}

/// Answers by where the asker is.
#[block]
pub struct GeolocationRouting {
    /// A continent, as `EU`; this or a country.
    pub continent: Option<String>,
    /// A country, as `US`; `*` for all others.
    pub country: Option<String>,
    /// A state of the United States, as `WA`, or an oblast of Ukraine.
    pub subdivision: Option<String>,
}

/// Answers by the asker's address.
#[block]
pub struct CidrRouting {
    /// The collection of ranges.
    pub collection_id: String,
    /// The location in it; `*` for all others.
    pub location_name: String,
}
