//! NAT gateways, which take minutes to come and to go, and are shown for an hour after.

use std::{borrow::Cow, collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use aws_sdk_ec2::types::{NatGatewayAddress, NatGatewayState, ResourceType, Tag};
use landform_core::{Call, Effect, Error, ErrorKind, Id, Observed, Result};

use super::{
    Client,
    contract::{Ec2, Next, Which},
    error::{failed, kind},
    tags,
    values::{given, text},
};
use crate::{NatGateway, NatGatewayAttributes};

type Seen = aws_sdk_ec2::types::NatGateway;

#[async_trait]
impl Ec2 for NatGateway {
    type Seen = Seen;
    const PAUSE: Duration = Duration::from_secs(5);
    const LINGERS: bool = true;
    const PREFIX: &'static str = "nat-";

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen>> {
        let pages =
            client.ec2.describe_nat_gateways().filter(which.filter("nat-gateway-id")).into_paginator();
        let seen = pages.items().send().try_collect().await.map_err(failed("DescribeNatGateways"))?;
        Ok(seen.into_iter().filter(|seen| seen.state() != Some(&NatGatewayState::Deleted)).collect())
    }

    fn id(seen: &Seen) -> Cow<'_, str> {
        seen.nat_gateway_id().unwrap_or_default().into()
    }

    fn tags<'a>(&'a self, seen: &'a Seen) -> Option<(&'a [Tag], &'a BTreeMap<String, String>)> {
        Some((seen.tags(), &self.tags))
    }

    fn observe(_: &Client, seen: &Seen) -> Result<Observed<Self>> {
        let addresses = seen.nat_gateway_addresses();
        let primary = addresses.iter().find(|address| address.is_primary() == Some(true));
        let address = primary.or(addresses.first());
        let of = |field: fn(&NatGatewayAddress) -> Option<&str>| text(address.and_then(field));
        Ok(Observed {
            arguments: NatGateway {
                subnet_id: Id::new(text(seen.subnet_id())),
                allocation_id: Id::new(of(NatGatewayAddress::allocation_id)),
                private_ip: address.and_then(|address| address.private_ip()).map(str::to_owned),
                tags: tags::given(seen.tags()),
            },
            attributes: NatGatewayAttributes {
                id: Id::new(text(seen.nat_gateway_id())),
                association_id: of(NatGatewayAddress::association_id),
                network_interface_id: of(NatGatewayAddress::network_interface_id),
                public_ip: of(NatGatewayAddress::public_ip),
            },
        })
    }

    async fn make(&self, client: &Client, call: Call<'_>) -> Result<String> {
        let request = client
            .ec2
            .create_nat_gateway()
            .client_token(call.token.as_str())
            .subnet_id(self.subnet_id.as_str())
            .allocation_id(self.allocation_id.as_str())
            .set_private_ip_address(self.private_ip.clone())
            .tag_specifications(tags::specification(ResourceType::Natgateway, &self.tags, call.token)?);
        let answer = request.send().await.map_err(failed("CreateNatGateway"))?;
        given("CreateNatGateway", "an id", answer.nat_gateway.and_then(|gateway| gateway.nat_gateway_id))
    }

    async fn approach(&self, _: &Client, seen: &Seen) -> Result<Next> {
        Ok(match seen.state() {
            Some(NatGatewayState::Available) => Next::Done,
            Some(NatGatewayState::Pending) => Next::Wait("waiting for the gateway to become available"),
            Some(NatGatewayState::Failed) => {
                let code = seen.failure_code().unwrap_or_default();
                let message = seen.failure_message().unwrap_or("AWS gave no reason");
                let error = Error::new(kind(code, 400), message).operation("CreateNatGateway");
                Next::Failed(error.code(code).with_effect(Effect::None))
            }
            state => {
                let state = state.map_or("none", NatGatewayState::as_str);
                let message = format!("its state is {state}, expected available");
                Next::Failed(Error::new(ErrorKind::Conflict, message).operation("DescribeNatGateways"))
            }
        })
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<()> {
        let call = client.ec2.delete_nat_gateway().nat_gateway_id(prior.id());
        call.send().await.map_err(failed("DeleteNatGateway"))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// moto knows no pending or failed gateways.
    #[tokio::test]
    async fn states_say_whether_to_wait() {
        let client = Client::emulator("http://127.0.0.1:9", "us-east-2").await.unwrap();
        let wanted = NatGateway {
            subnet_id: Id::new("subnet-1"),
            allocation_id: Id::new("eipalloc-1"),
            private_ip: None,
            tags: BTreeMap::new(),
        };
        let next = async |state: NatGatewayState| {
            let seen = Seen::builder().state(state).failure_code("Gateway.NotAttached").build();
            wanted.approach(&client, &seen).await.unwrap()
        };
        assert!(matches!(next(NatGatewayState::Pending).await, Next::Wait(_)));
        assert!(matches!(next(NatGatewayState::Available).await, Next::Done));
        let Next::Failed(problem) = next(NatGatewayState::Failed).await else { panic!("it goes on") };
        assert_eq!((problem.provider_code(), problem.effect()), (Some("Gateway.NotAttached"), Effect::None));
        assert!(matches!(next(NatGatewayState::Deleting).await, Next::Failed(_)));
    }
}
