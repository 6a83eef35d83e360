//! `data.google_compute_machine_types`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, block, data};

/// The machine types of a zone, in the order of their names.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce::data;
/// # let mut stack = Stack::new("demo");
/// let small = data::MachineTypes::new().zone("us-east1-b").filter("name = e2-small");
/// stack.read("small", small);
/// ```
#[data("google_compute_machine_types")]
pub struct MachineTypes {
    /// The zone. The default is the provider's.
    #[field(form = "{zone}")]
    pub zone: Option<String>,
    /// The project. The default is the provider's.
    #[field(form = "{account}")]
    pub project: Option<String>,
    /// The condition that they must meet, such as `guestCpus = 4`.
    pub filter: Option<String>,
}

/// The attributes that Google reports for [`MachineTypes`].
#[attributes]
pub struct MachineTypesAttributes {
    /// The path of the zone.
    #[field(form = "projects/{account}/zones/{zone}")]
    pub id: Id<MachineTypes>,
    /// The machine types.
    #[field(required)]
    pub machine_types: Vec<MachineType>,
}

/// A machine type.
#[block]
pub struct MachineType {
    /// Its name.
    pub name: String,
    /// A description.
    pub description: Option<String>,
    /// How many virtual CPUs it has.
    pub guest_cpus: u32,
    /// How much memory it has, in MB.
    pub memory_mb: u32,
    /// Whether machines share a CPU.
    pub is_shared_cpus: Option<bool>,
    /// Its URL.
    pub self_link: String,
}
