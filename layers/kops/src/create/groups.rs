//! The groups of machines of a new cluster.

use super::Options;
use super::network::Subnets;
use super::options::{CloudProvider, InstanceManager, NewCluster, Topology};
use crate::lookup::{Architecture, Lookup};
use crate::problem::Kind;
use crate::spec::values::{Notation, SecurityGroupId, VolumeType};
use crate::spec::{ClusterSpec, GroupSpec, Karpenter, Manager, MixedInstances, Role, SubnetType, Tenancy};
use crate::version::Version;

/// The resources that groups use.
pub(super) struct Made<'a, L> {
    pub(super) options: &'a NewCluster,
    pub(super) cloud: CloudProvider,
    pub(super) topology: Topology,
    pub(super) subnets: &'a Subnets,
    pub(super) lookup: &'a L,
}

/// A group's name and specification.
pub(super) type Named = (String, GroupSpec);

/// What the groups of nodes have in common.
struct OfNodes {
    security_groups: Vec<SecurityGroupId>,
    tenancy: Option<Tenancy>,
}

impl<L: Lookup> Made<'_, L> {
    /// All groups: the control plane, API servers, nodes, the bastion.
    pub(super) fn all(
        &self,
        cluster: &mut ClusterSpec,
        version: Option<&Version>,
        told: &mut Options,
    ) -> Vec<Named> {
        let mut groups = self.control_plane(told);
        groups.extend(self.api_servers(told));
        let nodes = OfNodes {
            security_groups: told.read_all("--node-security-groups", &self.options.node_security_groups),
            tenancy: told.tenancy("--node-tenancy", &self.options.node_tenancy),
        };
        match self.options.instance_manager {
            InstanceManager::CloudGroups => groups.extend(self.nodes(&nodes)),
            InstanceManager::Karpenter => {
                if self.options.discovery_store.is_empty() {
                    told.wrong(
                        Kind::Required,
                        "--discovery-store",
                        "expected a store, which Karpenter needs",
                    );
                }
                cluster.karpenter = Some(Karpenter { enabled: true, ..Karpenter::default() });
                groups.push(self.karpenter(&nodes));
            }
        }
        groups.extend(self.bastion(cluster));
        for (name, group) in &mut groups {
            self.complete(name, group, cluster, version, told);
        }
        groups
    }

    fn control_plane(&self, told: &mut Options) -> Vec<Named> {
        let options = self.options;
        let given = &options.control_plane_zones;
        let zones = if given.is_empty() { &options.zones } else { given };
        let count = match (options.control_plane_count as usize, given.len()) {
            (0, 0) => 1,
            (0, zones) => zones,
            (count, zones) => {
                if count < zones {
                    let detail =
                        format!("{count}: expected at least one machine for each of the {zones} zones");
                    told.wrong(Kind::Invalid, "--control-plane-count", detail);
                }
                count
            }
        };
        let security_groups: Vec<SecurityGroupId> =
            told.read_all("--control-plane-security-groups", &options.control_plane_security_groups);
        let tenancy = told.tenancy("--control-plane-tenancy", &options.control_plane_tenancy);
        let group = |index: usize| {
            let zone = zones.get(index % zones.len().max(1))?;
            let name = match count > zones.len() {
                true => format!("{zone}-{}", 1 + index / zones.len()),
                false => zone.clone(),
            };
            let subnet = self.subnets.get(zone)?.first()?;
            let dual_stack = options.ipv6 && self.topology == Topology::Private;
            let mut group = self.group(Role::ControlPlane, 1, &options.control_plane_sizes, zone);
            group.subnets = vec![if dual_stack { format!("dualstack-{subnet}") } else { subnet.clone() }];
            group.image.clone_from(&options.control_plane_image);
            group.tenancy = tenancy;
            group.additional_security_groups.clone_from(&security_groups);
            group.root_volume_size = some(options.control_plane_volume_size);
            group.root_volume_type = VolumeType::read(&options.control_plane_volume_type);
            Some((format!("control-plane-{name}"), group))
        };
        (0..count).filter_map(group).collect()
    }

    fn api_servers(&self, told: &mut Options) -> Vec<Named> {
        let options = self.options;
        if options.api_server_count == 0 {
            return Vec::new();
        }
        if options.api_server_sizes.len() > 1 {
            told.wrong(Kind::Invalid, "--api-server-size", "expected one type of machine");
        }
        let shares = shares(options.api_server_count, &options.zones);
        let group = |(zone, count): (&String, u32)| {
            let mut group = self.group(Role::ApiServer, count, &options.api_server_sizes, zone);
            group.subnets = self.subnets.get(zone)?.clone();
            Some((format!("apiserver-{zone}"), group))
        };
        shares.filter_map(group).collect()
    }

    fn nodes(&self, nodes: &OfNodes) -> Vec<Named> {
        let options = self.options;
        let count = match options.node_count {
            0 => options.zones.len() as u32,
            count => count,
        };
        let group = |(zone, count): (&String, u32)| {
            let mut group = self.group(Role::Node, count, &options.node_sizes, zone);
            let subnets = self.subnets.get(zone)?;
            // The main subnet may be smaller than the subnets of further ranges.
            group.subnets = subnets[usize::from(subnets.len() > 1)..].to_vec();
            self.of_nodes(&mut group, nodes);
            Some((format!("nodes-{zone}"), group))
        };
        shares(count, &options.zones).filter_map(group).collect()
    }

    fn karpenter(&self, nodes: &OfNodes) -> Named {
        let mut group = self.group(Role::Node, 0, &self.options.node_sizes, "");
        group.manager = Some(Manager::Karpenter);
        group.zones.clear();
        (group.min_size, group.max_size) = (some(self.options.node_count), None);
        self.of_nodes(&mut group, nodes);
        // The channel chooses the image for Karpenter.
        group.image.clear();
        ("nodes".into(), group)
    }

    fn of_nodes(&self, group: &mut GroupSpec, nodes: &OfNodes) {
        let options = self.options;
        group.image.clone_from(&options.node_image);
        group.tenancy = nodes.tenancy;
        group.additional_security_groups.clone_from(&nodes.security_groups);
        group.root_volume_size = some(options.node_volume_size);
        group.root_volume_type = VolumeType::read(&options.node_volume_type);
    }

    fn bastion(&self, cluster: &ClusterSpec) -> Option<Named> {
        if !self.options.bastion {
            return None;
        }
        let mut group = self.group(Role::Bastion, 1, &[], "");
        group.image.clone_from(&self.options.bastion_image);
        if self.options.ipv6 {
            group.subnets = names(cluster, |kind| kind == SubnetType::DualStack);
        }
        if self.cloud == CloudProvider::Gce {
            group.zones = self.subnets.keys().cloned().collect();
        }
        Some(("bastions".into(), group))
    }

    /// What groups have in common.
    fn group(&self, role: Role, count: u32, sizes: &[String], zone: &str) -> GroupSpec {
        let mixed = self.cloud == CloudProvider::Aws && sizes.len() > 1;
        GroupSpec {
            role: Some(role),
            min_size: Some(count),
            max_size: Some(count),
            machine_type: sizes.first().cloned().unwrap_or_default(),
            mixed_instances_policy: mixed
                .then(|| MixedInstances { instances: sizes.to_vec(), ..MixedInstances::default() }),
            zones: if self.cloud == CloudProvider::Gce { vec![zone.to_owned()] } else { Vec::new() },
            associate_public_ip: self.options.associate_public_ip,
            ..GroupSpec::default()
        }
    }

    /// Sets image, type of machine and subnets if they are absent.
    fn complete(
        &self,
        name: &str,
        group: &mut GroupSpec,
        cluster: &ClusterSpec,
        version: Option<&Version>,
        told: &mut Options,
    ) {
        if group.image.is_empty() {
            group.image.clone_from(&self.options.image);
        }
        if group.image.is_empty()
            && let Some(version) = version
        {
            let image =
                self.lookup.default_image(&self.cloud.to_string(), version, self.architecture(group, told));
            group.image = image.unwrap_or_default();
            if group.image.is_empty() {
                told.wrong(
                    Kind::Required,
                    "--image",
                    format!("expected an image for {name}: the channel has none"),
                );
            }
        }
        let karpenter = group.managed_by() == Manager::Karpenter;
        if let (true, false, Some(role)) = (group.machine_type.is_empty(), karpenter, group.role) {
            let machine_type = match (self.cloud, role) {
                (CloudProvider::Aws, _) => self.lookup.default_machine_type(role),
                (CloudProvider::Gce, Role::Bastion) => Some("e2-micro".into()),
                (CloudProvider::Gce, _) => Some("e2-medium".into()),
            };
            group.machine_type = machine_type.unwrap_or_default();
        }
        if group.subnets.is_empty() {
            group.subnets =
                names(cluster, |kind| !matches!(kind, SubnetType::DualStack | SubnetType::Utility));
        }
    }

    fn architecture(&self, group: &GroupSpec, told: &mut Options) -> Architecture {
        if group.machine_type.is_empty() || self.cloud != CloudProvider::Aws {
            return Architecture::default();
        }
        let Some(machine) = self.lookup.machine_type(&group.machine_type) else {
            let detail = format!("there is no type of machine {:?}", group.machine_type);
            told.wrong(Kind::NotFound, "--node-size or --control-plane-size", detail);
            return Architecture::default();
        };
        machine.architecture
    }
}

/// Divides a number of machines among zones.
fn shares(count: u32, zones: &[String]) -> impl Iterator<Item = (&String, u32)> {
    let of = zones.len().max(1) as u32;
    (0..).zip(zones).map(move |(index, zone)| (zone, count / of + u32::from(index < count % of)))
}

fn names(cluster: &ClusterSpec, wanted: impl Fn(SubnetType) -> bool) -> Vec<String> {
    let subnets = cluster.subnets.iter().filter(|subnet| wanted(subnet.kind()));
    subnets.map(|subnet| subnet.name.clone()).collect()
}

fn some(number: u32) -> Option<u32> {
    (number > 0).then_some(number)
}
