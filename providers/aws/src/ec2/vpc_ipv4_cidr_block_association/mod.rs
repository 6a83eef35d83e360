//! `aws_vpc_ipv4_cidr_block_association`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Cidr, Id, attributes, resource};

use super::Vpc;

/// A further IPv4 range of a VPC. Subnets in it do not refer to it, so declare the dependency explicitly.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// stack.add("more", aws::VpcIpv4CidrBlockAssociation::new(&vpc, "10.1.0.0/16".parse::<Cidr>()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_vpc_ipv4_cidr_block_association",
    id = "vpc-cidr-assoc-{hex17}",
    disjoint("cidr_block", within = "vpc_id"),
    widens("cidr_block", of = "vpc_id"),
    takes(create = 3, update = 1, delete = 3)
)]
pub struct VpcIpv4CidrBlockAssociation {
    /// The VPC.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// The range, of prefix length 16 to 28.
    #[field(immutable)]
    pub cidr_block: Cidr,
}

/// The attributes that AWS computes for a [`VpcIpv4CidrBlockAssociation`].
#[attributes]
pub struct VpcIpv4CidrBlockAssociationAttributes {
    /// The association's id.
    pub id: Id<VpcIpv4CidrBlockAssociation>,
}
