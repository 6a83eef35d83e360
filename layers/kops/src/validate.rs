//! Checks the rules of a spec, without asking a cloud. Finds all problems at once. Changes nothing.
//!
//! The rules follow kops `pkg/apis/kops/validation`, with the field paths of the file's API version. Three are
//! different: class `Classic` is allowed for the API's load balancer, subnets must not overlap each other, and a group
//! must belong to the file's cluster.

mod access;
mod addons;
mod aws_only;
mod cluster;
mod components;
mod etcd;
mod gce;
mod groups;
mod machines;
mod network;
mod plugins;
mod subnets;

use crate::problem::{Kind, Problem, Problems};
use crate::source::Place;
use crate::spec::{Cloud, Document, GroupSpec, Spec};

/// Checks a spec.
///
/// # Errors
/// All problems, in the order of the file.
pub fn validate(spec: &Spec) -> Result<(), Problems> {
    let mut problems = Vec::new();
    cluster::check(spec, &mut Report::of_cluster(spec, &mut problems));
    groups::check(spec, &mut problems);
    if spec.cluster.spec.is_on(Cloud::Gce) {
        gce::check(spec, &mut Report::of_cluster(spec, &mut problems));
        for group in &spec.groups {
            gce::check_group(spec, group, &mut problems);
        }
    }
    let line = |problem: &Problem| problem.at.as_ref().map(|at| (at.line, at.column));
    problems.sort_by_key(line);
    Problems::check(problems)
}

/// Collects the problems of one document.
pub(crate) struct Report<'a> {
    problems: &'a mut Vec<Problem>,
    place: &'a Place,
    document: String,
}

impl<'a> Report<'a> {
    /// Collects the problems of the `Cluster` document.
    pub(crate) fn of_cluster(spec: &'a Spec, problems: &'a mut Vec<Problem>) -> Self {
        Self { problems, place: &spec.cluster.place, document: format!("Cluster {}", spec.name()) }
    }

    /// Collects the problems of an `InstanceGroup` document.
    pub(crate) fn of_group(group: &'a Document<GroupSpec>, problems: &'a mut Vec<Problem>) -> Self {
        Self { problems, place: &group.place, document: format!("InstanceGroup {}", group.metadata.name) }
    }

    pub(crate) fn add(&mut self, kind: Kind, path: impl Into<String>, detail: impl Into<String>) {
        let path = path.into();
        let at = self.place.of(&path);
        self.problems.push(Problem {
            kind,
            document: self.document.clone(),
            path,
            detail: detail.into(),
            at,
        });
    }

    /// Whether there are problems so far.
    pub(crate) fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    pub(crate) fn required(&mut self, path: impl Into<String>, detail: impl Into<String>) {
        self.add(Kind::Required, path, detail);
    }

    pub(crate) fn invalid(&mut self, path: impl Into<String>, detail: impl Into<String>) {
        self.add(Kind::Invalid, path, detail);
    }

    pub(crate) fn forbidden(&mut self, path: impl Into<String>, detail: impl Into<String>) {
        self.add(Kind::Forbidden, path, detail);
    }
}

/// Whether a text is a DNS name in lower case (RFC 1123).
fn is_dns_name(name: &str) -> bool {
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// The label of groups that `toolbox instance-selector` made. kops writes it to the spec.
const SELECTED: &str = "kops.k8s.io/instance-selector";

/// Refuses labels that kops sets itself.
fn check_labels<'l>(report: &mut Report, path: &str, labels: impl IntoIterator<Item = &'l String>) {
    for label in labels.into_iter().filter(|label| *label != SELECTED) {
        let reserved = ["kubernetes.io/cluster/", "k8s.io/role/", "kops.k8s.io/"];
        if ["Name", "KubernetesCluster"].contains(&label.as_str())
            || reserved.iter().any(|r| label.starts_with(r))
        {
            report.forbidden(format!("{path}.{label}"), "kops sets this tag on every resource: remove it");
        }
    }
}
