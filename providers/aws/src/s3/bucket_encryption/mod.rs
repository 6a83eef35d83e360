//! `aws_s3_bucket_server_side_encryption_configuration`.

#[cfg(feature = "s3")]
mod client;

use landform_core::{Id, attributes, block, resource};

use super::S3Bucket;

/// The default encryption of a bucket's new objects. Every bucket has one. A deletion resets it to S3's key.
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
    /// The rule. S3 requires exactly one.
    pub rule: EncryptionRule,
}

/// The encryption of objects.
#[block]
pub struct EncryptionRule {
    /// The key.
    #[field(computed)]
    pub apply_server_side_encryption_by_default: Option<DefaultEncryption>,
    /// Whether a bucket key reduces calls to KMS.
    #[field(default = false)]
    pub bucket_key_enabled: bool,
}

/// The key that encrypts objects.
#[block]
pub struct DefaultEncryption {
    /// The owner of the key.
    pub sse_algorithm: ServerSideEncryption,
    /// The KMS key, by id or ARN. The default is the account's key for S3.
    #[field(same = "self_link")]
    pub kms_master_key_id: Option<String>,
}

/// The owner of the key that encrypts.
#[block]
pub enum ServerSideEncryption {
    /// S3.
    #[serde(rename = "AES256")]
    Aes256,
    /// KMS.
    #[serde(rename = "aws:kms")]
    AwsKms,
    /// KMS, with two layers of encryption.
    #[serde(rename = "aws:kms:dsse")]
    AwsKmsDsse,
}

/// The attributes that AWS computes for an [`S3BucketServerSideEncryptionConfiguration`].
#[attributes]
pub struct S3BucketServerSideEncryptionConfigurationAttributes {
    /// The bucket's name.
    pub id: Id<S3BucketServerSideEncryptionConfiguration>,
}
