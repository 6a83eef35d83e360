//! What the calls of KMS's types share.

use aws_sdk_kms::types::Tag;

use crate::client::tags::sdk_tag;

sdk_tag!(Tag, |tag| (tag.tag_key, tag.tag_value), |key, value| Tag::builder()
    .tag_key(key)
    .tag_value(value)
    .build()
    .ok());
