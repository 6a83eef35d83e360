//! The calls for the rules of network ACLs. A list, a number and a direction identify a rule. The client reads whole
//! lists.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{IcmpTypeCode, NetworkAclEntry, PortRange};
use landform_core::Meaning;

use super::{NetworkAclRule, NetworkAclRuleAttributes, RuleAction};
use crate::{client::prelude::*, ec2::network_acl::client::acls};

words!(RuleAction);

#[async_trait]
impl Calls<Client> for NetworkAclRule {
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let asked = which.ids_or(|rule| rule.identity().into());
        let asked: Vec<Key<'_>> = asked.iter().filter_map(|id| key(id)).collect();
        let lists: BTreeSet<&str> = asked.iter().map(|key| key.acl).collect();
        if lists.is_empty() {
            return Ok(Vec::new());
        }
        let lists: Vec<&str> = lists.into_iter().collect();
        let found = acls(client, &lists).await?;
        let mut all = Vec::new();
        for key in asked {
            let acl = found.iter().find(|acl| acl.network_acl_id() == Some(key.acl));
            let entry = acl.and_then(|acl| {
                acl.entries().iter().find(|entry| {
                    entry.rule_number == key.number.wire()
                        && entry.egress == Some(key.egress)
                        && Meaning::IpProtocol.same(entry.protocol().unwrap_or_default(), key.protocol)
                })
            });
            if let Some(entry) = entry {
                all.push(seen(&key, entry.clone())?);
            }
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let ports = (self.from_port.is_some() || self.to_port.is_some())
            .then(|| PortRange::builder().set_from(self.from_port).set_to(self.to_port).build());
        let icmp = (self.icmp_type.is_some() || self.icmp_code.is_some())
            .then(|| IcmpTypeCode::builder().set_type(self.icmp_type).set_code(self.icmp_code).build());
        let call = client
            .ec2
            .create_network_acl_entry()
            .set_network_acl_id(self.network_acl_id.wire())
            .set_rule_number(self.rule_number.wire())
            .egress(self.egress)
            .protocol(number(&self.protocol))
            .set_rule_action(self.rule_action.wire())
            .set_cidr_block(self.cidr_block.wire())
            .set_ipv6_cidr_block(self.ipv6_cidr_block.wire())
            .set_port_range(ports)
            .set_icmp_type_code(icmp);
        call.send().await.map_err(failed)?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        if Self::look(client, Which::Ids(&[prior.id()])).await?.is_empty() {
            return Ok(Next::Done);
        }
        let rule = &prior.arguments;
        let call = client
            .ec2
            .delete_network_acl_entry()
            .set_network_acl_id(rule.network_acl_id.wire())
            .set_rule_number(rule.rule_number.wire())
            .egress(rule.egress);
        call.send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

impl NetworkAclRule {
    /// The id in the format of Terraform's import.
    fn identity(&self) -> String {
        let Self { network_acl_id, rule_number, protocol, egress, .. } = self;
        format!("{network_acl_id}:{rule_number}:{protocol}:{egress}")
    }
}

/// The parts of an id.
struct Key<'a> {
    id: &'a str,
    acl: &'a str,
    number: u32,
    protocol: &'a str,
    egress: bool,
}

fn key(id: &str) -> Option<Key<'_>> {
    let mut parts = id.split(':');
    Some(Key {
        id,
        acl: parts.next()?,
        number: parts.next()?.parse().ok()?,
        protocol: parts.next()?,
        egress: parts.next()?.parse().ok()?,
    })
}

/// The number of a protocol. EC2 accepts no names here.
fn number(protocol: &str) -> String {
    match &*Meaning::IpProtocol.canonical(protocol) {
        "icmp" => "1".to_owned(),
        "tcp" => "6".to_owned(),
        "udp" => "17".to_owned(),
        "icmpv6" => "58".to_owned(),
        other => other.to_owned(),
    }
}

fn seen(key: &Key<'_>, entry: NetworkAclEntry) -> Result<Seen<NetworkAclRule>> {
    let ports = entry.port_range.clone().map_or((None, None), |range| (range.from, range.to));
    let icmp = entry.icmp_type_code.clone().map_or((None, None), |icmp| (icmp.r#type, icmp.code));
    let arguments = read!(entry => NetworkAclRule {
        network_acl_id = Id::new(key.acl),
        rule_number, egress,
        protocol = key.protocol.to_owned(),
        rule_action, cidr_block, ipv6_cidr_block,
        from_port = ports.0, to_port = ports.1, icmp_type = icmp.0, icmp_code = icmp.1,
    });
    Ok(Seen::new(arguments, NetworkAclRuleAttributes { id: Id::new(key.id) }))
}
