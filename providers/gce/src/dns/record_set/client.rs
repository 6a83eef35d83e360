//! The calls for records.

use landform_core::Id;
use landform_kit::{
    in_pages,
    rest::{Method, Url},
    senseless,
};

use super::{DnsRecordSet, DnsRecordSetAttributes};
use crate::{
    client::{path_of, prelude::*, service::Service},
    dns::managed_zone::client::split as split_zone,
};

/// How many record sets of a zone are read one by one. The client lists the zone for more.
const ONE_BY_ONE: usize = 3;

/// The time to live of records that say none.
const TTL: u32 = 300;

#[async_trait]
impl Calls<Client> for DnsRecordSet {
    const REPEATED: Repeated = Repeated::IsRefused;
    /// One list shows all records of a zone.
    const PAGE: usize = 1000;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = which.ids_or(|wanted| wanted.identity(client).into());
        let mut zones: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
        for id in &ids {
            let (zone, name, kind) = split(id)?;
            match zones.iter_mut().find(|(known, _)| *known == zone) {
                Some((_, sets)) => sets.push((name, kind)),
                None => zones.push((zone, vec![(name, kind)])),
            }
        }
        let mut found = Vec::new();
        for (zone, sets) in zones {
            if sets.len() <= ONE_BY_ONE {
                let each = landform_kit::each(&sets, async |(name, kind)| {
                    let url = url(client, zone, Some((name, kind)))?;
                    client.ask(Method::GET, url, &[], None, ErrorKind::Conflict).await.map(Some)
                });
                for record in each.await? {
                    found.push(seen(zone, &record)?);
                }
                continue;
            }
            let records = match in_pages(|page| list(client, zone, page)).await {
                // The zone is gone, and its records with it.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                records => records?,
            };
            for record in records {
                let seen = seen(zone, &record)?;
                if ids.iter().any(|id| id.eq_ignore_ascii_case(seen.id())) {
                    found.push(seen);
                }
            }
        }
        Ok(found)
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let url = url(client, &self.zone(client), None)?;
        client.ask(Method::POST, url, &[], Some(self.body()), ErrorKind::AlreadyExists).await?;
        Ok(Made::id(self.identity(client)))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        let (zone, name, kind) = split(seen.id())?;
        let url = url(client, zone, Some((name, kind)))?;
        let mut body = self.body();
        if self.ttl.is_none() {
            body["ttl"] = seen.object.arguments.ttl.into();
        }
        client.ask(Method::PATCH, url, &[], Some(body), ErrorKind::Conflict).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let (zone, name, kind) = split(prior.id())?;
        let url = url(client, zone, Some((name, kind)))?;
        client.ask(Method::DELETE, url, &[], None, ErrorKind::Conflict).await?;
        Ok(Next::Done)
    }
}

impl DnsRecordSet {
    fn identity(&self, client: &Client) -> String {
        self.id_in(&self.zone(client))
    }

    fn id_in(&self, zone: &str) -> String {
        let name = absolute(&self.name).to_ascii_lowercase();
        format!("{zone}/rrsets/{name}/{}", self.r#type)
    }

    /// The path of the zone, which a declaration may also give by its name.
    fn zone(&self, client: &Client) -> String {
        let zone = self.managed_zone.as_str();
        match path_of(zone) {
            Some(path) => path.to_owned(),
            None => {
                let project = self.project.as_deref().unwrap_or(client.project());
                format!("projects/{project}/managedZones/{}", zone.rsplit('/').next().unwrap_or(zone))
            }
        }
    }

    fn body(&self) -> Json {
        json!({
            "name": absolute(&self.name), "type": self.r#type, "ttl": self.ttl.unwrap_or(TTL), "rrdatas": self.rrdatas,
        })
    }
}

/// A name with a final dot, as Cloud DNS takes it.
pub(crate) fn absolute(name: &str) -> String {
    format!("{}.", name.strip_suffix('.').unwrap_or(name))
}

/// The zone, the name and the type in an id.
fn split(id: &str) -> Result<(&str, &str, &str)> {
    let parts = id.split_once("/rrsets/").and_then(|(zone, set)| Some((zone, set.rsplit_once('/')?)));
    match parts {
        Some((zone, (name, kind))) => Ok((zone, name, kind)),
        None => {
            let message = format!("invalid id {id:?}: expected projects/…/managedZones/…/rrsets/NAME/TYPE");
            Err(Error::new(ErrorKind::Invalid, message))
        }
    }
}

/// The URL of a zone's records, or of one set of them.
fn url(client: &Client, zone: &str, set: Option<(&str, &str)>) -> Result<Url> {
    let (project, zone) = split_zone(zone)?;
    let parts = ["projects", project, "managedZones", zone, "rrsets"].into_iter();
    Ok(client.url_at(Service::Dns, parts.chain(set.into_iter().flat_map(|(name, kind)| [name, kind]))))
}

async fn list(client: &Client, zone: &str, page: Option<String>) -> Result<(Vec<Json>, Option<String>)> {
    let query: Vec<_> = page.as_deref().map(|page| ("pageToken", page)).into_iter().collect();
    let mut answer =
        client.ask(Method::GET, url(client, zone, None)?, &query, None, ErrorKind::Conflict).await?;
    let next = answer["nextPageToken"].as_str().map(str::to_owned);
    let sets = answer["rrsets"].take();
    Ok((sets.as_array().cloned().unwrap_or_default(), next))
}

/// Deletes the records of a zone except those that belong to the zone itself. Returns whether there were any.
pub(crate) async fn empty(client: &Client, project: &str, zone: &str, dns_name: &str) -> Result<bool> {
    let zone = format!("projects/{project}/managedZones/{zone}");
    let records = in_pages(|page| list(client, &zone, page)).await?;
    let is_the_zones = |record: &Json| {
        let kind = record["type"].as_str().unwrap_or_default();
        ["NS", "SOA"].contains(&kind)
            && record["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(dns_name))
    };
    let own: Vec<_> = records.iter().filter(|record| !is_the_zones(record)).collect();
    let gone = landform_kit::each(&own, async |record| {
        let text = |field: &str| record[field].as_str().unwrap_or_default();
        let url = url(client, &zone, Some((text("name"), text("type"))))?;
        client.ask(Method::DELETE, url, &[], None, ErrorKind::Conflict).await.map(Some)
    });
    gone.await?;
    Ok(!own.is_empty())
}

fn seen(zone: &str, record: &Json) -> Result<Seen<DnsRecordSet>> {
    let text = |field: &str| record[field].as_str().map(str::to_owned);
    let needed = |field: &str| text(field).ok_or_else(|| senseless(format!("the record has no {field}")));
    let data = record["rrdatas"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let arguments = DnsRecordSet {
        managed_zone: Id::new(zone),
        name: needed("name")?,
        r#type: needed("type")?,
        rrdatas: data.map(str::to_owned).collect(),
        ttl: record["ttl"].as_u64().and_then(|ttl| u32::try_from(ttl).ok()),
        project: Some(split_zone(zone)?.0.to_owned()),
    };
    let id = Id::new(arguments.id_in(zone));
    Ok(Seen::new(arguments, DnsRecordSetAttributes { id }))
}
