//! The calls for zones. Tags, and the records with a zone's name servers, need separate calls.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_route53::{
    operation::get_hosted_zone::GetHostedZoneOutput,
    types::{Change, ChangeAction, ChangeBatch, HostedZoneConfig, ResourceRecordSet, RrType, Tag},
};
use landform_core::{Forecast, Meaning, Path, Proposal, expr::Resolved};
use serde_json::Value as Json;

use super::{Route53Zone, Route53ZoneAttributes, ZoneVpc};
use crate::{
    client::{TOKEN_TAG, error::built, prelude::*},
    route53::client::*,
};

#[async_trait]
impl Calls<Client> for Route53Zone {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const FORECASTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids: Vec<String> = match which {
            Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Which::Attempt(token, zone) => {
                let mut zones = zones_named(client, &zone.name).await?;
                zones.retain(|zone| zone.caller_reference == token.as_str());
                zones.into_iter().map(|zone| bare(&zone.id).to_owned()).collect()
            }
        };
        let zones = each(&ids, async |id| {
            let zone = client.route53.get_hosted_zone().id(id).send().await.map_err(failed)?;
            Ok(Some((id.clone(), zone)))
        });
        let zones: Vec<(String, GetHostedZoneOutput)> = zones.await?;
        if zones.is_empty() {
            return Ok(Vec::new());
        }
        let there: Vec<String> = zones.iter().map(|(id, _)| id.clone()).collect();
        let servers = each(&zones, async |(id, zone)| {
            let name = zone.hosted_zone().map(|zone| zone.name()).unwrap_or_default();
            // The records of the zone's name come first, and NS before SOA.
            let call = client.route53.list_resource_record_sets().hosted_zone_id(id).max_items(2);
            let call = call.start_record_name(name).start_record_type(RrType::Ns);
            Ok(Some((id.clone(), call.send().await.map_err(failed)?.resource_record_sets)))
        });
        let (servers, mut tags) = tokio::try_join!(servers, tags_of(client, &there))?;
        let mut servers: HashMap<String, Vec<ResourceRecordSet>> = servers.into_iter().collect();
        let seen = zones.into_iter().map(|(id, zone)| {
            let (servers, tags) = (servers.remove(&id).unwrap_or_default(), tags.remove(&id));
            seen(client, id, zone, &servers, tags)
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let first = self.vpc.first();
        let config = HostedZoneConfig::builder().comment(&self.comment).private_zone(first.is_some());
        let call = client
            .route53
            .create_hosted_zone()
            .name(Meaning::DnsName.canonical(&self.name))
            .caller_reference(attempt.token().as_str())
            .hosted_zone_config(config.build())
            .set_delegation_set_id(self.delegation_set_id.wire())
            .set_vpc(first.map(|first| vpc(client, first.vpc_id.as_str(), first.vpc_region.as_deref())));
        let made = call.send().await.map_err(failed)?;
        let id = made.hosted_zone.map(|zone| bare(&zone.id).to_owned());
        let made_so = Made::answered(id)?;
        Ok(match operation(made.change_info) {
            Ok(operation) => made_so.with_operation(operation),
            Err(_) => made_so,
        })
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        if due.has("comment") {
            let call = client.route53.update_hosted_zone_comment().id(seen.id());
            call.comment(&self.comment).send().await.map_err(failed)?;
        }
        if !due.has("vpc") {
            return Ok(Next::Changed);
        }
        let placed = |zone: &Self| -> BTreeSet<(String, String)> {
            let place = |vpc: &ZoneVpc| {
                let region = vpc.vpc_region.as_deref().unwrap_or(client.region());
                (vpc.vpc_id.as_str().to_owned(), region.to_owned())
            };
            zone.vpc.iter().map(place).collect()
        };
        let (wanted, there) = (placed(self), placed(&seen.object.arguments));
        let mut last = None;
        // Route 53 does not remove the last VPC of a zone, so the client adds new ones first.
        for (id, region) in wanted.difference(&there) {
            let call = client.route53.associate_vpc_with_hosted_zone().hosted_zone_id(seen.id());
            last = call.vpc(vpc(client, id, Some(region))).send().await.map_err(failed)?.change_info;
        }
        for (id, region) in there.difference(&wanted) {
            let call = client.route53.disassociate_vpc_from_hosted_zone().hosted_zone_id(seen.id());
            last = call.vpc(vpc(client, id, Some(region))).send().await.map_err(failed)?.change_info;
        }
        match last {
            Some(change) => Ok(Next::Started(operation(Some(change))?)),
            None => Ok(Next::Changed),
        }
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        if prior.arguments.force_destroy && empty(client, prior.id()).await? {
            return Ok(Next::Changed);
        }
        let gone = client.route53.delete_hosted_zone().id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Started(operation(gone.change_info)?))
    }

