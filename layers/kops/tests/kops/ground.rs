//! Sets fields of the API one at a time: the documents, their results, and the values that a field may have.

use crate::rendered::rendered;
use crate::shapes::{self, Shape};
use crate::{KEY, text};
use landform_core::Stack;
use landform_kops::lookup::NetworkSubnet;
use landform_kops::problem::Problem;
use landform_kops::source::Place;
use landform_kops::spec::{Cloud, ClusterSpec, Document, GroupSpec, Metadata};
use landform_kops::{FixedLookup, MissingAddons, Options, Spec, cluster, gce, unused};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The effect of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Resources, scripts of machines, or files of the store change.
    Changes(BTreeSet<&'static str>),
    /// Only the completed spec changes.
    Nothing,
    /// No effect, and [`unused`] reports the field.
    Told,
    /// The field is refused.
    Refused,
}

/// The parts of a stack that a field can change.
pub const PARTS: [&str; 3] = ["resources", "scripts", "store"];

/// The fields of the spec's types.
pub fn of_types() -> BTreeMap<(String, String), Shape> {
    let all = |kind: &'static str, fields: Vec<(String, Shape)>| {
        fields.into_iter().map(move |(path, shape)| ((kind.to_owned(), path), shape))
    };
    all("Cluster", shapes::fields::<ClusterSpec>("spec"))
        .chain(all("InstanceGroup", shapes::fields::<GroupSpec>("spec")))
        .collect()
}
/// The documents of the spec of a cloud in which fields are set.
fn base(cloud: Cloud) -> Vec<Value> {
    let text = text(if cloud == Cloud::Gce { "google" } else { "everything" });
    text.split("\n---\n").map(|document| serde_saphyr::from_str(document).unwrap()).collect()
}

/// Values that a field with a shape may have, the likely ones first.
fn candidates(shape: Shape, path: &str) -> Vec<Value> {
    match shape {
        Shape::Boolean => vec![json!(true), json!(false)],
        Shape::Number => [3, 1, 30, 60, 100, 600, 4_000, 40_000].map(Value::from).into(),
        Shape::Choice(names) => names.iter().map(|name| json!(name)).collect(),
        Shape::Section(_) => vec![json!({})],
        Shape::Other => {
            vec![json!("150m"), json!("96Mi"), json!("7"), json!("20%"), json!(1), json!({"x": "y"})]
        }
        Shape::List | Shape::Map => unreachable!("a field holds one"),
        Shape::Text => {
            let first = [("egress", "nat-12345678"), ("spec.image", "ami-87654321")];
            let first = first.into_iter().filter(|(end, _)| path.ends_with(end)).map(|(_, value)| value);
            first.chain(TEXTS).map(Value::from).collect()
        }
    }
}

/// Texts in the forms of fields.
const TEXTS: [&str; 63] = [
    "x",
    "1m30s",
    "10.99.0.0/16",
    "https://example.com/x",
    "s3://store/x",
    "us-test-1b",
    "1.34.1",
    "arn:aws:iam::123456789012:policy/x",
    "x=y",
    "/x",
    "x.example.com",
    "x.all.example.com",
    "vpc-12345678",
    "true",
    "a",
    "control-a",
    "10.99.0.1",
    "sg-1",
    "1.7.20",
    "x:NoSchedule",
    "1000-2000",
    "28000-32767",
    "[]",
    "x/y:1",
    "fd00::/64",
    "3.6.1",
    "c5.large",
    "0.05",
    "eipalloc-1",
    "subnet-12345678",
    "1.2.3",
    "cn.example.com:x",
    "1",
    "text/cloud-config",
    "5",
    "0755",
    "150m",
    "ext4",
    "ssh-ed25519 AAAA",
    "gp3",
    "80",
    "ami-87654321",
    "100.112.0.0/12",
    "100.64.0.11",
    "172.16.0.0/12",
    "172.20.64.0/19",
    "172.20.96.10",
    "203.0.113.9",
    "subnet-c2345678",
    "internal.example.com",
    "arn:aws:iam::123456789012:role/x",
    "arn:aws:iam::123456789012:instance-profile/x",
    "arn:aws:acm:us-test-1:123456789012:certificate/x",
    "arn:aws:elasticloadbalancing:us-test-1:123456789012:targetgroup/x/1",
    "AlwaysAllow,Node,RBAC",
    "Node,RBAC,Webhook",
    "[{\"Action\": [\"s3:Get*\"], \"Effect\": \"Allow\", \"Resource\": [\"*\"]}]",
    "100ms",
    "500ms",
    "10s",
    "xttp://x",
    "lz4",
    "abababababababababababababababababababababababababababababababab",
];

