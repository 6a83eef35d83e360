//! Which of a cloud's resources belong to a cluster. Looks at what it is given; asks no cloud and changes nothing.
//!
//! A resource belongs to a cluster if
//! - it has the cluster's tag, `KubernetesCluster=NAME` or `kubernetes.io/cluster/NAME=owned`, or on Google the cluster's
//!   label, `k8s-io-cluster-name=NAME`;
//! - its id follows from what the spec's stack declares, as the id of a role follows from its name;
//! - it is a part of such a resource, as a rule is a part of its security group;
//! - it is a file of the cluster, or a DNS record that the cluster itself writes;
//! - it is a role, an instance profile or a key pair with a name that only the cluster gives.
//!
//! The cluster only uses what has the tag `kubernetes.io/cluster/NAME=shared`, or the tag of another cluster.

use std::collections::{BTreeSet, HashMap, HashSet};

use landform::expr::{Expr, Resolved};
use landform::kops::names::{self, Names};
use landform::kops::spec::Role;
use landform::{Address, Node, Stack, TypeName};
use serde_json::{Map, Value};

/// A resource of the cloud that may belong to a cluster.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub type_name: TypeName,
    pub id: String,
    /// Its arguments and attributes, with the names that its type gives them.
    pub fields: Map<String, Value>,
    /// Whether the search in the cloud already knows that it belongs to the cluster.
    pub is_chosen: bool,
}

/// A resource that belongs to a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// Its address in the spec's stack, or a new one if the spec does not declare it.
    pub address: Address,
    pub id: String,
}

/// The parts of other resources: a type, the field that names the whole by its id, and the type of the whole.
const PARTS: [(&str, &str, &str); 14] = [
    ("aws_autoscaling_lifecycle_hook", "autoscaling_group_name", "aws_autoscaling_group"),
    ("aws_cloudwatch_event_target", "rule", "aws_cloudwatch_event_rule"),
    ("aws_iam_role_policy", "role", "aws_iam_role"),
    ("aws_iam_role_policy_attachment", "role", "aws_iam_role"),
    ("aws_lb_listener", "load_balancer_arn", "aws_lb"),
    ("aws_route", "route_table_id", "aws_route_table"),
    ("aws_route_table_association", "route_table_id", "aws_route_table"),
    ("aws_route_table_association", "subnet_id", "aws_subnet"),
    ("aws_security_group_rule", "security_group_id", "aws_security_group"),
    ("aws_vpc_dhcp_options_association", "vpc_id", "aws_vpc"),
    ("aws_vpc_ipv4_cidr_block_association", "vpc_id", "aws_vpc"),
    ("aws_vpc_security_group_egress_rule", "security_group_id", "aws_security_group"),
    ("aws_vpc_security_group_ingress_rule", "security_group_id", "aws_security_group"),
    ("google_compute_router_nat", "router", "google_compute_router"),
];

/// The names of DNS records that machines and controllers of a cluster write, before the cluster's name.
const RECORDS: [&str; 4] = ["api", "api.internal", "bastion", "kops-controller.internal"];

/// The resources that belong to a cluster. `base` is the place of its files, as `s3://bucket/NAME` or `gs://bucket/NAME`.
/// `declared` is the stack of its spec, or an empty one.
pub fn owned(cluster: &str, base: &str, declared: &Stack, there: &[Candidate]) -> Vec<Owned> {
    let mut choice = Choice::new(cluster, there);
    choice.declared(declared);
    choice.rest(base);
    choice.found
}

/// What the declared resources would be in the cloud, and `there` does not have: types and ids. Ids that depend on other
/// resources are known once `there` has those.
#[cfg(any(feature = "aws-client", feature = "gce-client"))]
pub fn wanted(cluster: &str, declared: &Stack, there: &[Candidate]) -> Vec<(TypeName, String)> {
    Choice::new(cluster, there).declared(declared)
}

struct Choice<'a> {
    cluster: &'a str,
    there: HashMap<&'a str, Vec<&'a Candidate>>,
    /// The types and ids of what belongs to the cluster.
    taken: HashSet<(&'a str, &'a str)>,
    addresses: BTreeSet<Address>,
    found: Vec<Owned>,
}

