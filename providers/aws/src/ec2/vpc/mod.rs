//! `aws_vpc`.

#[cfg(feature = "ec2")]
pub(crate) mod client;

use std::collections::BTreeMap;

use landform_core::{Cidr, Id, attributes, block, resource};

use super::{RouteTable, SecurityGroup};

/// A virtual network.
///
/// AWS refuses to delete it while it contains subnets, gateways, further route tables or security groups.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// let vpc = aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?).enable_dns_hostnames(true);
/// stack.add("main", vpc);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource("aws_vpc", id = "vpc-{hex17}", takes(create = 2, update = 1, delete = 1))]
pub struct Vpc {
    /// The IPv4 range, of prefix length 16 to 28.
    #[field(immutable)]
    pub cidr_block: Cidr,
    /// Whether instances share hardware with other accounts.
    #[field(immutable, default = Tenancy::Default)]
    pub instance_tenancy: Tenancy,
    /// Whether the network has Amazon's DNS server.
    #[field(default = true)]
    pub enable_dns_support: bool,
    /// Whether instances with public addresses get public host names.
    #[field(default = false)]
    pub enable_dns_hostnames: bool,
    /// Whether AWS measures how much of the network's address space is used.
    #[field(default = false)]
    pub enable_network_address_usage_metrics: bool,
    /// Whether Amazon assigns an IPv6 range of prefix length 56.
    #[field(default = false)]
    pub assign_generated_ipv6_cidr_block: bool,
    /// The group of zones that announces the IPv6 range. The default is the region.
    #[field(computed)]
    pub ipv6_cidr_block_network_border_group: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The hardware of instances.
#[block]
#[serde(rename_all = "lowercase")]
pub enum Tenancy {
    /// Shared hardware, unless an instance asks for dedicated hardware.
    Default,
    /// Hardware that only this account uses.
    Dedicated,
}

/// The attributes that AWS computes for a [`Vpc`].
#[attributes]
pub struct VpcAttributes {
    /// The VPC's id.
    pub id: Id<Vpc>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:vpc/{id}")]
    pub arn: String,
    /// The account that owns it.
    #[field(form = "{account}")]
    pub owner_id: String,
    /// The route table of subnets without an association.
    #[field(form = "rtb-{hex17}")]
    pub main_route_table_id: Id<RouteTable>,
    /// The network ACL of subnets without another one.
    #[field(form = "acl-{hex17}")]
    pub default_network_acl_id: String,
    /// The security group of instances without another one.
    #[field(form = "sg-{hex17}")]
    pub default_security_group_id: Id<SecurityGroup>,
    /// The IPv6 range, if the VPC requests one.
    #[field(form = "2001:db8:{hex4}:{hex2}00::/56", only_with = "assign_generated_ipv6_cidr_block")]
    pub ipv6_cidr_block: Option<Cidr>,
    /// The id of that range's association.
    #[field(form = "vpc-cidr-assoc-{hex17}", only_with = "assign_generated_ipv6_cidr_block")]
    pub ipv6_association_id: Option<String>,
}
