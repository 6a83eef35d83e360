//! The calls for the policies of buckets.

use super::{S3BucketPolicy, S3BucketPolicyAttributes};
use crate::client::prelude::*;

calls_by_put!(Client; S3BucketPolicy);

#[async_trait]
impl Put<Client> for S3BucketPolicy {
    fn identity(&self) -> String {
        self.bucket.to_string()
    }

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.bucket.as_str().into()), async |bucket| {
            let found = client.s3.get_bucket_policy().bucket(&*bucket).send().await.map_err(failed)?;
            let arguments =
                S3BucketPolicy { bucket: Id::new(&*bucket), policy: read(found.policy, "policy")? };
            Ok(Some(Seen::new(arguments, S3BucketPolicyAttributes { id: Id::new(&*bucket) })))
        })
        .await
    }

    async fn put(&self, client: &Client) -> Result<()> {
        let call = client.s3.put_bucket_policy().bucket(self.bucket.as_str()).policy(&self.policy);
        call.send().await.map_err(failed)?;
        Ok(())
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<Next> {
        client.s3.delete_bucket_policy().bucket(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}
