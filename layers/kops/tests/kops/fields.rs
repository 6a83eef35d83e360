//! Every field of kops's API, and what it affects. `fields.txt` has one line for each field that kops's own definitions of
//! `Cluster` and `InstanceGroup` list (`k8s/crds` at the commit that the layer follows): its kind, path and type, and what
//! changes where it is set. So no field is forgotten, and none loses its effect unseen.
//!
//! `LANDFORM_ALL_FIELDS=1` sets every field, not only some of each section. `LANDFORM_WRITE_FIELDS=1` does so and writes the
//! file; reasons that a person gave are kept.

use crate::rendered::rendered;
use crate::{KEY, text};
use landform_core::Stack;
use landform_kops::problem::{Kind, Problems};
use landform_kops::{FixedLookup, MissingAddons, Options, Spec, cluster, unused};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A field and what is known of it.
#[derive(Debug, Clone, PartialEq)]
struct Field {
    kind: String,
    path: String,
    of: String,
    effect: Effect,
}

/// What changes where a field is set.
#[derive(Debug, Clone, PartialEq)]
enum Effect {
    /// Some of resources, scripts of machines, and files of the store.
    Changes(BTreeSet<&'static str>),
    /// The cluster's own completed document alone, for a reason.
    Nothing(String),
    /// The spec is refused, for a reason.
    Refused(String),
}

/// The parts of a stack that a field can change.
const PARTS: [&str; 3] = ["resources", "scripts", "store"];

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kops/fields.txt")
}

fn fields() -> Vec<Field> {
    let text = std::fs::read_to_string(file()).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let all = lines.map(|line| {
        let mut words = line.splitn(4, ' ');
        let mut word = || words.next().unwrap_or_default().to_owned();
        let (kind, path, of, effect) = (word(), word(), word(), word());
        let effect = match effect.split_once(": ") {
            Some(("nothing", why)) => Effect::Nothing(why.into()),
            Some(("refused", why)) => Effect::Refused(why.into()),
            _ => Effect::Changes(
                PARTS.into_iter().filter(|part| effect.split('+').any(|word| word == *part)).collect(),
            ),
        };
        Field { kind, path, of, effect }
    });
    all.collect()
}

/// The documents of the spec in which fields are set.
fn base() -> Vec<Value> {
    let text = text("everything");
    text.split("\n---\n").map(|document| serde_saphyr::from_str(document).unwrap()).collect()
}

/// Values that a field of a type may take, the likely ones first.
fn candidates(of: &str, path: &str) -> Vec<Value> {
    let texts = |texts: &[&str]| -> Vec<Value> { texts.iter().map(|text| json!(text)).collect() };
    match of {
        "boolean" => vec![json!(true), json!(false)],
        "integer" => [3, 1, 30, 100, 600, 4_000, 40_000].map(Value::from).into(),
        "quantity" => texts(&["150m", "96Mi", "7"]),
        "intorstring" => vec![json!(1), json!("20%")],
        "section" => vec![json!({})],
        _ => {
            let mut all = texts(&[
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
            ]);
            if path.ends_with("egress") {
                all.insert(0, json!("nat-12345678"));
            }
            all
        }
    }
}

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

