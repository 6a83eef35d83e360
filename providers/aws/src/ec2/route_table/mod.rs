//! `aws_route_table`.

#[cfg(feature = "ec2")]
pub(crate) mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::Vpc;

/// A table of routes. The routes are separate resources ([`Route`](super::Route)).
///
/// A deletion also deletes its routes. AWS refuses to delete it while subnets are associated with it.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// stack.add("private", aws::RouteTable::new(&vpc).tag("Name", "private"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource("aws_route_table", id = "rtb-{hex17}", takes(create = 2, update = 1, delete = 1))]
pub struct RouteTable {
    /// The VPC.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for a [`RouteTable`].
#[attributes]
pub struct RouteTableAttributes {
    /// The table's id.
    pub id: Id<RouteTable>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:route-table/{id}")]
    pub arn: String,
    /// The account that owns it.
    #[field(form = "{account}")]
    pub owner_id: String,
}
