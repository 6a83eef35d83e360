//! What the rules of security groups share, whichever type declares them: how they are read, told apart and revoked.

use aws_sdk_ec2::types::SecurityGroupRule as Sdk;
use landform_core::{Cidr, Forecast, Meaning, Path, Proposal, expr::Resolved};
use serde_json::Value as Json;

use crate::{
    client::prelude::*,
    ec2::client::{PAGE, filter},
};

/// What stands for all protocols.
const ALL: &str = "-1";

/// Where traffic goes, of what protocol, through which ports: what AWS tells a group's rules apart by, peers apart.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Traffic {
    group: String,
    egress: bool,
    protocol: String,
    ports: (i32, i32),
}

impl Traffic {
    /// Protocols by number and name are the same; ports count where the protocol has them.
    pub(crate) fn new(group: &str, egress: bool, protocol: &str, from: Option<i32>, to: Option<i32>) -> Self {
        let ports = if has_ports(protocol) { (from.unwrap_or(-1), to.unwrap_or(-1)) } else { (-1, -1) };
        let protocol = Meaning::IpProtocol.canonical(protocol).into_owned();
        Self { group: group.to_owned(), egress, protocol, ports }
    }

    /// That of a rule as AWS has it.
    pub(crate) fn of_sdk(rule: &Sdk) -> Self {
        let (group, protocol) = (rule.group_id().unwrap_or_default(), rule.ip_protocol().unwrap_or_default());
        Self::new(group, rule.is_egress.unwrap_or_default(), protocol, rule.from_port, rule.to_port)
    }
}

/// Whom a rule lets in or out.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Peer {
    /// A network.
    Network(Cidr),
    /// A prefix list, by its id.
    List(String),
    /// What has a security group, by its id.
    Group(String),
    /// What no declaration speaks of.
    Unknown,
}

impl Peer {
    /// A group, with its account before it or not.
    pub(crate) fn group(id: &str) -> Self {
        Self::Group(owned(id).1.to_owned())
    }

