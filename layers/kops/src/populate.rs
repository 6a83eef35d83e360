//! From what a spec says to what it means: defaults, and answers from the world. Makes no resources.
//!
//! Follows kops `upup/pkg/fi/cloudup` (`defaults.go`, `populate_cluster_spec.go`,
//! `populate_instancegroup_spec.go`), as far as resources depend on it.

mod addons;
mod complete;
mod components;
mod groups;
mod issuer;
mod plugins;

use crate::cidr::{self, needs_range};
use crate::files::{self, Files};
use crate::keys::Keyset;
use crate::lookup::{Account, HostedZone, Image, Lookup, MachineType};
use crate::problem::{Kind, Problem, Problems};
use crate::spec::{
    ClusterSpec, DnsType, ExternalDns, GroupSpec, LoadBalancer, LoadBalancerClass, LoadBalancerType, Manager,
    PresentOnly, Role, Spec, Subnet, SubnetType, WarmPool,
};
use crate::validate::{Report, validate};
use crate::version::Version;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
pub(crate) use components::{NVIDIA_DRIVER, NVIDIA_PLUGIN};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// A spec with all its defaults, and what the world said.
#[derive(Debug, Clone, PartialEq)]
pub struct Populated {
    /// The spec. Ranges and zones of its subnets are set.
    pub spec: Spec,
    /// The account.
    pub account: Account,
    /// The region.
    pub region: String,
    /// The hosted zone of the cluster's names, unless it uses no DNS.
    pub zone: Option<HostedZone>,
    /// The IPv6 range of the network that the spec names, if it has one.
    pub network_ipv6_cidr: Option<Ipv6Net>,
    /// The allocations of the public addresses that the spec names.
    pub allocations: BTreeMap<String, String>,
    /// The version of Kubernetes.
    pub version: Version,
    /// The version of kops whose binaries and images are used.
    pub release: String,
    /// The files that machines load while they boot.
    pub files: Files,
    /// The sets of keys, by name.
    pub keysets: BTreeMap<String, Keyset>,
    /// The manifests that the caller has of other projects' add-ons.
    pub(crate) manifests: crate::addons::Manifests,
    /// The digest of how secrets are encrypted at rest, if they are.
    pub encryption_digest: Option<String>,
    /// The addresses of the API's load balancer, as far as it is there already, sorted: names and IP addresses.
    pub api_addresses: Vec<String>,
    /// Whether a version of Kubernetes that is newer than the release of kops may run.
    pub allows_newer: bool,
    /// The IAM roles of the instance profiles that groups name, by the profile's ARN.
    pub profile_roles: BTreeMap<String, Vec<String>>,
    /// Whether the bucket of the issuer's documents is read by their own access lists.
    pub issuer_bucket_needs_acl: bool,
    /// The groups, in the order of the spec.
    pub groups: Vec<Group>,
    /// The load balancer in front of the API, if there is one.
    pub balancer: Option<Balancer>,
    /// The queue of the node termination handler, if it works by a queue.
    pub termination_queue: Option<TerminationQueue>,
}

/// A group of machines with all its defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What its machines do.
    pub role: Role,
    /// Its specification. Sizes, subnets, type of machine and the kubelet's flags are set.
    pub spec: GroupSpec,
    /// The labels of its Kubernetes nodes.
    pub labels: BTreeMap<String, String>,
    /// Its image.
    pub image: Image,
    /// Its type of machine.
    pub machine: MachineType,
}

impl Group {
    /// Whether the cloud adds and removes its machines.
    pub fn is_cloud_managed(&self) -> bool {
        self.spec.managed_by() == Manager::CloudGroup
    }
}

/// The load balancer in front of the API, with all its defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Balancer {
    /// Its specification.
    pub spec: LoadBalancer,
    /// Its kind.
    pub class: LoadBalancerClass,
    /// Whether it is reached from the network only.
    pub internal: bool,
    /// Whether it balances across zones.
    pub cross_zone: bool,
}

