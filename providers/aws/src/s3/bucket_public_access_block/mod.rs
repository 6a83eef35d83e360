//! `aws_s3_bucket_public_access_block`.

#[cfg(feature = "s3")]
mod client;

use landform_core::{Id, attributes, resource};

use super::S3Bucket;

/// What keeps a bucket from being open to everyone. Without it, nothing does but the account's own settings.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let bucket = stack.add("logs", aws::S3Bucket::new("example-logs"));
/// let block = aws::S3BucketPublicAccessBlock::new(&bucket).block_public_acls(true).block_public_policy(true);
/// stack.add("logs", block);
/// ```
#[resource(
    "aws_s3_bucket_public_access_block",
    id = "{bucket}",
    unique("bucket"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct S3BucketPublicAccessBlock {
    /// The bucket.
    #[field(immutable)]
    pub bucket: Id<S3Bucket>,
    /// Whether access lists that open it are refused.
    #[field(default = false)]
    pub block_public_acls: bool,
    /// Whether policies that open it are refused.
    #[field(default = false)]
    pub block_public_policy: bool,
    /// Whether access lists that open it are ignored.
    #[field(default = false)]
    pub ignore_public_acls: bool,
    /// Whether a policy that opens it lets in AWS's services and the account alone.
    #[field(default = false)]
    pub restrict_public_buckets: bool,
}

/// What AWS computes of an [`S3BucketPublicAccessBlock`].
#[attributes]
pub struct S3BucketPublicAccessBlockAttributes {
    /// The bucket's name.
    pub id: Id<S3BucketPublicAccessBlock>,
}
