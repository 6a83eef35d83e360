//! `aws_route53_zone_association`.

#[cfg(feature = "route53")]
mod client;

use landform_core::{Id, attributes, resource};

use super::Route53Zone;
use crate::ec2::Vpc;

/// A VPC that sees a private zone.
#[resource(
    "aws_route53_zone_association",
    id = "{zone_id}:{vpc_id}",
    unique("zone_id", "vpc_id"),
    takes(create = 30, update = 1, delete = 30)
)]
pub struct Route53ZoneAssociation {
    /// The zone.
    #[field(immutable, same = "self_link")]
    pub zone_id: Id<Route53Zone>,
    /// The VPC.
    #[field(immutable, weak)]
    pub vpc_id: Id<Vpc>,
    /// The VPC's region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub vpc_region: Option<String>,
}

/// The attributes that AWS computes for a [`Route53ZoneAssociation`].
#[attributes]
pub struct Route53ZoneAssociationAttributes {
    /// The zone, the VPC, and the VPC's region if it is not the provider's, joined by `:`.
    pub id: Id<Route53ZoneAssociation>,
    /// The account that the zone belongs to.
    #[field(form = "{account}")]
    pub owning_account: String,
}
