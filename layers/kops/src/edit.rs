//! Changes to a spec by the path of a field, as `--set cluster.spec.nodePortAccess=10.20.30.0/24` and `--unset`.
//!
//! Follows kops `pkg/commands/set_cluster.go`. Paths are those of the file. A changed spec is read again, so this
//! refuses what the reader of files refuses.

use crate::problem::{Kind, Problem, Problems};
use crate::source::Place;
use crate::spec::{Document, Spec};
use serde_json::{Map, Value};

/// The document that is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// The cluster.
    Cluster,
    /// The group of this name.
    Group(&'a str),
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(String),
    Item(usize),
}

impl Spec {
    /// Changes fields. Each change is a path and a value, as `spec.subnets[0].zone=us-east-2a`. It may begin with
    /// `cluster.` or `instancegroup.`. Commas separate the texts of a list.
    ///
    /// # Errors
    /// A change is not a path and a value, or the field does not exist or does not accept the value. The spec is
    /// unchanged.
    pub fn set(&mut self, part: Part, changes: &[String]) -> Result<(), Problems> {
        for change in changes {
            let flag = format!("--set {change}");
            let (path, value) = change.split_once('=').ok_or_else(|| {
                wrong(&flag, Kind::Invalid, "expected a path and a value, such as spec.channel=stable")
            })?;
            let steps = steps(path).ok_or_else(|| no_path(&flag, path))?;
            self.change(part, &flag, |document| {
                let readings = readings(value);
                readings.into_iter().map(|value| put(document, &steps, Some(value))).collect()
            })?;
        }
        Ok(())
    }

    /// Removes fields by their paths.
    ///
    /// # Errors
    /// A text is not a path, or the spec is invalid without the field. The spec is unchanged.
    pub fn unset(&mut self, part: Part, paths: &[String]) -> Result<(), Problems> {
        for path in paths {
            let flag = format!("--unset {path}");
            let steps = steps(path).ok_or_else(|| no_path(&flag, path))?;
            self.change(part, &flag, |document| vec![put(document, &steps, None)])?;
        }
        Ok(())
    }

    /// Replaces a document with the first of several candidates that can be read.
    fn change(
        &mut self,
        part: Part,
        flag: &str,
        changed: impl FnOnce(&Value) -> Vec<Option<Value>>,
    ) -> Result<(), Problems> {
        let documents = self.to_json();
        let named = |document: &Value| match part {
            Part::Cluster => document["kind"] == "Cluster",
            Part::Group(name) => document["kind"] == "InstanceGroup" && document["metadata"]["name"] == name,
        };
        let Some(index) = documents.iter().position(named) else {
            return Err(wrong(flag, Kind::NotFound, "the cluster has no instance group with this name"));
        };
        let mut first: Option<Problems> = None;
        for candidate in changed(&documents[index]) {
            let Some(candidate) = candidate else {
                let detail = "expected the index of an existing item, or of the next one";
                return Err(wrong(flag, Kind::Invalid, detail));
            };
            let mut documents = documents.clone();
            documents[index] = candidate;
            let texts: Vec<String> = documents.iter().map(crate::yaml::document).collect();
            match Spec::parse_without_rules(texts.iter().map(|text| (flag, text.as_str()))) {
                Ok(spec) => {
                    self.take(spec, index);
                    return Ok(());
                }
                // A problem of a value of the right type says more than a wrong type.
                Err(problems) => match &first {
                    Some(known) if has_another_type(&problems) || !has_another_type(known) => {}
                    _ => first = Some(problems),
                },
            }
        }
        let problems = first.map(|problems| problems.as_slice().to_vec()).unwrap_or_default();
        // The position in a generated text would not help the user.
        let problems =
            problems.into_iter().map(|problem| Problem { at: None, document: flag.into(), ..problem });
        Problems::check(problems.collect())
    }
}

impl Spec {
    /// Takes over a spec in which the document with this index was changed. The other documents keep their positions.
    /// The changed one has no position.
    fn take(&mut self, changed: Spec, index: usize) {
        let keep =
            |place: &Place, number: usize| if number == index { Place::default() } else { place.clone() };
        self.cluster = Document { place: keep(&self.cluster.place, 0), ..changed.cluster };
        let places: Vec<Place> = self.groups.iter().map(|group| group.place.clone()).collect();
        self.groups = changed.groups;
        for ((number, group), place) in (1..).zip(&mut self.groups).zip(&places) {
            group.place = keep(place, number);
        }
    }
}

/// The possible meanings of a text, the most likely first: a text, another scalar, a list of texts.
fn readings(text: &str) -> Vec<Value> {
    let mut readings = vec![Value::from(text)];
    if let Ok(scalar @ (Value::Bool(_) | Value::Number(_))) = serde_json::from_str(text) {
        readings.push(scalar);
    }
    readings.push(text.split(',').map(str::trim).collect());
    readings
}

fn steps(path: &str) -> Option<Vec<Step>> {
    let path = path.trim();
    let path =
        ["cluster.", "instancegroup."].into_iter().find_map(|part| path.strip_prefix(part)).unwrap_or(path);
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (name, items) = part.split_at(part.find('[').unwrap_or(part.len()));
        if name.is_empty() {
            return None;
        }
        steps.push(Step::Field(name.to_owned()));
        let mut items = items;
        while !items.is_empty() {
            let (item, rest) = items.strip_prefix('[')?.split_once(']')?;
            steps.push(Step::Item(item.parse().ok()?));
            items = rest;
        }
    }
    let known = matches!(steps.first(), Some(Step::Field(first)) if first == "spec" || first == "metadata");
    (known && steps.len() > 1).then_some(steps)
}

