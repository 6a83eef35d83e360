//! The code that all types of security group rules share: how to read, distinguish, authorize and revoke rules.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, SecurityGroupRule as Sdk, TagSpecification,
    UserIdGroupPair,
};
use landform_core::{Cidr, Forecast, Meaning, Path, Proposal, expr::Resolved};
use serde_json::Value as Json;

use crate::{
    client::prelude::*,
    ec2::client::{PAGE, filter, some},
};

/// The value for all protocols.
const ALL: &str = "-1";

/// The direction, the protocol and the ports of a rule. Together with the peer they identify a rule of a group in AWS.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Traffic {
    group: String,
    egress: bool,
    protocol: String,
    ports: (i32, i32),
}

impl Traffic {
    /// A protocol's number and its name are equal. Ports count only if the protocol has them.
    pub(crate) fn new(group: &str, egress: bool, protocol: &str, from: Option<i32>, to: Option<i32>) -> Self {
        let ports = if has_ports(protocol) { (from.unwrap_or(-1), to.unwrap_or(-1)) } else { (-1, -1) };
        let protocol = Meaning::IpProtocol.canonical(protocol).into_owned();
        Self { group: group.to_owned(), egress, protocol, ports }
    }

    /// The value of a rule in AWS's form.
    pub(crate) fn of_sdk(rule: &Sdk) -> Self {
        let (group, protocol) = (rule.group_id().unwrap_or_default(), rule.ip_protocol().unwrap_or_default());
        Self::new(group, rule.is_egress.unwrap_or_default(), protocol, rule.from_port, rule.to_port)
    }
}

/// The peer of a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Peer {
    /// A network.
    Network(Cidr),
    /// A prefix list, by its id.
    List(String),
    /// The members of a security group, by its id.
    Group(String),
    /// A peer that declarations cannot express.
    Unknown,
}

impl Peer {
    /// A group, with or without its account as a prefix.
    pub(crate) fn group(id: &str) -> Self {
        Self::Group(owned(id).1.to_owned())
    }

    /// The value of a rule in AWS's form.
    pub(crate) fn of_sdk(rule: &Sdk) -> Self {
        let network = rule.cidr_ipv4().or(rule.cidr_ipv6()).and_then(|text| text.parse().ok());
        let group = rule.referenced_group_info().and_then(|group| group.group_id());
        match (network, rule.prefix_list_id(), group) {
            (Some(network), ..) => Self::Network(network),
            (None, Some(list), _) => Self::List(list.to_owned()),
            (None, None, Some(group)) => Self::group(group),
            (None, None, None) => Self::Unknown,
        }
    }
}

/// A rule as a declaration gives it.
pub(crate) struct Allowed<'a> {
    pub(crate) group: &'a str,
    pub(crate) egress: bool,
    pub(crate) protocol: &'a str,
    pub(crate) ports: (Option<i32>, Option<i32>),
    pub(crate) ipv4: Vec<Cidr>,
    pub(crate) ipv6: Vec<Cidr>,
    pub(crate) lists: Vec<&'a str>,
    /// A group as the peer, with or without its account as a prefix.
    pub(crate) referenced: Option<&'a str>,
}

impl Allowed<'_> {
    pub(crate) fn traffic(&self) -> Traffic {
        Traffic::new(self.group, self.egress, self.protocol, self.ports.0, self.ports.1)
    }

    pub(crate) fn peers(&self) -> BTreeSet<Peer> {
        let networks = self.ipv4.iter().chain(&self.ipv6).map(|network| Peer::Network(*network));
        let lists = self.lists.iter().map(|list| Peer::List((*list).to_owned()));
        networks.chain(lists).chain(self.referenced.map(Peer::group)).collect()
    }

    /// The rule in AWS's form, with the same description for each peer. An empty description removes the present one.
    pub(crate) fn permission(&self, said: Option<&str>) -> IpPermission {
        let said = || said.map(str::to_owned);
        let ipv4 = self
            .ipv4
            .iter()
            .map(|network| IpRange::builder().cidr_ip(network.to_string()).set_description(said()).build());
        let ipv6 = self.ipv6.iter().map(|network| {
            Ipv6Range::builder().cidr_ipv6(network.to_string()).set_description(said()).build()
        });
        let lists = self
            .lists
            .iter()
            .map(|list| PrefixListId::builder().prefix_list_id(*list).set_description(said()).build());
        let groups = self.referenced.map(|group| {
            let (owner, group) = owned(group);
            let pair = UserIdGroupPair::builder().group_id(group).set_user_id(owner.map(str::to_owned));
            pair.set_description(said()).build()
        });
        IpPermission::builder()
            .ip_protocol(self.protocol)
            .set_from_port(self.ports.0)
            .set_to_port(self.ports.1)
            .set_ip_ranges(some(ipv4))
            .set_ipv6_ranges(some(ipv6))
            .set_prefix_list_ids(some(lists))
            .set_user_id_group_pairs(some(groups))
            .build()
    }

    /// Authorizes the rule. Returns AWS's id of the rule for the first peer.
    ///
    /// # Errors
    /// Invalid if it has ports that AWS would ignore.
    pub(crate) async fn authorize(
        &self,
        client: &Client,
        said: Option<&str>,
        tags: Option<TagSpecification>,
    ) -> Result<Option<String>> {
        if let Some(problem) = idle_ports(self.protocol, self.ports.0, self.ports.1) {
            return Err(Error::new(ErrorKind::Invalid, problem));
        }
        let permission = self.permission(said);
        let made = if self.egress {
            let call = client.ec2.authorize_security_group_egress().group_id(self.group);
            let call = call.ip_permissions(permission).set_tag_specifications(some(tags));
            call.send().await.map_err(failed)?.security_group_rules
        } else {
            let call = client.ec2.authorize_security_group_ingress().group_id(self.group);
            let call = call.ip_permissions(permission).set_tag_specifications(some(tags));
            call.send().await.map_err(failed)?.security_group_rules
        };
        Ok(made.into_iter().flatten().find_map(|rule| rule.security_group_rule_id))
    }
}

