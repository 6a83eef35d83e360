//! Every field of kops's API, and what it affects. The spec's types have the list of fields. `fields.txt` has a line
//! for each field: a value, and what changes with it. Its paths come from kops's own definitions of `Cluster` and
//! `InstanceGroup` (`k8s/crds` at the commit that the layer follows), so a field that is missing in either list fails
//! the test.
//!
//! `LANDFORM_WRITE_FIELDS=1` searches for values with an effect and writes the file. It keeps the reasons that a person
//! wrote.

use crate::ground::{Effect, Ground, PARTS, of_types};
use crate::shapes::Shape;
use landform_kops::spec::Cloud;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A field, the value that it is set to, and what that does.
#[derive(Debug, Clone, PartialEq)]
struct Field {
    kind: String,
    path: String,
    effect: Effect,
    value: Value,
    /// Why the field has no effect, or no accepted value.
    why: String,
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kops/fields.txt")
}

/// The fields of the file: `KIND PATH EFFECT VALUE REASON`.
fn listed() -> Vec<Field> {
    let text = std::fs::read_to_string(file()).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(field).collect()
}

fn field(line: &str) -> Field {
    let words: Vec<&str> = line.splitn(4, ' ').collect();
    let [kind, path, effect, rest] = words[..] else { panic!("{line:?}: expected four words or more") };
    let effect = match effect {
        "nothing" => Effect::Nothing,
        "told" => Effect::Told,
        "refused" => Effect::Refused,
        parts => Effect::Changes(
            parts.split('+').map(|part| *PARTS.iter().find(|known| **known == part).unwrap()).collect(),
        ),
    };
    let mut values = serde_json::Deserializer::from_str(rest).into_iter();
    let value = values.next().unwrap().unwrap();
    let why = rest[values.byte_offset()..].trim().to_owned();
    Field { kind: kind.into(), path: path.into(), effect, value, why }
}

impl Effect {
    fn word(&self) -> String {
        match self {
            Self::Changes(parts) => parts.iter().copied().collect::<Vec<_>>().join("+"),
            Self::Nothing => "nothing".into(),
            Self::Told => "told".into(),
            Self::Refused => "refused".into(),
        }
    }
}

/// Runs a function for each item on all processors.
fn each<T: Sync, R: Send + Clone>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(vec![None; items.len()]));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((index, item)) = Some(next.fetch_add(1, Ordering::Relaxed))
                    .and_then(|index| Some((index, items.get(index)?)))
                {
                    let result = work(item);
                    done.lock().unwrap()[index] = Some(result);
                }
            });
        }
    });
    done.into_inner().unwrap().into_iter().map(Option::unwrap).collect()
}

#[test]
fn the_list_of_fields_is_that_of_the_types() {
    let listed: BTreeSet<_> = listed().into_iter().map(|field| (field.kind, field.path)).collect();
    let known = of_types();
    // The layer does not know the fields of sections that it passes on unchanged.
    let inside = |(kind, path): &(String, String)| {
        known.iter().any(|((of, section), shape)| {
            of == kind && *shape == Shape::Other && path.starts_with(&format!("{section}."))
        })
    };
    let unknown: Vec<_> =
        listed.iter().filter(|field| !known.contains_key(*field) && !inside(field)).collect();
    let forgotten: Vec<_> = known.keys().filter(|field| !listed.contains(*field)).collect();
    assert!(
        unknown.is_empty() && forgotten.is_empty(),
        "fields of kops that no type has: {unknown:?}\nfields that are not in fields.txt: {forgotten:?}"
    );
}

#[test]
fn every_field_has_its_effect_or_a_reason() {
    let listed = listed();
    let ground = Ground::on(Cloud::Aws);
    if std::env::var_os("LANDFORM_WRITE_FIELDS").is_some() {
        return write(&listed, &ground);
    }
    let found = each(&listed, |field| ground.effect(&field.kind, &field.path, &field.value));
    let mut wrong = Vec::new();
    for (field, (effect, why)) in listed.iter().zip(found) {
        let Field { kind, path, value, .. } = field;
        if effect != field.effect {
            wrong.push(format!(
                "{kind} {path}: {value}: was {}, is {} {why}",
                field.effect.word(),
                effect.word()
            ));
        }
        if matches!(field.effect, Effect::Nothing | Effect::Refused) && field.why.is_empty() {
            wrong.push(format!("{kind} {path}: no effect and no reason"));
        }
    }
    assert!(wrong.is_empty(), "{} fields without a known effect:\n{}", wrong.len(), wrong.join("\n"));
}