/// Puts a value at a path as `spec.subnets[].cidr` or `spec.cloudLabels.*`. `switch` turns on what is on the way.
fn put(at: &mut Value, path: &str, value: &Value, switch: bool) {
    let Some((step, rest)) = path.split_once('.') else {
        return match path.strip_suffix("[]") {
            Some(name) => drop(object(at).insert(name.into(), json!([value]))),
            None if path == "*" => drop(object(at).insert("x".into(), value.clone())),
            None => drop(object(at).insert(path.into(), value.clone())),
        };
    };
    let (name, is_list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
    let name = if name == "*" { "x" } else { name };
    let inner = object(at).entry(name).or_insert(Value::Null);
    if is_list {
        if !inner.is_array() {
            *inner = json!([{}]);
        }
        put(&mut inner[0], rest, value, switch);
    } else {
        if !inner.is_object() {
            *inner = json!({});
            if switch {
                object(inner).insert("enabled".into(), json!(true));
            }
        }
        put(inner, rest, value, switch);
    }
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().unwrap()
}

/// What a spec makes: the resources, the scripts, the files.
type Made = BTreeMap<&'static str, BTreeMap<String, Value>>;

fn make(documents: &[Value]) -> Result<(Made, Vec<String>), Problems> {
    let texts: Vec<String> =
        documents.iter().map(|document| serde_saphyr::to_string(document).unwrap()).collect();
    let spec = Spec::parse("fields.yaml", &texts.join("\n---\n"))?;
    let options = Options {
        ssh_public_key: Some(KEY.into()),
        missing_addons: MissingAddons::LeftOut,
        ..Options::default()
    };
    let mut stack = Stack::new("fields");
    let mut lookup = FixedLookup::kops_suite();
    lookup.secrets.entry("encryptionconfig".into()).or_default();
    cluster(&mut stack, &spec, &options, &lookup)?;
    let mut made = Made::new();
    for (address, mut body) in rendered(&stack) {
        if address == "aws_s3_object.cluster-completed-spec" || address.contains("cluster-completed.spec") {
            continue;
        }
        let script = body.as_object_mut().and_then(|body| body.remove("user_data"));
        made.entry("scripts").or_default().extend(script.map(|script| (address.clone(), script)));
        let part = if address.starts_with("aws_s3_object.") { "store" } else { "resources" };
        made.entry(part).or_default().insert(address, body);
    }
    let without = unused(&spec).into_iter().map(|problem| problem.path);
    Ok((made, without.collect()))
}

/// The document of a kind that a field is set in: the cluster, or the group of nodes.
fn document<'a>(documents: &'a mut [Value], kind: &str) -> &'a mut Value {
    let index = if kind == "Cluster" { 0 } else { 2 };
    &mut documents[index]
}

/// Sets a field and looks what changes.
fn measure(field: &Field, base: &[Value], before: &Made) -> Effect {
    let mut queue = candidates(&field.of, &field.path);
    let (mut accepted, mut refused) = (None, None);
    let plugin = field.path.strip_prefix("spec.networking.").and_then(|path| path.split(['.', '[']).next());
    let mut next = 0;
    while next < queue.len() && next < 90 {
        let value = queue[next].clone();
        next += 1;
        for switch in [true, false] {
            let mut documents = base.to_vec();
            // A cluster has one network plugin.
            let own;
            let before = match plugin.filter(|plugin| *plugin != "kindnet") {
                Some(plugin) => {
                    documents[0]["spec"]["networking"] = json!({ plugin: {} });
                    own = make(&documents).map(|(made, _)| made);
                    own.as_ref().unwrap_or(before)
                }
                None => before,
            };
            put(document(&mut documents, &field.kind), &field.path, &value, switch);
            match make(&documents) {
                Ok((made, without)) => {
                    let changed: BTreeSet<_> =
                        PARTS.into_iter().filter(|part| made.get(part) != before.get(part)).collect();
                    if !changed.is_empty() {
                        return Effect::Changes(changed);
                    }
                    let told = field.path.replace("[]", "[0]");
                    let told = without.iter().any(|path| told.starts_with(path.as_str()));
                    accepted.get_or_insert(if told { "the spec's reader is told so" } else { "" }.to_owned());
                }
                Err(problems) => {
                    for problem in problems.as_slice() {
                        if next < 40 && field.of == "string" {
                            let further = named(&problem.detail);
                            queue.extend(
                                further
                                    .into_iter()
                                    .filter(|value| !queue.contains(value))
                                    .collect::<Vec<_>>(),
                            );
                        }
                    }
                    let first = &problems.as_slice()[0];
                    refused.get_or_insert(format!("{}: {}", first.path, first.detail));
                }
            }
            if !["{}", "true", "false"].contains(&value.to_string().as_str()) && !field.path.contains('.') {
                break;
            }
        }
    }
    match (accepted, refused) {
        (Some(why), _) => Effect::Nothing(why),
        (None, refused) => Effect::Refused(refused.unwrap_or_default()),
    }
}

