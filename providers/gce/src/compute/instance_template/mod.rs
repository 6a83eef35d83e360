//! `google_compute_instance_template`.

#[cfg(feature = "client")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{Network, NetworkTier, Subnetwork};

/// What instances of a group are made of. It never changes: another one takes its place.
#[resource(
    "google_compute_instance_template",
    id = "projects/{project}/global/instanceTemplates/{name}",
    unique("project", "name"),
    takes(create = 8, update = 1, delete = 8)
)]
pub struct InstanceTemplate {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// The kind of machine, by its name.
    #[field(immutable)]
    pub machine_type: String,
    /// Whether its machines may send and take packets of other addresses.
    #[field(immutable, default = false)]
    pub can_ip_forward: bool,
    /// Its disks; the first is the one that it boots from.
    #[field(immutable)]
    pub disk: Vec<TemplateDisk>,
    /// Its network interfaces.
    #[field(immutable)]
    pub network_interface: Vec<TemplateInterface>,
    /// What its machines can read of themselves.
    #[field(immutable)]
    pub metadata: BTreeMap<String, String>,
    /// The tags by which firewall rules and routes tell its machines.
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
}

/// What Compute Engine computes of an [`InstanceTemplate`].
#[attributes]
pub struct InstanceTemplateAttributes {
    /// `projects/{project}/global/instanceTemplates/{name}`.
    pub id: Id<InstanceTemplate>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// A disk of machines to be.
#[block]
pub struct TemplateDisk {
    /// Whether it goes with its machine.
    #[field(default = true)]
    pub auto_delete: bool,
    /// Whether the machine boots from it.
    #[field(default = false)]
    pub boot: bool,
    /// Its name inside the machine.
    #[field(computed)]
    pub device_name: Option<String>,
    /// Its size in GB; that of the image unless said.
    pub disk_size_gb: Option<u32>,
    /// Its kind, by its name.
    pub disk_type: Option<String>,
    /// What is on it: an image, by its link.
    #[field(same = "self_link")]
    pub source_image: Option<String>,
    /// How it is attached.
    #[field(computed)]
    pub mode: Option<DiskMode>,
    /// Whether it outlives a stop.
    #[field(computed)]
    pub r#type: Option<DiskLifetime>,
    /// How it is reached.
    #[field(computed)]
    pub interface: Option<DiskInterface>,
}

/// A network interface of machines to be.
#[block]
pub struct TemplateInterface {
    /// The network.
    #[field(computed)]
    pub network: Option<Id<Network>>,
    /// The subnetwork.
    #[field(computed)]
    pub subnetwork: Option<Id<Subnetwork>>,
    /// Public addresses; none unless said.
    pub access_config: Vec<TemplateAccess>,
    /// Ranges of addresses that go to the machine too.
    pub alias_ip_range: Vec<AliasRange>,
    /// Which kinds of addresses it has.
    #[field(computed)]
    pub stack_type: Option<String>,
}

/// A public address of machines to be.
#[block]
pub struct TemplateAccess {
    /// How traffic reaches it.
    #[field(computed)]
    pub network_tier: Option<NetworkTier>,
}

/// A range of addresses that go to a machine.
#[block]
pub struct AliasRange {
    /// The range, or its length as `/24`.
    pub ip_cidr_range: String,
    /// The range of the subnetwork that it is taken from; the first unless said.
    pub subnetwork_range_name: Option<String>,
}

/// How machines run.
#[block]
pub struct Scheduling {
    /// Whether they are started again.
    #[field(computed)]
    pub automatic_restart: Option<bool>,
    /// What becomes of them when their host goes.
    #[field(computed)]
    pub on_host_maintenance: Option<HostMaintenance>,
    /// Whether they may be stopped at any time.
    #[field(computed)]
    pub preemptible: Option<bool>,
    /// On which terms they run.
    #[field(computed)]
    pub provisioning_model: Option<ProvisioningModel>,
}

/// The service account that machines run as.
#[block]
pub struct MachineAccount {
    /// Its address.
    pub email: String,
    /// What it may be used for.
    pub scopes: BTreeSet<String>,
}

/// How a disk is attached.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiskMode {
    /// To be read and written.
    ReadWrite,
    /// To be read.
    ReadOnly,
}

/// Whether a disk outlives a stop.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiskLifetime {
    /// It does.
    Persistent,
    /// It does not.
    Scratch,
}

/// How a disk is reached.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiskInterface {
    /// By SCSI.
    Scsi,
    /// By NVMe.
    Nvme,
}

/// What becomes of instances when their host goes.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HostMaintenance {
    /// They move.
    Migrate,
    /// They stop.
    Terminate,
}

/// On which terms instances run.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProvisioningModel {
    /// Until they are stopped.
    Standard,
    /// As long as there is room.
    Spot,
    /// For a limited time, once there is room.
    FlexStart,
    /// As long as a reservation lasts.
    ReservationBound,
}
