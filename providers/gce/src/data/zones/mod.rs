//! `data.google_compute_zones`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, block, data};

/// The zones of a region, in the order of their names.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce::data;
/// # let mut stack = Stack::new("demo");
/// let zones = stack.read("here", data::Zones::new().region("us-east1").status(data::ZoneStatus::Up));
/// stack.output("first", zones.names().at(0));
/// ```
#[data("google_compute_zones")]
pub struct Zones {
    /// The region. The default is the provider's.
    #[field(form = "{region}")]
    pub region: Option<String>,
    /// The project. The default is the provider's.
    #[field(form = "{account}")]
    pub project: Option<String>,
    /// Only zones with this status.
    pub status: Option<ZoneStatus>,
}

/// The status of a zone.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ZoneStatus {
    /// It works.
    Up,
    /// It does not work.
    Down,
}

/// The attributes that Google reports for [`Zones`].
#[attributes]
pub struct ZonesAttributes {
    /// The path of the region.
    #[field(form = "projects/{account}/regions/{region}")]
    pub id: Id<Zones>,
    /// Their names.
    #[field(required)]
    pub names: Vec<String>,
}
