//! The calls for NAT gateways. Creation and deletion take minutes, and EC2 shows a deleted gateway for an hour.

use std::time::Duration;

use aws_sdk_ec2::{
    operation::create_nat_gateway::CreateNatGatewayError,
    types::{ConnectivityType, NatGateway as Sdk, NatGatewayState, ResourceType},
};
use landform_core::{Effect, Forecast, Proposal};

use super::{Connectivity, NatGateway, NatGatewayAttributes, addresses};
use crate::{
    client::{
        error::{NO_REASON, kind, operation},
        prelude::*,
    },
    ec2::client::*,
};

words!(Connectivity);

#[async_trait]
impl Calls<Client> for NatGateway {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;
    const FORECASTS: bool = true;
    const PATIENCE: Patience = Patience { first: Duration::from_secs(5), ..Patience::USUAL };

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_nat_gateways().set_filter(by(which, "nat-gateway-id"));
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        let there = found.into_iter().filter(|gateway| gateway.state != Some(NatGatewayState::Deleted));
        there.map(seen).collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_nat_gateway()
            .client_token(attempt.token().as_str())
            .set_subnet_id(self.subnet_id.wire())
            .set_connectivity_type(self.connectivity_type.wire())
            .set_allocation_id(self.allocation_id.wire())
            .set_private_ip_address(self.private_ip.wire())
            .set_secondary_allocation_ids(self.secondary_allocation_ids.wire())
            .set_secondary_private_ip_address_count(self.secondary_private_ip_address_count.wire())
            .set_secondary_private_ip_addresses(self.secondary_private_ip_addresses.wire())
            .tag_specifications(tagged_as(ResourceType::Natgateway, attempt));
        let made = call.send().await.map_err(failed)?.nat_gateway;
        Made::answered(made.and_then(|gateway| gateway.nat_gateway_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        addresses::change(self, client, seen, due).await
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.ec2.delete_nat_gateway().nat_gateway_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::wait("waiting for the gateway to be deleted"))
    }

    async fn forecast(_: &Client, proposal: Proposal<'_, Observed<Self>>) -> Result<Forecast> {
        Ok(addresses::forecast(&proposal))
    }
}

fn seen(gateway: Sdk) -> Result<Seen<NatGateway>> {
    let state = state(&gateway);
    let addresses = gateway.nat_gateway_addresses();
    let primary = addresses.iter().find(|address| address.is_primary == Some(true));
    let address = primary.or(addresses.first()).cloned();
    let further = addresses::further(addresses);
    let of = |field: fn(&aws_sdk_ec2::types::NatGatewayAddress) -> Option<String>| {
        address.as_ref().and_then(field).filter(|text| !text.is_empty())
    };
    let arguments = NatGateway {
        subnet_id: read(gateway.subnet_id, "subnet_id")?,
        connectivity_type: match gateway.connectivity_type {
            Some(ConnectivityType::Private) => Connectivity::Private,
            _ => Connectivity::Public,
        },
        allocation_id: of(|address| address.allocation_id.clone()).map(Id::new),
        private_ip: of(|address| address.private_ip.clone()),
        secondary_allocation_ids: further.public,
        secondary_private_ip_address_count: u32::try_from(further.private.len()).ok(),
        secondary_private_ip_addresses: further.private,
        tags: Default::default(),
    };
    let attributes = NatGatewayAttributes {
        id: read(gateway.nat_gateway_id, "nat_gateway_id")?,
        association_id: of(|address| address.association_id.clone()),
        network_interface_id: of(|address| address.network_interface_id.clone()).unwrap_or_default(),
        public_ip: of(|address| address.public_ip.clone()),
    };
    Ok(Seen::new(arguments, attributes).tags(given(gateway.tags)).state(state))
}

fn state(gateway: &Sdk) -> State {
    match &gateway.state {
        Some(NatGatewayState::Available) => match addresses::busy(gateway.nat_gateway_addresses()) {
            Some(note) => State::Busy(note.into()),
            None => State::Ready,
        },
        Some(NatGatewayState::Deleting) => State::Leaving,
        Some(NatGatewayState::Failed) => {
            let code = gateway.failure_code().unwrap_or_default();
            let message = gateway.failure_message().unwrap_or(NO_REASON);
            let error = Error::new(kind("ec2", code, message), message).code(code);
            State::Failed(error.operation(operation::<CreateNatGatewayError>()).with_effect(Effect::None))
        }
        _ => State::Busy("waiting for the gateway to become available".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// moto has no pending or failed gateways.
    #[test]
    fn states_say_whether_to_wait() {
        let in_state = |name: NatGatewayState| {
            state(&Sdk::builder().state(name).failure_code("Gateway.NotAttached").build())
        };
        assert!(matches!(in_state(NatGatewayState::Pending), State::Busy(_)));
        assert!(matches!(in_state(NatGatewayState::Available), State::Ready));
        assert!(matches!(in_state(NatGatewayState::Deleting), State::Leaving));
        let State::Failed(problem) = in_state(NatGatewayState::Failed) else { panic!("it goes on") };
        assert_eq!((problem.provider_code(), problem.effect()), (Some("Gateway.NotAttached"), Effect::None));
        assert!(problem.to_string().starts_with("CreateNatGateway: "), "{problem}");
    }
}
