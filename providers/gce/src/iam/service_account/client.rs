//! The calls for service accounts. Reads of a new account are inconsistent for a while, so several looks in a row must
//! show it before it counts as made.

use std::collections::BTreeMap;

use landform_core::Id;
use landform_kit::{
    Patience, in_pages,
    rest::{Method, Url},
    senseless,
};

use super::{ServiceAccount, ServiceAccountAttributes};
use crate::client::{prelude::*, service::Service};

/// How many accounts of a project are read one by one. The client lists the project's accounts for more.
const ONE_BY_ONE: usize = 3;

#[async_trait]
impl Calls<Client> for ServiceAccount {
    /// One list shows all accounts of a project.
    const PAGE: usize = 500;
    const PATIENCE: Patience = Patience { looks: 3, ..Patience::USUAL };

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = match which {
            Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Which::Attempt(_, wanted) => vec![wanted.identity(client)],
        };
        if ids.len() <= ONE_BY_ONE {
            return landform_kit::each(&ids, async |id| {
                let answer =
                    client.ask(Method::GET, url(client, id, "")?, &[], None, ErrorKind::Conflict).await?;
                seen(&answer).map(Some)
            })
            .await;
        }
        let mut projects: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for id in &ids {
            projects.entry(split(id)?.0).or_default().push(id);
        }
        let mut found = Vec::new();
        for (project, ids) in projects {
            let accounts = in_pages(|page| list(client, project, page)).await?;
            let mine = accounts.iter().filter(|account| ids.iter().any(|id| account["name"] == **id));
            for account in mine {
                found.push(seen(account)?);
            }
        }
        Ok(found)
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let url = client.url_at(Service::Iam, ["projects", self.project(client), "serviceAccounts"]);
        let said = json!({ "displayName": self.display_name, "description": self.description });
        let body = json!({ "accountId": self.account_id, "serviceAccount": without_nulls(said) });
        client.ask(Method::POST, url, &[], Some(body), ErrorKind::AlreadyExists).await?;
        Ok(Made::id(self.identity(client)))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let fields = [
            ("display_name", "displayName", &self.display_name),
            ("description", "description", &self.description),
        ];
        let changed: Vec<_> = fields.iter().filter(|(field, ..)| due.has(field)).collect();
        if !changed.is_empty() {
            let mask: Vec<_> = changed.iter().map(|(_, name, _)| *name).collect();
            let said = changed.iter().map(|(_, name, value)| {
                ((*name).to_owned(), Json::from((*value).clone().unwrap_or_default()))
            });
            let body = json!({ "serviceAccount": said.collect::<Map<_, _>>(), "updateMask": mask.join(",") });
            client
                .ask(Method::PATCH, url(client, seen.id(), "")?, &[], Some(body), ErrorKind::Conflict)
                .await?;
        }
        if due.has("disabled") {
            let verb = if self.disabled { ":disable" } else { ":enable" };
            let url = url(client, seen.id(), verb)?;
            client.ask(Method::POST, url, &[], Some(json!({})), ErrorKind::Conflict).await?;
        }
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.ask(Method::DELETE, url(client, prior.id(), "")?, &[], None, ErrorKind::Conflict).await?;
        Ok(Next::Done)
    }
}

impl ServiceAccount {
    fn project<'a>(&'a self, client: &'a Client) -> &'a str {
        self.project.as_deref().unwrap_or_else(|| client.project())
    }

    fn identity(&self, client: &Client) -> String {
        let project = self.project(client);
        format!("projects/{project}/serviceAccounts/{}@{project}.iam.gserviceaccount.com", self.account_id)
    }
}

/// The project and the address in an id.
fn split(id: &str) -> Result<(&str, &str)> {
    match id.split('/').collect::<Vec<_>>().as_slice() {
        ["projects", project, "serviceAccounts", email] => Ok((project, email)),
        _ => {
            let message = format!("invalid id {id:?}: expected projects/…/serviceAccounts/…");
            Err(Error::new(ErrorKind::Invalid, message))
        }
    }
}

fn url(client: &Client, id: &str, verb: &str) -> Result<Url> {
    let (project, email) = split(id)?;
    let account = format!("{email}{verb}");
    Ok(client.url_at(Service::Iam, ["projects", project, "serviceAccounts", &account]))
}

async fn list(client: &Client, project: &str, page: Option<String>) -> Result<(Vec<Json>, Option<String>)> {
    let mut query = vec![("pageSize", "100")];
    query.extend(page.as_deref().map(|page| ("pageToken", page)));
    let url = client.url_at(Service::Iam, ["projects", project, "serviceAccounts"]);
    let mut answer = client.ask(Method::GET, url, &query, None, ErrorKind::Conflict).await?;
    let next = answer["nextPageToken"].as_str().map(str::to_owned);
    let accounts = answer["accounts"].take();
    Ok((accounts.as_array().cloned().unwrap_or_default(), next))
}

fn without_nulls(object: Json) -> Json {
    let fields = object.as_object().cloned().unwrap_or_default();
    Json::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

fn seen(account: &Json) -> Result<Seen<ServiceAccount>> {
    let text = |field: &str| account[field].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let needed = |field: &str| text(field).ok_or_else(|| senseless(format!("the account has no {field}")));
    let (name, email) = (needed("name")?, needed("email")?);
    let arguments = ServiceAccount {
        account_id: email.split('@').next().unwrap_or_default().to_owned(),
        project: Some(split(&name)?.0.to_owned()),
        display_name: text("displayName"),
        description: text("description"),
        disabled: account["disabled"] == true,
    };
    let attributes = ServiceAccountAttributes {
        id: Id::new(&name),
        member: format!("serviceAccount:{email}"),
        unique_id: needed("uniqueId")?,
        name,
        email,
    };
    Ok(Seen::new(arguments, attributes))
}