    async fn forecast(_: &Client, proposal: Proposal<'_, Observed<Self>>) -> Result<Forecast> {
        let path = Path::field("vpc");
        let Some(prior) = proposal.prior.filter(|_| proposal.changes(&path)) else {
            return Ok(Forecast::new());
        };
        let private = match proposal.wanted(&path) {
            Resolved::Known(Json::Array(vpcs)) => !vpcs.is_empty(),
            Resolved::Known(_) => false,
            // An unknown value will be a VPC.
            _ => true,
        };
        let was_private = !prior.arguments.vpc.is_empty();
        Ok(if private == was_private { Forecast::new() } else { Forecast::new().replaces(path) })
    }
}

/// Deletes a page of a zone's records, except the zone's NS and SOA records. Returns whether there were any.
async fn empty(client: &Client, zone: &str) -> Result<bool> {
    let page =
        client.route53.list_resource_record_sets().hosted_zone_id(zone).send().await.map_err(failed)?;
    let all = page.resource_record_sets;
    let own = all.iter().find(|set| set.r#type == RrType::Soa).map(|set| set.name.clone());
    let came = |set: &ResourceRecordSet| {
        matches!(set.r#type, RrType::Soa | RrType::Ns) && Some(&set.name) == own.as_ref()
    };
    let others = all.into_iter().filter(|set| !came(set));
    let changes = others
        .map(|set| built(Change::builder().action(ChangeAction::Delete).resource_record_set(set).build()));
    let changes: Vec<Change> = changes.collect::<Result<_>>()?;
    if changes.is_empty() {
        return Ok(false);
    }
    let batch = built(ChangeBatch::builder().set_changes(Some(changes)).build())?;
    let call = client.route53.change_resource_record_sets().hosted_zone_id(zone);
    call.change_batch(batch).send().await.map_err(failed)?;
    Ok(true)
}

fn seen(
    client: &Client,
    id: String,
    answer: GetHostedZoneOutput,
    records: &[ResourceRecordSet],
    tags: Option<Vec<Tag>>,
) -> Result<Seen<Route53Zone>> {
    let Some(zone) = answer.hosted_zone else {
        return Err(landform_kit::senseless("the answer has no zone"));
    };
    let config = zone.config.unwrap_or_else(|| HostedZoneConfig::builder().build());
    let set = answer.delegation_set;
    let of_type = |kind: RrType| {
        let own = records.iter().filter(|set| Meaning::DnsName.same(&set.name, &zone.name));
        let records = own.filter(move |set| set.r#type == kind).flat_map(|set| set.resource_records());
        records.map(|record| record.value().trim_end_matches('.').to_owned())
    };
    let soa = of_type(RrType::Soa).next().unwrap_or_default();
    let primary = soa.split(' ').next().unwrap_or_default().trim_end_matches('.').to_owned();
    let mut servers = set.as_ref().map(|set| set.name_servers.clone()).unwrap_or_default();
    if servers.is_empty() {
        servers = of_type(RrType::Ns).collect();
    }
    servers.sort();
    let vpcs = answer.vpcs.unwrap_or_default().into_iter();
    let vpcs = vpcs.map(|vpc| Ok(read!(vpc => ZoneVpc { vpc_id, vpc_region })));
    let arguments = Route53Zone {
        name: Meaning::DnsName.canonical(&zone.name).into_owned(),
        comment: config.comment.unwrap_or_default(),
        delegation_set_id: read(set.and_then(|set| set.id).map(|id| bare(&id).to_owned()), "id")?,
        vpc: vpcs.collect::<Result<_>>()?,
        force_destroy: false,
        tags: Default::default(),
    };
    let attributes = Route53ZoneAttributes {
        arn: format!("arn:{}:route53:::hostedzone/{id}", client.partition()),
        zone_id: Id::new(&id),
        id: Id::new(id),
        name_servers: servers,
        primary_name_server: primary,
    };
    // The client tags a zone after it has made it. The caller's reference says which attempt made the zone.
    let made = (TOKEN_TAG.to_owned(), zone.caller_reference);
    Ok(Seen::new(arguments, attributes).tags(given(tags).chain([made])))
}
