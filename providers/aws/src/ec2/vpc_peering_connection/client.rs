//! The calls for peering connections. AWS shows deleted, refused and expired ones for a while.

use aws_sdk_ec2::types::{
    PeeringConnectionOptionsRequest, ResourceType, VpcPeeringConnection as Sdk,
    VpcPeeringConnectionStateReasonCode as Code, VpcPeeringConnectionVpcInfo as End,
};

use super::{PeeringOptions, VpcPeeringConnection, VpcPeeringConnectionAttributes};
use crate::{
    client::{error::NO_REASON, prelude::*},
    ec2::client::*,
};

#[async_trait]
impl Calls<Client> for VpcPeeringConnection {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;
    const COMPLETES: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_vpc_peering_connections();
        let call = call.set_filters(by(which, "vpc-peering-connection-id"));
        let found: Vec<Sdk> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        let there = found.into_iter().filter(|connection| code(connection) != Some(Code::Deleted));
        there.map(seen).collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_vpc_peering_connection()
            .set_vpc_id(self.vpc_id.wire())
            .set_peer_vpc_id(self.peer_vpc_id.wire())
            .set_peer_owner_id(self.peer_owner_id.wire())
            .set_peer_region(self.peer_region.wire())
            .tag_specifications(tagged_as(ResourceType::VpcPeeringConnection, attempt));
        let made = call.send().await.map_err(failed)?.vpc_peering_connection;
        Made::answered(made.and_then(|connection| connection.vpc_peering_connection_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        if let next @ Next::Changed = self.complete(client, seen).await? {
            return Ok(next);
        }
        if !due.has("accepter") && !due.has("requester") {
            return Ok(Next::Done);
        }
        let options = |end: &Option<PeeringOptions>| {
            end.as_ref().map(|end| {
                PeeringConnectionOptionsRequest::builder()
                    .allow_dns_resolution_from_remote_vpc(end.allow_remote_vpc_dns_resolution)
                    .build()
            })
        };
        let call = client
            .ec2
            .modify_vpc_peering_connection_options()
            .vpc_peering_connection_id(seen.id())
            .set_accepter_peering_connection_options(options(&self.accepter).filter(|_| due.has("accepter")))
            .set_requester_peering_connection_options(
                options(&self.requester).filter(|_| due.has("requester")),
            );
        call.send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    /// Accepts the connection if the declaration asks for it.
    async fn complete(&self, client: &Client, seen: &Seen<Self>) -> Result<Next> {
        let waits = seen.object.attributes.accept_status == Code::PendingAcceptance.as_str();
        if !self.auto_accept || !waits {
            return Ok(Next::Done);
        }
        let call = client.ec2.accept_vpc_peering_connection().vpc_peering_connection_id(seen.id());
        call.send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let call = client.ec2.delete_vpc_peering_connection().vpc_peering_connection_id(prior.id());
        call.send().await.map_err(failed)?;
        Ok(Next::wait("waiting for the deletion of the connection"))
    }
}

fn code(connection: &Sdk) -> Option<Code> {
    connection.status.as_ref().and_then(|status| status.code.clone())
}

fn seen(connection: Sdk) -> Result<Seen<VpcPeeringConnection>> {
    let code = code(&connection);
    let message = connection.status.as_ref().and_then(|status| status.message.clone());
    let state = match &code {
        Some(Code::InitiatingRequest | Code::Provisioning) => {
            State::Busy("waiting for the connection".into())
        }
        Some(Code::Deleting) => State::Leaving,
        Some(Code::Failed | Code::Rejected | Code::Expired) => {
            let said = message.unwrap_or_else(|| NO_REASON.to_owned());
            State::Failed(Error::new(ErrorKind::Invalid, said))
        }
        _ => State::Ready,
    };
    let (asks, other) = (connection.requester_vpc_info, connection.accepter_vpc_info);
    let (asks, other) = (asks.unwrap_or_else(nobody), other.unwrap_or_else(nobody));
    let arguments = VpcPeeringConnection {
        requester: options(&asks),
        accepter: options(&other),
        vpc_id: read(asks.vpc_id, "requester_vpc_info.vpc_id")?,
        peer_vpc_id: read(other.vpc_id, "accepter_vpc_info.vpc_id")?,
        peer_owner_id: read(other.owner_id, "accepter_vpc_info.owner_id")?,
        peer_region: read(other.region, "accepter_vpc_info.region")?,
        auto_accept: false,
        tags: Default::default(),
    };
    let attributes = VpcPeeringConnectionAttributes {
        id: read(connection.vpc_peering_connection_id, "vpc_peering_connection_id")?,
        accept_status: code.as_ref().map_or("", Code::as_str).to_owned(),
    };
    Ok(Seen::new(arguments, attributes).tags(given(connection.tags)).state(state))
}

fn nobody() -> End {
    End::builder().build()
}

fn options(end: &End) -> Option<PeeringOptions> {
    let options = end.peering_options()?;
    let allow = options.allow_dns_resolution_from_remote_vpc.unwrap_or_default();
    Some(PeeringOptions { allow_remote_vpc_dns_resolution: allow })
}
