//! `aws_s3_bucket`.

#[cfg(feature = "s3")]
mod client;
#[cfg(feature = "s3")]
mod zones;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// A bucket. Its settings are separate types: versioning, encryption, public access, policy.
///
/// S3 refuses to delete it while it contains objects. `force_destroy` deletes them first.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// stack.add("logs", aws::S3Bucket::new("example-logs").tag("Team", "web"));
/// ```
#[resource(
    "aws_s3_bucket",
    id = "{bucket}",
    unique("bucket"),
    at_most_one_of("bucket", "bucket_prefix"),
    takes(create = 3, update = 1, delete = 2)
)]
pub struct S3Bucket {
    /// Its name, unique in the world: 3 to 63 lower-case letters, digits, dots and hyphens.
    #[field(
        immutable,
        generated = "bucket_prefix",
        min_length = 3,
        max_length = 63,
        pattern = "^[a-z0-9][a-z0-9.-]*[a-z0-9]$"
    )]
    pub bucket: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 37, pattern = "^[a-z0-9][a-z0-9.-]*$")]
    pub bucket_prefix: Option<String>,
    /// Whether its objects can be locked against deletion.
    #[field(immutable, default = false)]
    pub object_lock_enabled: bool,
    /// Whether a deletion also deletes all objects, in all versions.
    #[field(unseen, default = false)]
    pub force_destroy: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for an [`S3Bucket`].
#[attributes]
pub struct S3BucketAttributes {
    /// The bucket's name.
    pub id: Id<S3Bucket>,
    /// Its ARN.
    #[field(form = "arn:aws:s3:::{bucket}")]
    pub arn: String,
    /// Its host name.
    #[field(form = "{bucket}.s3.amazonaws.com")]
    pub bucket_domain_name: String,
    /// Its host name in its region.
    #[field(form = "{bucket}.s3.{region}.amazonaws.com")]
    pub bucket_regional_domain_name: String,
    /// Its region.
    #[field(form = "{region}")]
    pub region: String,
    /// Its region, under another name.
    #[field(form = "{region}")]
    pub bucket_region: String,
    /// The Route 53 zone of the region's websites, for aliases. Landform does not know it for every region.
    #[field(form = "Z{digits12}")]
    pub hosted_zone_id: Option<String>,
}
