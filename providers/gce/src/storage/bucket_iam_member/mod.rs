//! `google_storage_bucket_iam_member`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, resource};

use super::StorageBucket;

/// A role of one member in a bucket. The role's other members stay as they are. It covers no conditions.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let logs = stack.add("logs", gce::StorageBucket::new("example-logs", "US"));
/// # let nodes = stack.add("nodes", gce::ServiceAccount::new("nodes-of-a"));
/// let writer = gce::StorageBucketIamMember::new(&logs, "roles/storage.objectAdmin", nodes.member());
/// stack.add("writer", writer);
/// ```
#[resource(
    "google_storage_bucket_iam_member",
    id = "b/{bucket} {role} {member}",
    unique("bucket", "role", "member"),
    takes(create = 5, update = 1, delete = 5)
)]
pub struct StorageBucketIamMember {
    /// The bucket.
    #[field(immutable)]
    pub bucket: Id<StorageBucket>,
    /// The role: `roles/storage.objectViewer`, or the full name of a role of your own.
    #[field(immutable)]
    pub role: String,
    /// The member: `user:…`, `group:…`, `serviceAccount:…`, `domain:…`, `allUsers`, and others.
    #[field(immutable)]
    pub member: String,
}

/// The attributes that Google computes for a [`StorageBucketIamMember`].
#[attributes]
pub struct StorageBucketIamMemberAttributes {
    /// `b/` and the bucket, the role and the member, separated by spaces.
    pub id: Id<StorageBucketIamMember>,
}
