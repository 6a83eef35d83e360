//! The calls for zones.

use landform_kit::{
    TagChange, in_pages,
    rest::{self, Method, Url},
    senseless,
};

use super::DnsManagedZone;
use crate::{
    client::{prelude::*, service::Service},
    dns::record_set::client as records,
};

/// How many zones of a project are read one by one. The client lists the project's zones for more.
const ONE_BY_ONE: usize = 3;

/// The prefix of a network's link. Cloud DNS takes only whole links.
const LINKS: &str = "https://www.googleapis.com/compute/v1/";

#[async_trait]
impl Calls<Client> for DnsManagedZone {
    const REPEATED: Repeated = Repeated::IsRefused;
    const TAGS: Option<Tagging<Client, Self>> = tagged!(labels, label);
    /// One list shows all zones of a project.
    const PAGE: usize = 500;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = match which {
            Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Which::Attempt(_, wanted) => vec![wanted.identity(client)],
        };
        if ids.len() <= ONE_BY_ONE {
            return landform_kit::each(&ids, async |id| {
                let (project, name) = split(id)?;
                let zone = client
                    .ask(Method::GET, url(client, project, name), &[], None, ErrorKind::Conflict)
                    .await?;
                seen(project, zone).map(Some)
            })
            .await;
        }
        let mut projects = ids.iter().map(|id| Ok(split(id)?.0)).collect::<Result<Vec<_>>>()?;
        projects.sort_unstable();
        projects.dedup();
        let mut found = Vec::new();
        for project in projects {
            for zone in in_pages(|page| list(client, project, page)).await? {
                let seen = seen(project, zone)?;
                if ids.iter().any(|id| id == seen.id()) {
                    found.push(seen);
                }
            }
        }
        Ok(found)
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let mut body = self.body()?;
        body.insert("labels".to_owned(), json!(attempt.tags));
        body.entry("description").or_insert_with(|| "".into());
        let id = self.identity(client);
        let url = client.url_at(Service::Dns, ["projects", split(&id)?.0, "managedZones"]);
        client.ask(Method::POST, url, &[], Some(Json::Object(body)), ErrorKind::AlreadyExists).await?;
        Ok(Made::id(id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let body = self.body()?;
        let changed = due.fields().iter().filter(|field| **field != "force_destroy");
        let changed = changed.map(|field| table::wire_name(&[], field));
        let part: Map<_, _> =
            changed.map(|field| (field.clone(), body.get(&field).cloned().unwrap_or_default())).collect();
        match part.is_empty() {
            true => Ok(Next::Done),
            false => patch(client, seen.id(), part).await,
        }
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let (project, name) = split(prior.id())?;
        if prior.arguments.force_destroy
            && records::empty(client, project, name, &records::absolute(&prior.arguments.dns_name)).await?
        {
            return Ok(Next::Changed);
        }
        client.ask(Method::DELETE, url(client, project, name), &[], None, ErrorKind::Conflict).await?;
        Ok(Next::Done)
    }
}

impl DnsManagedZone {
    fn identity(&self, client: &Client) -> String {
        let project = self.project.as_deref().unwrap_or_else(|| client.project());
        format!("projects/{project}/managedZones/{}", self.name)
    }

    fn body(&self) -> Result<Map<String, Json>> {
        let mut body = table::spelt(self, &[])?;
        for field in ["labels", "forceDestroy"] {
            body.remove(field);
        }
        body.insert("dnsName".to_owned(), records::absolute(&self.dns_name).into());
        let networks = body.get_mut("privateVisibilityConfig").and_then(|of| of["networks"].as_array_mut());
        for network in networks.into_iter().flatten() {
            if let Some(path) = network["networkUrl"].as_str().filter(|link| link.starts_with("projects/")) {
                network["networkUrl"] = format!("{LINKS}{path}").into();
            }
        }
        Ok(body)
    }
}

/// The project and the name in an id.
pub(crate) fn split(id: &str) -> Result<(&str, &str)> {
    match id.split('/').collect::<Vec<_>>().as_slice() {
        ["projects", project, "managedZones", name] => Ok((project, name)),
        _ => {
            let message = format!("invalid id {id:?}: expected projects/…/managedZones/…");
            Err(Error::new(ErrorKind::Invalid, message))
        }
    }
}

fn url(client: &Client, project: &str, name: &str) -> Url {
    client.url_at(Service::Dns, ["projects", project, "managedZones", name])
}

pub(crate) async fn list(
    client: &Client,
    project: &str,
    page: Option<String>,
) -> Result<(Vec<Json>, Option<String>)> {
    let query: Vec<_> = page.as_deref().map(|page| ("pageToken", page)).into_iter().collect();
    let url = client.url_at(Service::Dns, ["projects", project, "managedZones"]);
    let mut answer = client.ask(Method::GET, url, &query, None, ErrorKind::Conflict).await?;
    let next = answer["nextPageToken"].as_str().map(str::to_owned);
    let zones = answer["managedZones"].take();
    Ok((zones.as_array().cloned().unwrap_or_default(), next))
}

async fn patch(client: &Client, id: &str, part: Map<String, Json>) -> Result<Next> {
    let (project, name) = split(id)?;
    let url = url(client, project, name);
    client.ask(Method::PATCH, url, &[], Some(Json::Object(part)), ErrorKind::Conflict).await?;
    Ok(Next::Changed)
}

async fn label(client: &Client, seen: &Seen<DnsManagedZone>, change: &TagChange) -> Result<Next> {
    // A label goes only by null.
    let gone = change.remove.iter().map(|key| (key.clone(), Json::Null));
    let labels: Map<_, _> =
        change.set.iter().map(|(key, value)| (key.clone(), value.as_str().into())).chain(gone).collect();
    patch(client, seen.id(), Map::from_iter([("labels".to_owned(), labels.into())])).await
}

fn seen(project: &str, zone: Json) -> Result<Seen<DnsManagedZone>> {
    let Some(name) = zone["name"].as_str() else { return Err(senseless("the zone has no name")) };
    let id = format!("projects/{project}/managedZones/{name}");
    let labels: std::collections::BTreeMap<String, String> = match &zone["labels"] {
        Json::Null => Default::default(),
        labels => rest::declared(labels)?,
    };
    let mut arguments = table::told::<DnsManagedZone>(&zone, &[]);
    arguments.remove("labels");
    arguments.insert("project".to_owned(), project.into());
    let mut attributes = table::told_attributes::<DnsManagedZone>(&zone, &id);
    attributes.insert("managed_zone_id".to_owned(), zone["id"].clone());
    let seen = Seen::new(rest::declared(&arguments.into())?, rest::declared(&attributes.into())?);
    Ok(seen.tags(labels))
}
