//! The machines of a cluster's groups, and what a cloud can do with them.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Node;
use landform::async_trait;
use landform::kops::spec::Role;
use landform::kops::{Spec, names};

use crate::Failure;

/// The annotation of nodes whose machine users want to replace.
const NEEDS_UPDATE: &str = "kops.k8s.io/needs-update";

/// A cloud's groups of machines.
#[async_trait]
pub trait Machinery: Send + Sync {
    /// The groups of a cluster with their machines, also detached ones, without nodes. Changes nothing.
    async fn groups(&self, spec: &Spec) -> Result<Vec<MachineGroup>, Failure>;

    /// Detaches a machine from its group, so that the group starts another one.
    async fn detach(&self, machine: &Machine) -> Result<(), Failure>;

    /// Completes a detachment that was killed. It has no effect on other machines.
    async fn finish_detaching(&self, machine: &Machine) -> Result<(), Failure>;

    /// Removes a machine from its load balancers, and waits until they send it no traffic.
    async fn deregister(&self, machine: &Machine) -> Result<(), Failure>;

    /// Ends a machine. Its group starts another one, unless the machine is detached. A missing machine is not an error.
    async fn terminate(&self, machine: &Machine) -> Result<(), Failure>;
}

/// A group of machines in the cloud.
#[derive(Debug, Clone)]
pub struct MachineGroup {
    /// Its name in the spec.
    pub name: String,
    pub role: Role,
    pub min: usize,
    /// The number of machines that the group keeps now.
    pub target: usize,
    pub max: usize,
    pub machines: Vec<Machine>,
}

/// A machine.
#[derive(Debug, Clone)]
pub struct Machine {
    pub id: String,
    /// Its group's id in the cloud.
    pub group: String,
    pub status: Status,
    /// Whether its group makes it now. A node with its id is then one of its predecessor.
    pub starting: bool,
    /// Whether it waits in a warm pool.
    pub warm: bool,
    pub machine_type: String,
    pub internal_ip: String,
    pub external_ip: String,
    /// Its node in Kubernetes.
    pub node: Option<Node>,
}

/// Whether a machine matches its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It matches its group.
    UpToDate,
    /// It matches an older version of its group.
    NeedsUpdate,
    /// It will be replaced, and its group no longer counts it.
    Detached,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpToDate => "UpToDate",
            Self::NeedsUpdate => "NeedsUpdate",
            Self::Detached => "Detached",
        }
    }
}

/// The name in the spec of the group whose managed instance group in a zone of Google has this name.
pub fn by_group<'a>(spec: &'a Spec, zone: &str, manager: &str) -> Option<&'a str> {
    let mut names = spec.groups.iter().map(|group| group.metadata.name.as_str());
    names.find(|name| names::gce::group_manager(zone, name, spec.name()) == manager)
}

impl MachineGroup {
    /// The groups of a cluster on Google, from what they have in each zone: the group's name, its size, its machines.
    pub fn of_zones<'a>(
        spec: &'a Spec,
        zones: impl IntoIterator<Item = (&'a str, usize, Vec<Machine>)>,
    ) -> Vec<Self> {
        let mut found: BTreeMap<&str, Self> = BTreeMap::new();
        for (name, size, machines) in zones {
            let Some(of_spec) = spec.group(name) else { continue };
            let role = of_spec.spec.role.unwrap_or(Role::Node);
            let group = found.entry(name).or_insert_with(|| {
                let default = if role == Role::Node { 2 } else { 1 };
                let size = |size: Option<u32>| size.unwrap_or(default) as usize;
                let (min, max) = (size(of_spec.spec.min_size), size(of_spec.spec.max_size));
                Self { name: name.to_owned(), role, min, target: 0, max, machines: Vec::new() }
            });
            group.target += size;
            group.machines.extend(machines);
        }
        for group in found.values_mut() {
            group.machines.sort_by(|one, other| one.id.cmp(&other.id));
        }
        found.into_values().collect()
    }

    /// The machines to replace.
    pub fn outdated(&self) -> impl Iterator<Item = &Machine> {
        self.machines.iter().filter(|machine| machine.status != Status::UpToDate)
    }

    /// The other machines.
    pub fn ready(&self) -> impl Iterator<Item = &Machine> {
        self.machines.iter().filter(|machine| machine.status == Status::UpToDate)
    }
}

/// Matches machines with nodes.
pub fn join(groups: &mut [MachineGroup], nodes: &[Node]) {
    let by_id: std::collections::HashMap<String, &Node> =
        nodes.iter().filter_map(|node| Some((machine_of(node)?, node))).collect();
    for machine in groups.iter_mut().flat_map(|group| &mut group.machines) {
        machine.node = by_id.get(&machine.id).filter(|_| !machine.starting).map(|node| (*node).clone());
        let annotations = machine.node.as_ref().and_then(|node| node.metadata.annotations.as_ref());
        let marked = annotations.is_some_and(|annotations| annotations.contains_key(NEEDS_UPDATE));
        if marked && machine.status == Status::UpToDate {
            machine.status = Status::NeedsUpdate;
        }
    }
}

/// The id of a node's machine. On AWS a node names it as `aws:///us-east-2a/i-0123456789abcdef0`, on Google as
/// `gce://my-project/us-central1-a/nodes-x1y2`.
fn machine_of(node: &Node) -> Option<String> {
    let provider = node.spec.as_ref()?.provider_id.as_deref()?;
    match provider.strip_prefix("gce://") {
        None => provider.rsplit('/').next().map(str::to_owned),
        Some(place) => {
            let mut parts = place.splitn(3, '/');
            let [project, zone, name] = [parts.next()?, parts.next()?, parts.next()?];
            Some(format!("projects/{project}/zones/{zone}/instances/{name}"))
        }
    }
}

impl Machine {
    /// The last part of its group's id.
    pub fn group_name(&self) -> &str {
        self.group.rsplit('/').next().unwrap_or_default()
    }

    /// Whether a name means this machine: its id, the last part of its id, or its node's name.
    pub fn is_called(&self, name: &str) -> bool {
        let short = self.id.rsplit('/').next();
        !name.is_empty() && (self.id == name || short == Some(name) || self.node_name() == name)
    }

    /// The name of its node. Empty if it has none.
    pub fn node_name(&self) -> &str {
        self.node.as_ref().and_then(|node| node.metadata.name.as_deref()).unwrap_or_default()
    }
}