/// The fields that the spec for Google already has with the value of the list, or whose value is the default there.
const AS_BEFORE_ON_GOOGLE: [&str; 6] = [
    "spec.api.loadBalancer.type",
    "spec.containerd.gvisor.enabled",
    "spec.iam.allowContainerRegistry",
    "spec.maxSize",
    "spec.minSize",
    "spec.snapshotController.enabled",
];

/// Fields that only Google has, and values with an effect.
const ONLY_ON_GOOGLE: [(&str, &str, &str); 9] = [
    ("Cluster", "spec.project", r#""other-project""#),
    ("Cluster", "spec.cloudConfig.gceServiceAccount", r#""default""#),
    ("Cluster", "spec.cloudConfig.gceUseStartupScript", "true"),
    ("Cluster", "spec.cloudConfig.gcpPDCSIDriver.enabled", "false"),
    ("Cluster", "spec.cloudConfig.gcpPDCSIDriver.version", r#""v1.0.0""#),
    ("Cluster", "spec.cloudConfig.gcpPDCSIDriver.defaultStorageClassName", r#""balanced-storage""#),
    ("InstanceGroup", "spec.zones", r#"["us-central1-a"]"#),
    ("InstanceGroup", "spec.gcpProvisioningModel", r#""SPOT""#),
    ("InstanceGroup", "spec.guestAccelerators", r#"[{"acceleratorCount": 1, "acceleratorType": "x"}]"#),
];

#[test]
fn fields_of_google_have_an_effect_there() {
    let ground = Ground::on(Cloud::Gce);
    for (kind, path, value) in ONLY_ON_GOOGLE {
        let (effect, why) = ground.effect(kind, path, &serde_json::from_str(value).unwrap());
        assert!(matches!(effect, Effect::Changes(_)), "{kind} {path}: {} {why}", effect.word());
    }
}

/// The fields that change resources on AWS change something on Google, too, or are told, or are refused.
#[test]
fn no_field_is_silent_on_google() {
    let changes_resources =
        |field: &Field| matches!(&field.effect, Effect::Changes(parts) if parts.contains("resources"));
    let listed: Vec<Field> = listed().into_iter().filter(changes_resources).collect();
    let ground = Ground::on(Cloud::Gce);
    let found = each(&listed, |field| ground.effect(&field.kind, &field.path, &field.value).0);
    let mut silent = Vec::new();
    for (Field { kind, path, value, .. }, effect) in listed.iter().zip(found) {
        if effect == Effect::Nothing && !AS_BEFORE_ON_GOOGLE.contains(&path.as_str()) {
            silent.push(format!("{kind} {path}: {value}"));
        }
    }
    assert!(
        silent.is_empty(),
        "{} of {} fields are silent:\n{}",
        silent.len(),
        listed.len(),
        silent.join("\n")
    );
}

/// Writes the file.
fn write(listed: &[Field], ground: &Ground) {
    let shapes: Vec<_> = of_types().into_iter().collect();
    let found = each(&shapes, |((kind, path), shape)| {
        let known = listed.iter().find(|field| field.kind == *kind && field.path == *path);
        // Tries the known value first, because a search takes long.
        if let Some(field) = known.filter(|field| {
            matches!(field.effect, Effect::Changes(_) | Effect::Told)
                || !field.why.is_empty() && !field.why.contains("elsewhere")
        }) {
            let (effect, why) = ground.effect(kind, path, &field.value);
            if effect == field.effect && (effect != Effect::Nothing || !field.why.is_empty()) {
                let why = if field.why.is_empty() { why } else { field.why.clone() };
                return Field { why, ..field.clone() };
            }
        }
        let (effect, value, why) = ground.search(kind, path, *shape);
        Field { kind: kind.clone(), path: path.clone(), effect, value, why }
    });
    let mut text = String::from(
        "# What each field of kops's API changes: KIND PATH EFFECT VALUE REASON. See fields.rs.\n",
    );
    for Field { kind, path, effect, value, why } in found {
        let line = format!("{kind} {path} {} {value} {why}", effect.word());
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    std::fs::write(file(), text).unwrap();
}
