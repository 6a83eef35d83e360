//! `aws_security_group`.

#[cfg(feature = "ec2")]
mod client;
#[cfg(feature = "ec2")]
mod inline;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Cidr, Id, attributes, block, resource};

use super::Vpc;

/// A named set of rules for the traffic of network interfaces. The rules are separate resources
/// ([`SecurityGroupRule`](super::SecurityGroupRule)), or all rules of a direction are in `ingress` or `egress`. Do not use
/// both for one direction of a group: the group would remove the rules of the separate resources.
///
/// AWS refuses to delete it while an interface uses it or another group's rule refers to it.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// stack.add("web", aws::SecurityGroup::new(&vpc, "web").description("Web servers"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_security_group",
    id = "sg-{hex17}",
    unique("vpc_id", "name"),
    at_most_one_of("name", "name_prefix"),
    takes(create = 3, update = 1, delete = 2)
)]
pub struct SecurityGroup {
    /// The VPC.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// Its name, unique in the VPC.
    #[field(
        immutable,
        generated = "name_prefix",
        max_length = 255,
        pattern = r"^[a-zA-Z0-9 ._:/()#,@+=&;{}!$*\[\]-]+$"
    )]
    pub name: String,
    /// The start of a generated name.
    #[field(
        immutable,
        computed,
        unseen,
        max_length = 229,
        pattern = r"^[a-zA-Z0-9 ._:/()#,@+=&;{}!$*\[\]-]+$"
    )]
    pub name_prefix: Option<String>,
    /// What it is for.
    #[field(immutable, default = "Managed by Landform", max_length = 255)]
    pub description: String,
    /// All rules for incoming traffic. Without this argument the group leaves them to separate resources.
    #[field(computed, shared)]
    pub ingress: BTreeSet<InlineRule>,
    /// All rules for outgoing traffic. Without this argument the group leaves them to separate resources.
    #[field(computed, shared)]
    pub egress: BTreeSet<InlineRule>,
    /// Whether a deletion first removes all rules. Use it if services add rules to the group that keep others in use.
    #[field(unseen, default = false)]
    pub revoke_rules_on_delete: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// A rule inside a [`SecurityGroup`]. A direction has one rule for each protocol, range of ports and description.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct InlineRule {
    /// The first port, or the ICMP type. -1 means all of ICMP. 0 with protocol `-1`.
    pub from_port: i32,
    /// The last port, or the ICMP code. -1 means all of ICMP. 0 with protocol `-1`.
    pub to_port: i32,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    #[field(same = "ip_protocol")]
    pub protocol: String,
    /// The peers: IPv4 networks.
    pub cidr_blocks: BTreeSet<Cidr>,
    /// The peers: IPv6 networks.
    pub ipv6_cidr_blocks: BTreeSet<Cidr>,
    /// The peers: prefix lists, such as `pl-0a1b…`.
    pub prefix_list_ids: BTreeSet<String>,
    /// The peers: the members of these groups.
    pub security_groups: BTreeSet<Id<SecurityGroup>>,
    /// Whether the members of the group are peers.
    #[field(name = "self", default = false)]
    pub itself: bool,
    /// What it is for.
    pub description: Option<String>,
}

/// The attributes that AWS computes for a [`SecurityGroup`].
#[attributes]
pub struct SecurityGroupAttributes {
    /// The group's id.
    pub id: Id<SecurityGroup>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:security-group/{id}")]
    pub arn: String,
    /// The account that owns it.
    #[field(form = "{account}")]
    pub owner_id: String,
}
