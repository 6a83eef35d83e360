//! The further addresses of NAT gateways: which a gateway has, and the calls that add and remove them.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{NatGatewayAddress, NatGatewayAddressStatus as Status};
use landform_core::{Forecast, Path, Proposal};

use super::{Connectivity, Eip, NatGateway};
use crate::{
    client::{error::NO_REASON, prelude::*},
    ec2::client::filter,
};

/// The fields of further addresses: the public ones, the number of private ones, the private ones.
pub(super) const FIELDS: [&str; 3] =
    ["secondary_allocation_ids", "secondary_private_ip_address_count", "secondary_private_ip_addresses"];

/// The further addresses that a gateway has, or will have.
#[derive(Default)]
pub(super) struct Further {
    pub(super) public: BTreeSet<Id<Eip>>,
    pub(super) private: BTreeSet<String>,
}

/// The further addresses among all addresses of a gateway. AWS marks the first one as the primary one, but not if it is
/// the only one.
pub(super) fn further(addresses: &[NatGatewayAddress]) -> Further {
    let alone = addresses.len() == 1;
    let stays = |status: Option<&Status>| {
        !matches!(status, Some(Status::Disassociating | Status::Unassigning | Status::Failed))
    };
    let mut further = Further::default();
    for address in addresses {
        if alone || address.is_primary == Some(true) || !stays(address.status.as_ref()) {
            continue;
        }
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        further.public.extend(text(address.allocation_id()).map(Id::new));
        further.private.extend(text(address.private_ip()));
    }
    further
}

/// What AWS is doing with an address of a gateway, if anything.
pub(super) fn busy(addresses: &[NatGatewayAddress]) -> Option<&'static str> {
    addresses.iter().find_map(|address| match address.status {
        Some(Status::Associating | Status::Assigning) => Some("waiting for an address to be added"),
        Some(Status::Disassociating | Status::Unassigning) => Some("waiting for an address to be removed"),
        _ => None,
    })
}

/// Adds the addresses that are missing, or removes those that are not wanted.
///
/// # Errors
/// The error of the call, or the reason why AWS gave up adding one of the missing addresses.
pub(super) async fn change(
    wanted: &NatGateway,
    client: &Client,
    seen: &Seen<NatGateway>,
    due: &Due<'_>,
) -> Result<Next> {
    let there = &seen.object.arguments;
    let [public, _, private] = FIELDS.map(|field| due.has(field));
    let private = match private {
        true => apart(&wanted.secondary_private_ip_addresses, &there.secondary_private_ip_addresses),
        false => (None, None),
    };
    match wanted.connectivity_type {
        Connectivity::Private => change_private(client, seen.id(), private).await,
        Connectivity::Public if public => {
            let public = apart(&wanted.secondary_allocation_ids, &there.secondary_allocation_ids);
            change_public(client, seen.id(), public, private.0).await
        }
        Connectivity::Public => Ok(Next::Done),
    }
}

/// What AWS chooses anew with a change. AWS has no call that moves a public address to another private one, so such a
/// change replaces the gateway.
pub(super) fn forecast(proposal: &Proposal<'_, Observed<NatGateway>>) -> Forecast {
    let Some(prior) = proposal.prior else { return Forecast::new() };
    let [public, count, private] = FIELDS.map(Path::field);
    let (by_public, by_private) = (proposal.changes(&public), proposal.changes(&private));
    if by_private && !by_public && prior.arguments.connectivity_type == Connectivity::Public {
        return Forecast::new().replaces(private);
    }
    let mut forecast = Forecast::new();
    if by_public || by_private {
        forecast = forecast.unknown(count);
    }
    if by_public && !by_private {
        forecast = forecast.unknown(private);
    }
    forecast
}

