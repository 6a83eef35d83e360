//! The calls for buckets. S3 shows one bucket per call. The call for its tags shows whether it exists.

use std::time::Duration;

use aws_sdk_s3::types::{
    BucketLocationConstraint, CreateBucketConfiguration, ObjectLockEnabled, Tagging as Sdk,
};

use super::{S3Bucket, S3BucketAttributes, zones::zone_of};
use crate::{
    client::{error::built, prelude::*},
    s3::client::empty_a_page,
};

/// The region that S3 does not name: its buckets have no location.
const HOME: &str = "us-east-1";

#[async_trait]
impl Calls<Client> for S3Bucket {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    /// The client tags a bucket after it has made it.
    const FIND: FindBy = FindBy::Identity;
    /// S3 deletes only empty buckets, and waiting does not empty one.
    const PATIENCE: Patience = Patience { held: Duration::from_secs(60), ..Patience::USUAL };

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|bucket| bucket.bucket.as_str().into()), async |name| {
            let tags = match client.s3.get_bucket_tagging().bucket(&*name).send().await.map_err(failed) {
                Ok(answer) => answer.tag_set,
                Err(error) if error.provider_code() == Some("NoSuchTagSet") => Vec::new(),
                Err(error) => return Err(error),
            };
            let locks = client.s3.get_object_lock_configuration().bucket(&*name).send().await.map_err(failed);
            let locks = match locks {
                Ok(answer) => answer.object_lock_configuration.and_then(|locks| locks.object_lock_enabled),
                Err(error) if error.provider_code() == Some("ObjectLockConfigurationNotFoundError") => None,
                Err(error) => return Err(error),
            };
            let arguments = S3Bucket {
                bucket_prefix: None,
                bucket: name.clone().into_owned(),
                object_lock_enabled: locks == Some(ObjectLockEnabled::Enabled),
                force_destroy: false,
                tags: Default::default(),
            };
            let (region, partition) = (client.region(), client.partition());
            let attributes = S3BucketAttributes {
                id: Id::new(&*name),
                arn: format!("arn:{partition}:s3:::{name}"),
                bucket_domain_name: format!("{name}.s3.{}", client.domain()),
                bucket_regional_domain_name: format!("{name}.s3.{region}.{}", client.domain()),
                region: region.to_owned(),
                bucket_region: region.to_owned(),
                hosted_zone_id: zone_of(region).map(str::to_owned),
            };
            Ok(Some(Seen::new(arguments, attributes).tags(given(Some(tags)))))
        })
        .await
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        // In this region S3 reports success if the bucket already exists.
        if !Self::look(client, Which::Ids(&[&self.bucket])).await?.is_empty() {
            let message = format!("the account already has a bucket {:?}", self.bucket);
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        let place = (client.region() != HOME).then(|| {
            let place = BucketLocationConstraint::from(client.region());
            CreateBucketConfiguration::builder().location_constraint(place).build()
        });
        let call = client.s3.create_bucket().bucket(&self.bucket).set_create_bucket_configuration(place);
        let call = call.set_object_lock_enabled_for_bucket(self.object_lock_enabled.then_some(true));
        call.send().await.map_err(failed)?;
        Ok(Made::id(&self.bucket))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        // Deletes one page of objects at a time, so that each step is one short exchange.
        if prior.arguments.force_destroy && empty_a_page(client, prior.id(), None).await? {
            return Ok(Next::Changed);
        }
        client.s3.delete_bucket().bucket(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

/// Writes all tags at once, as S3 requires.
async fn tag(client: &Client, seen: &Seen<S3Bucket>, change: &TagChange) -> Result<Next> {
    match sent(&change.all) {
        None => drop(client.s3.delete_bucket_tagging().bucket(seen.id()).send().await.map_err(failed)?),
        Some(tags) => {
            let tags = built(Sdk::builder().set_tag_set(Some(tags)).build())?;
            client.s3.put_bucket_tagging().bucket(seen.id()).tagging(tags).send().await.map_err(failed)?;
        }
    }
    Ok(Next::Changed)
}
