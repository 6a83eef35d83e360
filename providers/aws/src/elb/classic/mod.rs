//! `aws_elb`, the classic load balancer.

#[cfg(feature = "elb")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use crate::ec2::{SecurityGroup, Subnet};

/// A classic load balancer. Its instances come from autoscaling groups.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// let listener = aws::ElbListener::new(443_u16, "TCP", 443_u16, "TCP");
/// stack.add("api", aws::Elb::new("api", [listener]).subnets([&subnet]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_elb",
    id = "{name}",
    unique("name"),
    at_most_one_of("name", "name_prefix"),
    takes(create = 5, update = 2, delete = 5)
)]
pub struct Elb {
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
    /// Its ports.
    #[field(required)]
    pub listener: BTreeSet<ElbListener>,
    /// Its subnets, one for each zone.
    pub subnets: BTreeSet<Id<Subnet>>,
    /// Its security groups.
    #[field(computed)]
    pub security_groups: BTreeSet<Id<SecurityGroup>>,
    /// Whether it has private addresses only.
    #[field(immutable, default = false)]
    pub internal: bool,
    /// The health check of its instances.
    #[field(computed)]
    pub health_check: Option<ElbHealthCheck>,
    /// Whether each zone serves the instances of all zones.
    #[field(default = true)]
    pub cross_zone_load_balancing: bool,
    /// The idle timeout of a connection, in seconds, 1 to 4000.
    #[field(default = 60, minimum = 1, maximum = 4000)]
    pub idle_timeout: u32,
    /// Whether it drains an instance that leaves.
    #[field(default = false)]
    pub connection_draining: bool,
    /// The time limit for draining, in seconds.
    #[field(default = 300)]
    pub connection_draining_timeout: u32,
    /// The access log.
    pub access_logs: Option<ElbAccessLogs>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// A port of a classic load balancer.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct ElbListener {
    /// The port.
    pub lb_port: u16,
    /// `http`, `https`, `tcp` or `ssl`.
    #[field(same = "case")]
    pub lb_protocol: String,
    /// The instances' port.
    pub instance_port: u16,
    /// `http`, `https`, `tcp` or `ssl`.
    #[field(same = "case")]
    pub instance_protocol: String,
    /// The certificate's ARN, for `https` and `ssl`.
    pub ssl_certificate_id: Option<String>,
}

/// The health check of a classic load balancer's instances.
#[block]
pub struct ElbHealthCheck {
    /// The target of the check, such as `SSL:443` or `HTTP:80/healthz`.
    pub target: String,
    /// The time between checks, in seconds.
    pub interval: u32,
    /// Seconds to wait for an answer.
    pub timeout: u32,
    /// The number of successful checks in a row after which an instance is healthy.
    pub healthy_threshold: u32,
    /// The number of failed checks in a row after which it is unhealthy.
    pub unhealthy_threshold: u32,
}

/// The access log of a classic load balancer.
#[block]
pub struct ElbAccessLogs {
    /// The S3 bucket.
    pub bucket: String,
    /// The prefix of the keys.
    pub bucket_prefix: Option<String>,
    /// Whether it is on.
    #[field(default = true)]
    pub enabled: bool,
    /// The interval in minutes: 5 or 60.
    #[field(default = 60)]
    pub interval: u32,
}

/// The attributes that AWS computes for an [`Elb`].
#[attributes]
pub struct ElbAttributes {
    /// The load balancer's name.
    pub id: Id<Elb>,
    /// Its ARN.
    #[field(form = "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{name}")]
    pub arn: String,
    /// Its name in DNS.
    #[field(form = "{name}-{digits12}.{region}.elb.amazonaws.com")]
    pub dns_name: String,
    /// The Route 53 zone of that name, for aliases.
    #[field(form = "Z{digits12}")]
    pub zone_id: String,
}
