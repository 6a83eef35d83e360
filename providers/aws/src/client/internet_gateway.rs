//! Internet gateways. One is made first and attached then.

use std::{borrow::Cow, collections::BTreeMap};

use async_trait::async_trait;
use aws_sdk_ec2::types::{AttachmentStatus, InternetGatewayAttachment, ResourceType, Tag};
use landform_core::{Call, Error, Id, Observed, Result};

use super::{
    Client,
    contract::{Ec2, Next, Which},
    error::failed,
    once, tags,
    values::{given, text},
};
use crate::{InternetGateway, InternetGatewayAttributes};

type Seen = aws_sdk_ec2::types::InternetGateway;

/// What AWS says when there is nothing to detach.
const NOT_ATTACHED: &str = "Gateway.NotAttached";

#[async_trait]
impl Ec2 for InternetGateway {
    type Seen = Seen;
    const PREFIX: &'static str = "igw-";

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen>> {
        let call = client.ec2.describe_internet_gateways().filters(which.filter("internet-gateway-id"));
        let pages = call.into_paginator();
        pages.items().send().try_collect().await.map_err(failed("DescribeInternetGateways"))
    }

    fn id(seen: &Seen) -> Cow<'_, str> {
        seen.internet_gateway_id().unwrap_or_default().into()
    }

    fn tags<'a>(&'a self, seen: &'a Seen) -> Option<(&'a [Tag], &'a BTreeMap<String, String>)> {
        Some((seen.tags(), &self.tags))
    }

    fn observe(client: &Client, seen: &Seen) -> Result<Observed<Self>> {
        let (id, account) = (text(seen.internet_gateway_id()), text(seen.owner_id()));
        Ok(Observed {
            arguments: InternetGateway {
                vpc_id: Id::new(text(attachment(seen).and_then(InternetGatewayAttachment::vpc_id))),
                tags: tags::given(seen.tags()),
            },
            attributes: InternetGatewayAttributes {
                arn: client.arn(&account, &format!("internet-gateway/{id}")),
                id: Id::new(id),
                owner_id: account,
            },
        })
    }

    async fn make(&self, client: &Client, call: Call<'_>) -> Result<String> {
        let tags = tags::specification(ResourceType::InternetGateway, &self.tags, call.token)?;
        let request = client.ec2.create_internet_gateway().tag_specifications(tags);
        let answer = request.customize().config_override(once()).send().await;
        let answer = answer.map_err(failed("CreateInternetGateway"))?;
        let id = answer.internet_gateway.and_then(|gateway| gateway.internet_gateway_id);
        given("CreateInternetGateway", "an id", id)
    }

    async fn approach(&self, client: &Client, seen: &Seen) -> Result<Next> {
        let id = seen.internet_gateway_id().unwrap_or_default();
        let present = attachment(seen);
        let moving = present.and_then(InternetGatewayAttachment::state);
        if matches!(moving, Some(AttachmentStatus::Attaching | AttachmentStatus::Detaching)) {
            return Ok(Next::Wait("waiting for the attachment"));
        }
        let present = present.and_then(InternetGatewayAttachment::vpc_id);
        if present == Some(self.vpc_id.as_str()) {
            return Ok(Next::Done);
        }
        if let Some(vpc) = present {
            client.detach(id, vpc).await?;
        }
        let call = client.ec2.attach_internet_gateway().internet_gateway_id(id);
        let call = call.vpc_id(self.vpc_id.as_str());
        call.send().await.map_err(failed("AttachInternetGateway"))?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<()> {
        // Where it is attached now, wherever that was before.
        let seen = Self::look(client, Which::Ids(&[prior.id()])).await?;
        let attachment = seen.first().and_then(attachment);
        if let Some(vpc) = attachment.and_then(InternetGatewayAttachment::vpc_id) {
            client.detach(prior.id(), vpc).await?;
        }
        let call = client.ec2.delete_internet_gateway().internet_gateway_id(prior.id());
        call.send().await.map_err(failed("DeleteInternetGateway"))?;
        Ok(())
    }
}

impl Client {
    /// Detaches a gateway, unless it is not attached.
    async fn detach(&self, gateway: &str, vpc: &str) -> Result<()> {
        let call = self.ec2.detach_internet_gateway().internet_gateway_id(gateway).vpc_id(vpc);
        let detached = call.send().await.map_err(failed("DetachInternetGateway"));
        let not_attached = |error: &Error| error.provider_code() == Some(NOT_ATTACHED);
        match detached {
            Err(error) if !not_attached(&error) => Err(error),
            _ => Ok(()),
        }
    }
}

/// The attachment; a gateway has at most one.
fn attachment(seen: &Seen) -> Option<&InternetGatewayAttachment> {
    let mut attachments = seen.attachments().iter();
    attachments.find(|attachment| attachment.state() != Some(&AttachmentStatus::Detached))
}
