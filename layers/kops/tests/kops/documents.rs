//! The documents of kops's own cases: what machines read when they boot, the files of the store, and the add-ons.
//! `scores.txt` has each case's score. The test fails if a score falls, or if it rises and the file is not updated.
//!
//! `LANDFORM_WRITE_SCORES=1` writes the file.

use crate::goldens::{Case, cases, world};
use crate::rendered::render;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What other tests compare.
const LAYERS: [&str; 3] = ["userdata", "store", "addons"];

/// Documents by layer and name: the other attributes of the resource, and the text.
type Documents = BTreeMap<(&'static str, String), (Value, String)>;

/// Whether two documents are equal. Most have the same text and need not be parsed.
fn same((body, text): &(Value, String), (other_body, other_text): &(Value, String)) -> bool {
    body == other_body && (text.trim() == other_text.trim() || document(text) == document(other_text))
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kops/scores.txt")
}

/// Parses a text that contains JSON or YAML.
fn document(text: &str) -> Value {
    let text = text.trim();
    let parts = text.split("\n---\n").map(|part| part.trim().trim_start_matches("---"));
    let parts: Result<Vec<Value>, _> =
        parts.filter(|part| !part.trim().is_empty()).map(serde_saphyr::from_str).collect();
    match parts {
        Ok(parts) if parts.iter().all(|part| part.is_object() || part.is_array()) => parts.into(),
        _ => text.into(),
    }
}

/// The document that a machine's script gives to nodeup.
fn kube_env(script: &str) -> Option<&str> {
    let (_, after) = script.split_once("kube_env.yaml <<")?;
    let (mark, after) = after.split_once('\n')?;
    let mark = mark.trim_start_matches('-').trim().trim_matches(['\'', '"']);
    let (text, _) = after.split_once(&format!("\n{mark}"))?;
    Some(text)
}

/// Extracts the documents of resources. `text` returns the text of an attribute.
fn documents(resources: &BTreeMap<String, Value>, text: impl Fn(&Value) -> Option<String>) -> Documents {
    let mut found = Documents::new();
    for (address, body) in resources {
        let metadata = &body["metadata"];
        let scripts = [&body["user_data"], &metadata["user-data"], &metadata["startup-script"]];
        if let Some(script) = scripts.into_iter().find_map(&text) {
            let env = kube_env(&script).map(|env| (Value::Null, env.to_owned()));
            found.extend(env.map(|env| (("userdata", address.clone()), env)));
        }
        if address.starts_with("aws_s3_object.") {
            let key = body["key"].as_str().unwrap_or_default();
            let layer = if key.contains("/addons/") { "addons" } else { "store" };
            let mut fields = body.as_object().unwrap().clone();
            fields.retain(|field, _| !["content", "provider"].contains(&field.as_str()));
            let content = text(&body["content"]).unwrap_or_default();
            found.insert((layer, address.clone()), (fields.into(), content));
        }
    }
    found
}

/// The documents of a case as the layer makes them, and as kops does.
fn both(case: &Case) -> (Documents, Documents) {
    let mut lookup = world().clone();
    let encryption = case.folder.join("encryptionconfig.yaml");
    if encryption.is_file() {
        lookup.secrets.insert("encryptionconfig".into(), std::fs::read(encryption).unwrap());
    }
    let stack = case.stack("in-v1alpha2.yaml", &lookup);
    let made = stack.nodes().map(|node| (node.address.to_string(), render(&node.arguments))).collect();
    let made = documents(&made, |value| value.as_str().map(str::to_owned));
    let wanted = documents(&case.resources("kubernetes.tf"), |value| {
        let call = value.as_str()?.strip_prefix("${")?.strip_suffix("\")}")?;
        let (_, file) = call.split_once("(\"${path.module}/")?;
        Some(case.text(file))
    });
    (made, wanted)
}

/// The number of equal documents and of all documents of each layer.
fn score(case: &Case) -> String {
    let (made, wanted) = both(case);
    for ((layer, address), _) in made.iter().filter(|(name, _)| !wanted.contains_key(*name)) {
        assert_eq!(*layer, "userdata", "{}: {address} is made, and kops does not make it", case.name);
    }
    let mut line = case.name.clone();
    for layer in LAYERS {
        let of_layer = || wanted.iter().filter(|((of, _), _)| *of == layer);
        let equal = of_layer()
            .filter(|(name, wanted)| made.get(*name).is_some_and(|made| same(made, wanted)))
            .count();
        let _ = write!(line, " {layer} {equal}/{}", of_layer().count());
    }
    line
}

#[test]
fn documents_are_as_kops_writes_them() {
    let compared: Vec<Case> = cases().into_iter().filter(|case| case.has_output()).collect();
    if compared.is_empty() || std::env::var_os("LANDFORM_KOPS").is_some() {
        return;
    }
    let scores: Vec<String> = compared.iter().map(score).collect();
    let text = scores.join("\n") + "\n";
    if std::env::var_os("LANDFORM_WRITE_SCORES").is_some() {
        std::fs::write(file(), &text).unwrap();
    }
    let known = std::fs::read_to_string(file()).unwrap();
    let changed: Vec<String> = scores
        .iter()
        .filter(|line| !known.lines().any(|known| known == line.as_str()))
        .map(|line| {
            let case = line.split(' ').next().unwrap_or_default();
            let before = known.lines().find(|known| known.split(' ').next() == Some(case));
            format!("{line}\n  before: {}", before.unwrap_or("nothing"))
        })
        .collect();
    assert!(
        changed.is_empty(),
        "scores that changed (LANDFORM_WRITE_SCORES=1 takes them):\n{}",
        changed.join("\n")
    );
    let mut told = String::new();
    for (index, layer) in LAYERS.iter().enumerate() {
        let figures =
            scores.iter().map(|line| line.split(' ').nth(2 + 2 * index).unwrap().split_once('/').unwrap());
        let (equal, total) = figures.fold((0, 0), |(equal, total), (one, of)| {
            (equal + one.parse::<usize>().unwrap(), total + of.parse::<usize>().unwrap())
        });
        let _ = write!(told, " {layer} {equal}/{total}");
    }
    writeln!(std::io::stderr(), "compared with kops:{told} documents equal").unwrap();
}
