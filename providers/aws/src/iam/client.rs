//! The code that the calls of IAM's types share.

use aws_sdk_iam::types::Tag;
use percent_encoding::percent_decode_str;

use crate::client::{prelude::*, tags::sdk_tag};

sdk_tag!(Tag, |tag| (tag.key, tag.value), |key, value| Tag::builder().key(key).value(value).build().ok());

/// Decodes a policy, which IAM answers percent-encoded.
pub(crate) fn policy(document: Option<String>) -> Result<String> {
    let encoded: String = read(document, "policy document")?;
    Ok(percent_decode_str(&encoded).decode_utf8_lossy().into_owned())
}

/// A time as AWS writes it.
pub(crate) fn time(at: &aws_smithy_types::DateTime) -> String {
    at.fmt(aws_smithy_types::date_time::Format::DateTime).unwrap_or_default()
}
