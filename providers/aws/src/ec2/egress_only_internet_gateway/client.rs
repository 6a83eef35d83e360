//! The calls for egress-only internet gateways.

use aws_sdk_ec2::types::{AttachmentStatus, ResourceType};

use super::{EgressOnlyInternetGateway, EgressOnlyInternetGatewayAttributes};
use crate::{client::prelude::*, ec2::client::*};

#[async_trait]
impl Calls<Client> for EgressOnlyInternetGateway {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_egress_only_internet_gateways();
        // The call takes ids outside of filters, and leaves out ids that do not exist.
        let call = match which {
            Which::Ids(ids) => {
                let ids = ids.iter().map(|id| (*id).to_owned()).collect();
                call.set_egress_only_internet_gateway_ids(Some(ids))
            }
            Which::Beside(_) | Which::Attempt(..) => call.set_filters(by(which, "")),
        };
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        let seen = found.into_iter().map(|gateway| {
            let attached = gateway.attachments.unwrap_or_default().into_iter().next();
            let moving =
                attached.as_ref().and_then(|one| one.state.clone()) == Some(AttachmentStatus::Attaching);
            let arguments = EgressOnlyInternetGateway {
                vpc_id: read(attached.and_then(|one| one.vpc_id), "vpc_id")?,
                tags: Default::default(),
            };
            let id = read(gateway.egress_only_internet_gateway_id, "egress_only_internet_gateway_id")?;
            let state = State::busy_if(moving, "waiting for the attachment");
            let seen = Seen::new(arguments, EgressOnlyInternetGatewayAttributes { id });
            Ok(seen.tags(given(gateway.tags)).state(state))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_egress_only_internet_gateway()
            .client_token(attempt.request_id("create"))
            .set_vpc_id(self.vpc_id.wire())
            .tag_specifications(tagged_as(ResourceType::EgressOnlyInternetGateway, attempt));
        let made = call.send().await.map_err(failed)?.egress_only_internet_gateway;
        Made::answered(made.and_then(|gateway| gateway.egress_only_internet_gateway_id))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let call = client.ec2.delete_egress_only_internet_gateway();
        call.egress_only_internet_gateway_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}
