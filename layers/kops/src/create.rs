//! `kops create cluster`: makes a spec from a few options. A pure function: it asks [`Lookup`], and writes nothing.
//!
//! Follows kops `upup/pkg/fi/cloudup/new_cluster.go` and `cmd/kops/create_cluster.go`.

mod etcd;
mod groups;
mod labels;
mod network;
mod options;

pub use options::{ApiBalancer, CloudProvider, Dns, InstanceManager, Mode, NewCluster, Plugin, Topology};

use crate::edit::Part;
use crate::lookup::Lookup;
use crate::populate::{NetworkSource, populate};
use crate::problem::{Kind, Problem, Problems, not_supported};
use crate::source::Place;
use crate::spec::values::{AccessSource, NotationError, Store, Written};
use crate::spec::{
    Api, Authorization, CloudConfig, ClusterSpec, DnsType, Document, Iam, IssuerDiscovery, KubeApiServer,
    KubeControllerManager, KubeProxy, KubeScheduler, Kubelet, LoadBalancer, LoadBalancerClass,
    LoadBalancerType, Metadata, PresentOnly, Spec, Tenancy,
};
use crate::validate::{Report, validate};
use crate::version::Version;
use landform_core::Cidr;
use std::collections::BTreeMap;
use std::str::FromStr;

/// The spec of a new cluster. Its groups are in the order of their names.
///
/// # Errors
/// An option is missing or wrong, or the spec that follows from the options is not valid.
pub fn new_cluster(options: &NewCluster, lookup: &impl Lookup) -> Result<Spec, Problems> {
    let mut problems = Vec::new();
    let spec = build(options, lookup, &mut Options { problems: &mut problems });
    Problems::check(problems)?;
    let Some(mut spec) = spec else { return Err(required("--name", "expected the cluster's name").into()) };
    spec.unset(Part::Cluster, &options.unsets)?;
    spec.set(Part::Cluster, &options.sets)?;
    follow(&mut spec.cluster.spec);
    assign(&mut spec, options, lookup)?;
    match options.cloud_provider {
        Some(CloudProvider::Gce) => validate(&spec)?,
        _ => drop(populate(&spec, &NetworkSource::Spec, lookup)?),
    }
    Ok(spec)
}

/// Collects the problems of options.
struct Options<'a> {
    problems: &'a mut Vec<Problem>,
}

impl Options<'_> {
    fn wrong(&mut self, kind: Kind, flag: &str, detail: impl Into<String>) {
        self.problems.push(problem(kind, flag, detail));
    }

    /// Reads the tenancy of machines. An empty text is no value.
    fn tenancy(&mut self, flag: &str, text: &str) -> Option<Tenancy> {
        let tenancy = Tenancy::from_word(text);
        if tenancy.is_none() && !text.is_empty() {
            self.wrong(Kind::NotSupported, flag, not_supported(text, Tenancy::WORDS));
        }
        tenancy
    }

    /// Reads the text of a flag. An empty text is no value.
    fn read<T: FromStr<Err = NotationError>>(&mut self, flag: &str, text: &str) -> Option<T> {
        if text.is_empty() {
            return None;
        }
        text.parse().map_err(|error: NotationError| self.wrong(Kind::Invalid, flag, error.to_string())).ok()
    }

    /// Reads the texts of a flag that is a list.
    fn read_all<T: FromStr<Err = NotationError>>(&mut self, flag: &str, texts: &[String]) -> Vec<T> {
        texts.iter().filter_map(|text| self.read(flag, text)).collect()
    }
}

fn problem(kind: Kind, flag: &str, detail: impl Into<String>) -> Problem {
    Problem { kind, document: String::new(), path: flag.into(), detail: detail.into(), at: None }
}

fn required(flag: &str, detail: &str) -> Problem {
    problem(Kind::Required, flag, detail)
}

