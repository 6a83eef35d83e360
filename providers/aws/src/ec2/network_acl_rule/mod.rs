//! `aws_network_acl_rule`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Cidr, Id, attributes, block, resource};

use super::NetworkAcl;

/// A rule of a network ACL. AWS checks rules in the order of their numbers. The first one that matches decides.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// let acl = stack.add("private", aws::NetworkAcl::new(&vpc));
/// let https = aws::NetworkAclRule::new(&acl, 100, "tcp", aws::RuleAction::Allow).from_port(443).to_port(443);
/// stack.add("https", https.cidr_block("10.0.0.0/16".parse::<Cidr>()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_network_acl_rule",
    id = "{network_acl_id}:{rule_number}:{protocol}:{egress}",
    unique("network_acl_id", "rule_number", "egress"),
    one_of("cidr_block", "ipv6_cidr_block"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct NetworkAclRule {
    /// The list.
    #[field(immutable)]
    pub network_acl_id: Id<NetworkAcl>,
    /// Its number, 1 to 32766.
    #[field(immutable, minimum = 1, maximum = 32766)]
    pub rule_number: u32,
    /// Whether it applies to outgoing traffic.
    #[field(immutable, default = false)]
    pub egress: bool,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    #[field(immutable, same = "ip_protocol")]
    pub protocol: String,
    /// Whether it allows or denies the traffic.
    #[field(immutable)]
    pub rule_action: RuleAction,
    /// The peer, an IPv4 network. Set this or `ipv6_cidr_block`.
    #[field(immutable)]
    pub cidr_block: Option<Cidr>,
    /// The peer, an IPv6 network. Set this or `cidr_block`.
    #[field(immutable)]
    pub ipv6_cidr_block: Option<Cidr>,
    /// The first port, with TCP and UDP.
    #[field(immutable)]
    pub from_port: Option<i32>,
    /// The last port, with TCP and UDP.
    #[field(immutable)]
    pub to_port: Option<i32>,
    /// The ICMP type, with ICMP. -1 means all types.
    #[field(immutable)]
    pub icmp_type: Option<i32>,
    /// The ICMP code, with ICMP. -1 means all codes.
    #[field(immutable)]
    pub icmp_code: Option<i32>,
}

/// The action of a rule.
#[block]
#[serde(rename_all = "lowercase")]
pub enum RuleAction {
    /// The rule allows the traffic.
    Allow,
    /// The rule denies the traffic.
    Deny,
}

/// The attributes that AWS computes for a [`NetworkAclRule`].
#[attributes]
pub struct NetworkAclRuleAttributes {
    /// The list, the number, the protocol and the direction, joined by colons.
    pub id: Id<NetworkAclRule>,
}
