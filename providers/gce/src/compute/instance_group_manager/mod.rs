//! `google_compute_instance_group_manager`.

#[cfg(feature = "client")]
pub(crate) mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::{InstanceTemplate, TargetPool};

/// A group of instances in one zone. Compute Engine makes them from a template and keeps their number.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let template = stack.add("nodes", gce::InstanceTemplate::new("nodes", "e2-small"));
/// let version = gce::GroupVersion::new(&template);
/// let nodes = gce::InstanceGroupManager::new("nodes", "nodes").version([version]).zone("us-east1-b").target_size(3);
/// stack.add("nodes", nodes);
/// ```
#[resource(
    "google_compute_instance_group_manager",
    id = "projects/{project}/zones/{zone}/instanceGroupManagers/{name}",
    unique("project", "zone", "name"),
    takes(create = 20, update = 20, delete = 40)
)]
pub struct InstanceGroupManager {
    /// Its name, unique in the zone.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The zone. The default is the provider's.
    #[field(immutable, computed, form = "{zone}")]
    pub zone: Option<String>,
    /// The prefix of the names of its instances.
    #[field(immutable)]
    pub base_instance_name: String,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// How many instances it has.
    #[field(computed)]
    pub target_size: Option<u32>,
    /// The templates. One of them has no size and takes the remaining instances.
    pub version: Vec<GroupVersion>,
    /// The target pools that its instances are in.
    pub target_pools: BTreeSet<Id<TargetPool>>,
    /// Named ports, for load balancers.
    pub named_port: BTreeSet<NamedPort>,
    /// How instances change to a new template.
    #[field(computed)]
    pub update_policy: Option<UpdatePolicy>,
    /// How Compute Engine lists its instances.
    #[field(default = ListResults::Pageless)]
    pub list_managed_instances_results: ListResults,
}

/// The attributes that Compute Engine computes for an [`InstanceGroupManager`].
#[attributes]
pub struct InstanceGroupManagerAttributes {
    /// `projects/{project}/zones/{zone}/instanceGroupManagers/{name}`.
    pub id: Id<InstanceGroupManager>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The path of the group that it manages.
    #[field(same = "self_link", form = "projects/{project}/zones/{zone}/instanceGroups/{name}")]
    pub instance_group: String,
    /// The fingerprint. An update must give the present one, and changes it.
    #[field(volatile, form = "{hex8}")]
    pub fingerprint: String,
}

/// A template of a group.
#[block]
pub struct GroupVersion {
    /// The name, if there are several.
    pub name: Option<String>,
    /// The template.
    pub instance_template: Id<InstanceTemplate>,
    /// The number of instances with this template. By default all remaining instances.
    pub target_size: Option<VersionSize>,
}

/// The number of a group's instances with one template.
#[block]
pub struct VersionSize {
    /// A number.
    pub fixed: Option<u32>,
    /// A percentage.
    pub percent: Option<u32>,
}

/// A port with a name.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct NamedPort {
    /// The name.
    pub name: String,
    /// The port.
    pub port: u16,
}

/// How instances change to a new template.
#[block]
pub struct UpdatePolicy {
    /// Who starts the update.
    pub r#type: UpdateType,
    /// The least disruptive action for an instance.
    pub minimal_action: MinimalAction,
    /// The name of a new instance.
    #[field(computed)]
    pub replacement_method: Option<ReplacementMethod>,
    /// How many instances may exist beyond the target size during an update.
    #[field(computed)]
    pub max_surge_fixed: Option<u32>,
    /// How many instances may be unavailable during an update.
    #[field(computed)]
    pub max_unavailable_fixed: Option<u32>,
}

/// How Compute Engine lists instances.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListResults {
    /// All at once.
    Pageless,
    /// In pages.
    Paginated,
}

/// Who starts an update.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdateType {
    /// The group.
    Proactive,
    /// The user, by replacing an instance.
    Opportunistic,
}

/// The least disruptive action for an instance.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MinimalAction {
    /// Nothing.
    None,
    /// Changes that need no stop.
    Refresh,
    /// A restart.
    Restart,
    /// A replacement.
    Replace,
}

/// The name of a new instance.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReplacementMethod {
    /// A new name.
    Substitute,
    /// The old instance's name.
    Recreate,
}