impl<'a> Choice<'a> {
    fn new(cluster: &'a str, all: &'a [Candidate]) -> Self {
        let mut there: HashMap<&str, Vec<&Candidate>> = HashMap::new();
        for candidate in all.iter().filter(|candidate| !is_used(candidate, cluster)) {
            there.entry(candidate.type_name.as_str()).or_default().push(candidate);
        }
        Self { cluster, there, taken: HashSet::new(), addresses: BTreeSet::new(), found: Vec::new() }
    }

    /// Finds the declared resources, each after those that it refers to. Returns the types and ids of those that are not
    /// there.
    fn declared(&mut self, stack: &Stack) -> Vec<(TypeName, String)> {
        let mut missing = Vec::new();
        let Ok(graph) = stack.check_graph() else { return missing };
        let mut known: HashMap<&Address, &Candidate> = HashMap::new();
        for &index in graph.order() {
            let node = graph.node(index);
            self.addresses.insert(node.address.clone());
            if node.address.is_data() {
                continue;
            }
            let arguments = node.arguments.resolve(&mut |reference| {
                let path = reference.path.to_string();
                let found = known.get(&reference.node).and_then(|candidate| match path.as_str() {
                    "id" => Some(candidate.id.clone().into()),
                    path => candidate.fields.get(path).cloned(),
                });
                found.map_or(Resolved::Unknown, Resolved::Known)
            });
            let (Ok(arguments), Some(known_type)) = (arguments, node.resource_type()) else { continue };
            // An id may be made of defaults.
            let arguments = known_type.arguments.complete(arguments);
            let Some(candidate) = self.counterpart(node, &arguments) else {
                let id = known_type.import_id(&fields_of(&arguments)).ok();
                missing.extend(id.map(|id| (node.address.type_name(), id)));
                continue;
            };
            known.insert(&node.address, candidate);
            self.take(candidate, node.address.clone());
        }
        missing
    }

    /// The resource that a node declares: the one with its name as a tag, or the one with its id.
    fn counterpart(&self, node: &Node, arguments: &Expr) -> Option<&'a Candidate> {
        let of_type = self.there.get(node.address.type_str())?;
        let mut free = of_type.iter().copied().filter(|candidate| !self.is_taken(candidate));
        let fields = fields_of(arguments);
        if let Some(name) = tag(&fields, "Name") {
            let is_it = |candidate: &&Candidate| {
                is_tagged(candidate, self.cluster) && tag(&candidate.fields, "Name") == Some(name)
            };
            if let Some(candidate) = free.clone().find(is_it) {
                return Some(candidate);
            }
        }
        let id = node.resource_type()?.import_id(&fields).ok()?;
        free.find(|candidate| candidate.id == id)
    }

    /// Finds what the spec does not declare.
    fn rest(&mut self, base: &str) {
        let base = ["s3://", "gs://"].iter().find_map(|scheme| base.strip_prefix(scheme));
        let base = base.filter(|base| base.contains('/')).map(|base| format!("{base}/"));
        let mut types: Vec<&str> = self.there.keys().copied().collect();
        types.sort_unstable();
        for &type_name in &types {
            for candidate in self.there[type_name].clone() {
                let is_file = || base.as_ref().is_some_and(|base| candidate.id.starts_with(base));
                let belongs = match type_name {
                    _ if candidate.is_chosen => true,
                    "aws_s3_object" | "google_storage_bucket_object" => is_file(),
                    "aws_route53_record" => is_record(candidate, self.cluster),
                    "aws_iam_role" | "aws_iam_instance_profile" => {
                        is_tagged(candidate, self.cluster) || is_identity(&candidate.id, self.cluster)
                    }
                    "aws_key_pair" => {
                        is_tagged(candidate, self.cluster)
                            || candidate.id.starts_with(&key_pairs(self.cluster))
                    }
                    _ => is_tagged(candidate, self.cluster),
                };
                if belongs {
                    self.take_unnamed(candidate);
                }
            }
        }
        for (part, field, whole) in PARTS {
            for candidate in self.there.get(part).cloned().unwrap_or_default() {
                let of = candidate.fields.get(field).and_then(Value::as_str);
                if of.is_some_and(|id| self.taken.contains(&(whole, id))) {
                    self.take_unnamed(candidate);
                }
            }
        }
    }

    fn is_taken(&self, candidate: &Candidate) -> bool {
        self.taken.contains(&(candidate.type_name.as_str(), candidate.id.as_str()))
    }

    fn take(&mut self, candidate: &'a Candidate, address: Address) {
        self.taken.insert((candidate.type_name.as_str(), candidate.id.as_str()));
        self.addresses.insert(address.clone());
        self.found.push(Owned { address, id: candidate.id.clone() });
    }

    /// Takes a resource that the spec does not declare. Its address follows from its id.
    fn take_unnamed(&mut self, candidate: &'a Candidate) {
        if self.is_taken(candidate) {
            return;
        }
        let name = tag(&candidate.fields, "Name").unwrap_or(&candidate.id);
        let address = unused(&candidate.type_name, name, |address| self.addresses.contains(address));
        if let Some(address) = address {
            self.take(candidate, address);
        }
    }
}