    /// That of a rule as AWS has it.
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

/// The account before a group's id, as in `123456789012/sg-0a1b`, and the id.
pub(crate) fn owned(group: &str) -> (Option<&str>, &str) {
    group.split_once('/').map_or((None, group), |(owner, group)| (Some(owner), group))
}

/// Whether AWS heeds the ports of a protocol. Those of the others it ignores: all are open.
pub(crate) fn has_ports(protocol: &str) -> bool {
    matches!(&*Meaning::IpProtocol.canonical(protocol), "tcp" | "udp" | "icmp" | "icmpv6")
}

/// What is wrong with ports that would be ignored: a rule for all protocols opens all ports, whatever it says.
pub(crate) fn idle_ports(protocol: &str, from: Option<i32>, to: Option<i32>) -> Option<String> {
    let all = Meaning::IpProtocol.same(protocol, ALL);
    let given = [from, to].into_iter().flatten().any(|port| port != 0 && port != -1);
    (all && given).then(|| {
        let [from, to] = [from, to].map(|port| port.unwrap_or(-1));
        format!("protocol {ALL} opens all ports, not {from} to {to}; expected ports 0 to 0, or a protocol that has ports")
    })
}

/// Refuses while planning what [`idle_ports`] finds; `protocol` is the field that holds the protocol.
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

/// The rules with these ids of AWS's own.
pub(crate) async fn rules_by_id(client: &Client, ids: &[&str]) -> Result<Vec<Sdk>> {
    let call = client.ec2.describe_security_group_rules().max_results(1000);
    let pages = call.filters(filter("security-group-rule-id", ids.iter().copied())).into_paginator();
    pages.items().send().try_collect().await.map_err(failed)
}

/// Revokes rules by AWS's own ids.
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

/// The calls for rules that have one peer, an id of AWS's own and tags: the same for both directions.
macro_rules! single_rule {
    ($rule:ident, $attributes:ident, $egress:literal, $authorize:ident) => {
        #[async_trait]
        impl Calls<Client> for $rule {
            const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
            const REPEATED: Repeated = Repeated::IsRefused;
            const FORECASTS: bool = true;

            async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
                let found = match which {
                    Which::Ids(ids) => rules_by_id(client, ids).await?,
                    Which::Attempt(_, rule) => rules_of(client, [rule.security_group_id.as_str()]).await?,
                };
                let ours = found.into_iter().filter(|rule| rule.is_egress == Some($egress));
                let seen = ours.map(|rule| {
                    let id: String = read(rule.security_group_rule_id.clone(), "security_group_rule_id")?;
                    let account = rule.group_owner_id.clone().unwrap_or_default();
                    let group = rule.referenced_group_info.clone();
                    let ports = has_ports(rule.ip_protocol().unwrap_or_default());
                    let attributes = $attributes {
                        arn: client.arn(&account, &format!("security-group-rule/{id}")),
                        security_group_rule_id: id.clone(),
                        id: Id::new(id),
                    };
                    let arguments = read!(rule => $rule {
                        security_group_id: group_id,
                        ip_protocol,
                        from_port = rule.from_port.filter(|_| ports),
                        to_port = rule.to_port.filter(|_| ports),
                        cidr_ipv4, cidr_ipv6, prefix_list_id,
                        referenced_security_group_id =
                            read(group.and_then(|group| group.group_id), "referenced_group_info")?,
                        description, tags = Default::default(),
                    });
                    Ok(Seen::new(arguments, attributes).tags(given(rule.tags)))
                });
                seen.collect()
            }

            async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
                if let Some(problem) = idle_ports(&self.ip_protocol, self.from_port, self.to_port) {
                    return Err(Error::new(ErrorKind::Invalid, problem));
                }
                let group = self.referenced_security_group_id.iter().map(|group| {
                    let (owner, group) = owned(group.as_str());
                    UserIdGroupPair::builder().group_id(group).set_user_id(owner.map(str::to_owned))
                        .set_description(self.description.clone()).build()
                });
                let ipv4 = self.cidr_ipv4.iter().map(|network| {
                    IpRange::builder().cidr_ip(network.to_string())
                        .set_description(self.description.clone()).build()
                });
                let ipv6 = self.cidr_ipv6.iter().map(|network| {
                    Ipv6Range::builder().cidr_ipv6(network.to_string())
                        .set_description(self.description.clone()).build()
                });
                let list = self.prefix_list_id.iter().map(|list| {
                    PrefixListId::builder().prefix_list_id(list)
                        .set_description(self.description.clone()).build()
                });
                let permission = IpPermission::builder()
                    .ip_protocol(&self.ip_protocol)
                    .set_from_port(self.from_port)
                    .set_to_port(self.to_port)
                    .set_ip_ranges(some(ipv4))
                    .set_ipv6_ranges(some(ipv6))
                    .set_prefix_list_ids(some(list))
                    .set_user_id_group_pairs(some(group))
                    .build();
                let call = client
                    .ec2
                    .$authorize()
                    .set_group_id(self.security_group_id.wire())
                    .ip_permissions(permission)
                    .tag_specifications(tagged_as(ResourceType::SecurityGroupRule, attempt));
                let made = call.send().await.map_err(failed)?.security_group_rules;
                Made::answered(made.into_iter().flatten().find_map(|rule| rule.security_group_rule_id))
            }

            async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
                let group = self.referenced_security_group_id.as_ref();
                let rule = SecurityGroupRuleRequest::builder()
                    .ip_protocol(&self.ip_protocol)
                    .set_from_port(self.from_port)
                    .set_to_port(self.to_port)
                    .set_cidr_ipv4(self.cidr_ipv4.wire())
                    .set_cidr_ipv6(self.cidr_ipv6.wire())
                    .set_prefix_list_id(self.prefix_list_id.wire())
                    .set_referenced_group_id(group.map(|group| owned(group.as_str()).1.to_owned()))
                    .description(self.description.as_deref().unwrap_or_default())
                    .build();
                let rule = SecurityGroupRuleUpdate::builder().security_group_rule_id(seen.id()).security_group_rule(rule);
                let call = client.ec2.modify_security_group_rules().set_group_id(self.security_group_id.wire());
                call.security_group_rules(rule.build()).send().await.map_err(failed)?;
                Ok(Next::Changed)
            }

            async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
                let group = prior.arguments.security_group_id.as_str();
                revoke(client, group, $egress, vec![prior.id().to_owned()]).await?;
                Ok(Next::Done)
            }

            async fn forecast(_: &Client, proposal: Proposal<'_, Observed<Self>>) -> Result<Forecast> {
                ports_forecast(&proposal, "ip_protocol")
            }
        }
    };
}

pub(crate) use single_rule;
