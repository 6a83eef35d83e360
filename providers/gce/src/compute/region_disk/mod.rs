//! `google_compute_region_disk`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// A disk with a copy in each of two zones of a region.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// let disk = gce::RegionDisk::new("data", ["us-east1-b", "us-east1-c"]).region("us-east1");
/// stack.add("data", disk.size(100_u32).r#type("pd-ssd"));
/// ```
#[resource(
    "google_compute_region_disk",
    id = "projects/{project}/regions/{region}/disks/{name}",
    unique("project", "region", "name"),
    takes(create = 10, update = 5, delete = 10)
)]
pub struct RegionDisk {
    /// Its name, unique in the region.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The two zones.
    #[field(immutable, required, max_items = 2, same = "self_link")]
    pub replica_zones: Vec<String>,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// Its kind: `pd-standard`, `pd-balanced`, `pd-ssd`, `hyperdisk-balanced-high-availability`.
    #[field(immutable, default = "pd-standard", same = "self_link")]
    pub r#type: String,
    /// Its size in GB. It may grow in place.
    #[field(computed)]
    pub size: Option<u32>,
    /// The link to the snapshot that it starts with.
    #[field(immutable, same = "self_link")]
    pub snapshot: Option<String>,
    /// The link to the disk that it starts with.
    #[field(immutable, same = "self_link")]
    pub source_disk: Option<String>,
    /// The size of its blocks in bytes.
    #[field(immutable, computed)]
    pub physical_block_size_bytes: Option<u32>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that Compute Engine computes for a [`RegionDisk`].
#[attributes]
pub struct RegionDiskAttributes {
    /// `projects/{project}/regions/{region}/disks/{name}`.
    pub id: Id<RegionDisk>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
