//! `aws_s3_bucket_policy`.

#[cfg(feature = "s3")]
mod client;

use landform_core::{Id, attributes, resource};

use super::S3Bucket;

/// The policy of a bucket and its objects.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let bucket = stack.add("logs", aws::S3Bucket::new("example-logs"));
/// let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject",
///     "Resource":"arn:aws:s3:::example-logs/*"}]}"#;
/// stack.add("logs", aws::S3BucketPolicy::new(&bucket, policy));
/// ```
#[resource(
    "aws_s3_bucket_policy",
    id = "{bucket}",
    unique("bucket"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct S3BucketPolicy {
    /// The bucket.
    #[field(immutable)]
    pub bucket: Id<S3Bucket>,
    /// The policy, in JSON.
    #[field(same = "policy")]
    pub policy: String,
}

/// The attributes that AWS computes for an [`S3BucketPolicy`].
#[attributes]
pub struct S3BucketPolicyAttributes {
    /// The bucket's name.
    pub id: Id<S3BucketPolicy>,
}
