//! `aws_vpc_security_group_egress_rule`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Cidr, Id, attributes, resource};

use super::SecurityGroup;

/// Outgoing traffic that a security group allows, to one peer: a network, a prefix list or a group.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let group = stack.add("web", aws::SecurityGroup::new(&vpc, "web"));
/// let everywhere: Cidr = "0.0.0.0/0".parse()?;
/// stack.add("out", aws::VpcSecurityGroupEgressRule::new(&group, "-1").cidr_ipv4(everywhere));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_vpc_security_group_egress_rule",
    id = "sgr-{hex17}",
    unique("security_group_id", "ip_protocol", "from_port", "to_port", "cidr_ipv4"),
    unique("security_group_id", "ip_protocol", "from_port", "to_port", "cidr_ipv6"),
    unique("security_group_id", "ip_protocol", "from_port", "to_port", "prefix_list_id"),
    unique("security_group_id", "ip_protocol", "from_port", "to_port", "referenced_security_group_id"),
    one_of("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct VpcSecurityGroupEgressRule {
    /// The group that has the rule.
    #[field(immutable)]
    pub security_group_id: Id<SecurityGroup>,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    #[field(same = "ip_protocol")]
    pub ip_protocol: String,
    /// The first port, or the ICMP type. `None` with protocol `-1`.
    pub from_port: Option<i32>,
    /// The last port, or the ICMP code. `None` with protocol `-1`.
    pub to_port: Option<i32>,
    /// The peer: an IPv4 network.
    pub cidr_ipv4: Option<Cidr>,
    /// The peer: an IPv6 network.
    pub cidr_ipv6: Option<Cidr>,
    /// The peer: a prefix list, such as `pl-0a1b…`.
    pub prefix_list_id: Option<String>,
    /// The peer: the members of this group.
    pub referenced_security_group_id: Option<Id<SecurityGroup>>,
    /// What it is for.
    pub description: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for a [`VpcSecurityGroupEgressRule`].
#[attributes]
pub struct VpcSecurityGroupEgressRuleAttributes {
    /// The rule's id.
    pub id: Id<VpcSecurityGroupEgressRule>,
    /// The same id, as a separate attribute.
    #[field(form = "{id}")]
    pub security_group_rule_id: String,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:security-group-rule/{id}")]
    pub arn: String,
}
