//! `aws_s3_bucket_policy`.

#[cfg(feature = "s3")]
mod client;

use landform_core::{Id, attributes, resource};

use super::S3Bucket;

/// Who may do what with a bucket and what is in it.
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

/// What AWS computes of an [`S3BucketPolicy`].
#[attributes]
pub struct S3BucketPolicyAttributes {
    /// The bucket's name.
    pub id: Id<S3BucketPolicy>,
}
