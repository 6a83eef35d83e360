//! The calls for internet gateways. The client makes one first, then attaches it.

use aws_sdk_ec2::types::{AttachmentStatus, InternetGateway as Sdk, ResourceType};

use super::{InternetGateway, InternetGatewayAttributes};
use crate::{client::prelude::*, ec2::client::*};

/// AWS's code if there is nothing to detach.
const NOT_ATTACHED: &str = "Gateway.NotAttached";

#[async_trait]
impl Calls<Client> for InternetGateway {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_internet_gateways().set_filters(by(which, "internet-gateway-id"));
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        found.into_iter().map(|gateway| seen(client, gateway)).collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let tags = tagged_as(ResourceType::InternetGateway, attempt);
        let call = client.ec2.create_internet_gateway().tag_specifications(tags);
        let made = call.send().await.map_err(failed)?.internet_gateway;
        Made::answered(made.and_then(|gateway| gateway.internet_gateway_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        detach(client, &seen.object).await?;
        let call = client.ec2.attach_internet_gateway().internet_gateway_id(seen.id());
        call.set_vpc_id(self.vpc_id.wire()).send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        // It may be attached to another VPC than the recorded one.
        for now in Self::look(client, Which::Ids(&[prior.id()])).await? {
            detach(client, &now.object).await?;
        }
        let call = client.ec2.delete_internet_gateway().internet_gateway_id(prior.id());
        call.send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

fn seen(client: &Client, gateway: Sdk) -> Result<Seen<InternetGateway>> {
    let id: String = read(gateway.internet_gateway_id, "internet_gateway_id")?;
    let account = gateway.owner_id.unwrap_or_default();
    // It has at most one attachment.
    let attachments = gateway.attachments.unwrap_or_default();
    let attached = attachments.into_iter().find(|one| one.state != Some(AttachmentStatus::Detached));
    let state = attached.as_ref().and_then(|attachment| attachment.state.clone());
    let moving = matches!(state, Some(AttachmentStatus::Attaching | AttachmentStatus::Detaching));
    let vpc = attached.and_then(|attachment| attachment.vpc_id).unwrap_or_default();
    let arguments = InternetGateway { vpc_id: Id::new(vpc), tags: Default::default() };
    let arn = client.arn(&account, &format!("internet-gateway/{id}"));
    let attributes = InternetGatewayAttributes { id: Id::new(id), arn, owner_id: account };
    let state = State::busy_if(moving, "waiting for the attachment");
    Ok(Seen::new(arguments, attributes).tags(given(gateway.tags)).state(state))
}

/// Detaches a gateway, unless it is not attached.
async fn detach(client: &Client, gateway: &Observed<InternetGateway>) -> Result<()> {
    let vpc = gateway.arguments.vpc_id.as_str();
    if vpc.is_empty() {
        return Ok(());
    }
    let call = client.ec2.detach_internet_gateway().internet_gateway_id(gateway.id()).vpc_id(vpc);
    match call.send().await.map_err(failed) {
        Err(error) if error.provider_code() != Some(NOT_ATTACHED) => Err(error),
        _ => Ok(()),
    }
}
