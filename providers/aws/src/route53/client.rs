//! The code that the calls of Route 53's types share: ids and names of zones, tags, and changes, which take a while to
//! reach the name servers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_route53::types::{ChangeInfo, ChangeStatus, HostedZone, Tag, TagResourceType, Vpc};
use landform_core::{Meaning, Resource};
use landform_kit::{Operation, Work};

pub(crate) use super::changes::Desk;
use crate::client::{prelude::*, tags::sdk_tag};

sdk_tag!(Tag, |tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()), |key, value| Some(
    Tag::builder().key(key).value(value).build()
));

/// The maximum number of zones in one `ListTagsForResources`.
const TAGGED: usize = 10;

/// The prefix of Route 53's operations.
const CHANGE: &str = "/change/";

/// The facts about zones that a client caches.
#[derive(Debug, Default)]
pub(crate) struct Zones {
    names: Mutex<HashMap<String, Arc<str>>>,
    desks: Mutex<HashMap<String, Arc<Desk>>>,
}

impl Zones {
    /// The waiting changes of a zone's records.
    pub(crate) fn desk(&self, zone: &str) -> Arc<Desk> {
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        desks.entry(zone.to_owned()).or_default().clone()
    }

    /// The name of a zone without the final dot. The client asks for it once, because it never changes.
    pub(crate) async fn name(&self, client: &Client, zone: &str) -> Result<Arc<str>> {
        let known = self.names.lock().unwrap_or_else(PoisonError::into_inner).get(zone).cloned();
        if let Some(name) = known {
            return Ok(name);
        }
        let found = client.route53.get_hosted_zone().id(zone).send().await.map_err(failed)?.hosted_zone;
        let name: String = read(found.map(|zone| zone.name), "name")?;
        let name: Arc<str> = Meaning::DnsName.canonical(&name).into();
        self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(zone.to_owned(), name.clone());
        Ok(name)
    }
}

/// The zones of a name. Route 53 lists zones in the order of their names.
pub(crate) async fn zones_named(client: &Client, name: &str) -> Result<Vec<HostedZone>> {
    let name = Meaning::DnsName.canonical(name);
    let mut found = Vec::new();
    let mut next = (Some(name.clone().into_owned()), None);
    loop {
        let call = client.route53.list_hosted_zones_by_name().set_dns_name(next.0).set_hosted_zone_id(next.1);
        let page = call.send().await.map_err(failed)?;
        let listed = page.hosted_zones.len();
        let is_named = |zone: &HostedZone| Meaning::DnsName.same(&zone.name, &name);
        let before = found.len();
        found.extend(page.hosted_zones.into_iter().take_while(is_named));
        if !page.is_truncated || found.len() - before < listed {
            return Ok(found);
        }
        next = (page.next_dns_name, page.next_hosted_zone_id);
    }
}

/// The id of a zone without Route 53's prefix `/hostedzone/`.
pub(crate) fn bare(zone: &str) -> &str {
    zone.rsplit('/').next().unwrap_or(zone)
}

/// A VPC in its region. The default is the client's region.
pub(crate) fn vpc(client: &Client, id: &str, region: Option<&str>) -> Vpc {
    Vpc::builder().vpc_id(id).vpc_region(region.unwrap_or(client.region()).into()).build()
}

/// The operation to poll until a change has reached all name servers.
pub(crate) fn operation(change: Option<ChangeInfo>) -> Result<Operation> {
    let change: String = read(change.map(|change| change.id), "change_info")?;
    Ok(Operation::new(format!("{CHANGE}{}", bare(&change))))
}

/// Polls a change, if the operation is one of Route 53's.
pub(crate) async fn poll(client: &Client, operation: &Operation) -> Option<Result<Work>> {
    let id = operation.as_str().strip_prefix(CHANGE)?;
    let answer = client.route53.get_change().id(id).send().await.map_err(failed);
    Some(match answer {
        Ok(answer) => match answer.change_info.map(|change| change.status) {
            Some(ChangeStatus::Insync) => Ok(Work::Done),
            _ => Ok(Work::Busy("waiting for the name servers to know of the change".into())),
        },
        // Route 53 forgets old changes.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Work::Done),
        Err(error) => Err(error),
    })
}

/// The tags of zones, by id.
pub(crate) async fn tags_of(client: &Client, zones: &[String]) -> Result<HashMap<String, Vec<Tag>>> {
    let pages = each(zones.chunks(TAGGED), async |zones| {
        let call = client.route53.list_tags_for_resources().resource_type(TagResourceType::Hostedzone);
        Ok(Some(call.set_resource_ids(Some(zones.to_vec())).send().await.map_err(failed)?))
    });
    let sets = pages.await?.into_iter().flat_map(|page| page.resource_tag_sets);
    Ok(sets.filter_map(|set| set.resource_id.zip(set.tags)).collect())
}

/// Writes tags.
pub(crate) async fn tag<R: Resource>(client: &Client, seen: &Seen<R>, change: &TagChange) -> Result<Next> {
    let call = client.route53.change_tags_for_resource().resource_type(TagResourceType::Hostedzone);
    let removed = (!change.remove.is_empty()).then(|| change.remove.iter().cloned().collect());
    let call = call.resource_id(seen.id()).set_add_tags(sent(&change.set)).set_remove_tag_keys(removed);
    call.send().await.map_err(failed)?;
    Ok(Next::Changed)
}