/// How the node termination handler hears of machines that go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminationQueue {
    /// The tag of the groups it manages; empty for none.
    pub tag: String,
    /// Whether it hears of spot machines that are likely to go.
    pub rebalance: bool,
}

impl Populated {
    /// The cluster's specification.
    pub fn cluster(&self) -> &ClusterSpec {
        &self.spec.cluster.spec
    }

    /// Whether machines reach the control plane by the load balancer's addresses rather than by DNS.
    pub fn without_dns(&self) -> bool {
        self.cluster().dns_type() == DnsType::None
    }

    /// The addresses at which nodes reach the control plane if they do not use DNS: those of the API's load balancer
    /// that are in the cluster's network (kops `selectControlPlaneIPs`). Empty until the load balancer is there.
    pub fn control_plane_addresses(&self) -> Vec<String> {
        if !self.without_dns() || self.balancer.is_none() {
            return Vec::new();
        }
        let cluster = self.cluster();
        let ranges = cluster.additional_network_cidrs.iter().chain([&cluster.network_cidr]);
        let ranges: Vec<IpNet> = ranges.filter_map(|range| range.parse().ok()).collect();
        let is_reached = |address: &&String| match address.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => {
                !cluster.is_ipv6_only() && ranges.iter().any(|range| range.contains(&IpAddr::V4(address)))
            }
            Ok(IpAddr::V6(_)) => true,
            // A name cannot stand in a machine's list of hosts.
            Err(_) => false,
        };
        self.api_addresses.iter().filter(is_reached).cloned().collect()
    }

    /// Whether service accounts have IAM roles of their own.
    pub fn service_account_roles(&self) -> bool {
        self.cluster().iam.as_ref().and_then(|iam| iam.use_service_account_external_permissions) == Some(true)
    }

    /// The URL of who vouches for the identity of service accounts.
    pub fn issuer(&self) -> &str {
        let flags = self.cluster().kube_api_server.as_ref();
        flags.and_then(|flags| flags.service_account_issuer.as_deref()).unwrap_or_default()
    }

    /// Whether there is a bastion.
    pub fn has_bastion(&self) -> bool {
        self.groups.iter().any(|group| group.role == Role::Bastion)
    }

    /// The machines kept ready beside a group: its own setting, completed by the cluster's. The cluster's setting is for
    /// nodes and API servers.
    pub fn warm_pool(&self, group: &Group) -> Option<WarmPool> {
        let of_cluster =
            self.cluster().warm_pool.as_ref().filter(|_| matches!(group.role, Role::Node | Role::ApiServer));
        let pool = match (&group.spec.warm_pool, of_cluster) {
            (None, of_cluster) => of_cluster?.clone(),
            (Some(own), None) => own.clone(),
            (Some(own), Some(of_cluster)) => WarmPool {
                max_size: own.max_size.or(of_cluster.max_size),
                min_size: if own.min_size == 0 { of_cluster.min_size } else { own.min_size },
                enable_lifecycle_hook: own.enable_lifecycle_hook || of_cluster.enable_lifecycle_hook,
                ..own.clone()
            },
        };
        (pool.max_size != Some(0)).then_some(pool)
    }

    /// Whether Karpenter makes the cluster's nodes.
    pub fn has_karpenter(&self) -> bool {
        self.cluster().has_karpenter()
    }

    /// Whether volumes can be copied by snapshots.
    pub fn has_snapshot_controller(&self) -> bool {
        self.cluster().snapshot_controller.as_ref().and_then(|controller| controller.enabled) == Some(true)
    }

    /// Whether containers run under SELinux.
    pub fn uses_selinux(&self) -> bool {
        self.cluster().containerd.as_ref().is_some_and(|containerd| containerd.selinux_enabled)
    }

    /// How many pods a controller has: two where the control plane has several groups of machines.
    pub fn controller_replicas(&self) -> i32 {
        let control_plane = self.groups.iter().filter(|group| group.role == Role::ControlPlane);
        if control_plane.count() > 1 { 2 } else { 1 }
    }

    /// Whether there are groups of API servers.
    pub fn has_api_servers(&self) -> bool {
        self.groups.iter().any(|group| group.role == Role::ApiServer)
    }

    /// Whether Cilium has an etcd cluster of its own.
    pub fn has_cilium_etcd(&self) -> bool {
        let cilium = self.cluster().networking.as_ref().and_then(|networking| networking.cilium.as_ref());
        cilium.is_some_and(|cilium| cilium.etcd_managed)
    }
}

