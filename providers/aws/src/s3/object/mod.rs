//! `aws_s3_object`.

#[cfg(feature = "s3")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

use super::{S3Bucket, ServerSideEncryption};

/// An object in a bucket. Its content stands in the stack and in the state, so it should be small.
///
/// Some of what is said of it is kept in the object's own metadata, under keys that begin with `landform-`: which attempt
/// made it, whether the content was given in base64, and the access list. Where the bucket has versions, deleting it
/// deletes all of its own.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let bucket = stack.add("logs", aws::S3Bucket::new("example-logs"));
/// stack.add("motd", aws::S3Object::new(&bucket, "motd.txt").content("Good morning"));
/// ```
#[resource(
    "aws_s3_object",
    id = "{bucket}/{key}",
    unique("bucket", "key"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct S3Object {
    /// The bucket.
    #[field(immutable)]
    pub bucket: Id<S3Bucket>,
    /// The key.
    #[field(immutable, min_length = 1, max_length = 1024)]
    pub key: String,
    /// The content, a text; this or bytes.
    pub content: Option<String>,
    /// The content, bytes in base64; this or a text.
    #[field(same = "base64")]
    pub content_base64: Option<String>,
    /// Its media type.
    #[field(computed, form = "application/octet-stream")]
    pub content_type: Option<String>,
    /// How it may be cached.
    pub cache_control: Option<String>,
    /// How it is shown.
    pub content_disposition: Option<String>,
    /// How it is packed, as `gzip`.
    pub content_encoding: Option<String>,
    /// Its language, as `en-US`.
    pub content_language: Option<String>,
    /// Where a website leads to in its place.
    pub website_redirect: Option<String>,
    /// More to say of it. Keys are in small letters.
    pub metadata: BTreeMap<String, String>,
    /// A canned access list.
    #[field(computed, form = "private")]
    pub acl: Option<CannedAcl>,
    /// Whose key encrypts it; the bucket's choice unless said.
    #[field(computed, form = "AES256")]
    pub server_side_encryption: Option<ServerSideEncryption>,
    /// The ARN of the key to encrypt it with.
    #[field(computed)]
    pub kms_key_id: Option<String>,
    /// Whether a key of the bucket's own saves calls to KMS.
    #[field(computed, form = "false")]
    pub bucket_key_enabled: Option<bool>,
    /// How it is stored. The classes for archives are left out: what is in them cannot be read at once.
    #[field(computed, form = "STANDARD")]
    pub storage_class: Option<StorageClass>,
    /// Tags; ten at most.
    pub tags: BTreeMap<String, String>,
}

/// Access lists that S3 knows by name.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum CannedAcl {
    /// The owner alone.
    Private,
    /// All may read it.
    PublicRead,
    /// All may read and write it.
    PublicReadWrite,
    /// All who have an AWS account may read it.
    AuthenticatedRead,
    /// EC2 may read it, as an image.
    AwsExecRead,
    /// The bucket's owner may read it.
    BucketOwnerRead,
    /// It is the bucket owner's as well.
    BucketOwnerFullControl,
}

/// How an object is stored.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StorageClass {
    /// In several zones, for frequent use.
    Standard,
    /// In several zones, for rare use.
    StandardIa,
    /// In one zone, for rare use.
    OnezoneIa,
    /// Wherever it costs least.
    IntelligentTiering,
    /// As an archive that can be read at once.
    GlacierIr,
    /// With fewer copies.
    ReducedRedundancy,
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
    #[field(volatile, form = "{hex8}{hex8}{hex8}{hex8}")]
    pub etag: String,
    /// Its version, in a bucket that has versions.
    #[field(volatile)]
    pub version_id: Option<String>,
}
