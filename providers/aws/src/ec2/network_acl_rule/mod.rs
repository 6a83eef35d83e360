//! `aws_network_acl_rule`.

#[cfg(feature = "ec2")]
mod client;

use landform_core::{Cidr, Id, attributes, block, resource};

use super::NetworkAcl;

/// A rule of a network ACL. They are tried by their numbers; the first that fits decides.
#[resource(
    "aws_network_acl_rule",
    id = "{network_acl_id}:{rule_number}:{protocol}:{egress}",
    unique("network_acl_id", "rule_number", "egress"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct NetworkAclRule {
    /// The list.
    #[field(immutable)]
    pub network_acl_id: Id<NetworkAcl>,
    /// Its number, 1 to 32766.
    #[field(immutable)]
    pub rule_number: u32,
    /// Whether it is for traffic that goes out.
    #[field(immutable, default = false)]
    pub egress: bool,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    #[field(immutable, same = "ip_protocol")]
    pub protocol: String,
    /// What becomes of the traffic.
    #[field(immutable)]
    pub rule_action: RuleAction,
    /// The peer: an IPv4 network; this or an IPv6 one.
    #[field(immutable)]
    pub cidr_block: Option<Cidr>,
    /// The peer: an IPv6 network; this or an IPv4 one.
    #[field(immutable)]
    pub ipv6_cidr_block: Option<Cidr>,
    /// The first port, with TCP and UDP.
    #[field(immutable)]
    pub from_port: Option<i32>,
    /// The last port, with TCP and UDP.
    #[field(immutable)]
    pub to_port: Option<i32>,
    /// The ICMP type, with ICMP; -1 for all.
    #[field(immutable)]
    pub icmp_type: Option<i32>,
    /// The ICMP code, with ICMP; -1 for all.
    #[field(immutable)]
    pub icmp_code: Option<i32>,
}

/// What becomes of traffic.
#[block]
#[serde(rename_all = "lowercase")]
pub enum RuleAction {
    /// It passes.
    Allow,
    /// It does not.
    Deny,
}

/// What AWS computes of a [`NetworkAclRule`].
#[attributes]
pub struct NetworkAclRuleAttributes {
    /// The list, the number, the protocol and the direction, joined by colons.
    pub id: Id<NetworkAclRule>,
}