/// The values that a message says were expected, as `expected one of A, B or C`.
fn named(detail: &str) -> Vec<Value> {
    let Some((_, list)) = detail.split_once("expected ") else { return Vec::new() };
    let list = list.strip_prefix("one of ").unwrap_or(list);
    let words = list.split([',', ' ', ';', ':', '(', ')']).map(|word| word.trim_matches(['"', '.', '`']));
    words
        .filter(|word| !word.is_empty() && !["or", "and"].contains(word))
        .take(24)
        .map(|word| json!(word))
        .collect()
}

/// Puts a value at a path as `spec.subnets[].cidr` or `spec.cloudLabels.*`, and turns on the sections on the way that
/// can be.
fn put(document: &mut Value, path: &str, value: &Value, switches: &BTreeSet<String>) {
    // The keys of these mappings are roles of machines.
    let by_role =
        ["spec.additionalPolicies", "spec.externalPolicies"].iter().any(|map| path.starts_with(map));
    let key = if by_role { "node" } else { "x" };
    let (mut at, mut done) = (document, String::new());
    for step in path.split('.') {
        done = if done.is_empty() { step.to_owned() } else { format!("{done}.{step}") };
        let (name, is_list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
        let (name, is_list) = name.strip_suffix("[]").map_or((name, is_list), |name| (name, true));
        at = object(at).entry(if name == "*" { key } else { name }).or_insert(Value::Null);
        if done == path {
            *at = if is_list { json!([value]) } else { value.clone() };
            return;
        }
        if is_list {
            if at.get(0).is_none() {
                *at = json!([{}]);
            }
            at = &mut at[0];
        } else if at.is_null() && switches.contains(&format!("{done}.enabled")) {
            *at = json!({ "enabled": true });
        }
    }
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().unwrap()
}

/// The result of a spec: the resources, the scripts, the files.
type Made = BTreeMap<&'static str, BTreeMap<String, Value>>;

/// The problems of documents: paths and details.
type Refusal = Vec<(String, String)>;

/// The document with a kind in which a field is set: the cluster, or the group of nodes.
fn document<'a>(documents: &'a mut [Value], kind: &str) -> &'a mut Value {
    &mut documents[if kind == "Cluster" { 0 } else { 2 }]
}

/// Makes a spec of documents without a text.
fn spec(documents: &[Value]) -> Result<Spec, String> {
    fn read<S: DeserializeOwned>(document: &Value) -> Result<Document<S>, String> {
        let metadata = serde_json::from_value::<Metadata>(document["metadata"].clone());
        let spec = S::deserialize(&document["spec"]).map_err(|error| error.to_string())?;
        Ok(Document { metadata: metadata.unwrap(), spec, place: Place::default() })
    }
    let groups = documents[1..].iter().map(read::<GroupSpec>).collect::<Result<_, _>>()?;
    Ok(Spec { cluster: read::<ClusterSpec>(&documents[0])?, groups, ssh_keys: vec![], additional: vec![] })
}

