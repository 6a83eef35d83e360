//! `aws_s3_object`.

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// An object in a bucket that exists.
#[resource(
    "aws_s3_object",
    id = "{bucket}/{key}",
    unique("bucket", "key"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct S3Object {
    /// The bucket.
    #[field(immutable)]
    pub bucket: String,
    /// The key.
    #[field(immutable)]
    pub key: String,
    /// The content, a text; this or bytes.
    pub content: Option<String>,
    /// The content, bytes in base64; this or a text.
    pub content_base64: Option<String>,
    /// Its media type.
    #[field(computed, form = "application/octet-stream")]
    pub content_type: Option<String>,
    /// A canned access list, as `public-read`.
    pub acl: Option<String>,
    /// How it is encrypted: `AES256` or `aws:kms`.
    #[field(computed, form = "AES256")]
    pub server_side_encryption: Option<String>,
    /// The ARN of the key to encrypt it with.
    #[field(computed)]
    pub kms_key_id: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What AWS computes of an [`S3Object`].
#[attributes]
pub struct S3ObjectAttributes {
    /// Bucket and key, joined by `/`.
    pub id: Id<S3Object>,
    /// Its ARN.
    #[field(form = "arn:aws:s3:::{bucket}/{key}")]
    pub arn: String,
    /// Its entity tag: the MD5 of its content, for most.
    #[field(form = "{hex8}{hex8}{hex8}{hex8}")]
    pub etag: String,
}
