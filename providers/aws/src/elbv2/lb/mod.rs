//! `aws_lb`.

#[cfg(feature = "elbv2")]
mod client;
mod options;
#[cfg(feature = "elbv2")]
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

pub use self::options::*;

use super::OnOff;
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
    at_most_one_of("name", "name_prefix"),
    one_of("subnets", "subnet_mapping"),
    takes(create = 120, update = 5, delete = 10)
)]
pub struct Lb {
    /// Its name, unique in the region, at most 32 characters.
    #[field(
        immutable,
        generated = "name_prefix",
        max_length = 32,
        pattern = "^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$"
    )]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 6, pattern = "^[a-zA-Z0-9][a-zA-Z0-9-]*$")]
    pub name_prefix: Option<String>,
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
    /// `ipv4`, `dualstack` or `dualstack-without-public-ipv4`.
    #[field(computed, form = "ipv4")]
    pub ip_address_type: Option<String>,
    /// The pool of an application load balancer's public addresses.
    pub ipam_pools: Option<IpamPools>,
    /// The pool of addresses of an Outpost.
    #[field(immutable)]
    pub customer_owned_ipv4_pool: Option<String>,
    /// Whether a network load balancer uses a prefix of IPv6 addresses for source NAT, which UDP needs.
    #[field(computed)]
    pub enable_prefix_for_ipv6_source_nat: Option<OnOff>,
    /// Whether the rules of a network load balancer's security groups apply to traffic through PrivateLink.
    #[field(computed)]
    pub enforce_security_group_inbound_rules_on_private_link_traffic: Option<OnOff>,
    /// The capacity that AWS reserves for it.
    pub minimum_load_balancer_capacity: Option<MinimumCapacity>,
    /// Whether each zone serves the targets of all zones. An application load balancer always does.
    #[field(computed)]
    pub enable_cross_zone_load_balancing: Option<bool>,
    /// Whether AWS refuses to delete it.
    #[field(default = false)]
    pub enable_deletion_protection: bool,
    /// The idle timeout of an application load balancer's connections, in seconds, 1 to 4000.
    #[field(default = 60, minimum = 1, maximum = 4000)]
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
    /// The maximum lifetime of a client's connection to an application load balancer, in seconds, 60 to 604800.
    #[field(default = 3600, minimum = 60, maximum = 604800)]
    pub client_keep_alive: u32,
    /// How an application load balancer treats requests that it and a target may read differently.
    #[field(default = DesyncMitigation::Defensive)]
    pub desync_mitigation_mode: DesyncMitigation,
    /// The zones whose addresses clients of a network load balancer get from DNS.
    #[field(default = ClientRouting::AnyAvailabilityZone)]
    pub dns_record_client_routing_policy: ClientRouting,
    /// Whether an application load balancer tells the targets about TLS in headers.
    #[field(default = false)]
    pub enable_tls_version_and_cipher_suite_headers: bool,
    /// Whether an application load balancer lets requests pass while its firewall does not answer.
    #[field(default = false)]
    pub enable_waf_fail_open: bool,
    /// Whether an application load balancer tells the targets about the client's port in `X-Forwarded-For`.
    #[field(default = false)]
    pub enable_xff_client_port: bool,
    /// What an application load balancer does with the header `X-Forwarded-For`.
    #[field(default = ForwardedFor::Append)]
    pub xff_header_processing_mode: ForwardedFor,
    /// Whether Route 53 may shift traffic away from a zone.
    #[field(default = false)]
    pub enable_zonal_shift: bool,
    /// The number of further private addresses of a network load balancer in each subnet, 0 to 7.
    #[field(computed, maximum = 7)]
    pub secondary_ips_auto_assigned_per_subnet: Option<u32>,
    /// The access log.
    pub access_logs: Option<AccessLogs>,
    /// The log of an application load balancer's connections.
    pub connection_logs: Option<AccessLogs>,
    /// The log of an application load balancer's health checks.
    pub health_check_logs: Option<AccessLogs>,
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

/// A log of a load balancer.
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
    /// The last part of the ARN, which the metrics of CloudWatch name.
    #[field(form = "app/{name}/{hex8}{hex8}")]
    pub arn_suffix: String,
    /// Its name in DNS.
    #[field(form = "{name}-{hex8}{hex8}.elb.{region}.amazonaws.com")]
    pub dns_name: String,
    /// The Route 53 zone of that name, for aliases.
    #[field(form = "Z{digits12}")]
    pub zone_id: String,
    /// The VPC of its subnets.
    pub vpc_id: Option<Id<Vpc>>,
}