/// The result of documents, or the paths and details of their problems.
fn make(documents: &[Value], missing_addons: MissingAddons) -> Result<(Made, Vec<Problem>), Refusal> {
    let spec = spec(documents).map_err(|error| vec![(String::new(), error)])?;
    let mut stack = Stack::new("fields");
    let mut lookup = FixedLookup::kops_suite();
    lookup.secrets.entry("encryptionconfig".into()).or_default();
    let another = NetworkSubnet { id: "subnet-c2345678".into(), zone: "us-test-1a".into(), cidr: None };
    lookup.networks.get_mut("vpc-12345678").unwrap().subnets.push(another);
    lookup.allocations.insert("203.0.113.9".into(), "eipalloc-9".into());
    let ssh_public_key = Some(KEY.into());
    let done = if spec.cluster.spec.is_on(Cloud::Gce) {
        let options = Options { ssh_public_key, missing_addons, ..Options::default() };
        let lookup = FixedLookup { secrets: lookup.secrets, ..crate::google::lookup() };
        gce::cluster(&mut stack, &spec, &options, &lookup.hosted_zone("1", "example.com", false)).map(drop)
    } else {
        let options = Options { ssh_public_key, missing_addons, ..Options::default() };
        cluster(&mut stack, &spec, &options, &lookup).map(drop)
    };
    done.map_err(|problems| {
        problems
            .as_slice()
            .iter()
            .map(|problem| (problem.path.clone(), problem.detail.clone()))
            .collect::<Vec<_>>()
    })?;
    let mut made = Made::new();
    for (address, mut body) in rendered(&stack) {
        if address.contains("cluster-completed") {
            continue;
        }
        let script = body.as_object_mut().and_then(|body| body.remove("user_data"));
        made.entry("scripts").or_default().extend(script.map(|script| (address.clone(), script)));
        let part = if address.starts_with("aws_s3_object.") { "store" } else { "resources" };
        made.entry(part).or_default().insert(address, body);
    }
    Ok((made, unused(&spec)))
}

/// Documents in which fields are set one at a time, and their results.
pub struct Ground {
    base: Vec<Value>,
    made: Made,
    /// The same with the companions of some fields.
    beside: Vec<(String, Vec<Value>, Option<Made>)>,
    /// The same with another network plugin: a cluster has one.
    plugins: BTreeMap<String, (Vec<Value>, Made)>,
    /// The paths of the fields that turn a section on.
    switches: BTreeSet<String>,
}

impl Ground {
    /// On a cloud.
    pub fn on(cloud: Cloud) -> Self {
        let made = |documents: &[Value]| make(documents, MissingAddons::LeftOut).map(|(made, _)| made).ok();
        let base = base(cloud);
        let mut plugins = BTreeMap::new();
        let paths: Vec<String> = of_types().into_keys().map(|(_, path)| path).collect();
        for plugin in paths.iter().filter_map(|path| plugin(path)) {
            let mut documents = base.clone();
            documents[0]["spec"]["networking"] = json!({ plugin: {} });
            if !plugins.contains_key(plugin)
                && let Some(made) = made(&documents)
            {
                plugins.insert(plugin.to_owned(), (documents, made));
            }
        }
        let beside: BTreeMap<String, BTreeMap<String, Value>> =
            serde_saphyr::from_str(&text("beside")).unwrap();
        let beside = beside.into_iter().map(|(field, more)| {
            let kind = field.split(' ').next().unwrap();
            let mut documents = base.clone();
            for (path, value) in &more {
                let (kind, path) = path.split_once(' ').unwrap_or((kind, path.as_str()));
                put(document(&mut documents, kind), path, value, &BTreeSet::new());
            }
            let made = made(&documents);
            (field, documents, made)
        });
        let switches = paths.into_iter().filter(|path| path.ends_with(".enabled")).collect();
        let beside = beside.collect();
        let before = make(&base, MissingAddons::LeftOut).unwrap().0;
        Self { made: before, base, beside, plugins, switches }
    }

    /// The documents in which a field is set, and their result without it.
    fn of(&self, kind: &str, path: &str) -> (&[Value], Option<&Made>) {
        let field = format!("{kind} {path}");
        if let Some((_, documents, made)) = self.beside.iter().find(|(begin, ..)| field.starts_with(begin)) {
            return (documents, made.as_ref());
        }
        match plugin(path).and_then(|plugin| self.plugins.get(plugin)) {
            Some((documents, made)) => (documents, Some(made)),
            None => (&self.base, Some(&self.made)),
        }
    }