/// Where a cluster's network comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkSource {
    /// It is made, or looked up by the spec's `networkID`.
    Spec,
    /// It is given by reference; the spec's `networkID` is not looked up.
    Given {
        /// Its range, if that is known.
        cidr: Option<Ipv4Net>,
        /// The names of subnets that are given too, and need no range from the spec.
        subnets: BTreeSet<String>,
    },
}

/// Applies the defaults to a spec for AWS.
///
/// # Errors
/// The spec is not [valid](validate), is for another cloud, or names what the world does not have.
pub fn populate(spec: &Spec, source: &NetworkSource, lookup: &impl Lookup) -> Result<Populated, Problems> {
    validate(spec)?;
    let mut problems = Vec::new();
    if spec.cluster.spec.cloud_provider != "aws" {
        let mut report = Report::of_cluster(spec, &mut problems);
        report.forbidden("spec.cloudProvider", "expected aws: the layer makes resources of AWS only");
        return Err(problems.remove(0).into());
    }
    let mut populated = spec.clone();
    let cluster = &mut populated.cluster.spec;
    let mut report = Report::of_cluster(spec, &mut problems);
    complete::api_defaults(cluster);
    complete::fill(&mut cluster.channel, "stable");
    if cluster.config_base.is_empty() {
        match lookup.state_store() {
            Some(store) => cluster.config_base = format!("{}/{}", store.trim_end_matches('/'), spec.name()),
            None => report.required(
                "spec.configBase",
                "expected where the cluster's files are kept, such as s3://bucket/k8s.example.com, or a state store",
            ),
        }
    }
    if cluster.kubernetes_version.is_empty() {
        match lookup.recommended_version(&cluster.channel) {
            Some(version) => cluster.kubernetes_version = version,
            None => {
                report.required("spec.kubernetesVersion", "expected a version; the channel recommends none")
            }
        }
    }
    let network_ipv6_cidr = populate_network(cluster, source, lookup, &mut report);
    complete::ranges(cluster, &mut report);
    let region = find_region(cluster, lookup, &mut report);
    let allocations = find_allocations(cluster, lookup, &mut report);
    let zone = find_zone(spec, cluster, lookup, &mut report);
    complete::proxy(cluster, spec.name());
    complete::stores(cluster);
    let balancer = choose_balancer(spec, cluster, &mut report);
    let version = Version::parse(&cluster.kubernetes_version);
    let Some(version) = version.filter(|_| !report.has_problems()) else {
        return Err(Problems::check(problems).err().unwrap_or_else(|| {
            let mut problems = Vec::new();
            let detail = format!(
                "{:?}: expected a version, such as 1.34.0",
                populated.cluster.spec.kubernetes_version
            );
            Report::of_cluster(spec, &mut problems).invalid("spec.kubernetesVersion", detail);
            problems.remove(0).into()
        }));
    };
    check_release(&version, lookup, &mut report);
    cluster.kubernetes_version = version.to_string();
    let context = complete::Context {
        name: spec.name(),
        version: &version,
        assets: cluster.assets.clone().unwrap_or_default(),
    };
    complete::complete(cluster, &context, &mut report);
    check_stores(cluster, &mut report);
    check_etcd(cluster, &mut report);
    let api_addresses = balancer.as_ref().map(|_| lookup.balancer_addresses(&format!("api.{}", spec.name())));
    let issuer_bucket_needs_acl = issuer::complete(cluster, spec.name(), lookup, &mut report);
    let termination_queue = termination_queue(cluster);
    let files = files::find(cluster, &version, lookup, &mut report);
    let keysets = find_keysets(cluster, lookup, &mut report);
    let manifests = crate::addons::find_manifests(cluster, lookup, &mut report);
    let encryption_digest = find_encryption(cluster, lookup, &mut report);
    let profile_roles = find_profile_roles(spec, lookup, &mut problems);
    let groups =
        spec.groups.iter().filter_map(|group| groups::populate(&populated, group, lookup, &mut problems));
    let groups = groups.collect();
    Problems::check(problems)?;
    // What is right by itself may be wrong with the defaults.
    validate(&populated)?;
    Ok(Populated {
        account: lookup.account(),
        region,
        zone,
        network_ipv6_cidr,
        allocations,
        version,
        release: lookup.release(),
        files,
        keysets,
        manifests,
        encryption_digest,
        api_addresses: api_addresses.unwrap_or_default(),
        allows_newer: lookup.allows_newer(),
        profile_roles,
        issuer_bucket_needs_acl,
        groups,
        balancer,
        termination_queue,
        spec: populated,
    })
}

