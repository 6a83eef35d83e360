//! `aws_s3_object`.

#[cfg(feature = "s3")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

use super::{S3Bucket, ServerSideEncryption};

/// An object in a bucket. The stack and the state hold its content, so it should be small.
///
/// Landform keeps some facts in the object's metadata, under keys that start with `landform-`: the attempt that made
/// it, whether the content was given in base64, and the access list. In a bucket with versions, a deletion deletes all
/// versions of the object.
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
    at_most_one_of("content", "content_base64"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct S3Object {
    /// The bucket.
    #[field(immutable)]
    pub bucket: Id<S3Bucket>,
    /// The key.
    #[field(immutable, min_length = 1, max_length = 1024)]
    pub key: String,
    /// The content as text. Set this or `content_base64`.
    pub content: Option<String>,
    /// The content in base64. Set this or `content`.
    #[field(same = "base64")]
    pub content_base64: Option<String>,
    /// Its media type.
    #[field(computed, form = "application/octet-stream")]
    pub content_type: Option<String>,
    /// The `Cache-Control` header.
    pub cache_control: Option<String>,
    /// The `Content-Disposition` header.
    pub content_disposition: Option<String>,
    /// The `Content-Encoding` header, such as `gzip`.
    pub content_encoding: Option<String>,
    /// Its language, such as `en-US`.
    pub content_language: Option<String>,
    /// The target of a website's redirection.
    pub website_redirect: Option<String>,
    /// Further metadata. Keys are in lower case.
    pub metadata: BTreeMap<String, String>,
    /// A canned access list.
    #[field(computed, form = "private")]
    pub acl: Option<CannedAcl>,
    /// The owner of the key that encrypts it. The default is the bucket's setting.
    #[field(computed, form = "AES256")]
    pub server_side_encryption: Option<ServerSideEncryption>,
    /// The ARN of the key to encrypt it with.
    #[field(computed)]
    pub kms_key_id: Option<String>,
    /// Whether a bucket key reduces calls to KMS.
    #[field(computed, form = "false")]
    pub bucket_key_enabled: Option<bool>,
    /// The storage class. Archive classes are not covered, because S3 cannot read their objects at once.
    #[field(computed, form = "STANDARD")]
    pub storage_class: Option<StorageClass>,
    /// Tags, at most ten.
    pub tags: BTreeMap<String, String>,
}

/// A canned access list.
#[block]
#[serde(rename_all = "kebab-case")]
pub enum CannedAcl {
    /// Only the owner has access.
    Private,
    /// Everyone may read it.
    PublicRead,
    /// Everyone may read and write it.
    PublicReadWrite,
    /// Everyone with an AWS account may read it.
    AuthenticatedRead,
    /// EC2 may read it, as an image.
    AwsExecRead,
    /// The bucket's owner may read it.
    BucketOwnerRead,
    /// The bucket's owner has full control of it.
    BucketOwnerFullControl,
}

/// The storage class of an object.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StorageClass {
    /// In several zones, for frequent use.
    Standard,
    /// In several zones, for rare use.
    StandardIa,
    /// In one zone, for rare use.
    OnezoneIa,
    /// In the cheapest class, which S3 chooses.
    IntelligentTiering,
    /// As an archive that can be read at once.
    GlacierIr,
    /// With fewer copies.
    ReducedRedundancy,
}

/// The attributes that AWS computes for an [`S3Object`].
#[attributes]
pub struct S3ObjectAttributes {
    /// The bucket and the key, joined by `/`.
    pub id: Id<S3Object>,
    /// Its ARN.
    #[field(form = "arn:aws:s3:::{bucket}/{key}")]
    pub arn: String,
    /// Its entity tag: the MD5 of its content, for most.
    #[field(volatile, form = "{hex8}{hex8}{hex8}{hex8}")]
    pub etag: String,
    /// Its version, in a bucket with versions.
    #[field(volatile)]
    pub version_id: Option<String>,
}
