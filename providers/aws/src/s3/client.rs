//! The code that the calls of S3's types share.

use aws_config::SdkConfig;
use aws_sdk_s3::{
    operation::delete_objects::DeleteObjectsError,
    types::{Delete, ObjectIdentifier, Tag},
};

use crate::client::{
    error::{built, inside},
    prelude::*,
    tags::sdk_tag,
};

sdk_tag!(Tag, |tag| (tag.key, tag.value), |key, value| Tag::builder().key(key).value(value).build().ok());

/// The client of S3. Emulators have no separate host name for each bucket.
pub(crate) fn sdk(config: &SdkConfig) -> aws_sdk_s3::Client {
    let elsewhere = config.endpoint_url().is_some();
    let config = aws_sdk_s3::config::Builder::from(config).force_path_style(elsewhere).build();
    aws_sdk_s3::Client::from_conf(config)
}

/// Deletes a page of a bucket's objects in all versions: all objects, or one. Returns whether there may be more.
pub(crate) async fn empty_a_page(client: &Client, bucket: &str, key: Option<&str>) -> Result<bool> {
    let call = client.s3.list_object_versions().bucket(bucket).set_prefix(key.map(str::to_owned));
    let page = call.send().await.map_err(failed)?;
    let versions = page.versions.unwrap_or_default().into_iter().map(|one| (one.key, one.version_id));
    let markers = page.delete_markers.unwrap_or_default().into_iter().map(|one| (one.key, one.version_id));
    let those = versions.chain(markers).filter(|(other, _)| key.is_none() || other.as_deref() == key);
    let those = those.map(|(key, version)| {
        built(ObjectIdentifier::builder().set_key(key).set_version_id(version).build())
    });
    let those: Vec<ObjectIdentifier> = those.collect::<Result<_>>()?;
    if those.is_empty() {
        return Ok(false);
    }
    let which = built(Delete::builder().set_objects(Some(those)).quiet(true).build())?;
    let answer = client.s3.delete_objects().bucket(bucket).delete(which).send().await.map_err(failed)?;
    match answer.errors.unwrap_or_default().into_iter().next() {
        None => Ok(page.is_truncated.unwrap_or_default()),
        Some(refused) => Err(inside::<DeleteObjectsError>(refused.code(), refused.message())),
    }
}
