//! `aws_vpc_peering_connection`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

use super::Vpc;

/// A connection between two VPCs. The owner of the other one has to accept it.
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
    /// The VPC that asks.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// The other VPC.
    #[field(immutable)]
    pub peer_vpc_id: Id<Vpc>,
    /// The account of the other VPC; the same one unless said.
    #[field(immutable, computed, form = "{account}")]
    pub peer_owner_id: Option<String>,
    /// The region of the other VPC; the same one unless said.
    #[field(immutable, computed, form = "{region}")]
    pub peer_region: Option<String>,
    /// Whether it is accepted along with it: both VPCs are of this account and this region.
    #[field(unseen, default = false)]
    pub auto_accept: bool,
    /// What the other VPC does, once it is accepted.
    #[field(computed)]
    pub accepter: Option<PeeringOptions>,
    /// What the VPC that asks does, once it is accepted.
    #[field(computed)]
    pub requester: Option<PeeringOptions>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What one end of a connection does.
#[block]
pub struct PeeringOptions {
    /// Whether public names of instances there lead to their private addresses here.
    #[field(default = false)]
    pub allow_remote_vpc_dns_resolution: bool,
}

/// What AWS computes of a [`VpcPeeringConnection`].
#[attributes]
pub struct VpcPeeringConnectionAttributes {
    /// The connection's id.
    pub id: Id<VpcPeeringConnection>,
    /// How far it is: `pending-acceptance` or `active`.
    #[field(volatile, form = "active")]
    pub accept_status: String,
}
