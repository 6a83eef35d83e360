//! `aws_vpc_dhcp_options_association`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Id, attributes, resource};

use super::{Vpc, VpcDhcpOptions};

/// Which DHCP options a VPC has; without one, the account's default ones.
#[resource(
    "aws_vpc_dhcp_options_association",
    id = "{dhcp_options_id}-{vpc_id}",
    unique("vpc_id"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct VpcDhcpOptionsAssociation {
    /// The VPC, which has one set of options.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// The options.
    #[field(immutable)]
    pub dhcp_options_id: Id<VpcDhcpOptions>,
}

/// What AWS computes of a [`VpcDhcpOptionsAssociation`].
#[attributes]
pub struct VpcDhcpOptionsAssociationAttributes {
    /// The ids of options and VPC, joined by `-`.
    pub id: Id<VpcDhcpOptionsAssociation>,
}
