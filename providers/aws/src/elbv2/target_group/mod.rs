//! `aws_lb_target_group`.

#[cfg(feature = "elbv2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

use crate::ec2::Vpc;

/// A group of targets for a load balancer's listeners. AWS refuses to delete it while a listener forwards to it. AWS
/// allows the deletion of its VPC.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// stack.add("api", aws::LbTargetGroup::new(&vpc, "api", "TCP", 443));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_lb_target_group",
    id = "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex8}{hex8}",
    unique("name"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LbTargetGroup {
    /// The VPC of the targets.
    #[field(immutable, weak)]
    pub vpc_id: Id<Vpc>,
    /// Its name, unique in the region, at most 32 characters.
    #[field(immutable, max_length = 32, pattern = "^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$")]
    pub name: String,
    /// `TCP`, `TLS`, `UDP`, `TCP_UDP`, `HTTP` or `HTTPS`.
    #[field(immutable)]
    pub protocol: String,
    /// The port of the targets.
    #[field(immutable)]
    pub port: u16,
    /// The type of its targets: `instance`, `ip` or `alb`.
    #[field(immutable, default = "instance")]
    pub target_type: String,
    /// Whether connections end when a target is deregistered.
    #[field(default = false)]
    pub connection_termination: bool,
    /// The time for draining a target, in seconds, 0 to 3600.
    #[field(default = 300)]
    pub deregistration_delay: u32,
    /// Whether targets see the client's address.
    #[field(computed)]
    pub preserve_client_ip: Option<bool>,
    /// Whether connections start with the header of the PROXY protocol.
    #[field(default = false)]
    pub proxy_protocol_v2: bool,
    /// The health check of targets.
    #[field(computed)]
    pub health_check: Option<TargetHealthCheck>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The health check of targets.
#[block]
pub struct TargetHealthCheck {
    /// Whether the check is on.
    #[field(default = true)]
    pub enabled: bool,
    /// `TCP`, `HTTP` or `HTTPS`.
    #[field(default = "HTTP")]
    pub protocol: String,
    /// A port, or `traffic-port` for the target's port.
    #[field(default = "traffic-port")]
    pub port: String,
    /// The path of the check, with HTTP and HTTPS.
    #[field(computed)]
    pub path: Option<String>,
    /// The status codes that count as healthy, such as `200-399`.
    #[field(computed)]
    pub matcher: Option<String>,
    /// The time between checks, in seconds, 5 to 300.
    #[field(default = 30)]
    pub interval: u32,
    /// Seconds to wait for an answer.
    #[field(computed)]
    pub timeout: Option<u32>,
    /// The number of successful checks in a row after which a target is healthy.
    #[field(default = 3)]
    pub healthy_threshold: u32,
    /// The number of failed checks in a row after which it is unhealthy.
    #[field(default = 3)]
    pub unhealthy_threshold: u32,
}

/// The attributes that AWS computes for an [`LbTargetGroup`].
#[attributes]
pub struct LbTargetGroupAttributes {
    /// The target group's ARN.
    pub id: Id<LbTargetGroup>,
    /// The same ARN, as a separate attribute.
    #[field(form = "{id}")]
    pub arn: String,
}
