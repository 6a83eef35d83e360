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
#[resource("aws_elb", id = "{name}", unique("name"), takes(create = 5, update = 2, delete = 5))]
pub struct Elb {
    /// Its name, unique in the region, at most 32 characters.
    #[field(immutable, max_length = 32, pattern = "^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$")]
    pub name: String,
    /// Its ports.
    #[field(required)]
    pub listener: BTreeSet<ElbListener>,
    /// Its subnets, one for each zone.
    pub subnets: BTreeSet<Id<Subnet>>,
    /// Its security groups.
    #[field(computed)]
    pub security_groups: BTreeSet<Id<SecurityGroup>>,
    /// Whether it has private addresses alone.
    #[field(immutable, default = false)]
    pub internal: bool,
    /// How the health of instances is found out.
    #[field(computed)]
    pub health_check: Option<ElbHealthCheck>,
    /// Whether each zone serves the instances of all.
    #[field(default = true)]
    pub cross_zone_load_balancing: bool,
    /// How long an idle connection lasts, in seconds, 1 to 4000.
    #[field(default = 60, minimum = 1, maximum = 4000)]
    pub idle_timeout: u32,
    /// Whether an instance that leaves is drained.
    #[field(default = false)]
    pub connection_draining: bool,
    /// How long it is, in seconds.
    #[field(default = 300)]
    pub connection_draining_timeout: u32,
    /// Where its log goes.
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

/// How the health of a classic load balancer's instances is found out.
#[block]
pub struct ElbHealthCheck {
    /// What is asked, as `SSL:443` or `HTTP:80/healthz`.
    pub target: String,
    /// Seconds between checks.
    pub interval: u32,
    /// Seconds to wait for an answer.
    pub timeout: u32,
    /// How many good answers in a row make an instance healthy.
    pub healthy_threshold: u32,
    /// How many bad answers in a row make it unhealthy.
    pub unhealthy_threshold: u32,
}

/// Where a classic load balancer's log goes.
#[block]
pub struct ElbAccessLogs {
    /// The S3 bucket.
    pub bucket: String,
    /// What keys begin with.
    pub bucket_prefix: Option<String>,
    /// Whether it is written.
    #[field(default = true)]
    pub enabled: bool,
    /// How often, in minutes: 5 or 60.
    #[field(default = 60)]
    pub interval: u32,
}

/// What AWS computes of an [`Elb`].
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