/// Refuses a version of Kubernetes that the release of kops was not made for: its machines run what that release
/// brings.
fn check_release(version: &Version, lookup: &impl Lookup, report: &mut Report) {
    let release = lookup.release();
    let Some(newest) = Version::parse(&release).map(|release| release.minor()) else { return };
    if version.minor() > newest && !lookup.allows_newer() {
        let detail = format!(
            "{version}: newer than release {release} of kops supports; expected at most {}.{}",
            newest.0, newest.1
        );
        report.forbidden("spec.kubernetesVersion", detail);
    }
}

/// Refuses stores that the layer does not write to.
fn check_stores(cluster: &ClusterSpec, report: &mut Report) {
    let mut places = vec![("spec.configBase".to_owned(), cluster.config_base.as_str())];
    for (path, store) in [("spec.keyStore", &cluster.key_store), ("spec.secretStore", &cluster.secret_store)]
    {
        places.push((path.into(), store));
    }
    for (index, etcd) in cluster.etcd_clusters.iter().enumerate() {
        let backups = etcd.backups.as_ref().map_or("", |backups| backups.backup_store.as_str());
        places.push((format!("spec.etcdClusters[{index}].backups.backupStore"), backups));
    }
    if let Some(discovery) = &cluster.service_account_issuer_discovery
        && !discovery.discovery_store.is_empty()
    {
        places.push(("spec.serviceAccountIssuerDiscovery.discoveryStore".into(), &discovery.discovery_store));
    }
    for (index, (path, url)) in places.iter().enumerate() {
        // What is below the configuration's place is as wrong as that is, and told with it.
        let is_below = index > 0 && !cluster.config_base.is_empty() && url.starts_with(&cluster.config_base);
        if !is_below && crate::store::Location::parse(url).is_none() {
            let detail =
                format!("{url:?}: expected a bucket of S3 and a path, such as s3://bucket/k8s.example.com");
            report.invalid(path.as_str(), detail);
        }
    }
}

/// Refuses what etcd-manager cannot do.
fn check_etcd(cluster: &ClusterSpec, report: &mut Report) {
    for (index, etcd) in cluster.etcd_clusters.iter().enumerate() {
        let path = format!("spec.etcdClusters[{index}]");
        if etcd.image.is_empty() && !crate::store::has_etcd(&etcd.version) {
            let detail = format!(
                "{:?}: etcd-manager does not have this version of etcd; leave it out, or say which image has it",
                etcd.version
            );
            report.add(Kind::NotSupported, format!("{path}.version"), detail);
        }
        for (field, given) in [
            ("leaderElectionTimeout", etcd.leader_election_timeout.is_some()),
            ("heartbeatInterval", etcd.heartbeat_interval.is_some()),
        ] {
            if given {
                report.forbidden(format!("{path}.{field}"), "etcd-manager does not take it");
            }
        }
    }
}

