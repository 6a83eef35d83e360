//! `aws_lb_listener`.

#[cfg(feature = "elbv2")]
pub(super) mod action;
#[cfg(feature = "elbv2")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{Lb, LbTargetGroup};

/// A port of a load balancer, and the actions for its connections. AWS deletes it with its load balancer.
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
    /// The action for connections.
    #[field(required)]
    pub default_action: Vec<ListenerAction>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The action for connections.
#[block(
    any_of("target_group_arn", "forward", when("type", is = "forward")),
    needs("redirect", when("type", is = "redirect")),
    needs("fixed_response", when("type", is = "fixed-response"))
)]
pub struct ListenerAction {
    /// The type of the action. It decides which other field counts.
    pub r#type: ActionType,
    /// The target group to forward to. AWS refuses to delete the target group while a listener forwards to it.
    pub target_group_arn: Option<Id<LbTargetGroup>>,
    /// Several target groups to forward to, or one with sticky sessions.
    pub forward: Option<ForwardAction>,
    /// The redirection.
    pub redirect: Option<RedirectAction>,
    /// The fixed response.
    pub fixed_response: Option<FixedResponseAction>,
    /// Its position among several actions, from 1.
    #[field(computed)]
    pub order: Option<u32>,
}

/// The action for connections.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum ActionType {
    /// Forwards connections to target groups.
    Forward,
    /// Redirects requests.
    Redirect,
    /// Sends a fixed response.
    FixedResponse,
}

/// Forwarding to several target groups.
#[block]
pub struct ForwardAction {
    /// The target groups.
    #[field(required)]
    pub target_group: BTreeSet<ForwardTarget>,
    /// Whether the requests of a client go to the same target group.
    pub stickiness: Option<ForwardStickiness>,
}

/// One of several target groups.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct ForwardTarget {
    /// The target group.
    pub arn: Id<LbTargetGroup>,
    /// Its weight, 0 to 999.
    #[field(default = 1)]
    pub weight: u32,
}

/// Whether the requests of a client go to the same target group.
#[block]
pub struct ForwardStickiness {
    /// The duration in seconds, 1 to 604800.
    pub duration: u32,
    /// Whether stickiness is on.
    #[field(default = false)]
    pub enabled: bool,
}

/// The target of a redirection. A placeholder `#{…}` stands for the value of the request.
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
    /// `HTTP_301` (permanent) or `HTTP_302` (temporary).
    pub status_code: String,
}

/// A fixed response.
#[block]
pub struct FixedResponseAction {
    /// The media type of the body, such as `text/plain`.
    pub content_type: String,
    /// The body.
    pub message_body: Option<String>,
    /// The status, such as `404`.
    #[field(computed)]
    pub status_code: Option<String>,
}

impl ListenerAction {
    /// Starts the declaration of an action that forwards connections.
    pub fn forward(
        target_group: impl Into<landform_core::Input<Id<LbTargetGroup>>>,
    ) -> ListenerActionBuilder {
        Self::new(ActionType::Forward).target_group_arn(target_group)
    }
}

/// The attributes that AWS computes for an [`LbListener`].
#[attributes]
pub struct LbListenerAttributes {
    /// The listener's ARN.
    pub id: Id<LbListener>,
    /// The same ARN, as a separate attribute.
    #[field(form = "{id}")]
    pub arn: String,
}
