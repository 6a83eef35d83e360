//! `aws_route_table_association`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Id, attributes, resource};

use super::{RouteTable, Subnet};

/// Which route table a subnet follows. Associations with gateways are not covered.
///
/// Changing the table moves the subnet without a gap. AWS gives the association a new id then, so that it is the
/// subnet by which it is known here: a move that was cut short is not lost.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let table = stack.add("private", aws::RouteTable::new(&vpc));
/// stack.add("a", aws::RouteTableAssociation::new(&subnet, &table));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_route_table_association",
    id = "{subnet_id}",
    unique("subnet_id"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct RouteTableAssociation {
    /// The subnet, which follows one table.
    #[field(immutable)]
    pub subnet_id: Id<Subnet>,
    /// The table.
    pub route_table_id: Id<RouteTable>,
}

/// What AWS computes of a [`RouteTableAssociation`].
#[attributes]
pub struct RouteTableAssociationAttributes {
    /// The subnet's id.
    pub id: Id<RouteTableAssociation>,
    /// AWS's own id of the association, under which Terraform knows it.
    #[field(volatile, form = "rtbassoc-{hex17}")]
    pub association_id: String,
}
