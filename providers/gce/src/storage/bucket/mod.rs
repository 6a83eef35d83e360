//! `google_storage_bucket`.

#[cfg(feature = "client")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

/// A bucket. Names of buckets are unique among all users of Google Cloud.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// let old = gce::LifecycleCondition::new().age(30_u32);
/// let rule = gce::LifecycleRule::new(gce::LifecycleAction::new(gce::LifecycleType::Delete), old);
/// let logs = gce::StorageBucket::new("example-logs", "US").uniform_bucket_level_access(true);
/// stack.add("logs", logs.lifecycle_rule([rule]));
/// ```
#[resource("google_storage_bucket", id = "{name}", unique("name"), takes(create = 2, update = 2, delete = 2))]
pub struct StorageBucket {
    /// Its name: 3 to 63 lower-case letters, digits, dashes, underscores and dots.
    #[field(immutable, min_length = 3, max_length = 63, pattern = "^[a-z0-9][a-z0-9._-]*[a-z0-9]$")]
    pub name: String,
    /// Where its objects are: a region or a multi-region, such as `US`.
    #[field(immutable, same = "case")]
    pub location: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// Whether a deletion of the bucket deletes its objects. Otherwise a bucket with objects cannot be deleted.
    #[field(unseen, default = false)]
    pub force_destroy: bool,
    /// The storage class of new objects.
    #[field(default = "STANDARD")]
    pub storage_class: String,
    /// Whether only policies grant access, and not access lists of objects.
    #[field(computed, form = "false")]
    pub uniform_bucket_level_access: Option<bool>,
    /// Whether the bucket can be public.
    #[field(computed, form = "inherited")]
    pub public_access_prevention: Option<PublicAccess>,
    /// Whether it keeps old versions of objects.
    #[field(computed)]
    pub versioning: Option<BucketVersioning>,
    /// What happens to old objects.
    pub lifecycle_rule: Vec<LifecycleRule>,
    /// How long it keeps deleted objects.
    #[field(computed)]
    pub soft_delete_policy: Option<SoftDelete>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that Google computes for a [`StorageBucket`].
#[attributes]
pub struct StorageBucketAttributes {
    /// Its name.
    pub id: Id<StorageBucket>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/storage/v1/b/{name}")]
    pub self_link: String,
    /// Its URL for tools: `gs://{name}`.
    #[field(form = "gs://{name}")]
    pub url: String,
}

/// Whether a bucket can be public.
#[block]
#[serde(rename_all = "lowercase")]
pub enum PublicAccess {
    /// It cannot.
    Enforced,
    /// The policies of the project and its organization decide.
    Inherited,
}

/// Whether a bucket keeps old versions of objects.
#[block]
pub struct BucketVersioning {
    /// Whether it does.
    pub enabled: bool,
}

/// What happens to objects that meet a condition.
#[block]
pub struct LifecycleRule {
    /// What happens.
    pub action: LifecycleAction,
    /// The condition. An object must meet all parts of it.
    pub condition: LifecycleCondition,
}

/// What happens to an object.
#[block]
pub struct LifecycleAction {
    /// The action.
    pub r#type: LifecycleType,
    /// The new storage class.
    pub storage_class: Option<String>,
}

/// An action on an object.
#[block]
pub enum LifecycleType {
    /// It is deleted.
    Delete,
    /// It gets another storage class.
    SetStorageClass,
    /// An upload in parts that did not end is deleted.
    AbortIncompleteMultipartUpload,
}

/// A condition on objects. A number of 0 is not the same as no number.
#[block]
pub struct LifecycleCondition {
    /// Its age in days.
    pub age: Option<u32>,
    /// A day, such as `2026-01-31`. It was created before.
    pub created_before: Option<String>,
    /// Whether it is the live version of its object, or an old one.
    pub with_state: Option<LifecycleState>,
    /// How many newer versions there are.
    pub num_newer_versions: Option<u32>,
    /// How many days it has been an old version.
    pub days_since_noncurrent_time: Option<u32>,
    /// Its storage class is one of these.
    pub matches_storage_class: BTreeSet<String>,
    /// Its name begins with one of these.
    pub matches_prefix: BTreeSet<String>,
    /// Its name ends with one of these.
    pub matches_suffix: BTreeSet<String>,
}

/// Whether an object is the live version or an old one.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LifecycleState {
    /// The live version.
    Live,
    /// An old version.
    Archived,
}

/// How long a bucket keeps deleted objects.
#[block]
pub struct SoftDelete {
    /// The time in seconds. 0 turns it off.
    #[field(default = 604_800)]
    pub retention_duration_seconds: u32,
}
