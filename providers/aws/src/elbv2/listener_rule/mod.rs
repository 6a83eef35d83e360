//! `aws_lb_listener_rule`.

#[cfg(feature = "elbv2")]
mod client;
#[cfg(feature = "elbv2")]
mod transform;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{LbListener, ListenerAction};

/// A rule of an application load balancer's listener: the actions for requests that meet conditions.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let targets = stack.add("api", aws::LbTargetGroup::in_vpc(&vpc, "api", "TCP", 443));
/// # let balancer = stack.add("api", aws::Lb::new("api").load_balancer_type(aws::LoadBalancerType::Network).subnets([&subnet]));
/// # let listener = stack.add("web", aws::LbListener::new(&balancer, 80, [aws::ListenerAction::forward(&targets)]).protocol("HTTP"));
/// let images = aws::RuleCondition::new().path_pattern(aws::PatternCondition::new().values(["/images/*"]));
/// let rule = aws::LbListenerRule::new(&listener, [aws::ListenerAction::forward(&targets)], [images]);
/// stack.add("images", rule);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_lb_listener_rule",
    id = "{listener_arn}/{hex8}{hex8}",
    unique("listener_arn", "priority"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LbListenerRule {
    /// The listener.
    #[field(immutable)]
    pub listener_arn: Id<LbListener>,
    /// Its priority among the listener's rules, 1 to 50000. The default is after all others.
    #[field(computed, minimum = 1, maximum = 50000)]
    pub priority: Option<u32>,
    /// The actions for the requests.
    #[field(required)]
    pub action: Vec<ListenerAction>,
    /// The conditions. A request must meet all of them.
    #[field(required)]
    pub condition: BTreeSet<RuleCondition>,
    /// The changes to the host and to the address of a request.
    #[field(max_items = 2)]
    pub transform: BTreeSet<RuleTransform>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// A condition for requests. Set exactly one field.
#[block(one_of(
    "host_header",
    "path_pattern",
    "http_request_method",
    "source_ip",
    "http_header",
    "query_string"
))]
#[derive(Default, Eq, PartialOrd, Ord)]
pub struct RuleCondition {
    /// The host is one of these. `*` stands for any text, `?` for any character.
    pub host_header: Option<PatternCondition>,
    /// The path is one of these. `*` stands for any text, `?` for any character.
    pub path_pattern: Option<PatternCondition>,
    /// The method is one of these.
    pub http_request_method: Option<ConditionValues>,
    /// The client's address is in one of these networks.
    pub source_ip: Option<ConditionValues>,
    /// A header has one of these values.
    pub http_header: Option<HttpHeaderCondition>,
    /// The query has one of these.
    pub query_string: BTreeSet<QueryStringCondition>,
}

/// Values. One of them must match.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct ConditionValues {
    /// The values.
    #[field(required)]
    pub values: BTreeSet<String>,
}

/// Values or regular expressions. One of them must match.
#[block(any_of("values", "regex_values"))]
#[derive(Default, Eq, PartialOrd, Ord)]
pub struct PatternCondition {
    /// The values. `*` stands for any text, `?` for any character.
    pub values: BTreeSet<String>,
    /// Regular expressions.
    pub regex_values: BTreeSet<String>,
}

/// Values of a header. One of them must match.
#[block(any_of("values", "regex_values"))]
#[derive(Eq, PartialOrd, Ord)]
pub struct HttpHeaderCondition {
    /// The header.
    pub http_header_name: String,
    /// The values. `*` stands for any text, `?` for any character.
    pub values: BTreeSet<String>,
    /// Regular expressions.
    pub regex_values: BTreeSet<String>,
}

/// A parameter of a query.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct QueryStringCondition {
    /// The key. By default any key matches.
    pub key: Option<String>,
    /// The value. `*` stands for any text, `?` for any character.
    pub value: String,
}

/// A change to a request before it goes to a target.
#[block(
    needs("host_header_rewrite_config", when("type", is = "host-header-rewrite")),
    needs("url_rewrite_config", when("type", is = "url-rewrite")),
    at_most_one_of("host_header_rewrite_config", "url_rewrite_config")
)]
#[derive(Eq, PartialOrd, Ord)]
pub struct RuleTransform {
    /// What changes.
    pub r#type: TransformType,
    /// How the host changes.
    pub host_header_rewrite_config: Option<RewriteConfig>,
    /// How the address changes.
    pub url_rewrite_config: Option<RewriteConfig>,
}

/// What a transform changes.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum TransformType {
    /// The host.
    HostHeaderRewrite,
    /// The path and the query.
    UrlRewrite,
}

/// How a text changes.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct RewriteConfig {
    /// The replacement.
    pub rewrite: Rewrite,
}

/// A replacement.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Rewrite {
    /// The regular expression that the text must match.
    pub regex: String,
    /// The new text. `$1` stands for the first group.
    pub replace: String,
}

/// The attributes that AWS computes for an [`LbListenerRule`].
#[attributes]
pub struct LbListenerRuleAttributes {
    /// The rule's ARN.
    pub id: Id<LbListenerRule>,
    /// The same ARN, as a separate attribute.
    #[field(form = "{id}")]
    pub arn: String,
}
