//! `aws_s3_bucket_server_side_encryption_configuration`.

#[cfg(feature = "s3")]
mod client;

use landform_core::{Id, attributes, block, resource};

use super::S3Bucket;

/// How a bucket's new objects are encrypted unless they say otherwise. Every bucket has it; removing this sets it back to
/// S3's own key.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let bucket = stack.add("logs", aws::S3Bucket::new("example-logs"));
/// let aes = aws::DefaultEncryption::new(aws::ServerSideEncryption::Aes256);
/// let rule = aws::EncryptionRule::new().apply_server_side_encryption_by_default(aes);
/// stack.add("logs", aws::S3BucketServerSideEncryptionConfiguration::new(&bucket, rule));
/// ```
#[resource(
    "aws_s3_bucket_server_side_encryption_configuration",
    id = "{bucket}",
    unique("bucket"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct S3BucketServerSideEncryptionConfiguration {
    /// The bucket.
    #[field(immutable)]
    pub bucket: Id<S3Bucket>,
    /// The rule; S3 takes exactly one.
    pub rule: EncryptionRule,
}

/// How objects are encrypted.
#[block]
pub struct EncryptionRule {
    /// With what key.
    #[field(computed)]
    pub apply_server_side_encryption_by_default: Option<DefaultEncryption>,
    /// Whether a key of the bucket's own saves calls to KMS.
    #[field(default = false)]
    pub bucket_key_enabled: bool,
}

/// With what key objects are encrypted.
#[block]
pub struct DefaultEncryption {
    /// Whose key.
    pub sse_algorithm: ServerSideEncryption,
    /// KMS's key, by id or ARN; the account's key for S3 unless said.
    #[field(same = "self_link")]
    pub kms_master_key_id: Option<String>,
}

/// Whose key encrypts.
#[block]
pub enum ServerSideEncryption {
    /// S3's own.
    #[serde(rename = "AES256")]
    Aes256,
    /// KMS's.
    #[serde(rename = "aws:kms")]
    AwsKms,
    /// KMS's, in two layers.
    #[serde(rename = "aws:kms:dsse")]
    AwsKmsDsse,
}

/// What AWS computes of an [`S3BucketServerSideEncryptionConfiguration`].
#[attributes]
pub struct S3BucketServerSideEncryptionConfigurationAttributes {
    /// The bucket's name.
    pub id: Id<S3BucketServerSideEncryptionConfiguration>,
}
