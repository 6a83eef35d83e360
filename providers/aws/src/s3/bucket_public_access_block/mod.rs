//! `aws_s3_bucket_public_access_block`.

#[cfg(feature = "s3")]
mod client;

use landform_core::{Id, attributes, resource};

use super::S3Bucket;

/// Blocks public access to a bucket. Without it, only the account's settings block public access.
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
    /// Whether S3 refuses access lists that make it public.
    #[field(default = false)]
    pub block_public_acls: bool,
    /// Whether S3 refuses policies that make it public.
    #[field(default = false)]
    pub block_public_policy: bool,
    /// Whether S3 ignores access lists that make it public.
    #[field(default = false)]
    pub ignore_public_acls: bool,
    /// Whether a public policy allows only AWS's services and the account.
    #[field(default = false)]
    pub restrict_public_buckets: bool,
    /// Whether a deletion only forgets it, so that the block stays.
    #[field(unseen, default = false)]
    pub skip_destroy: bool,
}

/// The attributes that AWS computes for an [`S3BucketPublicAccessBlock`].
#[attributes]
pub struct S3BucketPublicAccessBlockAttributes {
    /// The bucket's name.
    pub id: Id<S3BucketPublicAccessBlock>,
}
