//! `aws_vpc_peering_connection`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

use super::Vpc;

/// A connection between two VPCs. The owner of the other VPC must accept it.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// let other = stack.add("other", aws::Vpc::new("10.9.0.0/16".parse::<Cidr>()?));
/// stack.add("other", aws::VpcPeeringConnection::new(&vpc, &other).auto_accept(true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource("aws_vpc_peering_connection", id = "pcx-{hex17}", takes(create = 3, update = 1, delete = 3))]
pub struct VpcPeeringConnection {
    /// The requester VPC.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// The other VPC.
    #[field(immutable)]
    pub peer_vpc_id: Id<Vpc>,
    /// The account of the other VPC. The default is the same account.
    #[field(immutable, computed, form = "{account}")]
    pub peer_owner_id: Option<String>,
    /// The region of the other VPC. The default is the same region.
    #[field(immutable, computed, form = "{region}")]
    pub peer_region: Option<String>,
    /// Whether Landform accepts it. Both VPCs must be in this account and this region.
    #[field(unseen, default = false)]
    pub auto_accept: bool,
    /// The options of the other VPC, after the acceptance.
    #[field(computed)]
    pub accepter: Option<PeeringOptions>,
    /// The options of the requester VPC, after the acceptance.
    #[field(computed)]
    pub requester: Option<PeeringOptions>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The options of one side of a connection.
#[block]
pub struct PeeringOptions {
    /// Whether public names of the other side's instances resolve to their private addresses on this side.
    #[field(default = false)]
    pub allow_remote_vpc_dns_resolution: bool,
}

/// The attributes that AWS computes for a [`VpcPeeringConnection`].
#[attributes]
pub struct VpcPeeringConnectionAttributes {
    /// The connection's id.
    pub id: Id<VpcPeeringConnection>,
    /// Its state: `pending-acceptance` or `active`.
    #[field(volatile, form = "active")]
    pub accept_status: String,
}
