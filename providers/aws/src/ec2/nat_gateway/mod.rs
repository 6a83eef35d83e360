//! `aws_nat_gateway`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::{Eip, Subnet};

/// A managed gateway through which private subnets reach the internet, by one public address. Private NAT gateways,
/// which have none, are not covered.
///
/// It stands in a public subnet, whose VPC needs an internet gateway first. Routes to it may outlive it.
#[resource("aws_nat_gateway", id = "nat-{hex17}", takes(create = 100, update = 1, delete = 60))]
pub struct NatGateway {
    /// The public subnet it stands in.
    #[field(immutable)]
    pub subnet_id: Id<Subnet>,
    /// Its public address.
    #[field(immutable)]
    pub allocation_id: Id<Eip>,
    /// Its address in the subnet.
    #[field(immutable, computed, form = "{ipv4}")]
    pub private_ip: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What AWS computes of a [`NatGateway`].
#[attributes]
pub struct NatGatewayAttributes {
    /// The gateway's id.
    pub id: Id<NatGateway>,
    /// The id of the association with its public address.
    #[field(form = "eipassoc-{hex17}")]
    pub association_id: String,
    /// Its network interface.
    #[field(form = "eni-{hex17}")]
    pub network_interface_id: String,
    /// Its public address.
    #[field(form = "{ipv4}")]
    pub public_ip: String,
}