async fn change_private(
    client: &Client,
    id: &str,
    (missing, unwanted): (Option<Vec<String>>, Option<Vec<String>>),
) -> Result<Next> {
    if let Some(missing) = missing {
        refuse_failed(&addresses(client, id).await?, &missing, NatGatewayAddress::private_ip)?;
        let call = client.ec2.assign_private_nat_gateway_address().nat_gateway_id(id);
        call.set_private_ip_addresses(Some(missing)).send().await.map_err(failed)?;
        return Ok(Next::Changed);
    }
    let Some(unwanted) = unwanted else { return Ok(Next::Done) };
    let call = client.ec2.unassign_private_nat_gateway_address().nat_gateway_id(id);
    call.set_private_ip_addresses(Some(unwanted)).send().await.map_err(failed)?;
    Ok(Next::Changed)
}

async fn change_public(
    client: &Client,
    id: &str,
    (missing, unwanted): (Option<Vec<String>>, Option<Vec<String>>),
    private: Option<Vec<String>>,
) -> Result<Next> {
    if missing.is_none() && unwanted.is_none() {
        return Ok(Next::Done);
    }
    let addresses = addresses(client, id).await?;
    if let Some(missing) = missing {
        refuse_failed(&addresses, &missing, NatGatewayAddress::allocation_id)?;
        let call = client.ec2.associate_nat_gateway_address().nat_gateway_id(id);
        let call = call.set_allocation_ids(Some(missing)).set_private_ip_addresses(private);
        call.send().await.map_err(failed)?;
        return Ok(Next::Changed);
    }
    let unwanted = unwanted.unwrap_or_default();
    let is_unwanted = |address: &&NatGatewayAddress| {
        address.allocation_id().is_some_and(|id| unwanted.iter().any(|unwanted| unwanted == id))
    };
    let associations = addresses.iter().filter(is_unwanted);
    let associations = associations.filter_map(|address| address.association_id.clone()).collect();
    let call = client.ec2.disassociate_nat_gateway_address().nat_gateway_id(id);
    call.set_association_ids(Some(associations)).send().await.map_err(failed)?;
    Ok(Next::Changed)
}

/// All addresses of a gateway.
async fn addresses(client: &Client, id: &str) -> Result<Vec<NatGatewayAddress>> {
    let call = client.ec2.describe_nat_gateways().filter(filter("nat-gateway-id", [id]));
    let found = call.send().await.map_err(failed)?.nat_gateways.unwrap_or_default();
    Ok(found.into_iter().next().and_then(|gateway| gateway.nat_gateway_addresses).unwrap_or_default())
}

