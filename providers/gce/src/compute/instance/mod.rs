//! `google_compute_instance`.

#[cfg(feature = "client")]
mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, block, resource};

use super::{AliasRange, Disk, DiskMode, MachineAccount, Network, NetworkTier, Scheduling, Subnetwork};

/// A virtual machine. A change of its machine type, its service account, its CPU platform or its shielded settings stops
/// and starts it, if `allow_stopping_for_update` allows that. A change of its boot disk or of its network interfaces
/// replaces it. It has no local SSDs and no accelerators.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main"));
/// let image = "projects/debian-cloud/global/images/family/debian-12";
/// let system = gce::BootDisk::new().initialize_params(gce::NewDisk::new().image(image).size(20_u32));
/// let interface = gce::InstanceInterface::new().network(&network);
/// let web = gce::Instance::new("web", "e2-small", system, [interface]).zone("us-east1-b");
/// stack.add("web", web.allow_stopping_for_update(true).tags(["web"]));
/// ```
#[resource(
    "google_compute_instance",
    id = "projects/{project}/zones/{zone}/instances/{name}",
    unique("project", "zone", "name"),
    takes(create = 20, update = 20, delete = 30)
)]
pub struct Instance {
    /// Its name, unique in the zone.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The name of the machine type.
    #[field(same = "self_link")]
    pub machine_type: String,
    /// The disk that it boots from.
    #[field(immutable)]
    pub boot_disk: BootDisk,
    /// Its network interfaces.
    #[field(immutable, required, min_items = 1)]
    pub network_interface: Vec<InstanceInterface>,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The zone. The default is the provider's.
    #[field(immutable, computed, form = "{zone}")]
    pub zone: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// Its full host name. The default follows from its name, its zone and its project.
    #[field(immutable)]
    pub hostname: Option<String>,
    /// Whether a change may stop and start it.
    #[field(unseen)]
    pub allow_stopping_for_update: Option<bool>,
    /// Further disks, which stay when it goes.
    pub attached_disk: BTreeSet<InstanceDisk>,
    /// Whether it may send and receive packets with other addresses than its own.
    #[field(immutable, default = false)]
    pub can_ip_forward: bool,
    /// Whether Compute Engine refuses to delete it.
    #[field(default = false)]
    pub deletion_protection: bool,
    /// Metadata that it can read.
    pub metadata: BTreeMap<String, String>,
    /// The oldest CPU platform that it may have.
    #[field(computed)]
    pub min_cpu_platform: Option<String>,
    /// How it runs.
    #[field(computed)]
    pub scheduling: Option<Scheduling>,
    /// The service account that it runs as.
    pub service_account: Option<MachineAccount>,
    /// How it protects its boot.
    #[field(computed)]
    pub shielded_instance_config: Option<ShieldedConfig>,
    /// The network tags, by which firewall rules and routes select it.
    pub tags: BTreeSet<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that Compute Engine computes for an [`Instance`].
#[attributes]
pub struct InstanceAttributes {
    /// `projects/{project}/zones/{zone}/instances/{name}`.
    pub id: Id<Instance>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The number that identifies it.
    #[field(form = "{digits12}")]
    pub instance_id: String,
    /// Its CPU platform.
    #[field(volatile, form = "Intel Broadwell")]
    pub cpu_platform: String,
    /// Its status: `RUNNING`, `TERMINATED` …
    #[field(volatile, form = "RUNNING")]
    pub current_status: String,
    /// The fingerprint of its metadata. An update must give the present one, and changes it.
    #[field(volatile, form = "{hex8}")]
    pub metadata_fingerprint: String,
    /// The fingerprint of its tags. An update must give the present one, and changes it.
    #[field(volatile, form = "{hex8}")]
    pub tags_fingerprint: String,
}

/// The disk that an instance boots from.
#[block(one_of("initialize_params", "source"))]
pub struct BootDisk {
    /// Whether Compute Engine deletes it with the instance.
    #[field(default = true)]
    pub auto_delete: bool,
    /// Its name inside the instance.
    #[field(computed)]
    pub device_name: Option<String>,
    /// How it is attached.
    #[field(default = DiskMode::ReadWrite)]
    pub mode: DiskMode,
    /// The new disk. Compute Engine makes it with the instance. Set this or `source`.
    #[field(unseen)]
    pub initialize_params: Option<NewDisk>,
    /// An existing disk.
    #[field(computed)]
    pub source: Option<Id<Disk>>,
}

/// A disk that Compute Engine makes with an instance.
#[block]
pub struct NewDisk {
    /// Its size in GB. The default is the image's size.
    pub size: Option<u32>,
    /// The name of its type.
    pub r#type: Option<String>,
    /// The link to the image or the image family that it starts with.
    #[field(same = "self_link")]
    pub image: Option<String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// A further disk of an instance.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct InstanceDisk {
    /// The link to the disk.
    #[field(same = "self_link")]
    pub source: String,
    /// Its name inside the instance.
    #[field(computed)]
    pub device_name: Option<String>,
    /// How it is attached.
    #[field(default = DiskMode::ReadWrite)]
    pub mode: DiskMode,
}

/// A network interface of an instance.
#[block]
pub struct InstanceInterface {
    /// The network.
    #[field(computed)]
    pub network: Option<Id<Network>>,
    /// The subnetwork.
    #[field(computed)]
    pub subnetwork: Option<Id<Subnetwork>>,
    /// Its internal IP address. By default Compute Engine chooses one.
    #[field(computed)]
    pub network_ip: Option<String>,
    /// Its public addresses. By default none.
    pub access_config: Vec<InstanceAccess>,
    /// Alias ranges: further addresses of the instance.
    pub alias_ip_range: Vec<AliasRange>,
    /// The kind of the virtual network card: `GVNIC`, `VIRTIO_NET` …
    pub nic_type: Option<String>,
    /// The IP versions of its addresses.
    #[field(computed)]
    pub stack_type: Option<String>,
}

/// A public address of an instance.
#[block]
pub struct InstanceAccess {
    /// The IP address. By default Compute Engine chooses one.
    #[field(computed)]
    pub nat_ip: Option<String>,
    /// The network that carries its traffic.
    #[field(computed)]
    pub network_tier: Option<NetworkTier>,
}

/// How an instance protects its boot.
#[block]
pub struct ShieldedConfig {
    /// Whether it boots only signed systems.
    #[field(default = false)]
    pub enable_secure_boot: bool,
    /// Whether it has a virtual TPM.
    #[field(default = true)]
    pub enable_vtpm: bool,
    /// Whether it measures its boot.
    #[field(default = true)]
    pub enable_integrity_monitoring: bool,
}
