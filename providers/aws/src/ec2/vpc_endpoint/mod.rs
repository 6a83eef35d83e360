//! `aws_vpc_endpoint`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{RouteTable, SecurityGroup, Subnet, Vpc};

/// A connection from a VPC to a service without the internet.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let table = stack.add("private", aws::RouteTable::new(&vpc));
/// let endpoint = aws::VpcEndpoint::new(&vpc, "com.amazonaws.us-east-2.s3").route_table_ids([&table]);
/// stack.add("s3", endpoint);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_vpc_endpoint",
    id = "vpce-{hex17}",
    refuses(
        "subnet_ids",
        "security_group_ids",
        "private_dns_enabled",
        when("vpc_endpoint_type", is = "Gateway")
    ),
    refuses("route_table_ids", when("vpc_endpoint_type", is = "Interface")),
    takes(create = 60, update = 5, delete = 60)
)]
pub struct VpcEndpoint {
    /// The VPC.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// The service, such as `com.amazonaws.us-east-2.s3`.
    #[field(immutable)]
    pub service_name: String,
    /// The type of the endpoint.
    #[field(immutable, default = VpcEndpointType::Gateway)]
    pub vpc_endpoint_type: VpcEndpointType,
    /// The policy that limits its use. By default everything is allowed.
    #[field(computed, same = "policy")]
    pub policy: Option<String>,
    /// The route tables that lead to a gateway endpoint.
    #[field(computed)]
    pub route_table_ids: BTreeSet<Id<RouteTable>>,
    /// The subnets with interfaces, one for each zone.
    #[field(computed)]
    pub subnet_ids: BTreeSet<Id<Subnet>>,
    /// The security groups of the interfaces.
    #[field(computed)]
    pub security_group_ids: BTreeSet<Id<SecurityGroup>>,
    /// Whether the service's DNS name resolves to the interfaces.
    #[field(computed)]
    pub private_dns_enabled: Option<bool>,
    /// The addresses of the interfaces.
    #[field(computed)]
    pub ip_address_type: Option<EndpointAddresses>,
    /// The names of the endpoint in DNS.
    #[field(computed)]
    pub dns_options: Option<EndpointDnsOptions>,
    /// The region of the service. The default is the region of the VPC.
    #[field(immutable, computed, form = "{region}")]
    pub service_region: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The type of an endpoint.
#[block]
pub enum VpcEndpointType {
    /// Uses routes.
    Gateway,
    /// Uses network interfaces.
    Interface,
    /// Uses network interfaces of a gateway load balancer.
    GatewayLoadBalancer,
}

/// The addresses of an endpoint's interfaces.
#[block]
#[serde(rename_all = "lowercase")]
pub enum EndpointAddresses {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
    /// Both.
    Dualstack,
}

/// The names of an endpoint in DNS.
#[block]
pub struct EndpointDnsOptions {
    /// Which records a name has.
    #[field(computed)]
    pub dns_record_ip_type: Option<EndpointRecords>,
    /// Whether the private name leads to an interface endpoint only for the resolver's inbound traffic. A gateway endpoint
    /// serves the VPC itself.
    #[field(computed)]
    pub private_dns_only_for_inbound_resolver_endpoint: Option<bool>,
}

/// Which records the name of an endpoint has.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum EndpointRecords {
    /// A records.
    Ipv4,
    /// AAAA records.
    Ipv6,
    /// Both.
    Dualstack,
    /// Those that the service defines.
    ServiceDefined,
}

/// A name of an endpoint in DNS.
#[block]
pub struct VpcEndpointDnsEntry {
    /// The name.
    pub dns_name: String,
    /// The Route 53 zone it is in.
    pub hosted_zone_id: String,
}

/// The attributes that AWS computes for a [`VpcEndpoint`].
#[attributes]
pub struct VpcEndpointAttributes {
    /// The endpoint's id.
    pub id: Id<VpcEndpoint>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:vpc-endpoint/{id}")]
    pub arn: String,
    /// The account that owns it.
    #[field(form = "{account}")]
    pub owner_id: String,
    /// Its network interfaces.
    pub network_interface_ids: BTreeSet<String>,
    /// Its names in DNS.
    pub dns_entry: Vec<VpcEndpointDnsEntry>,
    /// Its state, such as `available`.
    #[field(form = "available")]
    pub state: Option<String>,
    /// Whether AWS manages it for a service.
    pub requester_managed: Option<bool>,
}
