//! `aws_s3_bucket_versioning`.

#[cfg(feature = "s3")]
mod client;

use landform_core::{Id, attributes, block, resource};

use super::S3Bucket;

/// Whether a bucket keeps old versions of its objects. A deletion suspends versioning, because S3 never turns it off
/// again.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// # let bucket = stack.add("logs", aws::S3Bucket::new("example-logs"));
/// let enabled = aws::VersioningConfiguration::new(aws::VersioningStatus::Enabled);
/// stack.add("logs", aws::S3BucketVersioning::new(&bucket, enabled));
/// ```
#[resource(
    "aws_s3_bucket_versioning",
    id = "{bucket}",
    unique("bucket"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct S3BucketVersioning {
    /// The bucket.
    #[field(immutable)]
    pub bucket: Id<S3Bucket>,
    /// The setting.
    pub versioning_configuration: VersioningConfiguration,
}

/// Whether S3 keeps old versions.
#[block]
pub struct VersioningConfiguration {
    /// The status.
    pub status: VersioningStatus,
}

/// Whether S3 keeps old versions.
#[block]
pub enum VersioningStatus {
    /// It keeps old versions.
    Enabled,
    /// It makes no new versions, and keeps the present ones.
    Suspended,
    /// It has never kept versions.
    Disabled,
}

/// The attributes that AWS computes for an [`S3BucketVersioning`].
#[attributes]
pub struct S3BucketVersioningAttributes {
    /// The bucket's name.
    pub id: Id<S3BucketVersioning>,
}
