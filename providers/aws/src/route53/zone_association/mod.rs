//! `aws_route53_zone_association`.

#[cfg(feature = "route53")]
mod client;

use landform_core::{Id, attributes, resource};

use super::Route53Zone;
use crate::ec2::Vpc;

/// A VPC that sees a private zone.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let other = stack.add("other", aws::Vpc::new("10.9.0.0/16".parse::<Cidr>()?));
/// let zone = aws::Route53Zone::new("example.internal").vpc([aws::ZoneVpc::new(&vpc)]);
/// let zone = stack.add("private", zone);
/// stack.add("other", aws::Route53ZoneAssociation::new(&zone, &other));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
