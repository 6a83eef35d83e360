//! The calls for public access blocks. New buckets have one with all settings on.

use aws_sdk_s3::types::PublicAccessBlockConfiguration;

use super::{S3BucketPublicAccessBlock, S3BucketPublicAccessBlockAttributes};
use crate::client::prelude::*;

calls_by_put!(Client; S3BucketPublicAccessBlock);

#[async_trait]
impl Put<Client> for S3BucketPublicAccessBlock {
    fn identity(&self) -> String {
        self.bucket.to_string()
    }

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.bucket.as_str().into()), async |bucket| {
            let found = client.s3.get_public_access_block().bucket(&*bucket).send().await.map_err(failed)?;
            let Some(found) = found.public_access_block_configuration else { return Ok(None) };
            let arguments = read!(found => S3BucketPublicAccessBlock {
                bucket = Id::new(&*bucket),
                block_public_acls, block_public_policy, ignore_public_acls, restrict_public_buckets,
                skip_destroy = false,
            });
            Ok(Some(Seen::new(arguments, S3BucketPublicAccessBlockAttributes { id: Id::new(&*bucket) })))
        })
        .await
    }

    async fn put(&self, client: &Client) -> Result<()> {
        let config = PublicAccessBlockConfiguration::builder()
            .block_public_acls(self.block_public_acls)
            .block_public_policy(self.block_public_policy)
            .ignore_public_acls(self.ignore_public_acls)
            .restrict_public_buckets(self.restrict_public_buckets)
            .build();
        let call = client.s3.put_public_access_block().bucket(self.bucket.as_str());
        call.public_access_block_configuration(config).send().await.map_err(failed)?;
        Ok(())
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<Next> {
        if prior.arguments.skip_destroy {
            return Ok(Next::Done);
        }
        client.s3.delete_public_access_block().bucket(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}
