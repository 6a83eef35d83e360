//! `aws_lb`.

#[cfg(feature = "elbv2")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use crate::ec2::{Eip, SecurityGroup, Subnet, Vpc};

/// A network, application or gateway load balancer.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// let balancer = aws::Lb::new("api").load_balancer_type(aws::LoadBalancerType::Network).subnets([&subnet]);
/// let balancer = stack.add("api", balancer);
/// stack.output("api", balancer.dns_name());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_lb",
    id = "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{name}/{hex8}{hex8}",
    unique("name"),
    one_of("subnets", "subnet_mapping"),
    takes(create = 120, update = 5, delete = 10)
)]
pub struct Lb {
    /// Its name, unique in the region, at most 32 characters.
    #[field(immutable, max_length = 32, pattern = "^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$")]
    pub name: String,
    /// Its type.
    #[field(immutable, default = LoadBalancerType::Application)]
    pub load_balancer_type: LoadBalancerType,
    /// Whether it has private addresses only.
    #[field(immutable, default = false)]
    pub internal: bool,
    /// Its subnets, one for each zone, with their addresses.
    #[field(computed)]
    pub subnet_mapping: BTreeSet<SubnetMapping>,
    /// Its subnets, without addresses.
    #[field(computed)]
    pub subnets: BTreeSet<Id<Subnet>>,
    /// Its security groups.
    #[field(computed)]
    pub security_groups: BTreeSet<Id<SecurityGroup>>,
    /// `ipv4` or `dualstack`.
    #[field(computed, form = "ipv4")]
    pub ip_address_type: Option<String>,
    /// Whether each zone serves the targets of all zones. An application load balancer always does.
    #[field(computed)]
    pub enable_cross_zone_load_balancing: Option<bool>,
    /// Whether AWS refuses to delete it.
    #[field(default = false)]
    pub enable_deletion_protection: bool,
    /// The idle timeout of an application load balancer's connections, in seconds.
    #[field(default = 60)]
    pub idle_timeout: u32,
    /// Whether an application load balancer supports HTTP/2.
    #[field(default = true)]
    pub enable_http2: bool,
    /// Whether an application load balancer drops invalid headers.
    #[field(default = false)]
    pub drop_invalid_header_fields: bool,
    /// Whether an application load balancer passes the `Host` header on unchanged.
    #[field(default = false)]
    pub preserve_host_header: bool,
    /// The access log.
    pub access_logs: Option<AccessLogs>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The type of a load balancer.
#[block]
#[serde(rename_all = "lowercase")]
pub enum LoadBalancerType {
    /// HTTP.
    Application,
    /// Any IP packet, through appliances.
    Gateway,
    /// TCP, UDP and TLS.
    Network,
}

/// A subnet of a load balancer.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct SubnetMapping {
    /// The subnet.
    pub subnet_id: Id<Subnet>,
    /// The public address in the subnet. By default AWS chooses one.
    pub allocation_id: Option<Id<Eip>>,
    /// The private address in the subnet, for an internal load balancer.
    #[field(computed)]
    pub private_ipv4_address: Option<String>,
    /// The IPv6 address in the subnet.
    #[field(computed)]
    pub ipv6_address: Option<String>,
}

/// The access log of a load balancer.
#[block]
pub struct AccessLogs {
    /// The S3 bucket.
    pub bucket: String,
    /// The prefix of the keys.
    pub prefix: Option<String>,
    /// Whether it is on.
    #[field(default = false)]
    pub enabled: bool,
}

/// The attributes that AWS computes for an [`Lb`].
#[attributes]
pub struct LbAttributes {
    /// The load balancer's ARN.
    pub id: Id<Lb>,
    /// The same ARN, as a separate attribute.
    #[field(form = "{id}")]
    pub arn: String,
    /// Its name in DNS.
    #[field(form = "{name}-{hex8}{hex8}.elb.{region}.amazonaws.com")]
    pub dns_name: String,
    /// The Route 53 zone of that name, for aliases.
    #[field(form = "Z{digits12}")]
    pub zone_id: String,
    /// The VPC of its subnets.
    pub vpc_id: Option<Id<Vpc>>,
}
