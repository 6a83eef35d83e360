//! `aws_s3_bucket_policy`.

#[cfg(feature = "s3")]
mod client;

use landform_core::{Id, attributes, resource};

use super::S3Bucket;

/// The policy of a bucket and its objects.
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
