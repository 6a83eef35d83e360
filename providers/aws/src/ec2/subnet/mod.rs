//! `aws_subnet`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Cidr, Id, Input, attributes, block, resource};

use super::Vpc;

/// A part of a VPC's range, in one availability zone.
///
/// AWS refuses to delete it while it contains network interfaces: instances, NAT gateways, load balancers.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// let subnet = aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?).availability_zone("us-east-2a");
/// stack.add("a", subnet);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_subnet",
    id = "subnet-{hex17}",
    disjoint("cidr_block", within = "vpc_id"),
    disjoint("ipv6_cidr_block", within = "vpc_id"),
    inside("cidr_block", of = "vpc_id"),
    any_of("cidr_block", "ipv6_cidr_block"),
    at_most_one_of("availability_zone", "availability_zone_id"),
    refuses("cidr_block", when("ipv6_native", is = true)),
    needs("ipv6_cidr_block", when("assign_ipv6_address_on_creation", is = true)),
    takes(create = 3, update = 1, delete = 1)
)]
pub struct Subnet {
    /// The VPC.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// The IPv4 range, of prefix length 16 to 28. An IPv6-only subnet has none.
    #[field(immutable)]
    pub cidr_block: Option<Cidr>,
    /// The IPv6 range, of prefix length 44 to 64.
    pub ipv6_cidr_block: Option<Cidr>,
    /// Whether it has IPv6 addresses only.
    #[field(immutable, default = false)]
    pub ipv6_native: bool,
    /// The zone, such as `us-east-2a`.
    #[field(immutable, computed, form = "{zone}")]
    pub availability_zone: Option<String>,
    /// The zone by its id, such as `use2-az1`, which means the same zone in every account.
    #[field(immutable, computed)]
    pub availability_zone_id: Option<String>,
    /// Whether instances get public IPv4 addresses.
    #[field(default = false)]
    pub map_public_ip_on_launch: bool,
    /// Whether network interfaces get IPv6 addresses.
    #[field(default = false)]
    pub assign_ipv6_address_on_creation: bool,
    /// Whether the DNS server gives synthetic IPv6 addresses for IPv4-only names.
    #[field(default = false)]
    pub enable_dns64: bool,
    /// Whether an instance's resource name has an A record.
    #[field(default = false)]
    pub enable_resource_name_dns_a_record_on_launch: bool,
    /// Whether an instance's resource name has an AAAA record.
    #[field(default = false)]
    pub enable_resource_name_dns_aaaa_record_on_launch: bool,
    /// The basis of instances' host names.
    #[field(computed, form = "ip-name")]
    pub private_dns_hostname_type_on_launch: Option<HostnameType>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl Subnet {
    /// Starts the declaration of a subnet with an IPv4 range. An IPv6 range can be added.
    pub fn ipv4(vpc_id: impl Into<Input<Id<Vpc>>>, cidr_block: impl Into<Input<Cidr>>) -> SubnetBuilder {
        Self::new(vpc_id).cidr_block(cidr_block)
    }
}

/// The basis of an instance's host name.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum HostnameType {
    /// Its IPv4 address.
    IpName,
    /// Its id.
    ResourceName,
}

/// The attributes that AWS computes for a [`Subnet`].
#[attributes]
pub struct SubnetAttributes {
    /// The subnet's id.
    pub id: Id<Subnet>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:subnet/{id}")]
    pub arn: String,
    /// The account that owns it.
    #[field(form = "{account}")]
    pub owner_id: String,
    /// The id of the IPv6 range's association, if there is one.
    #[field(form = "subnet-cidr-assoc-{hex17}", only_with = "ipv6_cidr_block")]
    pub ipv6_cidr_block_association_id: Option<String>,
}
