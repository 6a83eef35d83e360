//! The calls for Elastic IP addresses.

use aws_sdk_ec2::types::ResourceType;

use super::{Eip, EipAttributes};
use crate::{client::prelude::*, ec2::client::*};

#[async_trait]
impl Calls<Client> for Eip {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_addresses().filters(by(which, "allocation-id"));
        let found = call.send().await.map_err(failed)?.addresses.unwrap_or_default();
        let seen = found.into_iter().map(|address| {
            let attributes = read!(address => EipAttributes {
                id = read(address.allocation_id.clone(), "allocation_id")?,
                allocation_id,
                public_ip,
            });
            let eip = read!(address => Eip { domain, network_border_group, tags = Default::default() });
            Ok(Seen::new(eip, attributes).tags(given(address.tags)))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .allocate_address()
            .set_domain(self.domain.wire())
            .set_network_border_group(self.network_border_group.wire())
            .tag_specifications(tagged_as(ResourceType::ElasticIp, attempt));
        Made::answered(call.send().await.map_err(failed)?.allocation_id)
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let group = prior.arguments.network_border_group.wire();
        let call = client.ec2.release_address().allocation_id(prior.id()).set_network_border_group(group);
        call.send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}
