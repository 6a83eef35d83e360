//! `aws_nat_gateway`.

#[cfg(feature = "ec2")]
mod addresses;
#[cfg(feature = "ec2")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, Input, attributes, block, resource};

use super::{Eip, Subnet};

/// A managed gateway for private subnets. It leads to the internet with one public address, or to other networks with a
/// private address.
///
/// A public gateway is in a public subnet, whose VPC must have an internet gateway. AWS allows its deletion while
/// routes lead to it.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// let address = stack.add("egress", aws::Eip::new());
/// stack.add("egress", aws::NatGateway::public(&subnet, &address));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_nat_gateway",
    id = "nat-{hex17}",
    needs("allocation_id", when("connectivity_type", is = "public")),
    refuses("allocation_id", "secondary_allocation_ids", when("connectivity_type", is = "private")),
    refuses("secondary_private_ip_address_count", when("connectivity_type", is = "public")),
    at_most_one_of("secondary_private_ip_address_count", "secondary_private_ip_addresses"),
    takes(create = 100, update = 1, delete = 60)
)]
pub struct NatGateway {
    /// Its subnet.
    #[field(immutable)]
    pub subnet_id: Id<Subnet>,
    /// Whether it leads to the internet, or only to other networks.
    #[field(immutable, default = Connectivity::Public)]
    pub connectivity_type: Connectivity,
    /// Its public address. A private gateway has none.
    #[field(immutable)]
    pub allocation_id: Option<Id<Eip>>,
    /// Its address in the subnet.
    #[field(immutable, computed, form = "{ipv4}")]
    pub private_ip: Option<String>,
    /// Further public addresses of a public gateway. Each adds 55,000 connections to one destination.
    pub secondary_allocation_ids: BTreeSet<Id<Eip>>,
    /// How many further addresses in the subnet AWS chooses for a private gateway.
    #[field(immutable, computed, maximum = 31)]
    pub secondary_private_ip_address_count: Option<u32>,
    /// Further addresses in the subnet. With `secondary_allocation_ids`, the default is one for each of these.
    #[field(computed, max_items = 31)]
    pub secondary_private_ip_addresses: BTreeSet<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl NatGateway {
    /// Starts the declaration of a gateway to the internet.
    pub fn public(
        subnet_id: impl Into<Input<Id<Subnet>>>,
        allocation_id: impl Into<Input<Id<Eip>>>,
    ) -> NatGatewayBuilder {
        Self::new(subnet_id).allocation_id(allocation_id)
    }

    /// Starts the declaration of a gateway to other networks, without a public address.
    pub fn private(subnet_id: impl Into<Input<Id<Subnet>>>) -> NatGatewayBuilder {
        Self::new(subnet_id).connectivity_type(Connectivity::Private)
    }
}

/// Where a NAT gateway leads.
#[block]
#[serde(rename_all = "lowercase")]
pub enum Connectivity {
    /// To the internet.
    Public,
    /// Only to other networks.
    Private,
}

/// The attributes that AWS computes for a [`NatGateway`].
#[attributes]
pub struct NatGatewayAttributes {
    /// The gateway's id.
    pub id: Id<NatGateway>,
    /// The id of the association with its public address, if it has one.
    #[field(form = "eipassoc-{hex17}", only_with = "allocation_id")]
    pub association_id: Option<String>,
    /// Its network interface.
    #[field(form = "eni-{hex17}")]
    pub network_interface_id: String,
    /// Its public address, if it has one.
    #[field(form = "{ipv4}", only_with = "allocation_id")]
    pub public_ip: Option<String>,
}
