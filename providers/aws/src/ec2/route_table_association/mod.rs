//! `aws_route_table_association`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Id, attributes, resource};

use super::{RouteTable, Subnet};

/// The route table of a subnet. Associations with gateways are not covered.
///
/// A change of the table moves the subnet without a gap. AWS then gives the association a new id. The id here is
/// therefore the subnet's, so that Landform finds an interrupted move again.
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
    /// The subnet. A subnet has one table.
    #[field(immutable)]
    pub subnet_id: Id<Subnet>,
    /// The table.
    pub route_table_id: Id<RouteTable>,
}

/// The attributes that AWS computes for a [`RouteTableAssociation`].
#[attributes]
pub struct RouteTableAssociationAttributes {
    /// The subnet's id.
    pub id: Id<RouteTableAssociation>,
    /// The association's id in AWS, which is its id in Terraform.
    #[field(volatile, form = "rtbassoc-{hex17}")]
    pub association_id: String,
}
