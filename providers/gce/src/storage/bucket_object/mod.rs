//! `google_storage_bucket_object`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::StorageBucket;

/// An object in a bucket, with text as its content. The stack and the state hold the content, so it should be small.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let logs = stack.add("logs", gce::StorageBucket::new("example-logs", "US"));
/// stack.add("motd", gce::StorageBucketObject::new(&logs, "motd.txt", "Good morning"));
/// ```
#[resource(
    "google_storage_bucket_object",
    id = "{bucket}/{name}",
    unique("bucket", "name"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct StorageBucketObject {
    /// The bucket.
    #[field(immutable)]
    pub bucket: Id<StorageBucket>,
    /// Its name, which may have slashes.
    #[field(immutable, min_length = 1, max_length = 1024)]
    pub name: String,
    /// The content, as text.
    #[field(unseen)]
    pub content: String,
    /// Its media type.
    #[field(immutable, computed, form = "text/plain; charset=utf-8")]
    pub content_type: Option<String>,
    /// The `Cache-Control` header.
    #[field(immutable)]
    pub cache_control: Option<String>,
    /// The `Content-Disposition` header.
    #[field(immutable)]
    pub content_disposition: Option<String>,
    /// The `Content-Encoding` header, such as `gzip`.
    #[field(immutable)]
    pub content_encoding: Option<String>,
    /// Its language, such as `en-US`.
    #[field(immutable)]
    pub content_language: Option<String>,
    /// Its storage class. The default is the bucket's.
    #[field(immutable, computed, form = "STANDARD")]
    pub storage_class: Option<String>,
    /// Further metadata.
    #[field(immutable)]
    pub metadata: BTreeMap<String, String>,
}

/// The attributes that Google computes for a [`StorageBucketObject`].
#[attributes]
pub struct StorageBucketObjectAttributes {
    /// `{bucket}/{name}`.
    pub id: Id<StorageBucketObject>,
    /// The MD5 digest of the content, in base64.
    #[field(volatile, form = "{hex8}")]
    pub md5hash: String,
    /// The number of this version of the object.
    #[field(volatile, form = "{digits12}")]
    pub generation: String,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/storage/v1/b/{bucket}/o/{name}")]
    pub self_link: String,
}