    /// Sets a field and finds what changes.
    pub fn effect(&self, kind: &str, path: &str, value: &Value) -> (Effect, String) {
        let (documents, before) = self.of(kind, path);
        let mut wrong = String::new();
        for switches in [&self.switches, &BTreeSet::new()] {
            let mut documents = documents.to_vec();
            if path.strip_prefix("spec.networking.").is_some_and(|plugin| !plugin.contains('.')) {
                documents[0]["spec"]["networking"] = json!({});
            }
            put(document(&mut documents, kind), path, value, switches);
            let (made, unused) = match make(&documents, MissingAddons::LeftOut) {
                Ok(made) => made,
                Err(problems) => {
                    wrong = reason(&problems, path);
                    continue;
                }
            };
            let changed: BTreeSet<_> = PARTS
                .into_iter()
                .filter(|part| before.is_none_or(|before| made.get(part) != before.get(part)))
                .collect();
            if !changed.is_empty() {
                return (Effect::Changes(changed), String::new());
            }
            if let Some(problem) = unused.into_iter().find(|problem| covers(&problem.path, path)) {
                return (Effect::Told, problem.detail);
            }
            let refused = make(&documents, MissingAddons::Refused).err().unwrap_or_default();
            let of_addon = refused.iter().find(|(at, _)| {
                at.strip_suffix(".enabled").unwrap_or(at).split_inclusive('.').count() > 1
                    && covers(at.strip_suffix(".enabled").unwrap_or(at), path)
            });
            return match of_addon {
                Some((_, detail)) => (Effect::Refused, format!("the add-on is not made: {detail}")),
                None => (Effect::Nothing, String::new()),
            };
        }
        (Effect::Refused, wrong)
    }

    /// The first value of a field with an effect, or else the first accepted one, or else the first.
    pub fn search(&self, kind: &str, path: &str, shape: Shape) -> (Effect, Value, String) {
        let mut best: Option<(Effect, Value, String)> = None;
        let mut queue = candidates(shape, path);
        let (mut next, mut accepted) = (0, 0);
        while next < queue.len() && next < 70 && accepted < 24 {
            let value = queue[next].clone();
            next += 1;
            let (effect, why) = self.effect(kind, path, &value);
            match effect {
                Effect::Changes(_) | Effect::Told => return (effect, value, why),
                Effect::Nothing => accepted += 1,
                Effect::Refused if shape == Shape::Text || shape == Shape::Other => {
                    let further: Vec<_> =
                        named(&why).into_iter().filter(|value| !queue.contains(value)).collect();
                    queue.extend(further);
                }
                Effect::Refused => {}
            }
            let better = match &best {
                None => true,
                Some((Effect::Refused, _, reason)) => {
                    let vague = |why: &str| why.starts_with("elsewhere") || why.starts_with(':');
                    effect == Effect::Nothing || vague(reason) && !vague(&why)
                }
                _ => false,
            };
            if better {
                best = Some((effect, value, why));
            }
        }
        best.unwrap()
    }
}

/// Why documents are refused: the problem of the field, or else another problem.
fn reason(problems: &[(String, String)], path: &str) -> String {
    let told = |(at, detail): &(String, String)| format!("{at}: {detail}");
    let of_field = problems.iter().find(|(at, _)| !at.is_empty() && (covers(at, path) || covers(path, at)));
    of_field.or(problems.iter().find(|(at, _)| at.is_empty())).map_or_else(
        || format!("elsewhere: {}", problems.iter().map(told).collect::<Vec<_>>().join("; ")),
        told,
    )
}

/// The network plugin that a field belongs to.
fn plugin(path: &str) -> Option<&str> {
    path.strip_prefix("spec.networking.")?
        .split(['.', '['])
        .next()
        .filter(|plugin| *plugin != "kindnet" && path.contains(&format!("{plugin}.")))
}

/// Whether a path is that of a field, or of a section around it. Ignores indices of lists.
fn covers(section: &str, field: &str) -> bool {
    let plain = |path: &str| {
        path.replace("[]", "")
            .replace(".*", ".x")
            .replace(".node", ".x")
            .replace(|c: char| c == '[' || c == ']' || c.is_ascii_digit(), "")
    };
    plain(field).strip_prefix(&plain(section)).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
