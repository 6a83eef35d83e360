//! `aws_route_table`.

#[cfg(feature = "ec2")]
pub(crate) mod client;
#[cfg(feature = "ec2")]
mod inline;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Cidr, Id, attributes, block, resource};

use super::{EgressOnlyInternetGateway, InternetGateway, NatGateway, Vpc, VpcEndpoint, VpcPeeringConnection};

/// A table of routes. The routes are separate resources ([`Route`](super::Route)), or all of them are in `route`. Do not
/// use both for one table: the table would remove the separate routes.
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
    /// All routes, but those that AWS itself adds. Without this argument the table leaves them to separate resources.
    #[field(computed, shared)]
    pub route: BTreeSet<InlineRoute>,
    /// The virtual private gateways that add their routes to the table.
    #[field(computed, shared)]
    pub propagating_vgws: BTreeSet<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// A route inside a [`RouteTable`]: one destination and one target.
#[block(
    one_of("cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"),
    one_of(
        "gateway_id",
        "nat_gateway_id",
        "egress_only_gateway_id",
        "transit_gateway_id",
        "vpc_peering_connection_id",
        "network_interface_id",
        "vpc_endpoint_id",
        "local_gateway_id",
        "carrier_gateway_id",
        "core_network_arn"
    )
)]
#[derive(Eq, PartialOrd, Ord)]
pub struct InlineRoute {
    /// An IPv4 destination.
    pub cidr_block: Option<Cidr>,
    /// An IPv6 destination.
    pub ipv6_cidr_block: Option<Cidr>,
    /// The networks of a prefix list, such as `pl-0a1b…`.
    pub destination_prefix_list_id: Option<String>,
    /// The target: an internet gateway.
    #[field(weak)]
    pub gateway_id: Option<Id<InternetGateway>>,
    /// The target: a NAT gateway.
    #[field(weak)]
    pub nat_gateway_id: Option<Id<NatGateway>>,
    /// The target: an egress-only internet gateway, for IPv6.
    #[field(weak)]
    pub egress_only_gateway_id: Option<Id<EgressOnlyInternetGateway>>,
    /// The target: a transit gateway.
    pub transit_gateway_id: Option<String>,
    /// The target: a peering connection.
    #[field(weak)]
    pub vpc_peering_connection_id: Option<Id<VpcPeeringConnection>>,
    /// The target: a network interface.
    pub network_interface_id: Option<String>,
    /// The target: the endpoint of a gateway load balancer.
    #[field(weak)]
    pub vpc_endpoint_id: Option<Id<VpcEndpoint>>,
    /// The target: the local gateway of an Outpost.
    pub local_gateway_id: Option<String>,
    /// The target: the gateway of a carrier, in a Wavelength zone.
    pub carrier_gateway_id: Option<String>,
    /// The target: a core network of AWS Cloud WAN, by its ARN.
    pub core_network_arn: Option<String>,
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
