//! `aws_s3_bucket_versioning`.

#[cfg(feature = "s3")]
mod client;

use landform_core::{Id, attributes, block, resource};

use super::S3Bucket;

/// Whether a bucket keeps old versions of its objects. Removing this suspends it, as a bucket that has had versions never
/// becomes one without.
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
    /// What is set.
    pub versioning_configuration: VersioningConfiguration,
}

/// Whether old versions are kept.
#[block]
pub struct VersioningConfiguration {
    /// Whether they are.
    pub status: VersioningStatus,
}

/// Whether old versions are kept.
#[block]
pub enum VersioningStatus {
    /// They are.
    Enabled,
    /// No more: those that there are stay.
    Suspended,
    /// They never were.
    Disabled,
}

/// What AWS computes of an [`S3BucketVersioning`].
#[attributes]
pub struct S3BucketVersioningAttributes {
    /// The bucket's name.
    pub id: Id<S3BucketVersioning>,
}