/// Fails if AWS gave up adding one of these addresses. Another call would not help.
fn refuse_failed(
    addresses: &[NatGatewayAddress],
    missing: &[String],
    name: fn(&NatGatewayAddress) -> Option<&str>,
) -> Result<()> {
    let is_missing = |address: &&NatGatewayAddress| {
        name(address).is_some_and(|name| missing.iter().any(|missing| missing == name))
    };
    let given_up = addresses.iter().filter(is_missing).find(|one| one.status == Some(Status::Failed));
    match given_up {
        None => Ok(()),
        Some(address) => {
            let (name, why) = (name(address).unwrap_or_default(), address.failure_message());
            let message = format!("AWS could not add the address {name}: {}", why.unwrap_or(NO_REASON));
            Err(Error::new(ErrorKind::Internal, message))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use landform_core::{Call, Manage, Progress};
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::client::pages::server;

    /// An answer that shows a gateway with these addresses: allocation, private address, status, whether it is primary.
    fn shown(kind: &str, addresses: &[(&str, &str, &str, bool)]) -> (u16, String) {
        let items = addresses.iter().map(|(allocation, private, status, primary)| {
            let association = allocation.replace("eipalloc", "eipassoc");
            format!(
                "<item><allocationId>{allocation}</allocationId><associationId>{association}</associationId>\
                 <privateIp>{private}</privateIp><status>{status}</status><isPrimary>{primary}</isPrimary>\
                 <failureMessage>no room</failureMessage></item>"
            )
        });
        let addresses: String = items.collect();
        let gateway = format!(
            "<natGatewayId>nat-0123456789abcdef0</natGatewayId><subnetId>subnet-0123456789abcdef0</subnetId>\
             <state>available</state><connectivityType>{kind}</connectivityType>\
             <natGatewayAddressSet>{addresses}</natGatewayAddressSet>"
        );
        let set = format!("<natGatewaySet><item>{gateway}</item></natGatewaySet>");
        (200, format!("<DescribeNatGatewaysResponse>{set}</DescribeNatGatewaysResponse>"))
    }

    fn done(operation: &str) -> (u16, String) {
        (200, format!("<{operation}Response></{operation}Response>"))
    }

    fn gateway(rest: Json) -> NatGateway {
        let mut all = json!({ "subnet_id": "subnet-0123456789abcdef0" });
        all.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    /// Changes a gateway against these answers. Returns the requests without reads, and the outcome.
    async fn changed(
        prior: Json,
        wanted: Json,
        answers: Vec<(u16, String)>,
    ) -> (Vec<String>, Result<Observed<NatGateway>>) {
        let (url, asked) = server(answers);
        let kit = Client::emulator(&url, "us-east-2").await.unwrap().kit();
        let wanted = gateway(wanted);
        let attributes = json!({ "id": "nat-0123456789abcdef0", "network_interface_id": "eni-1" });
        let attributes = serde_json::from_value(attributes).unwrap();
        let prior = Observed { arguments: gateway(prior), attributes };
        let (address, token) = ("aws_nat_gateway.a".parse().unwrap(), "t-1".parse().unwrap());
        let call = Call::new(&address, &token);
        let mut progress = kit.update(call, &prior, &wanted).await;
        let outcome = loop {
            match progress {
                Ok(Progress::Pending(ticket)) => progress = kit.resume(call, &ticket, &wanted).await,
                Ok(Progress::Exists(observed)) => break Ok(observed),
                Ok(other) => panic!("{other:?}"),
                Err(error) => break Err(error),
            }
        };
        let asked = asked.join().unwrap().into_iter();
        let changes = asked.filter(|body| !body.contains("Action=Describe"));
        let changes = changes.map(|body| body.replace("&Version=2016-11-15", "")).collect();
        (changes, outcome)
    }

    const FIRST: (&str, &str, &str, bool) = ("eipalloc-1", "10.0.0.4", "succeeded", true);

    #[tokio::test]
    async fn a_public_gateway_gets_and_loses_addresses_and_is_waited_for() {
        let with = |second: &[(&str, &str, &str, bool)]| shown("public", &[&[FIRST][..], second].concat());
        let wanted = json!({
            "allocation_id": "eipalloc-1", "secondary_allocation_ids": ["eipalloc-3"],
            "secondary_private_ip_addresses": ["10.0.0.6"],
        });
        let old = ("eipalloc-2", "10.0.0.5", "succeeded", false);
        let (changes, outcome) = changed(
            json!({
                "allocation_id": "eipalloc-1", "secondary_allocation_ids": ["eipalloc-2"],
                "secondary_private_ip_addresses": ["10.0.0.5"],
            }),
            wanted,
            vec![
                with(&[old]),
                with(&[old]),
                done("AssociateNatGatewayAddress"),
                with(&[old, ("eipalloc-3", "10.0.0.6", "associating", false)]),
                with(&[old, ("eipalloc-3", "10.0.0.6", "succeeded", false)]),
                with(&[old, ("eipalloc-3", "10.0.0.6", "succeeded", false)]),
                done("DisassociateNatGatewayAddress"),
                with(&[
                    ("eipalloc-2", "10.0.0.5", "disassociating", false),
                    ("eipalloc-3", "10.0.0.6", "succeeded", false),
                ]),
                with(&[("eipalloc-3", "10.0.0.6", "succeeded", false)]),
            ],
        )
        .await;
        let arguments = outcome.unwrap().arguments;
        assert_eq!(arguments.secondary_private_ip_address_count, Some(1));
        assert_eq!(
            changes,
            [
                "Action=AssociateNatGatewayAddress&NatGatewayId=nat-0123456789abcdef0&AllocationId.1=eipalloc-3\
                 &PrivateIpAddress.1=10.0.0.6",
                "Action=DisassociateNatGatewayAddress&NatGatewayId=nat-0123456789abcdef0&AssociationId.1=eipassoc-2",
            ]
        );
    }

    #[tokio::test]
    async fn a_private_gateway_gets_and_loses_addresses() {
        let first = ("", "10.0.0.4", "succeeded", true);
        let old = ("", "10.0.0.5", "succeeded", false);
        let new = |status| ("", "10.0.0.6", status, false);
        let with = |more: &[(&str, &str, &str, bool)]| shown("private", &[&[first][..], more].concat());
        let (changes, outcome) = changed(
            json!({ "connectivity_type": "private", "secondary_private_ip_addresses": ["10.0.0.5"] }),
            json!({ "connectivity_type": "private", "secondary_private_ip_addresses": ["10.0.0.6"] }),
            vec![
                with(&[old]),
                with(&[old]),
                done("AssignPrivateNatGatewayAddress"),
                with(&[old, new("assigning")]),
                with(&[old, new("succeeded")]),
                done("UnassignPrivateNatGatewayAddress"),
                with(&[("", "10.0.0.5", "unassigning", false), new("succeeded")]),
                with(&[new("succeeded")]),
            ],
        )
        .await;
        assert!(outcome.unwrap().arguments.secondary_allocation_ids.is_empty());
        assert_eq!(
            changes,
            [
                "Action=AssignPrivateNatGatewayAddress&NatGatewayId=nat-0123456789abcdef0&PrivateIpAddress.1=10.0.0.6",
                "Action=UnassignPrivateNatGatewayAddress&NatGatewayId=nat-0123456789abcdef0&PrivateIpAddress.1=10.0.0.5",
            ]
        );
    }

    #[tokio::test]
    async fn an_address_that_aws_could_not_add_is_one_error() {
        let wanted = json!({ "allocation_id": "eipalloc-1", "secondary_allocation_ids": ["eipalloc-3"] });
        let given_up = shown("public", &[FIRST, ("eipalloc-3", "10.0.0.6", "failed", false)]);
        let answers = vec![
            shown("public", &[FIRST]),
            shown("public", &[FIRST]),
            done("AssociateNatGatewayAddress"),
            given_up.clone(),
            given_up,
        ];
        let error = changed(json!({ "allocation_id": "eipalloc-1" }), wanted, answers).await.1.unwrap_err();
        assert!(error.to_string().contains("could not add the address eipalloc-3: no room"), "{error}");
    }

    #[tokio::test]
    async fn a_creation_names_all_addresses() {
        let made = "<CreateNatGatewayResponse><natGateway><natGatewayId>nat-0123456789abcdef0</natGatewayId>\
                    </natGateway></CreateNatGatewayResponse>";
        for (wanted, sent) in [
            (
                json!({
                    "allocation_id": "eipalloc-1", "secondary_allocation_ids": ["eipalloc-2"],
                    "secondary_private_ip_addresses": ["10.0.0.5"],
                }),
                "SecondaryAllocationId.1=eipalloc-2&SecondaryPrivateIpAddress.1=10.0.0.5",
            ),
            (
                json!({ "connectivity_type": "private", "secondary_private_ip_address_count": 7 }),
                "SecondaryPrivateIpAddressCount=7",
            ),
        ] {
            let empty = (200, "<DescribeNatGatewaysResponse></DescribeNatGatewaysResponse>".to_owned());
            let (url, asked) = server(vec![empty, (200, made.to_owned())]);
            let kit = Client::emulator(&url, "us-east-2").await.unwrap().kit();
            let (address, token) = ("aws_nat_gateway.a".parse().unwrap(), "t-1".parse().unwrap());
            let begun = kit.create(Call::new(&address, &token), &gateway(wanted)).await.unwrap();
            assert!(matches!(begun, Progress::Pending(_)), "{begun:?}");
            let asked: Vec<String> = asked.join().unwrap();
            assert!(asked.iter().any(|body| body.contains(sent)), "{sent} is missing in {asked:?}");
        }
    }
}
