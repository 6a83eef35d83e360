//! What the calls of S3's types share.

use aws_config::SdkConfig;
use aws_sdk_s3::types::Tag;

use crate::client::tags::sdk_tag;

sdk_tag!(Tag, |tag| (tag.key, tag.value), |key, value| Tag::builder().key(key).value(value).build().ok());

/// S3's client. Emulators have no host name of its own for every bucket.
pub(crate) fn sdk(config: &SdkConfig) -> aws_sdk_s3::Client {
    let elsewhere = config.endpoint_url().is_some();
    let config = aws_sdk_s3::config::Builder::from(config).force_path_style(elsewhere).build();
    aws_sdk_s3::Client::from_conf(config)
}
