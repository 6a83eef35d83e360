//! `aws_security_group_rule`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Cidr, Id, Input, Recorded, attributes, block, resource};

use super::SecurityGroup;

/// Traffic that a security group allows, to or from its peers: networks, prefix lists, another group. AWS keeps one
/// rule for each peer. Landform makes and deletes them together.
///
/// Landform refuses two rules of a group with the same direction, protocol, ports and peer. The id consists of these,
/// in the format of Terraform's import: `sg-0a1b_ingress_tcp_22_22_10.0.0.0/8`.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let group = stack.add("web", aws::SecurityGroup::new(&vpc, "web"));
/// let everyone: Cidr = "0.0.0.0/0".parse()?;
/// stack.add("https", aws::SecurityGroupRule::ingress(&group, "tcp", 443, 443).cidr_blocks([everyone]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_security_group_rule",
    id = "{security_group_id}_{type}_{protocol}_{from_port}_{to_port}_{cidr_blocks|ipv6_cidr_blocks|prefix_list_ids|source_security_group_id|self}",
    import = import_id,
    unique("security_group_id", "type", "protocol", "from_port", "to_port", "cidr_blocks"),
    unique("security_group_id", "type", "protocol", "from_port", "to_port", "ipv6_cidr_blocks"),
    unique("security_group_id", "type", "protocol", "from_port", "to_port", "prefix_list_ids"),
    unique("security_group_id", "type", "protocol", "from_port", "to_port", "source_security_group_id"),
    any_of("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "source_security_group_id", "self"),
    refuses("self", when("source_security_group_id")),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct SecurityGroupRule {
    /// The direction.
    #[field(immutable)]
    pub r#type: Direction,
    /// The group that has the rule.
    #[field(immutable)]
    pub security_group_id: Id<SecurityGroup>,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    #[field(immutable, same = "ip_protocol")]
    pub protocol: String,
    /// The first port, or the ICMP type. -1 means all of ICMP. 0 with protocol `-1`. Other protocols have no ports.
    #[field(immutable)]
    pub from_port: i32,
    /// The last port, or the ICMP code. -1 means all of ICMP. 0 with protocol `-1`.
    #[field(immutable)]
    pub to_port: i32,
    /// The peers: IPv4 networks.
    #[field(immutable)]
    pub cidr_blocks: BTreeSet<Cidr>,
    /// The peers: IPv6 networks.
    #[field(immutable)]
    pub ipv6_cidr_blocks: BTreeSet<Cidr>,
    /// The peers: prefix lists, such as `pl-0a1b…`.
    #[field(immutable)]
    pub prefix_list_ids: BTreeSet<String>,
    /// The peers: the members of this group, which may be the rule's group.
    #[field(immutable)]
    pub source_security_group_id: Option<Id<SecurityGroup>>,
    /// Whether the peers are the members of the group itself.
    #[field(immutable, name = "self", default = false)]
    pub itself: bool,
    /// What it is for.
    pub description: Option<String>,
}

impl SecurityGroupRule {
    /// Starts the declaration of a rule for incoming traffic.
    pub fn ingress(
        security_group_id: impl Into<Input<Id<SecurityGroup>>>,
        protocol: impl Into<Input<String>>,
        from_port: impl Into<Input<i32>>,
        to_port: impl Into<Input<i32>>,
    ) -> SecurityGroupRuleBuilder {
        Self::new(Direction::Ingress, security_group_id, protocol, from_port, to_port)
    }

    /// Starts the declaration of a rule for outgoing traffic.
    pub fn egress(
        security_group_id: impl Into<Input<Id<SecurityGroup>>>,
        protocol: impl Into<Input<String>>,
        from_port: impl Into<Input<i32>>,
        to_port: impl Into<Input<i32>>,
    ) -> SecurityGroupRuleBuilder {
        Self::new(Direction::Egress, security_group_id, protocol, from_port, to_port)
    }
}

/// The id in the format of Terraform's import: `sg-0a1b_ingress_tcp_22_22_10.0.0.0/8`, with the peers in sequence.
/// `self` stands for the group itself.
fn import_id(recorded: Recorded<'_>) -> Option<String> {
    let parts = ["security_group_id", "type", "protocol", "from_port", "to_port"];
    let mut id = parts.map(|name| recorded.text(name)).into_iter().collect::<Option<Vec<String>>>()?;
    let peers = id.len();
    for list in ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"] {
        id.extend(recorded.texts(list).into_iter().map(str::to_owned));
    }
    id.extend(recorded.text("source_security_group_id"));
    id.extend(recorded.is_true("self").then(|| "self".to_owned()));
    (id.len() > peers).then(|| id.join("_"))
}

/// The direction of traffic.
#[block]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Incoming.
    Ingress,
    /// Outgoing.
    Egress,
}

/// The attributes that AWS computes for a [`SecurityGroupRule`].
#[attributes]
pub struct SecurityGroupRuleAttributes {
    /// The group, the direction, the protocol, the ports and the peers, joined by `_`.
    pub id: Id<SecurityGroupRule>,
    /// AWS's id of the rule, if it has one peer.
    #[field(form = "sgr-{hex17}")]
    pub security_group_rule_id: Option<String>,
}
