//! `google_compute_disk`.

#[cfg(feature = "client")]
pub(crate) mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// An empty disk of one zone.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// stack.add("data", gce::Disk::new("data").zone("us-east1-b").size(100).r#type("pd-ssd"));
/// ```
#[resource(
    "google_compute_disk",
    id = "projects/{project}/zones/{zone}/disks/{name}",
    unique("project", "zone", "name"),
    takes(create = 10, update = 5, delete = 10)
)]
pub struct Disk {
    /// Its name, unique in the zone.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The zone. The default is the provider's.
    #[field(immutable, computed, form = "{zone}")]
    pub zone: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// Its kind: `pd-standard`, `pd-balanced`, `pd-ssd`, `hyperdisk-balanced` …
    #[field(immutable, default = "pd-standard", same = "self_link")]
    pub r#type: String,
    /// Its size in GB. It may grow in place.
    #[field(computed)]
    pub size: Option<u32>,
    /// The operations per second that it is provisioned for, if its type allows a choice. A change replaces the disk:
    /// Landform does not use Compute Engine's change in place.
    #[field(immutable, computed)]
    pub provisioned_iops: Option<u32>,
    /// The throughput in MB per second that it is provisioned for, if its type allows a choice. A change replaces the
    /// disk.
    #[field(immutable, computed)]
    pub provisioned_throughput: Option<u32>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that Compute Engine computes for a [`Disk`].
#[attributes]
pub struct DiskAttributes {
    /// `projects/{project}/zones/{zone}/disks/{name}`.
    pub id: Id<Disk>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
