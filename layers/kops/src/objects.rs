//! Short constructors of Kubernetes objects, for the manifests of add-ons and static pods.

use k8s_openapi::api::core::v1::{
    Affinity, ConfigMapKeySelector, ConfigMapVolumeSource, ContainerPort, EmptyDirVolumeSource, EnvVar,
    EnvVarSource, HTTPGetAction, HostPathVolumeSource, NodeAffinity, NodeSelector, NodeSelectorRequirement,
    NodeSelectorTerm, ObjectFieldSelector, PodAffinityTerm, PodAntiAffinity, PreferredSchedulingTerm, Probe,
    ResourceRequirements, SELinuxOptions, SeccompProfile, SecretKeySelector, SecretVolumeSource, ServicePort,
    Toleration, TopologySpreadConstraint, Volume, VolumeMount, WeightedPodAffinityTerm,
};
use k8s_openapi::api::rbac::v1::{PolicyRule, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// The namespace of most add-ons.
pub(crate) const SYSTEM: &str = "kube-system";
/// The label of the control plane's nodes.
pub(crate) const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";
/// The former label of the control plane's nodes.
pub(crate) const MASTER: &str = "node-role.kubernetes.io/master";

/// The field of a workload that says on which nodes it runs.
pub(crate) const NODE_SELECTOR: &str = "/spec/template/spec/nodeSelector";
/// The command of a workload's first container.
pub(crate) const COMMAND: &str = "/spec/template/spec/containers/0/command";

/// Metadata under construction.
pub(crate) struct Meta(ObjectMeta);

/// The metadata of an object; a pod's template has no name.
pub(crate) fn meta(name: &str) -> Meta {
    Meta(ObjectMeta { name: (!name.is_empty()).then(|| name.into()), ..ObjectMeta::default() })
}

impl Meta {
    pub(crate) fn in_namespace(mut self, namespace: &str) -> Self {
        self.0.namespace = text(namespace);
        self
    }

    /// Adds labels.
    pub(crate) fn labels(mut self, labels: &[(&str, &str)]) -> Self {
        if let Some(labels) = pairs(labels).filter(|labels| !labels.is_empty()) {
            self.0.labels.get_or_insert_default().extend(labels);
        }
        self
    }

    /// Adds annotations.
    pub(crate) fn annotations(self, annotations: &[(&str, &str)]) -> Self {
        self.annotated(&pairs(annotations).unwrap_or_default())
    }

    /// Adds annotations of the spec.
    pub(crate) fn annotated(mut self, annotations: &BTreeMap<String, String>) -> Self {
        if !annotations.is_empty() {
            self.0.annotations.get_or_insert_default().extend(annotations.clone());
        }
        self
    }

    pub(crate) fn done(self) -> ObjectMeta {
        self.0
    }
}

pub(crate) fn text(text: impl Into<String>) -> Option<String> {
    Some(text.into())
}

pub(crate) fn texts(texts: &[&str]) -> Option<Vec<String>> {
    Some(texts.iter().map(|text| text.to_string()).collect())
}

pub(crate) fn pairs(pairs: &[(&str, &str)]) -> Option<BTreeMap<String, String>> {
    Some(pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect())
}

pub(crate) fn selector(labels: &[(&str, &str)]) -> LabelSelector {
    LabelSelector { match_labels: pairs(labels), ..LabelSelector::default() }
}

fn quantities(amounts: &[(&str, &str)]) -> Option<BTreeMap<String, Quantity>> {
    let all = amounts.iter().map(|(name, amount)| (name.to_string(), Quantity(amount.to_string())));
    (!amounts.is_empty()).then(|| all.collect())
}

/// The resource limits and requests of a container.
pub(crate) fn resources(limits: &[(&str, &str)], requests: &[(&str, &str)]) -> Option<ResourceRequirements> {
    Some(ResourceRequirements {
        limits: quantities(limits),
        requests: quantities(requests),
        ..ResourceRequirements::default()
    })
}

pub(crate) fn env(name: &str, value: impl Into<String>) -> EnvVar {
    EnvVar { name: name.into(), value: Some(value.into()), value_from: None }
}

/// A variable with a field of the pod.
pub(crate) fn env_field(name: &str, path: &str) -> EnvVar {
    let field = ObjectFieldSelector { field_path: path.into(), api_version: None };
    let source = EnvVarSource { field_ref: Some(field), ..EnvVarSource::default() };
    EnvVar { name: name.into(), value: None, value_from: Some(source) }
}

/// A variable with a secret's value, if there is such a secret.
pub(crate) fn env_secret(name: &str, secret: &str, key: &str) -> EnvVar {
    let selector = SecretKeySelector { key: key.into(), name: secret.into(), optional: Some(true) };
    let source = EnvVarSource { secret_key_ref: Some(selector), ..EnvVarSource::default() };
    EnvVar { name: name.into(), value: None, value_from: Some(source) }
}

/// A port of a container. An empty protocol is TCP.
pub(crate) fn port(name: &str, number: i32, protocol: &str) -> ContainerPort {
    ContainerPort {
        name: text(name),
        container_port: number,
        protocol: (!protocol.is_empty()).then(|| protocol.into()),
        ..ContainerPort::default()
    }
}

pub(crate) fn mount(name: &str, path: &str) -> VolumeMount {
    VolumeMount { name: name.into(), mount_path: path.into(), ..VolumeMount::default() }
}

pub(crate) fn mount_read_only(name: &str, path: &str) -> VolumeMount {
    VolumeMount { read_only: Some(true), ..mount(name, path) }
}

/// A volume with a path of the node. The path must be of a kind such as `Directory`. `DirectoryOrCreate` creates it. An
/// empty kind is not checked.
pub(crate) fn host_path(name: &str, path: &str, kind: &str) -> Volume {
    let host_path = HostPathVolumeSource { path: path.into(), type_: text(kind) };
    Volume { name: name.into(), host_path: Some(host_path), ..Volume::default() }
}

/// A volume with a path of the node, without a kind.
pub(crate) fn host_path_of_any_kind(name: &str, path: &str) -> Volume {
    let host_path = HostPathVolumeSource { path: path.into(), type_: None };
    Volume { name: name.into(), host_path: Some(host_path), ..Volume::default() }
}

pub(crate) fn empty_dir(name: &str) -> Volume {
    Volume { name: name.into(), empty_dir: Some(EmptyDirVolumeSource::default()), ..Volume::default() }
}

pub(crate) fn config_map(name: &str, map: &str) -> Volume {
    let source = ConfigMapVolumeSource { name: map.into(), ..ConfigMapVolumeSource::default() };
    Volume { name: name.into(), config_map: Some(source), ..Volume::default() }
}

pub(crate) fn secret(name: &str, secret: &str) -> Volume {
    let source = SecretVolumeSource { secret_name: text(secret), ..SecretVolumeSource::default() };
    Volume { name: name.into(), secret: Some(source), ..Volume::default() }
}

/// A rule that allows verbs on resources of API groups.
pub(crate) fn rule(groups: &[&str], resources: &[&str], verbs: &[&str]) -> PolicyRule {
    PolicyRule {
        api_groups: texts(groups),
        resources: texts(resources),
        verbs: verbs.iter().map(|verb| verb.to_string()).collect(),
        ..PolicyRule::default()
    }
}

/// The same, for resources with some names only.
pub(crate) fn named_rule(groups: &[&str], resources: &[&str], names: &[&str], verbs: &[&str]) -> PolicyRule {
    PolicyRule { resource_names: texts(names), ..rule(groups, resources, verbs) }
}

pub(crate) fn role_ref(kind: &str, name: &str) -> RoleRef {
    RoleRef { api_group: text("rbac.authorization.k8s.io"), kind: kind.into(), name: name.into() }
}

/// A service account as the subject of a role binding.
pub(crate) fn account(namespace: &str, name: &str) -> Subject {
    Subject { kind: "ServiceAccount".into(), name: name.into(), namespace: text(namespace), api_group: None }
}

/// A user as the subject of a role binding.
pub(crate) fn user(name: &str) -> Subject {
    Subject {
        kind: "User".into(),
        name: name.into(),
        api_group: text("rbac.authorization.k8s.io"),
        namespace: None,
    }
}

/// Lets a pod run on nodes with a taint with this key. An empty effect means any effect.
pub(crate) fn tolerate(key: &str, effect: &str) -> Toleration {
    Toleration {
        key: text(key),
        operator: text("Exists"),
        effect: (!effect.is_empty()).then(|| effect.into()),
        ..Toleration::default()
    }
}

/// Lets a pod run on all nodes.
pub(crate) fn tolerate_all() -> Toleration {
    Toleration { operator: text("Exists"), ..Toleration::default() }
}

pub(crate) fn wants(key: &str, operator: &str, values: &[&str]) -> NodeSelectorRequirement {
    NodeSelectorRequirement {
        key: key.into(),
        operator: operator.into(),
        values: texts(values).filter(|values| !values.is_empty()),
    }
}

/// Keeps a pod to nodes that match all requirements of one of these terms.
pub(crate) fn only_on(terms: impl IntoIterator<Item = Vec<NodeSelectorRequirement>>) -> Option<Affinity> {
    let term = |wanted| NodeSelectorTerm { match_expressions: Some(wanted), ..NodeSelectorTerm::default() };
    let nodes = NodeSelector { node_selector_terms: terms.into_iter().map(term).collect() };
    let affinity = NodeAffinity {
        required_during_scheduling_ignored_during_execution: Some(nodes),
        ..NodeAffinity::default()
    };
    Some(Affinity { node_affinity: Some(affinity), ..Affinity::default() })
}

/// Keeps a pod to the control plane.
pub(crate) fn only_on_control_plane() -> Option<Affinity> {
    only_on([CONTROL_PLANE, MASTER].map(|label| vec![wants(label, "Exists", &[])]))
}

/// A probe over HTTP.
pub(crate) fn asks(path: &str, port: impl Into<Port>) -> Probe {
    let action = HTTPGetAction { path: text(path), port: port.into().0, ..HTTPGetAction::default() };
    Probe { http_get: Some(action), ..Probe::default() }
}

/// A probe over HTTP of a container in the host's network.
pub(crate) fn asks_node(path: &str, port: impl Into<Port>) -> Probe {
    let mut probe = asks(path, port);
    if let Some(action) = &mut probe.http_get {
        action.host = text("127.0.0.1");
    }
    probe
}

/// A port by its number or its name.
pub(crate) struct Port(IntOrString);

impl From<i32> for Port {
    fn from(number: i32) -> Self {
        Self(IntOrString::Int(number))
    }
}

impl From<&str> for Port {
    fn from(name: &str) -> Self {
        Self(IntOrString::String(name.into()))
    }
}

/// The SELinux options of unconfined containers.
pub(crate) fn unconfined() -> SELinuxOptions {
    SELinuxOptions { type_: text("spc_t"), level: text("s0"), ..SELinuxOptions::default() }
}

/// A value of the spec as its type in Kubernetes.
pub(crate) fn typed<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

/// The given text, or the other one if it is empty.
pub(crate) fn or<'a>(given: &'a str, otherwise: &'a str) -> &'a str {
    if given.is_empty() { otherwise } else { given }
}

/// The amount of a resource in the spec, or the usual amount.
pub(crate) fn amount(given: &Option<crate::spec::values::Quantity>, usual: &str) -> String {
    given.as_ref().map_or_else(|| usual.to_owned(), ToString::to_string)
}

/// Resource limits and requests. Absent amounts are left out.
type Amounts<'a> = [(&'a str, &'a Option<crate::spec::values::Quantity>)];

/// The resource limits and requests of a container from the spec.
pub(crate) fn amounts(limits: &Amounts, requests: &Amounts) -> Option<ResourceRequirements> {
    let given = |amounts: &Amounts| {
        let all = amounts.iter().filter_map(|(name, amount)| Some((*name, amount.as_ref()?)));
        all.map(|(name, amount)| (name.to_owned(), Quantity(amount.to_string()))).collect::<BTreeMap<_, _>>()
    };
    let (limits, requests) = (given(limits), given(requests));
    Some(ResourceRequirements {
        limits: (!limits.is_empty()).then_some(limits),
        requests: (!requests.is_empty()).then_some(requests),
        ..ResourceRequirements::default()
    })
}

/// A variable with a setting of a config map, if there is such a map.
pub(crate) fn env_setting(name: &str, map: &str, key: &str) -> EnvVar {
    let selector = ConfigMapKeySelector { key: key.into(), name: map.into(), optional: Some(true) };
    let source = EnvVarSource { config_map_key_ref: Some(selector), ..EnvVarSource::default() };
    EnvVar { name: name.into(), value: None, value_from: Some(source) }
}

/// A port of a service.
pub(crate) fn service_port(name: &str, number: i32, protocol: &str) -> ServicePort {
    ServicePort {
        name: text(name),
        port: number,
        protocol: (!protocol.is_empty()).then(|| protocol.into()),
        ..ServicePort::default()
    }
}

/// Nodes that a pod prefers.
pub(crate) fn preferred(weight: i32, wanted: Vec<NodeSelectorRequirement>) -> PreferredSchedulingTerm {
    let preference = NodeSelectorTerm { match_expressions: Some(wanted), ..NodeSelectorTerm::default() };
    PreferredSchedulingTerm { preference, weight }
}

/// Prefers to separate pods that have one of these values of a label.
pub(crate) fn apart(weight: i32, topology: &str, label: &str, values: &[&str]) -> Option<PodAntiAffinity> {
    let those = LabelSelectorRequirement { key: label.into(), operator: "In".into(), values: texts(values) };
    let term = PodAffinityTerm {
        label_selector: Some(LabelSelector {
            match_expressions: Some(vec![those]),
            ..LabelSelector::default()
        }),
        topology_key: topology.into(),
        ..PodAffinityTerm::default()
    };
    Some(PodAntiAffinity {
        preferred_during_scheduling_ignored_during_execution: Some(vec![WeightedPodAffinityTerm {
            pod_affinity_term: term,
            weight,
        }]),
        ..PodAntiAffinity::default()
    })
}

/// Sets the scheme of a probe, `HTTP` or `HTTPS`.
pub(crate) fn by_scheme(scheme: &str, mut probe: Probe) -> Probe {
    if let Some(action) = &mut probe.http_get {
        action.scheme = text(scheme);
    }
    probe
}

/// The security context with the container runtime's default seccomp profile.
pub(crate) fn default_seccomp() -> Option<SeccompProfile> {
    Some(SeccompProfile { type_: "RuntimeDefault".into(), ..SeccompProfile::default() })
}

/// Spreads pods over nodes, and over zones if possible.
pub(crate) fn spread(labels: &[(&str, &str)]) -> Option<Vec<TopologySpreadConstraint>> {
    let over = |key: &str, otherwise: &str| TopologySpreadConstraint {
        label_selector: Some(selector(labels)),
        max_skew: 1,
        topology_key: key.into(),
        when_unsatisfiable: otherwise.into(),
        ..TopologySpreadConstraint::default()
    };
    Some(vec![
        over("topology.kubernetes.io/zone", "ScheduleAnyway"),
        over("kubernetes.io/hostname", "DoNotSchedule"),
    ])
}
