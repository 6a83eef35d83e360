//! Whether a cluster is healthy: its groups have their machines, the machines are ready nodes, and the critical pods run
//! (kops `pkg/validation`). Changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::ToSocketAddrs as _;

use k8s_openapi::api::core::v1::{Node, Pod};
use landform::kops::Spec;
use landform::kops::spec::Role;
use serde_json::{Value, json};

use crate::Failure;
use crate::kubernetes::Kubernetes;
use crate::machines::{Machine, Status, join};
use crate::world::World;

/// The placeholder addresses of the API's name. The control plane replaces them.
const PLACEHOLDERS: [&str; 2] = ["203.0.113.123", "fd00:dead:add::"];
/// The label of the control plane's machines, and the static pods of each.
const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";
const STATIC_PODS: [&str; 3] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/// A problem of a cluster.
pub struct Fault {
    pub kind: String,
    pub name: String,
    pub message: String,
    /// The group with the problem. `None` if the whole cluster has it.
    pub group: Option<String>,
}

/// A node, as the table shows it.
pub struct NodeStatus {
    pub name: String,
    pub zone: String,
    pub role: String,
    pub hostname: String,
    /// Whether it is ready: `True`, `False` or `Unknown`.
    pub ready: String,
}

/// The result of a check.
#[derive(Default)]
pub struct Health {
    pub faults: Vec<Fault>,
    pub nodes: Vec<NodeStatus>,
}

impl Health {
    fn fault(&mut self, kind: &str, name: &str, group: Option<&str>, message: String) {
        let group = group.map(str::to_owned);
        self.faults.push(Fault { kind: kind.into(), name: name.into(), message, group });
    }

    /// The problems and nodes, in kops's format.
    pub fn to_json(&self) -> Value {
        let mut all = json!({});
        if !self.faults.is_empty() {
            let one =
                |fault: &Fault| json!({ "type": fault.kind, "name": fault.name, "message": fault.message });
            all["failures"] = self.faults.iter().map(one).collect();
        }
        if !self.nodes.is_empty() {
            let one = |node: &NodeStatus| {
                json!({
                    "name": node.name, "zone": node.zone, "role": node.role, "hostname": node.hostname,
                    "status": node.ready,
                })
            };
            all["nodes"] = self.nodes.iter().map(one).collect();
        }
        all
    }
}

/// Checks a cluster. Allows this number of unready nodes.
pub async fn check(
    spec: &Spec,
    world: &World,
    kubernetes: &Kubernetes,
    tolerated: usize,
) -> Result<Health, Failure> {
    let mut health = Health::default();
    if let Some(address) = placeholder(spec, kubernetes.host()).await? {
        let message = format!(
            "the API's name still has the placeholder address {address}: wait until a machine of the control plane has \
             started and DNS has the new address"
        );
        health.fault("dns", "apiserver", None, message);
        return Ok(health);
    }
    let nodes = kubernetes.nodes().await?;
    let mut groups = world.machinery().groups(spec).await?;
    join(&mut groups, &nodes);
    let may_join = |machine: &Machine| machine.status != Status::Detached && !machine.warm;
    let mut unready: BTreeSet<String> = groups
        .iter()
        .filter(|group| group.role == Role::Node)
        .flat_map(|group| &group.machines)
        .filter(|machine| may_join(machine) && !machine.node.as_ref().is_some_and(is_ready))
        .map(|machine| if machine.node.is_some() { machine.node_name() } else { &machine.id }.to_owned())
        .collect();
    if unready.len() > tolerated {
        unready.clear();
    }
    let mut group_of: HashMap<String, String> = HashMap::new();
    let mut ready: Vec<&Node> = Vec::new();
    for group in &groups {
        let name = Some(group.name.as_str());
        let attached = group.machines.iter().filter(|machine| machine.status != Status::Detached).count();
        if attached < group.target {
            let message = format!(
                "InstanceGroup {:?} did not have enough nodes {attached} vs {}",
                group.name, group.target
            );
            health.fault("InstanceGroup", &group.name, name, message);
        }
        for machine in &group.machines {
            let Some(node) = &machine.node else {
                if may_join(machine) && group.role != Role::Bastion && !unready.contains(&machine.id) {
                    let message = format!("machine {:?} has not yet joined cluster", machine.id);
                    health.fault("Machine", &machine.id, name, message);
                }
                continue;
            };
            let node_name = machine.node_name();
            group_of.insert(node_name.to_owned(), group.name.clone());
            let role = group.role.in_paths();
            if is_ready(node) {
                ready.push(node);
            } else if group.role != Role::Bastion && !unready.contains(node_name) {
                let message = format!("node {node_name:?} of role {role:?} is not ready");
                health.fault("Node", node_name, name, message);
            }
            if group.role != Role::Bastion {
                health.nodes.push(NodeStatus {
                    name: node_name.to_owned(),
                    zone: label(node, "topology.kubernetes.io/zone"),
                    role: role.to_owned(),
                    hostname: label(node, "kubernetes.io/hostname"),
                    ready: condition(node, "Ready").unwrap_or("Unknown").to_owned(),
                });
            }
        }
    }
    let is_there = |name: &str| groups.iter().any(|group| group.name == name);
    for group in spec.groups.iter().filter(|group| !is_there(&group.metadata.name)) {
        let name = &group.metadata.name;
        let message = format!("InstanceGroup {name:?} is missing from the cloud provider");
        health.fault("InstanceGroup", name, Some(name), message);
    }
    pods(&mut health, &kubernetes.pods().await?, &ready, &group_of, &unready);
    Ok(health)
}

