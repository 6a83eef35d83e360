//! `data.aws_availability_zones`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, data};

use super::Filter;

/// The region's availability zones, in the order of their names.
///
/// The list includes the Local and Wavelength Zones that the account has opted in to. A filter on `zone-type` or
/// `opt-in-status` can exclude them.
///
/// # Example
/// ```
/// # use landform_aws::{self as aws, data};
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// let zones = stack.read("here", data::AvailabilityZones::new());
/// let range: Cidr = "10.0.0.0/20".parse()?;
/// stack.add("a", aws::Subnet::ipv4(&vpc, range).availability_zone(zones.names().at(0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[data("aws_availability_zones")]
pub struct AvailabilityZones {
    /// The state of the zones.
    #[field(form = "available")]
    pub state: Option<ZoneState>,
    /// Whether to include zones that the account has not opted in to.
    pub all_availability_zones: Option<bool>,
    /// Names of zones to exclude.
    pub exclude_names: BTreeSet<String>,
    /// Ids of zones to exclude.
    pub exclude_zone_ids: BTreeSet<String>,
    /// The conditions that they must meet.
    pub filter: Vec<Filter>,
}

/// The state of a zone.
#[block]
#[serde(rename_all = "lowercase")]
pub enum ZoneState {
    /// The zone is available.
    Available,
    /// The zone is available, and AWS has published information about it.
    Information,
    /// The zone is partly available.
    Impaired,
    /// The zone is not available.
    Unavailable,
    /// The zone is available with restrictions.
    Constrained,
}

/// The attributes that AWS reports for the [`AvailabilityZones`].
#[attributes]
pub struct AvailabilityZonesAttributes {
    /// The region.
    #[field(form = "{region}")]
    pub id: Id<AvailabilityZones>,
    /// Their names, such as `us-east-2a`.
    #[field(required, form = "{zone}")]
    pub names: Vec<String>,
    /// Their ids, which are the same in every account, in the order of the names.
    #[field(required, form = "{zone}-id")]
    pub zone_ids: Vec<String>,
    /// The groups of the zones.
    #[field(required, form = "{region}")]
    pub group_names: BTreeSet<String>,
}