/// A document with a value at a path, or without the path. `None` if an item is beyond the end of its list.
fn put(document: &Value, steps: &[Step], value: Option<Value>) -> Option<Value> {
    let mut document = document.clone();
    let mut at = &mut document;
    let (last, before) = steps.split_last()?;
    for (step, next) in before.iter().zip(&steps[1..]) {
        let empty = || match next {
            Step::Field(_) => Value::Object(Map::new()),
            Step::Item(_) => Value::Array(Vec::new()),
        };
        let inner = child(at, step)?;
        if inner.is_null() {
            *inner = empty();
        }
        at = inner;
    }
    match (value, last, &mut *at) {
        (Some(value), last, at) => *child(at, last)? = value,
        (None, Step::Field(name), Value::Object(fields)) => drop(fields.remove(name)),
        (None, Step::Item(index), Value::Array(items)) if *index < items.len() => drop(items.remove(*index)),
        (None, ..) => return None,
    }
    Some(document)
}

/// The value at a step. Adds a null if there is none.
fn child<'a>(value: &'a mut Value, step: &Step) -> Option<&'a mut Value> {
    match (step, value) {
        (Step::Field(name), Value::Object(fields)) => Some(fields.entry(name.clone()).or_insert(Value::Null)),
        (Step::Item(index), Value::Array(items)) => {
            if *index == items.len() {
                items.push(Value::Null);
            }
            items.get_mut(*index)
        }
        _ => None,
    }
}

/// Whether a value is refused because the field has values of another type.
fn has_another_type(problems: &Problems) -> bool {
    problems.as_slice().iter().any(|problem| problem.kind == Kind::WrongType)
}

fn wrong(flag: &str, kind: Kind, detail: &str) -> Problems {
    Problem { kind, document: flag.into(), path: String::new(), detail: detail.into(), at: None }.into()
}

fn no_path(flag: &str, path: &str) -> Problems {
    wrong(
        flag,
        Kind::Invalid,
        &format!("{path:?}: expected the path of a field, such as spec.subnets[0].zone"),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::spec::values::text;

    fn spec() -> Spec {
        let text = "{apiVersion: kops.k8s.io/v1alpha2, kind: Cluster, metadata: {name: a.example.com}, spec: {}}\n---\n\
                    {apiVersion: kops.k8s.io/v1alpha2, kind: InstanceGroup, metadata: {name: nodes}, spec: {role: Node}}";
        Spec::parse("a.yaml", text).unwrap()
    }

    fn set(change: &str) -> Result<Spec, String> {
        let mut spec = spec();
        match spec.set(Part::Cluster, &[change.to_owned()]) {
            Ok(()) => Ok(spec),
            Err(problems) => Err(problems.to_string()),
        }
    }

    #[test]
    fn values_take_the_type_of_their_field() {
        let cluster = |change: &str| set(change).unwrap().cluster.spec;
        assert_eq!(cluster("cluster.spec.nodePortAccess=1.2.3.4/32,10.20.30.0/24").node_port_access.len(), 2);
        assert_eq!(
            cluster("spec.addons[0].manifest=https://example.com/a").addons[0].manifest,
            "https://example.com/a"
        );
        assert!(
            cluster("spec.networking.calico.bpfEnabled=true").networking.unwrap().calico.unwrap().bpf_enabled
        );
        assert_eq!(text(&cluster("spec.kubernetesVersion=1.34").kubernetes_version), "1.34");
        assert_eq!(cluster("spec.karpenter.featureGates=A=true").karpenter.unwrap().feature_gates, "A=true");
        assert_eq!(cluster("spec.cloudLabels.team=a").cloud_labels["team"], "a");
        let mut spec = spec();
        spec.set(Part::Group("nodes"), &["spec.minSize=3".into(), "spec.maxSize=30".into()]).unwrap();
        assert_eq!((spec.groups[0].spec.min_size, spec.groups[0].spec.max_size), (Some(3), Some(30)));
        spec.unset(Part::Group("nodes"), &["spec.minSize".into()]).unwrap();
        assert_eq!(spec.groups[0].spec.min_size, None);
    }

    #[test]
    fn what_cannot_be_set_is_told() {
        for (change, expected) in [
            ("spec.channel", "expected a path and a value"),
            ("channel=stable", "expected the path of a field"),
            ("spec.chanel=stable", "did you mean \"channel\"?"),
            ("spec.subnets[3].zone=a", "expected the index of an existing item"),
            ("spec.sshAccess[0=a", "expected the path of a field"),
            ("spec.sshAccess=10.0.0.1", "did you mean 10.0.0.1/32?"),
            ("spec.networkCIDR=10.0.0.1/8", "did you mean 10.0.0.0/8?"),
            ("spec.metricsServer.enabled=perhaps", "spec.metricsServer.enabled: \"perhaps\": expected"),
        ] {
            let told = set(change).unwrap_err();
            assert!(told.contains(expected) && told.contains(&format!("--set {change}")), "{change}: {told}");
        }
        let mut spec = spec();
        assert!(spec.set(Part::Group("other"), &["spec.minSize=3".into()]).is_err());
    }
}
