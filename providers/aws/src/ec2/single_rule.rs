//! The security group rules with one peer, an id from AWS and tags. Both directions share their calls.

use aws_sdk_ec2::types::{
    ResourceType, SecurityGroupRule as Sdk, SecurityGroupRuleRequest, SecurityGroupRuleUpdate,
};

use crate::{
    client::prelude::*,
    ec2::{
        client::tagged_as,
        rules::{Allowed, owned, rules_by_id, rules_of},
    },
};

/// The rules of one direction that a look asks for. `group` is the group of a declared rule.
pub(crate) async fn found<R>(
    client: &Client,
    which: Which<'_, R>,
    egress: bool,
    group: impl for<'r> FnOnce(&'r R) -> &'r str,
) -> Result<Vec<Sdk>> {
    let mut found = match which {
        Which::Ids(ids) => rules_by_id(client, Some(ids)).await?,
        Which::Beside(_) => rules_by_id(client, None).await?,
        Which::Attempt(_, rule) => rules_of(client, [group(rule)]).await?,
    };
    found.retain(|rule| rule.is_egress == Some(egress));
    Ok(found)
}

/// Authorizes a rule. Returns AWS's id of it.
pub(crate) async fn make(
    client: &Client,
    allowed: Allowed<'_>,
    said: Option<&str>,
    attempt: &Attempt<'_>,
) -> Result<Option<String>> {
    allowed.authorize(client, said, Some(tagged_as(ResourceType::SecurityGroupRule, attempt))).await
}

/// Changes a rule.
pub(crate) async fn modify(
    client: &Client,
    id: &str,
    allowed: Allowed<'_>,
    said: Option<&str>,
) -> Result<Next> {
    let rule = SecurityGroupRuleRequest::builder()
        .ip_protocol(allowed.protocol)
        .set_from_port(allowed.ports.0)
        .set_to_port(allowed.ports.1)
        .set_cidr_ipv4(allowed.ipv4.first().map(ToString::to_string))
        .set_cidr_ipv6(allowed.ipv6.first().map(ToString::to_string))
        .set_prefix_list_id(allowed.lists.first().map(ToString::to_string))
        .set_referenced_group_id(allowed.referenced.map(|group| owned(group).1.to_owned()))
        .description(said.unwrap_or_default())
        .build();
    let rule = SecurityGroupRuleUpdate::builder().security_group_rule_id(id).security_group_rule(rule);
    let call = client.ec2.modify_security_group_rules().group_id(allowed.group);
    call.security_group_rules(rule.build()).send().await.map_err(failed)?;
    Ok(Next::Changed)
}

/// Implements the calls for the rules of one direction.
macro_rules! single_rule {
    ($rule:ident, $attributes:ident, egress = $egress:literal) => {
        #[async_trait]
        impl Calls<Client> for $rule {
            const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
            const LISTS: bool = true;
            const REPEATED: Repeated = Repeated::IsRefused;
            const FORECASTS: bool = true;

            async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
                let found = found(client, which, $egress, |rule| rule.security_group_id.as_str()).await?;
                found.into_iter().map(|rule| seen(client, rule)).collect()
            }

            async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
                let said = self.description.as_deref();
                Made::answered(make(client, self.allowed(), said, attempt).await?)
            }

            async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
                modify(client, seen.id(), self.allowed(), self.description.as_deref()).await
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

        impl $rule {
            fn allowed(&self) -> Allowed<'_> {
                Allowed {
                    group: self.security_group_id.as_str(),
                    egress: $egress,
                    protocol: &self.ip_protocol,
                    ports: (self.from_port, self.to_port),
                    ipv4: self.cidr_ipv4.into_iter().collect(),
                    ipv6: self.cidr_ipv6.into_iter().collect(),
                    lists: self.prefix_list_id.iter().map(String::as_str).collect(),
                    referenced: self.referenced_security_group_id.as_ref().map(Id::as_str),
                }
            }
        }

        fn seen(client: &Client, rule: Sdk) -> Result<Seen<$rule>> {
            let id: String = read(rule.security_group_rule_id.clone(), "security_group_rule_id")?;
            let account = rule.group_owner_id.clone().unwrap_or_default();
            let ports = has_ports(rule.ip_protocol().unwrap_or_default());
            let referenced = rule.referenced_group_info.and_then(|group| group.group_id);
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
                referenced_security_group_id = read(referenced, "referenced_group_info")?,
                description, tags = Default::default(),
            });
            Ok(Seen::new(arguments, attributes).tags(given(rule.tags)))
        }
    };
}

pub(crate) use single_rule;
