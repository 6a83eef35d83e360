//! `aws_route`.

#[cfg(feature = "ec2")]
pub(crate) mod client;

use landform_core::{Cidr, Id, Input, attributes, resource};

use super::{
    EgressOnlyInternetGateway, InternetGateway, NatGateway, RouteTable, VpcEndpoint, VpcPeeringConnection,
};

/// One entry of a route table: one destination and one target. The table and the destination identify it. Its id has
/// the format of Terraform's import.
///
/// AWS allows the deletion of a target while routes lead to it. The routes become black holes.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let table = stack.add("private", aws::RouteTable::new(&vpc));
/// let gateway = stack.add("main", aws::InternetGateway::new(&vpc));
/// stack.add("out", aws::Route::ipv4(&table, "0.0.0.0/0".parse::<Cidr>()?).gateway_id(gateway.id()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_route",
    id = "{route_table_id}_{destination_cidr_block|destination_ipv6_cidr_block|destination_prefix_list_id}",
    unique("route_table_id", "destination_cidr_block"),
    unique("route_table_id", "destination_ipv6_cidr_block"),
    unique("route_table_id", "destination_prefix_list_id"),
    one_of("destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"),
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
    ),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct Route {
    /// The table.
    #[field(immutable)]
    pub route_table_id: Id<RouteTable>,
    /// An IPv4 destination. A route has one destination.
    #[field(immutable)]
    pub destination_cidr_block: Option<Cidr>,
    /// An IPv6 destination.
    #[field(immutable)]
    pub destination_ipv6_cidr_block: Option<Cidr>,
    /// The networks of a prefix list, such as `pl-0a1b…`.
    #[field(immutable)]
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

impl Route {
    /// Starts the declaration of a route for IPv4.
    pub fn ipv4(
        route_table_id: impl Into<Input<Id<RouteTable>>>,
        destination: impl Into<Input<Cidr>>,
    ) -> RouteBuilder {
        Self::new(route_table_id).destination_cidr_block(destination)
    }

    /// Starts the declaration of a route for IPv6.
    pub fn ipv6(
        route_table_id: impl Into<Input<Id<RouteTable>>>,
        destination: impl Into<Input<Cidr>>,
    ) -> RouteBuilder {
        Self::new(route_table_id).destination_ipv6_cidr_block(destination)
    }
}

/// The attributes that AWS computes for a [`Route`].
#[attributes]
pub struct RouteAttributes {
    /// The table's id and the destination, such as `rtb-0a1b…_0.0.0.0/0`.
    pub id: Id<Route>,
    /// Its origin: `CreateRoute`.
    #[field(form = "CreateRoute")]
    pub origin: String,
    /// `active`, or `blackhole` once its target is gone.
    #[field(form = "active")]
    pub state: String,
    /// The instance of the target's network interface.
    pub instance_id: Option<String>,
    /// The account that owns that instance.
    pub instance_owner_id: Option<String>,
}
