//! Whether EC2 offers the type of an instance in its zone. A plan asks, so that a wrong type is one clear error before
//! anything is changed.

use aws_sdk_ec2::types::LocationType;
use landform_core::{Path, Proposal, expr::Resolved};
use serde_json::Value as Json;

use super::Instance;
use crate::{client::prelude::*, ec2::client::filter};

/// Checks the type of a new instance, or a new type. A type or a zone that the plan does not know passes, and so does one
/// that the caller may not ask about.
///
/// # Errors
/// Invalid if EC2 does not offer the type in the zone.
pub(super) async fn check(client: &Client, proposal: &Proposal<'_, Observed<Instance>>) -> Result<()> {
    let field = Path::field("instance_type");
    if proposal.prior.is_some() && !proposal.changes(&field) {
        return Ok(());
    }
    let text = |path: &Path| match proposal.wanted(path) {
        Resolved::Known(Json::String(text)) => Some(text),
        _ => None,
    };
    let [zone, subnet] = ["availability_zone", "subnet_id"].map(|name| text(&Path::field(name)));
    let (Some(kind), Some(place)) = (text(&field), zone.clone().or(subnet)) else { return Ok(()) };
    let asked = match zone {
        Some(zone) => is_offered(client, &kind, &zone).await,
        None => is_offered_in_subnet(client, &kind, &place).await,
    };
    match asked {
        Ok(true) => Ok(()),
        Ok(false) => {
            let message = format!("EC2 does not offer the type {kind} in {place}");
            Err(Error::new(ErrorKind::Invalid, message).at("instance_type"))
        }
        Err(error) if error.kind() == ErrorKind::Denied => Ok(()),
        Err(error) => Err(error),
    }
}

async fn is_offered_in_subnet(client: &Client, kind: &str, subnet: &str) -> Result<bool> {
    let call = client.ec2.describe_subnets().filters(filter("subnet-id", [subnet]));
    let found = call.send().await.map_err(failed)?.subnets.unwrap_or_default();
    match found.into_iter().next().and_then(|subnet| subnet.availability_zone) {
        Some(zone) => is_offered(client, kind, &zone).await,
        None => Ok(true),
    }
}

async fn is_offered(client: &Client, kind: &str, zone: &str) -> Result<bool> {
    let key = (kind.to_owned(), zone.to_owned());
    if let Some(known) = client.offers().get(&key) {
        return Ok(*known);
    }
    let call = client.ec2.describe_instance_type_offerings().location_type(LocationType::AvailabilityZone);
    let call = call.filters(filter("instance-type", [kind])).filters(filter("location", [zone]));
    let found = call.send().await.map_err(failed)?.instance_type_offerings.unwrap_or_default();
    client.offers().insert(key, !found.is_empty());
    Ok(!found.is_empty())
}
