//! The calls for security groups. A new group allows all outgoing traffic. The client removes this rule, because nobody
//! declared it.

use aws_sdk_ec2::types::{IpPermission, ResourceType};

use landform_core::{Forecast, Proposal};

use super::{SecurityGroup, SecurityGroupAttributes, inline};
use crate::{client::prelude::*, ec2::client::*};

/// The value for all protocols.
const ALL: &str = "-1";

#[async_trait]
impl Calls<Client> for SecurityGroup {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;
    const REPEATED: Repeated = Repeated::IsRefused;
    const COMPLETES: bool = true;
    const FORECASTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_security_groups().set_filters(by(which, "group-id"));
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        let seen = found.into_iter().map(|group| {
            let id: String = read(group.group_id.clone(), "group_id")?;
            let account = group.owner_id.clone().unwrap_or_default();
            let arn = client.arn(&account, &format!("security-group/{id}"));
            let ingress = inline::seen(&id, &account, group.ip_permissions());
            let egress = inline::seen(&id, &account, group.ip_permissions_egress());
            let attributes = SecurityGroupAttributes { id: Id::new(id), arn, owner_id: account };
            let arguments = read!(group => SecurityGroup {
                vpc_id, name: group_name, name_prefix = None, description,
                ingress = ingress,
                egress = egress,
                revoke_rules_on_delete = false,
                tags = Default::default(),
            });
            Ok(Seen::new(arguments, attributes).tags(given(group.tags)))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_security_group()
            .set_vpc_id(self.vpc_id.wire())
            .group_name(&self.name)
            .description(&self.description)
            .tag_specifications(tagged_as(ResourceType::SecurityGroup, attempt));
        Made::answered(call.send().await.map_err(failed)?.group_id)
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let there = &seen.object.arguments;
        let mut next = Next::Done;
        for (field, egress, wanted, there) in
            [("ingress", false, &self.ingress, &there.ingress), ("egress", true, &self.egress, &there.egress)]
        {
            if due.has(field) {
                inline::change(client, seen.id(), egress, wanted, there).await?;
                next = Next::Changed;
            }
        }
        Ok(next)
    }

    async fn complete(&self, client: &Client, seen: &Seen<Self>) -> Result<Next> {
        // Rules that the declaration lists are complete already.
        if !self.egress.is_empty() {
            return Ok(Next::Done);
        }
        let call = client.ec2.describe_security_groups().group_ids(seen.id());
        let groups = call.send().await.map_err(failed)?.security_groups.unwrap_or_default();
        let rules = groups.into_iter().flat_map(|group| group.ip_permissions_egress.unwrap_or_default());
        let given: Vec<IpPermission> = rules.filter(|rule| rule.ip_protocol() == Some(ALL)).collect();
        if given.is_empty() {
            return Ok(Next::Done);
        }
        let call = client.ec2.revoke_security_group_egress().group_id(seen.id());
        call.set_ip_permissions(Some(given)).send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        if prior.arguments.revoke_rules_on_delete {
            inline::revoke_all(client, prior.id()).await?;
        }
        client.ec2.delete_security_group().group_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }

    async fn forecast(_: &Client, proposal: Proposal<'_, Observed<Self>>) -> Result<Forecast> {
        inline::check(&proposal)
    }

    async fn holders(client: &Client, id: &str) -> Result<Vec<String>> {
        interfaces(client, "group-id", id).await
    }
}
