//! The calls for the policies of buckets.

use super::{S3BucketPolicy, S3BucketPolicyAttributes};
use crate::client::prelude::*;

#[async_trait]
impl Calls<Client> for S3BucketPolicy {
    /// Putting the same policy again changes nothing. One that is there already is replaced.
    const REPEATED: Repeated = Repeated::MayBeAnothers;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.bucket.as_str().into()), async |bucket| {
            let found = client.s3.get_bucket_policy().bucket(&*bucket).send().await.map_err(failed)?;
            let arguments =
                S3BucketPolicy { bucket: Id::new(&*bucket), policy: read(found.policy, "policy")? };
            Ok(Some(Seen::new(arguments, S3BucketPolicyAttributes { id: Id::new(&*bucket) })))
        })
        .await
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        self.put(client).await?;
        Ok(Made::id(self.bucket.as_str()))
    }

    async fn change(&self, client: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        self.put(client).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.s3.delete_bucket_policy().bucket(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

impl S3BucketPolicy {
    async fn put(&self, client: &Client) -> Result<()> {
        let call = client.s3.put_bucket_policy().bucket(self.bucket.as_str()).policy(&self.policy);
        call.send().await.map_err(failed)?;
        Ok(())
    }
}