/// Checks the critical pods.
fn pods(
    health: &mut Health,
    pods: &[Pod],
    ready: &[&Node],
    group_of: &HashMap<String, String>,
    tolerated: &BTreeSet<String>,
) {
    let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for node in ready {
        let labels = node.metadata.labels.as_ref();
        if let (Some(name), true) =
            (&node.metadata.name, labels.is_some_and(|labels| labels.contains_key(CONTROL_PLANE)))
        {
            missing.insert(name, STATIC_PODS.into());
        }
    }
    for pod in pods {
        let (metadata, spec) = (&pod.metadata, pod.spec.as_ref());
        let node = spec.and_then(|spec| spec.node_name.as_deref()).unwrap_or_default();
        let [namespace, name] =
            [&metadata.namespace, &metadata.name].map(|text| text.as_deref().unwrap_or_default());
        if namespace == "kube-system"
            && let (Some(app), Some(missing)) =
                (metadata.labels.as_ref().and_then(|labels| labels.get("k8s-app")), missing.get_mut(node))
        {
            missing.remove(app.as_str());
        }
        let priority = spec.and_then(|spec| spec.priority_class_name.as_deref()).unwrap_or_default();
        if !matches!(priority, "system-cluster-critical" | "system-node-critical") || tolerated.contains(node)
        {
            continue;
        }
        let status = pod.status.as_ref();
        let trouble = match status.and_then(|status| status.phase.as_deref()) {
            Some("Succeeded") => continue,
            Some("Pending") => "is pending".to_owned(),
            Some("Unknown") => "is unknown phase".to_owned(),
            _ => {
                let containers = status.and_then(|status| status.container_statuses.as_ref());
                let unready = containers.into_iter().flatten().filter(|container| !container.ready);
                let unready: Vec<&str> = unready.map(|container| container.name.as_str()).collect();
                if unready.is_empty() {
                    continue;
                }
                format!("is not ready ({})", unready.join(","))
            }
        };
        // A pod that runs on every node is a problem only of its node's group.
        let group = group_of.get(node).filter(|_| priority == "system-node-critical");
        let message = format!("{priority} pod {name:?} {trouble}");
        health.fault("Pod", &format!("{namespace}/{name}"), group.map(String::as_str), message);
    }
    for (node, apps) in missing {
        for app in apps {
            let message = format!("control-plane node {node:?} is missing {app} pod");
            health.fault("Node", node, group_of.get(node).map(String::as_str), message);
        }
    }
}

/// The placeholder that the API's name still has, if it has one.
async fn placeholder(spec: &Spec, host: &str) -> Result<Option<String>, Failure> {
    use landform::kops::spec::DnsType;
    if spec.cluster.spec.dns_type() == DnsType::None || host.is_empty() {
        return Ok(None);
    }
    let name = host.trim_matches(['[', ']']).to_owned();
    let resolve = move || (name.as_str(), 443).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
    let found = tokio::task::spawn_blocking(resolve).await?;
    let found = found.map_err(|error| format!("cannot resolve the API's name {host}: {error}"))?;
    let mut found = found.into_iter().map(|address| address.ip().to_string());
    Ok(found.find(|address| PLACEHOLDERS.contains(&address.as_str())))
}

/// Whether a node is ready and has a network.
fn is_ready(node: &Node) -> bool {
    condition(node, "Ready") == Some("True")
        && matches!(condition(node, "NetworkUnavailable"), None | Some("False" | "Unknown"))
}

fn condition<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    let conditions = node.status.as_ref()?.conditions.as_ref()?;
    Some(conditions.iter().find(|condition| condition.type_ == name)?.status.as_str())
}

fn label(node: &Node, name: &str) -> String {
    node.metadata.labels.as_ref().and_then(|labels| labels.get(name)).cloned().unwrap_or_default()
}
