//! The calls for buckets.

use landform_kit::{
    TagChange, in_pages,
    rest::{self, Method, Url},
    senseless,
};

use super::StorageBucket;
use crate::client::{prelude::*, service::Service};

/// How many buckets of a project are read one by one. The client lists the project's buckets for more.
const ONE_BY_ONE: usize = 3;

/// How many objects of a bucket one step of a deletion deletes at most.
const AT_ONCE: &str = "100";

const RENAMED: Renamed = &[
    ("uniform_bucket_level_access", "iamConfiguration.uniformBucketLevelAccess.enabled"),
    ("public_access_prevention", "iamConfiguration.publicAccessPrevention"),
    ("lifecycle_rule", "lifecycle.rule"),
];

#[async_trait]
impl Calls<Client> for StorageBucket {
    /// The names of buckets are unique.
    const REPEATED: Repeated = Repeated::IsRefused;
    const TAGS: Option<Tagging<Client, Self>> = tagged!(labels, label);
    /// One list shows all buckets of a project.
    const PAGE: usize = 1000;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let names = which.ids_or(|wanted| wanted.name.as_str().into());
        if names.len() <= ONE_BY_ONE {
            return landform_kit::each(&names, async |name| {
                let answer =
                    client.ask(Method::GET, url(client, name), &[], None, ErrorKind::Conflict).await?;
                seen(client, answer).map(Some)
            })
            .await;
        }
        // A bucket of another project is not in the list.
        let listed = in_pages(|page| list(client, page)).await?;
        let (mine, _): (Vec<Json>, Vec<Json>) =
            listed.into_iter().partition(|bucket| names.iter().any(|name| bucket["name"] == **name));
        let others = names.iter().filter(|name| !mine.iter().any(|bucket| bucket["name"] == ***name));
        let others = landform_kit::each(others, async |name| {
            client.ask(Method::GET, url(client, name), &[], None, ErrorKind::Conflict).await.map(Some)
        });
        let others = others.await?;
        mine.into_iter().chain(others).map(|bucket| seen(client, bucket)).collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let mut body = self.body()?;
        body.insert("labels".to_owned(), json!(attempt.tags));
        let project = self.project.as_deref().unwrap_or_else(|| client.project());
        let (url, query) = (client.url_at(Service::Storage, ["b"]), [("project", project)]);
        client.ask(Method::POST, url, &query, Some(Json::Object(body)), ErrorKind::AlreadyExists).await?;
        Ok(Made::id(&self.name))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let body = self.body()?;
        let mut part = Map::new();
        for field in due.fields().iter().filter(|field| **field != "force_destroy") {
            let at = table::wire_name(RENAMED, field);
            let first = at.split('.').next().unwrap_or(&at);
            part.insert(first.to_owned(), body.get(first).cloned().unwrap_or_default());
        }
        if part.is_empty() {
            return Ok(Next::Done);
        }
        // An empty list of rules does not remove the last rule.
        if part.get("lifecycle").is_some_and(|lifecycle| lifecycle["rule"] == json!([])) {
            part.insert("lifecycle".to_owned(), Json::Null);
        }
        // The bucket must still be as the look showed it.
        let version = seen.etag.as_deref().map(|version| ("ifMetagenerationMatch", version));
        let query: Vec<_> = version.into_iter().collect();
        patch(client, seen.id(), &query, part).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        if prior.arguments.force_destroy && empty(client, prior.id()).await? {
            return Ok(Next::Changed);
        }
        client.ask(Method::DELETE, url(client, prior.id()), &[], None, ErrorKind::InUse).await?;
        Ok(Next::Done)
    }
}

