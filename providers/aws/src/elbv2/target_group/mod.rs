//! `aws_lb_target_group`.

#[cfg(feature = "elbv2")]
mod client;
mod routing;
#[cfg(feature = "elbv2")]
mod settings;

use std::collections::BTreeMap;

use landform_core::{Id, Input, attributes, block, resource};

pub use self::routing::*;

use crate::ec2::Vpc;

/// A group of targets for a load balancer's listeners. All targets except a Lambda function need a VPC, a protocol and a
/// port. AWS refuses to delete it while a listener forwards to it. AWS allows the deletion of its
/// VPC.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// stack.add("api", aws::LbTargetGroup::in_vpc(&vpc, "api", "TCP", 443));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_lb_target_group",
    id = "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex8}{hex8}",
    unique("name"),
    at_most_one_of("name", "name_prefix"),
    needs("vpc_id", "protocol", "port", when("target_type", is = "instance")),
    needs("vpc_id", "protocol", "port", when("target_type", is = "ip")),
    needs("vpc_id", "protocol", "port", when("target_type", is = "alb")),
    refuses("vpc_id", "protocol", "port", "protocol_version", when("target_type", is = "lambda")),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LbTargetGroup {
    /// The VPC of the targets.
    #[field(immutable, weak)]
    pub vpc_id: Option<Id<Vpc>>,
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
    /// `TCP`, `TLS`, `UDP`, `TCP_UDP`, `HTTP`, `HTTPS` or `GENEVE`.
    #[field(immutable)]
    pub protocol: Option<String>,
    /// The version of HTTP: `HTTP1`, `HTTP2` or `GRPC`.
    #[field(immutable, computed, pattern = "^(HTTP1|HTTP2|GRPC)$")]
    pub protocol_version: Option<String>,
    /// The port of the targets.
    #[field(immutable)]
    pub port: Option<u16>,
    /// The type of its targets: `instance`, `ip`, `alb` or `lambda`.
    #[field(immutable, default = "instance", pattern = "^(instance|ip|alb|lambda)$")]
    pub target_type: String,
    /// The type of the targets' addresses: `ipv4` or `ipv6`.
    #[field(immutable, computed, pattern = "^ipv[46]$")]
    pub ip_address_type: Option<String>,
    /// The port on which targets report their load to a target optimizer.
    #[field(immutable, minimum = 1)]
    pub target_control_port: Option<u16>,
    /// Whether connections end when a target is deregistered.
    #[field(default = false)]
    pub connection_termination: bool,
    /// The time for draining a target, in seconds, 0 to 3600.
    #[field(default = 300, maximum = 3600)]
    pub deregistration_delay: u32,
    /// The time in which the share of a new target grows, in seconds: 30 to 900. 0 means that it has its full share at
    /// once.
    #[field(default = 0, maximum = 900)]
    pub slow_start: u32,
    /// How an application load balancer chooses a target.
    #[field(computed)]
    pub load_balancing_algorithm_type: Option<LoadBalancingAlgorithm>,
    /// Whether unusual targets get fewer requests. It needs the algorithm `weighted_random`.
    #[field(computed)]
    pub load_balancing_anomaly_mitigation: Option<OnOff>,
    /// Whether each zone serves the targets of all zones.
    #[field(computed)]
    pub load_balancing_cross_zone_enabled: Option<CrossZone>,
    /// Whether a Lambda function gets the headers and the parameters as lists.
    #[field(default = false)]
    pub lambda_multi_value_headers_enabled: bool,
    /// Whether the requests of a client go to the same target.
    #[field(computed)]
    pub stickiness: Option<TargetStickiness>,
    /// What a gateway load balancer does with the flows of a target that leaves or fails.
    #[field(computed)]
    pub target_failover: Option<TargetFailover>,
    /// The number of healthy targets that the group needs.
    #[field(computed)]
    pub target_group_health: Option<TargetGroupHealth>,
    /// What a network load balancer does with the connections to an unhealthy target.
    #[field(computed)]
    pub target_health_state: Option<TargetHealthState>,
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
    #[field(computed, max_length = 1024, pattern = "^/")]
    pub path: Option<String>,
    /// The status codes that count as healthy, such as `200-399`. With the version `GRPC`, the codes of gRPC.
    #[field(computed)]
    pub matcher: Option<String>,
    /// The time between checks, in seconds, 5 to 300.
    #[field(default = 30, minimum = 5, maximum = 300)]
    pub interval: u32,
    /// The time to wait for an answer, in seconds, 2 to 120.
    #[field(computed, minimum = 2, maximum = 120)]
    pub timeout: Option<u32>,
    /// The number of successful checks in a row after which a target is healthy.
    #[field(default = 3, minimum = 2, maximum = 10)]
    pub healthy_threshold: u32,
    /// The number of failed checks in a row after which it is unhealthy.
    #[field(default = 3, minimum = 2, maximum = 10)]
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
    /// The last part of the ARN, which the metrics of CloudWatch name.
    #[field(form = "targetgroup/{name}/{hex8}{hex8}")]
    pub arn_suffix: String,
}

impl LbTargetGroup {
    /// Starts the declaration of a group of instances in a VPC.
    pub fn in_vpc(
        vpc: impl Into<Input<Id<Vpc>>>,
        name: impl Into<Input<String>>,
        protocol: impl Into<Input<String>>,
        port: impl Into<Input<u16>>,
    ) -> LbTargetGroupBuilder {
        Self::new(name).vpc_id(vpc).protocol(protocol).port(port)
    }
}
