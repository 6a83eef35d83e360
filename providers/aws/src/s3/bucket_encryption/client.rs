//! The calls for the encryption of buckets.

use aws_sdk_s3::types::{
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration as Sdk, ServerSideEncryptionRule,
};

use super::{S3BucketServerSideEncryptionConfigurationAttributes as Attributes, *};
use crate::client::{error::built, prelude::*};

words!(ServerSideEncryption);

calls_by_put!(Client; S3BucketServerSideEncryptionConfiguration);

#[async_trait]
impl Put<Client> for S3BucketServerSideEncryptionConfiguration {
    const RESETS: bool = true;

    fn identity(&self) -> String {
        self.bucket.to_string()
    }

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|wanted| wanted.bucket.as_str().into()), async |bucket| {
            let found = client.s3.get_bucket_encryption().bucket(&*bucket).send().await.map_err(failed)?;
            let rules = found.server_side_encryption_configuration.map(|config| config.rules);
            let Some(rule) = rules.unwrap_or_default().into_iter().next() else { return Ok(None) };
            let by_default = rule.apply_server_side_encryption_by_default.map(|found| {
                Ok::<_, Error>(read!(found => DefaultEncryption {
                    sse_algorithm = read(Some(found.sse_algorithm), "sse_algorithm")?, kms_master_key_id,
                }))
            });
            let rule = EncryptionRule {
                apply_server_side_encryption_by_default: by_default.transpose()?,
                bucket_key_enabled: rule.bucket_key_enabled.unwrap_or_default(),
            };
            let arguments = S3BucketServerSideEncryptionConfiguration { bucket: Id::new(&*bucket), rule };
            Ok(Some(Seen::new(arguments, Attributes { id: Id::new(&*bucket) })))
        })
        .await
    }

    async fn put(&self, client: &Client) -> Result<()> {
        let by_default = self.rule.apply_server_side_encryption_by_default.as_ref().map(|wanted| {
            let config =
                ServerSideEncryptionByDefault::builder().set_sse_algorithm(wanted.sse_algorithm.wire());
            built(config.set_kms_master_key_id(wanted.kms_master_key_id.wire()).build())
        });
        let rule = ServerSideEncryptionRule::builder()
            .set_apply_server_side_encryption_by_default(by_default.transpose()?)
            .bucket_key_enabled(self.rule.bucket_key_enabled)
            .build();
        let config = built(Sdk::builder().rules(rule).build())?;
        let call = client.s3.put_bucket_encryption().bucket(self.bucket.as_str());
        call.server_side_encryption_configuration(config).send().await.map_err(failed)?;
        Ok(())
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<Next> {
        client.s3.delete_bucket_encryption().bucket(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}