/// The spec without the ranges that are assigned last. `None` if an essential option is missing.
fn build(options: &NewCluster, lookup: &impl Lookup, told: &mut Options) -> Option<Spec> {
    if options.cluster_name.is_empty() {
        told.wrong(Kind::Required, "--name", "expected the cluster's name, such as k8s.example.com");
    }
    if options.zones.is_empty() {
        told.wrong(Kind::Required, "--zones", "expected at least one zone, such as us-east-2a");
    }
    let Some(cloud) = options.cloud_provider else {
        told.wrong(Kind::Required, "--cloud", "expected aws or gce");
        return None;
    };
    let channel = if options.channel.is_empty() { "stable" } else { &options.channel };
    let version = version(options, channel, lookup, told);
    let mut cluster = ClusterSpec {
        channel: channel.into(),
        cloud_provider: Some(cloud.into()),
        config_base: config_base(options, lookup, told),
        kubernetes_version: version.clone(),
        iam: Some(Iam { allow_container_registry: true, ..Iam::default() }),
        kubelet: Some(Kubelet { anonymous_auth: Some(false), ..Kubelet::default() }),
        authorization: Some(match options.authorization {
            Mode::AlwaysAllow => {
                Authorization { always_allow: Some(PresentOnly {}), ..Authorization::default() }
            }
            Mode::Rbac => Authorization { rbac: Some(PresentOnly {}), ..Authorization::default() },
        }),
        dns_zone: options.dns_zone.clone(),
        master_public_name: options.api_public_name.clone(),
        ..ClusterSpec::default()
    };
    feature_gates(options, &mut cluster, told);
    let everyone = || [Cidr::every_ipv4(), Cidr::every_ipv6()].map(|all| AccessSource::Range(all.into()));
    let or =
        |given: Vec<AccessSource>, other: Vec<AccessSource>| if given.is_empty() { other } else { given };
    cluster.kubernetes_api_access =
        or(told.read_all("--admin-access", &options.admin_access), everyone().into());
    cluster.ssh_access =
        or(told.read_all("--ssh-access", &options.ssh_access), cluster.kubernetes_api_access.clone());
    if cloud == CloudProvider::Gce {
        cluster.project.clone_from(&options.project);
        cluster.cloud_config = Some(CloudConfig {
            gce_service_account: options.gce_service_account.clone(),
            ..CloudConfig::default()
        });
        if options.project.is_empty() {
            told.wrong(Kind::Required, "--project", "expected the project in Google Cloud");
        }
    }
    if let Some(store) = told.read::<Written<Store>>("--discovery-store", &options.discovery_store) {
        cluster.service_account_issuer_discovery = Some(IssuerDiscovery {
            discovery_store: Some(store.join(&options.cluster_name).into()),
            enable_aws_oidc_provider: cloud == CloudProvider::Aws,
            ..IssuerDiscovery::default()
        });
        if let Some(iam) = cluster.iam.as_mut().filter(|_| cloud == CloudProvider::Aws) {
            iam.use_service_account_external_permissions = Some(true);
        }
    }
    match labels::read(&options.cloud_labels) {
        Ok(labels) => cluster.cloud_labels = labels,
        Err(detail) => told.wrong(Kind::Invalid, "--cloud-labels", detail),
    }
    if options.disable_subnet_tags {
        cluster.disable_subnet_tags = Some(true);
    }
    let subnets = network::subnets(options, cloud, &mut cluster, lookup, told);
    network::plugin(options.networking, &mut cluster);
    let topology = network::topology(options, cloud, &mut cluster, lookup, told);
    api(options, cloud, topology, &mut cluster, told);
    let made = groups::Made { options, cloud, topology, subnets: &subnets, lookup };
    let groups = made.all(&mut cluster, version.as_deref(), told);
    etcd::clusters(options, cloud, &groups, &mut cluster);
    let metadata = Metadata { name: options.cluster_name.clone(), ..Metadata::default() };
    let mut groups: Vec<_> = groups
        .into_iter()
        .map(|(name, mut spec)| {
            spec.node_labels.insert("kops.k8s.io/instancegroup".into(), name.clone());
            let labels = [("kops.k8s.io/cluster".to_owned(), options.cluster_name.clone())].into();
            let metadata = Metadata { name, labels, ..Metadata::default() };
            Document { metadata, spec, place: Place::default() }
        })
        .collect();
    groups.sort_by(|one, other| one.metadata.name.cmp(&other.metadata.name));
    Some(Spec {
        cluster: Document { metadata, spec: cluster, place: Place::default() },
        groups,
        ssh_keys: Vec::new(),
        additional: Vec::new(),
    })
}