impl StorageBucket {
    fn body(&self) -> Result<Map<String, Json>> {
        let mut body = table::spelt(self, RENAMED)?;
        for field in ["labels", "forceDestroy"] {
            body.remove(field);
        }
        // A number of 64 bits is text on the wire.
        if let Some(policy) = body.get_mut("softDeletePolicy") {
            policy["retentionDurationSeconds"] = policy["retentionDurationSeconds"].to_string().into();
        }
        for rule in body.get_mut("lifecycle").and_then(|of| of["rule"].as_array_mut()).into_iter().flatten() {
            // An empty list would match no object.
            if let Some(condition) = rule["condition"].as_object_mut() {
                condition.retain(|_, value| *value != json!([]));
            }
        }
        Ok(body)
    }
}

fn url(client: &Client, name: &str) -> Url {
    client.url_at(Service::Storage, ["b", name])
}

async fn list(client: &Client, page: Option<String>) -> Result<(Vec<Json>, Option<String>)> {
    let mut query = vec![("project", client.project())];
    query.extend(page.as_deref().map(|page| ("pageToken", page)));
    let url = client.url_at(Service::Storage, ["b"]);
    let mut answer = client.ask(Method::GET, url, &query, None, ErrorKind::Conflict).await?;
    let next = answer["nextPageToken"].as_str().map(str::to_owned);
    let items = answer["items"].take();
    Ok((items.as_array().cloned().unwrap_or_default(), next))
}

/// Changes some fields of a bucket.
async fn patch(client: &Client, name: &str, query: &[(&str, &str)], part: Map<String, Json>) -> Result<()> {
    let part = Some(Json::Object(part));
    client.ask(Method::PATCH, url(client, name), query, part, ErrorKind::Conflict).await?;
    Ok(())
}

async fn label(client: &Client, seen: &Seen<StorageBucket>, change: &TagChange) -> Result<Next> {
    // A label goes only by null.
    let gone = change.remove.iter().map(|key| (key.clone(), Json::Null));
    let labels: Map<_, _> =
        change.set.iter().map(|(key, value)| (key.clone(), value.as_str().into())).chain(gone).collect();
    // The other labels stay as they are, so no version is needed.
    patch(client, seen.id(), &[], Map::from_iter([("labels".to_owned(), labels.into())])).await?;
    Ok(Next::Changed)
}

/// Deletes some objects of a bucket. Returns whether there may be more.
async fn empty(client: &Client, bucket: &str) -> Result<bool> {
    let url = client.url_at(Service::Storage, ["b", bucket, "o"]);
    let query = [("maxResults", AT_ONCE), ("versions", "true")];
    let answer = client.ask(Method::GET, url, &query, None, ErrorKind::Conflict).await?;
    let objects = answer["items"].as_array().cloned().unwrap_or_default();
    let gone = landform_kit::each(&objects, async |object| {
        let name = object["name"].as_str().unwrap_or_default();
        let url = client.url_at(Service::Storage, ["b", bucket, "o", name]);
        let query: Vec<_> =
            object["generation"].as_str().map(|generation| ("generation", generation)).into_iter().collect();
        client.ask(Method::DELETE, url, &query, None, ErrorKind::Conflict).await.map(Some)
    });
    gone.await?;
    Ok(!objects.is_empty())
}

fn seen(client: &Client, bucket: Json) -> Result<Seen<StorageBucket>> {
    let Some(name) = bucket["name"].as_str().map(str::to_owned) else {
        return Err(senseless("the bucket has no name"));
    };
    let labels: std::collections::BTreeMap<String, String> = match &bucket["labels"] {
        Json::Null => Default::default(),
        labels => rest::declared(labels)?,
    };
    let mut arguments = table::told::<StorageBucket>(&bucket, RENAMED);
    arguments.remove("labels");
    // Buckets show the project only by its number.
    arguments.insert("project".to_owned(), client.project().into());
    let mut attributes = table::told_attributes::<StorageBucket>(&bucket, &name);
    attributes.insert("url".to_owned(), format!("gs://{name}").into());
    let version = bucket["metageneration"].as_str().map(str::to_owned);
    let seen = Seen::new(rest::declared(&arguments.into())?, rest::declared(&attributes.into())?);
    Ok(seen.tags(labels).etag(version))
}
