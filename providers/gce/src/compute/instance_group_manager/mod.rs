//! `google_compute_instance_group_manager`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::{InstanceTemplate, TargetPool};

/// A group of instances of one zone, made of a template and kept at a number.
#[resource(
    "google_compute_instance_group_manager",
    id = "projects/{project}/zones/{zone}/instanceGroupManagers/{name}",
    unique("project", "zone", "name"),
    takes(create = 20, update = 20, delete = 40)
)]
pub struct InstanceGroupManager {
    /// Its name, unique in the zone.
    #[field(immutable)]
    pub name: String,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The zone; the provider's unless said.
    #[field(immutable, computed, form = "{zone}")]
    pub zone: Option<String>,
    /// What the names of its instances begin with.
    #[field(immutable)]
    pub base_instance_name: String,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// How many instances it has.
    #[field(computed)]
    pub target_size: Option<u32>,
    /// The templates, of which one has no size: it takes the rest.
    pub version: Vec<GroupVersion>,
    /// The target pools that its instances are in.
    pub target_pools: BTreeSet<Id<TargetPool>>,
    /// Names of ports, for load balancers.
    pub named_port: BTreeSet<NamedPort>,
    /// How instances follow a new template.
    #[field(computed)]
    pub update_policy: Option<UpdatePolicy>,
    /// How lists of its instances come.
    #[field(default = ListResults::Pageless)]
    pub list_managed_instances_results: ListResults,
}

/// What Compute Engine computes of an [`InstanceGroupManager`].
#[attributes]
pub struct InstanceGroupManagerAttributes {
    /// `projects/{project}/zones/{zone}/instanceGroupManagers/{name}`.
    pub id: Id<InstanceGroupManager>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
    /// The group that it manages, by its path.
    #[field(same = "self_link", form = "projects/{project}/zones/{zone}/instanceGroups/{name}")]
    pub instance_group: String,
    /// What an update has to name, and changes.
    #[field(volatile, form = "{hex8}")]
    pub fingerprint: String,
}

/// A template of a group.
#[block]
pub struct GroupVersion {
    /// Its name, where there are several.
    pub name: Option<String>,
    /// The template.
    pub instance_template: Id<InstanceTemplate>,
    /// How many instances are of it; the rest unless said.
    pub target_size: Option<VersionSize>,
}

/// How many instances of a group are of a template.
#[block]
pub struct VersionSize {
    /// A number.
    pub fixed: Option<u32>,
    /// A share, in percent.
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

/// How instances follow a new template.
#[block]
pub struct UpdatePolicy {
    /// Who begins the update.
    pub r#type: UpdateType,
    /// The least that is done to one.
    pub minimal_action: MinimalAction,
    /// Which name a new one has.
    #[field(computed)]
    pub replacement_method: Option<ReplacementMethod>,
    /// How many more may be there meanwhile.
    #[field(computed)]
    pub max_surge_fixed: Option<u32>,
    /// How many may be missing meanwhile.
    #[field(computed)]
    pub max_unavailable_fixed: Option<u32>,
}

/// How lists of instances come.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListResults {
    /// All at once.
    Pageless,
    /// In pages.
    Paginated,
}

/// Who begins an update.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdateType {
    /// The group itself.
    Proactive,
    /// Whoever replaces an instance.
    Opportunistic,
}

/// The least that is done to an instance.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MinimalAction {
    /// Nothing.
    None,
    /// What needs no stop.
    Refresh,
    /// A restart.
    Restart,
    /// A replacement.
    Replace,
}

/// Which name a new instance has.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReplacementMethod {
    /// Another one.
    Substitute,
    /// The old one.
    Recreate,
}
