//! `aws_vpc_dhcp_options_association`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Id, attributes, resource};

use super::{Vpc, VpcDhcpOptions};

/// The DHCP options of a VPC. A VPC without this association has the account's default options.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// let options = stack.add("main", aws::VpcDhcpOptions::new().domain_name("example.internal"));
/// stack.add("main", aws::VpcDhcpOptionsAssociation::new(&vpc, &options));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_vpc_dhcp_options_association",
    id = "{dhcp_options_id}-{vpc_id}",
    unique("vpc_id"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct VpcDhcpOptionsAssociation {
    /// The VPC. A VPC has one set of options.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// The options.
    #[field(immutable)]
    pub dhcp_options_id: Id<VpcDhcpOptions>,
}

/// The attributes that AWS computes for a [`VpcDhcpOptionsAssociation`].
#[attributes]
pub struct VpcDhcpOptionsAssociationAttributes {
    /// The ids of options and VPC, joined by `-`.
    pub id: Id<VpcDhcpOptionsAssociation>,
}