fn populate_network(
    cluster: &mut ClusterSpec,
    source: &NetworkSource,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Option<Ipv6Net> {
    let looked_up = (*source == NetworkSource::Spec && cluster.shares_network())
        .then(|| lookup.network(&cluster.network_id));
    if looked_up == Some(None) {
        report.add(Kind::NotFound, "spec.networkID", format!("there is no network {}", cluster.network_id));
    }
    let network = looked_up.flatten();
    if cluster.network_cidr.is_empty() {
        match (source, &network) {
            (NetworkSource::Given { cidr: Some(given), .. }, _) => {
                cluster.network_cidr = given.trunc().to_string();
            }
            (NetworkSource::Given { cidr: None, .. }, _) => {
                let detail = "expected the range of the network that the cluster is given";
                report.required("spec.networkCIDR", detail);
            }
            (NetworkSource::Spec, Some(network)) => cluster.network_cidr = network.cidr.to_string(),
            (NetworkSource::Spec, None) => cluster.network_cidr = "172.20.0.0/16".into(),
        }
        let by_plugin = cluster.networking.as_ref().is_some_and(|networking| networking.amazonvpc.is_some());
        if by_plugin && !cluster.is_ipv6_only() {
            cluster.non_masquerade_cidr.clone_from(&cluster.network_cidr);
        }
    }
    if cluster.non_masquerade_cidr.is_empty() {
        cluster.non_masquerade_cidr = "100.64.0.0/10".into();
    }
    for (index, subnet) in cluster.subnets.iter_mut().enumerate() {
        let Some(network) = network.as_ref().filter(|_| subnet.is_shared()) else { continue };
        let path = format!("spec.subnets[{index}]");
        let Some(known) = network.subnets.iter().find(|known| known.id == subnet.id) else {
            let detail = format!("the network {} has no subnet {}", cluster.network_id, subnet.id);
            report.add(Kind::NotFound, format!("{path}.id"), detail);
            continue;
        };
        let range = known.cidr.map(|range| range.to_string()).unwrap_or_default();
        for (field, value, known) in
            [("cidr", &mut subnet.cidr, &range), ("zone", &mut subnet.zone, &known.zone)]
        {
            if value.is_empty() {
                value.clone_from(known);
            } else if value != known {
                report.invalid(
                    format!("{path}.{field}"),
                    format!("{value:?}: the existing subnet has {known:?}"),
                );
            }
        }
    }
    assign_ranges(cluster, source, report);
    network.and_then(|network| network.ipv6_cidr)
}

/// Gives ranges to the subnets that need one.
fn assign_ranges(cluster: &mut ClusterSpec, source: &NetworkSource, report: &mut Report) {
    let given = |subnet: &Subnet| match source {
        NetworkSource::Spec => false,
        NetworkSource::Given { subnets, .. } => subnets.contains(&subnet.name),
    };
    // A subnet that is given has a range of its own, which only matters if it is known.
    let mut subnets = cluster.subnets.clone();
    subnets.retain(|subnet| !(given(subnet) && needs_range(subnet)));
    if !subnets.iter().any(needs_range) || cluster.network_cidr.is_empty() {
        return;
    }
    // Validation has read the range; what is left is a range of IPv6.
    let Ok(IpNet::V4(network)) = cluster.network_cidr.parse() else {
        return report
            .invalid("spec.networkCIDR", format!("{:?}: expected an IPv4 range", cluster.network_cidr));
    };
    if let Err(error) = cidr::assign(network, &mut subnets) {
        return report.forbidden("spec.subnets", error.to_string());
    }
    let mut assigned = subnets.into_iter().peekable();
    for subnet in &mut cluster.subnets {
        if let Some(assigned) = assigned.next_if(|assigned| assigned.name == subnet.name) {
            *subnet = assigned;
        }
    }
}

/// The region of the subnets' zones.
fn find_region(cluster: &ClusterSpec, lookup: &impl Lookup, report: &mut Report) -> String {
    let mut region = String::new();
    for (index, subnet) in cluster.subnets.iter().enumerate().filter(|(_, subnet)| !subnet.zone.is_empty()) {
        let path = format!("spec.subnets[{index}].zone");
        if !lookup.has_zone(&subnet.zone) {
            report.add(Kind::NotFound, path, format!("there is no zone {:?}", subnet.zone));
            continue;
        }
        let here = subnet.zone.trim_end_matches(|last: char| last.is_ascii_lowercase());
        if region.is_empty() {
            region = here.into();
        } else if region != here {
            report.forbidden(
                path,
                format!("{here}: a cluster cannot span regions; the other subnets are in {region}"),
            );
        }
    }
    region
}

/// The allocations of the public addresses that subnets name for their NAT gateways.
fn find_allocations(
    cluster: &ClusterSpec,
    lookup: &impl Lookup,
    report: &mut Report,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (index, subnet) in
        cluster.subnets.iter().enumerate().filter(|(_, subnet)| !subnet.public_ip.is_empty())
    {
        match lookup.allocation(&subnet.public_ip) {
            Some(allocation) => {
                found.insert(subnet.public_ip.clone(), allocation);
            }
            None => {
                let path = format!("spec.subnets[{index}].publicIP");
                report.add(Kind::NotFound, path, format!("there is no address {:?}", subnet.public_ip));
            }
        }
    }
    found
}

/// How the API is reached: as the spec says, or by the kinds of subnets that serve it. Gives the load balancer.
fn choose_balancer(spec: &Spec, cluster: &mut ClusterSpec, report: &mut Report) -> Option<Balancer> {
    let without_dns = cluster.dns_type() == DnsType::None;
    let kinds = api_subnets(spec);
    let chosen = cluster.api.as_ref().is_none_or(|api| api.dns.is_none() && api.load_balancer.is_none());
    let api = cluster.api.get_or_insert_default();
    if chosen && kinds.contains(&SubnetType::Private) {
        api.load_balancer = Some(LoadBalancer::default());
    } else if chosen && kinds.contains(&SubnetType::Public) {
        api.dns = Some(PresentOnly {});
    }
    let balancer = api.load_balancer.as_mut()?;
    balancer.r#type.get_or_insert(LoadBalancerType::Public);
    let Some(class) = balancer.class else {
        let detail = "expected Network. Without a class kops means Classic, which it no longer makes; to keep an \
                      existing classic load balancer write Classic";
        let path = if chosen { "spec.api.loadBalancer" } else { "spec.api.loadBalancer.class" };
        report.required(path, detail);
        return None;
    };
    Some(Balancer {
        class,
        internal: balancer.r#type == Some(LoadBalancerType::Internal),
        cross_zone: without_dns || balancer.cross_zone_load_balancing == Some(true),
        spec: balancer.clone(),
    })
}

/// The kinds of the subnets that serve the API: those of API servers, or else of the control plane.
fn api_subnets(spec: &Spec) -> Vec<SubnetType> {
    let of_role = |role| spec.groups.iter().filter(move |group| group.spec.role == Some(role));
    let serving =
        if of_role(Role::ApiServer).next().is_some() { Role::ApiServer } else { Role::ControlPlane };
    let subnets = of_role(serving).flat_map(|group| &group.spec.subnets).filter_map(|name| spec.subnet(name));
    subnets.map(Subnet::kind).collect()
}

/// The hosted zone that the spec names, or the one nearest above the cluster's name.
fn find_zone(
    spec: &Spec,
    cluster: &mut ClusterSpec,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Option<HostedZone> {
    let private = match cluster.dns_type() {
        DnsType::None => return None,
        DnsType::Private => true,
        DnsType::Public => false,
    };
    if cluster.master_public_name.is_empty() {
        cluster.master_public_name = format!("api.{}", spec.name());
    }
    let kind = if private { "private" } else { "public" };
    let of_kind = |name: &str| {
        let mut zones = lookup.hosted_zones(name);
        zones.retain(|zone| zone.private == private);
        zones
    };
    let (path, zones) = if cluster.dns_zone.is_empty() {
        let parents = std::iter::successors(Some(spec.name()), |name| Some(name.split_once('.')?.1));
        ("", parents.map(of_kind).find(|zones| !zones.is_empty()).unwrap_or_default())
    } else {
        ("spec.dnsZone", of_kind(&cluster.dns_zone))
    };
    complete::fill(
        &mut cluster.external_dns.get_or_insert_with(ExternalDns::default).provider,
        "dns-controller",
    );
    match zones.as_slice() {
        [zone] => {
            complete::fill(&mut cluster.dns_zone, zone.id.trim_start_matches("/hostedzone/"));
            Some(HostedZone { id: zone.id.trim_start_matches("/hostedzone/").into(), ..zone.clone() })
        }
        [] => {
            let wanted = if path.is_empty() { spec.name() } else { &cluster.dns_zone };
            let detail =
                format!("no {kind} hosted zone for {wanted}: make one, or use topology.dns.type None");
            report.add(Kind::NotFound, "spec.dnsZone", detail);
            None
        }
        several => {
            let ids: Vec<_> = several.iter().map(|zone| zone.id.as_str()).collect();
            let detail = format!(
                "several {kind} hosted zones are named {}: expected an id, one of {}",
                several[0].name,
                ids.join(", ")
            );
            report.invalid("spec.dnsZone", detail);
            None
        }
    }
}

/// The sets of keys that the cluster needs.
fn find_keysets(
    cluster: &ClusterSpec,
    lookup: &impl Lookup,
    report: &mut Report,
) -> BTreeMap<String, Keyset> {
    let mut found = BTreeMap::new();
    for name in crate::store::keyset_names(cluster) {
        match lookup.keyset(&name) {
            Some(keyset) => drop(found.insert(name, keyset)),
            None => {
                report.add(
                    Kind::NotFound,
                    "spec.keyStore",
                    format!("there is no set of keys {name}: create it"),
                );
            }
        }
    }
    found
}

/// The digest of the secret that says how secrets are encrypted at rest.
fn find_encryption(cluster: &ClusterSpec, lookup: &impl Lookup, report: &mut Report) -> Option<String> {
    if cluster.encryption_config != Some(true) {
        return None;
    }
    let digest = lookup.secret_digest("encryptionconfig");
    if digest.is_none() {
        let detail =
            "there is no secret encryptionconfig, which says how secrets are encrypted at rest: create it";
        report.add(Kind::NotFound, "spec.encryptionConfig", detail);
    }
    digest.map(|digest| URL_SAFE.encode(digest))
}

/// The roles of the instance profiles that groups name.
fn find_profile_roles(
    spec: &Spec,
    lookup: &impl Lookup,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for group in &spec.groups {
        let Some(arn) = group.spec.iam.as_ref().and_then(|iam| iam.profile.as_ref()) else { continue };
        let name = arn.rsplit('/').next().unwrap_or(arn);
        match lookup.profile_roles(name) {
            Some(roles) => drop(found.insert(arn.clone(), roles)),
            None => {
                let detail = format!("there is no instance profile {name}");
                Report::of_group(group, problems).add(Kind::NotFound, "spec.iam.profile", detail);
            }
        }
    }
    found
}

/// How the node termination handler hears of machines that go: by a queue, unless the spec says otherwise or
/// Karpenter does its work.
fn termination_queue(cluster: &ClusterSpec) -> Option<TerminationQueue> {
    let handler =
        cluster.node_termination_handler.as_ref().filter(|handler| handler.enabled == Some(true))?;
    let tag = handler.managed_asg_tag.clone();
    (handler.enable_sqs_termination_draining != Some(false)).then(|| TerminationQueue {
        tag: tag.unwrap_or_default(),
        rebalance: handler.enable_rebalance_draining == Some(true),
    })
}
