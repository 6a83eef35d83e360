//! The calls for the versioning of buckets.

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration as Sdk};

use super::*;
use crate::client::prelude::*;

words!(VersioningStatus);

#[async_trait]
impl Calls<Client> for S3BucketVersioning {
    const RESETS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.bucket.as_str().into()), async |bucket| {
            let found = client.s3.get_bucket_versioning().bucket(&*bucket).send().await.map_err(failed)?;
            let status = found.status.map(|status| read(Some(status), "status")).transpose()?;
            let status = status.unwrap_or(VersioningStatus::Disabled);
            let versioning_configuration = VersioningConfiguration { status };
            let arguments = S3BucketVersioning { bucket: Id::new(&*bucket), versioning_configuration };
            Ok(Some(Seen::new(arguments, S3BucketVersioningAttributes { id: Id::new(&*bucket) })))
        })
        .await
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        if self.versioning_configuration.status != VersioningStatus::Disabled {
            set(client, self.bucket.as_str(), self.versioning_configuration.status.wire()).await?;
        }
        Ok(Made::id(self.bucket.as_str()))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        if self.versioning_configuration.status == VersioningStatus::Disabled {
            let message = "S3 cannot turn versioning off again: expected Enabled or Suspended";
            let field = "versioning_configuration.status";
            return Err(Error::new(ErrorKind::Invalid, message).at(field));
        }
        set(client, seen.id(), self.versioning_configuration.status.wire()).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        if prior.arguments.versioning_configuration.status == VersioningStatus::Enabled {
            set(client, prior.id(), Some(BucketVersioningStatus::Suspended)).await?;
        }
        Ok(Next::Done)
    }
}

async fn set(client: &Client, bucket: &str, status: Option<BucketVersioningStatus>) -> Result<()> {
    let config = Sdk::builder().set_status(status).build();
    let call = client.s3.put_bucket_versioning().bucket(bucket).versioning_configuration(config);
    call.send().await.map_err(failed)?;
    Ok(())
}
