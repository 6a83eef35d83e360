//! `google_compute_instance_template`.

#[cfg(feature = "client")]
pub(crate) mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{Network, NetworkTier, Subnetwork};

/// The template of a group's instances. It cannot change: a change replaces it.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// let disk = gce::TemplateDisk::new().source_image("debian-cloud/debian-12").boot(true);
/// let template = gce::InstanceTemplate::new("nodes", "e2-small").disk([disk]);
/// stack.add("nodes", template.network_interface([gce::TemplateInterface::new().network(&network)]));
/// ```
#[resource(
    "google_compute_instance_template",
    id = "projects/{project}/global/instanceTemplates/{name}",
    unique("project", "name"),
    takes(create = 8, update = 1, delete = 8)
)]
pub struct InstanceTemplate {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
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

/// The attributes that Compute Engine computes for an [`InstanceTemplate`].
#[attributes]
pub struct InstanceTemplateAttributes {
    /// `projects/{project}/global/instanceTemplates/{name}`.
    pub id: Id<InstanceTemplate>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// A disk of a template's machines.
#[block]
pub struct TemplateDisk {
    /// Whether Compute Engine deletes it with its machine.
    #[field(default = true)]
    pub auto_delete: bool,
    /// Whether the machine boots from it.
    #[field(default = false)]
    pub boot: bool,
    /// Its name inside the machine.
    #[field(computed)]
    pub device_name: Option<String>,
    /// The size in GB. The default is the image's size.
    pub disk_size_gb: Option<u32>,
    /// The name of the disk type.
    pub disk_type: Option<String>,
    /// The operations per second that the disk is provisioned for, if its type allows a choice.
    #[field(computed)]
    pub provisioned_iops: Option<u32>,
    /// The throughput in MB per second that the disk is provisioned for, if its type allows a choice.
    #[field(computed)]
    pub provisioned_throughput: Option<u32>,
    /// The link to the image that it starts with.
    #[field(same = "self_link")]
    pub source_image: Option<String>,
    /// How it is attached.
    #[field(computed)]
    pub mode: Option<DiskMode>,
    /// Whether it keeps its data when the machine stops.
    #[field(computed)]
    pub r#type: Option<DiskLifetime>,
    /// The interface to the disk.
    #[field(computed)]
    pub interface: Option<DiskInterface>,
}

/// A network interface of a template's machines.
#[block]
pub struct TemplateInterface {
    /// The network.
    #[field(computed)]
    pub network: Option<Id<Network>>,
    /// The subnetwork.
    #[field(computed)]
    pub subnetwork: Option<Id<Subnetwork>>,
    /// Public addresses. By default none.
    pub access_config: Vec<TemplateAccess>,
    /// Alias ranges: further addresses of the machine.
    pub alias_ip_range: Vec<AliasRange>,
    /// The IP versions of its addresses.
    #[field(computed)]
    pub stack_type: Option<String>,
}

/// A public address of a template's machines.
#[block]
pub struct TemplateAccess {
    /// The network that carries its traffic.
    #[field(computed)]
    pub network_tier: Option<NetworkTier>,
}

/// A range of further addresses of a machine.
#[block]
pub struct AliasRange {
    /// The range, or its length, such as `/24`.
    pub ip_cidr_range: String,
    /// The name of the subnetwork's range that it is taken from. The default is the primary range.
    pub subnetwork_range_name: Option<String>,
}

/// How machines run.
#[block]
pub struct Scheduling {
    /// Whether Compute Engine restarts machines that it stopped.
    #[field(computed)]
    pub automatic_restart: Option<bool>,
    /// What happens to machines when their host needs maintenance.
    #[field(computed)]
    pub on_host_maintenance: Option<HostMaintenance>,
    /// Whether Compute Engine may stop them at any time.
    #[field(computed)]
    pub preemptible: Option<bool>,
    /// The terms on which they run.
    #[field(computed)]
    pub provisioning_model: Option<ProvisioningModel>,
}

/// Accelerators of one type.
#[block]
pub struct GuestAccelerator {
    /// The name of the type, such as `nvidia-tesla-t4`.
    #[field(same = "self_link")]
    pub r#type: String,
    /// The number for each machine.
    pub count: u32,
}

/// The service account that machines run as.
#[block]
pub struct MachineAccount {
    /// Its email address.
    pub email: String,
    /// The OAuth scopes that it may use.
    pub scopes: BTreeSet<String>,
}

/// How a disk is attached.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiskMode {
    /// Read and write.
    ReadWrite,
    /// Read only.
    ReadOnly,
}

/// Whether a disk keeps its data when its machine stops.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiskLifetime {
    /// It keeps its data.
    Persistent,
    /// It loses its data.
    Scratch,
}

/// The interface to a disk.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiskInterface {
    /// SCSI.
    Scsi,
    /// NVMe.
    Nvme,
}

/// What happens to machines when their host needs maintenance.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HostMaintenance {
    /// They move.
    Migrate,
    /// They stop.
    Terminate,
}

/// The terms on which machines run.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProvisioningModel {
    /// Until they are stopped.
    Standard,
    /// Until Compute Engine needs the capacity.
    Spot,
    /// For a limited time, once there is capacity.
    FlexStart,
    /// As long as a reservation lasts.
    ReservationBound,
}
