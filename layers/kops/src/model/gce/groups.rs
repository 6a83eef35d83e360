//! Managed instance groups: one for each zone of a group of machines (kops `autoscalinggroup.go`).

use super::Model;
use super::accounts::Accounts;
use super::balancer::Pool;
use super::network::Network;
use crate::names;
use crate::populate::Group;
use crate::spec::Role;
use landform_core::{Handle, Path};
use landform_gce as gce;
use std::collections::BTreeMap;

/// The resources that groups use.
pub(super) struct Parts<'p> {
    pub(super) network: &'p Network,
    pub(super) accounts: &'p Accounts,
    /// The pool behind the API's public address.
    pub(super) pool: &'p Option<Pool>,
    /// What machines run when they boot, by group.
    pub(super) boot: &'p BTreeMap<String, String>,
    /// The public keys for SSH.
    pub(super) keys: &'p [String],
}

/// The groups and their templates.
pub(super) struct Made {
    /// The managed instance groups by the name of their group, then by zone.
    pub(super) managers: BTreeMap<String, BTreeMap<String, Handle<gce::InstanceGroupManager>>>,
    /// The templates by the name of their group.
    pub(super) templates: BTreeMap<String, Handle<gce::InstanceTemplate>>,
}

impl Model<'_> {
    pub(super) fn groups(&mut self, parts: &Parts) -> Made {
        let mut made = Made { managers: BTreeMap::new(), templates: BTreeMap::new() };
        for group in &self.populated.groups {
            self.ground.at_group(&group.name);
            let template = self.template(group, parts);
            let mut managers = BTreeMap::new();
            for (zone, size) in group.by_zone(group.spec.min_size.unwrap_or_default()) {
                managers.insert(zone.to_owned(), self.manager(group, zone, size, &template, parts));
            }
            made.managers.insert(group.name.clone(), managers);
            made.templates.insert(group.name.clone(), template);
        }
        made
    }

    fn manager(
        &mut self,
        group: &Group,
        zone: &str,
        size: u32,
        template: &Handle<gce::InstanceTemplate>,
        parts: &Parts,
    ) -> Handle<gce::InstanceGroupManager> {
        let name = names::gce::group_manager(zone, &group.name, self.names.cluster);
        let policy = gce::UpdatePolicy::new(gce::UpdateType::Opportunistic, gce::MinimalAction::Replace);
        let pool = parts.pool.as_ref().filter(|_| self.is_front(group));
        let manager = gce::InstanceGroupManager::new(name.as_str(), group.name.as_str())
            .project(&*self.home.project)
            .zone(zone)
            .target_size(size)
            .version([gce::GroupVersion::new(template)])
            .update_policy(policy)
            .list_managed_instances_results(gce::ListResults::Paginated)
            .with(pool, |manager, pool| manager.target_pools([&pool.id]));
        let manager = self.add(&name, manager);
        if let Some(nat) = &self.existing.nat_gateway {
            self.ground.depend(&manager, nat);
        }
        if group.spec.min_size < group.spec.max_size {
            // The autoscaler chooses the size between the two.
            self.ground
                .adjust(&manager, |node| node.lifecycle.ignore_changes.push(Path::field("target_size")));
        }
        manager
    }

    /// Whether a group's machines are behind the API's public address: API servers, or else the control plane.
    fn is_front(&self, group: &Group) -> bool {
        match group.role {
            Role::ApiServer => true,
            Role::ControlPlane => !self.populated.has_api_servers(),
            Role::Node | Role::Bastion => false,
        }
    }
}
