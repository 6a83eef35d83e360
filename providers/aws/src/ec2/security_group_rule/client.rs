//! The calls for the rules of security groups. AWS keeps one rule for each peer. The client reads all rules of a group,
//! and combines those with the same direction, protocol and ports whose peers the id names.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::SecurityGroupRule as Sdk;
use landform_core::{Cidr, Forecast, Proposal};
use landform_kit::Text;

use super::{Direction, SecurityGroupRule, SecurityGroupRuleAttributes};
use crate::{client::prelude::*, ec2::rules::*};

words!(Direction);

#[async_trait]
impl Calls<Client> for SecurityGroupRule {
    const PAGE: usize = 1000;
    const FORECASTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let asked = which.ids_or(|rule| rule.identity().into());
        let asked: Vec<(&str, SecurityGroupRule)> =
            asked.iter().filter_map(|id| Some((&**id, parsed(id)?))).collect();
        let groups: BTreeSet<&str> = asked.iter().map(|(_, rule)| rule.security_group_id.as_str()).collect();
        let found = rules_of(client, groups).await?;
        let mut by_traffic: BTreeMap<Traffic, Vec<&Sdk>> = BTreeMap::new();
        for rule in &found {
            by_traffic.entry(Traffic::of_sdk(rule)).or_default().push(rule);
        }
        let seen = asked.into_iter().filter_map(|(id, asked)| {
            let allowed = asked.allowed();
            let rules = by_traffic.get(&allowed.traffic()).map_or(&[][..], Vec::as_slice);
            let peers = allowed.peers();
            let rules: Vec<&Sdk> =
                rules.iter().filter(|rule| peers.contains(&Peer::of_sdk(rule))).copied().collect();
            // An attempt makes all peers or none. A part of them belongs to another rule.
            let whole = rules.len() == peers.len() || !matches!(which, Which::Attempt(..));
            (!rules.is_empty() && whole).then(|| seen(id, &asked, &rules))
        });
        Ok(seen.collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let allowed = self.allowed();
        if allowed.peers().is_empty() {
            let message = "the rule has no peer, expected cidr_blocks, ipv6_cidr_blocks, prefix_list_ids or \
                           source_security_group_id";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        allowed.authorize(client, self.description.as_deref(), None).await?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, client: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        let group = self.security_group_id.as_str();
        let permission = self.allowed().permission(Some(self.description.as_deref().unwrap_or_default()));
        match self.r#type {
            Direction::Ingress => {
                let call = client.ec2.update_security_group_rule_descriptions_ingress().group_id(group);
                call.ip_permissions(permission).send().await.map_err(failed)?;
            }
            Direction::Egress => {
                let call = client.ec2.update_security_group_rule_descriptions_egress().group_id(group);
                call.ip_permissions(permission).send().await.map_err(failed)?;
            }
        }
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let rule = prior.arguments.allowed();
        let (traffic, peers) = (rule.traffic(), rule.peers());
        let found = rules_of(client, [rule.group]).await?.into_iter();
        let ours = found.filter(|one| Traffic::of_sdk(one) == traffic && peers.contains(&Peer::of_sdk(one)));
        let ids: Vec<String> = ours.filter_map(|one| one.security_group_rule_id).collect();
        if !ids.is_empty() {
            revoke(client, rule.group, rule.egress, ids).await?;
        }
        Ok(Next::Done)
    }

    async fn forecast(_: &Client, proposal: Proposal<'_, Observed<Self>>) -> Result<Forecast> {
        ports_forecast(&proposal, "protocol")
    }
}

/// The word for the group itself in an id.
const SELF: &str = "self";

