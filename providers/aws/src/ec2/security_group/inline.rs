//! The rules inside a security group: how AWS shows them, and the calls that make them as declared. AWS keeps one rule
//! for each peer.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::IpPermission;
use landform_core::{Cidr, Forecast, Path, Proposal, expr::Resolved};
use serde_json::Value as Json;

use super::{InlineRule, SecurityGroup};
use crate::{
    client::prelude::*,
    ec2::{
        client::some,
        rules::{Allowed, Peer, Traffic, has_ports, revoke, rules_of},
    },
};

/// The rules of one direction. Peers with the same protocol, ports and description are one rule.
pub(super) fn seen(group: &str, account: &str, permissions: &[IpPermission]) -> BTreeSet<InlineRule> {
    let mut rules: BTreeMap<(String, i32, i32, Option<String>), InlineRule> = BTreeMap::new();
    for permission in permissions {
        let protocol = permission.ip_protocol().unwrap_or_default().to_owned();
        let ports = (permission.from_port.unwrap_or_default(), permission.to_port.unwrap_or_default());
        let (from_port, to_port) = if has_ports(&protocol) { ports } else { (0, 0) };
        let mut rule = |said: Option<&str>, add: &dyn Fn(&mut InlineRule)| {
            let description = said.filter(|text| !text.is_empty()).map(str::to_owned);
            let key = (protocol.clone(), from_port, to_port, description.clone());
            add(rules.entry(key).or_insert_with(|| InlineRule {
                from_port,
                to_port,
                protocol: protocol.clone(),
                cidr_blocks: BTreeSet::new(),
                ipv6_cidr_blocks: BTreeSet::new(),
                prefix_list_ids: BTreeSet::new(),
                security_groups: BTreeSet::new(),
                itself: false,
                description,
            }));
        };
        for range in permission.ip_ranges() {
            if let Some(network) = range.cidr_ip().and_then(|text| text.parse::<Cidr>().ok()) {
                rule(range.description(), &|rule| _ = rule.cidr_blocks.insert(network));
            }
        }
        for range in permission.ipv6_ranges() {
            if let Some(network) = range.cidr_ipv6().and_then(|text| text.parse::<Cidr>().ok()) {
                rule(range.description(), &|rule| _ = rule.ipv6_cidr_blocks.insert(network));
            }
        }
        for list in permission.prefix_list_ids() {
            let id = list.prefix_list_id().unwrap_or_default();
            rule(list.description(), &|rule| _ = rule.prefix_list_ids.insert(id.to_owned()));
        }
        for pair in permission.user_id_group_pairs() {
            let Some(id) = pair.group_id() else { continue };
            let peer = match pair.user_id().filter(|owner| !owner.is_empty() && *owner != account) {
                Some(owner) => format!("{owner}/{id}"),
                None => id.to_owned(),
            };
            rule(pair.description(), &|rule| match id == group {
                true => rule.itself = true,
                false => _ = rule.security_groups.insert(Id::new(&peer)),
            });
        }
    }
    rules.into_values().collect()
}

/// Makes the rules of one direction as they are wanted. What is missing is added first, so that no traffic stops in
/// between that both allow.
pub(super) async fn change(
    client: &Client,
    group: &str,
    egress: bool,
    wanted: &BTreeSet<InlineRule>,
    there: &BTreeSet<InlineRule>,
) -> Result<()> {
    let (wanted, there) = (peers(group, egress, wanted), peers(group, egress, there));
    let lacks = wanted.iter().filter(|(key, _)| !there.contains_key(key));
    let lacks = some(lacks.map(|(_, one)| one.permission(group, egress)));
    let differs = |key: &Key, one: &One<'_>| there.get(key).is_some_and(|is| is.said() != one.said());
    let renamed = wanted.iter().filter(|(key, one)| differs(key, one));
    let renamed = some(renamed.map(|(_, one)| one.permission(group, egress)));
    let extra = there.iter().filter(|(key, _)| !wanted.contains_key(key));
    let extra = some(extra.map(|(_, one)| one.permission(group, egress)));
    let ec2 = &client.ec2;
    if egress {
        if lacks.is_some() {
            let call = ec2.authorize_security_group_egress().group_id(group).set_ip_permissions(lacks);
            call.send().await.map_err(failed)?;
        }
        if renamed.is_some() {
            let call = ec2.update_security_group_rule_descriptions_egress().group_id(group);
            call.set_ip_permissions(renamed).send().await.map_err(failed)?;
        }
        if extra.is_some() {
            let call = ec2.revoke_security_group_egress().group_id(group).set_ip_permissions(extra);
            call.send().await.map_err(failed)?;
        }
    } else {
        if lacks.is_some() {
            let call = ec2.authorize_security_group_ingress().group_id(group).set_ip_permissions(lacks);
            call.send().await.map_err(failed)?;
        }
        if renamed.is_some() {
            let call = ec2.update_security_group_rule_descriptions_ingress().group_id(group);
            call.set_ip_permissions(renamed).send().await.map_err(failed)?;
        }
        if extra.is_some() {
            let call = ec2.revoke_security_group_ingress().group_id(group).set_ip_permissions(extra);
            call.send().await.map_err(failed)?;
        }
    }
    Ok(())
}

