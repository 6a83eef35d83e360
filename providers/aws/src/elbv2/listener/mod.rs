//! `aws_lb_listener`.

#[cfg(feature = "elbv2")]
pub(super) mod action;
#[cfg(feature = "elbv2")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{Lb, LbTargetGroup};

/// A port of a load balancer, and what becomes of its connections. It goes with its load balancer.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let targets = stack.add("api", aws::LbTargetGroup::new(&vpc, "api", "TCP", 443));
/// # let balancer = stack.add("api", aws::Lb::new("api").load_balancer_type(aws::LoadBalancerType::Network).subnets([&subnet]));
/// let listener = aws::LbListener::new(&balancer, 443, [aws::ListenerAction::forward(&targets)]).protocol("TCP");
/// stack.add("api", listener);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_lb_listener",
    id = "{load_balancer_arn}/{hex8}{hex8}",
    unique("load_balancer_arn", "port"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LbListener {
    /// The load balancer.
    #[field(immutable)]
    pub load_balancer_arn: Id<Lb>,
    /// The port.
    pub port: u16,
    /// `TCP`, `TLS`, `UDP`, `TCP_UDP`, `HTTP` or `HTTPS`.
    #[field(computed)]
    pub protocol: Option<String>,
    /// The certificate's ARN, for TLS and HTTPS.
    pub certificate_arn: Option<String>,
    /// The named set of protocols and ciphers, for TLS and HTTPS.
    #[field(computed)]
    pub ssl_policy: Option<String>,
    /// The named order of application protocols, for TLS.
    pub alpn_policy: Option<String>,
    /// What becomes of connections.
    #[field(required)]
    pub default_action: Vec<ListenerAction>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What becomes of connections.
#[block]
pub struct ListenerAction {
    /// Which of the following it is.
    pub r#type: ActionType,
    /// Where they are forwarded to: one target group. Deleting it is refused as long.
    pub target_group_arn: Option<Id<LbTargetGroup>>,
    /// Where they are forwarded to: several target groups, or one with sticky sessions.
    pub forward: Option<ForwardAction>,
    /// Where they are sent to.
    pub redirect: Option<RedirectAction>,
    /// What they are answered.
    pub fixed_response: Option<FixedResponseAction>,
    /// Its place among several, from 1.
    #[field(computed)]
    pub order: Option<u32>,
}

/// What becomes of connections.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum ActionType {
    /// They are forwarded to target groups.
    Forward,
    /// They are sent elsewhere.
    Redirect,
    /// They get an answer that is always the same.
    FixedResponse,
}

/// Forwarding to several target groups.
#[block]
pub struct ForwardAction {
    /// The target groups.
    #[field(required)]
    pub target_group: BTreeSet<ForwardTarget>,
    /// Whether a client stays with a target group.
    pub stickiness: Option<ForwardStickiness>,
}

/// One of several target groups.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct ForwardTarget {
    /// The target group.
    pub arn: Id<LbTargetGroup>,
    /// Its share, 0 to 999.
    #[field(default = 1)]
    pub weight: u32,
}

/// Whether a client stays with a target group.
#[block]
pub struct ForwardStickiness {
    /// For how long, in seconds, 1 to 604800.
    pub duration: u32,
    /// Whether it does.
    #[field(default = false)]
    pub enabled: bool,
}

/// Where connections are sent to. What is in `#{…}` is as it was asked for.
#[block]
pub struct RedirectAction {
    /// The host.
    #[field(default = "#{host}")]
    pub host: String,
    /// The path.
    #[field(default = "/#{path}")]
    pub path: String,
    /// The port.
    #[field(default = "#{port}")]
    pub port: String,
    /// `HTTP`, `HTTPS` or `#{protocol}`.
    #[field(default = "#{protocol}")]
    pub protocol: String,
    /// The query, without `?`.
    #[field(default = "#{query}")]
    pub query: String,
    /// `HTTP_301` for good, or `HTTP_302` for now.
    pub status_code: String,
}

/// What connections are answered.
#[block]
pub struct FixedResponseAction {
    /// What the body is, as `text/plain`.
    pub content_type: String,
    /// The body.
    pub message_body: Option<String>,
    /// The status, as `404`.
    #[field(computed)]
    pub status_code: Option<String>,
}

impl ListenerAction {
    /// Begins an action that forwards connections.
    pub fn forward(
        target_group: impl Into<landform_core::Input<Id<LbTargetGroup>>>,
    ) -> ListenerActionBuilder {
        Self::new(ActionType::Forward).target_group_arn(target_group)
    }
}

/// What AWS computes of an [`LbListener`].
#[attributes]
pub struct LbListenerAttributes {
    /// The listener's ARN.
    pub id: Id<LbListener>,
    /// The same ARN, under its own name.
    #[field(form = "{id}")]
    pub arn: String,
}
