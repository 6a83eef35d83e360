//! The machines of a cluster's groups in the cloud. Changes nothing.

use k8s_openapi::api::core::v1::Node;
use landform::kops::spec::Role;

/// The annotation of nodes whose machine users want to replace.
const NEEDS_UPDATE: &str = "kops.k8s.io/needs-update";

/// A group of machines in the cloud.
#[derive(Debug, Clone)]
pub struct MachineGroup {
    /// Its name in the spec.
    pub name: String,
    /// Its name in the cloud.
    pub in_cloud: String,
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
    /// Its group's name in the cloud.
    pub group: String,
    pub status: Status,
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

impl MachineGroup {
    /// The machines to replace.
    pub fn outdated(&self) -> impl Iterator<Item = &Machine> {
        self.machines.iter().filter(|machine| machine.status != Status::UpToDate)
    }

    /// The other machines.
    pub fn ready(&self) -> impl Iterator<Item = &Machine> {
        self.machines.iter().filter(|machine| machine.status == Status::UpToDate)
    }
}

/// Matches machines with nodes. A node names its machine by id: `aws:///us-east-2a/i-0123456789abcdef0`.
pub fn join(groups: &mut [MachineGroup], nodes: &[Node]) {
    let id = |node: &Node| {
        let provider = node.spec.as_ref()?.provider_id.as_deref()?;
        provider.rsplit('/').next().map(str::to_owned)
    };
    let by_id: std::collections::HashMap<String, &Node> =
        nodes.iter().filter_map(|node| Some((id(node)?, node))).collect();
    for machine in groups.iter_mut().flat_map(|group| &mut group.machines) {
        machine.node = by_id.get(&machine.id).map(|node| (*node).clone());
        let annotations = machine.node.as_ref().and_then(|node| node.metadata.annotations.as_ref());
        let marked = annotations.is_some_and(|annotations| annotations.contains_key(NEEDS_UPDATE));
        if marked && machine.status == Status::UpToDate {
            machine.status = Status::NeedsUpdate;
        }
    }
}

impl Machine {
    /// The name of its node. Empty if it has none.
    pub fn node_name(&self) -> &str {
        self.node.as_ref().and_then(|node| node.metadata.name.as_deref()).unwrap_or_default()
    }
}
