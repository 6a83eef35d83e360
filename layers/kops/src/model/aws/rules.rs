//! Rules of security groups: one peer, one range of ports, and kops's name for it.

use super::Model;
use crate::spec::values::{AccessSource, Written};
use landform_aws as aws;
use landform_core::{Cidr, Id, Input};

/// A security group, made or used.
#[derive(Debug, Clone)]
pub(super) struct SecurityGroup {
    /// Its name in the names of rules.
    pub(super) name: String,
    /// The suffix of rules that are not named after the group. Empty for the cluster's own group.
    pub(super) suffix: String,
    pub(super) id: Input<Id<aws::SecurityGroup>>,
}

/// Addresses that a rule lets through.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Range(Written<Cidr>),
    /// A prefix list, and the name it has in the names of rules.
    Prefixes(String, String),
}

impl Source {
    /// The sources of an access list.
    ///
    /// kops names a prefix list `0.0.0.0/0`. The layer does the same, unless another source of the list has that name.
    pub(super) fn list(access: &[AccessSource]) -> Vec<Self> {
        let every = Cidr::every_ipv4();
        let has_the_name = |source: &&AccessSource| match source {
            AccessSource::Range(range) => **range == every,
            AccessSource::PrefixList(_) => true,
        };
        let alone = access.iter().filter(has_the_name).count() == 1;
        let source = |source: &AccessSource| match source {
            AccessSource::Range(range) => Self::Range(range.clone()),
            AccessSource::PrefixList(id) => {
                Self::Prefixes(id.clone(), if alone { every.to_string() } else { id.clone() })
            }
        };
        access.iter().map(source).collect()
    }

    /// Whether it lets IPv4 addresses through. A prefix list may hold addresses of both versions.
    pub(super) fn may_be_ipv4(&self) -> bool {
        !matches!(self, Self::Range(range) if range.addr().is_ipv6())
    }

    /// Whether it lets IPv6 addresses through. A prefix list may hold addresses of both versions.
    pub(super) fn may_be_ipv6(&self) -> bool {
        !matches!(self, Self::Range(range) if range.addr().is_ipv4())
    }

    /// The text in the spec.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Range(range) => range.as_str(),
            Self::Prefixes(id, _) => id,
        }
    }
}

/// Who is at the other end.
#[derive(Clone, Copy)]
pub(super) enum Peer<'a> {
    Group(&'a SecurityGroup),
    Source(&'a Source),
}

/// The traffic that a rule allows.
#[derive(Clone, Copy)]
pub(super) struct Traffic {
    /// A protocol's name or number. `None` for all protocols.
    protocol: Option<&'static str>,
    from: i32,
    to: i32,
}

impl Traffic {
    pub(super) const ALL: Self = Self { protocol: None, from: 0, to: 0 };
    /// Packets that tell a sender the largest packet size (path MTU discovery).
    pub(super) const ICMP_SIZE: Self = Self { protocol: Some("icmp"), from: 3, to: 4 };
    pub(super) const ICMPV6: Self = Self { protocol: Some("icmpv6"), from: -1, to: -1 };
    /// IP in IP, which overlay networks use. The protocol has no ports. kops sets all ports, but names the rule `0to0`.
    pub(super) const IPIP: Self = Self { protocol: Some("4"), from: 0, to: 65535 };

    pub(super) fn tcp(port: u16) -> Self {
        Self::ports("tcp", port, port)
    }

    pub(super) fn ports(protocol: &'static str, from: u16, to: u16) -> Self {
        Self { protocol: Some(protocol), from: from.into(), to: to.into() }
    }
}

impl Model<'_> {
    /// Allows traffic into a group. The rule is named after both peers.
    pub(super) fn ingress(&mut self, group: &SecurityGroup, peer: Peer, traffic: Traffic) {
        let from = peer_name(peer);
        let name = rule_name(from, "ingress", traffic, &group.name);
        self.ingress_named(&name, group, peer, traffic);
    }

    /// Allows traffic into a group, by a rule with this name.
    pub(super) fn ingress_named(&mut self, name: &str, group: &SecurityGroup, peer: Peer, traffic: Traffic) {
        let protocol = traffic.protocol.unwrap_or("-1");
        let rule = aws::SecurityGroupRule::ingress(&group.id, protocol, traffic.from, traffic.to);
        self.add_rule(name, with_peer(rule, peer));
    }

    /// Allows all traffic out of a group.
    pub(super) fn egress(&mut self, group: &SecurityGroup) {
        for all in [Cidr::every_ipv4(), Cidr::every_ipv6()] {
            let source = &Source::Range(all.into());
            let rule = aws::SecurityGroupRule::egress(&group.id, "-1", 0, 0);
            let name = rule_name(&group.name, "egress", Traffic::ALL, source.text());
            self.add_rule(&name, with_peer(rule, Peer::Source(source)));
        }
    }

    fn add_rule(&mut self, name: &str, rule: aws::SecurityGroupRuleBuilder) {
        if name.contains(self.names.cluster) {
            self.add(name, rule);
        } else {
            self.add_common(name, rule);
        }
    }
}

fn rule_name(from: &str, direction: &str, traffic: Traffic, to: &str) -> String {
    let protocol = traffic.protocol.unwrap_or("all");
    let last = if protocol == "4" { 0 } else { traffic.to };
    format!("from-{from}-{direction}-{protocol}-{}to{last}-{to}", traffic.from)
}

fn peer_name<'p>(peer: Peer<'p>) -> &'p str {
    match peer {
        Peer::Group(group) => &group.name,
        Peer::Source(Source::Prefixes(_, name)) => name,
        Peer::Source(source) => source.text(),
    }
}

fn with_peer(rule: aws::SecurityGroupRuleBuilder, peer: Peer) -> aws::SecurityGroupRuleBuilder {
    match peer {
        Peer::Group(group) => rule.source_security_group_id(&group.id),
        Peer::Source(Source::Range(range)) if range.addr().is_ipv6() => rule.ipv6_cidr_blocks([**range]),
        Peer::Source(Source::Range(range)) => rule.cidr_blocks([**range]),
        Peer::Source(Source::Prefixes(id, _)) => rule.prefix_list_ids([id.as_str()]),
    }
}