impl SecurityGroupRule {
    /// The values that identify a rule in AWS, with the peers last.
    fn identity(&self) -> String {
        let Self { r#type, security_group_id, protocol, from_port, to_port, .. } = self;
        let mut id = format!("{security_group_id}_{}_{protocol}_{from_port}_{to_port}", r#type.text());
        let networks = self.cidr_blocks.iter().chain(&self.ipv6_cidr_blocks).map(Cidr::to_string);
        let own = self.itself.then(|| SELF.to_owned());
        let groups = self.source_security_group_id.iter().map(|group| group.as_str().to_owned()).chain(own);
        for peer in networks.chain(self.prefix_list_ids.iter().cloned()).chain(groups) {
            id.push('_');
            id.push_str(&peer);
        }
        id
    }

    fn allowed(&self) -> Allowed<'_> {
        Allowed {
            group: self.security_group_id.as_str(),
            egress: self.r#type == Direction::Egress,
            protocol: &self.protocol,
            ports: (Some(self.from_port), Some(self.to_port)),
            ipv4: self.cidr_blocks.iter().copied().collect(),
            ipv6: self.ipv6_cidr_blocks.iter().copied().collect(),
            lists: self.prefix_list_ids.iter().map(String::as_str).collect(),
            referenced: match self.itself {
                true => Some(self.security_group_id.as_str()),
                false => self.source_security_group_id.as_ref().map(Id::as_str),
            },
        }
    }
}

/// The rule that an id names, in the format of [`SecurityGroupRule::identity`].
fn parsed(id: &str) -> Option<SecurityGroupRule> {
    let mut parts = id.split('_');
    let mut rule = SecurityGroupRule {
        security_group_id: Id::new(parts.next()?),
        r#type: Direction::from_text(parts.next()?).ok()?,
        protocol: parts.next()?.to_owned(),
        from_port: parts.next()?.parse().ok()?,
        to_port: parts.next()?.parse().ok()?,
        cidr_blocks: BTreeSet::new(),
        ipv6_cidr_blocks: BTreeSet::new(),
        prefix_list_ids: BTreeSet::new(),
        source_security_group_id: None,
        itself: false,
        description: None,
    };
    for peer in parts {
        match peer.parse::<Cidr>() {
            Ok(network) if network.addr().is_ipv4() => _ = rule.cidr_blocks.insert(network),
            Ok(network) => _ = rule.ipv6_cidr_blocks.insert(network),
            Err(_) if peer.starts_with("pl-") => _ = rule.prefix_list_ids.insert(peer.to_owned()),
            Err(_) if peer == SELF => rule.itself = true,
            Err(_) => rule.source_security_group_id = Some(Id::new(peer)),
        }
    }
    Some(rule)
}

/// The present state of a rule. Values that AWS spells differently are spelt as in the id.
fn seen(id: &str, asked: &SecurityGroupRule, rules: &[&Sdk]) -> Seen<SecurityGroupRule> {
    let there: BTreeSet<Peer> = rules.iter().map(|rule| Peer::of_sdk(rule)).collect();
    let network = |network: &&Cidr| there.contains(&Peer::Network(**network));
    let own = match rules {
        [one] if asked.allowed().peers().len() == 1 => one.security_group_rule_id.clone(),
        _ => None,
    };
    let group = asked.source_security_group_id.clone();
    let arguments = SecurityGroupRule {
        cidr_blocks: asked.cidr_blocks.iter().filter(network).copied().collect(),
        ipv6_cidr_blocks: asked.ipv6_cidr_blocks.iter().filter(network).copied().collect(),
        prefix_list_ids: asked
            .prefix_list_ids
            .iter()
            .filter(|list| there.contains(&Peer::List((*list).clone())))
            .cloned()
            .collect(),
        source_security_group_id: group.filter(|group| there.contains(&Peer::group(group.as_str()))),
        itself: asked.itself && there.contains(&Peer::group(asked.security_group_id.as_str())),
        description: rules.iter().find_map(|rule| rule.description.clone()).filter(|text| !text.is_empty()),
        ..asked.clone()
    };
    Seen::new(arguments, SecurityGroupRuleAttributes { id: Id::new(id), security_group_rule_id: own })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_id_names_the_whole_rule() {
        for id in [
            "sg-1_ingress_icmp_-1_-1_self",
            "sg-1_ingress_tcp_22_22_10.0.0.0/8_10.9.0.0/16",
            "sg-1_egress_-1_0_0_::/0_pl-1",
            "sg-1_ingress_6_443_443_123456789012/sg-2",
        ] {
            assert_eq!(parsed(id).unwrap().identity(), id);
        }
        for id in ["sg-1", "sg-1_sideways_tcp_1_1_10.0.0.0/8", "sg-1_ingress_tcp_a_1_10.0.0.0/8"] {
            assert!(parsed(id).is_none(), "{id}");
        }
    }
}