/// An address for a name that the cloud has, which no other resource has.
pub fn unused(type_name: &TypeName, name: &str, is_used: impl Fn(&Address) -> bool) -> Option<Address> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    let names = (0..).map(|number| match number {
        0 => format!("found-{name}"),
        number => format!("found-{name}-{number}"),
    });
    names.map_while(|name| Address::new(type_name, &name).ok()).find(|address| !is_used(address))
}

/// The known arguments.
fn fields_of(arguments: &Expr) -> Map<String, Value> {
    match arguments {
        Expr::Literal(Value::Object(fields)) => fields.clone(),
        Expr::Map(fields) => {
            let known = fields.iter().filter_map(|(name, value)| Some((name.clone(), value.expose()?)));
            known.collect()
        }
        _ => Map::new(),
    }
}

/// A tag's value. Most types have a map of tags, and groups of machines have a list.
fn tag<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    let of_map = fields.get("tags").and_then(|tags| tags.get(key)?.as_str());
    of_map.or_else(|| {
        let tags = fields.get("tag")?.as_array()?;
        tags.iter().find(|tag| tag["key"] == key)?["value"].as_str()
    })
}

fn is_tagged(candidate: &Candidate, cluster: &str) -> bool {
    tag(&candidate.fields, "KubernetesCluster") == Some(cluster)
        || tag(&candidate.fields, &format!("kubernetes.io/cluster/{cluster}")) == Some("owned")
        || label(&candidate.fields) == Some(&*names::gce::cluster(cluster))
}

/// The label of a resource on Google that names its cluster.
fn label(fields: &Map<String, Value>) -> Option<&str> {
    fields.get("labels")?.get("k8s-io-cluster-name")?.as_str()
}

/// Whether a cluster only uses a resource, or has nothing to do with it.
fn is_used(candidate: &Candidate, cluster: &str) -> bool {
    let of_another = tag(&candidate.fields, "KubernetesCluster").is_some_and(|other| other != cluster);
    of_another || tag(&candidate.fields, &format!("kubernetes.io/cluster/{cluster}")) == Some("shared")
}

/// Whether a name is one that a cluster gives to the roles and instance profiles of its machines.
fn is_identity(name: &str, cluster: &str) -> bool {
    let roles = [Role::ControlPlane, Role::ApiServer, Role::Node, Role::Bastion];
    roles.into_iter().any(|role| Names { cluster }.iam(role) == name)
}

/// The beginning of the names of a cluster's key pairs. A fingerprint follows.
pub fn key_pairs(cluster: &str) -> String {
    format!("kubernetes.{cluster}-")
}

/// Whether a DNS record is one that the cluster itself writes.
fn is_record(candidate: &Candidate, cluster: &str) -> bool {
    let text = |name: &str| candidate.fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = text("name").trim_end_matches('.');
    let before = name.strip_suffix(cluster).and_then(|before| before.strip_suffix('.'));
    matches!(text("type"), "A" | "AAAA")
        && before.is_some_and(|before| RECORDS.contains(&before) || before.starts_with("etcd-"))
}
