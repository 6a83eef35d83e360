//! `data.aws_availability_zones`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, data};

use super::Filter;

/// The region's availability zones, in the order of their names.
///
/// Local and Wavelength Zones that the account has opted in to are among them, unless a filter on `zone-type` or
/// `opt-in-status` leaves them out.
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
    /// How they are.
    #[field(form = "available")]
    pub state: Option<ZoneState>,
    /// Whether those count that the account has not opted in to.
    pub all_availability_zones: Option<bool>,
    /// Names of zones to leave out.
    pub exclude_names: BTreeSet<String>,
    /// Ids of zones to leave out.
    pub exclude_zone_ids: BTreeSet<String>,
    /// What must hold of them.
    pub filter: Vec<Filter>,
}

/// How a zone is.
#[block]
#[serde(rename_all = "lowercase")]
pub enum ZoneState {
    /// It can be used.
    Available,
    /// It can be used; AWS has something to say about it.
    Information,
    /// It can be used in part.
    Impaired,
    /// It cannot be used.
    Unavailable,
    /// It can be used with restrictions.
    Constrained,
}

/// What AWS knows of the [`AvailabilityZones`].
#[attributes]
pub struct AvailabilityZonesAttributes {
    /// The region.
    #[field(form = "{region}")]
    pub id: Id<AvailabilityZones>,
    /// Their names, as `us-east-2a`.
    #[field(required, form = "{zone}")]
    pub names: Vec<String>,
    /// Their ids, which are the same in every account, in the order of the names.
    #[field(required, form = "{zone}-id")]
    pub zone_ids: Vec<String>,
    /// The groups they belong to.
    #[field(required, form = "{region}")]
    pub group_names: BTreeSet<String>,
}
