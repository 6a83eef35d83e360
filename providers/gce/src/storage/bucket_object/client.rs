//! The calls for objects. An upload names the generation that it replaces, so it never replaces somebody else's object.

use landform_kit::{
    rest::{self, Method, Request, Url},
    senseless,
};

use super::StorageBucketObject;
use crate::client::{prelude::*, service::Service};

/// The media type of text that says none.
const TEXT: &str = "text/plain; charset=utf-8";

#[async_trait]
impl Calls<Client> for StorageBucketObject {
    /// An upload of a new object is refused if there is one.
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = which.ids_or(|wanted| format!("{}/{}", wanted.bucket, wanted.name).into());
        landform_kit::each(&ids, async |id| {
            let (bucket, name) = split(id)?;
            let answer =
                client.ask(Method::GET, url(client, bucket, name), &[], None, ErrorKind::Conflict).await?;
            seen(id, &answer).map(Some)
        })
        .await
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        self.upload(client, "0").await.map_err(|error| match error.kind() {
            ErrorKind::Conflict => {
                Error::new(ErrorKind::AlreadyExists, "the bucket already has such an object")
            }
            _ => error,
        })?;
        Ok(Made::id(format!("{}/{}", self.bucket, self.name)))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        if due.has("content") {
            self.upload(client, &seen.object.attributes.generation).await?;
        }
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let (bucket, name) = split(prior.id())?;
        client.ask(Method::DELETE, url(client, bucket, name), &[], None, ErrorKind::Conflict).await?;
        Ok(Next::Done)
    }
}

impl StorageBucketObject {
    /// Uploads the content and the metadata in one request, in place of this generation. 0 stands for no object.
    async fn upload(&self, client: &Client, generation: &str) -> Result<()> {
        let mut said = table::spelt(self, &[])?;
        for field in ["bucket", "content"] {
            said.remove(field);
        }
        let kind = self.content_type.as_deref().unwrap_or(TEXT);
        said.insert("contentType".to_owned(), kind.into());
        let said = Json::Object(said).to_string();
        let edge = edge(&[&said, &self.content]);
        let body = format!(
            "--{edge}\r\ncontent-type: application/json\r\n\r\n{said}\r\n--{edge}\r\ncontent-type: \
             {kind}\r\n\r\n{}\r\n--{edge}--\r\n",
            self.content
        );
        let mut url = client.upload_url(self.bucket.as_str());
        url.query_pairs_mut().extend_pairs([("uploadType", "multipart"), ("ifGenerationMatch", generation)]);
        let headers = client.authorization().await?;
        let request =
            Request { method: Method::POST, url, headers, body: None, conflict: ErrorKind::Conflict };
        let kind = format!("multipart/related; boundary={edge}");
        client.http.send_bytes(request, &kind, body.into_bytes()).await?;
        Ok(())
    }
}

/// A line that separates the parts of a body and that no part has.
fn edge(parts: &[&str]) -> String {
    let mut edge = "landform".to_owned();
    while parts.iter().any(|part| part.contains(&edge)) {
        edge.push('-');
    }
    edge
}

fn url(client: &Client, bucket: &str, name: &str) -> Url {
    client.url_at(Service::Storage, ["b", bucket, "o", name])
}

/// The bucket and the name in an id.
fn split(id: &str) -> Result<(&str, &str)> {
    id.split_once('/').ok_or_else(|| {
        let message = format!("invalid id {id:?}: expected BUCKET/NAME");
        Error::new(ErrorKind::Invalid, message)
    })
}

fn seen(id: &str, object: &Json) -> Result<Seen<StorageBucketObject>> {
    let (bucket, name) = split(id)?;
    let mut arguments = table::told::<StorageBucketObject>(object, &[]);
    arguments.insert("bucket".to_owned(), bucket.into());
    arguments.insert("name".to_owned(), name.into());
    // Only the state has the content.
    arguments.insert("content".to_owned(), "".into());
    let mut attributes = table::told_attributes::<StorageBucketObject>(object, id);
    let digest = object["md5Hash"].as_str().ok_or_else(|| senseless("the object has no md5Hash"))?;
    attributes.insert("md5hash".to_owned(), digest.into());
    Ok(Seen::new(rest::declared(&arguments.into())?, rest::declared(&attributes.into())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_has_the_line_between_them() {
        assert_eq!(edge(&["a", "b"]), "landform");
        assert_eq!(edge(&["a landform", "b"]), "landform-");
    }
}