/// Measures fields on all processors.
fn measured(fields: &[Field]) -> Vec<Effect> {
    let base = base();
    let (before, _) = make(&base).unwrap_or_else(|problems| panic!("{problems}"));
    let (next, done) = (AtomicUsize::new(0), Mutex::new(vec![None; fields.len()]));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(field) = fields.get(index) else { break };
                    let effect = measure(field, &base, &before);
                    done.lock().unwrap()[index] = Some(effect);
                }
            });
        }
    });
    done.into_inner().unwrap().into_iter().map(Option::unwrap).collect()
}

/// Every field can be read: the spec's types have it.
#[test]
fn every_field_of_the_api_is_known() {
    let fields = fields();
    assert!(fields.len() >= 1_396, "{} fields", fields.len());
    let base = base();
    let mut unknown = Vec::new();
    for field in &fields {
        let mut documents = base.clone();
        let value = candidates(&field.of, "").remove(0);
        put(document(&mut documents, &field.kind), &field.path, &value, false);
        let texts: Vec<String> =
            documents.iter().map(|document| serde_saphyr::to_string(document).unwrap()).collect();
        if let Err(problems) = Spec::parse("fields.yaml", &texts.join("\n---\n"))
            && problems.as_slice().iter().any(|problem| problem.kind == Kind::UnknownField)
        {
            unknown.push(format!("{} {}", field.kind, field.path));
        }
    }
    assert!(unknown.is_empty(), "{} unknown:\n{}", unknown.len(), unknown.join("\n"));
}

/// Every field has an effect, or a reason why it has none.
#[test]
fn every_field_of_the_api_has_its_effect() {
    let fields = fields();
    let write = std::env::var_os("LANDFORM_WRITE_FIELDS").is_some();
    let all = write || std::env::var_os("LANDFORM_ALL_FIELDS").is_some();
    let unexplained = |field: &&Field| matches!(&field.effect, Effect::Nothing(why) if why.is_empty());
    if !write {
        let forgotten: Vec<_> = fields.iter().filter(unexplained).map(|field| &field.path).collect();
        assert!(forgotten.is_empty(), "fields without an effect or a reason: {forgotten:?}");
    }
    // To set all of them takes minutes; some of each section show what breaks in general.
    let chosen: Vec<Field> = fields
        .iter()
        .enumerate()
        .filter(|(index, _)| all || index % 16 == 0)
        .map(|(_, field)| field.clone())
        .collect();
    let found = measured(&chosen);
    if write {
        let mut text = String::from(
            "# What each field of kops's API changes. Written by the test `fields`; reasons are kept.\n",
        );
        for (field, effect) in chosen.iter().zip(found) {
            let effect = match (effect, &field.effect) {
                (Effect::Nothing(why), Effect::Nothing(kept)) if !kept.is_empty() && why.is_empty() => {
                    format!("nothing: {kept}")
                }
                (Effect::Nothing(why), _) => format!("nothing: {why}"),
                (Effect::Refused(why), _) => format!("refused: {why}"),
                (Effect::Changes(parts), _) => parts.into_iter().collect::<Vec<_>>().join("+"),
            };
            writeln!(text, "{} {} {} {effect}", field.kind, field.path, field.of).unwrap();
        }
        return std::fs::write(file(), text).unwrap();
    }
    let mut different = Vec::new();
    for (field, found) in chosen.iter().zip(found) {
        let same = match (&field.effect, &found) {
            (Effect::Nothing(_), Effect::Nothing(_)) | (Effect::Refused(_), Effect::Refused(_)) => true,
            (wanted, found) => wanted == found,
        };
        if !same {
            different.push(format!("{} {}: was {:?}, is {found:?}", field.kind, field.path, field.effect));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
