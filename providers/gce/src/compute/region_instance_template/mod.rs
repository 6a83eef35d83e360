//! `google_compute_region_instance_template`.

#[cfg(feature = "client")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, resource};

use super::{GuestAccelerator, MachineAccount, Scheduling, TemplateDisk, TemplateInterface};

/// The template of instances of one region. It does not depend on other regions. It cannot change: a change replaces it.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// let disk = gce::TemplateDisk::new().source_image("debian-cloud/debian-12").boot(true);
/// let template = gce::RegionInstanceTemplate::new("nodes", "e2-small").region("us-east1").disk([disk]);
/// stack.add("nodes", template.network_interface([gce::TemplateInterface::new().network(&network)]));
/// ```
#[resource(
    "google_compute_region_instance_template",
    id = "projects/{project}/regions/{region}/instanceTemplates/{name}",
    unique("project", "region", "name"),
    takes(create = 8, update = 1, delete = 8)
)]
pub struct RegionInstanceTemplate {
    /// Its name, unique in the region.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// The name of the machine type.
    #[field(immutable)]
    pub machine_type: String,
    /// Whether its machines may send and receive packets with other addresses than their own.
    #[field(immutable, default = false)]
    pub can_ip_forward: bool,
    /// Its disks. The first is the boot disk.
    #[field(immutable)]
    pub disk: Vec<TemplateDisk>,
    /// Its network interfaces.
    #[field(immutable)]
    pub network_interface: Vec<TemplateInterface>,
    /// Metadata that its machines can read.
    #[field(immutable)]
    pub metadata: BTreeMap<String, String>,
    /// The network tags, by which firewall rules and routes select its machines.
    #[field(immutable)]
    pub tags: BTreeSet<String>,
    /// The labels of its machines.
    #[field(immutable)]
    pub labels: BTreeMap<String, String>,
    /// How its machines run.
    #[field(immutable, computed)]
    pub scheduling: Option<Scheduling>,
    /// The service account that its machines run as.
    #[field(immutable)]
    pub service_account: Option<MachineAccount>,
    /// Accelerators, such as graphics processors, that each machine gets.
    #[field(immutable)]
    pub guest_accelerator: Vec<GuestAccelerator>,
}

/// The attributes that Compute Engine computes for a [`RegionInstanceTemplate`].
#[attributes]
pub struct RegionInstanceTemplateAttributes {
    /// `projects/{project}/regions/{region}/instanceTemplates/{name}`.
    pub id: Id<RegionInstanceTemplate>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