/// Removes all rules of a group.
pub(super) async fn revoke_all(client: &Client, group: &str) -> Result<()> {
    let (out, r#in): (Vec<_>, Vec<_>) =
        rules_of(client, [group]).await?.into_iter().partition(|rule| rule.is_egress == Some(true));
    for (egress, rules) in [(true, out), (false, r#in)] {
        let ids: Vec<String> = rules.into_iter().filter_map(|rule| rule.security_group_rule_id).collect();
        if !ids.is_empty() {
            revoke(client, group, egress, ids).await?;
        }
    }
    Ok(())
}

/// Refuses rules without a peer, and rules that AWS would show as one.
pub(super) fn check(proposal: &Proposal<'_, Observed<SecurityGroup>>) -> Result<Forecast> {
    for field in ["ingress", "egress"] {
        let Resolved::Known(Json::Array(rules)) = proposal.wanted(&Path::field(field)) else { continue };
        let rules: Vec<InlineRule> =
            rules.into_iter().filter_map(|rule| serde_json::from_value(rule).ok()).collect();
        let mut known = BTreeSet::new();
        for rule in &rules {
            let problem = if peers("", false, [rule]).is_empty() {
                "has no peer: expected cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, security_groups or self"
            } else if !known.insert((rule.traffic("", false), rule.said())) {
                "has the protocol, the ports and the description of another one: expected one rule with the peers of both"
            } else {
                continue;
            };
            let InlineRule { protocol, from_port, to_port, .. } = rule;
            let message = format!("the rule for {protocol} {from_port} to {to_port} {problem}");
            return Err(Error::new(ErrorKind::Invalid, message).at(field));
        }
    }
    Ok(Forecast::new())
}

/// What identifies a rule in AWS.
type Key = (Traffic, Peer);

/// One peer of a rule.
struct One<'a> {
    rule: &'a InlineRule,
    network: Option<Cidr>,
    list: Option<&'a str>,
    group: Option<&'a str>,
}

impl One<'_> {
    fn said(&self) -> &str {
        self.rule.said()
    }

    fn permission(&self, group: &str, egress: bool) -> IpPermission {
        let of = |ipv4: bool| {
            self.network.filter(|network| network.addr().is_ipv4() == ipv4).into_iter().collect()
        };
        let ports = has_ports(&self.rule.protocol).then_some((self.rule.from_port, self.rule.to_port));
        let allowed = Allowed {
            group,
            egress,
            protocol: &self.rule.protocol,
            ports: (ports.map(|ports| ports.0), ports.map(|ports| ports.1)),
            ipv4: of(true),
            ipv6: of(false),
            lists: self.list.into_iter().collect(),
            referenced: self.group,
        };
        allowed.permission(self.rule.description.as_deref())
    }
}

impl InlineRule {
    fn said(&self) -> &str {
        self.description.as_deref().unwrap_or_default()
    }

    fn traffic(&self, group: &str, egress: bool) -> Traffic {
        Traffic::new(group, egress, &self.protocol, Some(self.from_port), Some(self.to_port))
    }
}

fn peers<'a>(
    group: &'a str,
    egress: bool,
    rules: impl IntoIterator<Item = &'a InlineRule>,
) -> BTreeMap<Key, One<'a>> {
    let mut all = BTreeMap::new();
    for rule in rules {
        let none = || One { rule, network: None, list: None, group: None };
        let mut add = |peer: Peer, one: One<'a>| _ = all.insert((rule.traffic(group, egress), peer), one);
        for network in rule.cidr_blocks.iter().chain(&rule.ipv6_cidr_blocks) {
            add(Peer::Network(*network), One { network: Some(*network), ..none() });
        }
        for list in &rule.prefix_list_ids {
            add(Peer::List(list.clone()), One { list: Some(list), ..none() });
        }
        let own = rule.itself.then_some(group);
        for peer in rule.security_groups.iter().map(Id::as_str).chain(own) {
            add(Peer::group(peer), One { group: Some(peer), ..none() });
        }
    }
    all
}
