//! `google_compute_region_instance_group_manager`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::{ListResults, MinimalAction, NamedPort, ReplacementMethod, TargetPool, UpdateType, VersionSize};

/// A group of instances in several zones of a region. Compute Engine makes them from a template and keeps their number.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let template = stack.add("nodes", gce::InstanceTemplate::new("nodes", "e2-small"));
/// let version = gce::RegionGroupVersion::new(template.id());
/// let nodes = gce::RegionInstanceGroupManager::new("nodes", "nodes").version([version]);
/// stack.add("nodes", nodes.region("us-east1").target_size(3_u32));
/// ```
#[resource(
    "google_compute_region_instance_group_manager",
    id = "projects/{project}/regions/{region}/instanceGroupManagers/{name}",
    unique("project", "region", "name"),
    takes(create = 20, update = 20, delete = 40)
)]
pub struct RegionInstanceGroupManager {
    /// Its name, unique in the region.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// The prefix of the names of its instances.
    #[field(immutable)]
    pub base_instance_name: String,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// The zones of its instances. By default Compute Engine chooses three.
    #[field(immutable, computed, same = "self_link")]
    pub distribution_policy_zones: BTreeSet<String>,
    /// How it spreads its instances over the zones.
    #[field(computed)]
    pub distribution_policy_target_shape: Option<TargetShape>,
    /// How many instances it has.
    #[field(computed)]
    pub target_size: Option<u32>,
    /// The templates. One of them has no size and takes the remaining instances.
    pub version: Vec<RegionGroupVersion>,
    /// The target pools that its instances are in.
    pub target_pools: BTreeSet<Id<TargetPool>>,
    /// Named ports, for load balancers.
    pub named_port: BTreeSet<NamedPort>,
    /// When it replaces instances that do not answer.
    pub auto_healing_policies: Option<AutoHealing>,
    /// How instances change to a new template.
    #[field(computed)]
    pub update_policy: Option<RegionUpdatePolicy>,
    /// How Compute Engine lists its instances.
    #[field(default = ListResults::Pageless)]
    pub list_managed_instances_results: ListResults,
}

/// The attributes that Compute Engine computes for a [`RegionInstanceGroupManager`].
#[attributes]
pub struct RegionInstanceGroupManagerAttributes {
    /// `projects/{project}/regions/{region}/instanceGroupManagers/{name}`.
    pub id: Id<RegionInstanceGroupManager>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The path of the group that it manages.
    #[field(same = "self_link", form = "projects/{project}/regions/{region}/instanceGroups/{name}")]
    pub instance_group: String,
    /// The fingerprint. An update must give the present one, and changes it.
    #[field(volatile, form = "{hex8}")]
    pub fingerprint: String,
}

/// A template of a regional group.
#[block]
pub struct RegionGroupVersion {
    /// The name, if there are several.
    pub name: Option<String>,
    /// The link to the template, global or of the region.
    #[field(same = "self_link")]
    pub instance_template: String,
    /// The number of instances with this template. By default all remaining instances.
    pub target_size: Option<VersionSize>,
}

/// How a regional group spreads its instances over zones.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetShape {
    /// As many in each zone.
    Even,
    /// As evenly as the capacity of the zones allows.
    Balanced,
    /// Wherever there is capacity.
    Any,
    /// All in one zone.
    AnySingleZone,
}

/// When a group replaces instances that do not answer.
#[block]
pub struct AutoHealing {
    /// The link to the health check.
    #[field(same = "self_link")]
    pub health_check: String,
    /// How long a new instance has to start, in seconds.
    #[field(maximum = 3600)]
    pub initial_delay_sec: u32,
}

/// How instances of a regional group change to a new template.
#[block]
pub struct RegionUpdatePolicy {
    /// Who starts the update.
    pub r#type: UpdateType,
    /// The least disruptive action for an instance.
    pub minimal_action: MinimalAction,
    /// The name of a new instance.
    #[field(computed)]
    pub replacement_method: Option<ReplacementMethod>,
    /// How many instances may exist beyond the target size during an update: none, or as many as there are zones.
    #[field(computed)]
    pub max_surge_fixed: Option<u32>,
    /// How many instances may be unavailable during an update: none, or as many as there are zones.
    #[field(computed)]
    pub max_unavailable_fixed: Option<u32>,
    /// Whether the group moves instances between zones to spread them evenly.
    #[field(computed)]
    pub instance_redistribution_type: Option<Redistribution>,
}

/// Whether a regional group moves instances between zones.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Redistribution {
    /// It does.
    Proactive,
    /// It does not.
    None,
}
