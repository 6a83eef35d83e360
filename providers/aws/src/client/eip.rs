//! Elastic IP addresses.

use std::{borrow::Cow, collections::BTreeMap};

use async_trait::async_trait;
use aws_sdk_ec2::types::{Address, DomainType, ResourceType, Tag};
use landform_core::{Call, Id, Observed, Result};

use super::{
    Client,
    contract::{Ec2, Next, Which},
    error::failed,
    once, tags,
    values::{given, text},
};
use crate::{Eip, EipAttributes};

#[async_trait]
impl Ec2 for Eip {
    type Seen = Address;
    const PREFIX: &'static str = "eipalloc-";

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Address>> {
        let call = client.ec2.describe_addresses().filters(which.filter("allocation-id"));
        let answer = call.send().await.map_err(failed("DescribeAddresses"))?;
        Ok(answer.addresses.unwrap_or_default())
    }

    fn id(seen: &Address) -> Cow<'_, str> {
        seen.allocation_id().unwrap_or_default().into()
    }

    fn tags<'a>(&'a self, seen: &'a Address) -> Option<(&'a [Tag], &'a BTreeMap<String, String>)> {
        Some((seen.tags(), &self.tags))
    }

    fn observe(_: &Client, seen: &Address) -> Result<Observed<Self>> {
        let id = text(seen.allocation_id());
        Ok(Observed {
            arguments: Eip {
                domain: text(seen.domain().map(DomainType::as_str)),
                network_border_group: seen.network_border_group().map(str::to_owned),
                tags: tags::given(seen.tags()),
            },
            attributes: EipAttributes {
                allocation_id: Id::new(id.clone()),
                id: Id::new(id),
                public_ip: text(seen.public_ip()),
            },
        })
    }

    async fn make(&self, client: &Client, call: Call<'_>) -> Result<String> {
        let request = client
            .ec2
            .allocate_address()
            .domain(self.domain.as_str().into())
            .set_network_border_group(self.network_border_group.clone())
            .tag_specifications(tags::specification(ResourceType::ElasticIp, &self.tags, call.token)?);
        let answer = request.customize().config_override(once()).send().await;
        let answer = answer.map_err(failed("AllocateAddress"))?;
        given("AllocateAddress", "an id", answer.allocation_id)
    }

    async fn approach(&self, _: &Client, _: &Address) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<()> {
        let group = prior.arguments.network_border_group.clone();
        let call = client.ec2.release_address().allocation_id(prior.id()).set_network_border_group(group);
        call.send().await.map_err(failed("ReleaseAddress"))?;
        Ok(())
    }
}