/// The account before a group's id, as in `123456789012/sg-0a1b`, and the id.
pub(crate) fn owned(group: &str) -> (Option<&str>, &str) {
    group.split_once('/').map_or((None, group), |(owner, group)| (Some(owner), group))
}

/// Whether AWS respects the ports of a protocol. For other protocols it ignores the ports and opens all.
pub(crate) fn has_ports(protocol: &str) -> bool {
    matches!(&*Meaning::IpProtocol.canonical(protocol), "tcp" | "udp" | "icmp" | "icmpv6")
}

/// The problem with ports that AWS would ignore, if any. A rule for all protocols opens all ports.
fn idle_ports(protocol: &str, from: Option<i32>, to: Option<i32>) -> Option<String> {
    let all = Meaning::IpProtocol.same(protocol, ALL);
    let given = [from, to].into_iter().flatten().any(|port| port != 0 && port != -1);
    (all && given).then(|| {
        let [from, to] = [from, to].map(|port| port.unwrap_or(-1));
        format!("protocol {ALL} opens all ports, not only {from} to {to}: expected ports 0 to 0, or a protocol with ports")
    })
}

/// Refuses ports that [`idle_ports`] rejects, during planning. `protocol` is the field that holds the protocol.
pub(crate) fn ports_forecast<T>(proposal: &Proposal<'_, T>, protocol: &str) -> Result<Forecast> {
    let known = |name: &str| match proposal.wanted(&Path::field(name)) {
        Resolved::Known(value) => value,
        _ => Json::Null,
    };
    let port = |name: &str| known(name).as_i64().and_then(|port| i32::try_from(port).ok());
    let protocol = known(protocol);
    match idle_ports(protocol.as_str().unwrap_or_default(), port("from_port"), port("to_port")) {
        Some(problem) => Err(Error::new(ErrorKind::Invalid, problem).at("from_port")),
        None => Ok(Forecast::new()),
    }
}

/// All rules of these groups. A group that does not exist has none.
pub(crate) async fn rules_of<'a>(
    client: &Client,
    groups: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Sdk>> {
    let groups: Vec<&str> = groups.into_iter().collect();
    let mut all = Vec::new();
    for some in groups.chunks(PAGE) {
        let call = client.ec2.describe_security_group_rules().max_results(1000);
        let pages = call.filters(filter("group-id", some.iter().copied())).into_paginator();
        all.extend(pages.items().send().try_collect().await.map_err(failed)?);
    }
    Ok(all)
}

/// The rules with these ids.
pub(crate) async fn rules_by_id(client: &Client, ids: Option<&[&str]>) -> Result<Vec<Sdk>> {
    let call = client.ec2.describe_security_group_rules().max_results(1000);
    let ids = ids.map(|ids| vec![filter("security-group-rule-id", ids.iter().copied())]);
    let pages = call.set_filters(ids).into_paginator();
    pages.items().send().try_collect().await.map_err(failed)
}

/// Revokes rules by AWS's ids.
pub(crate) async fn revoke(client: &Client, group: &str, egress: bool, ids: Vec<String>) -> Result<()> {
    if egress {
        let call = client.ec2.revoke_security_group_egress().group_id(group);
        call.set_security_group_rule_ids(Some(ids)).send().await.map_err(failed)?;
    } else {
        let call = client.ec2.revoke_security_group_ingress().group_id(group);
        call.set_security_group_rule_ids(Some(ids)).send().await.map_err(failed)?;
    }
    Ok(())
}