/// The version of Kubernetes.
fn version(
    options: &NewCluster,
    channel: &str,
    lookup: &impl Lookup,
    told: &mut Options,
) -> Option<Written<Version>> {
    let flag = "--kubernetes-version";
    if !options.kubernetes_version.is_empty() {
        return told.read(flag, &options.kubernetes_version);
    }
    let recommended = lookup.recommended_version(channel);
    if recommended.is_none() {
        let detail = format!("expected a version: the channel {channel} recommends none");
        told.wrong(Kind::Required, flag, detail);
    }
    recommended.map(Written::from)
}

fn config_base(options: &NewCluster, lookup: &impl Lookup, told: &mut Options) -> Option<Written<Store>> {
    let flag = "--config-base";
    if !options.config_base.is_empty() {
        return told.read(flag, &options.config_base);
    }
    match lookup.state_store() {
        Some(store) => {
            let store: Written<Store> = told.read("--state", &store)?;
            Some(store.join(&options.cluster_name).into())
        }
        None => {
            told.wrong(Kind::Required, flag, "expected where the cluster's files are kept, or a state store");
            None
        }
    }
}

fn feature_gates(options: &NewCluster, cluster: &mut ClusterSpec, told: &mut Options) {
    let mut gates = BTreeMap::new();
    for given in &options.kubernetes_feature_gates {
        let given = given.trim();
        let (name, enabled) = match given.strip_prefix('-') {
            Some(name) => (name, false),
            None => (given.strip_prefix('+').unwrap_or(given), true),
        };
        match name.trim() {
            "" => {
                let detail =
                    format!("{given:?}: expected the name of a feature gate after an optional + or -");
                told.wrong(Kind::Invalid, "--kubernetes-feature-gates", detail);
            }
            name => drop(gates.insert(name.to_owned(), enabled.to_string())),
        }
    }
    if gates.is_empty() {
        return;
    }
    cluster.kubelet.get_or_insert_default().feature_gates.clone_from(&gates);
    cluster.kube_api_server = Some(KubeApiServer { feature_gates: gates.clone(), ..Default::default() });
    cluster.kube_controller_manager =
        Some(KubeControllerManager { feature_gates: gates.clone(), ..Default::default() });
    cluster.kube_proxy = Some(KubeProxy { feature_gates: gates.clone(), ..Default::default() });
    cluster.kube_scheduler = Some(KubeScheduler { feature_gates: gates, ..Default::default() });
}

/// How the API is reached.
fn api(
    options: &NewCluster,
    cloud: CloudProvider,
    topology: Topology,
    cluster: &mut ClusterSpec,
    told: &mut Options,
) {
    let asked = options.api_load_balancer_type.is_some() || !options.api_ssl_certificate.is_empty();
    if !asked && topology == Topology::Public && cluster.dns_type() != DnsType::None {
        cluster.api = Some(Api { dns: Some(PresentOnly {}), load_balancer: None });
        return;
    }
    let balancer = LoadBalancer {
        class: (cloud == CloudProvider::Aws).then_some(LoadBalancerClass::Network),
        r#type: Some(match options.api_load_balancer_type {
            Some(ApiBalancer::Internal) => LoadBalancerType::Internal,
            _ => LoadBalancerType::Public,
        }),
        ssl_certificate: told.read("--api-ssl-certificate", &options.api_ssl_certificate),
        ..LoadBalancer::default()
    };
    cluster.api = Some(Api { dns: None, load_balancer: Some(balancer) });
}

/// Sets what depends on the user's changes: Calico's own data plane replaces kube-proxy.
fn follow(cluster: &mut ClusterSpec) {
    let calico = cluster.networking.as_ref().and_then(|networking| networking.calico.as_ref());
    if calico.is_some_and(|calico| calico.bpf_enabled) {
        cluster.kube_proxy.get_or_insert_default().enabled.get_or_insert(false);
    }
}

/// Sets what must not change later: ranges and names.
fn assign(spec: &mut Spec, options: &NewCluster, lookup: &impl Lookup) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let mut cluster = spec.cluster.spec.clone();
    let mut report = Report::of_cluster(spec, &mut problems);
    match options.cloud_provider {
        Some(CloudProvider::Gce) => network::assign_on_gce(&mut cluster, &mut report),
        _ => drop(crate::populate::network(&mut cluster, &NetworkSource::Spec, lookup, &mut report)),
    }
    if cluster.master_public_name.is_empty() && cluster.dns_type() == DnsType::Public {
        cluster.master_public_name = format!("api.{}", spec.name());
    }
    Problems::check(problems)?;
    spec.cluster.spec = cluster;
    Ok(())
}
