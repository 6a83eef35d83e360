//! `aws_main_route_table_association`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Id, attributes, resource};

use super::{RouteTable, Vpc};

/// The main route table of a VPC, which subnets without an association use. A deletion makes the former main table the
/// main one again.
///
/// Its id is the VPC's id, as a [`RouteTableAssociation`](super::RouteTableAssociation) has the subnet's id.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let table = stack.add("private", aws::RouteTable::new(&vpc));
/// stack.add("main", aws::MainRouteTableAssociation::new(&vpc, &table));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_main_route_table_association",
    id = "{vpc_id}",
    unique("vpc_id"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct MainRouteTableAssociation {
    /// The VPC. A VPC has one main table.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// The table.
    pub route_table_id: Id<RouteTable>,
}

/// The attributes that AWS computes for a [`MainRouteTableAssociation`].
#[attributes]
pub struct MainRouteTableAssociationAttributes {
    /// The VPC's id.
    pub id: Id<MainRouteTableAssociation>,
    /// The association's id in AWS, which is its id in Terraform.
    #[field(volatile, form = "rtbassoc-{hex17}")]
    pub association_id: String,
    /// The former main table, which a deletion makes the main one again. AWS does not keep it, so the recorded value
    /// counts.
    #[field(unseen, form = "rtb-{hex17}")]
    pub original_route_table_id: Option<String>,
}
